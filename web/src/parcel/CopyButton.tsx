import { useEffect, useState, type ReactNode } from 'react';
import { Button } from 'react-aria-components';
import { useLingui } from '@lingui/react/macro';

const CONFIRMATION_MS = 2500;

/** Puts `texte` in the clipboard, without the clipboard API where the page is not secure (plain HTTP on a LAN). */
export async function copier(texte: string): Promise<boolean> {
  if ('clipboard' in navigator) {
    try {
      await navigator.clipboard.writeText(texte);
      return true;
    } catch {
      // Refused by the browser: the older way below may still be allowed.
    }
  }
  const area = document.createElement('textarea');
  area.value = texte;
  area.className = 'visuellement-cache';
  document.body.append(area);
  area.select();
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- the only way left without a secure context
  const done = document.execCommand('copy');
  area.remove();
  return done;
}

interface Props {
  texte: () => string;
  /** What is copied, for the button's name. */
  nom: string;
  className?: string;
  children: ReactNode;
}

/** Copies a text and says so, in the button and aloud. */
export function CopyButton({ texte, nom, className = 'bouton', children }: Props) {
  const { t } = useLingui();
  const [etat, setEtat] = useState<'copie' | 'refus' | null>(null);
  useEffect(() => {
    if (etat === null) return;
    const timer = setTimeout(() => {
      setEtat(null);
    }, CONFIRMATION_MS);
    return () => {
      clearTimeout(timer);
    };
  }, [etat]);
  const message = etat === 'copie' ? t`Copié` : etat === 'refus' ? t`Copie refusée` : null;

  return (
    <>
      <Button
        className={className}
        aria-label={nom}
        onPress={() => {
          const value = texte();
          void copier(value).then((done) => {
            setEtat(done ? 'copie' : 'refus');
          });
        }}
      >
        {children}
        {message ? (
          <span className="bulle" aria-hidden="true">
            {message}
          </span>
        ) : null}
      </Button>
      <span className="visuellement-cache" role="status">
        {message}
      </span>
    </>
  );
}
