/** Suggestions while one types in the search field: a combobox with a list (ARIA 1.2). */

interface Trouve {
  label: string;
  context: string;
  type: string;
}

interface Reponse {
  features: { properties: Trouve }[];
}

const ATTENTE_MS = 180;
const LIMITE = 8;

const isReponse = (value: unknown): value is Reponse => typeof value === 'object' && value !== null && Array.isArray((value as Reponse).features);

const annonce = (n: number): string => (n === 0 ? 'Aucune suggestion' : n === 1 ? '1 suggestion' : `${n} suggestions`);

/** Adds the list to the field's form; sending the form stays what Enter does when nothing is chosen. */
export function suggerer(champ: HTMLInputElement): void {
  const { form } = champ;
  if (!form) return;
  const liste = document.createElement('ul');
  liste.id = `${champ.id}-suggestions`;
  liste.className = 'suggestions';
  liste.role = 'listbox';
  liste.setAttribute('aria-label', 'Suggestions');
  liste.hidden = true;
  const etat = document.createElement('p');
  etat.className = 'visuellement-cache';
  etat.role = 'status';
  form.append(liste, etat);
  champ.role = 'combobox';
  champ.setAttribute('aria-autocomplete', 'list');
  champ.setAttribute('aria-controls', liste.id);
  champ.setAttribute('aria-expanded', 'false');

  let active = -1;
  let minuterie = 0;
  let demande: AbortController | null = null;

  const activer = (rang: number): void => {
    active = rang;
    for (const [i, option] of [...liste.children].entries()) {
      option.setAttribute('aria-selected', String(i === rang));
      if (i === rang) option.scrollIntoView({ block: 'nearest' });
    }
    if (rang < 0) champ.removeAttribute('aria-activedescendant');
    else champ.setAttribute('aria-activedescendant', `${liste.id}-${rang}`);
  };
  const fermer = (): void => {
    demande?.abort();
    clearTimeout(minuterie);
    liste.hidden = true;
    champ.setAttribute('aria-expanded', 'false');
    activer(-1);
  };
  const choisir = (rang: number): void => {
    const choisie = liste.children[rang] as HTMLElement | undefined;
    champ.value = choisie?.dataset.texte ?? champ.value;
    fermer();
    form.requestSubmit();
  };
  const montrer = (trouves: Trouve[]): void => {
    liste.replaceChildren(
      ...trouves.map((trouve, i) => {
        const option = document.createElement('li');
        option.id = `${liste.id}-${i}`;
        option.role = 'option';
        option.dataset.texte = trouve.label;
        option.append(trouve.label, ' ');
        const precision = document.createElement('span');
        precision.className = 'precision';
        precision.textContent = trouve.context;
        option.append(precision);
        option.addEventListener('pointerdown', (event) => event.preventDefault());
        option.addEventListener('click', () => choisir(i));
        return option;
      }),
    );
    activer(-1);
    liste.hidden = trouves.length === 0;
    champ.setAttribute('aria-expanded', String(trouves.length > 0));
    etat.textContent = annonce(trouves.length);
  };
  const demander = async (): Promise<void> => {
    demande?.abort();
    const q = champ.value.trim();
    if (q.length < 2) {
      fermer();
      etat.textContent = '';
      return;
    }
    const courante = new AbortController();
    demande = courante;
    try {
      const reponse = await fetch(`/api/recherche?limit=${LIMITE}&q=${encodeURIComponent(q)}`, { signal: courante.signal });
      const corps: unknown = reponse.ok ? await reponse.json() : null;
      if (!courante.signal.aborted && isReponse(corps)) montrer(corps.features.map((f) => f.properties));
    } catch {
      // A network that fails takes nothing away: the form is sent as without this.
    }
  };

  champ.addEventListener('input', () => {
    clearTimeout(minuterie);
    minuterie = window.setTimeout(() => void demander(), ATTENTE_MS);
  });
  champ.addEventListener('blur', fermer);
  champ.addEventListener('keydown', (event) => {
    const n = liste.children.length;
    if (event.key === 'Escape' && !liste.hidden) {
      event.preventDefault();
      fermer();
    } else if ((event.key === 'ArrowDown' || event.key === 'ArrowUp') && n > 0) {
      event.preventDefault();
      liste.hidden = false;
      champ.setAttribute('aria-expanded', 'true');
      // One step past either end is the field itself.
      const pas = event.key === 'ArrowDown' ? 1 : -1;
      activer(((active + 1 + pas + n + 1) % (n + 1)) - 1);
    } else if (event.key === 'Enter' && active >= 0 && !liste.hidden) {
      event.preventDefault();
      choisir(active);
    }
  });
}
