//! The kept grid of `docs/rgaa.md`, which the declaration of accessibility is made from.

use std::sync::LazyLock;

use thiserror::Error;

/// The grid, as it stands in the documentation.
const TEXT: &str = include_str!("../../docs/rgaa.md");
/// Criteria of each theme of RGAA 4.1.2, from 1 to 13.
pub const THEMES: [usize; 13] = [9, 2, 3, 13, 8, 2, 5, 10, 4, 14, 13, 11, 12];

/// Why the grid can't be read.
#[derive(Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum GrilleError {
    /// A line that is no criterion.
    #[error("docs/rgaa.md, ligne {0} : cinq colonnes attendues, un numéro « 1.1 » et un état connu")]
    Ligne(usize),
    /// A criterion is missing, doubled or out of order.
    #[error("docs/rgaa.md : critère {attendu} attendu, {trouve} trouvé")]
    Ordre {
        /// The criterion that should come.
        attendu: String,
        /// What comes.
        trouve: String,
    },
    /// The date, pages, tools or technologies are missing.
    #[error("docs/rgaa.md : la ligne « {0} : … » manque")]
    Absente(&'static str),
}

/// How a criterion is met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Etat {
    /// Met.
    Conforme,
    /// Not met.
    NonConforme,
    /// Nothing on the pages falls under it.
    NonApplicable,
    /// Not checked as it must be.
    AVerifier,
}

impl std::fmt::Display for Etat {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(match self {
            Self::Conforme => "conforme",
            Self::NonConforme => "non conforme",
            Self::NonApplicable => "non applicable",
            Self::AVerifier => "à vérifier",
        })
    }
}

/// One criterion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Critere {
    /// `1.1`.
    pub numero: String,
    /// What it is about, in our words.
    pub sujet: String,
    /// How it is met.
    pub etat: Etat,
    /// Pages or map.
    pub portee: String,
    /// What was seen.
    pub note: String,
}

/// The grid, whole and in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grille {
    /// Day of the evaluation, as written.
    pub date: String,
    /// Pages looked at.
    pub pages: Vec<String>,
    /// Tools used.
    pub outils: Vec<String>,
    /// Technologies the service rests on.
    pub technologies: Vec<String>,
    /// The 106 criteria.
    pub criteres: Vec<Critere>,
}

impl Grille {
    /// Reads a grid.
    ///
    /// # Errors
    /// A line that is no criterion, a criterion missing, doubled or out of order, a heading missing.
    pub fn parse(text: &str) -> Result<Self, GrilleError> {
        let mut criteres = Vec::new();
        for (rank, line) in text.lines().enumerate() {
            if line.starts_with("| ") && line[2..].starts_with(|c: char| c.is_ascii_digit()) {
                criteres.push(critere(line).ok_or(GrilleError::Ligne(rank + 1))?);
            }
        }
        let expected =
            THEMES.iter().zip(1..).flat_map(|(count, theme)| (1..=*count).map(move |n| format!("{theme}.{n}")));
        let mut found = criteres.iter();
        for attendu in expected {
            let trouve = found.next().map_or_else(|| "rien".to_owned(), |critere: &Critere| critere.numero.clone());
            if trouve != attendu {
                return Err(GrilleError::Ordre { attendu, trouve });
            }
        }
        if let Some(extra) = found.next() {
            return Err(GrilleError::Ordre { attendu: "fin".to_owned(), trouve: extra.numero.clone() });
        }
        let line = |name: &'static str| {
            text.lines()
                .find_map(|line| line.strip_prefix(name)?.strip_prefix(" : "))
                .map(|value| value.trim().trim_end_matches('.').to_owned())
                .ok_or(GrilleError::Absente(name))
        };
        let list = |name| line(name).map(|line| line.split(" ; ").map(str::to_owned).collect());
        Ok(Self {
            date: line("Date")?,
            pages: list("Pages")?,
            outils: list("Outils")?,
            technologies: list("Technologies")?,
            criteres,
        })
    }

    /// Criteria in that state.
    #[must_use]
    pub fn compte(&self, etat: Etat) -> usize {
        self.criteres.iter().filter(|critere| critere.etat == etat).count()
    }

    /// Criteria in that state, in order.
    pub fn dans(&self, etat: Etat) -> impl Iterator<Item = &Critere> {
        self.criteres.iter().filter(move |critere| critere.etat == etat)
    }

    /// Share of the applicable, checked criteria that are met, in percent, rounded down: a rate is never embellished.
    #[must_use]
    pub fn taux(&self) -> usize {
        let met = self.compte(Etat::Conforme);
        let checked = met + self.compte(Etat::NonConforme);
        (met * 100).checked_div(checked).unwrap_or(0)
    }

    /// « totalement », « partiellement » or « non conforme » (arrêté du 20 septembre 2019); what is not checked is never total.
    #[must_use]
    pub fn etat(&self) -> &'static str {
        let whole = self.compte(Etat::NonConforme) == 0 && self.compte(Etat::AVerifier) == 0;
        match self.taux() {
            100 if whole => "totalement conforme",
            50.. => "partiellement conforme",
            _ => "non conforme",
        }
    }
}

/// The embedded grid; `None` never happens in a build whose tests pass.
#[must_use]
pub fn grille() -> Option<&'static Grille> {
    static GRILLE: LazyLock<Option<Grille>> =
        LazyLock::new(|| Grille::parse(TEXT).map_err(|error| tracing::error!(%error, "grille d'accessibilité")).ok());
    GRILLE.as_ref()
}

fn critere(line: &str) -> Option<Critere> {
    let cells: Vec<&str> = line.trim().strip_prefix('|')?.strip_suffix('|')?.split('|').map(str::trim).collect();
    let [numero, sujet, etat, portee, note] = cells.as_slice() else { return None };
    let etat = match *etat {
        "conforme" => Etat::Conforme,
        "non conforme" => Etat::NonConforme,
        "non applicable" => Etat::NonApplicable,
        "à vérifier" => Etat::AVerifier,
        _ => return None,
    };
    let (theme, rank) = numero.split_once('.')?;
    (theme.parse::<u8>().is_ok() && rank.parse::<u8>().is_ok() && !sujet.is_empty() && !portee.is_empty()).then(|| {
        Critere {
            numero: (*numero).to_owned(),
            sujet: (*sujet).to_owned(),
            etat,
            portee: (*portee).to_owned(),
            note: (*note).to_owned(),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grid(count: usize, state: &str) -> String {
        let rows = THEMES.iter().zip(1..).flat_map(|(n, theme)| (1..=*n).map(move |rank| format!("{theme}.{rank}")));
        let rows: String = rows
            .take(count)
            .map(|numero| format!("| {numero} | sujet | {state} | pages | note |"))
            .collect::<Vec<_>>()
            .join("\n");
        format!("Date : 1er janvier 2026\nPages : / ; /x\nOutils : axe\nTechnologies : HTML\n\n{rows}")
    }

    #[test]
    fn the_kept_grid_is_whole() {
        let grille = Grille::parse(TEXT).unwrap();
        assert_eq!(grille.criteres.len(), 106);
        assert_eq!(THEMES.iter().sum::<usize>(), 106);
        for critere in grille.dans(Etat::NonConforme).chain(grille.dans(Etat::AVerifier)) {
            assert!(critere.note.len() > 10, "{} : dites ce qui manque", critere.numero);
        }
    }

    #[test]
    fn a_missing_or_unknown_line_is_named() {
        assert_eq!(
            Grille::parse(&grid(105, "conforme")),
            Err(GrilleError::Ordre { attendu: "13.12".into(), trouve: "rien".into() })
        );
        assert_eq!(Grille::parse(&grid(106, "presque")), Err(GrilleError::Ligne(6)));
        assert_eq!(Grille::parse(&grid(106, "conforme").replace("Date", "Jour")), Err(GrilleError::Absente("Date")));
    }

    #[test]
    fn what_is_not_checked_is_never_total() {
        assert_eq!(Grille::parse(&grid(106, "conforme")).unwrap().etat(), "totalement conforme");
        let doubt = grid(106, "conforme").replacen("conforme", "à vérifier", 1);
        let doubt = Grille::parse(&doubt).unwrap();
        assert_eq!((doubt.taux(), doubt.etat()), (100, "partiellement conforme"));
        let bad = Grille::parse(&grid(106, "non conforme")).unwrap();
        assert_eq!((bad.taux(), bad.etat()), (0, "non conforme"));
    }
}
