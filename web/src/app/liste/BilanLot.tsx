import { Button } from 'react-aria-components';
import { plural } from '@lingui/core/macro';
import { useLingui } from '@lingui/react/macro';
import { Boite } from '../cadre/Boite';
import type { Bilan } from './lot';

/** What became of an act on many rows: how many changed, and each refusal. */
export function BilanLot({ bilan, onFermer }: { bilan: Bilan; onFermer: () => void }) {
  const { t } = useLingui();
  return (
    <Boite titre={t`Compte rendu`} onFermer={onFermer}>
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
  );
}
