import { useEffect, useId } from 'react';
import { useLingui } from '@lingui/react/macro';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { travailQuery } from '../../api/queries';
import { JobCard } from '../../jobs/JobCard';
import { dropTravail } from '../../jobs/mesTravaux';
import { fini } from '../../jobs/useTravail';
import { cleLignes } from '../api/requetes';
import type { Objet } from '../api/types';
import { Lien } from '../cadre/Lien';
import type { Adresse } from '../url/adresse';
import { updateAdresse } from '../url/useAdresse';
import type { FichierDepose } from './formes';

interface Props {
  objet: Objet;
  depose: FichierDepose;
  travail: string;
  liste: Adresse;
}

/** An import that was launched: how far it is, what came of it, the rows it refused as a file. */
export function SuiviImport({ objet, depose, travail, liste }: Props) {
  const { t } = useLingui();
  const id = useId();
  const client = useQueryClient();
  // The card follows the job; here its end is only noticed.
  const { data } = useQuery({ ...travailQuery(travail), enabled: false });
  const termine = data !== undefined && fini(data);
  useEffect(() => {
    if (termine) void client.invalidateQueries({ queryKey: cleLignes(objet.module, objet.objet) });
  }, [termine, client, objet.module, objet.objet]);
  return (
    <section className="import-pas" aria-labelledby={id}>
      <h2 id={id}>{t`L’import de « ${depose.nom} »`}</h2>
      <ul className="travaux">
        <JobCard
          id={travail}
          recent
          onOublier={(oublie) => {
            dropTravail(oublie);
            updateAdresse({ depot: null });
          }}
        />
      </ul>
      {data?.resultat ? <p className="discret">{t`Les lignes refusées sont dans le fichier ci-dessus, avec leur motif : corrigez-les, puis importez-le.`}</p> : null}
      {termine ? (
        <p>
          <Lien vers={liste} className="bouton">
            {t`Voir la liste`}
          </Lien>
        </p>
      ) : null}
    </section>
  );
}
