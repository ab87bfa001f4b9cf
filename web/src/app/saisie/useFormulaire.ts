import { useMemo, useRef, useState } from 'react';
import { useLingui } from '@lingui/react/macro';
import { useQueryClient } from '@tanstack/react-query';
import { amenderFiche, changerFiche, creerFiche, estDepassee, estFermee, franchirEtape } from '../api/ecrire';
import { nouvelleCle } from '../api/cle';
import { lireRefus } from '../api/refus';
import { ficheQuery } from '../api/requetes';
import { annoncer } from '../fiche/resultat';
import { documentDe } from '../personnel/finaliteDocument';
import type { ChampSchema, EtapeSchema, ErreurChamp, Fiche, Manquement, Objet } from '../api/types';
import { cleBrouillon, lireBrouillon, oublierBrouillon } from './brouillons';
import { poserGarde } from '../url/useAdresse';
import { controler, ecritureDe, type Defauts } from './controle';
import { contexteDe } from './conditions';
import { conflitDe, fusionner, type Conflit } from './fusion';
import { requisVides } from './etapesOffertes';
import { proposees } from './propositions';
import { useBrouillon } from './useBrouillon';
import { enJeu, nonGardes, remettreNeuve, remettreSur, sujetBrouillon, type Remise } from './remise';
import { estModifiee, recordDe, saisieDe, type Saisie } from './valeurs';

interface Depart {
  objet: Objet;
  /** Null for a new row. */
  fiche: Fiche | null;
  avec: Readonly<Record<string, string>>;
  /** Whose drafts are read. */
  compte: string;
  /** Purpose under which the row is read, and so written. */
  finalite: string | null;
  /** Why a locked row changes; null where none is asked. */
  motif: string | null;
  /** In a dialog of another form: no draft, and the guard is the other's. */
  imbrique: boolean;
  onEnregistree: (fiche: Fiche) => void;
  /** The row was saved, and the form stays: its step was refused. */
  onGardee: (fiche: Fiche) => void;
}

/** Key of the reason among what is refused. */
export const MOTIF = 'motif';

const AUCUN: readonly string[] = [];

export interface ConflitOuvert {
  conflit: Conflit;
  /** What one's own words were typed over. */
  origine: Saisie;
  fiche: Fiche;
  la: Saisie;
  /** Found as a draft was put back: the choices go to the form, nothing is sent. */
  brouillon: boolean;
}

/** A row that was saved, and whose step was refused. */
export interface Gardee {
  fiche: Fiche;
  etape: EtapeSchema;
}

export interface EtatFormulaire {
  saisie: Saisie;
  /** The row as it is known, null until it is made. */
  connue: Fiche | null;
  /** Null but when the last step that was asked with a save was refused. */
  gardee: Gardee | null;
  modifiee: boolean;
  /** Instant of the draft that was put back, null when none was. */
  restaure: number | null;
  /** Labels of personal fields that the draft did not keep, to be written again. */
  tus: readonly string[];
  /** Personal fields written here, that no draft keeps. */
  personnels: readonly ChampSchema[];
  defauts: Defauts;
  refus: readonly ErreurChamp[];
  general: string;
  /** Whether the last save found the session closed. */
  fermee: boolean;
  /** Rules that it would break as it was sent. */
  manquements: readonly Manquement[];
  /** Whether it has changed since those rules were told. */
  changeDepuis: boolean;
  /** Grows at each refusal. */
  tour: number;
  enCours: boolean;
  conflit: ConflitOuvert | null;
  changer: (patch: Partial<Saisie>) => void;
  /** Saves, then takes the step where one is said. */
  enregistrer: (etape?: EtapeSchema) => Promise<void>;
  /** Does what was refused again; `outre` says why the rules that were told are passed over. */
  passerOutre: (outre: string) => Promise<void>;
  /** Goes on from the version there is now, keeping one's own of these fields: saves, but where a draft was put back. */
  trancher: (garder: ReadonlySet<string>) => Promise<void>;
  fermerConflit: () => void;
  repartir: () => void;
  oublier: () => void;
}

/** The first form shown: the row, or the draft left over it. */
function premier(objet: Objet, fiche: Fiche | null, avec: Readonly<Record<string, string>>, cle: string | null): Remise & { base: Saisie } {
  const base = saisieDe(objet.champs, fiche, fiche ? avec : proposees(objet, avec));
  const brouillon = cle === null ? null : lireBrouillon(localStorage, cle, Date.now());
  if (!brouillon) return { base, saisie: base, restaure: null, tus: [], dispute: null };
  return { base, ...(fiche ? remettreSur(objet.champs, brouillon, base, fiche.version) : remettreNeuve(brouillon, base, avec)) };
}

/** What a form holds and does, from its first letter to its saving. */
export function useFormulaire({ objet, fiche, avec, compte, finalite, motif, imbrique, onEnregistree, onGardee }: Depart): EtatFormulaire {
  const { t } = useLingui();
  const client = useQueryClient();
  const { module, objet: nom } = objet;
  const cle = imbrique ? null : cleBrouillon(compte, module, nom, sujetBrouillon(objet.champs, fiche?.id ?? null, avec));
  const [depart] = useState(() => premier(objet, fiche, avec, cle));
  const [base, setBase] = useState(depart.base);
  const [saisie, setSaisie] = useState(depart.saisie);
  const [connue, setConnue] = useState(fiche);
  const [restaure, setRestaure] = useState(depart.restaure);
  /** Set until it is chosen between a draft and what others saved since. */
  const [dispute, setDispute] = useState(depart.dispute);
  const [defauts, setDefauts] = useState<Defauts>({});
  const [refus, setRefus] = useState<readonly ErreurChamp[]>([]);
  const [general, setGeneral] = useState('');
  const [manquements, setManquements] = useState<readonly Manquement[]>([]);
  const [changeDepuis, setChangeDepuis] = useState(false);
  const [tour, setTour] = useState(0);
  const [enCours, setEnCours] = useState(false);
  const [fermee, setFermee] = useState(false);
  const [conflit, setConflit] = useState<ConflitOuvert | null>(() =>
    fiche && depart.dispute ? { conflit: depart.dispute.conflit, origine: depart.dispute.origine, fiche, la: depart.base, brouillon: true } : null,
  );
  const [idempotence, setIdempotence] = useState(nouvelleCle);
  const [gardee, setGardee] = useState<Gardee | null>(null);
  const envoi = useRef(false);
  /** The step asked with what was sent last. */
  const voulueAvec = useRef<EtapeSchema | null>(null);
  const modifiee = useMemo(() => estModifiee(saisie, base), [saisie, base]);
  const personnels = useMemo(() => nonGardes(objet.champs, base, saisie), [objet, base, saisie]);
  const tus = restaure === null ? AUCUN : depart.tus;
  // Left again before the choice, the draft asks it again.
  const { oublier } = useBrouillon({ cle, champs: objet.champs, saisie, base: dispute?.origine ?? base, version: dispute ? dispute.version : (connue?.version ?? null), tus, modifiee });

  const refuser = (next: { defauts?: Defauts; refus?: readonly ErreurChamp[]; general?: string; manquements?: readonly Manquement[]; fermee?: boolean }): void => {
    setDefauts(next.defauts ?? {});
    setRefus(next.refus ?? []);
    setGeneral(next.general ?? '');
    setManquements(next.manquements ?? []);
    setFermee(next.fermee ?? false);
    setChangeDepuis(false);
    setTour((n) => n + 1);
  };
  const envoyer = async (voulue: Saisie, sur: Fiche | null, outre: string | null, etape: EtapeSchema | null): Promise<void> => {
    // Two quick presses are one save.
    if (envoi.current) return;
    voulueAvec.current = etape;
    if (dispute && sur) {
      const choix = conflitDe(objet.champs, dispute.origine, voulue, base);
      if (enJeu(choix)) {
        setConflit({ conflit: choix, origine: dispute.origine, fiche: sur, la: base, brouillon: false });
        return;
      }
    }
    const trouves = controler(objet, sur, voulue, contexteDe(objet));
    for (const vide of etape === null ? [] : requisVides(etape, recordDe(objet.champs, sur, voulue))) trouves[vide] ??= 'obligatoire';
    if (Object.keys(trouves).length > 0) {
      refuser({ defauts: trouves });
      return;
    }
    if (motif?.trim() === '') {
      refuser({ refus: [{ champ: MOTIF, message: t`Dites en quelques mots pourquoi la fiche change.` }] });
      return;
    }
    envoi.current = true;
    setEnCours(true);
    try {
      const ecriture = ecritureDe(objet, sur, voulue);
      const meme = sur !== null && Object.keys(ecriture.champs).length === 0 && ecriture.geometrie === undefined;
      const faite =
        meme && etape !== null
          ? sur
          : sur
            ? motif === null
              ? await changerFiche(module, nom, sur, ecriture, finalite, outre)
              : await amenderFiche(module, nom, sur, ecriture.champs, motif.trim(), finalite, outre)
            : await creerFiche(module, nom, ecriture, idempotence, finalite, outre);
      oublier();
      setBase(voulue);
      // What was passed over is what the save broke: the step is judged for itself.
      const arrivee = etape === null ? faite : await franchir(faite, etape, meme ? outre : null);
      if (arrivee) {
        // Saved: nothing keeps from leaving any more.
        if (!imbrique) poserGarde(null);
        onEnregistree(arrivee);
      }
    } catch (cause) {
      if (sur && estDepassee(cause)) await opposer(voulue, sur, lireRefus(cause).fiche);
      else if (estFermee(cause)) refuser({ fermee: true, general: t`Votre session est fermée : rien n’est enregistré.` });
      else {
        const { detail, champs, manquements: regles } = lireRefus(cause);
        const dits = champs.length > 0 || regles.length > 0;
        // A refused row is not made: what is sent next is another.
        if (dits) setIdempotence(nouvelleCle());
        refuser({ refus: champs, manquements: regles, general: dits ? '' : detail || t`Le serveur ne répond pas : rien n’est enregistré. Votre saisie reste dans cette page, réessayez.` });
      }
    }
    envoi.current = false;
    setEnCours(false);
  };
  /** Takes the saved row through a step; null when it is refused: the form then stays, on the row as it was saved. */
  const franchir = async (faite: Fiche, etape: EtapeSchema, outre: string | null): Promise<Fiche | null> => {
    try {
      const document = documentDe(objet, etape.document);
      await franchirEtape(module, nom, faite, etape.id, { champs: {}, finalite: document?.finalite ?? null, outre });
    } catch (cause) {
      const { detail, champs, manquements: regles } = lireRefus(cause);
      const neuve = saisieDe(objet.champs, faite);
      setConnue(faite);
      setBase(neuve);
      setSaisie(neuve);
      setGardee({ fiche: faite, etape });
      onGardee(faite);
      refuser({ refus: champs, manquements: regles, general: champs.length > 0 || regles.length > 0 ? '' : detail || t`Le serveur ne répond pas : réessayez.` });
      return null;
    }
    await annoncer(client, objet, faite.id, etape);
    // A row that cannot be read again is shown as it was saved; its sheet asks for itself.
    return client.query(ficheQuery(module, nom, faite.id, finalite)).catch(() => faite);
  };
  /** The row has changed: its present version beside the form's. */
  const opposer = async (voulue: Saisie, sur: Fiche, donnee: Fiche | null): Promise<void> => {
    try {
      const fraiche = donnee ?? (await client.query(ficheQuery(module, nom, sur.id, finalite)));
      const la = saisieDe(objet.champs, fraiche);
      // What was being chosen already is chosen again, over what there is now.
      const origine = dispute?.origine ?? saisieDe(objet.champs, sur);
      setConflit({ conflit: conflitDe(objet.champs, origine, voulue, la), origine, fiche: fraiche, la, brouillon: false });
    } catch (cause) {
      refuser({ general: lireRefus(cause).detail || t`La fiche a changé entre-temps et le serveur ne répond plus : réessayez.` });
    }
  };

  return {
    saisie,
    connue,
    gardee,
    modifiee,
    restaure,
    tus,
    personnels,
    defauts,
    refus,
    general,
    fermee,
    manquements,
    changeDepuis,
    tour,
    enCours,
    conflit,
    changer: (patch) => {
      setSaisie((avant) => ({ ...avant, ...patch }));
      setChangeDepuis(true);
      // What is being corrected is no longer refused.
      const touches = new Set(Object.keys(patch.champs ?? {}).filter((c) => patch.champs?.[c] !== saisie.champs[c]));
      if (patch.geometrie !== undefined) touches.add('geometrie');
      setDefauts((avant) => Object.fromEntries(Object.entries(avant).filter(([c]) => !touches.has(c))));
      setRefus((avant) => avant.filter((r) => !touches.has(r.champ)));
    },
    enregistrer: (etape) => envoyer(saisie, connue, null, etape ?? null),
    passerOutre: (outre) => envoyer(saisie, connue, outre, voulueAvec.current),
    trancher: async (garder) => {
      if (!conflit || !connue) return;
      const fusion = fusionner(objet.champs, conflit.origine, saisie, conflit.la, garder);
      setDispute(null);
      setConnue(conflit.fiche);
      setBase(conflit.la);
      setSaisie(fusion);
      setConflit(null);
      if (conflit.brouillon) return;
      // What is passed over is what was seen: the merged row is judged again.
      await envoyer(fusion, conflit.fiche, null, voulueAvec.current);
    },
    fermerConflit: () => setConflit(null),
    repartir: () => {
      setSaisie(saisieDe(objet.champs, connue, connue ? avec : proposees(objet, avec)));
      setRestaure(null);
      setDispute(null);
      if (cle !== null) oublierBrouillon(localStorage, cle);
    },
    oublier,
  };
}
