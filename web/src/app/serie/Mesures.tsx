import { useId } from 'react';
import { useLingui } from '@lingui/react/macro';
import type { Cote, NomNombre, Ordre, Reglage } from './formes';
import { nombreDe } from './formes';

interface Props {
  reglage: Reglage;
  onChange: (patch: Partial<Reglage>) => void;
}

/** Rows and columns, sizes and gaps, numbers: what a series is, beside its line. */
export function Mesures({ reglage, onChange }: Props) {
  const { t } = useLingui();
  const id = useId();
  return (
    <>
      <fieldset className="groupe">
        <legend className="groupe-titre">{t`Disposition`}</legend>
        <div className="serie-mesures">
          <Nombre nom="rangees" libelle={t`Rangées`} {...{ reglage, onChange }} />
          <Nombre nom="colonnes" libelle={t`Par rangée`} aide={t`Vide : autant que la ligne en contient`} {...{ reglage, onChange }} />
          <Nombre nom="largeur" libelle={t`Largeur (m), le long de la ligne`} {...{ reglage, onChange }} />
          <Nombre nom="longueur" libelle={t`Longueur (m)`} {...{ reglage, onChange }} />
          <Nombre nom="ecart" libelle={t`Écart entre voisins (m)`} {...{ reglage, onChange }} />
          <Nombre nom="entre_rangees" libelle={t`Écart entre rangées (m)`} {...{ reglage, onChange }} />
          <Nombre nom="recul" libelle={t`Recul depuis la ligne (m)`} {...{ reglage, onChange }} />
          <div className="champ">
            <label htmlFor={`${id}-cote`}>{t`Côté de la ligne`}</label>
            <select id={`${id}-cote`} className="saisie" value={reglage.cote} onChange={(event) => onChange({ cote: event.target.value as Cote })}>
              <option value="gauche">{t`À gauche, dans le sens de la ligne`}</option>
              <option value="droite">{t`À droite, dans le sens de la ligne`}</option>
            </select>
          </div>
        </div>
        <label className="case-ligne">
          <input type="checkbox" checked={reglage.inverse} onChange={(event) => onChange({ inverse: event.target.checked })} />
          {t`Partir de l’autre bout de la ligne`}
        </label>
      </fieldset>
      <fieldset className="groupe">
        <legend className="groupe-titre">{t`Numéros`}</legend>
        <div className="serie-mesures">
          <Nombre nom="premier" libelle={t`Premier numéro`} {...{ reglage, onChange }} />
          <Nombre nom="pas" libelle={t`De numéro en numéro`} aide={t`2 : seulement les pairs, ou les impairs`} {...{ reglage, onChange }} />
          <div className="champ">
            <label htmlFor={`${id}-ordre`}>{t`De rangée en rangée`}</label>
            <select id={`${id}-ordre`} className="saisie" value={reglage.ordre} onChange={(event) => onChange({ ordre: event.target.value as Ordre })}>
              <option value="continu">{t`À la suite, toujours dans le même sens`}</option>
              <option value="serpentin">{t`À la suite, en serpentin`}</option>
              <option value="par_rangee">{t`Une lettre par rangée : A1, A2… B1`}</option>
            </select>
          </div>
          <Texte nom="prefixe" libelle={t`Préfixe`} {...{ reglage, onChange }} />
          <Texte nom="complement" libelle={t`Complément, après le numéro`} {...{ reglage, onChange }} />
          <Nombre nom="chiffres" libelle={t`Chiffres`} aide={t`3 : 001, 002…`} {...{ reglage, onChange }} />
        </div>
      </fieldset>
    </>
  );
}

function Nombre({ nom, libelle, aide, reglage, onChange }: Props & { nom: NomNombre; libelle: string; aide?: string }) {
  const { t } = useLingui();
  const id = useId();
  const faux = nombreDe(nom, reglage[nom]) === null;
  return (
    <div className="champ" data-saisie={nom}>
      <label htmlFor={id}>{libelle}</label>
      <input
        id={id}
        className="saisie"
        type="text"
        inputMode="decimal"
        autoComplete="off"
        value={reglage[nom]}
        aria-invalid={faux}
        aria-describedby={`${id}-aide`}
        onChange={(event) => onChange({ [nom]: event.target.value })}
      />
      <p id={`${id}-aide`} className={faux ? 'champ-erreur' : 'discret'}>
        {faux ? t`Un nombre est attendu.` : (aide ?? '')}
      </p>
    </div>
  );
}

function Texte({ nom, libelle, reglage, onChange }: Props & { nom: 'prefixe' | 'complement'; libelle: string }) {
  const id = useId();
  return (
    <div className="champ">
      <label htmlFor={id}>{libelle}</label>
      <input id={id} className="saisie" type="text" maxLength={10} autoComplete="off" value={reglage[nom]} onChange={(event) => onChange({ [nom]: event.target.value })} />
    </div>
  );
}
