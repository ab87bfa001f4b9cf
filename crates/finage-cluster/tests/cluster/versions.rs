//! Which major runs which directory, with a tree of packages whose majors are all the machine's real one.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

use finage_cluster::{Cluster, ClusterError, Mode, Options, Packages};

use crate::support::{data_dir, directory, is_root, postgres_is_there, rows, write_row};

/// A tree that has these majors, links to the real binaries.
fn tree(root: &Path, majors: &[u32]) -> Packages {
    let real = Packages::default().for_new_cluster().unwrap();
    let packages = Packages { libraries: root.join("lib"), shared: root.join("share") };
    for major in majors {
        let library = packages.libraries.join(major.to_string());
        fs::create_dir_all(&library).unwrap();
        if !library.join("bin").exists() {
            symlink(&real.bin, library.join("bin")).unwrap();
        }
        let extension = packages.shared.join(format!("{major}/extension"));
        fs::create_dir_all(&extension).unwrap();
        fs::write(extension.join("postgis.control"), "").unwrap();
    }
    packages
}

fn real_major() -> u32 {
    Packages::default().for_new_cluster().unwrap().major
}

#[test]
fn a_directory_runs_with_its_own_major_though_a_newer_one_is_installed() {
    if !postgres_is_there() {
        return;
    }
    let directory = directory();
    let data_dir = data_dir(&directory);
    Cluster::open(&data_dir, Mode::Attach).unwrap().close().unwrap();
    let packages = tree(directory.path(), &[real_major(), real_major() + 2]);
    assert_eq!(packages.for_new_cluster().unwrap().major, real_major() + 2);
    let options = Options::new(Mode::Attach).packages(packages.clone());
    let cluster = Cluster::open_with(&data_dir, options).unwrap();
    let own = packages.libraries.join(real_major().to_string()).join("bin");
    assert_eq!(cluster.bin_dir(), Some(own));
}

#[test]
fn a_missing_major_is_refused_with_commands_that_work() {
    if !postgres_is_there() {
        return;
    }
    let directory = directory();
    let data_dir = data_dir(&directory);
    let cluster = Cluster::open(&data_dir, Mode::Attach).unwrap();
    write_row(&cluster);
    cluster.close().unwrap();
    let major = real_major();
    let packages = tree(directory.path(), &[major + 2]);
    let options = Options::new(Mode::Attach).packages(packages);

    let error = Cluster::open_with(&data_dir, options.clone()).unwrap_err();
    let message = error.to_string();
    assert!(matches!(error, ClusterError::MajorMissing { .. }), "{message}");
    let install = format!("« apt-get install postgresql-{major} postgresql-{major}-postgis-3 »");
    assert!(message.contains(&install), "{message}");
    let command = message.split("« ").find(|part| part.contains("pg_upgrade")).unwrap();
    let command = command.split(" »").next().unwrap();
    if !is_root() {
        return;
    }

    // The upgrade command itself, once the old major is installed; both being the same real major, it changes nothing else.
    tree(directory.path(), &[major]);
    let output = Command::new("sh").args(["-c", command]).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    assert!(data_dir.join(format!("cluster/data.{major}")).exists());
    let cluster = Cluster::open_with(&data_dir, options).unwrap();
    assert_eq!(rows(&cluster), "Luxiol");
}

#[test]
fn a_bare_machine_is_told_what_to_install() {
    if !postgres_is_there() {
        return;
    }
    let directory = directory();
    let options = Options::new(Mode::Server).packages(tree(directory.path(), &[]));
    let error = Cluster::open_with(&data_dir(&directory), options).unwrap_err();
    assert!(matches!(error, ClusterError::PostgresMissing { .. }), "{error}");
    assert!(error.to_string().contains("apt-get install postgresql postgresql-postgis"), "{error}");
}
