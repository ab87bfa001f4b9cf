//! Rich text: the safe subset of HTML that a field may hold.

use std::collections::HashSet;

use ammonia::Builder;

/// What a clerk's letter needs, and nothing that runs, loads or styles.
const BALISES: [&str; 16] =
    ["p", "br", "strong", "b", "em", "i", "u", "s", "ul", "ol", "li", "h3", "h4", "blockquote", "a", "sub"];

/// The same text without what is not of the subset; of a link, only where it leads, on the web or by mail.
pub(super) fn nettoye(texte: &str) -> String {
    Builder::default()
        .tags(HashSet::from(BALISES))
        .tag_attributes(std::iter::once(("a", HashSet::from(["href"]))).collect())
        .generic_attributes(HashSet::new())
        .url_schemes(HashSet::from(["https", "http", "mailto"]))
        .link_rel(Some("noopener noreferrer"))
        .clean(texte)
        .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_runs() {
        let sale = r#"<p onclick="x()">Bon <b>jour</b><script>alert(1)</script><img src=x onerror=y>
            <a href="javascript:z()">ici</a> <a href="https://exemple.invalid/">là</a></p><style>p{}</style>"#;
        let propre = nettoye(sale);
        for interdit in ["onclick", "script", "img", "javascript", "style", "alert"] {
            assert!(!propre.contains(interdit), "{interdit} {propre}");
        }
        assert!(propre.contains("<b>jour</b>") && propre.contains("https://exemple.invalid/"));
        assert_eq!(nettoye(&propre), propre);
    }
}
