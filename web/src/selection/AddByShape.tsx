import { useId, useState } from 'react';
import { useLingui } from '@lingui/react/macro';
import { OUTRE_MER, LAMBERT_93, WGS84, ZONES_CC } from '../coordinates/systemes';
import { AdjustFields } from './AdjustFields';
import { FileField } from './FileField';
import { readPositions, readWkt, ressembleWkt, type FormeTexte, type Lecture } from './geometrie';
import type { Ajout, Reglage } from './useAjout';
import { useDireDefaut } from './useDireDefaut';
import type { Selection } from './useSelection';

/** Systems offered, the most used first. */
export const SYSTEMES = [WGS84, LAMBERT_93, ...ZONES_CC, ...OUTRE_MER.map((o) => o.systeme)];

interface Props {
  selection: Selection;
  ajout: Ajout;
  reglage: Reglage;
  onReglage: (reglage: Reglage) => void;
  onFichier: (texte: string, nom: string, srid: number) => void;
}

/** A shape typed as coordinates or read from a file: the same selection as by drawing, without the map. */
export function AddByShape({ selection, ajout, reglage, onReglage, onFichier }: Props) {
  const { t } = useLingui();
  const id = useId();
  const direDefaut = useDireDefaut();
  const [srid, setSrid] = useState(WGS84.srid);
  const [forme, setForme] = useState<FormeTexte>('point');
  const [texte, setTexte] = useState('');

  const ajouter = (): void => {
    const lu: Lecture = ressembleWkt(texte) ? readWkt(texte) : readPositions(texte, forme, srid);
    if (!lu.ok) selection.dire(direDefaut(lu.defaut), true);
    else void ajout.demander({ geometrie: lu.geometrie, srid: lu.srid ?? srid, ...reglage });
  };
  const exemple = srid === WGS84.srid ? '44.405822, 2.348622' : '648000,50 6367000,25';

  return (
    <form
      className="bloc"
      onSubmit={(event) => {
        event.preventDefault();
        ajouter();
      }}
    >
      <div className="champs">
        <div className="champ">
          <label htmlFor={`${id}-systeme`}>{t`Système`}</label>
          <select id={`${id}-systeme`} className="saisie" value={srid} onChange={(event) => setSrid(Number(event.target.value))}>
            {SYSTEMES.map((s) => (
              <option key={s.srid} value={s.srid}>
                {s.nom}
              </option>
            ))}
          </select>
        </div>
        <div className="champ">
          <label htmlFor={`${id}-forme`}>{t`Forme`}</label>
          <select id={`${id}-forme`} className="saisie" value={forme} onChange={(event) => setForme(event.target.value as FormeTexte)}>
            <option value="point">{t`points`}</option>
            <option value="rectangle">{t`rectangle (deux coins)`}</option>
            <option value="polygone">{t`polygone`}</option>
            <option value="ligne">{t`ligne`}</option>
          </select>
        </div>
      </div>
      <div className="champ">
        <label htmlFor={`${id}-texte`}>
          {srid === WGS84.srid ? t`Positions, une par ligne : latitude, longitude` : t`Positions, une par ligne : est, nord en mètres`}
        </label>
        <textarea
          id={`${id}-texte`}
          className="saisie"
          rows={3}
          spellCheck={false}
          placeholder={exemple}
          aria-describedby={`${id}-aide`}
          value={texte}
          onChange={(event) => setTexte(event.target.value)}
        />
        <p id={`${id}-aide`} className="discret">{t`Un texte WKT (POLYGON, LINESTRING…) est lu aussi.`}</p>
      </div>
      <AdjustFields reglage={reglage} onReglage={onReglage} />
      <div className="rangee">
        <button type="submit" className="bouton bouton-principal" disabled={ajout.enCours}>
          {t`Ajouter les parcelles`}
        </button>
        <FileField
          libelle={t`Choisir un fichier GeoJSON, WKT ou GPX`}
          accept=".geojson,.json,.wkt,.txt,.gpx"
          onTexte={(read, nom) => onFichier(read, nom, srid)}
          onTropGros={(nom) => selection.dire(t`Le fichier « ${nom} » est trop gros : 5 Mo au plus.`, true)}
        />
      </div>
    </form>
  );
}
