import { useEffect, useRef, type ReactNode } from 'react';
import { plural } from '@lingui/core/macro';

export interface ErreurMontree {
  champ: string;
  libelle: string;
  message: string;
}

/** Puts the keyboard in the control of a field. */
export function allerAuChamp(champ: string): void {
  document
    .querySelector<HTMLElement>(`[data-saisie="${CSS.escape(champ)}"]`)
    ?.querySelector<HTMLElement>('input, textarea, select, [role="spinbutton"], [contenteditable="true"], button')
    ?.focus();
}

/** All that is refused, above the form: each line leads to its field. `tour` grows at each refusal, and takes the keyboard here. */
export function Resume({ erreurs, general, tour, children }: { erreurs: readonly ErreurMontree[]; general: string; tour: number; children?: ReactNode }) {
  const boite = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (tour > 0) boite.current?.focus();
  }, [tour]);
  if (erreurs.length === 0 && general === '') return null;
  return (
    <div ref={boite} className="resume" role="alert" tabIndex={-1}>
      {general === '' ? null : <p>{general}</p>}
      {children}
      {erreurs.length === 0 ? null : (
        <>
          <h3>{plural(erreurs.length, { one: 'Un champ est à corriger', other: '# champs sont à corriger' })}</h3>
          <ul>
            {erreurs.map((e) => (
              <li key={e.champ}>
                <button type="button" className="lien" onClick={() => allerAuChamp(e.champ)}>
                  {e.libelle}
                </button>
                {`\u00a0: ${e.message}`}
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}
