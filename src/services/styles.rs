//! MapLibre styles, embedded; addresses inside are made absolute with the public address.

use rust_embed::RustEmbed;
use serde_json::Value;

#[derive(RustEmbed)]
#[folder = "styles/"]
#[include = "*.json"]
#[include = "surcouches/*.json"]
#[include = "symbols/*.svg"]
struct Styles;

/// Names and labels of the styles, in the order offered.
pub const STYLES: [(&str, &str); 2] = [("cadastre", "Plan cadastral"), ("discret", "Fond discret")];

/// Names of what is drawn over a style, for who may see its layers.
pub const SURCOUCHES: [&str; 1] = ["annotations"];

/// The style of that name, its sources pointing at `origin` (no trailing slash).
#[must_use]
pub fn style(name: &str, origin: &str) -> Option<Value> {
    let place = if SURCOUCHES.contains(&name) { "surcouches/" } else { "" };
    if place.is_empty() {
        STYLES.iter().find(|(id, _)| *id == name)?;
    }
    let file = Styles::get(&format!("{place}{name}.json"))?;
    let mut style: Value = serde_json::from_slice(&file.data).ok()?;
    for source in style.get_mut("sources")?.as_object_mut()?.values_mut() {
        if let Some(Value::String(url)) = source.get_mut("url")
            && url.starts_with('/')
        {
            url.insert_str(0, origin);
        }
    }
    Some(style)
}

/// A symbol's SVG.
#[must_use]
pub fn symbol(name: &str) -> Option<Vec<u8>> {
    Styles::get(&format!("symbols/{name}")).map(|file| file.data.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_style_points_at_the_public_address() {
        for (name, _) in STYLES {
            let style = style(name, "https://carte.exemple.fr").unwrap();
            let url = style["sources"]["finage"]["url"].as_str().unwrap();
            assert!(url.starts_with("https://carte.exemple.fr/tiles/"), "{url}");
        }
    }

    #[test]
    fn what_is_drawn_over_points_at_it_too() {
        for name in SURCOUCHES {
            let style = style(name, "https://carte.exemple.fr").unwrap();
            let url = format!("https://carte.exemple.fr/tiles/{name}");
            assert_eq!(style["sources"][name]["url"].as_str(), Some(url.as_str()));
        }
    }

    #[test]
    fn an_unknown_style_is_none() {
        assert!(style("../Cargo", "x").is_none());
    }
}
