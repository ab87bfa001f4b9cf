import { plural } from '@lingui/core/macro';
import { useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { Defaut } from '../cadre/Defaut';
import { Lien } from '../cadre/Lien';
import { croisementsQuery } from '../api/requetes';
import type { Objet } from '../api/types';
import { Chemin } from '../chemin/Chemin';
import { ADRESSE_INITIALE } from '../url/adresse';

/** What lies where the row lies: rows of every other object, and parcels. */
export function Alentour({ objet, id }: { objet: Objet; id: string }) {
  const { t } = useLingui();
  const { data, error, refetch } = useQuery(croisementsQuery(objet.module, objet.objet, id));
  const chemin = objet.itineraire ? <Chemin objet={objet} id={id} /> : null;
  if (error) return <Defaut erreur={error} onReprendre={() => void refetch()} />;
  if (!data) return <p className="discret" role="status">{t`Chargement…`}</p>;
  const trouves = data.objets.filter((c) => c.total > 0);
  if (trouves.length === 0 && data.parcelles.length === 0) return chemin ?? <p className="discret">{t`Rien d’autre ne se trouve à cet endroit.`}</p>;
  return (
    <>
      {chemin}
      {data.parcelles.length > 0 ? (
        <section className="fiche-section">
          <h3>{t`Parcelles`}</h3>
          <ul className="valeur-liste">
            {data.parcelles.map((p) => (
              <li key={p.idu}>
                <a className="lien-simple" href={`/parcelle/${encodeURIComponent(p.idu)}`}>
                  {p.reference}
                </a>
              </li>
            ))}
          </ul>
        </section>
      ) : null}
      {trouves.map((c) => (
        <section key={`${c.module ?? ''}/${c.objet}`} className="fiche-section">
          <h3>
            {c.libelle} <span className="discret">{plural(c.total, { one: '#', other: '#' })}</span>
          </h3>
          <ul className="valeur-liste">
            {c.fiches.map((f) => (
              <li key={f.id}>
                {c.module === null ? f.titre : <Lien vers={{ ...ADRESSE_INITIALE, module: c.module, objet: c.objet, page: f.id }}>{f.titre}</Lien>}
              </li>
            ))}
          </ul>
          {c.total > c.fiches.length ? <p className="discret">{plural(c.total - c.fiches.length, { one: 'et # autre', other: 'et # autres' })}</p> : null}
        </section>
      ))}
    </>
  );
}
