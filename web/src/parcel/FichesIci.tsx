import { useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { getJson } from '../api/client';
import type { Configuration } from '../api/types';
import type { FicheDessinee } from '../map/selection';

type Couche = Configuration['couches'][number];

interface Props {
  fiches: readonly FicheDessinee[];
  couches: readonly Couche[];
}

/** A row by its name, that opens it in the agents' application; by its layer until its name is known. */
function LienFiche({ couche, id }: { couche: Couche; id: string }) {
  const { t } = useLingui();
  const chemin = `${encodeURIComponent(couche.module)}/${encodeURIComponent(couche.objet)}/${encodeURIComponent(id)}`;
  const { data } = useQuery({
    queryKey: ['nom-de-fiche', chemin],
    queryFn: ({ signal }) => getJson<{ titre: string }>(`/api/modules/${chemin}`, signal),
    staleTime: 60_000,
    retry: false,
  });
  const nom = data?.titre ?? couche.libelle;
  return (
    <a className="bouton" href={`/app/${chemin}`}>
      {t`Ouvrir la fiche « ${nom} »`}
    </a>
  );
}

/** The rows of modules drawn where one clicked. */
export function FichesIci({ fiches, couches }: Props) {
  return (
    <div className="fiches-ici">
      {fiches.map(({ couche, id }) => {
        const dite = couches.find((c) => c.id === couche);
        return dite ? <LienFiche key={id} couche={dite} id={id} /> : null;
      })}
    </div>
  );
}
