import { useMemo, useRef, useState } from 'react';
import { useLingui } from '@lingui/react/macro';
import { useQueryClient } from '@tanstack/react-query';
import { amenderFiche, changerFiche, creerFiche, estDepassee, franchirEtape } from '../api/ecrire';
import { nouvelleCle } from '../api/cle';
import { lireRefus } from '../api/refus';
import { ficheQuery } from '../api/requetes';
import { annoncer } from '../fiche/resultat';
import { documentDe } from '../personnel/finaliteDocument';
import type { EtapeSchema, ErreurChamp, Fiche, Manquement, Objet } from '../api/types';
import { cleBrouillon, lireBrouillon } from './brouillons';
import { poserGarde } from '../url/useAdresse';
import { controler, ecritureDe, type Defauts } from './controle';
import { contexteDe } from './conditions';
import { conflitDe, fusionner, type Conflit } from './fusion';
import { requisVides } from './etapesOffertes';
import { proposees } from './propositions';
import { useBrouillon } from './useBrouillon';
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

export interface ConflitOuvert {
  conflit: Conflit;
  fiche: Fiche;
  la: Saisie;
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
  defauts: Defauts;
  refus: readonly ErreurChamp[];
  general: string;
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
  /** Saves over the version there is now, keeping one's own of these fields. */
  trancher: (garder: ReadonlySet<string>) => Promise<void>;
  fermerConflit: () => void;
  repartir: () => void;
  oublier: () => void;
}

/** The first form shown: the row, or the draft left over it. */
function premier(objet: Objet, fiche: Fiche | null, avec: Readonly<Record<string, string>>, cle: string | null): { base: Saisie; saisie: Saisie; restaure: number | null } {
  const depart = saisieDe(objet.champs, fiche, fiche ? avec : proposees(objet, avec));
  const brouillon = cle === null ? null : lireBrouillon(localStorage, cle, Date.now());
  if (!brouillon) return { base: depart, saisie: depart, restaure: null };
  // A draft of a new row that its link does not bring is another row's: it waits for its own.
  if (!fiche && Object.keys(avec).some((nom) => brouillon.saisie.champs[nom] !== undefined && brouillon.saisie.champs[nom] !== depart.champs[nom])) return { base: depart, saisie: depart, restaure: null };
  // A draft over an older version takes what others changed since, and keeps its own words.
  const ici: Saisie = { ...brouillon.saisie, champs: { ...depart.champs, ...brouillon.saisie.champs } };
  const tous = new Set([...objet.champs.map((c) => c.nom), 'geometrie']);
  const saisie = fiche ? fusionner(objet.champs, brouillon.base, ici, depart, tous) : ici;
  return { base: depart, saisie, restaure: estModifiee(saisie, depart) ? brouillon.le : null };
}

/** What a form holds and does, from its first letter to its saving. */
export function useFormulaire({ objet, fiche, avec, compte, finalite, motif, imbrique, onEnregistree, onGardee }: Depart): EtatFormulaire {
  const { t } = useLingui();
  const client = useQueryClient();
  const { module, objet: nom } = objet;
  const cle = imbrique ? null : cleBrouillon(compte, module, nom, fiche?.id ?? 'nouvelle');
  const [depart] = useState(() => premier(objet, fiche, avec, cle));
  const [base, setBase] = useState(depart.base);
  const [saisie, setSaisie] = useState(depart.saisie);
  const [connue, setConnue] = useState(fiche);
  const [restaure, setRestaure] = useState(depart.restaure);
  const [defauts, setDefauts] = useState<Defauts>({});
  const [refus, setRefus] = useState<readonly ErreurChamp[]>([]);
  const [general, setGeneral] = useState('');
  const [manquements, setManquements] = useState<readonly Manquement[]>([]);
  const [changeDepuis, setChangeDepuis] = useState(false);
  const [tour, setTour] = useState(0);
  const [enCours, setEnCours] = useState(false);
  const [conflit, setConflit] = useState<ConflitOuvert | null>(null);
  const [idempotence, setIdempotence] = useState(nouvelleCle);
  const [gardee, setGardee] = useState<Gardee | null>(null);
  const envoi = useRef(false);
  /** The step asked with what was sent last. */
  const voulueAvec = useRef<EtapeSchema | null>(null);
  const modifiee = useMemo(() => estModifiee(saisie, base), [saisie, base]);
  const { oublier } = useBrouillon({ cle, champs: objet.champs, saisie, base, version: connue?.version ?? null, modifiee });

  const refuser = (next: { defauts?: Defauts; refus?: readonly ErreurChamp[]; general?: string; manquements?: readonly Manquement[] }): void => {
    setDefauts(next.defauts ?? {});
    setRefus(next.refus ?? []);
    setGeneral(next.general ?? '');
    setManquements(next.manquements ?? []);
    setChangeDepuis(false);
    setTour((n) => n + 1);
  };
  const envoyer = async (voulue: Saisie, sur: Fiche | null, outre: string | null, etape: EtapeSchema | null): Promise<void> => {
    // Two quick presses are one save.
    if (envoi.current) return;
    voulueAvec.current = etape;
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
      else {
        const { detail, champs, manquements: regles } = lireRefus(cause);
        const dits = champs.length > 0 || regles.length > 0;
        // A refused row is not made: what is sent next is another.
        if (dits) setIdempotence(nouvelleCle());
        refuser({ refus: champs, manquements: regles, general: dits ? '' : detail || t`Le serveur ne répond pas. Rien n’est perdu : votre saisie est gardée dans ce navigateur, réessayez.` });
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
      setConflit({ conflit: conflitDe(objet.champs, saisieDe(objet.champs, sur), voulue, la), fiche: fraiche, la });
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
    defauts,
    refus,
    general,
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
      const fusion = fusionner(objet.champs, saisieDe(objet.champs, connue), saisie, conflit.la, garder);
      setConnue(conflit.fiche);
      setBase(conflit.la);
      setSaisie(fusion);
      setConflit(null);
      // What is passed over is what was seen: the merged row is judged again.
      await envoyer(fusion, conflit.fiche, null, voulueAvec.current);
    },
    fermerConflit: () => setConflit(null),
    repartir: () => {
      setSaisie(saisieDe(objet.champs, connue, connue ? avec : proposees(objet, avec)));
      setRestaure(null);
    },
    oublier,
  };
}
