import type { ReactNode } from 'react';
import { useLingui } from '@lingui/react/macro';
import { adresseFichier } from '../api/adresses';
import type { ChampSchema, Fiche } from '../api/types';
import { Lien } from '../cadre/Lien';
import { Image } from './Image';
import { seNommeImage } from './images';
import { NomFiche } from './NomFiche';
import { ecrireChamp } from '../liste/ecrire';
import { useMots } from '../liste/useMots';
import { Riche } from '../riche/Riche';
import { ADRESSE_INITIALE } from '../url/adresse';

/** The value of a field on a sheet: a link where it leads somewhere. */
export function ValeurChamp({ champ, fiche }: { champ: ChampSchema; fiche: Fiche }) {
  const { t } = useLingui();
  const mots = useMots();
  const valeur = fiche.champs[champ.nom];
  const dit = ecrireChamp(champ, fiche, mots, true);
  if (dit === '' || valeur === null || valeur === undefined) return <span className="discret">{t`non renseigné`}</span>;
  const vers = (id: string, libelle: ReactNode): ReactNode =>
    champ.reference?.module ? <Lien vers={{ ...ADRESSE_INITIALE, module: champ.reference.module, objet: champ.reference.objet, page: id }}>{libelle}</Lien> : libelle;
  switch (champ.genre) {
    case 'reference':
      return vers(String(valeur), dit);
    case 'references': {
      const libelles = fiche.libelles[champ.nom];
      const ids = Array.isArray(valeur) ? valeur : [];
      return (
        <ul className="valeur-liste">
          {ids.map((id, i) => (
            <li key={id}>{vers(id, (Array.isArray(libelles) ? libelles[i] : undefined) ?? <NomFiche reference={champ.reference} id={id} />)}</li>
          ))}
        </ul>
      );
    }
    case 'fichier':
      return seNommeImage(dit) ? (
        <Image id={String(valeur)} nom={dit} />
      ) : (
        <a className="lien-simple" href={adresseFichier(String(valeur))} download>
          {dit}
        </a>
      );
    case 'riche':
      return <Riche html={String(valeur)} />;
    case 'texte_long':
      return <span className="texte-long">{dit}</span>;
    default:
      return <>{dit}</>;
  }
}
