import { useId, type ReactNode } from 'react';
import { useLingui } from '@lingui/react/macro';
import type { PropsChamp } from './props';

/** Attributes a control takes to be named, explained and refused aloud. */
export interface Liens {
  id: string;
  'aria-describedby': string | undefined;
  'aria-invalid': boolean;
  'aria-required': boolean;
}

type Props = Pick<PropsChamp, 'champ' | 'requis' | 'erreur'> & { children: (liens: Liens) => ReactNode };

/** The label of a field, its help, its refusal, around its control. */
export function Cadre({ champ, requis, erreur, children }: Props) {
  const { t } = useLingui();
  const id = useId();
  const aide = champ.aide ? `${id}-aide` : '';
  const refus = erreur ? `${id}-erreur` : '';
  const decrit = `${aide} ${refus}`.trim();
  return (
    <div className="champ" data-saisie={champ.nom} data-refuse={erreur ? 'oui' : undefined}>
      <label htmlFor={id} id={`${id}-nom`}>
        {champ.libelle}
        {requis ? <span className="obligatoire"> {t`(obligatoire)`}</span> : null}
      </label>
      {champ.aide ? (
        <p id={aide} className="discret">
          {champ.aide}
        </p>
      ) : null}
      {children({ id, 'aria-describedby': decrit === '' ? undefined : decrit, 'aria-invalid': erreur !== null, 'aria-required': requis })}
      {erreur ? (
        <p id={refus} className="champ-erreur">
          {erreur}
        </p>
      ) : null}
    </div>
  );
}
