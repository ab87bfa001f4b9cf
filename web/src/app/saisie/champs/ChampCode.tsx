import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { useDebounced } from '../../../search/useDebounced';
import { codesQuery } from '../../api/requetes';
import type { Choix } from '../../api/types';
import { Cadre } from './Cadre';
import { ChampListe } from './ChampChoix';
import { Recherche } from './Recherche';
import { texteDe, type PropsChamp } from './props';

/** Beyond, a list is read less well than searched. */
const MAX_LISTE = 7;

/** A code: from a short list, or searched in a long one. */
export function ChampCode(props: PropsChamp) {
  const { objet, champ, valeur, libelles, onChange } = props;
  const { codes } = champ;
  const [q, setQ] = useState('');
  const cherche = useDebounced(q.trim(), 200);
  const trouves = useQuery({ ...codesQuery(objet.module, objet.objet, champ.nom, cherche), enabled: codes === null });
  const [choisi, setChoisi] = useState<Choix | null>(null);
  if (codes !== null && codes.length <= MAX_LISTE) return <ChampListe {...props} />;
  const offerts: Choix[] = codes?.map((c) => ({ valeur: c.code, libelle: c.libelle })) ?? trouves.data ?? [];
  const code = texteDe(valeur);
  const libelle = choisi?.valeur === code ? choisi.libelle : (offerts.find((c) => c.valeur === code)?.libelle ?? (typeof libelles === 'string' ? libelles : code));
  return (
    <Cadre {...props}>
      {(liens) => (
        <Recherche
          liens={liens}
          nom={champ.libelle}
          pris={code === '' ? null : { valeur: code, libelle }}
          offerts={offerts}
          filtrer={codes !== null}
          onTexte={setQ}
          onPris={(c) => {
            setChoisi(c);
            onChange(c?.valeur ?? '');
          }}
        />
      )}
    </Cadre>
  );
}
