import { lazy, Suspense, useContext, useState } from 'react';
import { Button } from 'react-aria-components';
import { useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { useDebounced } from '../../../search/useDebounced';
import { choixQuery, ficheQuery, modulesQuery } from '../../api/requetes';
import type { Choix } from '../../api/types';
import { ADRESSE_INITIALE, writeAdresse } from '../../url/adresse';
import { NomFiche } from '../../fiche/NomFiche';
import { Imbrique } from '../imbrique';
import { Cadre } from './Cadre';
import { Recherche } from './Recherche';
import { texteDe, type PropsChamp } from './props';

// A form that fields open: it is asked for once it is.
const CreerFiche = lazy(() => import('../CreerFiche'));

/** Whether the account may make what the field names; a form in a dialog makes nothing more. */
function usePeutCreer({ champ }: PropsChamp): boolean {
  const imbrique = useContext(Imbrique);
  const { data } = useQuery(modulesQuery);
  const { module = null, objet = '' } = champ.reference ?? {};
  const cible = data?.modules.find((m) => m.id === module)?.objets.find((o) => o.id === objet);
  return !imbrique && (cible?.actions.includes('creer') ?? false);
}

/** The dialog that makes what the field names, begun by what was typed in it. */
function Creer({ champ, texte, onCreee, onFermer }: { champ: PropsChamp['champ']; texte: string; onCreee: (choix: Choix) => void; onFermer: () => void }) {
  const { module = null, objet = '' } = champ.reference ?? {};
  if (module === null) return null;
  return (
    <Suspense fallback={null}>
      <CreerFiche module={module} objet={objet} texte={texte} onFermer={onFermer} onCreee={({ id, titre }) => onCreee({ valeur: id, libelle: titre })} />
    </Suspense>
  );
}

/** Rows that answer what is typed, given the record being written. */
function useChoix({ objet, champ, record }: PropsChamp): { offerts: Choix[]; onTexte: (texte: string) => void } {
  const [q, setQ] = useState('');
  const cherche = useDebounced(q.trim(), 200);
  const { data } = useQuery(choixQuery(objet.module, objet.objet, champ.nom, cherche, record));
  return { offerts: data ?? [], onTexte: setQ };
}

/** Name of a row nobody has told yet: one a draft or a link brought. */
function useTitreDe({ champ }: PropsChamp, id: string, connu: string | undefined): string {
  const module = champ.reference?.module ?? '';
  const { data } = useQuery({
    ...ficheQuery(module, champ.reference?.objet ?? '', id),
    staleTime: 60_000,
    enabled: id !== '' && connu === undefined && module !== '',
  });
  return connu ?? data?.titre ?? id;
}

/** Opened beside: what is being written stays. */
function Ouvrir({ champ, id }: { champ: PropsChamp['champ']; id: string }) {
  const { t } = useLingui();
  const { module = null, objet = '' } = champ.reference ?? {};
  if (module === null) return null;
  return (
    <a className="lien-simple" href={writeAdresse({ ...ADRESSE_INITIALE, module, objet, page: id })} target="_blank" rel="noopener">
      {t`Ouvrir la fiche`}
      <span className="visuellement-cache">{t`(nouvel onglet)`}</span>
    </a>
  );
}

/** A row of another object. */
export function ChampReference(props: PropsChamp) {
  const { champ, valeur, libelles, onChange } = props;
  const { offerts, onTexte } = useChoix(props);
  const [choisi, setChoisi] = useState<Choix | null>(null);
  const peutCreer = usePeutCreer(props);
  const [aCreer, setACreer] = useState<string | null>(null);
  const id = texteDe(valeur);
  const [depart] = useState(id);
  const connu = choisi?.valeur === id ? choisi.libelle : (offerts.find((c) => c.valeur === id)?.libelle ?? (typeof libelles === 'string' && id === depart ? libelles : undefined));
  const libelle = useTitreDe(props, id, connu);
  return (
    <Cadre {...props}>
      {(liens) => (
        <>
          <Recherche
            liens={liens}
            nom={champ.libelle}
            pris={id === '' ? null : { valeur: id, libelle }}
            offerts={offerts}
            onCreer={peutCreer ? setACreer : null}
            enCreation={aCreer !== null}
            onTexte={onTexte}
            onPris={(c) => {
              setChoisi(c);
              onChange(c?.valeur ?? '');
            }}
          />
          {aCreer === null ? null : (
            <Creer
              champ={champ}
              texte={aCreer}
              onFermer={() => setACreer(null)}
              onCreee={(c) => {
                setACreer(null);
                setChoisi(c);
                onChange(c.valeur);
              }}
            />
          )}
          {id === '' ? null : <Ouvrir champ={champ} id={id} />}
        </>
      )}
    </Cadre>
  );
}

/** Several rows of another object: each is a tag that can be taken off. */
export function ChampReferences(props: PropsChamp) {
  const { t } = useLingui();
  const { champ, valeur, onChange } = props;
  const { offerts, onTexte } = useChoix(props);
  const [noms, setNoms] = useState<ReadonlyMap<string, string>>(new Map());
  const peutCreer = usePeutCreer(props);
  const [aCreer, setACreer] = useState<string | null>(null);
  const ids = Array.isArray(valeur) ? valeur : [];
  const ajouter = (c: Choix): void => {
    setNoms(new Map([...noms, [c.valeur, c.libelle]]));
    onChange([...ids, c.valeur]);
  };
  const nomDe = (id: string): string | undefined => noms.get(id) ?? offerts.find((c) => c.valeur === id)?.libelle;
  return (
    <Cadre {...props}>
      {(liens) => (
        <>
          {ids.length > 0 ? (
            <ul className="etiquettes">
              {ids.map((id) => (
                <li key={id} className="etiquette">
                  <span id={`nom-${champ.nom}-${id}`}>{nomDe(id) ?? <NomFiche reference={champ.reference} id={id} />}</span>
                  <Button
                    className="bouton-nu"
                    id={`retirer-${champ.nom}-${id}`}
                    aria-label={t`Retirer`}
                    aria-labelledby={`retirer-${champ.nom}-${id} nom-${champ.nom}-${id}`} onPress={() => onChange(ids.filter((i) => i !== id))}>
                    <span aria-hidden="true">×</span>
                  </Button>
                </li>
              ))}
            </ul>
          ) : null}
          {/* A new field after each choice: it starts empty again. */}
          <Recherche
            key={ids.length}
            liens={liens}
            nom={champ.libelle}
            pris={null}
            offerts={offerts.filter((c) => !ids.includes(c.valeur))}
            onCreer={peutCreer ? setACreer : null}
            enCreation={aCreer !== null}
            onTexte={onTexte}
            onPris={(c) => (c ? ajouter(c) : undefined)}
          />
          {aCreer === null ? null : (
            <Creer
              champ={champ}
              texte={aCreer}
              onFermer={() => setACreer(null)}
              onCreee={(c) => {
                setACreer(null);
                ajouter(c);
              }}
            />
          )}
        </>
      )}
    </Cadre>
  );
}
