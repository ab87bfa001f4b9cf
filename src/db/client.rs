//! PostgreSQL's own programs, pointed at the configured database.

use std::process::Command;

use finage_cluster::Packages;

use super::{BACKUP, Database, DbError, OWNER};
use crate::config::Config;

/// Settings of an address that libpq knows, by their name there; others are those of our own client.
const LIBPQ: [&str; 9] = ["host", "hostaddr", "port", "user", "dbname", "sslmode", "sslrootcert", "sslcert", "sslkey"];

/// As whom a program acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Reads everything, writes nothing.
    Backup,
    /// Owns every table.
    Owner,
}

impl Role {
    fn name(self) -> &'static str {
        match self {
            Self::Backup => BACKUP,
            Self::Owner => OWNER,
        }
    }
}

impl Database {
    /// A program of the client package of this major, for this database, acting as `role`. It speaks English, whose words its caller
    /// may look for.
    ///
    /// # Errors
    /// The program is not installed.
    pub fn program(&self, config: &Config, program: &'static str, major: u32, role: Role) -> Result<Command, DbError> {
        let mut command = Command::new(Packages::default().client(major, program)?);
        command.env("LC_ALL", "C").env("PGAPPNAME", "finage");
        if let Some(url) = &config.database_url {
            let address = Address::of(url);
            command.arg(format!("--dbname={}", address.open)).arg(format!("--role={}", role.name()));
            if let Some(password) = address.password {
                // Not on the command line, which every account of the machine reads.
                command.env("PGPASSWORD", password);
            }
        } else {
            for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("PG")) {
                command.env_remove(name);
            }
            command
                .env(
                    "PGHOST",
                    self.options.get_socket().map_or_else(Default::default, |path| path.as_os_str().to_owned()),
                )
                .env("PGPORT", self.options.get_port().to_string())
                .env("PGUSER", role.name())
                .env("PGDATABASE", self.options.get_database().unwrap_or_default())
                .arg(format!("--dbname={}", self.options.get_database().unwrap_or_default()));
        }
        Ok(command)
    }
}

/// An address in two parts.
#[derive(Debug, PartialEq, Eq)]
struct Address {
    /// What may be seen.
    open: String,
    password: Option<String>,
}

impl Address {
    fn of(url: &str) -> Self {
        let (base, query) = url.split_once('?').unwrap_or((url, ""));
        let (scheme, rest) = base.split_once("://").unwrap_or(("postgres", base));
        let (authority, path) = rest.split_once('/').map_or((rest, String::new()), |(a, p)| (a, format!("/{p}")));
        let mut password = None;
        let authority = match authority.rsplit_once('@') {
            None => authority.to_owned(),
            Some((login, host)) => {
                let (user, secret) = login.split_once(':').map_or((login, None), |(user, secret)| (user, Some(secret)));
                password = secret.map(decode);
                format!("{user}@{host}")
            }
        };
        let mut kept = Vec::new();
        for (name, value) in query.split('&').filter_map(|pair| pair.split_once('=')) {
            let known = match name {
                "password" => {
                    password = Some(decode(value));
                    continue;
                }
                "ssl-mode" => "sslmode",
                "ssl-root-cert" | "ssl-ca" => "sslrootcert",
                "ssl-cert" => "sslcert",
                "ssl-key" => "sslkey",
                name => name,
            };
            if LIBPQ.contains(&known) {
                kept.push(format!("{known}={value}"));
            }
        }
        let query = if kept.is_empty() { String::new() } else { format!("?{}", kept.join("&")) };
        Self { open: format!("{scheme}://{authority}{path}{query}"), password }
    }
}

/// Undoes percent-encoding.
fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let code = after.get(..2).and_then(|code| std::str::from_utf8(code).ok());
        let decoded = code.and_then(|code| u8::from_str_radix(code, 16).ok()).filter(|_| *first == b'%');
        bytes.push(decoded.unwrap_or(*first));
        rest = if decoded.is_some() { after.get(2..).unwrap_or_default() } else { after };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_leaves_the_address() {
        for (url, open, password) in [
            ("postgres://finage@serveur/finage", "postgres://finage@serveur/finage", None),
            ("postgres://f:a%40b%zz@serveur:5433/base", "postgres://f@serveur:5433/base", Some("a@b%zz")),
            (
                "postgresql://f@%2Frun%2Fpg/base?sslmode=require&statement-cache-capacity=0&password=x%20y",
                "postgresql://f@%2Frun%2Fpg/base?sslmode=require",
                Some("x y"),
            ),
            ("postgres://serveur?ssl-ca=/ca.pem", "postgres://serveur?sslrootcert=/ca.pem", None),
        ] {
            assert_eq!(Address::of(url), Address { open: open.into(), password: password.map(str::to_owned) });
        }
    }
}
