//! What forms share: choices of a list, and the fault of what was typed.

/// A choice of a list.
#[derive(Debug, Clone)]
pub struct Choix {
    /// Value sent.
    pub valeur: String,
    /// Text shown.
    pub libelle: String,
    /// Whether it is the one chosen.
    pub choisi: bool,
}

impl Choix {
    /// Choices from values and texts, one of them chosen.
    pub fn parmi(tous: impl IntoIterator<Item = (String, String)>, choisi: &str) -> Vec<Self> {
        tous.into_iter().map(|(valeur, libelle)| Self { choisi: valeur == choisi, valeur, libelle }).collect()
    }
}

/// Why a form was refused; nothing when it was not.
#[derive(Debug, Clone, Default)]
pub struct Faute {
    champ: Option<&'static str>,
    phrase: Option<String>,
}

impl Faute {
    /// A fault of a field, or of the whole form.
    #[must_use]
    pub fn new(champ: Option<&'static str>, phrase: &str) -> Self {
        let mut lettres = phrase.chars();
        let capitale = lettres.next().map(|lettre| lettre.to_uppercase().to_string()).unwrap_or_default();
        Self { champ, phrase: Some(format!("{capitale}{}.", lettres.as_str().trim_end_matches('.'))) }
    }

    /// The sentence for the head of the page.
    #[must_use]
    pub fn phrase(&self) -> Option<&str> {
        self.phrase.as_deref()
    }

    /// The sentence beside that field.
    #[must_use]
    pub fn sur(&self, champ: &str) -> Option<&str> {
        self.phrase.as_deref().filter(|_| self.champ == Some(champ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_is_said_at_the_head_and_beside_its_field() {
        let faute = Faute::new(Some("au"), "la fin doit venir après le début");
        assert_eq!(faute.phrase(), Some("La fin doit venir après le début."));
        assert_eq!(faute.sur("au"), faute.phrase());
        assert_eq!(faute.sur("du"), None);
        assert_eq!(Faute::default().sur("au"), None);
    }
}
