import { plural } from '@lingui/core/macro';
import { useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { fichiersQuery } from '../api/requetes';
import type { Fiche, Objet } from '../api/types';
import { Lien } from '../cadre/Lien';
import { useAdresse } from '../url/useAdresse';
import { Image } from './Image';
import { seMontre } from './images';

/** The last picture attached to a row, on its sheet: what it looks like is seen without asking. The others are among its files. */
export function ImageJointe({ objet, fiche }: { objet: Objet; fiche: Fiche }) {
  const { t } = useLingui();
  const adresse = useAdresse();
  const { data } = useQuery(fichiersQuery(objet.module, objet.objet, fiche.id));
  // Those that a field shows have their place already.
  const montrees = new Set(objet.champs.flatMap((c) => (c.genre === 'fichier' ? [fiche.champs[c.nom]] : [])));
  const images = (data ?? []).filter((joint) => seMontre(joint) && !montrees.has(joint.id)).toSorted((a, b) => b.creee_le.localeCompare(a.creee_le));
  const [derniere, ...autres] = images;
  if (!derniere) return null;
  return (
    <section className="fiche-section" aria-label={t`Image jointe`}>
      <h3>{t`Image jointe`}</h3>
      <Image id={derniere.id} nom={derniere.nom} />
      {autres.length === 0 ? null : (
        <p className="mention">
          <Lien vers={{ ...adresse, onglet: 'fichiers' }}>{plural(autres.length, { one: 'Une autre parmi les fichiers', other: '# autres parmi les fichiers' })}</Lien>
        </p>
      )}
    </section>
  );
}
