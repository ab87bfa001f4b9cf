//! Backgrounds of the map named in the configuration (IGN by WMTS or WMS, a PMTiles file).

use std::collections::BTreeSet;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// One background, off until the user turns it on.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fond {
    /// Short identifier, letters, digits and hyphens.
    pub id: String,
    /// Name shown in the layer list.
    pub libelle: String,
    /// Protocol.
    pub genre: FondGenre,
    /// Address of the service (WMTS, WMS) or of the PMTiles file.
    #[serde(default)]
    pub url: Option<String>,
    /// PMTiles file of this machine, served by Finage.
    #[serde(default)]
    pub fichier: Option<PathBuf>,
    /// Layer of the service.
    #[serde(default)]
    pub couche: String,
    /// MIME type of the pictures.
    #[serde(default = "png")]
    pub format: String,
    /// Tile matrix set in web mercator (WMTS).
    #[serde(default = "pm")]
    pub jeu: String,
    /// Style of the layer.
    #[serde(default)]
    pub style: String,
    /// Attribution the provider asks for.
    #[serde(default)]
    pub attribution: String,
    /// Lowest zoom served.
    #[serde(default)]
    pub zoom_min: u8,
    /// Highest zoom served.
    #[serde(default = "zoom_max")]
    pub zoom_max: u8,
}

/// Protocol of a background.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FondGenre {
    /// OGC WMTS 1.0.0, KVP.
    Wmts,
    /// OGC WMS 1.3.0.
    Wms,
    /// A PMTiles archive.
    Pmtiles,
}

fn png() -> String {
    "image/png".to_owned()
}
fn pm() -> String {
    "PM".to_owned()
}
fn zoom_max() -> u8 {
    19
}

impl Fond {
    pub(super) fn check(&self) -> Result<(), String> {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if self.id.is_empty() || !self.id.chars().all(plain) {
            return Err(format!("le fond « {} » : l'identifiant n'admet que minuscules, chiffres et tirets", self.id));
        }
        match (&self.url, &self.fichier) {
            (Some(_), Some(_)) | (None, None) => {
                return Err(format!("le fond « {} » : donnez soit url, soit fichier", self.id));
            }
            (None, Some(_)) if self.genre != FondGenre::Pmtiles => {
                return Err(format!("le fond « {} » : fichier ne vaut que pour le genre pmtiles", self.id));
            }
            (Some(url), None) if origin(url).is_none() => {
                return Err(format!(
                    "le fond « {} » : l'adresse {url} doit commencer par http:// ou https://",
                    self.id
                ));
            }
            _ => {}
        }
        Ok(())
    }

    /// Tile template MapLibre understands, or the address of the PMTiles archive.
    #[must_use]
    pub fn template(&self) -> String {
        let url = self.url.as_deref().unwrap_or_default();
        let separator = if url.contains('?') { '&' } else { '?' };
        let (couche, style, format) = (encode(&self.couche), encode(&self.style), encode(&self.format));
        match self.genre {
            FondGenre::Wmts => format!(
                "{url}{separator}SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER={couche}&STYLE={style}&FORMAT={format}&TILEMATRIXSET={}&TILEMATRIX={{z}}&TILEROW={{y}}&TILECOL={{x}}",
                encode(&self.jeu)
            ),
            FondGenre::Wms => format!(
                "{url}{separator}SERVICE=WMS&REQUEST=GetMap&VERSION=1.3.0&LAYERS={couche}&STYLES={style}&FORMAT={format}&CRS=EPSG:3857&WIDTH=256&HEIGHT=256&BBOX={{bbox-epsg-3857}}"
            ),
            FondGenre::Pmtiles if self.fichier.is_some() => format!("/fonds/{}.pmtiles", self.id),
            FondGenre::Pmtiles => url.to_owned(),
        }
    }

    /// Origins that the content security policy must allow for these backgrounds.
    #[must_use]
    pub fn origins(fonds: &[Self]) -> BTreeSet<String> {
        fonds.iter().filter_map(|fond| fond.url.as_deref().and_then(origin)).collect()
    }
}

/// `scheme://host[:port]` of an address, when it is plain http(s) without credentials or odd characters.
fn origin(url: &str) -> Option<String> {
    let (scheme, rest) = url.split_once("://")?;
    if !matches!(scheme, "http" | "https") {
        return None;
    }
    let host = rest.split(['/', '?', '#']).next()?;
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']');
    (!host.is_empty() && host.chars().all(plain)).then(|| format!("{scheme}://{host}"))
}

/// Percent-encodes what a query value may not hold.
fn encode(value: &str) -> String {
    value.bytes().fold(String::with_capacity(value.len()), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'/' | b':' | b',') {
            out.push(char::from(byte));
        } else {
            use std::fmt::Write as _;
            let _ = write!(out, "%{byte:02X}");
        }
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wmts(url: &str) -> Fond {
        Fond {
            id: "plan-ign".into(),
            libelle: "Plan IGN".into(),
            genre: FondGenre::Wmts,
            url: Some(url.into()),
            fichier: None,
            couche: "GEOGRAPHICALGRIDSYSTEMS.PLANIGNV2".into(),
            format: png(),
            jeu: pm(),
            style: "normal".into(),
            attribution: String::new(),
            zoom_min: 0,
            zoom_max: 19,
        }
    }

    #[test]
    fn a_wmts_becomes_a_template() {
        let template = wmts("https://data.geopf.fr/wmts").template();
        assert!(template.contains("TILEMATRIX={z}&TILEROW={y}&TILECOL={x}"));
        assert!(template.starts_with("https://data.geopf.fr/wmts?SERVICE=WMTS"));
    }

    #[test]
    fn only_the_origin_enters_the_security_policy() {
        let origins = Fond::origins(&[wmts("https://data.geopf.fr/wmts?a=b")]);
        assert_eq!(origins.into_iter().collect::<Vec<_>>(), ["https://data.geopf.fr"]);
    }

    #[test]
    fn an_address_that_would_widen_the_policy_is_refused() {
        assert!(wmts("https://exemple.fr; script-src *").check().is_err());
        assert!(wmts("javascript:alert(1)").check().is_err());
    }
}
