//! Security headers of every answer; the content security policy opens only to configured backgrounds.

use axum::http::{HeaderName, HeaderValue, header};

use crate::config::{Config, Fond};

/// What no page of Finage asks of a browser.
const PERMISSIONS: &str = "accelerometer=(), browsing-topics=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), \
     magnetometer=(), microphone=(), midi=(), payment=(), publickey-credentials-get=(), serial=(), usb=(), xr-spatial-tracking=()";

/// Headers set on every answer.
#[must_use]
pub fn security(config: &Config) -> Vec<(HeaderName, HeaderValue)> {
    let fixed = [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (HeaderName::from_static("x-permitted-cross-domain-policies"), "none"),
        (HeaderName::from_static("permissions-policy"), PERMISSIONS),
    ];
    let mut headers: Vec<_> = fixed.into_iter().map(|(name, value)| (name, HeaderValue::from_static(value))).collect();
    // Said over TLS alone: a browser that once read it no longer asks without.
    if config.public_url().starts_with("https://") {
        headers.push((header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000")));
    }
    if let Ok(policy) = HeaderValue::from_str(&content_security_policy(config)) {
        headers.push((header::CONTENT_SECURITY_POLICY, policy));
    }
    headers
}

/// The policy: this origin alone, plus the origins of the backgrounds named in the configuration.
fn content_security_policy(config: &Config) -> String {
    let outside = Fond::origins(&config.fonds).iter().fold(String::new(), |list, origin| list + " " + origin);
    // Signing out by a form may lead on to the provider of the session.
    let providers = config.oidc.iter().fold(String::new(), |list, one| list + " " + &origin(&one.emetteur));
    format!(
        "default-src 'self'; img-src 'self' data: blob:{outside}; connect-src 'self'{outside}; worker-src 'self'; \
         style-src 'self'; script-src 'self'; font-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'{providers}; frame-ancestors 'none'"
    )
}

/// `scheme://host[:port]` of an address; the configuration checked that it is one.
fn origin(url: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-.:[]/".contains(c);
    url.split('/').take(3).collect::<Vec<_>>().join("/").chars().filter(|c| plain(*c)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_outside_is_allowed_by_default() {
        let policy = content_security_policy(&Config::default());
        assert!(!policy.contains("http") && !policy.contains("unsafe"), "{policy}");
    }

    #[test]
    fn transport_security_is_said_where_the_public_address_has_it() {
        let said = |public_url: Option<&str>| {
            let config = Config { public_url: public_url.map(str::to_owned), ..Config::default() };
            security(&config).iter().any(|(name, _)| name == header::STRICT_TRANSPORT_SECURITY)
        };
        assert!(said(Some("https://carte.exemple.fr")));
        assert!(!said(None) && !said(Some("http://carte.exemple.fr")));
    }
}
