/** Gives a file to the browser, as a link followed would. */
export function remettre({ nom, contenu }: { nom: string; contenu: Blob }): void {
  const url = URL.createObjectURL(contenu);
  const lien = document.createElement('a');
  lien.href = url;
  lien.download = nom;
  lien.click();
  // The browser has taken it by then.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
