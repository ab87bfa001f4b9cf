import { plural } from '@lingui/core/macro';
import { useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { Defaut } from '../cadre/Defaut';
import { Lien } from '../cadre/Lien';
import { ongletQuery, schemaQuery } from '../api/requetes';
import type { Objet, OngletSchema } from '../api/types';
import { colonnesDe } from '../liste/colonnes';
import { ecrireChamp, estNombre } from '../liste/ecrire';
import { useMots } from '../liste/useMots';
import { litteral } from '../filtre/ecrire';
import { ADRESSE_INITIALE, NOUVELLE } from '../url/adresse';

/** Columns beside the title: a tab is narrow. */
const COLONNES = 3;

/** The rows of another object that belong to this one. */
export function Enfants({ objet, id, onglet, nom }: { objet: Objet; id: string; onglet: OngletSchema; nom: string }) {
  const { t } = useLingui();
  const mots = useMots();
  const schema = useQuery(schemaQuery(onglet.module, onglet.objet));
  const { data, error, refetch } = useQuery(ongletQuery(objet.module, objet.objet, id, onglet));
  const depart = { ...ADRESSE_INITIALE, module: onglet.module, objet: onglet.objet };
  if (error) return <Defaut erreur={error} onReprendre={() => void refetch()} />;
  if (!data || !schema.data) return <p className="discret" role="status">{t`Chargement…`}</p>;
  const colonnes = colonnesDe(schema.data, undefined, null).filter((c) => c.nom !== onglet.par).slice(0, COLONNES);
  const reste = data.total - data.fiches.length;
  return (
    <>
      {schema.data.actions.includes('creer') ? (
        <p className="onglet-ajout">
          <Lien className="bouton" vers={{ ...depart, page: NOUVELLE, saisie: true, avec: { [onglet.par]: id } }}>
            {t`Ajouter`}
          </Lien>
        </p>
      ) : null}
      {data.fiches.length === 0 ? (
        <p className="discret">{t`Rien pour le moment.`}</p>
      ) : (
        <div className="defilable">
          <table className="tableau">
            <caption className="visuellement-cache">{nom}</caption>
            <thead>
              <tr>
                <th scope="col" className="colonne">{schema.data.libelle}</th>
                {colonnes.map((c) => (
                  <th key={c.nom} scope="col" className={estNombre(c) ? 'colonne colonne-nombre' : 'colonne'}>
                    {c.libelle}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {data.fiches.map((f) => (
                <tr key={f.id} className="ligne">
                  <th scope="row" className="cellule cellule-titre">
                    <Lien vers={{ ...depart, page: f.id }}>{f.titre}</Lien>
                  </th>
                  {colonnes.map((c) => (
                    <td key={c.nom} className={estNombre(c) ? 'cellule nombre' : 'cellule'}>
                      {ecrireChamp(c, f, mots)}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {reste > 0 ? (
        <p className="mention">
          <Lien vers={{ ...depart, filtre: `${onglet.par} = ${litteral(id)}` }}>{plural(reste, { one: 'Voir # autre ligne', other: 'Voir # autres lignes' })}</Lien>
        </p>
      ) : null}
    </>
  );
}
