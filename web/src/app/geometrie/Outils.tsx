import { useEffect, useRef, useState } from 'react';
import { Button } from 'react-aria-components';
import { msg } from '@lingui/core/macro';
import { useLingui } from '@lingui/react/macro';
import type { MessageDescriptor } from '@lingui/core';
import type { Geometry } from 'geojson';
import type { Map as MapLibre } from 'maplibre-gl';
import type { Editeur } from './editeur';
import { formesDe, simplifier, versGenre, type Edition, type FormeDessinee } from './edition';
import { defautDe } from './sommets';
import { useDireForme } from './useDireForme';

/** Steps that can be taken back. */
const MAX_RETOURS = 100;

const NOMS: Readonly<Record<FormeDessinee, MessageDescriptor>> = { Point: msg`Un point`, LineString: msg`Une ligne`, Polygon: msg`Une surface` };

type Tache = { genre: 'dessine'; forme: FormeDessinee } | { genre: 'modifie' };

/** Over the map while a shape is drawn: what to draw, undo, redo, and how to go on by keyboard. */
export function Outils({ map, edition }: { map: MapLibre; edition: Edition }) {
  const { t, i18n } = useLingui();
  const direForme = useDireForme();
  const { genre, geometrie, onChange } = edition;
  const formes = formesDe(genre);
  const [premiere = 'Point'] = formes;
  const [tache, setTache] = useState<Tache>(() => (geometrie === null ? { genre: 'dessine', forme: premiere } : { genre: 'modifie' }));
  const [refus, setRefus] = useState('');
  const [pret, setPret] = useState<Editeur | null>(null);
  const [passe, setPasse] = useState<(Geometry | null)[]>([]);
  const [futur, setFutur] = useState<(Geometry | null)[]>([]);
  const courante = useRef(geometrie);
  useEffect(() => {
    courante.current = geometrie;
  });

  /** Takes a shape the map gave; one that is none is said, and the last sound one comes back. */
  const recevoir = useRef<(dessinee: Geometry) => void>(() => undefined);
  useEffect(() => {
    recevoir.current = (dessinee) => {
      const defaut = defautDe(dessinee);
      if (defaut) {
        setRefus(direForme(defaut));
        const sure = courante.current && simplifier(courante.current);
        if (tache.genre === 'modifie' && sure) pret?.modifier(sure);
        else if (tache.genre === 'dessine') pret?.dessiner(tache.forme);
        return;
      }
      setRefus('');
      setPasse((p) => [...p, courante.current].slice(-MAX_RETOURS));
      setFutur([]);
      setTache({ genre: 'modifie' });
      onChange(versGenre(genre, dessinee));
    };
  });

  useEffect(() => {
    let parti = false;
    let fait: Editeur | null = null;
    void import('./editeur').then(({ Editeur: Fait }) => {
      if (parti) return;
      fait = new Fait(map, (dessinee) => {
        if (!parti) recevoir.current(dessinee);
      });
      setPret(fait);
    });
    return () => {
      parti = true;
      fait?.fermer();
      setPret(null);
    };
  }, [map]);

  // The map shows what the form holds, whoever changed it: a gesture, a typed corner, an undo.
  const simple = geometrie && simplifier(geometrie);
  const cle = JSON.stringify(simple);
  useEffect(() => {
    if (!pret) return;
    if (tache.genre === 'dessine') pret.dessiner(tache.forme);
    else if (cle === 'null') pret.effacer();
    else pret.modifier(JSON.parse(cle) as Geometry);
  }, [pret, tache, cle]);

  const annuler = (): void => {
    const avant = passe.at(-1);
    if (avant === undefined) return;
    setPasse(passe.slice(0, -1));
    setFutur([...futur, courante.current]);
    setTache(avant === null ? { genre: 'dessine', forme: premiere } : { genre: 'modifie' });
    onChange(avant);
  };
  const retablir = (): void => {
    const apres = futur.at(-1);
    if (apres === undefined) return;
    setFutur(futur.slice(0, -1));
    setPasse([...passe, courante.current]);
    setTache(apres === null ? { genre: 'dessine', forme: premiere } : { genre: 'modifie' });
    onChange(apres);
  };

  // On a narrow screen the map may be out of sight.
  useEffect(() => {
    map.getContainer().scrollIntoView({ block: 'nearest' });
  }, [map]);

  const gestes = useRef({ annuler, retablir });
  useEffect(() => {
    gestes.current = { annuler, retablir };
  });
  useEffect(() => {
    const canvas = map.getCanvas();
    const key = (event: KeyboardEvent): void => {
      if ((event.target as HTMLElement | null)?.closest('input, textarea, select, [contenteditable="true"]')) return;
      const z = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'z';
      if (z && !event.shiftKey) gestes.current.annuler();
      else if (z || ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'y')) gestes.current.retablir();
      else if (event.key === ' ' && event.target === canvas) pret?.poserAuCentre();
      else return;
      event.preventDefault();
    };
    document.addEventListener('keydown', key);
    return () => document.removeEventListener('keydown', key);
  }, [map, pret]);

  return (
    <div className="outils-dessin" role="group" aria-label={t`Dessin de la géométrie`}>
      {formes.map((forme) => (
        <Button
          key={forme}
          className="bouton"
          data-actif={tache.genre === 'dessine' && tache.forme === forme ? 'oui' : undefined}
          onPress={() => {
            setRefus('');
            setTache({ genre: 'dessine', forme });
            map.getCanvas().focus({ preventScroll: true });
          }}
        >
          {geometrie === null ? i18n._(NOMS[forme]) : formes.length > 1 ? t`Redessiner : ${i18n._(NOMS[forme])}` : t`Redessiner`}
        </Button>
      ))}
      {tache.genre === 'dessine' && tache.forme !== 'Point' ? (
        <Button className="bouton" onPress={() => pret?.terminer()}>
          {t`Terminer le tracé`}
        </Button>
      ) : null}
      <Button className="bouton" isDisabled={passe.length === 0} onPress={annuler}>
        {t`Défaire le dernier geste`}
      </Button>
      <Button className="bouton" isDisabled={futur.length === 0} onPress={retablir}>
        {t`Refaire`}
      </Button>
      <p className="discret">
        {tache.genre === 'dessine'
          ? t`Cliquez pour poser ; au clavier, Espace pose au centre de la carte, Entrée termine. Les coins s’accrochent aux parcelles et aux objets.`
          : simple === null && geometrie !== null
            ? t`Cette forme a plusieurs parties : ses sommets se modifient dans la fiche.`
            : geometrie?.type === 'Point'
              ? t`Faites glisser le point, ou posez-en un autre par « Redessiner ».`
              : t`Déplacez les sommets ; un clic au milieu d’un côté en ajoute un, un clic droit en retire un.`}
      </p>
      {refus ? (
        <p className="avis-refus" role="alert">
          {refus}
        </p>
      ) : null}
    </div>
  );
}
