import './portail.css';
import { suggerer } from './suggestions';

// Pages are complete without this: it only shows what Enter would find.
const champ = document.querySelector<HTMLInputElement>('input[data-suggestions]');
if (champ) suggerer(champ);
