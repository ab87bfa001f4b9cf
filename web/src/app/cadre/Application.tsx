import { lazy, Suspense, useState } from 'react';
import { Button, ToggleButton } from 'react-aria-components';
import { useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { ErreurApi } from '../../api/client';
import { configurationQuery, sessionQuery } from '../../api/queries';
import { IconeMenu } from '../../shell/icones';
import { modulesQuery } from '../api/requetes';
import type { Module } from '../api/types';
import { TableauDeBord } from '../tableau/TableauDeBord';
import { ADRESSE_INITIALE, ANOMALIES, BILAN, CONSERVATION, IMPORT, SERIE, type Adresse } from '../url/adresse';
import { useAdresse } from '../url/useAdresse';
import { Defaut } from './Defaut';
import { Lien } from './Lien';
import { MenuModules } from './MenuModules';
import { versConnexion } from './SessionFermee';
import { RechercheGlobale } from './RechercheGlobale';
import { useTitrePage } from './useTitrePage';

const PageObjet = lazy(() => import('../liste/PageObjet'));
const PageFiche = lazy(() => import('../fiche/PageFiche'));
const PageImport = lazy(() => import('../import/PageImport'));
const PageBilan = lazy(() => import('../bilan/PageBilan'));
const PageSerie = lazy(() => import('../serie/PageSerie'));
const PageAnomalies = lazy(() => import('../anomalies/PageAnomalies'));
const PageConservation = lazy(() => import('../conservation/PageConservation'));

const JobsPanel = lazy(() => import('../../jobs/JobsPanel'));

const focusContenu = (): void => document.getElementById('contenu')?.focus();

/** The whole application: bar above, modules at the left, and the page the address names. */
export function Application() {
  const { t } = useLingui();
  const adresse = useAdresse();
  const configuration = useQuery(configurationQuery);
  const session = useQuery(sessionQuery);
  const modules = useQuery(modulesQuery);
  const [menu, setMenu] = useState(false);
  const [travaux, setTravaux] = useState(false);
  useTitrePage(adresse, modules.data?.modules);

  const nom = configuration.data?.nom ?? 'Finage';
  const { module, objet, page } = adresse;
  const ferme = modules.error instanceof ErreurApi && modules.error.status === 401;

  return (
    <div className="app" data-menu={menu ? 'ouvert' : 'ferme'}>
      <nav className="evitement" aria-label={t`Accès rapide`}>
        <a
          href="#contenu"
          onClick={(event) => {
            event.preventDefault();
            focusContenu();
          }}
        >
          {t`Aller au contenu`}
        </a>
      </nav>
      <header className="barre app-barre">
        <Button className="outil app-bouton-menu" aria-expanded={menu} aria-controls="modules" aria-label={t`Modules`} onPress={() => setMenu(!menu)}>
          <IconeMenu />
        </Button>
        <p className="marque">
          <Lien vers={ADRESSE_INITIALE} className="marque-nom" nom={t`${nom}, tableau de bord`}>
            {nom}
          </Lien>
          <span className="marque-lieu">{session.data?.collectivite ?? t`Espace des agents`}</span>
        </p>
        {modules.data ? <RechercheGlobale modules={modules.data.modules} /> : null}
        <nav className="outils" aria-label={t`Travaux et autres pages`}>
          <ToggleButton className="outil" data-outil="travaux" aria-expanded={travaux} isSelected={travaux} onChange={setTravaux}>
            {t`Travaux`}
          </ToggleButton>
          <a className="outil" href="/carte">
            {t`Carte`}
          </a>
          <a className="outil" href="/compte">
            {session.data?.nom ?? t`Mon compte`}
          </a>
        </nav>
      </header>
      <MenuModules
        modules={modules.data?.modules ?? []}
        adresse={adresse}
        conservation={session.data?.droits?.elimination?.includes('lire') ?? false}
        onSuivi={() => setMenu(false)}
      />
      <main id="contenu" className="app-contenu" tabIndex={-1}>
        {modules.data ? (
          <Suspense fallback={<p className="attente">{t`Chargement…`}</p>}>
            <Page module={module} objet={objet} page={page} modules={modules.data.modules} />
          </Suspense>
        ) : ferme ? (
          <div className="defaut">
            <h1>{t`Connexion nécessaire`}</h1>
            <p>{t`Les modules métier sont réservés aux agents de la collectivité.`}</p>
            <a className="bouton bouton-principal" href={versConnexion()}>
              {t`Se connecter`}
            </a>
          </div>
        ) : modules.error ? (
          <Defaut erreur={modules.error} onReprendre={() => void modules.refetch()} />
        ) : (
          <p className="attente" role="status">{t`Chargement…`}</p>
        )}
        {travaux ? (
          <Suspense fallback={null}>
            <JobsPanel
              focus={1}
              vide={t`Aucun travail en mémoire. Les imports et les documents de plusieurs fiches, une fois demandés, apparaissent ici.`}
              onFermer={() => {
                setTravaux(false);
                document.querySelector<HTMLElement>('[data-outil="travaux"]')?.focus();
              }}
            />
          </Suspense>
        ) : null}
      </main>
    </div>
  );
}

/** The page that the address names. */
function Page({ module, objet, page, modules }: Pick<Adresse, 'module' | 'objet' | 'page'> & { modules: readonly Module[] }) {
  if (module === null || objet === null) return page === CONSERVATION ? <PageConservation /> : <TableauDeBord modules={modules} />;
  const ici = `${module}/${objet}`;
  if (page === IMPORT) return <PageImport key={ici} />;
  if (page === BILAN) return <PageBilan key={ici} />;
  if (page === SERIE) return <PageSerie key={ici} />;
  if (page === ANOMALIES) return <PageAnomalies key={ici} />;
  return page === null ? <PageObjet key={ici} /> : <PageFiche key={`${ici}/${page}`} />;
}
