import { lazy, Suspense, useCallback, useRef, useState } from 'react';
import { useLingui } from '@lingui/react/macro';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { configurationQuery } from '../../api/queries';
import { Defaut } from '../cadre/Defaut';
import { Lien } from '../cadre/Lien';
import { cleLignes, ficheQuery, schemaQuery } from '../api/requetes';
import type { Demande, Fiche } from '../api/types';
import type { CommandeCarte } from '../carte/CarteObjets';
import { etendueDe } from '../carte/etendue';
import type { Edition } from '../geometrie/edition';
import { NOUVELLE } from '../url/adresse';
import { aller, getAdresse, updateAdresse, useAdresse } from '../url/useAdresse';
import { Contenu } from './Contenu';
import { maisonDe } from './maison';
import { useFocusSaisie } from './useFocusSaisie';

const CarteObjets = lazy(() => import('../carte/CarteObjets'));

const TOUTES: Demande = { liste: null, filter: null, q: '', sort: [], bbox: null, archivees: false, finalite: null };
const AUCUNE: readonly string[] = [];
const rien = (): void => undefined;

/** The sheet of a row on a page of its own, its map beside. */
export default function PageFiche() {
  const { t } = useLingui();
  const client = useQueryClient();
  const adresse = useAdresse();
  const { module, objet, page } = adresse;
  const schema = useQuery(schemaQuery(module ?? '', objet ?? ''));
  const configuration = useQuery(configurationQuery);
  const [titre, setTitre] = useState('');
  const [edition, setEdition] = useState<Edition | null>(null);
  const [ecrites, setEcrites] = useState(0);
  const carte = useRef<CommandeCarte>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  useFocusSaisie(heading, adresse.saisie);
  const id = page === NOUVELLE ? null : page;

  const cadrer = useCallback(
    async (fiche: string) => {
      const lue = await client.query({ ...ficheQuery(module ?? '', objet ?? '', fiche), staleTime: 60_000 });
      const boite = lue.geometrie && etendueDe(lue.geometrie);
      if (boite) carte.current?.cadrer(boite);
    },
    [client, module, objet],
  );
  const poserCarte = useCallback(
    (commande: CommandeCarte | null) => {
      carte.current = commande;
      // A page opened by its address alone shows where its row lies.
      if (commande?.etendue() && id !== null && getAdresse().vue === null) void cadrer(id);
    },
    [cadrer, id],
  );

  if (schema.error) return <Defaut erreur={schema.error} onReprendre={() => void schema.refetch()} />;
  if (!schema.data) return <p className="attente" role="status">{t`Chargement…`}</p>;
  const { data } = schema;
  const liste = { ...adresse, page: null, fiche: null, onglet: null, saisie: false, avec: {} };
  const ecrite = (fiche: Fiche | null): void => {
    void client.invalidateQueries({ queryKey: cleLignes(data.module, data.objet) });
    // A row shown in the tabs of another changes them too.
    void client.invalidateQueries({ predicate: ({ queryKey }) => queryKey.includes('annexe') });
    setEcrites((n) => n + 1);
    if (!fiche) return;
    const chez = id === null ? maisonDe(data, adresse.avec) : null;
    if (chez) {
      aller(chez, 'replace');
      // What was written is gone: the title of the sheet takes the keyboard.
      setTimeout(() => document.querySelector<HTMLElement>('.page-fiche h1')?.focus({ preventScroll: true }), 0);
    }
    else updateAdresse({ page: fiche.id, fiche: null, saisie: false, avec: {} }, 'replace');
  };
  return (
    <div className="page-fiche" data-carte={data.geometrie ? 'oui' : 'non'}>
      <div className="page-fiche-corps">
        <nav aria-label={t`Fil d’Ariane`}>
          <Lien vers={liste}>{data.pluriel}</Lien>
        </nav>
        <h1 ref={heading} tabIndex={-1}>{titre}</h1>
        <h2 className="visuellement-cache">{t`Contenu de la fiche`}</h2>
        <Contenu
          objet={data}
          adresse={adresse}
          id={id}
          carte={data.geometrie !== null}
          onEdition={setEdition}
          onCadrer={data.geometrie ? (fiche) => void cadrer(fiche) : null}
          onEcrite={ecrite}
          onAbandon={() => (id === null ? aller(liste) : updateAdresse({ saisie: false }))}
          onTitre={setTitre}
        />
      </div>
      {data.geometrie && configuration.data ? (
        <section className="objet-carte" aria-label={t`Carte`}>
          <Suspense fallback={<p className="attente">{t`Chargement de la carte…`}</p>}>
            <CarteObjets
              ref={poserCarte}
              configuration={configuration.data}
              objet={data}
              adresse={adresse}
              demande={TOUTES}
              ouverte={id}
              selection={AUCUNE}
              survol={null}
              ecrites={ecrites}
              edition={edition}
              onOuvrir={(fiche) => aller({ ...adresse, page: fiche, saisie: false, avec: {} })}
              onBasculer={rien}
              onSurvol={rien}
            />
          </Suspense>
        </section>
      ) : null}
    </div>
  );
}
