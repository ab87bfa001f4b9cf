/** Whether a form stands in a dialog of another: it makes what the other names, and keeps to itself. */
import { createContext } from 'react';

export const Imbrique = createContext(false);
