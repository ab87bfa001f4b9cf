//! Which majors of PostgreSQL the system's packages offer, and which one a directory needs.

use std::fs;
use std::path::{Path, PathBuf};

use crate::error::ClusterError;

/// The lowest major that Finage accepts.
pub(crate) const MINIMUM_MAJOR: u32 = 14;

/// Where the packages put PostgreSQL: `<libraries>/<major>/bin`, `<shared>/<major>/extension`.
#[derive(Debug, Clone)]
pub struct Packages {
    /// `/usr/lib/postgresql` on Debian.
    pub libraries: PathBuf,
    /// `/usr/share/postgresql` on Debian.
    pub shared: PathBuf,
}

impl Default for Packages {
    fn default() -> Self {
        Self { libraries: PathBuf::from("/usr/lib/postgresql"), shared: PathBuf::from("/usr/share/postgresql") }
    }
}

/// One installed major.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Installed {
    /// 15, 17...
    pub major: u32,
    /// The directory of `postgres` and `initdb`.
    pub bin: PathBuf,
    /// Whether `postgresql-<major>-postgis-3` is there.
    pub postgis: bool,
}

impl Packages {
    /// The installed majors, lowest first. A directory that cannot be read holds none.
    #[must_use]
    pub fn installed(&self) -> Vec<Installed> {
        let mut found: Vec<Installed> = fs::read_dir(&self.libraries)
            .into_iter()
            .flatten()
            .flatten()
            .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
            .filter_map(|major| self.installed_major(major))
            .collect();
        found.sort_by_key(|installed| installed.major);
        found
    }

    fn installed_major(&self, major: u32) -> Option<Installed> {
        let bin = self.libraries.join(major.to_string()).join("bin");
        let complete = bin.join("postgres").is_file() && bin.join("initdb").is_file();
        let control = format!("{major}/extension/postgis.control");
        complete.then(|| Installed { major, bin, postgis: self.shared.join(control).is_file() })
    }

    /// A program of a major's client package (`pg_dump`, `pg_restore`…).
    ///
    /// # Errors
    /// `ClientMissing`, with the command that installs it.
    pub fn client(&self, major: u32, program: &'static str) -> Result<PathBuf, ClusterError> {
        let path = self.libraries.join(major.to_string()).join("bin").join(program);
        if path.is_file() {
            return Ok(path);
        }
        Err(ClusterError::ClientMissing { program, major, root: self.libraries.clone() })
    }

    /// The newest major that has PostGIS: what a new cluster is made with.
    ///
    /// # Errors
    /// `PostgresMissing` or `PostgisMissing`, with the command that installs what lacks.
    pub fn for_new_cluster(&self) -> Result<Installed, ClusterError> {
        let mut candidates = self.installed();
        candidates.retain(|installed| installed.major >= MINIMUM_MAJOR);
        let Some(newest) = candidates.last() else {
            return Err(ClusterError::PostgresMissing {
                root: self.libraries.clone(),
                minimum: MINIMUM_MAJOR,
                install: "apt-get install postgresql postgresql-postgis".to_owned(),
            });
        };
        let missing = ClusterError::PostgisMissing {
            majors: majors(&candidates),
            install: format!("apt-get install postgresql-{}-postgis-3", newest.major),
        };
        candidates.into_iter().rfind(|installed| installed.postgis).ok_or(missing)
    }

    /// The major that wrote an existing PGDATA, never another; `account` is the OS user that owns it.
    ///
    /// # Errors
    /// `MajorMissing`, with the command that installs it and, where a newer one is there, those that upgrade.
    pub(crate) fn for_existing(&self, major: u32, data: &Path, account: &str) -> Result<Installed, ClusterError> {
        let present = self.installed();
        let exact = present.iter().find(|installed| installed.major == major && installed.postgis);
        exact.cloned().ok_or_else(|| ClusterError::MajorMissing {
            data: data.to_owned(),
            major,
            present: majors(&present),
            remedy: self.remedy(major, &present, data, account),
        })
    }

    fn remedy(&self, major: u32, present: &[Installed], data: &Path, account: &str) -> String {
        let install = format!("installez-le avec « apt-get install postgresql-{major} postgresql-{major}-postgis-3 »");
        let newer = present.iter().rfind(|installed| installed.major > major && installed.postgis);
        match (newer, data.parent()) {
            (Some(newer), Some(home)) => {
                let old_bin = self.libraries.join(major.to_string()).join("bin");
                let command = upgrade_command(home, account, (major, &old_bin), newer);
                format!("{install}, ce qui suffit, ou passez ensuite à PostgreSQL {} avec « {command} »", newer.major)
            }
            _ => install,
        }
    }
}

/// One shell line, for root, that moves `<home>/data` from one major to another and keeps the old one beside.
fn upgrade_command(home: &Path, account: &str, old: (u32, &Path), new: &Installed) -> String {
    let (old_major, old_bin) = old;
    let (new_bin, new_major) = (new.bin.display(), new.major);
    // The maps of pg_ident.conf let the OS user be `finage`; both majors need them, relative to the working directory.
    let files = "-c hba_file=pg_hba.conf -c ident_file=pg_ident.conf";
    let script = format!(
        "{new_bin}/initdb -D data.{new_major} -U {user} --data-checksums --encoding=UTF8 --locale=C.UTF-8 --auth-local=peer --auth-host=reject \
         && {new_bin}/pg_upgrade -U {user} -b {old} -B {new_bin} -d data -D data.{new_major} -o \"{files}\" -O \"{files}\" \
         && mv data data.{old_major} && mv data.{new_major} data",
        user = crate::SUPERUSER,
        old = old_bin.display(),
    );
    let home = home.display().to_string().replace('\'', r"'\''");
    format!("cd '{home}' && runuser -u {account} -- sh -c '{script}'")
}

fn majors(installed: &[Installed]) -> String {
    if installed.is_empty() {
        return "aucun".to_owned();
    }
    let names: Vec<String> = installed
        .iter()
        .map(|one| format!("{}{}", one.major, if one.postgis { "" } else { " sans PostGIS" }))
        .collect();
    names.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A fake tree of packages: `(major, with PostGIS)`.
    fn tree(majors: &[(u32, bool)]) -> (tempfile::TempDir, Packages) {
        let root = tempfile::tempdir().unwrap();
        let packages = Packages { libraries: root.path().join("lib"), shared: root.path().join("share") };
        for (major, postgis) in majors {
            let bin = packages.libraries.join(format!("{major}/bin"));
            fs::create_dir_all(&bin).unwrap();
            fs::write(bin.join("postgres"), "").unwrap();
            fs::write(bin.join("initdb"), "").unwrap();
            let extension = packages.shared.join(format!("{major}/extension"));
            fs::create_dir_all(&extension).unwrap();
            if *postgis {
                fs::write(extension.join("postgis.control"), "").unwrap();
            }
        }
        (root, packages)
    }

    #[test]
    fn a_new_cluster_takes_the_newest_major_that_has_postgis() {
        let (_root, packages) = tree(&[(9, true), (15, true), (17, true), (18, false)]);
        assert_eq!(packages.for_new_cluster().unwrap().major, 17);
    }

    #[test]
    fn an_existing_cluster_keeps_its_major() {
        let (_root, packages) = tree(&[(15, true), (17, true)]);
        let installed = packages.for_existing(15, Path::new("/srv/cluster/data"), "postgres");
        assert_eq!(installed.unwrap().major, 15);
    }

    #[test]
    fn a_missing_major_gives_the_commands() {
        let (_root, packages) = tree(&[(17, true)]);
        let error = packages.for_existing(15, Path::new("/srv/cluster/data"), "postgres");
        let message = error.unwrap_err().to_string();
        assert!(message.contains("apt-get install postgresql-15 postgresql-15-postgis-3"), "{message}");
        assert!(message.contains("pg_upgrade -U finage -b "), "{message}");
        assert!(message.contains("runuser -u postgres"), "{message}");
    }

    #[test]
    fn a_newer_cluster_is_not_offered_an_older_major() {
        let (_root, packages) = tree(&[(15, true)]);
        let error = packages.for_existing(17, Path::new("/srv/cluster/data"), "postgres");
        let message = error.unwrap_err().to_string();
        assert!(message.contains("postgresql-17-postgis-3"), "{message}");
        assert!(!message.contains("pg_upgrade"), "{message}");
    }

    #[test]
    fn a_missing_client_gives_the_command() {
        let (_root, packages) = tree(&[(15, true)]);
        let message = packages.client(15, "pg_dump").unwrap_err().to_string();
        assert!(message.contains("apt-get install postgresql-client-15"), "{message}");
        fs::write(packages.libraries.join("15/bin/pg_dump"), "").unwrap();
        assert!(packages.client(15, "pg_dump").unwrap().ends_with("15/bin/pg_dump"));
    }

    #[test]
    fn missing_packages_are_named() {
        let (_root, packages) = tree(&[]);
        let message = packages.for_new_cluster().unwrap_err().to_string();
        assert!(message.contains("apt-get install postgresql postgresql-postgis"), "{message}");
        let (_root, packages) = tree(&[(15, false)]);
        let message = packages.for_new_cluster().unwrap_err().to_string();
        assert!(message.contains("apt-get install postgresql-15-postgis-3"), "{message}");
    }
}
