import { ChampBooleen } from './ChampChoix';
import { ChampCode } from './ChampCode';
import { ChampDate } from './ChampDate';
import { ChampFichier } from './ChampFichier';
import { ChampReference, ChampReferences } from './ChampReference';
import { ChampRiche } from './ChampRiche';
import { ChampTexte } from './ChampTexte';
import type { PropsChamp } from './props';

/** The control of a field, by its kind. */
export function ChampSaisie(props: PropsChamp) {
  switch (props.champ.genre) {
    case 'date':
    case 'instant':
      return <ChampDate {...props} />;
    case 'booleen':
      return <ChampBooleen {...props} />;
    case 'code':
      return <ChampCode {...props} />;
    case 'reference':
      return <ChampReference {...props} />;
    case 'references':
      return <ChampReferences {...props} />;
    case 'fichier':
      return <ChampFichier {...props} />;
    case 'riche':
      return <ChampRiche {...props} />;
    case 'geometrie':
      return null;
    default:
      return <ChampTexte {...props} />;
  }
}
