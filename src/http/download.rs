//! A file offered for download: its name in the header, whatever its letters.

use axum::http::{HeaderName, HeaderValue, header};

/// `Content-Disposition: attachment`, RFC 6266, with the name in UTF-8 (RFC 8187) and in ASCII for old clients.
#[must_use]
pub fn attachment(name: &str) -> (HeaderName, HeaderValue) {
    disposition("attachment", name)
}

/// The same of a file that the browser shows, and saves under that name.
#[must_use]
pub fn inline(name: &str) -> (HeaderName, HeaderValue) {
    disposition("inline", name)
}

fn disposition(how: &'static str, name: &str) -> (HeaderName, HeaderValue) {
    let plain: String =
        name.chars().map(|c| if c.is_ascii_graphic() && !"\"\\%".contains(c) || c == ' ' { c } else { '_' }).collect();
    let exact = name.bytes().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            use std::fmt::Write as _;
            let _ = write!(out, "%{byte:02X}");
        }
        out
    });
    let value = format!("{how}; filename=\"{plain}\"; filename*=UTF-8''{exact}");
    (header::CONTENT_DISPOSITION, HeaderValue::from_str(&value).unwrap_or(HeaderValue::from_static(how)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_french_name_survives() {
        let (_, value) = attachment("Extraits de l'été.pdf");
        assert_eq!(
            value.to_str().unwrap(),
            "attachment; filename=\"Extraits de l'_t_.pdf\"; filename*=UTF-8''Extraits%20de%20l%27%C3%A9t%C3%A9.pdf"
        );
    }

    proptest! {
        #[test]
        fn no_name_breaks_the_header(name in ".*") {
            let (_, value) = attachment(&name);
            let text = value.to_str().unwrap();
            prop_assert!(text.starts_with("attachment; filename=\""));
            prop_assert_eq!(text.matches('"').count(), 2);
            prop_assert!(!text.contains('\\'));
        }
    }
}
