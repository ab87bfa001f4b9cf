import { defineConfig } from '@lingui/conf';
import { formatter } from '@lingui/format-po';

// French is the language the texts are written in; another language is one more catalogue.
export default defineConfig({
  sourceLocale: 'fr',
  locales: ['fr'],
  // The application has a catalogue of its own: the map's first page does not carry its texts.
  catalogs: [
    { path: '<rootDir>/src/locales/{locale}', include: ['src'], exclude: ['src/app/**'] },
    { path: '<rootDir>/src/app/locales/{locale}', include: ['src/app'] },
  ],
  // Line numbers would change the catalogue at each edit of a source.
  format: formatter({ lineNumbers: false }),
  orderBy: 'message',
});
