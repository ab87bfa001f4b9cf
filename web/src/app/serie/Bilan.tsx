import { plural } from '@lingui/core/macro';
import { useLingui } from '@lingui/react/macro';
import { formatLongueur } from '../../format/nombres';
import { Lien } from '../cadre/Lien';
import { ADRESSE_INITIALE } from '../url/adresse';
import type { Apercu } from './formes';

/** What a preview says in words: how many, which numbers, what is in the way. */
export function Bilan({ module, objet, apercu }: { module: string; objet: string; apercu: Apercu }) {
  const { t } = useLingui();
  const { fiches, chevauchees } = apercu;
  const compte = (garde: (f: Apercu['fiches'][number]) => boolean): number => fiches.filter(garde).length;
  const [chevauchent, dehors] = [compte((f) => f.chevauche), compte((f) => f.dehors)];
  const pris = fiches.filter((f) => f.pris).map((f) => f.numero);
  const [de, a] = [fiches[0]?.numero ?? '', fiches.at(-1)?.numero ?? ''];
  return (
    <div className="serie-bilan" role="status">
      <p>
        <strong>{plural(fiches.length, { one: '# fiche à créer', other: '# fiches à créer' })}</strong> {t`du n° ${de} au n° ${a}, sur une ligne de ${formatLongueur(apercu.ligne_m)}.`}
      </p>
      {pris.length > 0 ? <p className="champ-erreur">{t`Numéros déjà pris : ${pris.slice(0, 8).join(', ')}${pris.length > 8 ? '…' : ''}. Changez le premier numéro, le préfixe ou le complément.`}</p> : null}
      {chevauchent > 0 ? (
        <p className="champ-erreur">
          {plural(chevauchent, { one: '# en chevauche une autre :', other: '# en chevauchent d’autres :' })}{' '}
          {chevauchees.map((c, i) => (
            <span key={c.id}>
              {i > 0 ? ', ' : ''}
              <Lien vers={{ ...ADRESSE_INITIALE, module, objet, fiche: c.id }}>{c.titre}</Lien>
            </span>
          ))}
        </p>
      ) : null}
      {dehors > 0 ? <p className="champ-erreur">{plural(dehors, { one: '# sort de son secteur.', other: '# sortent de leur secteur.' })}</p> : null}
    </div>
  );
}

/** Whether a preview can be made only by accepting what it shows. */
export const aAccepter = ({ fiches }: Apercu): boolean => fiches.some((f) => f.chevauche || f.dehors);

/** Whether it cannot be made at all. */
export const estPrise = ({ fiches }: Apercu): boolean => fiches.some((f) => f.pris);
