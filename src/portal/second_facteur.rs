//! `/connexion/second-facteur`, `/connexion/enrolement`: the code of a telephone, and choosing one.

use askama::Template;

use super::Cadre;

/// The code is asked for.
#[derive(Debug, Template)]
#[template(path = "second_facteur.html")]
pub struct SecondFacteurPage<'a> {
    cadre: Cadre<'a>,
    suite: &'a str,
    erreur: Option<&'a str>,
}

impl<'a> SecondFacteurPage<'a> {
    /// The page; `suite` is a path of this site.
    #[must_use]
    pub fn new(cadre: Cadre<'a>, suite: &'a str, erreur: Option<&'a str>) -> Self {
        Self { cadre, suite, erreur }
    }
}

/// A secret is given to a telephone.
#[derive(Debug, Template)]
#[template(path = "enrolement.html")]
pub struct EnrolementPage<'a> {
    cadre: Cadre<'a>,
    suite: &'a str,
    /// The drawing, as a `data:` address.
    dessin: &'a str,
    /// The secret, by groups of four.
    secret: String,
    /// Whether the account cannot do without.
    obligatoire: bool,
    erreur: Option<&'a str>,
}

impl<'a> EnrolementPage<'a> {
    /// The page; `secret` is in base 32.
    #[must_use]
    pub fn new(
        cadre: Cadre<'a>,
        suite: &'a str,
        dessin: &'a str,
        secret: &str,
        obligatoire: bool,
        erreur: Option<&'a str>,
    ) -> Self {
        let groups: Vec<String> =
            secret.as_bytes().chunks(4).map(|group| String::from_utf8_lossy(group).into_owned()).collect();
        Self { cadre, suite, dessin, secret: groups.join(" "), obligatoire, erreur }
    }
}

/// Recovery codes, shown once.
#[derive(Debug, Template)]
#[template(path = "codes_secours.html")]
pub struct CodesPage<'a> {
    cadre: Cadre<'a>,
    codes: &'a [String],
    suite: &'a str,
}

impl<'a> CodesPage<'a> {
    /// The page; `suite` is a path of this site.
    #[must_use]
    pub fn new(cadre: Cadre<'a>, codes: &'a [String], suite: &'a str) -> Self {
        Self { cadre, codes, suite }
    }
}
