import { useLingui } from '@lingui/react/macro';
import { Cadre } from './Cadre';
import { texteDe, type PropsChamp } from './props';

/** Yes, no, or nothing said. */
export function ChampBooleen(props: PropsChamp) {
  const { t } = useLingui();
  const { champ, id, valeur, requis, onChange } = props;
  const dit = valeur === true ? 'oui' : valeur === false ? 'non' : '';
  return (
    <Cadre {...props}>
      {(liens) => (
        <select {...liens} className="saisie" value={dit} onChange={(event) => onChange(event.target.value === '' ? null : event.target.value === 'oui')}>
          <option value="" disabled={requis && dit !== ''}>
            {id === null && champ.par_defaut ? t`Par défaut` : t`Non renseigné`}
          </option>
          <option value="oui">{t`Oui`}</option>
          <option value="non">{t`Non`}</option>
        </select>
      )}
    </Cadre>
  );
}

/** One of a few codes. */
export function ChampListe(props: PropsChamp) {
  const { t } = useLingui();
  const { champ, id, valeur, libelles, onChange } = props;
  const code = texteDe(valeur);
  const codes = champ.codes ?? [];
  return (
    <Cadre {...props}>
      {(liens) => (
        <select {...liens} className="saisie" title={codes.find((c) => c.code === code)?.libelle} value={code} onChange={(event) => onChange(event.target.value)}>
          <option value="">{id === null && champ.par_defaut ? t`Par défaut` : t`Non renseigné`}</option>
          {code === '' || codes.some((c) => c.code === code) ? null : <option value={code}>{typeof libelles === 'string' ? libelles : code}</option>}
          {codes.map((c) => (
            <option key={c.code} value={c.code}>
              {c.libelle}
            </option>
          ))}
        </select>
      )}
    </Cadre>
  );
}
