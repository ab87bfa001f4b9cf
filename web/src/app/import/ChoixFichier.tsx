import { useId, useState } from 'react';
import { useLingui } from '@lingui/react/macro';
import { formatOctets } from '../../format/nombres';
import { lireRefus } from '../api/refus';
import type { Objet } from '../api/types';
import type { FichierDepose } from './formes';
import { deposer } from './requetes';

/** What the server reads. */
const ACCEPTES = '.csv,.txt,.xlsx,.ods,.gpkg,.zip,.geojson,.json,.dxf,.sql';
/** Largest file over HTTP: the server's own bound. */
const MAX_OCTETS = 20 * 1024 * 1024;

interface Props {
  objet: Objet;
  depose: FichierDepose | null;
  onDepose: (depose: FichierDepose) => void;
}

/** Lays a file down on the server, which tells what is in it. */
export function ChoixFichier({ objet, depose, onDepose }: Props) {
  const { t } = useLingui();
  const id = useId();
  const [enCours, setEnCours] = useState(false);
  const [refus, setRefus] = useState('');
  const envoyer = async (fichier: File): Promise<void> => {
    setRefus('');
    if (fichier.size > MAX_OCTETS) {
      setRefus(t`« ${fichier.name} » dépasse ${formatOctets(MAX_OCTETS)}. Un fichier plus gros s’importe sur le serveur, en ligne de commande.`);
      return;
    }
    setEnCours(true);
    try {
      onDepose(await deposer(objet.module, objet.objet, fichier));
    } catch (cause) {
      setRefus(lireRefus(cause).detail || t`Le serveur ne répond pas : le fichier n’est pas déposé.`);
    }
    setEnCours(false);
  };
  return (
    <section className="import-pas" aria-labelledby={`${id}-titre`}>
      <h2 id={`${id}-titre`}>{t`1. Le fichier`}</h2>
      {depose ? (
        <p>
          <strong>{depose.nom}</strong>, {depose.format.toUpperCase()}
        </p>
      ) : null}
      <div className="champ">
        <label htmlFor={id}>{depose ? t`Choisir un autre fichier` : t`Choisir un fichier`}</label>
        <p id={`${id}-aide`} className="discret">
          {t`CSV, XLSX, ODS, GeoPackage, Shapefile (ZIP), GeoJSON ou DXF, 20 Mio au plus.`}
        </p>
        <input
          id={id}
          type="file"
          accept={ACCEPTES}
          aria-describedby={`${id}-aide`}
          disabled={enCours}
          onChange={(event) => {
            const [fichier] = event.target.files ?? [];
            // The same file may be chosen again once corrected.
            event.target.value = '';
            if (fichier) void envoyer(fichier);
          }}
        />
      </div>
      <p className="discret" role="status">
        {enCours ? t`Envoi et lecture du fichier…` : ''}
      </p>
      {refus ? (
        <p className="avis-refus" role="alert">
          {refus}
        </p>
      ) : null}
    </section>
  );
}
