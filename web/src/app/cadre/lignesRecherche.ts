/** What the search of the header shows: rows by object, each object with a way to all its results, then places. */
import type { GenreResultat, Resultat } from '../../api/types';
import { grouper } from '../../search/genres';
import { ETAT_INITIAL, writeEtat } from '../../url/state';
import type { Module } from '../api/types';
import { ADRESSE_INITIALE, readAdresse, type Adresse } from '../url/adresse';

/** Where a line leads: inside the application, or to another page. */
export type Destination = { dedans: Adresse } | { dehors: string };

export interface LigneRecherche {
  cle: string;
  nom: string;
  precision: string;
  /** A result, or all those of its object. */
  tous: boolean;
  vers: Destination;
}

export interface GroupeRecherche {
  cle: string;
  /** Of rows, the plural of their object; of places, null: the kind has a name of its own. */
  titre: string | null;
  genre: GenreResultat;
  lignes: LigneRecherche[];
}

/** Closest look at a place that is found. */
const ZOOM = 18;

/** The address of a row's sheet, null when it is not one of this application. */
function ficheDe({ properties }: Resultat): Adresse | null {
  const url = properties.url ?? '';
  if (!url.startsWith('/app/')) return null;
  const [chemin = '', reste = ''] = url.split('?');
  const lue = readAdresse(chemin, reste === '' ? '' : `?${reste}`, '');
  return lue.module !== null && lue.objet !== null && (lue.page ?? lue.fiche) !== null ? lue : null;
}

/** The map on a place; on the parcel itself when it is one. */
function carteSur({ properties, geometry }: Resultat): string {
  const position = geometry?.coordinates ?? null;
  const parcelle = properties.type === 'parcelle' ? properties.id : null;
  const repere = position !== null && (properties.type === 'housenumber' || properties.type === 'coordonnees');
  const vue = position === null ? null : { zoom: ZOOM, lon: position[0], lat: position[1] };
  return `/carte${writeEtat({ ...ETAT_INITIAL, parcelle, q: properties.name, repere: repere ? position : null, vue: parcelle === null ? vue : null })}`;
}

function groupesDeFiches(fiches: readonly Resultat[], q: string, modules: readonly Module[]): GroupeRecherche[] {
  const groupes: GroupeRecherche[] = [];
  for (const resultat of fiches) {
    const vers = ficheDe(resultat);
    if (vers === null) continue;
    const cle = `${vers.module ?? ''}/${vers.objet ?? ''}`;
    const { properties } = resultat;
    let groupe = groupes.find((g) => g.cle === cle);
    if (!groupe) {
      const objet = modules.find((m) => m.id === vers.module)?.objets.find((o) => o.id === vers.objet);
      groupe = { cle, titre: objet?.pluriel ?? properties.context, genre: 'fiche', lignes: [] };
      groupes.push(groupe);
    }
    groupe.lignes.push({ cle: properties.id, nom: properties.name, precision: properties.city, tous: false, vers: { dedans: vers } });
  }
  return groupes.map((g) => {
    const [module = '', objet = ''] = g.cle.split('/');
    const tous: LigneRecherche = { cle: `${g.cle}/tous`, nom: g.titre ?? '', precision: '', tous: true, vers: { dedans: { ...ADRESSE_INITIALE, module, objet, q } } };
    return { ...g, lignes: [...g.lignes, tous] };
  });
}

/** Rows first: they are what is worked on here. */
export function groupesDe(resultats: readonly Resultat[], q: string, modules: readonly Module[]): GroupeRecherche[] {
  const lieux = grouper(resultats.filter((r) => r.properties.type !== 'fiche')).map(
    ({ genre, resultats: siens }): GroupeRecherche => ({
      cle: genre,
      titre: null,
      genre,
      lignes: siens.map((r) => ({
        cle: `${genre}-${r.properties.id}`,
        nom: r.properties.name,
        precision: r.properties.city === r.properties.name ? r.properties.context : r.properties.city,
        tous: false,
        vers: { dehors: carteSur(r) },
      })),
    }),
  );
  return [...groupesDeFiches(resultats.filter((r) => r.properties.type === 'fiche'), q, modules), ...lieux];
}
