//! First start, restart, what the cluster is made of.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::process::Command;

use finage_cluster::{Cluster, DATABASE_USERS, Mode};

use crate::child::{Holder, Opened};
use crate::support::{
    alive, data_dir, directory, home_names, is_root, kill, postgres_is_there, psql, root_and_postgres_are_there, rows,
    sql, write_row,
};

#[test]
fn a_first_start_makes_a_private_cluster_and_a_second_keeps_its_data() {
    if !postgres_is_there() {
        return;
    }
    let directory = directory();
    let data_dir = data_dir(&directory);

    let cluster = Cluster::open(&data_dir, Mode::Attach).unwrap();
    write_row(&cluster);
    for (setting, value) in [
        ("data_checksums", "on"),
        ("server_encoding", "UTF8"),
        ("lc_collate", "C.UTF-8"),
        ("listen_addresses", ""),
        ("fsync", "on"),
        ("full_page_writes", "on"),
        ("synchronous_commit", "on"),
        ("jit", "off"),
        ("timezone", "UTC"),
        ("max_connections", "60"),
        ("logging_collector", "on"),
        ("unix_socket_permissions", "0700"),
    ] {
        assert_eq!(sql(&cluster, &format!("show {setting}")), value, "{setting}");
    }
    sql(&cluster, "create extension postgis");
    assert!(sql(&cluster, "select postgis_version()").starts_with('3'));
    let home = fs::metadata(data_dir.join("cluster")).unwrap();
    assert_eq!(home.permissions().mode() & 0o777, 0o700);
    let pid = cluster.postmaster_pid().unwrap();
    let uid = fs::metadata(format!("/proc/{pid}")).unwrap().uid();
    assert_ne!(uid, 0, "PostgreSQL runs as root");
    assert_eq!(home.uid(), uid);
    cluster.close().unwrap();
    assert!(!alive(pid));

    let cluster = Cluster::open(&data_dir, Mode::Server).unwrap();
    assert_eq!(rows(&cluster), "Luxiol");
    assert!(home_names(&data_dir).iter().all(|name| !name.starts_with("data.new")));
}

#[test]
fn the_five_database_users_and_no_other_are_open_to_the_caller() {
    if !postgres_is_there() {
        return;
    }
    let directory = directory();
    let cluster = Cluster::open(&data_dir(&directory), Mode::Attach).unwrap();
    for user in DATABASE_USERS.into_iter().chain(["intrus"]) {
        if user != cluster.database_user() {
            sql(&cluster, &format!("create role {user} login"));
        }
        let allowed = psql(&cluster, user, "select 1").output().unwrap().status.success();
        assert_eq!(allowed, user != "intrus", "{user}");
    }
}

#[test]
fn an_unprivileged_user_runs_its_own_cluster() {
    if !root_and_postgres_are_there() {
        return;
    }
    let directory = directory();
    let program = directory.path().join("program");
    fs::copy(std::env::current_exe().unwrap(), &program).unwrap();
    let own = directory.path().join("own");
    fs::create_dir(&own).unwrap();
    assert!(Command::new("chown").arg("nobody").arg(&own).status().unwrap().success());
    let as_nobody = || {
        let mut command = Command::new("setpriv");
        command.args(["--reuid=nobody", "--regid=nogroup", "--clear-groups"]).arg(&program);
        command.env("HOME", "/nonexistent");
        command
    };

    let mut holder = Holder::spawn_by(as_nobody(), &own, Mode::Server);
    let postmaster = holder.postmaster();
    let nobody = fs::metadata(&own).unwrap().uid();
    assert_eq!(fs::metadata(format!("/proc/{postmaster}")).unwrap().uid(), nobody);
    // Root attaches to what another user runs.
    let attached = Cluster::open(&own, Mode::Attach).unwrap();
    assert!(!attached.is_owner());
    write_row(&attached);
    drop(attached);
    holder.finish();
    // Root starts it under its owner, not under `postgres`; the owner then attaches.
    let cluster = Cluster::open(&own, Mode::Attach).unwrap();
    assert_eq!(cluster.os_user(), "nobody");
    assert_eq!(rows(&cluster), "Luxiol");
    let mut holder = Holder::spawn_by(as_nobody(), &own, Mode::Attach);
    assert!(matches!(holder.opened(), Opened::Yes { owner: false, .. }));
    holder.finish();

    // A stranger is told whose it is.
    let foreign = directory.path().join("foreign");
    Cluster::open(&foreign, Mode::Attach).unwrap().close().unwrap();
    let mut holder = Holder::spawn_by(as_nobody(), &foreign, Mode::Attach);
    let Opened::No(message) = holder.opened() else { panic!("opened another user's cluster") };
    assert!(message.contains("« postgres »") && message.contains("« nobody »"), "{message}");
}

#[test]
fn a_path_too_long_for_a_socket_moves_the_socket_alone() {
    if !postgres_is_there() {
        return;
    }
    let directory = directory();
    let data_dir = directory.path().join("x".repeat(60)).join("y".repeat(60));
    let cluster = Cluster::open(&data_dir, Mode::Server).unwrap();
    let socket_dir = cluster.socket_dir().to_owned();
    assert!(socket_dir.starts_with("/tmp"), "{}", socket_dir.display());
    assert_eq!(fs::metadata(&socket_dir).unwrap().permissions().mode() & 0o777, 0o700);
    write_row(&cluster);
    let attached = Cluster::open(&data_dir, Mode::Attach).unwrap();
    assert_eq!(attached.socket_dir(), socket_dir);
    assert_eq!(rows(&attached), "Luxiol");
    drop(attached);
    cluster.close().unwrap();
    assert!(!socket_dir.exists());
    assert!(is_root() || data_dir.exists());
}

#[test]
fn a_directory_may_have_any_name() {
    if !postgres_is_there() {
        return;
    }
    let directory = directory();
    let data_dir = directory.path().join("l'été, \"bis\" = %d\\n");
    let cluster = Cluster::open(&data_dir, Mode::Server).unwrap();
    write_row(&cluster);
    let attached = Cluster::open(&data_dir, Mode::Attach).unwrap();
    assert!(!attached.is_owner());
    assert_eq!(rows(&attached), "Luxiol");
}

#[test]
fn a_fallback_socket_left_by_a_kill_is_removed_by_the_next_start() {
    if !postgres_is_there() {
        return;
    }
    let directory = directory();
    let data_dir = directory.path().join("x".repeat(100));
    let mut holder = Holder::spawn(&data_dir, Mode::Server);
    let postmaster = holder.postmaster();
    let left = Cluster::status(&data_dir).unwrap().socket_dir.unwrap();
    assert!(!left.starts_with(&data_dir));
    kill(postmaster);
    holder.kill();
    assert!(left.exists());
    let cluster = Cluster::open(&data_dir, Mode::Attach).unwrap();
    assert_ne!(cluster.socket_dir(), left);
    assert!(!left.exists());
}
