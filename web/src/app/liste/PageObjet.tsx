import { lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { Button } from 'react-aria-components';
import { plural } from '@lingui/core/macro';
import { useLingui } from '@lingui/react/macro';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { ErreurApi } from '../../api/client';
import { configurationQuery } from '../../api/queries';
import { IconePlus } from '../../shell/icones';
import { Defaut } from '../cadre/Defaut';
import { cleLignes, ficheQuery, modulesQuery, schemaQuery } from '../api/requetes';
import { champsDesRaccourcis, raccourcisDe } from '../fiche/raccourcis';
import type { Fiche, Objet } from '../api/types';
import type { CommandeCarte } from '../carte/CarteObjets';
import { etendueDe } from '../carte/etendue';
import type { Edition } from '../geometrie/edition';
import { litDuPersonnel, sousFinalite } from '../personnel/champs';
import { useFinalite } from '../personnel/useFinalite';
import { MAX_SELECTION, NOUVELLE, type Adresse } from '../url/adresse';
import { getAdresse, updateAdresse, useAdresse } from '../url/useAdresse';
import { ActionsLot } from './ActionsLot';
import { BarreListe } from './BarreListe';
import { basculerTri, colonnesDe, triDe } from './colonnes';
import { demandeDe } from './demande';
import { DocumentsListe } from './DocumentsListe';
import { Grille } from './Grille';
import { rangDe } from './pages';
import { useLignes } from './useLignes';

const CarteObjets = lazy(() => import('../carte/CarteObjets'));
const PanneauFiche = lazy(() => import('../fiche/PanneauFiche'));

/** A map that just came in sight takes its size first. */
const REPIT_CARTE_MS = 120;

const focusListe = (): void => document.querySelector<HTMLElement>('.grille')?.focus({ preventScroll: true });

/** Adds rows to the ticked ones or takes them off; never more than a server answers at once. */
function basculer(ids: readonly string[], choisies: boolean): void {
  const avant = getAdresse().selection;
  const lot = new Set(ids);
  const apres = choisies ? [...new Set([...avant, ...ids])].slice(0, MAX_SELECTION) : avant.filter((id) => !lot.has(id));
  updateAdresse({ selection: apres }, 'replace');
}

/** An object of a module: its list, its map and the sheet of a row, in step. */
export default function PageObjet() {
  const adresse = useAdresse();
  const { data, error, refetch } = useQuery(schemaQuery(adresse.module ?? '', adresse.objet ?? ''));
  const { t } = useLingui();
  if (data) return <ListeCarteFiche objet={data} adresse={adresse} />;
  return error ? <Defaut erreur={error} onReprendre={() => void refetch()} /> : <p className="attente" role="status">{t`Chargement…`}</p>;
}

function ListeCarteFiche({ objet: entier, adresse }: { objet: Objet; adresse: Adresse }) {
  const { t } = useLingui();
  const client = useQueryClient();
  const configuration = useQuery(configurationQuery);
  const [fenetre, setFenetre] = useState({ premier: 0, dernier: 0 });
  const [actif, setActif] = useState(0);
  const [survol, setSurvol] = useState<string | null>(null);
  const [focusFiche, setFocusFiche] = useState(0);
  const [ecrites, setEcrites] = useState(0);
  const [edition, setEdition] = useState<Edition | null>(null);
  const carte = useRef<CommandeCarte>(null);
  const [declaree] = useFinalite(entier);
  // The list knows only the fields that are open; the sheet says where the others are.
  const objet = useMemo(() => sousFinalite(entier, declaree), [entier, declaree]);

  const { module, objet: id } = objet;
  const liste = objet.listes.find((l) => l.id === adresse.liste);
  const colonnes = useMemo(() => colonnesDe(objet, liste, adresse.colonnes), [objet, liste, adresse.colonnes]);
  const champs = useMemo(() => colonnes.map((c) => c.nom), [colonnes]);
  // What a row makes in one press depends on fields that the list may not show.
  const lus = useMemo(() => [...new Set([...champs, ...champsDesRaccourcis(objet)])], [champs, objet]);
  const { data: ouverts } = useQuery(modulesQuery);
  const { liste: nomListe, filtre, q, tri, etendue, archivees } = adresse;
  const finalite = declaree !== null && litDuPersonnel(objet, champs, triDe(liste, tri), filtre) ? declaree : null;
  const demande = useMemo(
    () => demandeDe(objet, finalite, { ...getAdresse(), liste: nomListe, filtre, q, tri, etendue, archivees }),
    [objet, finalite, nomListe, filtre, q, tri, etendue, archivees],
  );
  const { total, lignes, enAttente, erreur, reprendre } = useLignes(module, id, demande, lus, fenetre.premier, fenetre.dernier);
  const selection = useMemo(() => new Set(adresse.selection), [adresse.selection]);
  const onFenetre = useCallback((premier: number, dernier: number) => setFenetre({ premier, dernier }), []);

  // Another question starts from its first row.
  const question = JSON.stringify({ ...demande, bbox: null });
  const [posee, setPosee] = useState(question);
  if (question !== posee) {
    setPosee(question);
    setActif(0);
  }

  const ouvrir = useCallback((fiche: string, clavier: boolean) => {
    updateAdresse({ fiche, saisie: false, avec: {}, onglet: getAdresse().onglet });
    if (clavier) setFocusFiche((n) => n + 1);
  }, []);
  const ouvrirDeCarte = useCallback(
    (fiche: string, clavier: boolean) => {
      ouvrir(fiche, clavier);
      const rang = rangDe(lignes, fiche);
      if (rang !== null) setActif(rang);
    },
    [ouvrir, lignes],
  );
  const basculerUne = useCallback((fiche: string) => basculer([fiche], !getAdresse().selection.includes(fiche)), []);
  const fermer = useCallback(() => {
    updateAdresse({ fiche: null, saisie: false, onglet: null, avec: {} });
    focusListe();
  }, []);
  const voisine = useCallback(
    (pas: 1 | -1) => {
      const rang = (rangDe(lignes, getAdresse().fiche) ?? actif) + pas;
      const suivante = lignes.get(rang);
      if (!suivante) return;
      setActif(rang);
      ouvrir(suivante.id, false);
    },
    [lignes, actif, ouvrir],
  );
  const cadrer = useCallback(
    async (fiche: string) => {
      const lue = await client.query({ ...ficheQuery(module, id, fiche), staleTime: 60_000 });
      const boite = lue.geometrie && etendueDe(lue.geometrie);
      if (!boite) return;
      // Where there is no room for three, the map takes the place of the list.
      if (matchMedia('(48rem <= width < 90rem)').matches) updateAdresse({ affichage: 'carte' }, 'replace');
      setTimeout(() => carte.current?.cadrer(boite), REPIT_CARTE_MS);
    },
    [client, module, id],
  );
  const ecrite = useCallback(
    (fiche: Fiche | null) => {
      void client.invalidateQueries({ queryKey: cleLignes(module, id) });
      setEcrites((n) => n + 1);
      // A row just made has another sheet: its title takes the keyboard.
      if (fiche) setFocusFiche((n) => n + 1);
      if (fiche) updateAdresse({ fiche: fiche.id, saisie: false, avec: {} }, 'replace');
    },
    [client, module, id],
  );
  const limiter = (limitee: boolean): void => {
    const vue = limitee ? (carte.current?.etendue() ?? null) : null;
    updateAdresse({ etendue: vue });
  };

  // j and k walk from sheet to sheet, Escape closes it, wherever the keyboard is outside a field.
  const { fiche: ouverte, saisie } = adresse;
  useEffect(() => {
    if (ouverte === null || saisie) return;
    const key = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      if ((event.target as HTMLElement | null)?.closest('input, textarea, select, [contenteditable="true"], [role="dialog"], [role="alertdialog"]')) return;
      if (event.key === 'j') voisine(1);
      else if (event.key === 'k') voisine(-1);
      else if (event.key === 'Escape') fermer();
    };
    document.addEventListener('keydown', key);
    return () => document.removeEventListener('keydown', key);
  }, [ouverte, saisie, voisine, fermer]);

  const carteVisible = objet.geometrie !== null && adresse.affichage !== 'liste';
  const listeVisible = objet.geometrie === null || adresse.affichage !== 'carte';
  const compte = erreur && total === null ? t`Liste non lue` : total === null ? t`Chargement…` : plural(total, { 0: '', one: '# ligne', other: '# lignes' });
  // A filter typed in an address: the pane that mends it says what is wrong with it.
  const refusFiltre = erreur instanceof ErreurApi && erreur.status === 400 && filtre !== '' ? erreur.message : null;
  const choisie = ouverte === null || ouverte === NOUVELLE ? null : ouverte;
  return (
    <div className="objet" data-affichage={carteVisible ? (listeVisible ? 'deux' : 'carte') : 'liste'} data-fiche={ouverte === null ? 'fermee' : saisie ? 'saisie' : 'ouverte'}>
      <div className="objet-tete">
        <h1>{liste?.libelle ?? objet.pluriel}</h1>
        <p className="discret" role="status">
          {compte}
        </p>
        {objet.actions.includes('creer') ? (
        <Button className="bouton bouton-principal barre-ajout" onPress={() => updateAdresse({ fiche: NOUVELLE, saisie: true, onglet: null, avec: {} })}>
          <IconePlus />
          {t`Ajouter`}
        </Button>
      ) : null}
      </div>
      <BarreListe objet={objet} entier={entier} adresse={adresse} demande={demande} refusFiltre={refusFiltre} onEtendue={limiter} />
      {adresse.selection.length > 0 ? (
        <ActionsLot objet={objet} demande={demande} total={total} selection={adresse.selection} onVider={() => updateAdresse({ selection: [] }, 'replace')} />
      ) : (
        <DocumentsListe key={question} objet={objet} demande={demande} total={total ?? 0} />
      )}
      <div className="objet-corps">
        {listeVisible ? (
          <section className="objet-liste" aria-label={t`Liste`} aria-busy={enAttente}>
            {refusFiltre !== null ? (
              <div className="defaut" role="alert">
                <p>{refusFiltre}</p>
                <Button className="bouton" onPress={() => updateAdresse({ filtre: '' })}>
                  {t`Effacer le filtre`}
                </Button>
              </div>
            ) : erreur ? (
              <Defaut erreur={erreur} onReprendre={reprendre} />
            ) : null}
            {total === 0 && !enAttente && !erreur ? (
              <p className="liste-vide">
                {filtre || q || etendue ? t`Aucune ligne ne répond. Élargissez le filtre, la recherche ou l’étendue de la carte.` : objet.actions.includes('creer') ? t`La liste est vide. « Ajouter » en fait la première ligne.` : t`La liste est vide.`}
              </p>
            ) : null}
            <Grille
              nom={liste?.libelle ?? objet.pluriel}
              titre={objet.libelle}
              triTitre={objet.titre?.find((nom) => objet.champs.some((c) => c.nom === nom && c.genre !== 'reference' && c.genre !== 'references')) ?? null}
              colonnes={colonnes}
              tri={triDe(liste, tri)}
              total={total ?? 0}
              lignes={lignes}
              selection={selection}
              ouverte={choisie}
              survol={survol}
              actif={Math.min(actif, Math.max(0, (total ?? 1) - 1))}
              raccourcis={(f) => raccourcisDe(objet, f, ouverts?.modules ?? [])}
              onFenetre={onFenetre}
              onActif={setActif}
              onOuvrir={(f, clavier) => ouvrir(f.id, clavier)}
              onBasculer={basculer}
              onSurvol={setSurvol}
              onTrier={(nom, ajouter) => updateAdresse({ tri: basculerTri(triDe(liste, tri), nom, ajouter) }, 'replace')}
            />
          </section>
        ) : null}
        {carteVisible && configuration.data ? (
          <section className="objet-carte" aria-label={t`Carte`}>
            <Suspense fallback={<p className="attente">{t`Chargement de la carte…`}</p>}>
              <CarteObjets
                ref={carte}
                configuration={configuration.data}
                objet={objet}
                adresse={adresse}
                demande={demande}
                cadrerListe
                ouverte={choisie}
                selection={adresse.selection}
                survol={survol}
                ecrites={ecrites}
                edition={edition}
                onOuvrir={ouvrirDeCarte}
                onBasculer={basculerUne}
                onSurvol={setSurvol}
              />
            </Suspense>
          </section>
        ) : null}
        {ouverte === null ? null : (
          <Suspense fallback={<p className="attente">{t`Chargement de la fiche…`}</p>}>
            <PanneauFiche
              key={ouverte}
              objet={entier}
              adresse={adresse}
              id={choisie}
              focus={focusFiche}
              carte={carteVisible}
              onEdition={setEdition}
              onFermer={fermer}
              onVoisine={voisine}
              onCadrer={carteVisible ? (fiche) => void cadrer(fiche) : null}
              onEcrite={ecrite}
            />
          </Suspense>
        )}
      </div>
    </div>
  );
}
