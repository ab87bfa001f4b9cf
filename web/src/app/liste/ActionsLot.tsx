import { useRef, useState } from 'react';
import { Button } from 'react-aria-components';
import { plural } from '@lingui/core/macro';
import { useLingui } from '@lingui/react/macro';
import { useQueryClient } from '@tanstack/react-query';
import { sendJson } from '../../api/client';
import { addTravail } from '../../jobs/mesTravaux';
import type { Travail } from '../../api/types';
import { adresseObjet } from '../api/adresses';
import { archiverFiche, franchirEtape } from '../api/ecrire';
import { lireRefus } from '../api/refus';
import { cleLignes, ficheQuery } from '../api/requetes';
import type { Fiche, Objet } from '../api/types';
import { Boite } from '../cadre/Boite';
import { executerLot, type Bilan } from './lot';

interface Acte {
  nom: string;
  question: string;
  faire: (fiche: Fiche) => Promise<unknown>;
}

/** What is done to all the ticked rows: archive, step, documents; the report names each refusal. */
export function ActionsLot({ objet, selection, onVider }: { objet: Objet; selection: readonly string[]; onVider: () => void }) {
  const { t } = useLingui();
  const client = useQueryClient();
  const [acte, setActe] = useState<Acte | null>(null);
  const [avance, setAvance] = useState<number | null>(null);
  const [bilan, setBilan] = useState<Bilan | null>(null);
  const [avis, setAvis] = useState<{ texte: string; refus: boolean } | null>(null);
  const arret = useRef(false);
  const { module, objet: id, actions } = objet;
  const n = selection.length;
  const compte = plural(n, { one: '# ligne cochée', other: '# lignes cochées' });

  const executer = async ({ faire }: Acte): Promise<void> => {
    arret.current = false;
    setAvance(0);
    const lire = (fiche: string): Promise<Fiche> => client.query(ficheQuery(module, id, fiche));
    const fait = await executerLot(selection, lire, faire, setAvance, () => arret.current);
    await client.invalidateQueries({ queryKey: cleLignes(module, id) });
    await client.invalidateQueries({ queryKey: ['fiche', module, id] });
    setAvance(null);
    setActe(null);
    setBilan(fait);
  };
  const documents = async (document: string): Promise<void> => {
    setAvis(null);
    try {
      const travail = await sendJson<Travail>('POST', `${adresseObjet(module, id)}/documents/${encodeURIComponent(document)}`, { ids: selection });
      addTravail(travail.id);
      setAvis({ texte: t`Les documents sont en préparation : ils apparaîtront dans « Travaux », en haut de la page.`, refus: false });
    } catch (cause) {
      setAvis({ texte: lireRefus(cause).detail || t`Le serveur ne répond pas : rien n’est demandé.`, refus: true });
    }
  };
  const lots = actions.includes('imprimer') ? objet.documents.filter((d) => d.lot) : [];
  // A step that asks for values is taken row by row, on its sheet.
  const etapes = actions.includes('transiter') ? (objet.etapes?.etapes ?? []).filter((e) => e.requis.length === 0) : [];
  return (
    <div className="lot" role="group" aria-label={t`Actions sur les lignes cochées`}>
      <span className="lot-compte">{compte}</span>
      {actions.includes('archiver') ? (
        <Button
          className="bouton"
          onPress={() => setActe({ nom: t`Archiver`, question: t`Archiver ${compte} ? Elles quittent les listes et peuvent être rétablies.`, faire: (f) => archiverFiche(module, id, f) })}
        >
          {t`Archiver`}
        </Button>
      ) : null}
      {etapes.map((e) => (
        <Button
          key={e.id}
          className="bouton"
          onPress={() => setActe({ nom: e.libelle, question: t`« ${e.libelle} » sur ${compte} ?`, faire: (f) => franchirEtape(module, id, f, e.id, {}) })}
        >
          {e.libelle}
        </Button>
      ))}
      {lots.map((d) => (
        <Button key={d.id} className="bouton" onPress={() => void documents(d.id)}>
          {d.libelle}
        </Button>
      ))}
      <Button className="bouton" onPress={onVider}>
        {t`Tout décocher`}
      </Button>
      {avis ? (
        <p className={avis.refus ? 'avis-refus' : 'avis-fait'} role={avis.refus ? 'alert' : 'status'}>
          {avis.texte}
        </p>
      ) : null}
      {acte ? (
        <Boite titre={acte.nom} question onFermer={() => avance === null && setActe(null)}>
          <p>{acte.question}</p>
          {avance === null ? null : <progress className="progression" value={avance} max={n} aria-label={t`Avancement`} />}
          <div className="rangee">
            <Button className="bouton bouton-principal" isDisabled={avance !== null} onPress={() => void executer(acte)}>
              {acte.nom}
            </Button>
            <Button
              className="bouton"
              onPress={() => {
                arret.current = true;
                if (avance === null) setActe(null);
              }}
            >
              {avance === null ? t`Annuler` : t`Arrêter là`}
            </Button>
          </div>
        </Boite>
      ) : null}
      {bilan ? (
        <Boite titre={t`Compte rendu`} onFermer={() => setBilan(null)}>
          <p>{plural(bilan.faites, { 0: 'Aucune ligne n’a changé.', one: '# ligne a changé.', other: '# lignes ont changé.' })}</p>
          {bilan.refus.length > 0 ? (
            <>
              <p>{plural(bilan.refus.length, { one: '# refus :', other: '# refus :' })}</p>
              <ul className="bilan">
                {bilan.refus.map((r) => (
                  <li key={r.id}>
                    <strong>{r.titre}</strong> : {r.detail || t`le serveur n’a pas répondu.`}
                  </li>
                ))}
              </ul>
            </>
          ) : null}
          <div className="rangee">
            <Button className="bouton bouton-principal" slot="close">
              {t`Fermer`}
            </Button>
          </div>
        </Boite>
      ) : null}
    </div>
  );
}
