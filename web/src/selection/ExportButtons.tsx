import { useState } from 'react';
import { Button } from 'react-aria-components';
import { useLingui } from '@lingui/react/macro';
import { ErreurApi, fetchFile } from '../api/client';
import { IconeTelecharger } from '../shell/icones';

const FORMATS = [
  { id: 'csv', nom: 'CSV' },
  { id: 'geojson', nom: 'GeoJSON' },
  { id: 'gpkg', nom: 'GeoPackage' },
] as const;

/** Hands a file to the browser's downloads. */
function enregistrer({ nom, contenu }: { nom: string; contenu: Blob }): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(contenu);
  link.download = nom;
  link.click();
  URL.revokeObjectURL(link.href);
}

interface Props {
  idus: readonly string[];
  onDire: (texte: string, refus?: boolean) => void;
}

/** The selection as a file, in each format. */
export function ExportButtons({ idus, onDire }: Props) {
  const { t } = useLingui();
  const [enCours, setEnCours] = useState(false);
  const exporter = async (format: (typeof FORMATS)[number]): Promise<void> => {
    setEnCours(true);
    try {
      const fichier = await fetchFile(`/api/selection/export?format=${format.id}`, { parcelles: idus }, `selection.${format.id}`);
      enregistrer(fichier);
      const { nom } = fichier;
      onDire(t`Fichier « ${nom} » téléchargé.`);
    } catch (error) {
      const dit = error instanceof ErreurApi ? error.message : '';
      onDire(dit === '' ? t`Le serveur ne répond pas : le fichier n’a pas pu être fait. Réessayez.` : dit, true);
    } finally {
      setEnCours(false);
    }
  };
  return (
    <div className="rangee" role="group" aria-label={t`Exporter la sélection`}>
      {FORMATS.map((format) => (
        <Button key={format.id} className="bouton" aria-label={t`Exporter en ${format.nom}`} isDisabled={enCours} onPress={() => void exporter(format)}>
          <IconeTelecharger />
          {format.nom}
        </Button>
      ))}
    </div>
  );
}
