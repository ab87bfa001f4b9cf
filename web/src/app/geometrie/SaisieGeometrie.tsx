import { useEffect, useRef, useState } from 'react';
import { ToggleButton, Button } from 'react-aria-components';
import { plural } from '@lingui/core/macro';
import { useLingui } from '@lingui/react/macro';
import type { Geometry } from 'geojson';
import type { GenreGeometrie } from '../api/types';
import { Coordonnees } from './Coordonnees';
import type { Edition } from './edition';
import { Sommets } from './Sommets';
import { suitesDe } from './sommets';

interface Props {
  genre: GenreGeometrie;
  obligatoire: boolean;
  geometrie: Geometry | null;
  erreur: string | null;
  /** Whether a map stands beside, to draw on. */
  carte: boolean;
  onChange: (geometrie: Geometry | null) => void;
  onEdition: (edition: Edition | null) => void;
}

/** The shape of a row: drawn on the map beside, or written corner by corner. */
export function SaisieGeometrie({ genre, obligatoire, geometrie, erreur, carte, onChange, onEdition }: Props) {
  const { t } = useLingui();
  const [dessine, setDessine] = useState(false);
  const changer = useRef(onChange);
  useEffect(() => {
    changer.current = onChange;
  });
  useEffect(() => {
    onEdition(dessine && carte ? { genre, geometrie, onChange: (g) => changer.current(g) } : null);
  }, [dessine, carte, genre, geometrie, onEdition]);

  const n = geometrie === null ? 0 : suitesDe(geometrie).reduce((s, { sommets }) => s + sommets.length, 0);
  const point = genre === 'Point';
  const sommets = point ? (n === 0 ? t`Aucun emplacement` : t`Un point est posé.`) : plural(n, { 0: 'Aucune forme', one: '# sommet', other: '# sommets' });
  return (
    <fieldset className="groupe" data-saisie="geometrie" aria-describedby={erreur ? 'erreur-geometrie' : undefined}>
      <legend className="groupe-titre">
        {point ? t`Emplacement` : t`Géométrie`}
        {obligatoire ? <span className="obligatoire"> {t`(obligatoire)`}</span> : null}
      </legend>
      <p className="discret" role="status">
        {sommets}
      </p>
      {erreur ? (
        <p id="erreur-geometrie" className="champ-erreur">
          {erreur}
        </p>
      ) : null}
      <div className="rangee">
        {carte ? (
          <ToggleButton className="bouton bascule" isSelected={dessine} onChange={setDessine}>
            {dessine ? t`Terminer le dessin` : geometrie === null ? (point ? t`Placer sur la carte` : t`Dessiner sur la carte`) : t`Modifier sur la carte`}
          </ToggleButton>
        ) : (
          <p className="discret">{t`Affichez la carte pour dessiner, ou écrivez les coordonnées.`}</p>
        )}
        {geometrie === null ? null : (
          <Button className="bouton" onPress={() => onChange(null)}>
            {point ? t`Retirer l’emplacement` : t`Effacer la géométrie`}
          </Button>
        )}
      </div>
      {geometrie === null ? <Coordonnees genre={genre} onChange={onChange} /> : <Sommets geometrie={geometrie} onChange={onChange} />}
    </fieldset>
  );
}
