import { useLingui } from '@lingui/react/macro';
import { formatEntier } from '../format/nombres';
import { MAX_SOMMETS, type Defaut } from './geometrie';

/** The sentence that says why a shape was not understood, and what to write. */
export function useDireDefaut(): (defaut: Defaut) => string {
  const { t } = useLingui();
  return (defaut) => {
    switch (defaut.genre) {
      case 'vide':
        return t`Il n’y a là aucune position : écrivez-en une par ligne, ou choisissez un fichier qui contient une géométrie.`;
      case 'position': {
        const { ligne, texte } = defaut;
        return t`La ligne ${ligne}, « ${texte} », n’est pas une position : écrivez deux nombres, par exemple « 44.405822, 2.348622 » en degrés.`;
      }
      case 'trop_peu': {
        const { nombre } = defaut;
        if (defaut.forme === 'rectangle') return t`Un rectangle se donne par deux coins opposés ; il y en a ${nombre}.`;
        if (defaut.forme === 'ligne') return t`Une ligne a deux points au moins ; il y en a ${nombre}.`;
        return t`Un polygone a trois coins différents au moins ; il y en a ${nombre}.`;
      }
      case 'trop_de_sommets': {
        const borne = formatEntier(MAX_SOMMETS);
        return t`Cette géométrie a plus de ${borne} sommets : simplifiez-la.`;
      }
      case 'trop_gros':
        return t`Ce texte est trop long : 5 Mo au plus.`;
      case 'format': {
        const { texte } = defaut;
        return t`« ${texte} » n’est pas une géométrie que Finage sait lire : donnez du GeoJSON, du WKT ou du GPX.`;
      }
    }
  };
}
