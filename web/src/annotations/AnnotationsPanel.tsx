import { useId, useState } from 'react';
import { Button, ToggleButton } from 'react-aria-components';
import { msg } from '@lingui/core/macro';
import { useLingui } from '@lingui/react/macro';
import type { MessageDescriptor } from '@lingui/core';
import { ErreurApi, sendJson } from '../api/client';
import type { Annotation, CategorieAnnotation, NouvelleAnnotation } from '../api/types';
import type { Forme, Trace } from '../draw/traceur';
import { geometrieOf } from '../selection/trace';
import type { OutilZone } from '../selection/useZone';
import { IconeAnnuler } from '../shell/icones';
import { Panel } from '../shell/Panel';
import { AnnotationSheet } from './AnnotationSheet';
import { CATEGORIES } from './categories';

const OUTILS: readonly { forme: Forme; nom: MessageDescriptor; aide: MessageDescriptor }[] = [
  { forme: 'point', nom: msg`Repère`, aide: msg`Cliquez un point. Au clavier : Espace le pose au centre de la carte. Échap abandonne.` },
  {
    forme: 'ligne',
    nom: msg`Tracé`,
    aide: msg`Cliquez chaque point, puis double-cliquez ou Entrée. Au clavier : Espace pose un point au centre de la carte. Échap abandonne.`,
  },
  {
    forme: 'polygone',
    nom: msg`Zone`,
    aide: msg`Cliquez chaque coin, puis double-cliquez ou Entrée. Au clavier : Espace pose un coin au centre de la carte. Échap abandonne.`,
  },
];

interface Props {
  /** The annotation whose sheet is shown. */
  id: string | null;
  peutCreer: boolean;
  forme: Forme | null;
  /** The shape drawn, waiting for its title. */
  dessinee: Trace | null;
  outil: OutilZone | null;
  focus: number;
  onForme: (forme: Forme | null) => void;
  onFaite: (id: string) => void;
  onFermer: () => void;
}

/** Annotations on the map: the sheet of one, and the tools that draw another. */
export default function AnnotationsPanel({ id, peutCreer, forme, dessinee, outil, focus, onForme, onFaite, onFermer }: Props) {
  const { t, i18n } = useLingui();
  const choisi = OUTILS.find((o) => o.forme === forme);
  return (
    <Panel
      id="annotations"
      cote="droit"
      titre={t`Annotations`}
      nomFermer={t`Fermer les annotations`}
      onFermer={onFermer}
      focus={focus}
      echapFerme={forme === null}
      contenu={id ?? ''}
    >
      {id ? <AnnotationSheet id={id} /> : null}
      {peutCreer ? (
        <section className="bloc" aria-label={t`Annoter la carte`}>
          <h3>{t`Annoter`}</h3>
          <div className="segments-liste" role="group" aria-label={t`Ce que l’on dessine`}>
            {OUTILS.map((o) => (
              <ToggleButton key={o.forme} className="segment" isSelected={o.forme === forme} onChange={(on) => onForme(on ? o.forme : null)}>
                {i18n._(o.nom)}
              </ToggleButton>
            ))}
          </div>
          {choisi ? <p className="discret aide">{i18n._(choisi.aide)}</p> : null}
          {forme === null || forme === 'point' ? null : (
            <div className="rangee">
              <Button className="bouton" onPress={() => outil?.annulerPoint()}>
                <IconeAnnuler />
                {t`Annuler le point`}
              </Button>
              <Button className="bouton" onPress={() => outil?.terminer()}>
                {t`Terminer le tracé`}
              </Button>
            </div>
          )}
          {dessinee ? <Formulaire dessinee={dessinee} onFaite={onFaite} /> : null}
        </section>
      ) : null}
      <p>
        <a href="/annotations">{t`Toutes les annotations`}</a>
      </p>
    </Panel>
  );
}

function Formulaire({ dessinee, onFaite }: { dessinee: Trace; onFaite: (id: string) => void }) {
  const { t, i18n } = useLingui();
  const base = useId();
  const [titre, setTitre] = useState('');
  const [texte, setTexte] = useState('');
  const [categorie, setCategorie] = useState<CategorieAnnotation>('note');
  const [enCours, setEnCours] = useState(false);
  const [erreur, setErreur] = useState<string | null>(null);

  const enregistrer = async (): Promise<void> => {
    setEnCours(true);
    setErreur(null);
    const nouvelle: NouvelleAnnotation = { champs: { titre, texte, categorie }, geometrie: geometrieOf(dessinee) };
    try {
      const faite = await sendJson<Annotation>('POST', '/api/annotations', nouvelle);
      onFaite(faite.id);
    } catch (cause) {
      const dit = cause instanceof ErreurApi ? cause.message : '';
      setErreur(dit || t`L’annotation n’a pas pu être enregistrée ; réessayez.`);
      setEnCours(false);
    }
  };

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void enregistrer();
      }}
    >
      <div className="champ">
        <label htmlFor={`${base}-titre`}>{t`Titre (obligatoire)`}</label>
        <input
          id={`${base}-titre`}
          className="saisie"
          required
          maxLength={200}
          autoComplete="off"
          value={titre}
          aria-describedby={erreur ? `${base}-erreur` : undefined}
          onChange={(event) => setTitre(event.target.value)}
        />
      </div>
      <div className="champ">
        <label htmlFor={`${base}-categorie`}>{t`Catégorie`}</label>
        <select
          id={`${base}-categorie`}
          className="saisie"
          value={categorie}
          onChange={(event) => setCategorie(event.target.value as CategorieAnnotation)}
        >
          {Object.entries(CATEGORIES).map(([code, nom]) => (
            <option key={code} value={code}>
              {i18n._(nom)}
            </option>
          ))}
        </select>
      </div>
      <div className="champ">
        <label htmlFor={`${base}-texte`}>{t`Texte`}</label>
        <textarea id={`${base}-texte`} className="saisie" rows={4} maxLength={10_000} value={texte} onChange={(event) => setTexte(event.target.value)} />
      </div>
      {erreur ? (
        <p id={`${base}-erreur`} className="avis erreur" role="alert">
          {erreur}
        </p>
      ) : null}
      <div className="rangee">
        <button type="submit" className="bouton bouton-principal" disabled={enCours}>
          {t`Enregistrer l’annotation`}
        </button>
      </div>
    </form>
  );
}
