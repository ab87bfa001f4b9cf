import { plural } from '@lingui/core/macro';
import { useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { Defaut } from '../cadre/Defaut';
import { Lien } from '../cadre/Lien';
import { croisementsQuery } from '../api/requetes';
import type { Objet } from '../api/types';
import { ADRESSE_INITIALE } from '../url/adresse';

/** A parcel is no row of a module: its sheet is on the map. */
const estParcelle = (id: string): boolean => /^[0-9A-Z]{14}$/.test(id);

/** What lies where the row lies: rows of every other object, and parcels. */
export function Alentour({ objet, id }: { objet: Objet; id: string }) {
  const { t } = useLingui();
  const { data, error, refetch } = useQuery(croisementsQuery(objet.module, objet.objet, id));
  if (error) return <Defaut erreur={error} onReprendre={() => void refetch()} />;
  if (!data) return <p className="discret" role="status">{t`Chargement…`}</p>;
  const trouves = data.filter((c) => c.total > 0);
  if (trouves.length === 0) return <p className="discret">{t`Rien d’autre ne se trouve à cet endroit.`}</p>;
  return (
    <>
      {trouves.map((c) => (
        <section key={`${c.module}/${c.objet}`} className="fiche-section">
          <h3>
            {c.libelle} <span className="discret">{plural(c.total, { one: '#', other: '#' })}</span>
          </h3>
          <ul className="valeur-liste">
            {c.fiches.map((f) => (
              <li key={f.id}>
                {estParcelle(f.id) ? (
                  <a className="lien-simple" href={`/parcelle/${f.id}`}>
                    {f.titre}
                  </a>
                ) : (
                  <Lien vers={{ ...ADRESSE_INITIALE, module: c.module, objet: c.objet, page: f.id }}>{f.titre}</Lien>
                )}
              </li>
            ))}
          </ul>
          {c.total > c.fiches.length ? <p className="discret">{plural(c.total - c.fiches.length, { one: 'et # autre', other: 'et # autres' })}</p> : null}
        </section>
      ))}
    </>
  );
}
