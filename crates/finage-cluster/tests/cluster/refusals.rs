//! Directories and machines where the cluster cannot run: one sentence that says what to do.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;

use finage_cluster::{Cluster, ClusterError, Mode, Options};

use crate::support::{data_dir, directory, postgres_is_there, root_and_postgres_are_there};

#[test]
fn a_closed_parent_is_named() {
    if !root_and_postgres_are_there() {
        return;
    }
    let directory = directory();
    let closed = directory.path().join("closed");
    fs::create_dir(&closed).unwrap();
    fs::set_permissions(&closed, Permissions::from_mode(0o700)).unwrap();
    let error = Cluster::open(&closed.join("deep/data"), Mode::Attach).unwrap_err();
    let closed = closed.canonicalize().unwrap();
    assert!(
        matches!(&error, ClusterError::NotTraversable { directory, user } if *directory == closed && user == "postgres"),
        "{error}"
    );
    assert!(error.to_string().contains(&format!("chmod o+x {}", closed.display())), "{error}");
}

#[test]
fn a_data_directory_of_root_is_opened_to_the_user_of_postgresql() {
    if !root_and_postgres_are_there() {
        return;
    }
    let directory = directory();
    let data_dir = data_dir(&directory);
    fs::create_dir_all(data_dir.join("fichiers")).unwrap();
    fs::set_permissions(&data_dir, Permissions::from_mode(0o700)).unwrap();
    Cluster::open(&data_dir, Mode::Attach).unwrap().close().unwrap();
    assert_eq!(fs::metadata(&data_dir).unwrap().permissions().mode() & 0o777, 0o701);
}

#[test]
fn root_is_never_the_user() {
    if !root_and_postgres_are_there() {
        return;
    }
    let directory = directory();
    let options = Options::new(Mode::Attach).os_user("root");
    let error = Cluster::open_with(&data_dir(&directory), options).unwrap_err();
    assert!(matches!(error, ClusterError::RootRefused { .. }), "{error}");
    let options = Options::new(Mode::Attach).os_user("personne-de-ce-nom");
    let error = Cluster::open_with(&data_dir(&directory), options).unwrap_err();
    assert!(matches!(error, ClusterError::UnknownUser { .. }), "{error}");
}

#[test]
fn another_configured_user_does_not_take_over_a_directory() {
    if !root_and_postgres_are_there() {
        return;
    }
    let directory = directory();
    let data_dir = data_dir(&directory);
    Cluster::open(&data_dir, Mode::Attach).unwrap().close().unwrap();
    let options = Options::new(Mode::Attach).os_user("nobody");
    let error = Cluster::open_with(&data_dir, options).unwrap_err();
    assert!(matches!(error, ClusterError::ForeignOwner { .. }), "{error}");
}

#[test]
fn a_directory_that_is_no_cluster_is_left_alone() {
    if !postgres_is_there() {
        return;
    }
    let directory = directory();
    let data_dir = data_dir(&directory);
    Cluster::open(&data_dir, Mode::Attach).unwrap().close().unwrap();
    fs::remove_file(data_dir.join("cluster/data/PG_VERSION")).unwrap();
    let error = Cluster::open(&data_dir, Mode::Attach).unwrap_err();
    assert!(matches!(error, ClusterError::Damaged { .. }), "{error}");
    assert!(data_dir.join("cluster/data/global").exists());
}

#[test]
fn a_failed_start_shows_the_end_of_the_log() {
    if !postgres_is_there() {
        return;
    }
    let directory = directory();
    let data_dir = data_dir(&directory);
    Cluster::open(&data_dir, Mode::Attach).unwrap().close().unwrap();
    let local = data_dir.join("cluster/local.conf");
    fs::write(&local, "reglage_inconnu = 1\n").unwrap();
    fs::set_permissions(&local, Permissions::from_mode(0o644)).unwrap();
    let error = Cluster::open(&data_dir, Mode::Attach).unwrap_err();
    assert!(matches!(error, ClusterError::StartFailed { .. }), "{error}");
    assert!(error.to_string().contains("reglage_inconnu"), "{error}");
    // Mended, it starts, with the town's own setting.
    fs::write(&local, "work_mem = '17MB'\n").unwrap();
    let cluster = Cluster::open(&data_dir, Mode::Attach).unwrap();
    assert_eq!(crate::support::sql(&cluster, "show work_mem"), "17MB");
}

#[test]
fn a_link_in_place_of_the_directory_is_not_followed() {
    if !postgres_is_there() {
        return;
    }
    let directory = directory();
    let elsewhere = directory.path().join("elsewhere");
    fs::create_dir(&elsewhere).unwrap();
    let data_dir = data_dir(&directory);
    fs::create_dir(&data_dir).unwrap();
    std::os::unix::fs::symlink(&elsewhere, data_dir.join("cluster")).unwrap();
    Cluster::open(&data_dir, Mode::Attach).unwrap_err();
    assert_eq!(fs::read_dir(&elsewhere).unwrap().count(), 0);
}
