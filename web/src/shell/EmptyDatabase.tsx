import { useLingui } from '@lingui/react/macro';

/** What to do on a server that holds nothing yet. */
export function EmptyDatabase() {
  const { t } = useLingui();
  return (
    <div className="base-vide" role="status">
      <h2>{t`Rien n’est encore importé`}</h2>
      <p>{t`La carte attend le plan cadastral d’une commune. Sur le serveur, importez les archives EDIGÉO de ses feuilles :`}</p>
      <pre>
        <code>finage import edigeo *.tar.bz2</code>
      </pre>
      <p>{t`ou téléchargez tout en une fois, avec le code INSEE de la commune :`}</p>
      <pre>
        <code>finage import cadastre --commune 13004</code>
      </pre>
    </div>
  );
}
