import { useId, type ReactNode } from 'react';
import { plural } from '@lingui/core/macro';
import { useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { formatEntier } from '../../format/nombres';
import { Defaut } from '../cadre/Defaut';
import { Lien } from '../cadre/Lien';
import { extraitQuery, schemaQuery } from '../api/requetes';
import type { Demande, EntreeTableau } from '../api/types';
import { ADRESSE_INITIALE, versObjet } from '../url/adresse';
import { compterPar } from './compter';
import { Graphique } from './Graphique';

/** Rows shown by a card of a list. */
const LIGNES = 5;
/** Rows a chart counts: the most a list gives at once, said when there are more. */
const COMPTEES = 1000;

const nombreDemande = ({ genre }: EntreeTableau): number => (genre === 'compte' ? 1 : genre === 'liste' ? LIGNES : COMPTEES);

/** A card of the dashboard: a number, the first rows of a list, or a chart; its title leads to the rows. */
export function CarteTableau({ module, entree }: { module: string; entree: EntreeTableau }) {
  const { t } = useLingui();
  const id = useId();
  const schema = useQuery(schemaQuery(module, entree.objet));
  const demande: Demande = {
    liste: entree.liste ?? null,
    filter: null,
    q: '',
    sort: [],
    bbox: null,
    archivees: false,
    finalite: null,
  };
  const champs = entree.genre === 'graphique' && entree.par ? [entree.par] : [];
  const { data, error, refetch } = useQuery({ ...extraitQuery(module, entree.objet, demande, nombreDemande(entree), champs), enabled: schema.data !== undefined });
  const vers = versObjet(ADRESSE_INITIALE, module, entree.objet, { liste: entree.liste ?? null });
  const panne = schema.error ?? error;

  let corps: ReactNode = <p className="discret" role="status">{t`Chargement…`}</p>;
  if (panne) {
    corps = (
      <Defaut
        erreur={panne}
        onReprendre={() => {
          void schema.refetch();
          void refetch();
        }}
      />
    );
  } else if (data && schema.data) {
    const reste = data.total - data.fiches.length;
    if (entree.genre === 'compte') {
      corps = (
        <p className="carte-compte">
          <Lien vers={vers} nom={`${entree.libelle} : ${formatEntier(data.total)}`}>
            {formatEntier(data.total)}
          </Lien>
        </p>
      );
    } else if (entree.genre === 'graphique') {
      const mots = { vide: t`Non renseigné`, autres: t`Autres`, oui: t`Oui`, non: t`Non` };
      corps = (
        <>
          <Graphique titre={entree.libelle} barres={compterPar(data.fiches, schema.data, entree.par ?? '', mots)} />
          {reste > 0 ? <p className="discret">{t`Sur les ${formatEntier(data.fiches.length)} premières lignes de ${formatEntier(data.total)}.`}</p> : null}
        </>
      );
    } else if (data.fiches.length === 0) {
      corps = <p className="discret">{t`Rien pour le moment.`}</p>;
    } else {
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
  }
  return (
    <section className="carte-tableau" data-genre={entree.genre} aria-labelledby={id}>
      <h3 id={id}>{entree.genre === 'compte' ? entree.libelle : <Lien vers={vers}>{entree.libelle}</Lien>}</h3>
      {corps}
    </section>
  );
}
