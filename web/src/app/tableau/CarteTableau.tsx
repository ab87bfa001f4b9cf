import { useId, type ReactNode } from 'react';
import { plural } from '@lingui/core/macro';
import { useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { formatEntier } from '../../format/nombres';
import { Defaut } from '../cadre/Defaut';
import { Lien } from '../cadre/Lien';
import { carteQuery } from '../api/requetes';
import type { EntreeTableau } from '../api/types';
import { ADRESSE_INITIALE, versObjet } from '../url/adresse';
import { barresDe } from './barres';
import { Graphique } from './Graphique';

/** A card of the dashboard: a number, the first rows of a list, or a chart; its title leads to the rows. */
export function CarteTableau({ module, entree }: { module: string; entree: EntreeTableau }) {
  const { t } = useLingui();
  const id = useId();
  const { data, error, refetch } = useQuery(carteQuery(module, entree.rang));
  const vers = versObjet(ADRESSE_INITIALE, module, entree.objet, { liste: entree.liste ?? null });

  let corps: ReactNode;
  if (error) corps = <Defaut erreur={error} onReprendre={() => void refetch()} />;
  else if (!data) corps = <p className="discret" role="status">{t`Chargement…`}</p>;
  else if ('valeurs' in data) corps = <Graphique titre={entree.libelle} barres={barresDe(data.valeurs, { vide: t`Non renseigné`, autres: t`Autres`, oui: t`Oui`, non: t`Non` })} />;
  else if (!('fiches' in data)) {
    corps = (
      <p className="carte-compte">
        <Lien vers={vers} nom={`${entree.libelle} : ${formatEntier(data.total)}`}>
          {formatEntier(data.total)}
        </Lien>
      </p>
    );
  } else if (data.fiches.length === 0) corps = <p className="discret">{t`Rien pour le moment.`}</p>;
  else {
    const reste = data.total - data.fiches.length;
    corps = (
      <>
        <ul className="carte-liste">
          {data.fiches.map((f) => (
            <li key={f.id}>
              <Lien vers={{ ...vers, fiche: f.id }}>{f.titre}</Lien>
            </li>
          ))}
        </ul>
        {reste > 0 ? (
          <p>
            <Lien vers={vers}>{plural(reste, { one: 'et # autre', other: 'et # autres' })}</Lien>
          </p>
        ) : null}
      </>
    );
  }
  return (
    <section className="carte-tableau" data-genre={entree.genre} aria-labelledby={id}>
      <h3 id={id}>{entree.genre === 'compte' ? entree.libelle : <Lien vers={vers}>{entree.libelle}</Lien>}</h3>
      {corps}
    </section>
  );
}
