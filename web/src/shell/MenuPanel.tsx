import { Button } from 'react-aria-components';
import { useLingui } from '@lingui/react/macro';
import { Panel } from './Panel';

interface Props {
  /** Whether annotations are open to who is signed in. */
  annotations: boolean;
  onTravaux: () => void;
  onFermer: () => void;
}

/** Ways out of the map: the other pages, the jobs. */
export function MenuPanel({ annotations, onTravaux, onFermer }: Props) {
  const { t } = useLingui();
  return (
    <Panel id="menu" cote="droit" titre={t`Menu`} nomFermer={t`Fermer le menu`} onFermer={onFermer} focus={1}>
      <nav aria-label={t`Pages de Finage`}>
        <ul className="menu">
          <li>
            <Button className="menu-ligne" onPress={onTravaux}>
              {t`Mes travaux`}
            </Button>
          </li>
          {annotations ? (
            <li>
              <a className="menu-ligne" href="/annotations">
                {t`Annotations`}
              </a>
            </li>
          ) : null}
          <li>
            <a className="menu-ligne" href="/">
              {t`Accueil`}
            </a>
          </li>
          <li>
            <a className="menu-ligne" href="/extraits">
              {t`Extraits par lot`}
            </a>
          </li>
          <li>
            <a className="menu-ligne" href="/services">
              {t`Services et données`}
            </a>
          </li>
          <li>
            <a className="menu-ligne" href="/accessibilite">
              {t`Accessibilité`}
            </a>
          </li>
          <li>
            <a className="menu-ligne" href="/mentions">
              {t`Mentions légales`}
            </a>
          </li>
        </ul>
      </nav>
    </Panel>
  );
}
