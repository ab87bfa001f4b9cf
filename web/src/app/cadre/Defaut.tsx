import { Button } from 'react-aria-components';
import { useLingui } from '@lingui/react/macro';
import { ErreurApi } from '../../api/client';
import { SessionFermee } from './SessionFermee';

interface Props {
  erreur: Error;
  onReprendre: () => void;
}

/** In place of what did not come: the server's own sentence, or that it is silent, and a way to try again. */
export function Defaut({ erreur, onReprendre }: Props) {
  const { t } = useLingui();
  if (erreur instanceof ErreurApi && erreur.status === 401) return <SessionFermee />;
  const dit = erreur instanceof ErreurApi ? erreur.message : '';
  return (
    <div className="defaut" role="alert">
      <p>{dit === '' ? t`Le serveur ne répond pas. Vérifiez votre connexion, puis réessayez.` : dit}</p>
      <Button className="bouton" onPress={onReprendre}>
        {t`Réessayer`}
      </Button>
    </div>
  );
}
