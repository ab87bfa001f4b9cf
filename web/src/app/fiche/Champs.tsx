import { useLingui } from '@lingui/react/macro';
import type { ChampSchema, Fiche, Objet } from '../api/types';
import { ChoixFinalite } from '../personnel/ChoixFinalite';
import { estOuvert, peutOuvrir } from '../personnel/champs';
import { useFinalite } from '../personnel/useFinalite';
import { contexteDe, estVisible } from '../saisie/conditions';
import { ImageJointe } from './ImageJointe';
import { ValeurChamp } from './ValeurChamp';

interface Groupe {
  id: string;
  libelle: string | null;
  champs: ChampSchema[];
}

/** Fields by group, in the order of the manifest; those of no group come last, alone they have no heading. */
export function grouperChamps(objet: Objet, champs: readonly ChampSchema[]): Groupe[] {
  const connus = new Set(objet.groupes.map((g) => g.id));
  const seuls = champs.filter((c) => c.groupe === null || !connus.has(c.groupe));
  const groupes = objet.groupes.map((g) => ({ id: g.id, libelle: g.libelle, champs: champs.filter((c) => c.groupe === g.id) }));
  return [...groupes, { id: '', libelle: null, champs: seuls }].filter((g) => g.champs.length > 0);
}

/** The fields of a row, by group, each with its label. */
export function Champs({ objet, fiche }: { objet: Objet; fiche: Fiche }) {
  const { t } = useLingui();
  const [finalite] = useFinalite(objet);
  const contexte = contexteDe(objet);
  const visibles = objet.champs.filter((c) => c.genre !== 'geometrie' && peutOuvrir(objet, c) && estVisible(c, fiche.champs, contexte));
  return (
    <div className="fiche-champs">
      <ChoixFinalite objet={objet} />
      {grouperChamps(objet, visibles).map((g) => (
        <section key={g.id} className="fiche-section" aria-label={g.libelle ?? t`Informations`}>
          {g.libelle === null ? null : <h3>{g.libelle}</h3>}
          <dl className="faits">
            {g.champs.map((c) => (
              <div key={c.nom} data-champ={c.nom}>
                <dt>{c.libelle}</dt>
                <dd>
                  {estOuvert(c, finalite) ? <ValeurChamp champ={c} fiche={fiche} /> : <span className="discret">{t`masqué`}</span>}
                </dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
      <ImageJointe objet={objet} fiche={fiche} />
    </div>
  );
}
