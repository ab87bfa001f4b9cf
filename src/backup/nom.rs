//! Members of an archive: a closed list of names. Whatever else an archive holds is refused, a path that climbs first of all.

use std::fmt;
use std::path::Path;

/// Folders deep that a file kept outside the database may lie.
const MAX_PROFONDEUR: usize = 4;
/// Longest component of its path.
const MAX_COMPOSANT: usize = 64;

/// A member. Their order here is that of the archive.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Nom {
    /// Who made the archive, of what.
    Entete,
    /// A file of the data directory: key, heads.
    Donnee(String),
    /// The configuration file in use.
    Configuration,
    /// SQL logins and row counts of the snapshot.
    Base,
    /// A piece of what `pg_dump` wrote, from 0.
    Morceau(u32),
    /// An attachment, by the SHA-256 of its content.
    Fichier(String),
    /// Digests of all the others.
    Manifeste,
}

impl Nom {
    /// The member of this name; none for any other name.
    pub(super) fn lit(nom: &str) -> Option<Self> {
        match nom {
            "finage.json" => return Some(Self::Entete),
            "configuration/finage.toml" => return Some(Self::Configuration),
            "base.json" => return Some(Self::Base),
            "manifeste.json" => return Some(Self::Manifeste),
            _ => {}
        }
        if let Some(chemin) = nom.strip_prefix("donnees/") {
            return est_une_donnee(chemin).then(|| Self::Donnee(chemin.to_owned()));
        }
        if let Some(rang) = nom.strip_prefix("base/") {
            let chiffres = rang.len() == 6 && rang.bytes().all(|octet| octet.is_ascii_digit());
            return rang.parse().ok().filter(|_| chiffres).map(Self::Morceau);
        }
        let (dossier, empreinte) = nom.strip_prefix("fichiers/")?.split_once('/')?;
        (est_une_empreinte(empreinte) && empreinte.get(..2) == Some(dossier))
            .then(|| Self::Fichier(empreinte.to_owned()))
    }
}

impl fmt::Display for Nom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Entete => f.write_str("finage.json"),
            Self::Donnee(chemin) => write!(f, "donnees/{chemin}"),
            Self::Configuration => f.write_str("configuration/finage.toml"),
            Self::Base => f.write_str("base.json"),
            Self::Morceau(rang) => write!(f, "base/{rang:06}"),
            Self::Fichier(empreinte) => write!(f, "fichiers/{}/{empreinte}", empreinte.get(..2).unwrap_or_default()),
            Self::Manifeste => f.write_str("manifeste.json"),
        }
    }
}

/// A SHA-256 in lower-case hexadecimal.
pub(super) fn est_une_empreinte(texte: &str) -> bool {
    texte.len() == 64 && texte.bytes().all(|octet| octet.is_ascii_digit() || (b'a'..=b'f').contains(&octet))
}

/// A relative path of plain names, outside of what has its own place or is made again.
pub(super) fn est_une_donnee(chemin: &str) -> bool {
    let composants: Vec<&str> = chemin.split('/').collect();
    composants.len() <= MAX_PROFONDEUR
        && composants.iter().all(|nom| est_un_composant(nom))
        && !composants.first().is_some_and(|premier| est_reserve(premier))
}

fn est_un_composant(nom: &str) -> bool {
    let plain = |octet: u8| octet.is_ascii_alphanumeric() || matches!(octet, b'.' | b'_' | b'-');
    (1..=MAX_COMPOSANT).contains(&nom.len())
        && nom.starts_with(|c: char| c.is_ascii_alphanumeric())
        && nom.bytes().all(plain)
        && !est_provisoire(nom)
}

/// A file being written.
pub(super) fn est_provisoire(nom: &str) -> bool {
    Path::new(nom).extension().is_some_and(|extension| extension == "tmp")
}

/// Entries of the data directory that are saved otherwise or not at all: messages that wait are sent once, snapshots
/// are built again.
pub(super) fn est_reserve(nom: &str) -> bool {
    matches!(
        nom,
        "cluster"
            | "courrier"
            | "fichiers"
            | "instantanes"
            | "telechargements"
            | "restauration"
            | "finage.toml"
            | "lost+found"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_come_back() {
        let empreinte = "ab".repeat(32);
        for nom in [
            Nom::Entete,
            Nom::Donnee("journal/tete-acte.json".into()),
            Nom::Configuration,
            Nom::Base,
            Nom::Morceau(12),
            Nom::Fichier(empreinte),
            Nom::Manifeste,
        ] {
            assert_eq!(Nom::lit(&nom.to_string()), Some(nom));
        }
    }

    #[test]
    fn any_other_name_is_refused() {
        let ailleurs = format!("fichiers/cd/{}", "ab".repeat(32));
        for nom in [
            "",
            "/etc/passwd",
            "../cle",
            "donnees/../cle",
            "donnees//cle",
            "donnees/journal/../../cle",
            "donnees/.bashrc",
            "donnees/cluster/data/PG_VERSION",
            "donnees/fichiers/x",
            "donnees/a/b/c/d/e",
            "donnees/journal/cle.1.tmp",
            "base/1",
            "base/0000001",
            "base/+00001",
            "fichiers/ab/ab",
            &ailleurs,
            "manifeste.json/",
        ] {
            assert_eq!(Nom::lit(nom), None, "{nom}");
        }
    }

    proptest::proptest! {
        #[test]
        fn what_is_read_is_written_the_same(texte in "(donnees/|base/|fichiers/)?[a-z0-9./_-]{0,80}") {
            if let Some(nom) = Nom::lit(&texte) {
                proptest::prop_assert_eq!(nom.to_string(), texte);
            }
        }
    }
}
