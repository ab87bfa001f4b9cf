import { Button } from 'react-aria-components';
import { useLingui } from '@lingui/react/macro';
import { ChoixFinalite } from '../personnel/ChoixFinalite';
import type { ChampSchema, Objet } from '../api/types';

interface Props {
  objet: Objet;
  possibles: readonly ChampSchema[];
  montrees: readonly ChampSchema[];
  /** Null comes back to the list's own columns. */
  onChoix: (noms: string[] | null) => void;
}

/** Which columns, in which order: shown ones first. */
export function ChoixColonnes({ objet, possibles, montrees, onChoix }: Props) {
  const { t } = useLingui();
  const noms = montrees.map((c) => c.nom);
  const ordonnees = [...montrees, ...possibles.filter((c) => !noms.includes(c.nom))];
  const basculer = (nom: string): void => onChoix(noms.includes(nom) ? noms.filter((n) => n !== nom) : [...noms, nom]);
  const avancer = (nom: string): void => {
    const at = noms.indexOf(nom);
    if (at < 1) return;
    onChoix([...noms.slice(0, at - 1), nom, ...noms.slice(at - 1, at), ...noms.slice(at + 1)]);
  };
  return (
    <>
      <ChoixFinalite objet={objet} />
      <ul className="colonnes">
        {ordonnees.map((c) => {
          const at = noms.indexOf(c.nom);
          return (
            <li key={c.nom}>
              <label className="case-ligne">
                <input type="checkbox" checked={at >= 0} onChange={() => basculer(c.nom)} />
                {c.libelle}
              </label>
              {at > 0 ? (
                <Button className="bouton-nu" aria-label={t`Avancer ${c.libelle} d’un rang`} onPress={() => avancer(c.nom)}>
                  <span aria-hidden="true">↑</span>
                </Button>
              ) : null}
            </li>
          );
        })}
      </ul>
      <Button className="bouton" onPress={() => onChoix(null)}>
        {t`Revenir aux colonnes de la liste`}
      </Button>
    </>
  );
}
