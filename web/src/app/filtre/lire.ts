/**
 * From CQL2 text back to the conditions of the screen, for what the screen can say.
 * Anything else is null: the text is then shown as it is, and the server judges it.
 */
import type { ChampSchema, GenreChamp } from '../api/types';
import { couper, type Mot } from './mots';
import { FILTRE_VIDE, operateursDe, type Condition, type Filtre, type Operateur } from './modele';

class Illisible extends Error {}

class Lecteur {
  private at = 0;
  private readonly mots: readonly Mot[];
  private readonly genres: ReadonlyMap<string, GenreChamp>;

  constructor(mots: readonly Mot[], genres: ReadonlyMap<string, GenreChamp>) {
    this.mots = mots;
    this.genres = genres;
  }

  private voir(ahead = 0): Mot | undefined {
    return this.mots[this.at + ahead];
  }

  private estMot(texte: string, ahead = 0): boolean {
    const mot = this.voir(ahead);
    return mot !== undefined && (mot.genre === 'nom' || mot.genre === 'signe') && mot.texte.toLowerCase() === texte;
  }

  private prendre(texte: string): boolean {
    if (!this.estMot(texte)) return false;
    this.at += 1;
    return true;
  }

  private exiger(texte: string): void {
    if (!this.prendre(texte)) throw new Illisible();
  }

  private suivant(genre: Mot['genre']): string {
    const mot = this.voir();
    if (mot?.genre !== genre) throw new Illisible();
    this.at += 1;
    return mot.texte;
  }

  private champ(): string {
    const mot = this.voir();
    if ((mot?.genre !== 'nom' && mot?.genre !== 'cite') || !this.genres.has(mot.texte)) throw new Illisible();
    this.at += 1;
    return mot.texte;
  }

  /** A literal of the field's kind. */
  private valeur(genre: GenreChamp): string {
    if (genre === 'entier' || genre === 'decimal' || genre === 'montant') return this.suivant('nombre');
    if (genre !== 'date' && genre !== 'instant') return this.suivant('texte');
    this.exiger(genre === 'date' ? 'date' : 'timestamp');
    this.exiger('(');
    const texte = this.suivant('texte');
    this.exiger(')');
    return texte;
  }

  private motif(champ: string): Condition {
    const texte = this.suivant('texte');
    const fin = /^(%?)((?:[^\\%_]|\\[\\%_])*)%$/.exec(texte);
    if (!fin) throw new Illisible();
    const valeur = (fin[2] ?? '').replace(/\\([\\%_])/g, '$1');
    return { champ, operateur: fin[1] === '%' ? 'contient' : 'commence', valeurs: [valeur] };
  }

  private liste(genre: GenreChamp): string[] {
    this.exiger('(');
    const valeurs = [this.valeur(genre)];
    while (this.prendre(',')) valeurs.push(this.valeur(genre));
    this.exiger(')');
    return valeurs;
  }

  private comparaison(champ: string, genre: GenreChamp): Condition {
    if (genre === 'booleen') {
      this.exiger('=');
      if (this.prendre('true')) return { champ, operateur: 'vrai', valeurs: [] };
      this.exiger('false');
      return { champ, operateur: 'faux', valeurs: [] };
    }
    if (this.prendre('=')) {
      const valeur = this.valeur(genre);
      // One code asked by equality is the list of one.
      return { champ, operateur: genre === 'code' || genre === 'reference' ? 'parmi' : 'egal', valeurs: [valeur] };
    }
    if (this.prendre('<=')) return { champ, operateur: 'moins', valeurs: [this.valeur(genre)] };
    this.exiger('>=');
    if (!this.prendre('today')) return { champ, operateur: 'plus', valeurs: [this.valeur(genre)] };
    for (const signe of ['(', ')', '-']) this.exiger(signe);
    const duree = this.suivant('texte');
    if (!/^P\d{1,4}[YMD]$/.test(duree)) throw new Illisible();
    return { champ, operateur: 'depuis', valeurs: [duree] };
  }

  /** `(champ <> valeur or champ is null)` */
  private different(): Condition {
    this.exiger('(');
    const champ = this.champ();
    this.exiger('<>');
    const valeurs = [this.valeur(this.genres.get(champ) ?? 'texte')];
    this.exiger('or');
    if (this.champ() !== champ) throw new Illisible();
    for (const mot of ['is', 'null', ')']) this.exiger(mot);
    return { champ, operateur: 'different', valeurs };
  }

  private condition(): Condition {
    if (this.estMot('(')) return this.different();
    const mot = this.voir();
    if (mot?.genre === 'texte') {
      const valeur = this.suivant('texte');
      this.exiger('in');
      return { champ: this.champ(), operateur: 'contient', valeurs: [valeur] };
    }
    const champ = this.champ();
    const genre = this.genres.get(champ) ?? 'texte';
    if (this.prendre('is')) {
      const operateur: Operateur = this.prendre('not') ? 'rempli' : 'vide';
      this.exiger('null');
      return { champ, operateur, valeurs: [] };
    }
    if (this.prendre('not')) {
      this.exiger('in');
      return { champ, operateur: 'hors', valeurs: this.liste(genre) };
    }
    if (this.prendre('in')) return { champ, operateur: 'parmi', valeurs: this.liste(genre) };
    if (this.prendre('like')) return this.motif(champ);
    if (this.prendre('between')) {
      const debut = this.valeur(genre);
      this.exiger('and');
      return { champ, operateur: 'entre', valeurs: [debut, this.valeur(genre)] };
    }
    return this.comparaison(champ, genre);
  }

  filtre(): Filtre {
    const conditions = [this.condition()];
    const lien = this.estMot('or') ? 'ou' : 'et';
    while (this.at < this.mots.length) {
      this.exiger(lien === 'et' ? 'and' : 'or');
      conditions.push(this.condition());
    }
    // What the screen does not offer for a field would be lost by its first change there.
    for (const { champ, operateur } of conditions) if (!operateursDe(this.genres.get(champ) ?? 'texte').includes(operateur)) throw new Illisible();
    return { lien, conditions };
  }
}

/** The conditions of a text; null when the screen cannot say it. */
export function lireFiltre(texte: string, champs: readonly ChampSchema[]): Filtre | null {
  if (texte.trim() === '') return FILTRE_VIDE;
  const mots = couper(texte);
  if (mots === null) return null;
  try {
    return new Lecteur(mots, new Map(champs.map((c) => [c.nom, c.genre]))).filtre();
  } catch (cause) {
    if (cause instanceof Illisible) return null;
    throw cause;
  }
}
