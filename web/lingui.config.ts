import { defineConfig } from '@lingui/conf';
import { formatter } from '@lingui/format-po';

// French is the language the texts are written in; another language is one more catalogue.
export default defineConfig({
  sourceLocale: 'fr',
  locales: ['fr'],
  catalogs: [{ path: '<rootDir>/src/locales/{locale}', include: ['src'] }],
  // Line numbers would change the catalogue at each edit of a source.
  format: formatter({ lineNumbers: false }),
  orderBy: 'message',
});
