import { useQuery } from '@tanstack/react-query';
import { useLingui } from '@lingui/react/macro';
import { configurationQuery } from '../../api/queries';
import { schemaQuery } from '../api/requetes';
import { Defaut } from '../cadre/Defaut';
import { useAdresse } from '../url/useAdresse';
import { SaisieSerie } from './SaisieSerie';

/** Rows made together along a line: what they are at the left, what they will be on the map. */
export default function PageSerie() {
  const { t } = useLingui();
  const adresse = useAdresse();
  const { data, error, refetch } = useQuery(schemaQuery(adresse.module ?? '', adresse.objet ?? ''));
  const configuration = useQuery(configurationQuery);
  if (error) return <Defaut erreur={error} onReprendre={() => void refetch()} />;
  if (!data || !configuration.data) return <p className="attente" role="status">{t`Chargement…`}</p>;
  if (!data.serie || !data.actions.includes('creer')) {
    return <p className="page-import" role="alert">{t`Ces fiches ne se créent pas en série, ou votre compte ne permet pas de les créer.`}</p>;
  }
  return <SaisieSerie objet={data} adresse={adresse} configuration={configuration.data} />;
}
