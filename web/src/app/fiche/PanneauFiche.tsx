import { useEffect, useRef, useState } from 'react';
import { Button } from 'react-aria-components';
import { useLingui } from '@lingui/react/macro';
import { IconeChevron, IconeCroix } from '../../shell/icones';
import { Lien } from '../cadre/Lien';
import type { Fiche, Objet } from '../api/types';
import type { Edition } from '../geometrie/edition';
import type { Adresse } from '../url/adresse';
import { updateAdresse } from '../url/useAdresse';
import { Contenu } from './Contenu';
import { useFocusSaisie } from './useFocusSaisie';

interface Props {
  objet: Objet;
  adresse: Adresse;
  /** Null for a new row. */
  id: string | null;
  /** Grows each time the sheet must take the keyboard. */
  focus: number;
  carte: boolean;
  onEdition: (edition: Edition | null) => void;
  onFermer: () => void;
  onVoisine: (pas: 1 | -1) => void;
  onCadrer: ((id: string) => void) | null;
  onEcrite: (fiche: Fiche | null) => void;
}

/** The sheet of a row beside its list. */
export default function PanneauFiche({ objet, adresse, id, focus, carte, onEdition, onFermer, onVoisine, onCadrer, onEcrite }: Props) {
  const { t } = useLingui();
  const [titre, setTitre] = useState('');
  const heading = useRef<HTMLHeadingElement>(null);
  const neuve = id === null;
  useFocusSaisie(heading, adresse.saisie);
  useEffect(() => {
    if (focus > 0 || neuve) heading.current?.focus({ preventScroll: true });
  }, [focus, neuve]);
  return (
    <section className="objet-fiche" aria-labelledby="titre-fiche" data-panneau="fiche">
      <div className="panneau-entete">
        <h2 id="titre-fiche" ref={heading} tabIndex={-1}>
          {titre}
        </h2>
        <div className="fiche-outils">
          {id === null ? null : (
            <>
              <Button className="bouton-nu precedente" aria-label={t`Fiche précédente`} aria-keyshortcuts="k" onPress={() => onVoisine(-1)}>
                <IconeChevron />
              </Button>
              <Button className="bouton-nu" aria-label={t`Fiche suivante`} aria-keyshortcuts="j" onPress={() => onVoisine(1)}>
                <IconeChevron />
              </Button>
              <Lien className="bouton" vers={{ ...adresse, page: id, fiche: null }} nom={t`Ouvrir la fiche en pleine page`}>
                {t`Pleine page`}
              </Lien>
            </>
          )}
          <Button className="bouton-nu" aria-label={t`Fermer la fiche`} aria-keyshortcuts="Escape" onPress={onFermer}>
            <IconeCroix />
          </Button>
        </div>
      </div>
      <div className="panneau-corps">
        <Contenu
          objet={objet}
          adresse={adresse}
          id={id}
          carte={carte}
          onEdition={onEdition}
          onCadrer={onCadrer}
          onEcrite={onEcrite}
          onAbandon={() => (id === null ? onFermer() : updateAdresse({ saisie: false }))}
          onTitre={setTitre}
        />
      </div>
    </section>
  );
}
