import { lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { Button } from 'react-aria-components';
import { plural } from '@lingui/core/macro';
import { useLingui } from '@lingui/react/macro';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { Geometry } from 'geojson';
import type { Configuration } from '../../api/types';
import { useDebounced } from '../../search/useDebounced';
import { nouvelleCle } from '../api/cle';
import { lireRefus } from '../api/refus';
import { cleLignes } from '../api/requetes';
import type { ErreurChamp, Objet } from '../api/types';
import { Lien } from '../cadre/Lien';
import type { CommandeCarte } from '../carte/CarteObjets';
import { etendueDe } from '../carte/etendue';
import type { Edition } from '../geometrie/edition';
import { demandeDe } from '../liste/demande';
import { ChampSaisie } from '../saisie/champs/ChampSaisie';
import { proposees } from '../saisie/propositions';
import { recordDe, recordPour, saisieDe } from '../saisie/valeurs';
import type { Adresse } from '../url/adresse';
import { aAccepter, Bilan, estPrise } from './Bilan';
import { coucheApercu } from './couche';
import { demandeSerie, reglageDe, type Reglage, type Serie } from './formes';
import { Mesures } from './Mesures';
import { Recentes } from './Recentes';
import { apercuQuery, cleSeries, creerSerie } from './requetes';

const CarteObjets = lazy(() => import('../carte/CarteObjets'));
const REPIT_MS = 350;
const ATTENTE_CARTE_MS = 400;
const AUCUNE: readonly string[] = [];

/** The form of a series and its preview. */
export function SaisieSerie({ objet, adresse, configuration }: { objet: Objet; adresse: Adresse; configuration: Configuration }) {
  const { t } = useLingui();
  const client = useQueryClient();
  const { module, objet: nom, serie } = objet;
  const champs = useMemo(() => (serie?.champs ?? []).flatMap((c) => objet.champs.filter((un) => un.nom === c && un.modifiable)), [serie, objet.champs]);
  const [reglage, setReglage] = useState<Reglage>(() => reglageDe(objet, saisieDe(champs, null, proposees({ ...objet, etapes: null }, adresse.avec)).champs));
  const [accepter, setAccepter] = useState(false);
  const [refus, setRefus] = useState<{ detail: string; champs: readonly ErreurChamp[] }>({ detail: '', champs: [] });
  const [faite, setFaite] = useState<Serie | null>(null);
  const [enCours, setEnCours] = useState(false);
  const [ecrites, setEcrites] = useState(0);
  const [cle, setCle] = useState(nouvelleCle);
  const carte = useRef<CommandeCarte>(null);
  const titre = useRef<HTMLHeadingElement>(null);
  useEffect(() => titre.current?.focus({ preventScroll: true }), []);

  const changer = (patch: Partial<Reglage>): void => {
    setReglage((avant) => ({ ...avant, ...patch }));
    setFaite(null);
    setAccepter(false);
    setRefus({ detail: '', champs: [] });
  };
  const pose = useDebounced(reglage, REPIT_MS);
  const ligneDuChamp = serie?.ligne ?? null;
  const demande = useMemo(() => demandeSerie(champs, pose, ligneDuChamp), [champs, pose, ligneDuChamp]);
  const apercu = useQuery(apercuQuery(module, nom, faite === null ? demande : null));
  const montre = demande === null || apercu.error || faite !== null ? null : (apercu.data ?? null);
  const dessus = useMemo(() => (montre === null ? null : coucheApercu(montre)), [montre]);

  const onLigne = useCallback((ligne: Geometry | null) => {
    setReglage((avant) => ({ ...avant, ligne }));
    setFaite(null);
    setAccepter(false);
  }, []);
  const edition = useMemo<Edition | null>(() => (reglage.tracee ? { genre: 'LineString', geometrie: reglage.ligne, onChange: onLigne } : null), [reglage.tracee, reglage.ligne, onLigne]);
  // The line of a row that was chosen comes in sight.
  const ligneChoisie = reglage.tracee ? null : JSON.stringify(montre?.ligne ?? null);
  useEffect(() => {
    const boite = ligneChoisie === null || ligneChoisie === 'null' ? null : etendueDe(JSON.parse(ligneChoisie) as Geometry);
    if (!boite) return;
    // The map may still be made: it is asked until it is there.
    const cadrer = (): boolean => {
      if (!carte.current?.etendue()) return false;
      carte.current.cadrer(boite);
      return true;
    };
    if (cadrer()) return;
    const attente = setInterval(() => {
      if (cadrer()) clearInterval(attente);
    }, ATTENTE_CARTE_MS);
    return () => clearInterval(attente);
  }, [ligneChoisie]);

  const record = recordPour(objet.champs, recordDe(champs, null, { champs: reglage.champs, geometrie: null, insee: null }));
  const creer = async (): Promise<void> => {
    if (demande === null || enCours) return;
    setEnCours(true);
    try {
      const serieFaite = await creerSerie(module, nom, demande, accepter, cle);
      setFaite(serieFaite);
      setRefus({ detail: '', champs: [] });
      setEcrites((n) => n + 1);
      void client.invalidateQueries({ queryKey: cleLignes(module, nom) });
    } catch (cause) {
      const { detail, champs: fautes } = lireRefus(cause);
      setRefus({ detail: detail || t`Le serveur ne répond pas : rien n’est créé, réessayez.`, champs: fautes });
      void apercu.refetch();
    }
    setCle(nouvelleCle());
    void client.invalidateQueries({ queryKey: cleSeries(module, nom) });
    setEnCours(false);
  };
  const nomLigne = objet.champs.find((c) => c.nom === ligneDuChamp)?.libelle;
  const liste: Adresse = { ...adresse, page: null, avec: {} };
  const bloque = montre === null || estPrise(montre) || (aAccepter(montre) && !accepter);

  return (
    <div className="page-serie">
      <form
        className="serie-saisie formulaire"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (!bloque) void creer();
        }}
      >
        <nav aria-label={t`Fil d’Ariane`}>
          <Lien vers={liste}>{objet.pluriel}</Lien>
        </nav>
        <h1 ref={titre} tabIndex={-1}>{t`Créer en série : ${objet.pluriel}`}</h1>
        <fieldset className="groupe">
          <legend className="groupe-titre">{t`Ce qu’elles ont en commun`}</legend>
          {champs.map((c) => (
            <ChampSaisie
              key={c.nom}
              objet={objet}
              champ={c}
              valeur={reglage.champs[c.nom] ?? ''}
              requis={c.obligatoire}
              erreur={refus.champs.find((r) => r.champ === c.nom)?.message ?? null}
              libelles={undefined}
              record={record}
              id={null}
              onChange={(valeur) => changer({ champs: { ...reglage.champs, [c.nom]: valeur } })}
            />
          ))}
        </fieldset>
        <fieldset className="groupe">
          <legend className="groupe-titre">{t`La ligne`}</legend>
          {nomLigne === undefined ? null : (
            <>
              <label className="case-ligne">
                <input type="radio" name="ligne" checked={!reglage.tracee} onChange={() => changer({ tracee: false })} />
                {t`Celle du champ « ${nomLigne} »`}
              </label>
              <label className="case-ligne">
                <input type="radio" name="ligne" checked={reglage.tracee} onChange={() => changer({ tracee: true })} />
                {t`Tracée sur la carte`}
              </label>
            </>
          )}
        </fieldset>
        <Mesures reglage={reglage} onChange={changer} />
        {faite ? (
          <div className="serie-bilan" role="status">
            <p>
              <strong>{plural(faite.nombre, { one: '# fiche créée', other: '# fiches créées' })}</strong>
              {t`, du n° ${faite.premier} au n° ${faite.dernier}. La série peut être annulée ci-dessous.`}
            </p>
          </div>
        ) : montre ? (
          <Bilan module={module} objet={nom} apercu={montre} />
        ) : (
          <p className="discret" role="status">
            {demande === null ? t`Choisissez ou tracez la ligne : l’aperçu suit.` : apercu.error ? '' : t`Aperçu en cours…`}
          </p>
        )}
        {apercu.error && faite === null ? <p role="alert" className="champ-erreur">{lireRefus(apercu.error).detail || t`Le serveur ne répond pas : réessayez.`}</p> : null}
        {refus.detail ? <p role="alert" className="champ-erreur">{refus.detail}</p> : null}
        {montre && aAccepter(montre) ? (
          <label className="case-ligne">
            <input type="checkbox" checked={accepter} onChange={(event) => setAccepter(event.target.checked)} />
            {t`Créer quand même celles qui chevauchent ou sortent du secteur`}
          </label>
        ) : null}
        <div className="rangee formulaire-pied">
          <button type="submit" className="bouton bouton-principal" disabled={bloque || enCours}>
            {enCours ? t`Création…` : t`Créer la série`}
          </button>
          {faite ? (
            <Button className="bouton" onPress={() => changer({ premier: String(Number(reglage.premier) + faite.nombre * Number(reglage.pas)) })}>
              {t`Préparer la suivante`}
            </Button>
          ) : null}
        </div>
        <Recentes objet={objet} onAnnulee={() => { setFaite(null); setEcrites((n) => n + 1); void apercu.refetch(); }} />
      </form>
      <section className="objet-carte" aria-label={t`Carte`}>
        <Suspense fallback={<p className="attente">{t`Chargement de la carte…`}</p>}>
          <CarteObjets
            ref={carte}
            configuration={configuration}
            objet={objet}
            adresse={adresse}
            demande={demandeDe(objet, null, { ...adresse, liste: null, filtre: '', q: '', tri: null, etendue: null, archivees: false })}
            ouverte={null}
            selection={AUCUNE}
            survol={null}
            ecrites={ecrites}
            edition={edition}
            dessus={dessus}
            onOuvrir={rien}
            onBasculer={rien}
            onSurvol={rien}
          />
        </Suspense>
      </section>
    </div>
  );
}

const rien = (): void => undefined;
