import { useEffect, useRef } from 'react';
import { Button } from 'react-aria-components';
import { useLingui } from '@lingui/react/macro';
import { IconePdf } from '../../shell/icones';
import { adresseOuverte } from '../api/adresses';
import { taire, useResultat } from './resultat';

/** What closes (a dialog, a form) gives the keyboard back first. */
const REPIT_MS = 120;

/** A step was taken: its document is one press away, and has the keyboard. */
export function ResultatEtape({ fiche }: { fiche: string }) {
  const { t } = useLingui();
  const lien = useRef<HTMLAnchorElement>(null);
  const resultat = useResultat(fiche);
  const joint = resultat?.document ?? null;
  useEffect(() => {
    if (joint === null) return;
    const attente = setTimeout(() => lien.current?.focus(), REPIT_MS);
    return () => clearTimeout(attente);
  }, [joint]);
  // Another sheet, then this one again: what was said is past.
  useEffect(() => taire, [fiche]);
  if (resultat === null) return null;
  return (
    <div className="resultat-etape">
      <p role="status">{t`« ${resultat.etape} » : c’est fait.`}</p>
      {joint === null ? null : (
        <a ref={lien} className="bouton bouton-principal" href={adresseOuverte(joint.id)} target="_blank" rel="noopener">
          <IconePdf />
          {t`Ouvrir pour imprimer : ${joint.nom}`}
          <span className="visuellement-cache">{t`(nouvel onglet)`}</span>
        </a>
      )}
      <Button className="bouton-nu" aria-label={t`Fermer ce message`} onPress={taire}>
        <span aria-hidden="true">×</span>
      </Button>
    </div>
  );
}
