/** Reads a refusal of the server, whatever it holds. */
import { t } from '@lingui/core/macro';
import { ErreurApi } from '../../api/client';
import { typographier } from '../../format/typographie';
import type { ErreurChamp, Fiche, Manquement, Refus } from './types';

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

function readChamps(body: Record<string, unknown>): ErreurChamp[] {
  const list: unknown[] = Array.isArray(body.champs) ? body.champs : [];
  const read = list.filter(isRecord).flatMap(({ champ, message }) => (typeof champ === 'string' && typeof message === 'string' ? [{ champ, message: typographier(message) }] : []));
  // One field alone is named beside the sentence.
  if (read.length === 0 && typeof body.champ === 'string' && typeof body.detail === 'string') return [{ champ: body.champ, message: typographier(body.detail) }];
  return read;
}

const JOUR = /^\d{4}-\d{2}-\d{2}$/;

/** A rule told by halves cannot be passed over. */
function readManquements(value: unknown): Manquement[] {
  const list: unknown[] = Array.isArray(value) ? value : [];
  return list.filter(isRecord).flatMap(({ regle, article, message, le, passable }) =>
    typeof message === 'string'
      ? [
          {
            regle: typeof regle === 'string' ? regle : '',
            article: typeof article === 'string' ? typographier(article) : '',
            message: typographier(message),
            le: typeof le === 'string' && JOUR.test(le) ? le : null,
            passable: passable === true,
          },
        ]
      : [],
  );
}

function readFiche(value: unknown): Fiche | null {
  return isRecord(value) && typeof value.id === 'string' && typeof value.version === 'number' && isRecord(value.champs) ? (value as unknown as Fiche) : null;
}

/** The refusal an error carries; only its sentence when it comes from elsewhere. */
export function lireRefus(cause: unknown): Refus {
  const body = cause instanceof ErreurApi && isRecord(cause.corps) ? cause.corps : {};
  const versions = isRecord(body.versions) ? body.versions : null;
  return {
    // The server's sentence speaks to programs too; here one signs in again.
    detail: cause instanceof ErreurApi ? (cause.status === 401 ? t`Votre session est fermée : reconnectez-vous, puis recommencez.` : cause.message) : '',
    champs: readChamps(body),
    manquements: readManquements(body.manquements),
    versions:
      versions && typeof versions.demandee === 'number' && typeof versions.actuelle === 'number'
        ? { demandee: versions.demandee, actuelle: versions.actuelle }
        : null,
    fiche: readFiche(body.fiche),
  };
}
