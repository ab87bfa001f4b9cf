import { useEffect, useMemo } from 'react';
import { useLingui } from '@lingui/react/macro';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { ErreurApi } from '../../api/client';
import { Defaut } from '../cadre/Defaut';
import { cleFiche, cleLignes, ficheQuery } from '../api/requetes';
import type { Fiche as Ligne, Objet } from '../api/types';
import type { Edition } from '../geometrie/edition';
import { ChoixFinalite } from '../personnel/ChoixFinalite';
import { seuleFinalite, sousFinalite } from '../personnel/champs';
import { NoteFinalite } from '../personnel/NoteFinalite';
import { useFinalite } from '../personnel/useFinalite';
import { Formulaire } from '../saisie/Formulaire';
import { updateAdresse } from '../url/useAdresse';
import type { Adresse } from '../url/adresse';
import { Fiche } from './Fiche';
import { LienParent } from './LienParent';
import { peutEcrire } from './verrou';

const estAbsente = (cause: Error): boolean => cause instanceof ErreurApi && cause.status === 404;
const estRefusee = (cause: Error): boolean => cause instanceof ErreurApi && (cause.status === 403 || cause.status === 401);

interface Props {
  objet: Objet;
  adresse: Adresse;
  /** Null for a new row. */
  id: string | null;
  carte: boolean;
  onEdition: (edition: Edition | null) => void;
  onCadrer: ((id: string) => void) | null;
  /** A row was saved, the one just made included; null when another act changed it. */
  onEcrite: (fiche: Ligne | null) => void;
  onAbandon: () => void;
  onTitre: (titre: string) => void;
}

/** A row read or written: the same in the side panel and on a page of its own. */
export function Contenu({ objet, adresse, id, carte, onEdition, onCadrer, onEcrite, onAbandon, onTitre }: Props) {
  const { t } = useLingui();
  const client = useQueryClient();
  const [finalite] = useFinalite(objet);
  const tenue = finalite ?? (id === null ? seuleFinalite(objet) : null);
  const vu = useMemo(() => sousFinalite(objet, tenue), [objet, tenue]);
  const { data, error, refetch } = useQuery({ ...ficheQuery(objet.module, objet.objet, id ?? '', finalite), enabled: id !== null });
  const titre =
    id === null
      ? t`Nouvelle fiche : ${objet.libelle}`
      : (data?.titre ?? (error === null ? t`Chargement…` : estAbsente(error) ? t`Fiche introuvable` : estRefusee(error) ? t`Fiche fermée à votre compte` : t`Fiche non lue`));
  useEffect(() => {
    onTitre(titre);
  }, [titre, onTitre]);

  if (id !== null && error) return <Defaut erreur={error} onReprendre={() => void refetch()} />;
  if (id !== null && !data) return <p className="squelette" aria-busy="true" />;
  const fiche = data ?? null;
  if (fiche === null && !objet.actions.includes('creer'))
    return (
      <p className="avis-refus" role="alert">
        {t`Votre rôle ne permet pas d’ajouter ici. Demandez ce droit à l’administrateur de votre collectivité.`}
      </p>
    );
  const ouverte = fiche === null || peutEcrire(objet, fiche);
  if ((adresse.saisie && ouverte) || fiche === null) {
    return (
      <>
        <LienParent objet={objet} fiche={fiche} avec={adresse.avec} />
        {finalite === null && tenue !== null ? <NoteFinalite objet={objet} finalite={tenue} /> : <ChoixFinalite objet={objet} />}
        <Formulaire
          // Seen under a purpose, a row has other fields and other values: the form begins again from them.
          key={tenue ?? ''}
          objet={vu}
          fiche={id === null ? null : fiche}
          avec={adresse.avec}
          finalite={tenue}
          carte={carte}
          onEdition={onEdition}
          onEnregistree={(faite) => {
            // What a new row was written for is not what its sheet is looked at for.
            if (tenue === finalite) client.setQueryData(ficheQuery(objet.module, objet.objet, faite.id, finalite).queryKey, faite);
            void client.invalidateQueries({ queryKey: cleFiche(objet.module, objet.objet, faite.id) });
            onEcrite(faite);
          }}
          onGardee={(faite) => {
            void client.invalidateQueries({ queryKey: cleLignes(objet.module, objet.objet) });
            void client.invalidateQueries({ queryKey: cleFiche(objet.module, objet.objet, faite.id) });
          }}
          onAbandon={onAbandon}
        />
      </>
    );
  }
  return (
    <>
      <LienParent objet={objet} fiche={fiche} avec={adresse.avec} />
      {adresse.saisie ? (
        <p className="avis-refus" role="alert">
          {t`Cette fiche ne se modifie pas avec votre compte, ou plus dans son état : la voici telle qu’elle est.`}
        </p>
      ) : null}
      <Fiche
        objet={objet}
        fiche={fiche}
        onglet={adresse.onglet}
        onCadrer={onCadrer}
        onModifier={() => updateAdresse({ saisie: true })}
        onEcrite={() => onEcrite(null)}
      />
    </>
  );
}
