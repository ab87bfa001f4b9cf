import { useEffect, useRef, type ReactNode } from 'react';
import { msg, plural } from '@lingui/core/macro';
import { useLingui } from '@lingui/react/macro';
import type { MessageDescriptor } from '@lingui/core';

export interface Ligne {
  ligne: number;
  texte: string;
  etat: 'trouvee' | 'servie' | 'inconnue' | 'illisible' | 'double' | 'ambigue' | 'refusee';
  message: string | null;
}

/** What each state says, and what to do about it. */
const ETATS: Record<Ligne['etat'], { nom: MessageDescriptor; conseil: MessageDescriptor | null }> = {
  trouvee: { nom: msg`trouvée`, conseil: null },
  servie: { nom: msg`servie`, conseil: null },
  double: { nom: msg`déjà dans la liste`, conseil: msg`Rien à faire : elle n’est prise qu’une fois.` },
  inconnue: { nom: msg`inconnue`, conseil: msg`Vérifiez la section et le numéro, ou la commune.` },
  illisible: { nom: msg`illisible`, conseil: msg`Écrivez « AB 145 » ou un identifiant de 14 caractères.` },
  ambigue: { nom: msg`ambiguë`, conseil: msg`Précisez la commune ou donnez l’identifiant de 14 caractères.` },
  refusee: { nom: msg`refusée`, conseil: null },
};

const BONNES: readonly Ligne['etat'][] = ['trouvee', 'servie'];
/** Good lines are only counted past this many: nobody reads them one by one. */
const MAX_LIGNES = 500;

function Tableau({ lignes, titre }: { lignes: readonly Ligne[]; titre: string }) {
  const { t, i18n } = useLingui();
  return (
    <table className="rapport">
      <caption className="visuellement-cache">{titre}</caption>
      <thead>
        <tr>
          <th scope="col">{t`Ligne`}</th>
          <th scope="col">{t`Texte`}</th>
          <th scope="col">{t`État`}</th>
        </tr>
      </thead>
      <tbody>
        {lignes.slice(0, MAX_LIGNES).map((l, i) => {
          const { nom, conseil } = ETATS[l.etat];
          return (
            // A line may hold several references, each with its answer.
            <tr key={`${String(l.ligne)}-${String(i)}`} data-etat={l.etat}>
              <td className="nombre">{l.ligne}</td>
              <td className="rapport-texte">{l.texte}</td>
              <td>
                <strong>{i18n._(nom)}</strong>
                {l.message || conseil ? <span className="discret rapport-conseil">{l.message ?? (conseil ? i18n._(conseil) : null)}</span> : null}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

interface Props {
  lignes: readonly Ligne[];
  /** Takes the focus when it comes: it is the answer to what was just asked. */
  focus?: boolean;
  children?: ReactNode;
}

/** What became of each line of a list: those to mend first, the good ones folded. */
export function LineReport({ lignes, focus = false, children }: Props) {
  const { t } = useLingui();
  const titre = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (focus) titre.current?.focus();
  }, [focus, lignes]);
  const bonnes = lignes.filter((l) => BONNES.includes(l.etat));
  const autres = lignes.filter((l) => !BONNES.includes(l.etat));
  // A report may tell only what was refused: it does not say that nothing was done.
  const resume =
    bonnes.length === 0 && autres.length > 0
      ? plural(autres.length, { one: '# ligne à regarder', other: '# lignes à regarder' })
      : [
          plural(bonnes.length, { 0: 'Aucune ligne servie', one: '# ligne servie', other: '# lignes servies' }),
          ...(autres.length > 0 ? [plural(autres.length, { one: '# à regarder', other: '# à regarder' })] : []),
        ].join(', ');
  return (
    <section className="rapport-bloc" aria-label={t`Réponse ligne par ligne`}>
      <h3 ref={titre} tabIndex={-1}>
        {resume}
      </h3>
      {children}
      {autres.length > 0 ? <Tableau lignes={autres} titre={t`Lignes à regarder`} /> : null}
      {bonnes.length > 0 ? (
        <details>
          <summary>{t`Lignes servies`}</summary>
          <Tableau lignes={bonnes} titre={t`Lignes servies`} />
          {bonnes.length > MAX_LIGNES ? <p className="discret">{t`Seules les ${MAX_LIGNES} premières sont montrées.`}</p> : null}
        </details>
      ) : null}
    </section>
  );
}
