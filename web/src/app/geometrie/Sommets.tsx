import { useState } from 'react';
import { Button } from 'react-aria-components';
import { useLingui } from '@lingui/react/macro';
import type { Geometry, Position as Sommet } from 'geojson';
import type { Position } from '../../api/types';
import { systemeOf, WGS84, type Choix } from '../../coordinates/systemes';
import { ecrireNombre, lireNombre } from '../saisie/nombres';
import { avecSuite, defautDe, suitesDe } from './sommets';
import { useDireForme } from './useDireForme';
import { useProjections, type Projections } from './useProjections';

/** Corners shown: more are drawn on the map, not typed. */
const MAX_MONTRES = 300;

interface Props {
  geometrie: Geometry;
  onChange: (geometrie: Geometry) => void;
}

interface Ligne {
  sommet: Sommet;
  choix: Choix;
  projections: Projections | null;
  nom: string;
  onPlace: (sommet: Position) => void;
}

/** A corner in the chosen system: first and second coordinates as they are typed. */
function ecrire([lon = 0, lat = 0]: Sommet, choix: Choix, projections: Projections | null): [string, string] {
  const systeme = systemeOf(choix, [lon, lat]) ?? WGS84;
  const projete = systeme.srid === WGS84.srid ? null : (projections?.projeter([lon, lat], systeme.srid) ?? null);
  const [a, b, decimales] = projete ? [projete[0], projete[1], 3] : [lon, lat, 7];
  return [ecrireNombre(a.toFixed(decimales)), ecrireNombre(b.toFixed(decimales))];
}

/** The two coordinates of one corner, typed. */
function LigneSommet({ sommet, choix, projections, nom, onPlace }: Ligne) {
  const { t } = useLingui();
  const dits = ecrire(sommet, choix, projections);
  const [texte, setTexte] = useState(dits);
  const [depuis, setDepuis] = useState(dits.join());
  const [refuse, setRefuse] = useState(false);
  if (dits.join() !== depuis) {
    setDepuis(dits.join());
    setTexte(dits);
    setRefuse(false);
  }
  const systeme = systemeOf(choix, [sommet[0] ?? 0, sommet[1] ?? 0]) ?? WGS84;
  const degres = systeme.srid === WGS84.srid || projections === null;
  const poser = (): void => {
    if (texte.join() === dits.join()) return;
    const [a, b] = texte.map((brut) => {
      const lu = lireNombre(brut, 9);
      return lu.ok && lu.valeur !== null ? Number(lu.valeur) : NaN;
    });
    const place: Position | null =
      a === undefined || b === undefined || Number.isNaN(a) || Number.isNaN(b)
        ? null
        : degres
          ? Math.abs(a) <= 180 && Math.abs(b) <= 85
            ? [a, b]
            : null
          : projections.deprojeter([a, b], systeme.srid);
    setRefuse(place === null);
    if (place) onPlace(place);
  };
  const noms = degres ? [t`longitude`, t`latitude`] : [t`est, en mètres`, t`nord, en mètres`];
  return (
    <>
      {[0, 1].map((i) => (
        <td key={i} className="cellule">
          <input
            className="saisie"
            inputMode="decimal"
            aria-label={`${nom}, ${noms[i] ?? ''}`}
            aria-invalid={refuse}
            value={texte[i] ?? ''}
            onChange={(event) => setTexte(i === 0 ? [event.target.value, texte[1]] : [texte[0], event.target.value])}
            onBlur={poser}
            onKeyDown={(event) => {
              if (event.key !== 'Enter' || event.ctrlKey) return;
              event.preventDefault();
              poser();
            }}
          />
        </td>
      ))}
    </>
  );
}

/** Corners read and typed one by one, in degrees, in Lambert-93 or in the conformal zone: all that the map does, without it. */
export function Sommets({ geometrie, onChange }: Props) {
  const { t } = useLingui();
  const direForme = useDireForme();
  const [choix, setChoix] = useState<Choix>('wgs84');
  const [refus, setRefus] = useState('');
  const projections = useProjections(choix !== 'wgs84');
  const suites = suitesDe(geometrie);
  const [premier = [0, 0]] = suites[0]?.sommets ?? [];
  const lieu: Position = [premier[0] ?? 0, premier[1] ?? 0];
  const legal = systemeOf('legal', lieu);
  const zone = systemeOf('cc', lieu);
  const total = suites.reduce((n, s) => n + s.sommets.length, 0);

  const changer = (rang: number, sommets: Sommet[]): void => {
    const suivante = avecSuite(geometrie, rang, sommets);
    const defaut = defautDe(suivante);
    setRefus(defaut ? direForme(defaut) : '');
    if (!defaut) onChange(suivante);
  };
  /** A corner half way to the next one, to be typed over. */
  const milieu = (sommets: readonly Sommet[], i: number): Sommet => {
    const [a = [0, 0], b = a] = [sommets[i], sommets[(i + 1) % sommets.length]];
    return [((a[0] ?? 0) + (b[0] ?? 0)) / 2, ((a[1] ?? 0) + (b[1] ?? 0)) / 2];
  };

  if (total > MAX_MONTRES) return <p className="discret">{t`Cette forme a trop de sommets pour les écrire un par un : elle se modifie sur la carte.`}</p>;
  return (
    <details className="sommets">
      <summary>{t`Sommets et coordonnées`}</summary>
      <div className="champ">
        <label htmlFor="sommets-systeme">{t`Système de coordonnées`}</label>
        <select id="sommets-systeme" className="saisie" value={choix} onChange={(event) => setChoix(event.target.value as Choix)}>
          <option value="wgs84">{t`Degrés (RGF93, WGS 84)`}</option>
          {legal ? <option value="legal">{legal.nom}</option> : null}
          {zone ? <option value="cc">{zone.nom}</option> : null}
        </select>
      </div>
      {refus ? (
        <p className="avis-refus" role="alert">
          {refus}
        </p>
      ) : null}
      {suites.map(({ sommets, minimum, ferme }, rang) => (
        <table key={rang} className="tableau">
          <caption className={suites.length > 1 ? 'discret' : 'visuellement-cache'}>{t`Partie ${rang + 1}`}</caption>
          <thead>
            <tr>
              <th scope="col" className="colonne">{t`N°`}</th>
              <th scope="col" className="colonne">{choix === 'wgs84' ? t`Longitude` : t`Est`}</th>
              <th scope="col" className="colonne">{choix === 'wgs84' ? t`Latitude` : t`Nord`}</th>
              <th scope="col" className="colonne">
                <span className="visuellement-cache">{t`Actions`}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {sommets.map((sommet, i) => (
              <tr key={i}>
                <th scope="row" className="cellule">
                  {i + 1}
                </th>
                <LigneSommet
                  sommet={sommet}
                  choix={choix}
                  projections={projections}
                  nom={t`Sommet ${i + 1}`}
                  onPlace={(place) => changer(rang, sommets.map((s, j) => (j === i ? place : s)))}
                />
                <td className="cellule cellule-actions">
                  {minimum > 1 && (ferme || i < sommets.length - 1) ? (
                    <Button className="bouton-nu" aria-label={t`Ajouter un sommet après le n° ${i + 1}`} onPress={() => changer(rang, sommets.toSpliced(i + 1, 0, milieu(sommets, i)))}>
                      <span aria-hidden="true">+</span>
                    </Button>
                  ) : null}
                  {sommets.length > minimum ? (
                    <Button className="bouton-nu" aria-label={t`Retirer le sommet n° ${i + 1}`} onPress={() => changer(rang, sommets.toSpliced(i, 1))}>
                      <span aria-hidden="true">×</span>
                    </Button>
                  ) : null}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      ))}
    </details>
  );
}
