//! `[portail]`: who publishes the public pages, how they look, what robots may read.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// Lowest contrast of a text with its background: RGAA 3.2, WCAG 1.4.3.
const CONTRAST_MIN: f64 = 4.5;
/// What texts stand on: the white of the pages and their tinted background (`web/src/styles/tokens.css`).
const PAPER: [[u8; 3]; 2] = [[0xff, 0xff, 0xff], [0xf5, 0xf7, 0xf8]];
/// Heaviest logo, in bytes.
const LOGO_MAX: u64 = 256 << 10;
/// Longest text, in characters: a legal notice, not a page.
const TEXT_MAX: usize = 600;

/// The public pages. What only the publisher can say is absent until the publisher says it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Portail {
    /// Name of the service, in titles and at the top of pages.
    pub nom: String,
    /// Picture beside the name: a file of this machine, PNG, JPEG, WebP or SVG.
    pub logo: Option<PathBuf>,
    /// Background of the bar at the top, `#rrggbb`; its text is white.
    pub couleur_bandeau: Option<String>,
    /// Links and buttons on white, `#rrggbb`.
    pub couleur_lien: Option<String>,
    /// Body that publishes the service and declares its accessibility.
    pub editeur: Option<String>,
    /// Postal address of the publisher.
    pub adresse: Option<String>,
    /// E-mail or https address to report a difficulty.
    pub contact: Option<String>,
    /// Director of publication (loi n° 2004-575, article 1-1).
    pub directeur_publication: Option<String>,
    /// Who hosts the service: name, address, telephone.
    pub hebergeur: Option<String>,
    /// Address of the multi-year accessibility plan.
    pub schema_pluriannuel: Option<String>,
    /// Address where the source code of the running version is given (AGPL, section 13).
    pub code_source: Option<String>,
    /// What robots may read.
    pub robots: Robots,
}

/// What robots may read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Robots {
    /// Nothing.
    Aucun,
    /// The HTML pages alone.
    Pages,
    /// Everything.
    Tout,
}

impl Default for Portail {
    fn default() -> Self {
        Self {
            nom: "Finage".to_owned(),
            logo: None,
            couleur_bandeau: None,
            couleur_lien: None,
            editeur: None,
            adresse: None,
            contact: None,
            directeur_publication: None,
            hebergeur: None,
            schema_pluriannuel: None,
            code_source: None,
            robots: Robots::Aucun,
        }
    }
}

impl Portail {
    pub(super) fn check(&self) -> Result<(), String> {
        if self.nom.trim().is_empty() || self.nom.chars().count() > 80 {
            return Err("portail.nom doit avoir de 1 à 80 caractères".to_owned());
        }
        for (key, text) in [
            ("editeur", &self.editeur),
            ("adresse", &self.adresse),
            ("directeur_publication", &self.directeur_publication),
            ("hebergeur", &self.hebergeur),
        ] {
            if text.as_ref().is_some_and(|text| text.chars().count() > TEXT_MAX) {
                return Err(format!("portail.{key} dépasse {TEXT_MAX} caractères ; abrégez"));
            }
        }
        for (key, url) in [("schema_pluriannuel", &self.schema_pluriannuel), ("code_source", &self.code_source)] {
            if url.as_ref().is_some_and(|url| !is_web(url)) {
                return Err(format!("portail.{key} doit être une adresse http:// ou https://"));
            }
        }
        if self.contact.as_ref().is_some_and(|contact| !is_web(contact) && !is_mail(contact)) {
            return Err("portail.contact doit être une adresse électronique ou une adresse https://".to_owned());
        }
        check_colour("couleur_bandeau", self.couleur_bandeau.as_deref(), &PAPER[..1])?;
        check_colour("couleur_lien", self.couleur_lien.as_deref(), &PAPER)?;
        self.logo.as_deref().map_or(Ok(()), check_logo)
    }

    /// Where the contact leads: `mailto:` for an e-mail.
    #[must_use]
    pub fn lien_contact(&self) -> Option<String> {
        self.contact.as_ref().map(|contact| if is_web(contact) { contact.clone() } else { format!("mailto:{contact}") })
    }
}

/// MIME type of a logo, by the end of its name.
#[must_use]
pub fn type_logo(path: &std::path::Path) -> Option<&'static str> {
    match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
        "png" => Some("image/png"),
        "jpg" | "jpeg" => Some("image/jpeg"),
        "webp" => Some("image/webp"),
        "svg" => Some("image/svg+xml"),
        _ => None,
    }
}

fn check_logo(path: &std::path::Path) -> Result<(), String> {
    let shown = path.display();
    if type_logo(path).is_none() {
        return Err(format!("portail.logo : « {shown} » doit être un fichier png, jpg, webp ou svg"));
    }
    let metadata =
        std::fs::metadata(path).map_err(|error| format!("portail.logo : « {shown} » est illisible ({error})"))?;
    if !metadata.is_file() || metadata.len() > LOGO_MAX {
        return Err(format!(
            "portail.logo : « {shown} » doit être un fichier ordinaire de moins de {} Kio",
            LOGO_MAX >> 10
        ));
    }
    Ok(())
}

fn check_colour(key: &str, colour: Option<&str>, against: &[[u8; 3]]) -> Result<(), String> {
    let Some(colour) = colour else { return Ok(()) };
    let parsed = parse(colour).ok_or_else(|| format!("portail.{key} : « {colour} » doit s'écrire #rrggbb"))?;
    let lowest = against.iter().map(|other| contrast(parsed, *other)).fold(f64::INFINITY, f64::min);
    if lowest < CONTRAST_MIN {
        return Err(format!(
            "portail.{key} : {colour} n'a qu'un contraste de {lowest:.1} avec le blanc, il en faut {CONTRAST_MIN} (RGAA 3.2) ; choisissez une couleur plus sombre"
        ));
    }
    Ok(())
}

fn parse(colour: &str) -> Option<[u8; 3]> {
    let hex = colour.strip_prefix('#').filter(|hex| hex.len() == 6 && hex.bytes().all(|b| b.is_ascii_hexdigit()))?;
    let part = |at: usize| u8::from_str_radix(hex.get(at..at + 2)?, 16).ok();
    Some([part(0)?, part(2)?, part(4)?])
}

/// Contrast of two colours, from 1 to 21 (WCAG 2, « contrast ratio »).
fn contrast(one: [u8; 3], other: [u8; 3]) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

/// Relative luminance of sRGB, from 0 to 1 (WCAG 2, « relative luminance »).
fn luminance(colour: [u8; 3]) -> f64 {
    let [red, green, blue] = colour.map(|channel| {
        let share = f64::from(channel) / 255.0;
        if share <= 0.04045 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
    });
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

fn is_web(text: &str) -> bool {
    (text.starts_with("https://") || text.starts_with("http://"))
        && text.len() <= 400
        && !text.contains(|c: char| c.is_whitespace() || c.is_control())
}

fn is_mail(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '+');
    text.len() <= 200
        && text.split_once('@').is_some_and(|(name, host)| {
            !name.is_empty() && host.contains('.') && name.chars().all(plain) && host.chars().all(plain)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contrast_is_that_of_wcag() {
        assert!((contrast([0, 0, 0], [255, 255, 255]) - 21.0).abs() < 1e-9);
        // #767676 is the lightest grey that passes on white.
        assert!(contrast([0x76; 3], [255; 3]) >= 4.5 && contrast([0x77; 3], [255; 3]) < 4.5);
    }

    #[test]
    fn a_pale_colour_is_refused_with_its_contrast() {
        let pale = Portail { couleur_lien: Some("#88bbee".into()), ..Portail::default() };
        let refusal = pale.check().unwrap_err();
        assert!(refusal.contains("contraste") && refusal.contains("couleur_lien"), "{refusal}");
        let red = Portail { couleur_bandeau: Some("red; } body{".into()), ..Portail::default() };
        assert!(red.check().unwrap_err().contains("#rrggbb"));
        let dark = Portail { couleur_bandeau: Some("#4a1732".into()), ..Portail::default() };
        assert!(dark.check().is_ok());
    }

    #[test]
    fn a_contact_is_a_mail_or_a_page() {
        for contact in ["accessibilite@valbrume.fr", "https://valbrume.fr/contact"] {
            assert!(Portail { contact: Some(contact.into()), ..Portail::default() }.check().is_ok(), "{contact}");
        }
        for contact in ["javascript:alert(1)", "à la mairie", "x@y"] {
            assert!(Portail { contact: Some(contact.into()), ..Portail::default() }.check().is_err(), "{contact}");
        }
    }
}
