import { useQuery } from '@tanstack/react-query';
import { ficheQuery } from '../api/requetes';

interface Props {
  reference: { module: string | null; objet: string } | null;
  id: string;
}

/** The name of a row that is known by its key alone; the key until it comes. */
export function NomFiche({ reference, id }: Props) {
  const module = reference?.module ?? '';
  const { data } = useQuery({ ...ficheQuery(module, reference?.objet ?? '', id), staleTime: 60_000, enabled: module !== '' });
  return <>{data?.titre ?? id}</>;
}
