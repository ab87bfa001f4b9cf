import { useEffect, useRef, useState } from 'react';
import { Button, ComboBox, Input, ListBox, ListBoxItem, Popover } from 'react-aria-components';
import { useLingui } from '@lingui/react/macro';
import type { Choix } from '../../api/types';
import { IconeChevron } from '../../../shell/icones';
import type { Liens } from './Cadre';

interface Props {
  liens: Liens;
  nom: string;
  /** What is taken now, with its label; null when nothing is. */
  pris: Choix | null;
  /** What answers the text typed. */
  offerts: readonly Choix[];
  /** True where what is offered is all there is: the text then filters it here. */
  filtrer?: boolean;
  /** Makes what is not found, named by the text; not given where it cannot be made. */
  onCreer?: ((texte: string) => void) | null;
  /** True while what is not found is being made: the text waits. */
  enCreation?: boolean;
  onTexte: (texte: string) => void;
  onPris: (choix: Choix | null) => void;
}

const net = (texte: string): string => texte.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

/** In place of a value: the last line, that makes what is not found. */
const CREER = '+';

/** Exactly what is typed first, then what begins so, then what has a word that does, then the rest in its order. */
function rangDe(libelle: string, cherche: string): number {
  const lu = net(libelle);
  if (lu === cherche) return 0;
  return lu.startsWith(cherche) ? 1 : lu.includes(` ${cherche}`) ? 2 : 3;
}

/** A field that offers what its text finds: a code among many, a row of another object. */
export function Recherche({ liens, nom, pris, offerts, filtrer = false, onCreer = null, enCreation = false, onTexte, onPris }: Props) {
  const { t } = useLingui();
  const [texte, setTexte] = useState(pris?.libelle ?? '');
  const [suivi, setSuivi] = useState(pris);
  // What is taken may be decided elsewhere: a draft restored, a version chosen. Its name may come after it.
  if (pris?.valeur !== suivi?.valeur || pris?.libelle !== suivi?.libelle) {
    setSuivi(pris);
    if (pris?.valeur !== suivi?.valeur || texte === suivi?.libelle) setTexte(pris?.libelle ?? '');
  }
  const cherche = texte === pris?.libelle ? '' : net(texte.trim());
  const trouves = filtrer ? offerts.filter((c) => net(c.libelle).includes(cherche)).sort((a, b) => rangDe(a.libelle, cherche) - rangDe(b.libelle, cherche)) : offerts;
  // What is taken stays among them: the field would otherwise forget its name.
  const connus = pris && !trouves.some((c) => c.valeur === pris.valeur) ? [...trouves, pris] : trouves;
  const tape = texte === pris?.libelle ? '' : texte.trim();
  const items = onCreer ? [...connus, { valeur: CREER, libelle: tape === '' ? t`Créer une fiche…` : t`Créer « ${tape} »…` }] : connus;
  /** What was typed stays while a row is made of it: leaving the field would otherwise take it off. */
  const retenu = useRef(false);
  useEffect(() => {
    if (!enCreation) retenu.current = false;
  }, [enCreation]);
  return (
    <ComboBox
      className="combo"
      aria-label={nom}
      aria-describedby={liens['aria-describedby']}
      isInvalid={liens['aria-invalid']}
      isRequired={liens['aria-required']}
      validationBehavior="aria"
      items={items}
      value={pris?.valeur ?? null}
      inputValue={texte}
      menuTrigger="focus"
      allowsEmptyCollection
      onInputChange={(next) => {
        if (retenu.current) return;
        setTexte(next);
        if (next === '' && pris) onPris(null);
        onTexte(next === pris?.libelle ? '' : next);
      }}
      onChange={(key) => {
        if (key === CREER) {
          retenu.current = true;
          onCreer?.(tape);
          return;
        }
        if (retenu.current) return;
        const choisi = items.find((c) => c.valeur === key) ?? null;
        if (choisi === null && key !== null) return;
        setTexte(choisi?.libelle ?? '');
        setSuivi(choisi);
        onPris(choisi);
      }}
    >
      <div className="combo-champ">
        <Input className="saisie" id={liens.id} autoComplete="off" />
        <Button className="bouton-nu combo-ouvrir" aria-label={t`Voir les valeurs`}>
          <IconeChevron />
        </Button>
      </div>
      <Popover className="volet-flottant combo-volet">
        <ListBox<Choix> className="combo-liste" renderEmptyState={() => <p className="discret combo-vide">{t`Aucune valeur ne répond.`}</p>}>
          {(c) => (
            <ListBoxItem id={c.valeur} textValue={c.libelle} className={c.valeur === CREER ? 'combo-ligne combo-creer' : 'combo-ligne'}>
              {c.libelle}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </ComboBox>
  );
}
