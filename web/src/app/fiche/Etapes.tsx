import { useState } from 'react';
import { Button } from 'react-aria-components';
import { useLingui } from '@lingui/react/macro';
import { franchirEtape } from '../api/ecrire';
import { lireRefus } from '../api/refus';
import type { EtapeSchema, Fiche, Objet, Valeur } from '../api/types';
import { Boite } from '../cadre/Boite';
import { ChampSaisie } from '../saisie/champs/ChampSaisie';
import { Resume } from '../saisie/Resume';
import { useDireDefaut } from '../saisie/useDireDefaut';
import { lireSaisi, recordPour, saisir, type Saisi } from '../saisie/valeurs';

interface Props {
  objet: Objet;
  fiche: Fiche;
  onFranchie: () => void;
}

/** Where the row stands, and the steps it can take from there. */
export function Etapes({ objet, fiche, onFranchie }: Props) {
  const { t } = useLingui();
  const [demandee, setDemandee] = useState<EtapeSchema | null>(null);
  const { etapes: schema } = objet;
  if (!schema) return null;
  const etat = fiche.champs[schema.champ];
  const libelle = schema.etats?.find((e) => e.id === etat)?.libelle ?? fiche.libelles[schema.champ];
  const possibles = objet.actions.includes('transiter') && fiche.archivee_le === null ? schema.etapes.filter((e) => typeof etat === 'string' && e.de.includes(etat)) : [];
  return (
    <div className="etapes">
      <span className="etat-courant">{typeof libelle === 'string' ? libelle : typeof etat === 'string' ? etat : t`État inconnu`}</span>
      {possibles.map((e) => (
        <Button key={e.id} className="bouton" onPress={() => setDemandee(e)}>
          {e.libelle}
        </Button>
      ))}
      {demandee ? (
        <Franchir
          objet={objet}
          fiche={fiche}
          etape={demandee}
          onFermer={() => setDemandee(null)}
          onFranchie={() => {
            setDemandee(null);
            onFranchie();
          }}
        />
      ) : null}
    </div>
  );
}

/** What a step asks before it is taken: the fields it requires, filled or filled already. */
function Franchir({ objet, fiche, etape, onFermer, onFranchie }: Props & { etape: EtapeSchema; onFermer: () => void }) {
  const { t } = useLingui();
  const direDefaut = useDireDefaut();
  const champs = objet.champs.filter((c) => etape.requis.includes(c.nom));
  const [saisi, setSaisi] = useState<Record<string, Saisi>>(() => Object.fromEntries(champs.map((c) => [c.nom, saisir(c, fiche.champs[c.nom])])));
  const [erreurs, setErreurs] = useState<ReadonlyMap<string, string>>(new Map());
  const [general, setGeneral] = useState('');
  const [tour, setTour] = useState(0);
  const [enCours, setEnCours] = useState(false);

  const franchir = async (): Promise<void> => {
    const valeurs: Record<string, Valeur> = {};
    const trouvees = new Map<string, string>();
    for (const c of champs) {
      const lu = lireSaisi(c, saisi[c.nom]);
      if (!lu.ok) trouvees.set(c.nom, direDefaut(c, lu.defaut));
      else if (lu.valeur === null || (Array.isArray(lu.valeur) && lu.valeur.length === 0)) trouvees.set(c.nom, direDefaut(c, 'obligatoire'));
      else if (JSON.stringify(lu.valeur) !== JSON.stringify(fiche.champs[c.nom])) valeurs[c.nom] = lu.valeur;
    }
    setErreurs(trouvees);
    setGeneral('');
    if (trouvees.size > 0) {
      setTour((n) => n + 1);
      return;
    }
    setEnCours(true);
    try {
      await franchirEtape(objet.module, objet.objet, fiche, etape.id, valeurs);
      onFranchie();
      return;
    } catch (cause) {
      const refus = lireRefus(cause);
      setErreurs(new Map(refus.champs.map((r) => [r.champ, r.message])));
      setGeneral(refus.champs.length > 0 ? '' : refus.detail || t`Le serveur ne répond pas : rien n’a changé.`);
      setTour((n) => n + 1);
    }
    setEnCours(false);
  };
  const nomDe = (champ: string): string => objet.champs.find((c) => c.nom === champ)?.libelle ?? champ;
  return (
    <Boite titre={etape.libelle} onFermer={onFermer}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void franchir();
        }}
      >
        <Resume erreurs={[...erreurs].map(([champ, message]) => ({ champ, message, libelle: nomDe(champ) }))} general={general} tour={tour} />
        <p>{t`« ${fiche.titre} »`}</p>
        {champs.map((c) => (
          <ChampSaisie
            key={c.nom}
            objet={objet}
            champ={c}
            valeur={saisi[c.nom] ?? ''}
            requis
            erreur={erreurs.get(c.nom) ?? null}
            libelles={fiche.libelles[c.nom]}
            record={recordPour(objet.champs, fiche.champs)}
            id={fiche.id}
            onChange={(valeur) => setSaisi({ ...saisi, [c.nom]: valeur })}
          />
        ))}
        <div className="rangee">
          <button type="submit" className="bouton bouton-principal" disabled={enCours}>
            {etape.libelle}
          </button>
          <Button className="bouton" onPress={onFermer}>
            {t`Annuler`}
          </Button>
        </div>
      </form>
    </Boite>
  );
}
