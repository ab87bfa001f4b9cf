import { useState } from 'react';
import { Button } from 'react-aria-components';
import { useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { formatHeure } from '../../format/nombres';
import { Defaut } from '../cadre/Defaut';
import { adresseFichier } from '../api/adresses';
import { annulerPas } from '../api/ecrire';
import { lireRefus } from '../api/refus';
import { sessionQuery } from '../../api/queries';
import { fichiersQuery, historiqueQuery } from '../api/requetes';
import type { Fiche, Objet, PasHistorique, Valeur } from '../api/types';
import { ecrireValeur } from '../liste/ecrire';
import { useMots } from '../liste/useMots';
import { etapeFranchie, jointAvec } from './etats';
import { peutChanger } from './verrou';
import { useFinalite } from '../personnel/useFinalite';

interface Props {
  objet: Objet;
  fiche: Fiche;
  onChangee: () => void;
}

/** Who changed what and when, newest first; one change can be undone, the others stay. */
export function Historique({ objet, fiche, onChangee }: Props) {
  const { t } = useLingui();
  const mots = useMots();
  const [finalite] = useFinalite(objet);
  const { data, error, refetch } = useQuery(historiqueQuery(objet.module, objet.objet, fiche.id, finalite));
  const { data: joints } = useQuery(fichiersQuery(objet.module, objet.objet, fiche.id));
  const { data: session } = useQuery(sessionQuery);
  const [refus, setRefus] = useState('');
  const [enCours, setEnCours] = useState<number | null>(null);
  const parNom = new Map(objet.champs.map((c) => [c.nom, c]));

  const annuler = async (rang: number): Promise<void> => {
    setEnCours(rang);
    setRefus('');
    try {
      await annulerPas(objet.module, objet.objet, fiche, rang);
      onChangee();
    } catch (cause) {
      setRefus(lireRefus(cause).detail || t`Le serveur ne répond pas : rien n’a changé.`);
    }
    await refetch();
    setEnCours(null);
  };
  const dire = (nom: string, valeur: Valeur | undefined): string => {
    const champ = parNom.get(nom);
    const dit = champ ? ecrireValeur(champ, valeur, undefined, mots) : String(valeur ?? '');
    return dit === '' ? t`vide` : dit;
  };
  /** The account by its name where it is one's own, else by its address. */
  const auteur = (par: string | null): string => (par === null ? t`Finage` : par === session?.compte && session.nom ? t`${session.nom} (vous)` : par);
  const titre = (pas: PasHistorique): string => {
    const { operation, archivage, avant, apres, geometrie } = pas;
    const etape = etapeFranchie(objet, pas);
    if (operation === 'creation') return t`Création`;
    if (archivage) return t`Archivage`;
    if (operation === 'retrait') return t`Retrait`;
    if (etape) return etape.etapes.length > 0 ? etape.etapes.join(t` ou `) : t`Changement d’état`;
    return geometrie && Object.keys({ ...avant, ...apres }).length === 0 ? t`Changement de la géométrie` : t`Changement`;
  };

  if (error) return <Defaut erreur={error} onReprendre={() => void refetch()} />;
  if (!data) return <p className="discret" role="status">{t`Chargement…`}</p>;
  return (
    <>
      {refus ? (
        <p className="avis-refus" role="alert">
          {refus}
        </p>
      ) : null}
      <ol className="historique">
        {data.map((pas) => {
          const quand = formatHeure(pas.le);
          const etape = etapeFranchie(objet, pas);
          // The state is said above the others when it is what changed.
          const touches = [...new Set([...Object.keys(pas.avant), ...Object.keys(pas.apres)])].filter((nom) => etape === null || nom !== objet.etapes?.champ);
          // Of a field that stays closed, both sides are empty: there is nothing to read.
          const champs = touches.filter((nom) => parNom.has(nom) && dire(nom, pas.avant[nom]) !== dire(nom, pas.apres[nom]));
          const tu = pas.operation === 'changement' && champs.length === 0 && touches.length > 0;
          const documents = etape?.document ? (joints ?? []).filter((j) => jointAvec(j.creee_le, pas.le)) : [];
          return (
            <li key={pas.rang}>
              <h3>
                {titre(pas)} <span className="discret">{quand}</span>
              </h3>
              <p className="discret">{auteur(pas.par)}</p>
              {etape ? <p>{etape.de === null ? t`État : ${etape.vers}` : t`État : ${etape.de} → ${etape.vers}`}</p> : null}
              {documents.map((j) => (
                <p key={j.id}>
                  {t`Document joint :`}{' '}
                  <a className="lien-simple" href={adresseFichier(j.id)} download={j.nom}>
                    {j.nom}
                  </a>
                </p>
              ))}
              {pas.motif ? <p>{t`Avenant : ${pas.motif}`}</p> : null}
              {pas.operation !== 'creation' && champs.length > 0 ? (
                <div className="defilable">
                  <table className="tableau avant-apres">
                    <caption className="visuellement-cache">{t`Champs changés le ${quand}`}</caption>
                    <thead>
                      <tr>
                        <th scope="col" className="colonne">{t`Champ`}</th>
                        <th scope="col" className="colonne">{t`Avant`}</th>
                        <th scope="col" className="colonne">{t`Après`}</th>
                      </tr>
                    </thead>
                    <tbody>
                      {champs.map((nom) => (
                        <tr key={nom}>
                          <th scope="row" className="cellule">
                            {parNom.get(nom)?.libelle ?? nom}
                          </th>
                          <td className="cellule">{dire(nom, pas.avant[nom])}</td>
                          <td className="cellule">{dire(nom, pas.apres[nom])}</td>
                        </tr>
                      ))}
                    </tbody>
                  </table>
                </div>
              ) : null}
              {tu ? <p className="discret">{t`Ce qui a changé ne se montre pas à votre compte.`}</p> : null}
              {pas.geometrie && champs.length > 0 && pas.operation !== 'creation' ? <p className="discret">{t`La géométrie a changé aussi.`}</p> : null}
              {pas.operation === 'changement' && !pas.archivage && !tu && peutChanger(objet, fiche) ? (
                <Button className="bouton" isDisabled={enCours !== null} aria-label={t`Annuler le changement du ${quand}`} onPress={() => void annuler(pas.rang)}>
                  {t`Annuler ce changement`}
                </Button>
              ) : null}
            </li>
          );
        })}
      </ol>
    </>
  );
}
