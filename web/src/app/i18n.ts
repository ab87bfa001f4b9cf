import { i18n } from '@lingui/core';
import { messages as communs } from '../locales/fr.po';
import { messages } from './locales/fr.po';

i18n.load('fr', { ...communs, ...messages });
i18n.activate('fr');

export { i18n };
