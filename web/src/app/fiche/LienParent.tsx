import { useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { Lien } from '../cadre/Lien';
import { ficheQuery, modulesQuery } from '../api/requetes';
import type { Fiche, Objet } from '../api/types';
import { mereDe } from './maison';

interface Props {
  objet: Objet;
  /** Null for a new row. */
  fiche: Fiche | null;
  avec: Readonly<Record<string, string>>;
}

/** The way back to the row that this one belongs to, on the tab where it stands; nothing where it belongs to none. */
export function LienParent({ objet, fiche, avec }: Props) {
  const { t } = useLingui();
  const mere = mereDe(objet, fiche, avec);
  const { data: ouverts } = useQuery(modulesQuery);
  const nature = ouverts?.modules.find((m) => m.id === mere?.module)?.objets.find((o) => o.id === mere?.objet);
  const { data } = useQuery({ ...ficheQuery(mere?.module ?? '', mere?.objet ?? '', mere?.page ?? ''), staleTime: 60_000, enabled: mere !== null && nature !== undefined });
  if (mere === null || nature === undefined) return null;
  const nom = data?.titre;
  return (
    <p className="fiche-mere">
      <Lien vers={mere}>
        <span aria-hidden="true">← </span>
        {nom === undefined ? nature.libelle : t`${nature.libelle} « ${nom} »`}
      </Lien>
    </p>
  );
}
