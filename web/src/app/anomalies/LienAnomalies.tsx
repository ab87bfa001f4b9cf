import { plural } from '@lingui/core/macro';
import { useQuery } from '@tanstack/react-query';
import type { Objet } from '../api/types';
import { Lien } from '../cadre/Lien';
import { ANOMALIES, type Adresse } from '../url/adresse';
import { anomaliesQuery } from './requetes';

/** How many anomalies last, and the way to them; nothing where there is none. */
export function LienAnomalies({ objet, adresse }: { objet: Objet; adresse: Adresse }) {
  const { data } = useQuery(anomaliesQuery(objet.module, objet.objet, { levees: false, cle: null, rang: 0, limite: 1 }));
  if (!data || data.total === 0) return null;
  return (
    <Lien className="bouton" vers={{ ...adresse, page: ANOMALIES, fiche: null, saisie: false, selection: [] }}>
      {plural(data.total, { one: '# anomalie', other: '# anomalies' })}
    </Lien>
  );
}
