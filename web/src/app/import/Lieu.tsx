import { useId } from 'react';
import { useLingui } from '@lingui/react/macro';
import { SRID_LAMBERT_93, SRID_WGS84, type Reglage } from './correspondance';
import type { Feuille } from './formes';

interface Props {
  feuille: Feuille;
  reglage: Reglage;
  onChange: (reglage: Reglage) => void;
}

/** Where the rows lie: in the file's own geometries, in two columns, or on a parcel. */
export function Lieu({ feuille, reglage, onChange }: Props) {
  const { t } = useLingui();
  const id = useId();
  const { geometrie, colonnes } = feuille;
  const { lieu, srid } = reglage;
  const choix = (champ: 'x' | 'y' | 'parcelle', nom: string) => (
    <div className="champ">
      <label htmlFor={`${id}-${champ}`}>{nom}</label>
      <select id={`${id}-${champ}`} className="saisie" value={reglage[champ]} onChange={(event) => onChange({ ...reglage, [champ]: event.target.value })}>
        <option value="">{t`Choisir…`}</option>
        {colonnes.map((c) => (
          <option key={c.nom} value={c.nom}>
            {c.nom}
          </option>
        ))}
      </select>
    </div>
  );
  // A system that the file tells is not asked.
  const demande = lieu === 'coordonnees' || (lieu === 'fichier' && geometrie !== null && geometrie.srid === null);
  return (
    <fieldset className="groupe">
      <legend className="groupe-titre">{t`Emplacement`}</legend>
      <div className="champ">
        <label htmlFor={id}>{t`Les fiches sont placées`}</label>
        <select id={id} className="saisie" value={lieu} onChange={(event) => onChange({ ...reglage, lieu: event.target.value as Reglage['lieu'] })}>
          <option value="fichier">{geometrie ? t`d’après les géométries du fichier` : t`nulle part`}</option>
          <option value="coordonnees">{t`d’après deux colonnes de coordonnées`}</option>
          <option value="parcelle">{t`au milieu d’une parcelle, d’après son identifiant`}</option>
        </select>
      </div>
      {lieu === 'coordonnees' ? (
        <div className="champs">
          {choix('x', t`Colonne des abscisses (est) ou longitudes`)}
          {choix('y', t`Colonne des ordonnées (nord) ou latitudes`)}
        </div>
      ) : null}
      {lieu === 'parcelle' ? choix('parcelle', t`Colonne des identifiants de parcelles`) : null}
      {demande ? (
        <div className="champ">
          <label htmlFor={`${id}-srid`}>{t`Système de coordonnées`}</label>
          <select id={`${id}-srid`} className="saisie" value={srid} onChange={(event) => onChange({ ...reglage, srid: Number(event.target.value) })}>
            <option value={SRID_LAMBERT_93}>{t`Lambert-93 (mètres)`}</option>
            <option value={SRID_WGS84}>{t`WGS 84 (degrés)`}</option>
            {ZONES_CC.map((zone) => (
              <option key={zone} value={3900 + zone}>
                {t`Conique conforme, zone ${zone} (CC${zone})`}
              </option>
            ))}
          </select>
        </div>
      ) : null}
    </fieldset>
  );
}

/** The nine conformal conic zones of mainland France, EPSG 3942 to 3950. */
const ZONES_CC = [42, 43, 44, 45, 46, 47, 48, 49, 50] as const;
