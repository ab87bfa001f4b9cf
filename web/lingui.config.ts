import { defineConfig } from '@lingui/conf';

// French is the language the texts are written in; another language is one more catalogue.
export default defineConfig({
  sourceLocale: 'fr',
  locales: ['fr'],
  catalogs: [{ path: '<rootDir>/src/locales/{locale}', include: ['src'] }],
  orderBy: 'message',
});
