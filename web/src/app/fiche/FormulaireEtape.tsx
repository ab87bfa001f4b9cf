import { useState, type ReactNode } from 'react';
import { Button } from 'react-aria-components';
import { useLingui } from '@lingui/react/macro';
import { lireRefus } from '../api/refus';
import type { EtapeSchema, Fiche, Manquement, Objet } from '../api/types';
import type { DitAvecEtape } from '../api/ecrire';
import { documentDe, finaliteDe } from '../personnel/finaliteDocument';
import { ChampSaisie } from '../saisie/champs/ChampSaisie';
import { Manquements } from '../saisie/Manquements';
import { Resume } from '../saisie/Resume';
import { useDireDefaut } from '../saisie/useDireDefaut';
import { lireSaisi, recordPour, saisir, type Saisi } from '../saisie/valeurs';

interface Props {
  objet: Objet;
  etape: EtapeSchema;
  /** Null for several rows at once: a field left empty is then each row's own. */
  fiche: Fiche | null;
  /** Takes the step with what is said; what it throws is said beside the fields. */
  onFranchir: (dit: DitAvecEtape) => Promise<void>;
  onFermer: () => void;
  nomFermer?: string;
  children: ReactNode;
}

/** What a step asks before it is taken: the fields it requires, filled or filled already. */
export function FormulaireEtape({ objet, etape, fiche, onFranchir, onFermer, nomFermer, children }: Props) {
  const { t } = useLingui();
  const direDefaut = useDireDefaut();
  const champs = objet.champs.filter((c) => etape.requis.includes(c.nom) || etape.demandes?.includes(c.nom));
  const [saisi, setSaisi] = useState<Record<string, Saisi>>(() => Object.fromEntries(champs.map((c) => [c.nom, saisir(c, fiche?.champs[c.nom])])));
  const [erreurs, setErreurs] = useState<ReadonlyMap<string, string>>(new Map());
  const [general, setGeneral] = useState('');
  const [manquements, setManquements] = useState<readonly Manquement[]>([]);
  const [changeDepuis, setChangeDepuis] = useState(false);
  const document = documentDe(objet, etape.document);
  const finalite = finaliteDe(objet, { finalite: etape.finalite ?? document?.finalite ?? null });
  const [tour, setTour] = useState(0);
  const [enCours, setEnCours] = useState(false);

  const franchir = async (outre: string | null): Promise<void> => {
    const valeurs: DitAvecEtape['champs'] = {};
    const trouvees = new Map<string, string>();
    for (const c of champs) {
      const lu = lireSaisi(c, saisi[c.nom]);
      if (!lu.ok) trouvees.set(c.nom, direDefaut(c, lu.defaut));
      else if (lu.valeur === null || (Array.isArray(lu.valeur) && lu.valeur.length === 0)) {
        if (fiche && etape.requis.includes(c.nom)) trouvees.set(c.nom, direDefaut(c, 'obligatoire'));
      } else if (JSON.stringify(lu.valeur) !== JSON.stringify(fiche?.champs[c.nom])) valeurs[c.nom] = lu.valeur;
    }
    setErreurs(trouvees);
    setGeneral('');
    setManquements([]);
    if (trouvees.size > 0) {
      setTour((n) => n + 1);
      return;
    }
    setEnCours(true);
    try {
      await onFranchir({ champs: valeurs, finalite: finalite?.id ?? null, outre });
      return;
    } catch (cause) {
      const refus = lireRefus(cause);
      setErreurs(new Map(refus.champs.map((r) => [r.champ, r.message])));
      setManquements(refus.manquements);
      setChangeDepuis(false);
      setGeneral(refus.champs.length > 0 || refus.manquements.length > 0 ? '' : refus.detail || t`Le serveur ne répond pas : rien n’a changé.`);
      setTour((n) => n + 1);
    }
    setEnCours(false);
  };
  const nomDe = (champ: string): string => objet.champs.find((c) => c.nom === champ)?.libelle ?? champ;
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void franchir(null);
      }}
    >
      <Resume erreurs={[...erreurs].map(([champ, message]) => ({ champ, message, libelle: nomDe(champ) }))} general={general} tour={tour} />
      <Manquements
        manquements={manquements}
        droit={objet.actions.includes('passer_outre')}
        change={changeDepuis}
        tour={tour}
        enCours={enCours}
        onPasser={(outre) => void franchir(outre)}
      />
      {children}
      {document === null ? null : (
        <p className="discret">
          {finalite === null ? t`Le document « ${document.libelle} » sera joint à la fiche.` : t`Le document « ${document.libelle} » sera joint à la fiche. Il montre des données personnelles pour la finalité « ${finalite.libelle} ».`}
        </p>
      )}
      {champs.map((c) => (
        <ChampSaisie
          key={c.nom}
          objet={objet}
          champ={c}
          valeur={saisi[c.nom] ?? ''}
          requis={fiche !== null && etape.requis.includes(c.nom)}
          erreur={erreurs.get(c.nom) ?? null}
          libelles={fiche?.libelles[c.nom]}
          record={recordPour(objet.champs, fiche?.champs ?? {})}
          id={fiche?.id ?? null}
          onChange={(valeur) => {
            setSaisi({ ...saisi, [c.nom]: valeur });
            setChangeDepuis(true);
          }}
        />
      ))}
      <div className="rangee">
        <button type="submit" className="bouton bouton-principal" disabled={enCours}>
          {etape.libelle}
        </button>
        <Button className="bouton" onPress={onFermer}>
          {nomFermer ?? t`Annuler`}
        </Button>
      </div>
    </form>
  );
}
