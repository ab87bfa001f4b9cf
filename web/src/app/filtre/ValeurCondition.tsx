import { useId, useState } from 'react';
import { useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { useDebounced } from '../../search/useDebounced';
import { choixQuery, codesQuery } from '../api/requetes';
import type { ChampSchema, Choix, Objet } from '../api/types';
import { ecrireNombre, lireNombre } from '../saisie/nombres';
import { decimalesDe } from '../saisie/valeurs';
import { DUREES } from './noms';
import { nombreDeValeurs, type Condition } from './modele';
import { UneDate } from './UneDate';

interface Props {
  objet: Objet;
  champ: ChampSchema;
  condition: Condition;
  onChange: (valeurs: string[]) => void;
}

interface PropsUne {
  champ: ChampSchema;
  nom: string;
  valeur: string;
  onChange: (valeur: string) => void;
}

/** A number, typed as in French; what is no number yet asks nothing. */
function Nombre({ champ, nom, valeur, onChange }: PropsUne) {
  const [texte, setTexte] = useState(() => ecrireNombre(valeur));
  const lu = lireNombre(texte, decimalesDe(champ));
  return (
    <input
      className="saisie"
      inputMode="decimal"
      aria-label={nom}
      aria-invalid={!lu.ok}
      value={texte}
      onChange={(event) => {
        setTexte(event.target.value);
        const suivant = lireNombre(event.target.value, decimalesDe(champ));
        onChange(suivant.ok ? (suivant.valeur ?? '') : '');
      }}
    />
  );
}

function Une({ champ, nom, valeur, onChange }: PropsUne) {
  if (champ.genre === 'entier' || champ.genre === 'decimal' || champ.genre === 'montant') return <Nombre champ={champ} nom={nom} valeur={valeur} onChange={onChange} />;
  if (champ.genre === 'date' || champ.genre === 'instant') return <UneDate champ={champ} nom={nom} valeur={valeur} onChange={onChange} />;
  return <input className="saisie" aria-label={nom} maxLength={400} value={valeur} onChange={(event) => onChange(event.target.value)} />;
}

/** Codes or rows to take among: few are boxes, many are searched. */
function Parmi({ objet, champ, condition, onChange }: Props) {
  const { t } = useLingui();
  const id = useId();
  const [q, setQ] = useState('');
  const cherche = useDebounced(q.trim(), 200);
  const fixes: Choix[] | null = champ.codes?.map((c) => ({ valeur: c.code, libelle: c.libelle })) ?? null;
  const codes = useQuery({ ...codesQuery(objet.module, objet.objet, champ.nom, cherche), enabled: champ.genre === 'code' && fixes === null });
  const choix = useQuery({ ...choixQuery(objet.module, objet.objet, champ.nom, cherche, null), enabled: champ.genre !== 'code' });
  const [noms, setNoms] = useState<ReadonlyMap<string, string>>(new Map());
  const offerts = fixes ?? codes.data ?? choix.data ?? [];
  const prises = condition.valeurs.filter((v) => v !== '');
  // What is taken stays in sight, also when the search no longer finds it.
  const autres = prises.filter((v) => !offerts.some((c) => c.valeur === v)).map((v) => ({ valeur: v, libelle: noms.get(v) ?? v }));
  const basculer = ({ valeur, libelle }: Choix): void => {
    setNoms(new Map([...noms, [valeur, libelle]]));
    onChange(prises.includes(valeur) ? prises.filter((v) => v !== valeur) : [...prises, valeur]);
  };
  return (
    <fieldset className="parmi">
      <legend className="visuellement-cache">{champ.libelle}</legend>
      {fixes === null ? (
        <div className="champ">
          <label htmlFor={id}>{t`Chercher une valeur`}</label>
          <input id={id} type="search" className="saisie" maxLength={100} value={q} onChange={(event) => setQ(event.target.value)} />
        </div>
      ) : null}
      <div className="parmi-liste">
        {[...autres, ...offerts].map((c) => (
          <label key={c.valeur} className="case-ligne">
            <input type="checkbox" checked={prises.includes(c.valeur)} onChange={() => basculer(c)} />
            {c.libelle}
          </label>
        ))}
      </div>
    </fieldset>
  );
}

/** What a condition compares its field to: a control of the field's own kind. */
export function ValeurCondition(props: Props) {
  const { objet, champ, condition, onChange } = props;
  const { t, i18n } = useLingui();
  const { operateur, valeurs } = condition;
  const n = nombreDeValeurs(operateur);
  const valeur = (at: number): string => valeurs[at] ?? '';
  if (n === 0) return null;
  if (n === null || champ.genre === 'references') {
    // A row is looked for among several references one at a time.
    return <Parmi objet={objet} champ={champ} condition={condition} onChange={(v) => onChange(n === null ? v : v.slice(-1))} />;
  }
  if (operateur === 'depuis') {
    return (
      <select className="saisie" aria-label={t`Durée`} value={valeur(0)} onChange={(event) => onChange([event.target.value])}>
        <option value="">{t`Choisir…`}</option>
        {DUREES.some((d) => d.duree === valeur(0)) || valeur(0) === '' ? null : <option value={valeur(0)}>{valeur(0)}</option>}
        {DUREES.map(({ duree, nom }) => (
          <option key={duree} value={duree}>
            {i18n._(nom)}
          </option>
        ))}
      </select>
    );
  }
  if (n === 2) {
    return (
      <div className="entre">
        <Une champ={champ} nom={t`De`} valeur={valeur(0)} onChange={(v) => onChange([v, valeur(1)])} />
        <span>{t`et`}</span>
        <Une champ={champ} nom={t`À`} valeur={valeur(1)} onChange={(v) => onChange([valeur(0), v])} />
      </div>
    );
  }
  return <Une champ={champ} nom={t`Valeur`} valeur={valeur(0)} onChange={(v) => onChange([v])} />;
}
