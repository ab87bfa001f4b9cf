import { useState } from 'react';
import { Button } from 'react-aria-components';
import { useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { formatDate } from '../../format/nombres';
import { Defaut } from '../cadre/Defaut';
import { confirmerRattachement, detacher } from '../api/ecrire';
import { lireRefus } from '../api/refus';
import { rattachementsQuery } from '../api/requetes';
import type { Fiche, Objet, Rattachement } from '../api/types';
import { peutChanger } from './verrou';
import { Rattacher, PARCELLES } from './Rattacher';

interface Props {
  objet: Objet;
  fiche: Fiche;
}

/** What the row is attached to, and since when: a parcel keeps its link when the plan changes. */
export function Rattachements({ objet, fiche }: Props) {
  const { t } = useLingui();
  const { data, error, refetch } = useQuery(rattachementsQuery(objet.module, objet.objet, fiche.id));
  const [refus, setRefus] = useState('');
  const change = peutChanger(objet, fiche);

  const faire = async (acte: () => Promise<unknown>): Promise<boolean> => {
    setRefus('');
    let fait = true;
    try {
      await acte();
    } catch (cause) {
      fait = false;
      setRefus(lireRefus(cause).detail || t`Le serveur ne répond pas : rien n’a changé.`);
    }
    await refetch();
    return fait;
  };
  const periode = ({ valide_du: du, valide_au: au }: Rattachement): string => (au === null ? t`depuis le ${formatDate(du)}` : t`du ${formatDate(du)} au ${formatDate(au)}`);
  const etats: Record<Rattachement['etat'], string> = { sur: '', a_confirmer: t`à confirmer : le plan a changé`, perdu: t`disparu du plan` };
  const nomRole = (role: string): string => role.replace(/_/g, ' ');

  if (error) return <Defaut erreur={error} onReprendre={() => void refetch()} />;
  if (!data) return <p className="discret" role="status">{t`Chargement…`}</p>;
  return (
    <>
      {data.manquants.length > 0 ? <p className="avis-archive">{t`À rattacher encore : ${data.manquants.map(nomRole).join(', ')}.`}</p> : null}
      {data.rattachements.length === 0 ? <p className="discret">{t`Aucun rattachement.`}</p> : null}
      <ul className="joints">
        {data.rattachements.map((r) => (
          <li key={r.id}>
            {r.couche === PARCELLES ? (
              <a className="lien-simple" href={`/parcelle/${encodeURIComponent(r.cle_entite)}`}>
                {r.cle_entite}
              </a>
            ) : (
              <span>{r.cle_entite}</span>
            )}
            <span className="discret">{[nomRole(r.role), periode(r), etats[r.etat]].filter((p) => p !== '').join(', ')}</span>
            {change && r.etat !== 'sur' && r.propose.length > 0
              ? r.propose.map((p) => (
                  <Button key={p.cle} className="bouton" onPress={() => void faire(() => confirmerRattachement(objet.module, objet.objet, fiche.id, r.id, [p.cle]))}>
                    {t`Remplacer par ${p.cle}`}
                  </Button>
                ))
              : null}
            {change && r.valide_au === null ? (
              <Button className="bouton-nu" aria-label={t`Détacher ${r.cle_entite}`} onPress={() => void faire(() => detacher(objet.module, objet.objet, fiche.id, r.id))}>
                <span aria-hidden="true">×</span>
              </Button>
            ) : null}
          </li>
        ))}
      </ul>
      {change ? <Rattacher objet={objet} id={fiche.id} faire={faire} /> : null}
      {refus ? (
        <p className="avis-refus" role="alert">
          {refus}
        </p>
      ) : null}
    </>
  );
}
