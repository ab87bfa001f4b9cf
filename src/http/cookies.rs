//! Cookies that this server sets: short, unreadable by scripts, sent by our own pages.

use axum::http::{HeaderMap, HeaderValue, header};
use cookie::time::Duration;
use cookie::{Cookie, SameSite};

use super::admission::cookie_name;
use crate::config::Config;

/// Sets the cookie of the session; it ends with the browser, the session before.
pub(super) fn open(headers: &mut HeaderMap, config: &Config, secret: &str) {
    set(headers, config, Cookie::new(cookie_name(config), secret.to_owned()));
}

/// Takes the cookie of the session away.
pub(super) fn close(headers: &mut HeaderMap, config: &Config) {
    let mut cookie = Cookie::new(cookie_name(config), "");
    cookie.set_max_age(Duration::ZERO);
    set(headers, config, cookie);
}

/// Sets a cookie with everything that keeps it in its place.
pub(super) fn set(headers: &mut HeaderMap, config: &Config, mut cookie: Cookie<'_>) {
    cookie.set_http_only(true);
    cookie.set_same_site(SameSite::Lax);
    cookie.set_path("/");
    cookie.set_secure(config.public_url().starts_with("https://"));
    if let Ok(value) = HeaderValue::from_str(&cookie.to_string()) {
        headers.append(header::SET_COOKIE, value);
    }
}

/// The value of a cookie of the request.
pub(super) fn get(headers: &HeaderMap, name: &str) -> Option<String> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(Cookie::split_parse)
        .filter_map(Result::ok)
        .find(|cookie| cookie.name() == name)
        .map(|cookie| cookie.value().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn opened(config: &Config) -> String {
        let mut headers = HeaderMap::new();
        open(&mut headers, config, "secret");
        headers[header::SET_COOKIE].to_str().unwrap().to_owned()
    }

    #[test]
    fn the_session_is_bound_to_the_host_and_to_tls() {
        let config = Config { public_url: Some("https://carte.exemple.fr".into()), ..Config::default() };
        assert_eq!(opened(&config), "__Host-finage=secret; HttpOnly; SameSite=Lax; Secure; Path=/");
        assert_eq!(opened(&Config::default()), "finage-local=secret; HttpOnly; SameSite=Lax; Path=/");
    }
}
