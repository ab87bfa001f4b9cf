import { useEffect, useId, useRef, useState } from 'react';
import { useLingui } from '@lingui/react/macro';
import { keepPreviousData, queryOptions, useQuery } from '@tanstack/react-query';
import { getJson } from '../../api/client';
import type { components } from '../../api/openapi';
import { useDebounced } from '../../search/useDebounced';
import { Defaut } from '../cadre/Defaut';
import { useAdresse } from '../url/useAdresse';
import { TableChiffres } from './TableChiffres';

type Chiffres = components['schemas']['Chiffres'];
const REPIT_MS = 350;

const bilanQuery = (module: string, bilan: string, poses: Readonly<Record<string, number>>) => {
  const parametres = Object.entries(poses).map(([nom, valeur]) => `${nom}:${String(valeur)}`).join(',');
  return queryOptions({
    queryKey: ['bilan', module, bilan, parametres],
    queryFn: ({ signal }) =>
      getJson<Chiffres>(`/api/bilans/${encodeURIComponent(module)}/${encodeURIComponent(bilan)}${parametres === '' ? '' : `?${new URLSearchParams({ parametres }).toString()}`}`, signal),
    placeholderData: keepPreviousData,
    staleTime: 0,
    retry: false,
  });
};

/** Tables of figures of a module, counted on what the account may read. */
export default function PageBilan() {
  const { t } = useLingui();
  const { module, objet } = useAdresse();
  const id = useId();
  const [textes, setTextes] = useState<Record<string, string>>({});
  const poses = useDebounced(textes, REPIT_MS);
  const nombres = Object.fromEntries(Object.entries(poses).flatMap(([nom, texte]) => (/^-?\d{1,7}$/.test(texte) ? [[nom, Number(texte)]] : [])));
  const { data, error, refetch, isPlaceholderData } = useQuery(bilanQuery(module ?? '', objet ?? '', nombres));
  const titre = useRef<HTMLHeadingElement>(null);
  const charge = data !== undefined;
  useEffect(() => {
    titre.current?.focus({ preventScroll: true });
  }, [charge]);
  useEffect(() => {
    if (data) document.title = `${data.libelle} – Finage`;
  }, [data]);
  if (error) return <Defaut erreur={error} onReprendre={() => void refetch()} />;
  if (!data) return <p className="attente" role="status">{t`Chargement…`}</p>;
  return (
    <div className="page-bilan" aria-busy={isPlaceholderData}>
      <h1 ref={titre} tabIndex={-1}>{data.libelle}</h1>
      {data.description ? <p>{data.description}</p> : null}
      {data.parametres.length > 0 ? (
        <div className="bilan-parametres">
          {data.parametres.map((p) => (
            <div key={p.id} className="champ">
              <label htmlFor={`${id}-${p.id}`}>{p.libelle}</label>
              <input
                id={`${id}-${p.id}`}
                className="saisie"
                type="number"
                min={p.min}
                max={p.max}
                value={textes[p.id] ?? String(p.valeur)}
                onChange={(event) => setTextes({ ...textes, [p.id]: event.target.value })}
              />
            </div>
          ))}
        </div>
      ) : null}
      {data.tables.map((table) => (
        <TableChiffres key={table.id} table={table} />
      ))}
    </div>
  );
}
