import { useState } from 'react';
import { Button } from 'react-aria-components';
import { useLingui } from '@lingui/react/macro';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { formatHeure } from '../../format/nombres';
import { archiverFiche, desarchiverFiche } from '../api/ecrire';
import { lireRefus } from '../api/refus';
import { cleFiche, modulesQuery } from '../api/requetes';
import type { Fiche as Ligne, Objet } from '../api/types';
import { AnomaliesFiche } from '../anomalies/AnomaliesFiche';
import { Boite } from '../cadre/Boite';
import { Lien } from '../cadre/Lien';
import { Etapes } from './Etapes';
import { Onglets } from './Onglets';
import { raccourcisDe } from './raccourcis';
import { ResultatEtape } from './ResultatEtape';
import { estVerrouillee, peutAmender, peutChanger } from './verrou';

interface Props {
  objet: Objet;
  fiche: Ligne;
  onglet: string | null;
  /** Null where there is no map beside. */
  onCadrer: ((id: string) => void) | null;
  onModifier: () => void;
  /** The row was written: what shows it elsewhere asks again. */
  onEcrite: () => void;
}

/** A row read: its steps, what can be done to it, and its parts. */
export function Fiche({ objet, fiche, onglet, onCadrer, onModifier, onEcrite }: Props) {
  const { t } = useLingui();
  const client = useQueryClient();
  const [refus, setRefus] = useState('');
  const [archiver, setArchiver] = useState(false);
  const { module, objet: nom, actions } = objet;
  const archivee = fiche.archivee_le !== null;
  const { data: ouverts } = useQuery(modulesQuery);
  const raccourcis = raccourcisDe(objet, fiche, ouverts?.modules ?? []);

  const changee = (): void => {
    void client.invalidateQueries({ queryKey: cleFiche(module, nom, fiche.id) });
    onEcrite();
  };
  const faire = async (acte: () => Promise<void>): Promise<void> => {
    setRefus('');
    try {
      await acte();
    } catch (cause) {
      setRefus(lireRefus(cause).detail || t`Le serveur ne répond pas : rien n’a changé.`);
    }
    changee();
  };
  return (
    <>
      {archivee ? <p className="avis-archive">{t`Archivée le ${formatHeure(fiche.archivee_le ?? '')}.`}</p> : null}
      {fiche.propre ? null : <p className="discret">{t`Cette fiche est d’une autre collectivité : elle se consulte sans se modifier.`}</p>}
      {estVerrouillee(objet, fiche) ? <p className="discret">{t`Dans cet état, la fiche ne change plus que par ses étapes, ou par un avenant motivé.`}</p> : null}
      <ResultatEtape fiche={fiche.id} />
      <Etapes objet={objet} fiche={fiche} onFranchie={changee} />
      {raccourcis.length > 0 ? (
        <nav className="rangee fiche-raccourcis" aria-label={t`Faire à partir de cette fiche`}>
          {raccourcis.map((r) => (
            <Lien key={r.libelle} className="bouton" vers={r.vers}>
              {r.libelle}
            </Lien>
          ))}
        </nav>
      ) : null}
      <div className="rangee fiche-actions">
        {peutChanger(objet, fiche) ? (
          <Button className="bouton bouton-principal" onPress={onModifier}>
            {t`Modifier`}
          </Button>
        ) : null}
        {peutAmender(objet, fiche) ? (
          <Button className="bouton" onPress={onModifier}>
            {t`Faire un avenant`}
          </Button>
        ) : null}
        {onCadrer && objet.geometrie ? (
          <Button className="bouton" isDisabled={fiche.geometrie === null} onPress={() => onCadrer(fiche.id)}>
            {t`Voir sur la carte`}
          </Button>
        ) : null}
        {actions.includes('archiver') && fiche.propre ? (
          archivee ? (
            <Button className="bouton" onPress={() => void faire(() => desarchiverFiche(module, nom, fiche))}>
              {t`Rétablir`}
            </Button>
          ) : (
            <Button className="bouton" onPress={() => setArchiver(true)}>
              {t`Archiver`}
            </Button>
          )
        ) : null}
        <Button className="bouton" onPress={() => window.print()}>
          {t`Imprimer`}
        </Button>
      </div>
      {onCadrer && objet.geometrie && fiche.geometrie === null ? <p className="discret">{t`Cette fiche n’a pas d’emplacement.`}</p> : null}
      {refus ? (
        <p className="avis-refus" role="alert">
          {refus}
        </p>
      ) : null}
      <AnomaliesFiche objet={objet} fiche={fiche} />
      <Onglets objet={objet} fiche={fiche} onglet={onglet} onChangee={changee} />
      {archiver ? (
        <Boite titre={t`Archiver la fiche`} question onFermer={() => setArchiver(false)}>
          <p>{t`« ${fiche.titre} » quittera les listes. Elle pourra être rétablie.`}</p>
          <div className="rangee">
            <Button
              className="bouton bouton-principal"
              onPress={() => {
                setArchiver(false);
                void faire(() => archiverFiche(module, nom, fiche));
              }}
            >
              {t`Archiver`}
            </Button>
            <Button className="bouton" onPress={() => setArchiver(false)}>
              {t`Garder`}
            </Button>
          </div>
        </Boite>
      ) : null}
    </>
  );
}
