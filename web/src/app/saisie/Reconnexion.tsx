import { useLingui } from '@lingui/react/macro';
import { versConnexion } from '../cadre/SessionFermee';

interface Props {
  /** In another tab: this page keeps what it holds. */
  beside: boolean;
  /** The page goes to the sign-in and comes back: nothing is asked. */
  onPartir: () => void;
}

/** The session was closed as a form was saved: how to open it again, and what becomes of the words. */
export function Reconnexion({ beside, onPartir }: Props) {
  const { t } = useLingui();
  return (
    <>
      <p>
        {beside
          ? t`Reconnectez-vous dans un autre onglet, puis revenez ici et enregistrez : votre saisie reste dans cette page.`
          : t`Votre saisie est gardée en brouillon : vous la retrouverez ici une fois reconnecté.`}
      </p>
      <p>
        {beside ? (
          <a className="bouton bouton-principal" href="/connexion" target="_blank" rel="noopener">
            {t`Se reconnecter`}
            <span className="visuellement-cache"> {t`(nouvel onglet)`}</span>
          </a>
        ) : (
          <a className="bouton bouton-principal" href={versConnexion()} onClick={onPartir}>
            {t`Se reconnecter`}
          </a>
        )}
      </p>
    </>
  );
}
