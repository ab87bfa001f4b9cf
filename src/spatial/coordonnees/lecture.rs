//! A typed text as pairs of numbers, each with what tells its axis: letters, degree signs, order. No projection here.

/// Longest text looked at, in characters.
const MAX_CHARS: usize = 120;
/// Below, a number without a degree sign is degrees; projected coordinates are far above.
const MAX_DEGRES: f64 = 180.0;

/// Two numbers of a text.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Paire {
    premier: Nombre,
    second: Nombre,
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct Nombre {
    valeur: f64,
    axe: Option<Axe>,
    /// Written with decimals, a degree sign or a cardinal letter.
    precis: bool,
    sexagesimal: bool,
}

/// Which axis a letter or a word names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Axe {
    /// Longitude, easting.
    X,
    /// Latitude, northing.
    Y,
}

impl Paire {
    /// Longitude and latitude, or easting and northing, in the order that letters tell; without letters in the usual
    /// order (latitude first in degrees, easting first in metres), or the other one. `None` where letters contradict it.
    pub(super) fn ordonnees(&self, inversees: bool) -> Option<(f64, f64)> {
        let (a, b) = (self.premier, self.second);
        match (a.axe, b.axe) {
            (Some(Axe::X), Some(Axe::X)) | (Some(Axe::Y), Some(Axe::Y)) => None,
            (Some(Axe::X), _) | (None, Some(Axe::Y)) => (!inversees).then_some((a.valeur, b.valeur)),
            (Some(Axe::Y), _) | (None, Some(Axe::X)) => (!inversees).then_some((b.valeur, a.valeur)),
            (None, None) if self.en_degres() != inversees => Some((b.valeur, a.valeur)),
            (None, None) => Some((a.valeur, b.valeur)),
        }
    }

    /// Whether both numbers are small enough to be degrees, and one of them written with care: « 45 4 » is no place.
    pub(super) fn en_degres(&self) -> bool {
        let petits = self.premier.valeur.abs() <= MAX_DEGRES && self.second.valeur.abs() <= MAX_DEGRES;
        petits && (self.premier.precis || self.second.precis)
    }

    /// Whether degree signs say that these are no metres.
    pub(super) fn est_sexagesimale(&self) -> bool {
        self.premier.sexagesimal || self.second.sexagesimal
    }
}

/// All ways to read the text as two numbers: the comma between digits is decimal, or separates.
pub(super) fn paires(texte: &str) -> Vec<Paire> {
    if texte.chars().nth(MAX_CHARS).is_some() || !texte.contains(|c: char| c.is_ascii_digit()) {
        return Vec::new();
    }
    let mut lues: Vec<Paire> = Vec::new();
    for decimale in [true, false] {
        if let Some(paire) = jetons(texte, decimale).and_then(|jetons| assemble(&jetons))
            && !lues.contains(&paire)
        {
            lues.push(paire);
        }
    }
    lues
}

#[derive(Debug, Clone, PartialEq)]
enum Jeton {
    /// A number as written: sign, whole part, decimals.
    Nombre {
        signe: bool,
        entier: String,
        decimales: Option<String>,
    },
    Degre,
    Minute,
    Seconde,
    Axe(Axe, bool),
    Coupure,
}

/// Cuts the text; `None` at the first word that belongs to no coordinates.
fn jetons(texte: &str, decimale: bool) -> Option<Vec<Jeton>> {
    let signes: Vec<char> = texte.chars().collect();
    let mut jetons = Vec::new();
    let mut i = 0;
    while let Some(&c) = signes.get(i) {
        let suivant = signes.get(i + 1).copied().unwrap_or(' ');
        i += 1;
        match c {
            c if c.is_ascii_digit() || (matches!(c, '-' | '−' | '+') && suivant.is_ascii_digit()) => {
                let signe = matches!(c, '-' | '−');
                let debut = if c.is_ascii_digit() { i - 1 } else { i };
                i = fin_des_chiffres(&signes, debut);
                let entier: String = signes.get(debut..i)?.iter().collect();
                let mut decimales = None;
                let separe = signes.get(i).is_some_and(|c| *c == '.' || (*c == ',' && decimale));
                if separe && signes.get(i + 1).is_some_and(char::is_ascii_digit) {
                    let fin = fin_des_chiffres(&signes, i + 1);
                    decimales = Some(signes.get(i + 1..fin)?.iter().collect());
                    i = fin;
                }
                jetons.push(Jeton::Nombre { signe, entier, decimales });
            }
            '°' | 'º' => jetons.push(Jeton::Degre),
            '\'' | '’' | '′' | '´' if suivant == c => {
                i += 1;
                jetons.push(Jeton::Seconde);
            }
            '\'' | '’' | '′' | '´' => jetons.push(Jeton::Minute),
            '"' | '”' | '″' | '“' => jetons.push(Jeton::Seconde),
            ',' | ';' | '/' | '|' => jetons.push(Jeton::Coupure),
            '(' | ')' | '[' | ']' | '=' | ':' => {}
            c if c.is_whitespace() => {}
            c if c.is_alphabetic() => {
                let fin = i + signes.get(i..)?.iter().take_while(|c| c.is_alphabetic()).count();
                let mot: String = signes.get(i - 1..fin)?.iter().collect::<String>().to_lowercase();
                i = fin;
                match mot.as_str() {
                    "n" | "nord" | "north" | "y" | "lat" | "latitude" => jetons.push(Jeton::Axe(Axe::Y, false)),
                    "s" | "sud" | "south" => jetons.push(Jeton::Axe(Axe::Y, true)),
                    "e" | "est" | "east" | "x" | "lon" | "lng" | "long" | "longitude" => {
                        jetons.push(Jeton::Axe(Axe::X, false));
                    }
                    "o" | "w" | "ouest" | "west" => jetons.push(Jeton::Axe(Axe::X, true)),
                    "d" | "deg" => jetons.push(Jeton::Degre),
                    "m" => {}
                    _ => return None,
                }
            }
            _ => return None,
        }
    }
    Some(jetons)
}

fn fin_des_chiffres(signes: &[char], debut: usize) -> usize {
    debut + signes.get(debut..).unwrap_or_default().iter().take_while(|c| c.is_ascii_digit()).count()
}

/// A number being put together: thousands, then minutes and seconds.
#[derive(Debug)]
struct Partiel {
    signe: bool,
    entier: String,
    decimales: Option<String>,
    /// Degrees, minutes, seconds as they get closed by their signs.
    parts: Vec<f64>,
    axe: Option<(Axe, bool)>,
    ouvert: bool,
    degre: bool,
}

impl Partiel {
    fn valeur(&self) -> Option<f64> {
        let decimales = self.decimales.as_deref().unwrap_or("0");
        format!("{}.{decimales}", self.entier).parse().ok().filter(|valeur: &f64| *valeur < 1e9)
    }

    /// Closes the part that a sign names: 0 degrees, 1 minutes, 2 seconds.
    fn ferme(&mut self, rang: usize) -> Option<()> {
        let valeur = self.valeur().filter(|_| self.ouvert && self.parts.len() == rang)?;
        self.parts.push(valeur);
        self.ouvert = false;
        Some(())
    }

    /// Takes the open part away as a number of its own.
    fn detache(&mut self) -> Self {
        self.ouvert = false;
        Self {
            signe: false,
            entier: std::mem::take(&mut self.entier),
            decimales: self.decimales.take(),
            parts: Vec::new(),
            axe: None,
            ouvert: true,
            degre: false,
        }
    }

    fn nombre(mut self) -> Option<Nombre> {
        if self.ouvert {
            let valeur = self.valeur()?;
            self.parts.push(valeur);
        }
        let base = *self.parts.first()?;
        let (minutes, secondes) = (self.parts.get(1).copied(), self.parts.get(2).copied());
        let degre = self.degre;
        if minutes.is_some() && (!degre || minutes >= Some(60.0) || secondes >= Some(60.0)) {
            return None;
        }
        let absolue = base + minutes.unwrap_or_default() / 60.0 + secondes.unwrap_or_default() / 3600.0;
        let (axe, oppose) = self.axe.map_or((None, false), |(axe, oppose)| (Some(axe), oppose));
        if self.signe && oppose {
            return None;
        }
        let valeur = if self.signe || oppose { -absolue } else { absolue };
        let precis = degre || self.decimales.is_some() || axe.is_some();
        Some(Nombre { valeur, axe, precis, sexagesimal: degre })
    }
}

/// The two numbers that the pieces make; `None` when they make another count.
fn assemble(jetons: &[Jeton]) -> Option<Paire> {
    let mut finis: Vec<Nombre> = Vec::with_capacity(2);
    let mut courant: Option<Partiel> = None;
    let mut avant: Option<(Axe, bool)> = None;
    let lettres_devant =
        jetons.iter().find(|jeton| **jeton != Jeton::Coupure).is_some_and(|jeton| matches!(jeton, Jeton::Axe(..)));
    for jeton in jetons {
        match jeton {
            Jeton::Nombre { signe, entier, decimales } => {
                if let Some(partiel) = courant.as_mut().filter(|partiel| suite(partiel, *signe, entier)) {
                    if partiel.ouvert {
                        partiel.entier.push_str(entier);
                    } else {
                        partiel.entier.clone_from(entier);
                        partiel.ouvert = true;
                    }
                    partiel.decimales.clone_from(decimales);
                    continue;
                }
                clore(&mut courant, &mut finis)?;
                courant = Some(Partiel {
                    signe: *signe,
                    entier: entier.clone(),
                    decimales: decimales.clone(),
                    parts: Vec::new(),
                    axe: avant.take(),
                    ouvert: true,
                    degre: false,
                });
            }
            Jeton::Degre => {
                // « 45°46′ 4°50′ »: what looked like seconds begins the other number.
                if let Some(autre) =
                    courant.as_mut().filter(|partiel| partiel.degre && partiel.ouvert).map(Partiel::detache)
                {
                    clore(&mut courant, &mut finis)?;
                    courant = Some(autre);
                }
                let partiel = courant.as_mut()?;
                partiel.ferme(0)?;
                partiel.degre = true;
            }
            Jeton::Minute => courant.as_mut()?.ferme(1)?,
            Jeton::Seconde => courant.as_mut()?.ferme(2)?,
            Jeton::Axe(axe, oppose) if lettres_devant => {
                clore(&mut courant, &mut finis)?;
                avant = Some((*axe, *oppose)).filter(|_| avant.is_none());
                avant?;
            }
            Jeton::Axe(axe, oppose) => {
                let mut partiel = courant.take()?;
                partiel.axe = Some((*axe, *oppose));
                finis.push(partiel.nombre()?);
            }
            Jeton::Coupure => clore(&mut courant, &mut finis)?,
        }
    }
    clore(&mut courant, &mut finis)?;
    match finis.as_slice() {
        [premier, second] if avant.is_none() => Some(Paire { premier: *premier, second: *second }),
        _ => None,
    }
}

/// Whether a number goes on with the one before: three digits of thousands, minutes after degrees.
fn suite(partiel: &Partiel, signe: bool, entier: &str) -> bool {
    if signe {
        return false;
    }
    if partiel.ouvert {
        let groupes = partiel.parts.is_empty() && partiel.decimales.is_none() && !partiel.degre;
        return groupes && partiel.entier.len() <= 6 && entier.len() == 3;
    }
    // After « 45° » come minutes, after « 45° 46′ » seconds; a second degree sign would start another number.
    partiel.degre && partiel.parts.len() < 3
}

/// Ends a number under way; `None` when it makes no sense.
fn clore(courant: &mut Option<Partiel>, finis: &mut Vec<Nombre>) -> Option<()> {
    if let Some(partiel) = courant.take() {
        finis.push(partiel.nombre()?);
    }
    Some(())
}
