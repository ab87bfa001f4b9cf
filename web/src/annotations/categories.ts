import { msg } from '@lingui/core/macro';
import type { MessageDescriptor } from '@lingui/core';
import type { CategorieAnnotation } from '../api/types';

/** What an annotation is about, as people read it. */
export const CATEGORIES: Record<CategorieAnnotation, MessageDescriptor> = {
  note: msg`Note`,
  a_verifier: msg`À vérifier`,
  projet: msg`Projet`,
  travaux: msg`Travaux`,
};
