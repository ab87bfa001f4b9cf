import { useState } from 'react';
import { Button } from 'react-aria-components';
import { plural } from '@lingui/core/macro';
import { useLingui } from '@lingui/react/macro';
import { formatEntier } from '../../format/nombres';
import { IconePdf } from '../../shell/icones';
import type { Demande, DocumentSchema, Objet } from '../api/types';
import { ConfirmerDocument } from '../personnel/ConfirmerDocument';
import { SuiviDocuments } from './SuiviDocuments';
import { usePreparer } from './usePreparer';

/** Documents the server makes at once at most. */
const MAX_LOT = 5000;

interface Props {
  objet: Objet;
  demande: Demande;
  /** Rows of the whole list. */
  total: number;
}

/** Letters for all the rows of a list, without ticking any: the list says whose they are. */
export function DocumentsListe({ objet, demande, total }: Props) {
  const { t } = useLingui();
  const [aFaire, setAFaire] = useState<DocumentSchema | null>(null);
  const { travail, refus, preparer } = usePreparer(objet);
  const { liste, filter, q, bbox, archivees } = demande;
  const lots = objet.actions.includes('imprimer') ? objet.documents.filter((d) => d.lot) : [];
  // What the map limits, or the archive holds, is said to the server by its rows alone.
  const dite = (liste !== null || filter !== null || q !== '') && bbox === null && !archivees;
  if (lots.length === 0 || !dite || total === 0 || total > MAX_LOT) return null;
  return (
    <div className="lot lot-liste" role="group" aria-label={t`Documents pour toute la liste`}>
      {lots.map((d) => (
        <Button key={d.id} className="bouton" onPress={() => setAFaire(d)}>
          <IconePdf />
          {t`${d.libelle} : toute la liste (${formatEntier(total)})`}
        </Button>
      ))}
      {travail === null ? null : <SuiviDocuments key={travail} travail={travail} />}
      {refus ? (
        <p className="avis-refus" role="alert">
          {refus}
        </p>
      ) : null}
      {aFaire ? (
        <ConfirmerDocument
          objet={objet}
          document={aFaire}
          pourQui={plural(total, { one: 'Un document sera préparé, pour la seule ligne de la liste.', other: 'Le document sera préparé pour les # lignes de la liste.' })}
          onFaire={() => {
            setAFaire(null);
            void preparer(aFaire, { liste, filter, q: q === '' ? null : q });
          }}
          onFermer={() => setAFaire(null)}
        />
      ) : null}
    </div>
  );
}
