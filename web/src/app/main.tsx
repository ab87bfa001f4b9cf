import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { I18nProvider } from '@lingui/react';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { I18nProvider as LocaleProvider } from 'react-aria-components';
import { i18n } from './i18n';
import { Application } from './cadre/Application';
import './styles/index.css';

const client = new QueryClient({
  // A lost connection is said by the request that fails, not guessed from the browser.
  defaultOptions: { queries: { networkMode: 'always', refetchOnWindowFocus: false } },
});

const racine = document.getElementById('racine');
if (racine) {
  createRoot(racine).render(
    <StrictMode>
      <I18nProvider i18n={i18n}>
        <LocaleProvider locale="fr-FR">
          <QueryClientProvider client={client}>
            <Application />
          </QueryClientProvider>
        </LocaleProvider>
      </I18nProvider>
    </StrictMode>,
  );
}
