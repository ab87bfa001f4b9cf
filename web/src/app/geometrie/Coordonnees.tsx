import { useState } from 'react';
import { useLingui } from '@lingui/react/macro';
import type { Geometry } from 'geojson';
import { LAMBERT_93, WGS84 } from '../../coordinates/systemes';
import { readPositions, type FormeTexte } from '../../selection/geometrie';
import { formesDe, versGenre, type FormeDessinee } from './edition';
import type { GenreGeometrie } from '../api/types';
import { defautDe } from './sommets';
import { useDireForme } from './useDireForme';
import { useProjections } from './useProjections';

const FORMES: Readonly<Record<FormeDessinee, FormeTexte>> = { Point: 'point', LineString: 'ligne', Polygon: 'polygone' };

/** A new shape typed as a list of places, one a line: what a surveyor's note gives. */
export function Coordonnees({ genre, onChange }: { genre: GenreGeometrie; onChange: (geometrie: Geometry) => void }) {
  const { t } = useLingui();
  const direForme = useDireForme();
  const formes = formesDe(genre);
  const [forme, setForme] = useState<FormeDessinee>(formes[0] ?? 'Point');
  const [srid, setSrid] = useState(WGS84.srid);
  const [texte, setTexte] = useState('');
  const [refus, setRefus] = useState('');
  const projections = useProjections(srid !== WGS84.srid);
  const noms: Readonly<Record<FormeDessinee, string>> = { Point: t`Un point`, LineString: t`Une ligne`, Polygon: t`Une surface` };

  const poser = (): void => {
    const lu = readPositions(texte, FORMES[forme], srid);
    if (!lu.ok) {
      const { defaut } = lu;
      setRefus(
        defaut.genre === 'position'
          ? t`Ligne ${defaut.ligne} : « ${defaut.texte} » n’est pas une position.`
          : defaut.genre === 'trop_peu'
            ? direForme('trop_peu')
            : t`Écrivez une position par ligne.`,
      );
      return;
    }
    const degres = srid === WGS84.srid ? lu.geometrie : projections && versDegres(lu.geometrie, (p) => projections.deprojeter(p, srid));
    if (!degres) {
      setRefus(t`Ces coordonnées ne sont pas dans ce système.`);
      return;
    }
    const defaut = defautDe(degres);
    setRefus(defaut ? direForme(defaut) : '');
    if (!defaut) onChange(versGenre(genre, degres));
  };
  return (
    <details className="sommets">
      <summary>{t`Écrire les coordonnées`}</summary>
      <div className="champs">
        {formes.length > 1 ? (
          <div className="champ">
            <label htmlFor="coordonnees-forme">{t`Forme`}</label>
            <select id="coordonnees-forme" className="saisie" value={forme} onChange={(event) => setForme(event.target.value as FormeDessinee)}>
              {formes.map((f) => (
                <option key={f} value={f}>
                  {noms[f]}
                </option>
              ))}
            </select>
          </div>
        ) : null}
        <div className="champ">
          <label htmlFor="coordonnees-systeme">{t`Système de coordonnées`}</label>
          <select id="coordonnees-systeme" className="saisie" value={srid} onChange={(event) => setSrid(Number(event.target.value))}>
            <option value={WGS84.srid}>{t`Degrés, latitude d’abord`}</option>
            <option value={LAMBERT_93.srid}>{t`Lambert-93, est d’abord`}</option>
          </select>
        </div>
      </div>
      <div className="champ">
        <label htmlFor="coordonnees-texte">{t`Positions, une par ligne`}</label>
        <textarea id="coordonnees-texte" className="saisie" rows={4} spellCheck={false} value={texte} onChange={(event) => setTexte(event.target.value)} />
      </div>
      <button type="button" className="bouton" disabled={texte.trim() === '' || (srid !== WGS84.srid && projections === null)} onClick={poser}>
        {t`Placer la forme`}
      </button>
      {refus ? (
        <p className="avis-refus" role="alert">
          {refus}
        </p>
      ) : null}
    </details>
  );
}

type Paire = readonly [number, number];

/** A shape of metres put in degrees; null when one of its corners is nowhere. */
function versDegres(geometrie: Geometry, deprojeter: (p: Paire) => Paire | null): Geometry | null {
  const hors: number[][] = [];
  const un = (p: number[]): number[] => {
    const place = deprojeter([p[0] ?? NaN, p[1] ?? NaN]);
    if (place === null) hors.push(p);
    return place ? [...place] : p;
  };
  const faite: Geometry =
    geometrie.type === 'Point'
      ? { type: 'Point', coordinates: un(geometrie.coordinates) }
      : geometrie.type === 'LineString'
        ? { type: 'LineString', coordinates: geometrie.coordinates.map(un) }
        : geometrie.type === 'Polygon'
          ? { type: 'Polygon', coordinates: geometrie.coordinates.map((a) => a.map(un)) }
          : geometrie;
  return hors.length > 0 ? null : faite;
}
