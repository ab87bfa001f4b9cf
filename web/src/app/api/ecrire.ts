/** Writes of the application: each names the version it knows, so that nobody's change is lost. */
import { ErreurApi, ask } from '../../api/client';
import { adresseFiche, adresseFichier, adresseObjet } from './adresses';
import type { Ecriture, Fiche, Joint, Valeur } from './types';

const json = { accept: 'application/json', 'content-type': 'application/json' };
/** How the server writes versions in `ETag`. */
const version = (n: number): string => `"${String(n)}"`;

async function ficheOf(response: Response): Promise<Fiche> {
  return (await response.json()) as Fiche;
}

/** Why the rules that the row would break are passed over; said only when they are. */
const outrepassant = (outre: string | null): { passer_outre?: string } => (outre === null ? {} : { passer_outre: outre });

/** The purpose personal fields are written for, in an address. */
const pour = (finalite: string | null): string => (finalite === null ? '' : `?finalite=${encodeURIComponent(finalite)}`);

export async function creerFiche(module: string, objet: string, ecriture: Ecriture, cle: string, finalite: string | null, outre: string | null): Promise<Fiche> {
  return ficheOf(
    await ask(adresseObjet(module, objet) + pour(finalite), { method: 'POST', headers: { ...json, 'idempotency-key': cle }, body: JSON.stringify({ ...ecriture, ...outrepassant(outre) }) }),
  );
}

export async function changerFiche(module: string, objet: string, fiche: Fiche, ecriture: Partial<Ecriture>, finalite: string | null, outre: string | null): Promise<Fiche> {
  return ficheOf(
    await ask(adresseFiche(module, objet, fiche.id) + pour(finalite), {
      method: 'PATCH',
      headers: { ...json, 'if-match': version(fiche.version) },
      body: JSON.stringify({ ...ecriture, ...outrepassant(outre) }),
    }),
  );
}

/** Changes a locked row, for a reason that its history keeps. */
export async function amenderFiche(
  module: string,
  objet: string,
  fiche: Fiche,
  champs: Ecriture['champs'],
  motif: string,
  finalite: string | null,
  outre: string | null,
): Promise<Fiche> {
  return ficheOf(
    await ask(`${adresseFiche(module, objet, fiche.id)}/avenants${pour(finalite)}`, {
      method: 'POST',
      headers: { ...json, 'if-match': version(fiche.version) },
      body: JSON.stringify({ champs, motif, ...outrepassant(outre) }),
    }),
  );
}

export async function archiverFiche(module: string, objet: string, { id, version: n }: Fiche): Promise<void> {
  await ask(adresseFiche(module, objet, id), { method: 'DELETE', headers: { 'if-match': version(n) } });
}

async function agir(module: string, objet: string, { id, version: n }: Fiche, action: string, body: unknown): Promise<void> {
  await ask(`${adresseFiche(module, objet, id)}/${action}`, {
    method: 'POST',
    headers: { ...json, 'if-match': version(n) },
    body: JSON.stringify(body),
  });
}

export async function desarchiverFiche(module: string, objet: string, { id, version: n }: Fiche): Promise<void> {
  await ask(`${adresseFiche(module, objet, id)}/desarchiver`, { method: 'POST', headers: { 'if-match': version(n) } });
}

export const annulerPas = (module: string, objet: string, fiche: Fiche, rang: number): Promise<void> => agir(module, objet, fiche, 'annuler', { rang });

/** What is said with a step: the fields it requires, the purpose of the document it makes, why rules are passed over. */
export interface DitAvecEtape {
  champs: Record<string, Valeur>;
  finalite: string | null;
  outre: string | null;
}

export const franchirEtape = (module: string, objet: string, fiche: Fiche, etape: string, { champs, finalite, outre }: DitAvecEtape): Promise<void> =>
  agir(module, objet, fiche, `etapes/${encodeURIComponent(etape)}${pour(finalite)}`, { champs, ...outrepassant(outre) });

/** Attaches a file; the answer lists those of the row. */
export async function joindre(module: string, objet: string, id: string, fichier: File): Promise<Joint[]> {
  const body = new FormData();
  body.append('fichier', fichier, fichier.name);
  const response = await ask(`${adresseFiche(module, objet, id)}/fichiers`, { method: 'POST', body });
  return (await response.json()) as Joint[];
}

export async function retirerFichier(id: string): Promise<void> {
  await ask(adresseFichier(id), { method: 'DELETE' });
}

export async function rattacher(module: string, objet: string, id: string, lien: { couche: string; role: string; entite: string }): Promise<void> {
  await ask(`${adresseFiche(module, objet, id)}/rattachements`, { method: 'POST', headers: json, body: JSON.stringify(lien) });
}

export async function detacher(module: string, objet: string, id: string, rattachement: string): Promise<void> {
  await ask(`${adresseFiche(module, objet, id)}/rattachements/${encodeURIComponent(rattachement)}`, { method: 'DELETE' });
}

/** Gives the place of a feature that is gone from the plan to others. */
export async function confirmerRattachement(module: string, objet: string, id: string, rattachement: string, entites: readonly string[]): Promise<void> {
  await ask(`${adresseFiche(module, objet, id)}/rattachements/${encodeURIComponent(rattachement)}/confirmer`, { method: 'POST', headers: json, body: JSON.stringify({ entites }) });
}

/** Whether the server answered that the row has changed meanwhile. */
export const estDepassee = (cause: unknown): boolean => cause instanceof ErreurApi && cause.status === 412;

/** Whether the server no longer knows who asks. */
export const estFermee = (cause: unknown): boolean => cause instanceof ErreurApi && cause.status === 401;
