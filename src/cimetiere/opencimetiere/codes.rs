//! Words of openCimetière, and the codes of the module that mean the same. What means none keeps its word beside.

use finage_reference::normalise;

/// Whether a text says yes: « Oui », « t », « true », « 1 ».
pub(super) fn oui(texte: &str) -> bool {
    matches!(normalise(texte).as_str(), "oui" | "o" | "t" | "true" | "vrai" | "1" | "x")
}

/// The nature of a plot; nothing for a word that is not openCimetière's.
pub(super) fn nature(texte: &str) -> Option<&'static str> {
    Some(match normalise(texte).replace(' ', "").as_str() {
        "concession" => "concession",
        "colombarium" | "columbarium" => "columbarium",
        "cavurne" => "cavurne",
        "enfeu" => "enfeu",
        "ossuaire" => "ossuaire",
        "depositoire" | "caveauprovisoire" => "caveau_provisoire",
        "terraincommunal" | "terraincommun" => "terrain_commun",
        "jardindusouvenir" | "jardinsouvenir" => "jardin_souvenir",
        _ => return None,
    })
}

/// What stands on a plot.
pub(super) fn sepulture(texte: &str) -> &'static str {
    let mots = normalise(texte);
    let dit = |mot: &str| mots.contains(mot);
    match () {
        () if dit("chapelle") => "chapelle",
        () if dit("caveau") => "caveau",
        () if dit("stele") => "stele",
        () if dit("pierre") || dit("dalle") || dit("tombale") => "pierre_tombale",
        () if dit("case") => "case",
        () if dit("pleine terre") || dit("fosse") || mots == "terre" => "pleine_terre",
        () => "autre",
    }
}

/// In what a deceased person rests.
pub(super) fn forme(texte: &str) -> Option<&'static str> {
    let mots = normalise(texte);
    let dit = |mot: &str| mots.contains(mot);
    match () {
        () if dit("cercueil") => Some("cercueil"),
        () if dit("urne") => Some("urne"),
        () if dit("reliqu") || dit("ossement") || dit("reduction") || dit("boite") => Some("reliquaire"),
        () if dit("cendre") || dit("dispers") => Some("cendres"),
        () => None,
    }
}

/// A title: « Mr », « M. » and « Monsieur » are one.
pub(super) fn civilite(texte: &str) -> Option<&'static str> {
    Some(match normalise(texte).replace(' ', "").as_str() {
        "m" | "mr" | "mre" | "monsieur" => "monsieur",
        "mme" | "madame" | "mlle" | "mell" | "melle" | "mademoiselle" | "veuve" | "vve" => "madame",
        _ => return None,
    })
}

/// The kind of a sector.
pub(super) fn secteur(texte: &str) -> Option<&'static str> {
    let mots = normalise(texte);
    let dit = |mot: &str| mots.contains(mot);
    match () {
        () if dit("militaire") => Some("militaire"),
        () if dit("cineraire") => Some("cineraire"),
        () if dit("carre") => Some("carre"),
        () if dit("extension") => Some("extension"),
        () if dit("section") => Some("section"),
        () if dit("division") => Some("division"),
        () => None,
    }
}

/// The kind of an alley.
pub(super) fn allee(texte: &str) -> Option<&'static str> {
    let mots = normalise(texte);
    let dit = |mot: &str| mots.contains(mot);
    match () {
        () if dit("allee") => Some("allee"),
        () if dit("place") => Some("place"),
        () if dit("rang") => Some("rangee"),
        () if dit("chemin") => Some("chemin"),
        () => None,
    }
}

/// What works are.
pub(super) fn travaux(texte: &str) -> &'static str {
    let mots = normalise(texte);
    let dit = |mot: &str| mots.contains(mot);
    match () {
        () if dit("demolition") || dit("enlevement") || dit("demontage") || dit("depose") => "demontage",
        () if dit("grav") => "gravure",
        () if dit("nettoy") || dit("entretien") => "nettoyage",
        () if dit("repar") || dit("consolid") || dit("restaur") || dit("remise en") => "reparation",
        () if dit("caveau") => "caveau",
        () if dit("monument") || dit("pierre") || dit("stele") => "monument",
        () if dit("creus") => "creusement",
        () => "autre",
    }
}

/// What an operation did, of an urn or not.
pub(super) fn operation(texte: &str, urne: bool) -> Option<&'static str> {
    let mots = normalise(texte);
    let dit = |mot: &str| mots.contains(mot);
    match () {
        () if dit("transf") => Some("transfert"),
        () if dit("reduc") => Some("reduction"),
        () if dit("exhum") => Some("exhumation"),
        () if dit("inhum") && urne => Some("depot_urne"),
        () if dit("inhum") => Some("inhumation"),
        () => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_written_in_many_ways_are_one() {
        for mot in ["Mr", "M.", "M", "Monsieur", "monsieur "] {
            assert_eq!(civilite(mot), Some("monsieur"), "{mot}");
        }
        for mot in ["Mme", "Madame", "Mell", "Mlle", "Mademoiselle"] {
            assert_eq!(civilite(mot), Some("madame"), "{mot}");
        }
        assert_eq!(civilite("Enfant"), None);
    }

    #[test]
    fn words_find_their_code() {
        assert_eq!(nature("colombarium"), Some("columbarium"));
        assert_eq!(nature("terraincommunal"), Some("terrain_commun"));
        assert_eq!(nature("autre chose"), None);
        assert_eq!(sepulture("Caveau T2 haut"), "caveau");
        assert_eq!(sepulture("Fosse maçonnée haute"), "pleine_terre");
        assert_eq!(travaux("Construction pierre tombale"), "monument");
        assert_eq!(travaux("Enlèvement porte"), "demontage");
        assert_eq!(operation("inhumation_colombarium", true), Some("depot_urne"));
        assert_eq!(operation("transfert", false), Some("transfert"));
        assert_eq!(operation("", false), None);
        assert!(oui("Oui") && oui("t") && !oui("Non") && !oui("f") && !oui(""));
    }
}
