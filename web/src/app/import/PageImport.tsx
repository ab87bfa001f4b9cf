import { useEffect, useRef } from 'react';
import { useLingui } from '@lingui/react/macro';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Defaut } from '../cadre/Defaut';
import { Lien } from '../cadre/Lien';
import { schemaQuery } from '../api/requetes';
import { updateAdresse, useAdresse } from '../url/useAdresse';
import { Assistant } from './Assistant';
import { ChoixFichier } from './ChoixFichier';
import { importQuery } from './requetes';

/** A file becomes rows: chosen, matched, tried, launched. The address holds the file laid down, so that a reload goes on. */
export default function PageImport() {
  const { t } = useLingui();
  const client = useQueryClient();
  const adresse = useAdresse();
  const { module, objet, depot } = adresse;
  const schema = useQuery(schemaQuery(module ?? '', objet ?? ''));
  const depose = useQuery({ ...importQuery(module ?? '', objet ?? '', depot ?? ''), enabled: depot !== null });
  const titre = useRef<HTMLHeadingElement>(null);
  const charge = schema.data !== undefined;
  useEffect(() => {
    titre.current?.focus({ preventScroll: true });
  }, [charge]);
  if (schema.error) return <Defaut erreur={schema.error} onReprendre={() => void schema.refetch()} />;
  if (!schema.data) return <p className="attente" role="status">{t`Chargement…`}</p>;
  const { data } = schema;
  const liste = { ...adresse, page: null, depot: null };
  return (
    <div className="page-import">
      <nav aria-label={t`Fil d’Ariane`}>
        <Lien vers={liste}>{data.pluriel}</Lien>
      </nav>
      <h1 ref={titre} tabIndex={-1}>{t`Importer un fichier : ${data.pluriel}`}</h1>
      {data.actions.includes('creer') ? (
        <>
          <ChoixFichier
            objet={data}
            depose={depot === null ? null : (depose.data ?? null)}
            onDepose={(fait) => {
              client.setQueryData(importQuery(data.module, data.objet, fait.id).queryKey, fait);
              updateAdresse({ depot: fait.id });
            }}
          />
          {depot === null ? null : depose.error ? (
            <Defaut erreur={depose.error} onReprendre={() => void depose.refetch()} />
          ) : depose.data ? (
            <Assistant key={depot} objet={data} depose={depose.data} liste={liste} />
          ) : (
            <p className="attente" role="status">{t`Lecture du fichier…`}</p>
          )}
        </>
      ) : (
        <p role="alert">{t`Votre compte ne permet pas de créer ces fiches : demandez-en le droit à l’administrateur de votre collectivité.`}</p>
      )}
    </div>
  );
}
