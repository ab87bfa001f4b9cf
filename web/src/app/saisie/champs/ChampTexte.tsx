import { Cadre } from './Cadre';
import { texteDe, type PropsChamp } from './props';

/** A text, long or short; a number, typed as in French. */
export function ChampTexte(props: PropsChamp) {
  const { champ, valeur, onChange } = props;
  const texte = texteDe(valeur);
  const { genre } = champ;
  const nombre = genre === 'entier' || genre === 'decimal' || genre === 'montant';
  return (
    <Cadre {...props}>
      {(liens) =>
        genre === 'texte_long' ? (
          <textarea {...liens} className="saisie saisie-longue" rows={4} value={texte} onChange={(event) => onChange(event.target.value)} />
        ) : (
          <span className={nombre ? 'saisie-nombre' : undefined}>
            <input
              {...liens}
              className="saisie"
              type="text"
              inputMode={genre === 'entier' ? 'numeric' : nombre ? 'decimal' : undefined}
              autoComplete="off"
              value={texte}
              onChange={(event) => onChange(event.target.value)}
            />
            {genre === 'montant' ? <span aria-hidden="true">€</span> : null}
          </span>
        )
      }
    </Cadre>
  );
}
