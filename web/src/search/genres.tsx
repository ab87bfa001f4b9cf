import { msg } from '@lingui/core/macro';
import type { MessageDescriptor } from '@lingui/core';
import type { JSX } from 'react';
import type { GenreResultat, Resultat } from '../api/types';
import { IconeAdresse, IconeAnnotation, IconeCommune, IconeCoordonnees, IconeFiche, IconeLieuDit, IconeParcelle, IconeSection, IconeVoie } from '../shell/icones';

interface Genre {
  /** Title of its group in the list. */
  titre: MessageDescriptor;
  Icone: () => JSX.Element;
}

export const GENRES: Record<GenreResultat, Genre> = {
  coordonnees: { titre: msg`Coordonnées`, Icone: IconeCoordonnees },
  parcelle: { titre: msg`Parcelles`, Icone: IconeParcelle },
  section: { titre: msg`Sections`, Icone: IconeSection },
  housenumber: { titre: msg`Adresses`, Icone: IconeAdresse },
  street: { titre: msg`Voies`, Icone: IconeVoie },
  locality: { titre: msg`Lieux-dits`, Icone: IconeLieuDit },
  municipality: { titre: msg`Communes`, Icone: IconeCommune },
  annotation: { titre: msg`Annotations`, Icone: IconeAnnotation },
  fiche: { titre: msg`Fiches`, Icone: IconeFiche },
};

export interface GroupeResultats {
  genre: GenreResultat;
  resultats: Resultat[];
}

/**
 * Results put together by kind. The kind of the best result comes first, so that the first
 * line stays the best one; inside a kind the server's order is kept.
 */
export function grouper(resultats: readonly Resultat[]): GroupeResultats[] {
  const groupes: GroupeResultats[] = [];
  for (const resultat of resultats) {
    const genre = resultat.properties.type;
    if (!(genre in GENRES)) continue;
    const groupe = groupes.find((g) => g.genre === genre);
    if (groupe) groupe.resultats.push(resultat);
    else groupes.push({ genre, resultats: [resultat] });
  }
  return groupes;
}
