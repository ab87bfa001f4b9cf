import { useLingui } from '@lingui/react/macro';
import { adresseExport, type FormatExport } from '../api/adresses';
import type { Demande, Objet } from '../api/types';
import { litteral } from '../filtre/ecrire';

const FORMATS: readonly { format: FormatExport; nom: string; geometrie?: true }[] = [
  { format: 'xlsx', nom: 'Excel (XLSX)' },
  { format: 'ods', nom: 'OpenDocument (ODS)' },
  { format: 'csv', nom: 'CSV' },
  { format: 'geojson', nom: 'GeoJSON', geometrie: true },
  { format: 'gpkg', nom: 'GeoPackage', geometrie: true },
];

/** Keys that the filter of an address can hold. */
const MAX_COCHEES = 150;

interface Props {
  objet: Objet;
  demande: Demande;
  /** Rows ticked: alone exported when there are some. */
  selection: readonly string[];
  /** Closes the pane once a format is taken. */
  fermer: () => void;
}

/** The rows of the list, all its pages, in a file: with the same filter and sort. */
export function Exports({ objet, demande, selection, fermer }: Props) {
  const { t } = useLingui();
  const voulue: Demande =
    selection.length > 0 ? { ...demande, liste: null, filter: `id in (${selection.map(litteral).join(', ')})`, q: '', bbox: null } : demande;
  if (selection.length > MAX_COCHEES) return <p className="discret">{t`Plus de ${MAX_COCHEES} lignes sont cochées : décochez-les, l’export prendra toute la liste avec son filtre.`}</p>;
  return (
    <>
      <p className="discret">{selection.length > 0 ? t`Les lignes cochées.` : t`Toutes les lignes de la liste, avec son filtre et son tri.`}</p>
      <ul className="menu-volet">
        {FORMATS.filter((f) => !f.geometrie || objet.geometrie).map(({ format, nom }) => (
          <li key={format}>
            <a className="module-ligne" href={adresseExport(objet.module, objet.objet, format, voulue)} download onClick={fermer}>
              {nom}
            </a>
          </li>
        ))}
      </ul>
    </>
  );
}
