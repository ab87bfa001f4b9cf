/** Files the server makes: asked by the page, so that a refusal is said in it. */
import { ask } from '../../api/client';

export interface Fichier {
  nom: string;
  contenu: Blob;
}

/** The file name of an answer: `filename*` first, which holds letters with accents. */
export function nomFichier(disposition: string | null, defaut: string): string {
  const [, code] = /filename\*=UTF-8''([^;\s]+)/i.exec(disposition ?? '') ?? [];
  if (code !== undefined) {
    try {
      return decodeURIComponent(code).replace(/[/\\]/g, '-');
    } catch {
      // Written wrongly: the plain name is taken.
    }
  }
  const [, simple] = /filename="([^"/\\]+)"/i.exec(disposition ?? '') ?? [];
  return simple ?? defaut;
}

/** The file at an address; throws the server's own sentence when it is refused. */
export async function demanderFichier(adresse: string, defaut: string): Promise<Fichier> {
  const response = await ask(adresse, { headers: { accept: '*/*' } });
  return { nom: nomFichier(response.headers.get('content-disposition'), defaut), contenu: await response.blob() };
}

/** Gives a file to the reader, as a link that downloads would. */
export function remettre({ nom, contenu }: Fichier): void {
  const adresse = URL.createObjectURL(contenu);
  const lien = document.createElement('a');
  lien.href = adresse;
  lien.download = nom;
  lien.click();
  // The browser reads it a moment after.
  setTimeout(() => URL.revokeObjectURL(adresse), 60_000);
}
