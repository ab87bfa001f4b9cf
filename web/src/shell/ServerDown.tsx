import { Button } from 'react-aria-components';
import { useLingui } from '@lingui/react/macro';

/** In place of the map when the server does not answer. */
export function ServerDown({ onRetry }: { onRetry: () => void }) {
  const { t } = useLingui();
  return (
    <div className="base-vide" role="alert">
      <h2>{t`La carte n’est pas joignable`}</h2>
      <p>{t`Le serveur ne répond pas. Vérifiez votre connexion, puis réessayez.`}</p>
      <Button className="bouton bouton-principal" onPress={onRetry}>
        {t`Réessayer`}
      </Button>
    </div>
  );
}
