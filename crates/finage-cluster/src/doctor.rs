//! The checks of `finage doctor` about the embedded cluster, as data.

use std::fs;
use std::path::Path;

use crate::account::is_root;
use crate::cluster::Cluster;
use crate::endpoint;
use crate::error::ClusterError;
use crate::home::{Home, account_for_new, is_of_root};
use crate::options::Options;
use crate::packages::Packages;
use crate::settings::{SHARED_MEMORY_MINIMUM, shared_memory_bytes};
use crate::status::Status;

/// Below this a town's imports may fill the disk, in bytes.
const FREE_MINIMUM: u64 = 2 << 30;

/// One thing looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// A stable English name, for `--json`.
    pub name: &'static str,
    /// Whether all is well.
    pub ok: bool,
    /// What was found, one French sentence.
    pub message_fr: String,
    /// What to do, when something must be.
    pub fix: Option<String>,
}

impl Check {
    fn good(name: &'static str, message: impl Into<String>) -> Self {
        Self { name, ok: true, message_fr: message.into(), fix: None }
    }

    fn bad(name: &'static str, message: impl Into<String>, fix: Option<String>) -> Self {
        Self { name, ok: false, message_fr: message.into(), fix }
    }

    /// The errors carry their own remedy in their sentence.
    fn of(name: &'static str, result: Result<String, ClusterError>) -> Self {
        match result {
            Ok(message) => Self::good(name, message),
            Err(error) => Self::bad(name, error.to_string(), None),
        }
    }
}

impl Cluster {
    /// Looks at packages, user, directory, version, socket, disk and memory; starts and makes nothing.
    #[must_use]
    pub fn doctor(data_dir: &Path, options: &Options) -> Vec<Check> {
        let data_dir = std::path::absolute(data_dir).unwrap_or_else(|_| data_dir.to_owned());
        let data_dir = fs::canonicalize(&data_dir).unwrap_or(data_dir);
        let mut checks = vec![packages(&options.packages), programs(), os_user(&data_dir, options)];
        match Home::find(&data_dir, options) {
            Ok(Some(home)) => {
                let status = Status::of(&home);
                checks.push(version(&home, status.as_ref().ok(), options));
                checks.push(running(status));
                checks.push(disk(&home));
            }
            Ok(None) => {
                checks.push(Check::good("data", "La base n'est pas encore créée : le premier démarrage la crée."));
            }
            Err(error) => checks.push(Check::bad("data", error.to_string(), None)),
        }
        checks.push(socket(&data_dir, options));
        checks.push(shared_memory());
        checks
    }
}

fn packages(packages: &Packages) -> Check {
    let found = packages.for_new_cluster();
    Check::of("packages", found.map(|found| format!("PostgreSQL {} et PostGIS sont installés.", found.major)))
}

fn programs() -> Check {
    let setpriv = Path::new("/usr/bin/setpriv");
    if setpriv.exists() {
        return Check::good("programs", "Les programmes du système nécessaires sont là.");
    }
    let message = format!("Le programme {} est introuvable.", setpriv.display());
    Check::bad("programs", message, Some("apt-get install util-linux".to_owned()))
}

fn os_user(data_dir: &Path, options: &Options) -> Check {
    let name = "os_user";
    let existing = Home::find(data_dir, options).ok().flatten().map(|home| home.account);
    let account = match existing.map_or_else(|| account_for_new(data_dir, options), Ok) {
        Ok(account) if account.is_root() => {
            let home = data_dir.join("cluster");
            return Check::of(name, Err(ClusterError::RootRefused { home }));
        }
        Ok(account) => account,
        Err(error) => return Check::of(name, Err(error)),
    };
    let there = data_dir.ancestors().find(|ancestor| ancestor.exists()).unwrap_or(data_dir);
    match account.stopped_at(there).filter(|closed| closed != data_dir || !is_of_root(data_dir)) {
        Some(directory) => {
            let fix = format!("chmod o+x {}", directory.display());
            let user = account.name;
            let error = ClusterError::NotTraversable { directory, user };
            Check::bad(name, error.to_string(), Some(fix))
        }
        None if is_root() => {
            Check::good(name, format!("PostgreSQL tourne sous « {} », jamais sous root.", account.name))
        }
        None => Check::good(name, format!("PostgreSQL tourne sous « {} ».", account.name)),
    }
}

fn version(home: &Home, status: Option<&Status>, options: &Options) -> Check {
    let Some(major) = status.and_then(|status| status.major) else {
        return Check::good("version", "La base n'a pas encore de version.");
    };
    let installed = options.packages.for_existing(major, &home.data(), &home.account.name);
    Check::of("version", installed.map(|_| format!("La base est au format de PostgreSQL {major}, qui est installé.")))
}

fn running(status: Result<Status, ClusterError>) -> Check {
    let name = "running";
    match status {
        Err(error) => Check::bad(name, error.to_string(), None),
        Ok(status) => match (status.postmaster_pid, status.answers) {
            (None, _) => Check::good(name, "La base est arrêtée : elle démarre avec la première commande."),
            (Some(pid), true) => Check::good(name, format!("La base répond (processus {pid}).")),
            (Some(pid), false) => {
                let log = status.home.join("log");
                let message = format!("La base tourne (processus {pid}) et ne répond pas.");
                Check::bad(name, message, Some(format!("lire le journal dans {}", log.display())))
            }
        },
    }
}

fn disk(home: &Home) -> Check {
    let free = home.free_bytes().unwrap_or(0);
    let message = format!("{} Mo libres sur le disque de {}.", free >> 20, home.path.display());
    if free >= FREE_MINIMUM {
        return Check::good("disk", message);
    }
    Check::bad("disk", message, Some("libérer de la place : 2 Go au moins".to_owned()))
}

fn socket(data_dir: &Path, options: &Options) -> Check {
    let own = data_dir.join("cluster/socket");
    if endpoint::fits(&own) {
        return Check::good("socket", format!("La socket est dans {}.", own.display()));
    }
    let roots: Vec<String> = options.socket_fallbacks.iter().map(|root| root.display().to_string()).collect();
    let message = format!(
        "Le chemin de {} est trop long pour une socket, ou contient une virgule : elle sera dans un répertoire privé sous {}.",
        own.display(),
        roots.join(" ou ")
    );
    Check { name: "socket", ok: !roots.is_empty(), message_fr: message, fix: None }
}

fn shared_memory() -> Check {
    let bytes = shared_memory_bytes().unwrap_or(0);
    let message = format!("/dev/shm offre {} Mo.", bytes >> 20);
    if bytes >= SHARED_MEMORY_MINIMUM {
        return Check::good("shared_memory", message);
    }
    let fix = "lancer le conteneur avec --shm-size=256m ; en attendant, la mémoire System V sert".to_owned();
    Check::bad("shared_memory", message, Some(fix))
}
