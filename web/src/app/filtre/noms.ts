import { msg } from '@lingui/core/macro';
import type { MessageDescriptor } from '@lingui/core';
import type { GenreChamp } from '../api/types';
import type { Operateur } from './modele';

const NOMS: Readonly<Record<Operateur, MessageDescriptor>> = {
  egal: msg`est égal à`,
  different: msg`est différent de`,
  contient: msg`contient`,
  commence: msg`commence par`,
  moins: msg`au plus`,
  plus: msg`au moins`,
  entre: msg`entre`,
  depuis: msg`depuis`,
  parmi: msg`est l’un de`,
  hors: msg`n’est aucun de`,
  vrai: msg`oui`,
  faux: msg`non`,
  vide: msg`est vide`,
  rempli: msg`est renseigné`,
};

const DATES: Readonly<Partial<Record<Operateur, MessageDescriptor>>> = {
  egal: msg`est le`,
  moins: msg`jusqu’au`,
  plus: msg`à partir du`,
};

/** How an operator is said of a field of this kind. */
export function nomOperateur(operateur: Operateur, genre: GenreChamp): MessageDescriptor {
  return (genre === 'date' || genre === 'instant' ? DATES[operateur] : undefined) ?? NOMS[operateur];
}

/** Spans a date may be « since ». */
export const DUREES: readonly { duree: string; nom: MessageDescriptor }[] = [
  { duree: 'P7D', nom: msg`7 jours` },
  { duree: 'P30D', nom: msg`30 jours` },
  { duree: 'P3M', nom: msg`3 mois` },
  { duree: 'P6M', nom: msg`6 mois` },
  { duree: 'P1Y', nom: msg`1 an` },
  { duree: 'P5Y', nom: msg`5 ans` },
];
