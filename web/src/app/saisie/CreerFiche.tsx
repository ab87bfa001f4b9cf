import { useEffect, useMemo, useRef } from 'react';
import { useLingui } from '@lingui/react/macro';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { cleLignes, schemaQuery } from '../api/requetes';
import type { Fiche, Objet } from '../api/types';
import { Boite } from '../cadre/Boite';
import { Defaut } from '../cadre/Defaut';
import { seuleFinalite, sousFinalite } from '../personnel/champs';
import { ChoixFinalite } from '../personnel/ChoixFinalite';
import { NoteFinalite } from '../personnel/NoteFinalite';
import { useFinalite } from '../personnel/useFinalite';
import { Formulaire } from './Formulaire';
import { Imbrique } from './imbrique';
import { nommer } from './nommer';

interface Props {
  module: string;
  objet: string;
  /** What was typed to find it. */
  texte: string;
  onCreee: (fiche: Fiche) => void;
  onFermer: () => void;
}

const rien = (): void => undefined;

/** A row made inside the form that names it: its own form in a dialog; what is behind waits as it is. */
export default function CreerFiche({ module, objet, texte, onCreee, onFermer }: Props) {
  const { t } = useLingui();
  const client = useQueryClient();
  const { data, error, refetch } = useQuery(schemaQuery(module, objet));
  const creee = (fiche: Fiche): void => {
    void client.invalidateQueries({ queryKey: cleLignes(module, objet) });
    void client.invalidateQueries({ queryKey: ['choix'] });
    onCreee(fiche);
  };
  return (
    <Boite titre={data ? t`Nouvelle fiche : ${data.libelle}` : t`Nouvelle fiche`} large retenue onFermer={onFermer}>
      {data ? (
        <Imbrique value>
          <Corps objet={data} texte={texte} onCreee={creee} onFermer={onFermer} />
        </Imbrique>
      ) : error ? (
        <Defaut erreur={error} onReprendre={() => void refetch()} />
      ) : (
        <p className="discret" role="status">{t`Chargement…`}</p>
      )}
    </Boite>
  );
}

function Corps({ objet, texte, onCreee, onFermer }: Pick<Props, 'texte' | 'onCreee' | 'onFermer'> & { objet: Objet }) {
  const [declaree] = useFinalite(objet);
  const finalite = declaree ?? seuleFinalite(objet);
  const vu = useMemo(() => sousFinalite(objet, finalite), [objet, finalite]);
  const cadre = useRef<HTMLDivElement>(null);
  // The keyboard begins where what was typed stops: at the first field that is empty.
  useEffect(() => {
    const attente = setTimeout(() => {
      const champs = [...(cadre.current?.querySelectorAll<HTMLInputElement>('.formulaire :is(input, select, textarea)') ?? [])];
      (champs.find((c) => c.value === '' && c.getAttribute('aria-required') === 'true') ?? champs.find((c) => c.value === '') ?? champs[0])?.focus();
    }, 0);
    return () => clearTimeout(attente);
  }, [vu]);
  return (
    <div ref={cadre}>
      {declaree === null && finalite !== null ? <NoteFinalite objet={objet} finalite={finalite} /> : <ChoixFinalite objet={objet} />}
      <Formulaire
        key={finalite ?? ''}
        objet={vu}
        fiche={null}
        avec={nommer(vu, texte)}
        finalite={finalite}
        carte={false}
        onEdition={rien}
        onEnregistree={onCreee}
        onGardee={rien}
        onAbandon={onFermer}
      />
    </div>
  );
}
