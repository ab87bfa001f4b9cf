//! Status and doctor: true before, during and after, and without effect.

use finage_cluster::{Check, Cluster, Mode, Options, OwnerKind, Packages};

use crate::support::{data_dir, directory, postgres_is_there};

fn check<'a>(checks: &'a [Check], name: &str) -> &'a Check {
    checks.iter().find(|check| check.name == name).unwrap()
}

#[test]
fn a_cluster_is_described_before_during_and_after() {
    if !postgres_is_there() {
        return;
    }
    let directory = directory();
    let data_dir = data_dir(&directory);
    let options = Options::new(Mode::Attach);

    let status = Cluster::status(&data_dir).unwrap();
    assert_eq!((status.major, status.postmaster_pid, status.answers), (None, None, false));
    let checks = Cluster::doctor(&data_dir, &options);
    assert!(checks.iter().all(|check| check.ok), "{checks:?}");
    assert!(!data_dir.exists(), "looking made something");

    let cluster = Cluster::open(&data_dir, Mode::Server).unwrap();
    let status = Cluster::status(&data_dir).unwrap();
    assert_eq!(status.postmaster_pid, cluster.postmaster_pid());
    assert_eq!(status.socket_dir.as_deref(), Some(cluster.socket_dir()));
    assert_eq!(status.os_user.as_deref(), Some(cluster.os_user()));
    assert_eq!(status.owner.map(|owner| owner.kind), Some(OwnerKind::Server));
    assert!(status.answers && status.size_bytes > 10 << 20, "{status:?}");
    let checks = Cluster::doctor(&data_dir, &options);
    assert!(check(&checks, "running").message_fr.contains("répond"), "{checks:?}");
    assert!(check(&checks, "version").ok, "{checks:?}");
    cluster.close().unwrap();

    let status = Cluster::status(&data_dir).unwrap();
    assert_eq!((status.postmaster_pid, status.answers), (None, false));
    assert!(status.major.is_some());
}

#[test]
fn missing_packages_are_a_failed_check() {
    let directory = directory();
    let nowhere = directory.path().join("nowhere");
    let packages = Packages { libraries: nowhere.clone(), shared: nowhere };
    let options = Options::new(Mode::Attach).packages(packages);
    let checks = Cluster::doctor(&data_dir(&directory), &options);
    let packages = check(&checks, "packages");
    assert!(!packages.ok && packages.message_fr.contains("apt-get install"), "{packages:?}");
}
