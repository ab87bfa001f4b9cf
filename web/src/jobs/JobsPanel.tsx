import { useCallback, useState } from 'react';
import { useLingui } from '@lingui/react/macro';
import { Panel } from '../shell/Panel';
import { JobCard } from './JobCard';
import { dropTravail, readTravaux } from './mesTravaux';

interface Props {
  focus: number;
  /** What is said of an empty list, where it is not that of the map. */
  vide?: string;
  onFermer: () => void;
}

/** The long tasks this browser asked for, newest first. */
export default function JobsPanel({ focus, vide, onFermer }: Props) {
  const { t } = useLingui();
  const [ids, setIds] = useState(readTravaux);
  const oublier = useCallback((id: string) => {
    setIds(dropTravail(id));
    document.getElementById('titre-travaux')?.focus();
  }, []);
  return (
    <Panel id="travaux" cote="droit" titre={t`Travaux`} nomFermer={t`Fermer les travaux`} onFermer={onFermer} focus={focus}>
      {ids.length === 0 ? (
        <p className="discret">{vide ?? t`Aucun travail en mémoire. Choisissez des parcelles dans « Sélection », puis demandez leurs extraits : ils apparaîtront ici.`}</p>
      ) : (
        <ul className="travaux">
          {ids.map((id, i) => (
            <JobCard key={id} id={id} recent={i === 0} onOublier={oublier} />
          ))}
        </ul>
      )}
    </Panel>
  );
}
