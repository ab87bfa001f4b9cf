import { useLingui } from '@lingui/react/macro';
import type { Module } from '../api/types';
import { CarteTableau } from './CarteTableau';

/** The first page: what each module of the account shows of its work. */
export function TableauDeBord({ modules }: { modules: readonly Module[] }) {
  const { t } = useLingui();
  const avec = modules.filter((m) => m.tableau.length > 0);
  return (
    <div className="tableau-de-bord">
      <h1>{t`Tableau de bord`}</h1>
      {modules.length === 0 ? (
        <p>{t`Aucun module n’est ouvert à votre compte. Demandez un rôle à l’administrateur de votre collectivité.`}</p>
      ) : avec.length === 0 ? (
        <p>{t`Choisissez un module dans le menu pour en voir les listes.`}</p>
      ) : null}
      {avec.map((m) => (
        <section key={m.id} aria-labelledby={`tableau-${m.id}`}>
          <h2 id={`tableau-${m.id}`}>{m.libelle}</h2>
          <div className="cartes-tableau">
            {m.tableau.map((entree, i) => (
              <CarteTableau key={`${entree.objet}-${String(i)}`} module={m.id} entree={entree} />
            ))}
          </div>
        </section>
      ))}
    </div>
  );
}
