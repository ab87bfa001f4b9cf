import { useRef } from 'react';
import { MAX_TEXTE } from './geometrie';

interface Props {
  libelle: string;
  accept: string;
  onTexte: (texte: string, nom: string) => void;
  onTropGros: (nom: string) => void;
}

/** A button that opens the file chooser and gives the file's text. */
export function FileField({ libelle, accept, onTexte, onTropGros }: Props) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <button type="button" className="bouton" onClick={() => input.current?.click()}>
        {libelle}
      </button>
      <input
        ref={input}
        type="file"
        accept={accept}
        aria-label={libelle}
        hidden
        onChange={(event) => {
          const [file] = event.target.files ?? [];
          // The same file may be chosen again once corrected.
          event.target.value = '';
          if (file) void readFile(file, onTexte, onTropGros);
        }}
      />
    </>
  );
}

/** A file's text; UTF-8, or the Windows set that spreadsheets still write. */
export async function readFile(file: File, onTexte: (texte: string, nom: string) => void, onTropGros: (nom: string) => void): Promise<void> {
  if (file.size > MAX_TEXTE) {
    onTropGros(file.name);
    return;
  }
  const bytes = await file.arrayBuffer();
  let texte: string;
  try {
    texte = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    texte = new TextDecoder('windows-1252').decode(bytes);
  }
  onTexte(texte, file.name);
}
