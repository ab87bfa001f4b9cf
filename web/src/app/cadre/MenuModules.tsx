import { useLingui } from '@lingui/react/macro';
import type { EntreeMenu, Module } from '../api/types';
import { ADRESSE_INITIALE, BILAN, CONSERVATION, versObjet, type Adresse } from '../url/adresse';
import { Lien } from './Lien';

interface Props {
  modules: readonly Module[];
  adresse: Adresse;
  /** Whether the account sees personal data at the end of their use. */
  conservation: boolean;
  /** A line was followed: on a narrow screen the menu goes away. */
  onSuivi: () => void;
}

/** A module without a menu of its own shows its objects. */
const entrees = ({ menu, objets }: Module): EntreeMenu[] => (menu.length > 0 ? menu : objets.map((o) => ({ libelle: o.pluriel, objet: o.id, liste: null })));

/** The modules open to the account, each with its lists. */
export function MenuModules({ modules, adresse, conservation, onSuivi }: Props) {
  const { t } = useLingui();
  const ici = (module: string, { objet, liste }: EntreeMenu): boolean =>
    adresse.module === module && adresse.objet === objet && adresse.page !== BILAN && adresse.liste === (liste ?? null);
  return (
    // The click is that of a link inside, by pointer or by Enter.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions, jsx-a11y/click-events-have-key-events
    <nav id="modules" className="modules" aria-label={t`Modules`} onClick={(event) => (event.target as HTMLElement).closest('a') && onSuivi()}>
      <Lien vers={ADRESSE_INITIALE} className="module-ligne" courant={adresse.module === null && adresse.page === null}>
        {t`Tableau de bord`}
      </Lien>
      {modules.map((m) => (
        <div key={m.id}>
          <h2 id={`module-${m.id}`} className="module-titre">
            {m.libelle}
          </h2>
          <ul aria-labelledby={`module-${m.id}`}>
            {entrees(m).map((entree) => (
              <li key={`${entree.objet}/${entree.liste ?? ''}`}>
                <Lien vers={versObjet(adresse, m.id, entree.objet, { liste: entree.liste ?? null })} className="module-ligne" courant={ici(m.id, entree)}>
                  {entree.libelle}
                </Lien>
              </li>
            ))}
            {m.bilans.map((b) => (
              <li key={`bilan/${b.id}`}>
                <Lien
                  vers={versObjet(adresse, m.id, b.id, { page: BILAN })}
                  className="module-ligne"
                  courant={adresse.module === m.id && adresse.objet === b.id && adresse.page === BILAN}
                >
                  {b.libelle}
                </Lien>
              </li>
            ))}
          </ul>
        </div>
      ))}
      {conservation ? (
        <div>
          <h2 className="module-titre">{t`Données personnelles`}</h2>
          <Lien vers={{ ...ADRESSE_INITIALE, page: CONSERVATION }} className="module-ligne" courant={adresse.page === CONSERVATION}>
            {t`Conservation`}
          </Lien>
        </div>
      ) : null}
    </nav>
  );
}
