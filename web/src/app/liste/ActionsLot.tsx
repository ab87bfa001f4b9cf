import { useRef, useState } from 'react';
import { Button } from 'react-aria-components';
import { plural } from '@lingui/core/macro';
import { useLingui } from '@lingui/react/macro';
import { useQueryClient } from '@tanstack/react-query';
import { archiverFiche, franchirEtape } from '../api/ecrire';
import { cleLignes, ficheQuery } from '../api/requetes';
import type { Demande, DocumentSchema, EtapeSchema, Fiche, Objet } from '../api/types';
import { Boite } from '../cadre/Boite';
import { FormulaireEtape } from '../fiche/FormulaireEtape';
import { ConfirmerDocument } from '../personnel/ConfirmerDocument';
import { BilanLot } from './BilanLot';
import { executerLot, type Bilan } from './lot';
import { SuiviDocuments } from './SuiviDocuments';
import { ToutCocher } from './ToutCocher';
import { usePreparer } from './usePreparer';

type Acte = { genre: 'archiver' } | { genre: 'etape'; etape: EtapeSchema } | { genre: 'document'; document: DocumentSchema };

interface Props {
  objet: Objet;
  demande: Demande;
  /** Rows of the whole result; null until it is known. */
  total: number | null;
  selection: readonly string[];
  onVider: () => void;
}

/** What is done to all the ticked rows: archive, step, documents; the report names each refusal. */
export function ActionsLot({ objet, demande, total, selection, onVider }: Props) {
  const { t } = useLingui();
  const client = useQueryClient();
  const [acte, setActe] = useState<Acte | null>(null);
  const [avance, setAvance] = useState<number | null>(null);
  const [bilan, setBilan] = useState<Bilan | null>(null);
  const { travail, refus, preparer } = usePreparer(objet);
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
      {total === null ? null : <ToutCocher objet={objet} demande={demande} total={total} cochees={n} />}
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
        <Button key={d.id} className="bouton" onPress={() => setActe({ genre: 'document', document: d })}>
          {d.libelle}
        </Button>
      ))}
      <Button className="bouton" onPress={onVider}>
        {t`Tout décocher`}
      </Button>
      {travail === null ? null : <SuiviDocuments key={travail} travail={travail} />}
      {refus ? (
        <p className="avis-refus" role="alert">
          {refus}
        </p>
      ) : null}
      {acte?.genre === 'document' ? (
        <ConfirmerDocument
          objet={objet}
          document={acte.document}
          pourQui={plural(n, { one: 'Un document sera préparé, pour # ligne cochée.', other: 'Le document sera préparé pour # lignes cochées.' })}
          onFaire={() => {
            setActe(null);
            void preparer(acte.document, { ids: selection });
          }}
          onFermer={() => setActe(null)}
        />
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
            onFranchir={(dit) => executer((f) => franchirEtape(module, id, f, acte.etape.id, dit))}
          >
            <p>{t`« ${acte.etape.libelle} » sur ${compte} ?`}</p>
            {acte.etape.requis.length > 0 ? <p className="discret">{t`Ce qui est laissé vide garde la valeur de chaque ligne.`}</p> : null}
            {barre}
          </FormulaireEtape>
        </Boite>
      ) : null}
      {bilan ? <BilanLot bilan={bilan} onFermer={() => setBilan(null)} /> : null}
    </div>
  );
}
