import { useId, useState } from 'react';
import { Button } from 'react-aria-components';
import { useLingui } from '@lingui/react/macro';
import { useQueryClient } from '@tanstack/react-query';
import { addTravail } from '../../jobs/mesTravaux';
import { lireRefus } from '../api/refus';
import type { Objet } from '../api/types';
import { ChoixFinalite } from '../personnel/ChoixFinalite';
import { useFinalite } from '../personnel/useFinalite';
import type { Adresse } from '../url/adresse';
import { BilanImport } from './BilanImport';
import { Colonnes } from './Colonnes';
import { ConfirmerImport } from './ConfirmerImport';
import { defautReglage, demandeImport, manquants, memeEssai, reglageDe, surFeuille, type DefautReglage, type Reglage } from './correspondance';
import type { Bilan, FichierDepose } from './formes';
import { Lieu } from './Lieu';
import { Options } from './Options';
import { essayer, importQuery, lancer } from './requetes';
import { SuiviImport } from './SuiviImport';

interface Props {
  objet: Objet;
  depose: FichierDepose;
  /** The list the rows will be in. */
  liste: Adresse;
}

/** From a file laid down to its rows: what its columns fill, a trial, the import itself. */
export function Assistant({ objet, depose, liste }: Props) {
  const { t } = useLingui();
  const id = useId();
  const client = useQueryClient();
  const [finalite] = useFinalite(objet);
  const [reglage, setReglage] = useState(() => reglageDe(depose.correspondance, depose.feuilles));
  const [essai, setEssai] = useState<Bilan | null>(null);
  const [enCours, setEnCours] = useState<'essai' | 'lancer' | null>(null);
  const [refus, setRefus] = useState('');
  const [aConfirmer, setAConfirmer] = useState(false);
  const { feuilles, correspondances, travail } = depose;
  const feuille = feuilles.find((f) => f.nom === reglage.feuille) ?? feuilles[0];
  if (travail !== null) return <SuiviImport objet={objet} depose={depose} travail={travail} liste={liste} />;
  if (!feuille) return <p role="alert">{t`Ce fichier ne contient aucune feuille.`}</p>;

  const defauts: Record<DefautReglage, string> = {
    vide: t`Dites au moins d’une colonne ce qu’elle remplit.`,
    coordonnees: t`Choisissez les deux colonnes des coordonnées.`,
    parcelle: t`Choisissez la colonne des parcelles.`,
  };
  const defaut = defautReglage(reglage);
  const absents = manquants(objet, reglage);
  /** Another setting: what was tried tells nothing of it. */
  const changer = (next: Reglage): void => {
    setReglage(next);
    // What becomes of the lines that are not refused is asked of nobody: the trial has told which they are.
    if (!memeEssai(next, reglage)) setEssai(null);
    setRefus('');
  };
  const confirmer = (): void => {
    if (defaut === null) setAConfirmer(true);
    else setRefus(defauts[defaut]);
  };
  const agir = async (quoi: 'essai' | 'lancer'): Promise<void> => {
    if (defaut !== null) {
      setRefus(defauts[defaut]);
      return;
    }
    setRefus('');
    setEnCours(quoi);
    const demande = demandeImport(reglage, feuille.geometrie);
    try {
      if (quoi === 'essai') setEssai(await essayer(objet.module, objet.objet, depose.id, demande, finalite));
      else {
        const fait = await lancer(objet.module, objet.objet, depose.id, demande, finalite);
        addTravail(fait.id);
        client.setQueryData(importQuery(objet.module, objet.objet, depose.id).queryKey, { ...depose, travail: fait.id });
      }
    } catch (cause) {
      setRefus(lireRefus(cause).detail || t`Le serveur ne répond pas : rien n’est importé.`);
    }
    setEnCours(null);
  };
  return (
    <>
      <section className="import-pas" aria-labelledby={`${id}-colonnes`}>
        <h2 id={`${id}-colonnes`}>{t`2. Ce que remplit chaque colonne`}</h2>
        {depose.retenue ? <p className="discret">{t`La correspondance de votre dernier import de ces colonnes est reprise.`}</p> : null}
        {correspondances.length > 0 ? (
          <div className="champ">
            <label htmlFor={`${id}-connue`}>{t`Correspondance`}</label>
            <select id={`${id}-connue`} className="saisie" value={reglage.nom ?? ''} onChange={(event) => changer({ ...reglage, nom: event.target.value === '' ? null : event.target.value })}>
              <option value="">{t`Dite ci-dessous, colonne par colonne`}</option>
              {correspondances.map((c) => (
                <option key={c.id} value={c.id}>
                  {c.libelle}
                </option>
              ))}
            </select>
          </div>
        ) : null}
        {reglage.nom === null ? (
          <>
            {feuilles.length > 1 ? (
              <div className="champ">
                <label htmlFor={`${id}-feuille`}>{t`Feuille`}</label>
                <select
                  id={`${id}-feuille`}
                  className="saisie"
                  value={feuille.nom}
                  onChange={(event) => {
                    const choisie = feuilles.find((f) => f.nom === event.target.value);
                    if (choisie) changer(surFeuille(objet, reglage, choisie));
                  }}
                >
                  {feuilles.map((f) => (
                    <option key={f.nom} value={f.nom}>
                      {f.nom}
                    </option>
                  ))}
                </select>
              </div>
            ) : null}
            <Colonnes objet={objet} feuille={feuille} reglage={reglage} onChange={changer} />
            {absents.length > 0 ? <p className="avis-archive">{t`Aucune colonne ne remplit : ${absents.map((c) => c.libelle).join(', ')}. Ces champs sont obligatoires.`}</p> : null}
            {objet.geometrie ? <Lieu feuille={feuille} reglage={reglage} onChange={changer} /> : null}
          </>
        ) : null}
      </section>
      <section className="import-pas" aria-labelledby={`${id}-essai`}>
        <h2 id={`${id}-essai`}>{t`3. L’essai, puis l’import`}</h2>
        <ChoixFinalite objet={objet} />
        <Options objet={objet} reglage={reglage} onChange={changer} />
        <div className="rangee">
          <Button className={essai ? 'bouton' : 'bouton bouton-principal'} isDisabled={enCours !== null} onPress={() => void agir('essai')}>
            {enCours === 'essai' ? t`Essai en cours…` : t`Essayer, sans rien écrire`}
          </Button>
          <Button className={essai ? 'bouton bouton-principal' : 'bouton'} isDisabled={enCours !== null} onPress={confirmer}>
            {enCours === 'lancer' ? t`Import en cours…` : t`Importer…`}
          </Button>
        </div>
        {refus ? (
          <p className="avis-refus" role="alert">
            {refus}
          </p>
        ) : null}
        {essai ? <BilanImport bilan={essai} mode={reglage.mode} /> : null}
        {aConfirmer ? (
          <ConfirmerImport
            nom={depose.nom}
            essai={essai}
            lignes={feuille.lignes}
            mode={reglage.mode}
            onImporter={() => {
              setAConfirmer(false);
              void agir('lancer');
            }}
            onFermer={() => setAConfirmer(false)}
          />
        ) : null}
      </section>
    </>
  );
}
