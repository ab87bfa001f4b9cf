import { i18n } from '@lingui/core';
import { messages } from '../locales/fr.po';

/** The language of the page and of its numbers and dates. */
export const LOCALE = 'fr-FR';

i18n.load('fr', messages);
i18n.activate('fr');

export { i18n };
