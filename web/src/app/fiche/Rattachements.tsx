import { useId, useState } from 'react';
import { Button } from 'react-aria-components';
import { useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { formatDate } from '../../format/nombres';
import { Defaut } from '../cadre/Defaut';
import { detacher, rattacher } from '../api/ecrire';
import { lireRefus } from '../api/refus';
import { rattachementsQuery } from '../api/requetes';
import type { Objet, Rattachement } from '../api/types';
import { aujourdHui } from '../saisie/conditions';

/** Layer a row is attached to when nothing else is said. */
const PARCELLES = 'parcelles';

/** What the row is attached to, and since when: a parcel keeps its link when the plan changes. */
export function Rattachements({ objet, id }: { objet: Objet; id: string }) {
  const { t } = useLingui();
  const champ = useId();
  const { data, error, refetch } = useQuery(rattachementsQuery(objet.module, objet.objet, id));
  const [cle, setCle] = useState('');
  const [refus, setRefus] = useState('');
  const change = objet.actions.includes('changer');

  const faire = async (acte: () => Promise<unknown>): Promise<void> => {
    setRefus('');
    try {
      await acte();
      setCle('');
    } catch (cause) {
      setRefus(lireRefus(cause).detail || t`Le serveur ne répond pas : rien n’a changé.`);
    }
    await refetch();
  };
  const periode = ({ du, au }: Rattachement): string => {
    const debut = du === null ? '' : t`depuis le ${formatDate(du)}`;
    const fin = au === null ? '' : t`jusqu’au ${formatDate(au)}`;
    return [debut, fin].filter((p) => p !== '').join(' ');
  };
  if (error) return <Defaut erreur={error} onReprendre={() => void refetch()} />;
  return (
    <>
      {data?.length === 0 ? <p className="discret">{t`Aucun rattachement.`}</p> : null}
      <ul className="joints">
        {(data ?? []).map((r) => (
          <li key={r.id}>
            {r.couche === PARCELLES ? (
              <a className="lien-simple" href={`/parcelle/${encodeURIComponent(r.cle)}`}>
                {r.libelle ?? r.cle}
              </a>
            ) : (
              <span>{r.libelle ?? r.cle}</span>
            )}
            <span className="discret">{[r.role, periode(r), r.etat].filter((p) => p !== null && p !== '').join(', ')}</span>
            {change ? (
              <Button className="bouton-nu" aria-label={t`Détacher ${r.libelle ?? r.cle}`} onPress={() => void faire(() => detacher(objet.module, objet.objet, id, r.id))}>
                <span aria-hidden="true">×</span>
              </Button>
            ) : null}
          </li>
        ))}
      </ul>
      {change ? (
        <form
          className="rattacher"
          onSubmit={(event) => {
            event.preventDefault();
            const reference = cle.replace(/\s+/g, '').toUpperCase();
            if (reference !== '') void faire(() => rattacher(objet.module, objet.objet, id, { couche: PARCELLES, cle: reference, role: null, du: aujourdHui() }));
          }}
        >
          <div className="champ">
            <label htmlFor={champ}>{t`Rattacher à la parcelle (identifiant de 14 caractères)`}</label>
            <div className="saisie-et-bouton">
              <input id={champ} className="saisie" maxLength={20} autoComplete="off" spellCheck={false} value={cle} onChange={(event) => setCle(event.target.value)} />
              <button type="submit" className="bouton" disabled={cle.trim() === ''}>
                {t`Rattacher`}
              </button>
            </div>
          </div>
        </form>
      ) : null}
      {refus ? (
        <p className="avis-refus" role="alert">
          {refus}
        </p>
      ) : null}
    </>
  );
}
