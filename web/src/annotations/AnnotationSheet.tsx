import { useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { ErreurApi } from '../api/client';
import { annotationQuery } from '../api/queries';
import { CATEGORIES } from './categories';

/** The small sheet of an annotation; the page of its own has its form, files and history. */
export function AnnotationSheet({ id }: { id: string }) {
  const { t, i18n } = useLingui();
  const { data, error } = useQuery(annotationQuery(id));
  if (error) {
    const dit = error instanceof ErreurApi ? error.message : '';
    return (
      <p className="avis erreur" role="alert">
        {dit || t`L’annotation n’a pas pu être lue ; réessayez.`}
      </p>
    );
  }
  if (!data) return <p className="discret" role="status">{t`Lecture de l’annotation…`}</p>;
  const { titre, texte, categorie } = data.champs;
  return (
    <section className="bloc" aria-label={t`Annotation choisie`}>
      <h3>{titre ?? t`Sans titre`}</h3>
      {categorie ? <p className="discret">{i18n._(CATEGORIES[categorie])}</p> : null}
      {texte ? <p className="annotation-texte">{texte}</p> : null}
      <p>
        <a href={`/annotations/${id}`}>{t`Ouvrir la fiche : modifier, joindre un fichier, historique`}</a>
      </p>
    </section>
  );
}
