import { useId, useRef, useState } from 'react';
import { Button } from 'react-aria-components';
import { useLingui } from '@lingui/react/macro';
import { IconeCroix } from '../../shell/icones';
import type { Objet } from '../api/types';
import { ecrireFiltre } from './ecrire';
import { lireFiltre } from './lire';
import { avecOperateur, conditionSur, filtrables, FILTRE_VIDE, operateursDe, type Condition, type Filtre, type Operateur } from './modele';
import { nomOperateur } from './noms';
import { ValeurCondition } from './ValeurCondition';

interface Props {
  objet: Objet;
  texte: string;
  /** Why that text is refused, null when it is not. */
  refus: string | null;
  /** Tries a text written by hand: why it is refused, null when it is not. */
  verifier: (texte: string) => Promise<string | null>;
  onFiltre: (texte: string) => void;
}

/** The reader's own filter: conditions to fill, and their text for who prefers to write. */
export function Constructeur({ objet, texte, refus, verifier, onFiltre }: Props) {
  const { t, i18n } = useLingui();
  const id = useId();
  const champs = filtrables(objet.champs);
  const parNom = new Map(champs.map((c) => [c.nom, c]));
  // A condition half filled has no text yet: the screen keeps it, the address keeps the rest.
  const [dernier, setDernier] = useState(texte);
  const [filtre, setFiltre] = useState<Filtre | null>(() => lireFiltre(texte, champs));
  const [ecrit, setEcrit] = useState(texte);
  if (texte !== dernier) {
    setDernier(texte);
    setEcrit(texte);
    setFiltre(lireFiltre(texte, champs));
  }

  const [essaye, setEssaye] = useState<string | null>(null);
  const [enCours, setEnCours] = useState(false);
  const zone = useRef<HTMLTextAreaElement>(null);
  const faute = essaye ?? (ecrit.trim() === texte.trim() ? refus : null);

  /** What is refused changes neither the conditions nor the list. */
  const appliquer = async (): Promise<void> => {
    const voulu = ecrit.trim();
    setEnCours(true);
    const dit = voulu === '' ? null : await verifier(voulu);
    setEnCours(false);
    setEssaye(dit);
    if (dit === null) onFiltre(voulu);
    else zone.current?.focus();
  };
  const changer = (next: Filtre): void => {
    const suivant = ecrireFiltre(next, champs);
    setFiltre(next);
    setDernier(suivant);
    setEcrit(suivant);
    setEssaye(null);
    if (suivant !== texte) onFiltre(suivant);
  };
  const changerCondition = (at: number, condition: Condition): void => {
    if (filtre) changer({ ...filtre, conditions: filtre.conditions.map((c, i) => (i === at ? condition : c)) });
  };

  return (
    <div className="constructeur">
      {filtre === null ? (
        <p className="discret">{t`Ce filtre a été écrit à la main : il se modifie ci-dessous, en texte.`}</p>
      ) : (
        <>
          {filtre.conditions.length > 1 ? (
            <div className="champ">
              <label htmlFor={`${id}-lien`}>{t`Les lignes remplissent`}</label>
              <select id={`${id}-lien`} className="saisie" value={filtre.lien} onChange={(event) => changer({ ...filtre, lien: event.target.value === 'ou' ? 'ou' : 'et' })}>
                <option value="et">{t`toutes les conditions`}</option>
                <option value="ou">{t`au moins une condition`}</option>
              </select>
            </div>
          ) : null}
          <ul className="conditions">
            {filtre.conditions.map((condition, at) => {
              const champ = parNom.get(condition.champ);
              if (!champ) return null;
              return (
                // Conditions have no identity of their own: their place is it.
                <li key={`${String(at)}-${condition.champ}-${condition.operateur}`} className="condition">
                  <select
                    className="saisie"
                    aria-label={t`Champ`}
                    value={condition.champ}
                    onChange={(event) => {
                      const choisi = parNom.get(event.target.value);
                      if (choisi) changerCondition(at, conditionSur(choisi));
                    }}
                  >
                    {champs.map((c) => (
                      <option key={c.nom} value={c.nom}>
                        {c.libelle}
                      </option>
                    ))}
                  </select>
                  <select
                    className="saisie"
                    aria-label={t`Comparaison`}
                    value={condition.operateur}
                    onChange={(event) => changerCondition(at, avecOperateur(condition, event.target.value as Operateur))}
                  >
                    {operateursDe(champ.genre).map((o) => (
                      <option key={o} value={o}>
                        {i18n._(nomOperateur(o, champ.genre))}
                      </option>
                    ))}
                  </select>
                  <ValeurCondition objet={objet} champ={champ} condition={condition} onChange={(valeurs) => changerCondition(at, { ...condition, valeurs })} />
                  <Button
                    className="bouton-nu"
                    aria-label={t`Retirer la condition sur ${champ.libelle}`}
                    onPress={() => changer({ ...filtre, conditions: filtre.conditions.filter((_, i) => i !== at) })}
                  >
                    <IconeCroix />
                  </Button>
                </li>
              );
            })}
          </ul>
          <div className="champ">
            <label htmlFor={`${id}-ajout`}>{t`Ajouter une condition sur`}</label>
            <select
              id={`${id}-ajout`}
              className="saisie"
              value=""
              onChange={(event) => {
                const champ = parNom.get(event.target.value);
                if (champ) changer({ ...filtre, conditions: [...filtre.conditions, conditionSur(champ)] });
              }}
            >
              <option value="">{t`Choisir un champ…`}</option>
              {champs.map((c) => (
                <option key={c.nom} value={c.nom}>
                  {c.libelle}
                </option>
              ))}
            </select>
          </div>
        </>
      )}
      <details className="filtre-texte" open={refus !== null || undefined}>
        <summary>{t`Écrire le filtre en texte (CQL2)`}</summary>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void appliquer();
          }}
        >
          <div className="champ">
            <label htmlFor={`${id}-texte`}>{t`Filtre`}</label>
            <textarea
              ref={zone}
              id={`${id}-texte`}
              className="saisie"
              rows={3}
              maxLength={8000}
              spellCheck={false}
              aria-invalid={faute !== null}
              aria-describedby={faute === null ? undefined : `${id}-faute`}
              value={ecrit}
              onChange={(event) => {
                setEcrit(event.target.value);
                setEssaye(null);
              }}
            />
            {faute === null ? null : (
              <p id={`${id}-faute`} className="champ-erreur" role="alert">
                {faute}
              </p>
            )}
          </div>
          <button type="submit" className="bouton" disabled={enCours}>
            {t`Appliquer le texte`}
          </button>
        </form>
      </details>
      {texte === '' && filtre !== null && filtre.conditions.length === 0 ? null : (
        <Button
          className="bouton"
          onPress={() => {
            setEssaye(null);
            setFiltre(FILTRE_VIDE);
            setEcrit('');
            setDernier('');
            onFiltre('');
          }}
        >
          {t`Effacer le filtre`}
        </Button>
      )}
    </div>
  );
}
