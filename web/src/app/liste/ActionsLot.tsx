import { useRef, useState } from 'react';
import { Button } from 'react-aria-components';
import { plural } from '@lingui/core/macro';
import { useLingui } from '@lingui/react/macro';
import { useQueryClient } from '@tanstack/react-query';
import { sendJson } from '../../api/client';
import { addTravail } from '../../jobs/mesTravaux';
import type { Travail } from '../../api/types';
import { adresseObjet } from '../api/adresses';
import { archiverFiche, franchirEtape } from '../api/ecrire';
import { lireRefus } from '../api/refus';
import { cleLignes, ficheQuery } from '../api/requetes';
import type { EtapeSchema, Fiche, Objet } from '../api/types';
import { Boite } from '../cadre/Boite';
import { FormulaireEtape } from '../fiche/FormulaireEtape';
import { BilanLot } from './BilanLot';
import { executerLot, type Bilan } from './lot';

type Acte = { genre: 'archiver' } | { genre: 'etape'; etape: EtapeSchema };

/** What is done to all the ticked rows: archive, step, documents; the report names each refusal. */
export function ActionsLot({ objet, selection, onVider }: { objet: Objet; selection: readonly string[]; onVider: () => void }) {
  const { t } = useLingui();
  const client = useQueryClient();
  const [acte, setActe] = useState<Acte | null>(null);
  const [avance, setAvance] = useState<number | null>(null);
  const [bilan, setBilan] = useState<Bilan | null>(null);
  const [avis, setAvis] = useState<{ texte: string; refus: boolean } | null>(null);
  const arret = useRef(false);
  const { module, objet: id, actions } = objet;
  const n = selection.length;
  const compte = plural(n, { one: '# ligne cochée', other: '# lignes cochées' });

  const executer = async (faire: (fiche: Fiche) => Promise<unknown>): Promise<void> => {
    arret.current = false;
    setAvance(0);
    const lire = (fiche: string): Promise<Fiche> => client.query(ficheQuery(module, id, fiche));
    const fait = await executerLot(selection, lire, faire, setAvance, () => arret.current);
    await client.invalidateQueries({ queryKey: cleLignes(module, id) });
    await client.invalidateQueries({ queryKey: ['fiche', module, id] });
    setAvance(null);
    setActe(null);
    setBilan(fait);
  };
  const documents = async (document: string): Promise<void> => {
    setAvis(null);
    try {
      const travail = await sendJson<Travail>('POST', `${adresseObjet(module, id)}/documents/${encodeURIComponent(document)}`, { ids: selection });
      addTravail(travail.id);
      setAvis({ texte: t`Les documents sont en préparation : ils apparaîtront dans « Travaux », en haut de la page.`, refus: false });
    } catch (cause) {
      setAvis({ texte: lireRefus(cause).detail || t`Le serveur ne répond pas : rien n’est demandé.`, refus: true });
    }
  };
  const arreter = (): void => {
    arret.current = true;
    if (avance === null) setActe(null);
  };
  const lots = actions.includes('imprimer') ? objet.documents.filter((d) => d.lot) : [];
  const etapes = actions.includes('transiter') ? (objet.etapes?.etapes ?? []) : [];
  const nomArret = avance === null ? t`Annuler` : t`Arrêter là`;
  const barre = avance === null ? null : <progress className="progression" value={avance} max={n} aria-label={t`Avancement`} />;
  return (
    <div className="lot" role="group" aria-label={t`Actions sur les lignes cochées`}>
      <span className="lot-compte">{compte}</span>
      {actions.includes('archiver') ? (
        <Button className="bouton" onPress={() => setActe({ genre: 'archiver' })}>
          {t`Archiver`}
        </Button>
      ) : null}
      {etapes.map((etape) => (
        <Button key={etape.id} className="bouton" onPress={() => setActe({ genre: 'etape', etape })}>
          {etape.libelle}
        </Button>
      ))}
      {lots.map((d) => (
        <Button key={d.id} className="bouton" onPress={() => void documents(d.id)}>
          {d.libelle}
        </Button>
      ))}
      <Button className="bouton" onPress={onVider}>
        {t`Tout décocher`}
      </Button>
      {avis ? (
        <p className={avis.refus ? 'avis-refus' : 'avis-fait'} role={avis.refus ? 'alert' : 'status'}>
          {avis.texte}
        </p>
      ) : null}
      {acte?.genre === 'archiver' ? (
        <Boite titre={t`Archiver`} question onFermer={arreter}>
          <p>{t`Archiver ${compte} ? Elles quittent les listes et peuvent être rétablies.`}</p>
          {barre}
          <div className="rangee">
            <Button className="bouton bouton-principal" isDisabled={avance !== null} onPress={() => void executer((f) => archiverFiche(module, id, f))}>
              {t`Archiver`}
            </Button>
            <Button className="bouton" onPress={arreter}>
              {nomArret}
            </Button>
          </div>
        </Boite>
      ) : null}
      {acte?.genre === 'etape' ? (
        <Boite titre={acte.etape.libelle} question onFermer={arreter}>
          <FormulaireEtape
            objet={objet}
            etape={acte.etape}
            fiche={null}
            onFermer={arreter}
            nomFermer={nomArret}
            onFranchir={(valeurs) => executer((f) => franchirEtape(module, id, f, acte.etape.id, valeurs))}
          >
            <p>{t`« ${acte.etape.libelle} » sur ${compte} ?`}</p>
            {acte.etape.requis.length > 0 ? <p className="discret">{t`Ce qui est laissé vide garde la valeur de chaque ligne.`}</p> : null}
            {barre}
          </FormulaireEtape>
        </Boite>
      ) : null}
      {bilan ? <BilanLot bilan={bilan} onFermer={() => setBilan(null)} /> : null}
    </div>
  );
}
