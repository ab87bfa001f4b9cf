import { useLingui } from '@lingui/react/macro';

/** The sign-in page, that comes back to the place one is at. */
export const versConnexion = (): string => `/connexion?suite=${encodeURIComponent(location.pathname + location.search + location.hash)}`;

/** In place of what did not come because the session is over. */
export function SessionFermee() {
  const { t } = useLingui();
  return (
    <div className="defaut" role="alert">
      <p>{t`Votre session est fermée.`}</p>
      <a className="bouton bouton-principal" href={versConnexion()}>
        {t`Se reconnecter`}
      </a>
    </div>
  );
}
