//! Server and commands on one directory, in every order.

use std::thread;
use std::time::Duration;

use finage_cluster::{Cluster, ClusterError, Mode, Options, OwnerKind};

use crate::child::{Holder, Opened};
use crate::support::{alive, data_dir, directory, eventually, postgres_is_there, rows, sql, write_row};

#[test]
fn a_second_server_is_refused_and_told_the_first_ones_pid() {
    if !postgres_is_there() {
        return;
    }
    let directory = directory();
    let data_dir = data_dir(&directory);
    let mut first = Holder::spawn(&data_dir, Mode::Server);
    first.postmaster();
    let error = Cluster::open(&data_dir, Mode::Server).unwrap_err();
    assert!(matches!(error, ClusterError::ServerRunning { .. }), "{error}");
    assert!(error.to_string().contains(&format!("processus {}", first.pid())), "{error}");
    first.finish();
    Cluster::open(&data_dir, Mode::Server).unwrap();
}

#[test]
fn commands_attach_to_a_running_server_and_leave_it_alone() {
    if !postgres_is_there() {
        return;
    }
    let directory = directory();
    let data_dir = data_dir(&directory);
    let server = Cluster::open(&data_dir, Mode::Server).unwrap();
    let postmaster = server.postmaster_pid().unwrap();
    let mut command = Holder::spawn(&data_dir, Mode::Attach);
    assert!(matches!(command.opened(), Opened::Yes { owner: false, postmaster: None }));
    let attached = Cluster::open(&data_dir, Mode::Attach).unwrap();
    write_row(&attached);
    attached.close().unwrap();
    command.finish();
    assert!(alive(postmaster));
    assert_eq!(rows(&server), "Luxiol");
    let status = Cluster::status(&data_dir).unwrap();
    assert_eq!(status.owner.map(|owner| owner.kind), Some(OwnerKind::Server));
}

#[test]
fn commands_at_once_share_one_short_lived_cluster_that_outlives_none_of_them() {
    if !postgres_is_there() {
        return;
    }
    let directory = directory();
    let data_dir = data_dir(&directory);
    // Given commands that start together on a directory that does not exist
    let mut holders: Vec<Holder> = (0..3).map(|_| Holder::spawn(&data_dir, Mode::Attach)).collect();
    let opened: Vec<Opened> = holders.iter_mut().map(Holder::opened).collect();
    let is_owner = |opened: &Opened| matches!(opened, Opened::Yes { owner: true, .. });
    assert_eq!(opened.iter().filter(|opened| is_owner(opened)).count(), 1, "{opened:?}");
    assert!(opened.iter().all(|opened| matches!(opened, Opened::Yes { .. })), "{opened:?}");
    let mut owner = holders.remove(opened.iter().position(is_owner).unwrap());
    let status = Cluster::status(&data_dir).unwrap();
    let postmaster = status.postmaster_pid.unwrap();

    // When the owner is done first, it waits for the others
    let attached = Cluster::open(&data_dir, Mode::Attach).unwrap();
    owner.release();
    for holder in holders {
        holder.finish();
    }
    thread::sleep(Duration::from_millis(500));
    write_row(&attached);
    assert!(alive(postmaster) && alive(owner.pid()));

    // Then it stops the cluster
    attached.close().unwrap();
    owner.finish();
    assert!(!alive(postmaster));
}

#[test]
fn a_handle_knows_whether_others_use_its_cluster() {
    if !postgres_is_there() {
        return;
    }
    let directory = directory();
    let data_dir = data_dir(&directory);
    let owner = Cluster::open(&data_dir, Mode::Attach).unwrap();
    assert!(!owner.is_used_by_others());
    let attached = Cluster::open(&data_dir, Mode::Attach).unwrap();
    assert!(owner.is_used_by_others());
    drop(attached);
    assert!(!owner.is_used_by_others());
}

#[test]
fn a_server_waits_for_a_short_lived_cluster_and_goes_before_later_commands() {
    if !postgres_is_there() {
        return;
    }
    let directory = directory();
    let data_dir = data_dir(&directory);
    let mut command = Holder::spawn(&data_dir, Mode::Attach);
    let first_postmaster = command.postmaster();

    // Given a server that gives up after a moment
    let impatient = Options::new(Mode::Server).wait_timeout(Duration::from_millis(300));
    let error = Cluster::open_with(&data_dir, impatient).unwrap_err();
    assert!(matches!(error, ClusterError::HeldByCommand { .. }), "{error}");
    assert!(error.to_string().contains(&format!("processus {}", command.pid())), "{error}");

    // and one that waits, with a command that comes after it
    let mut server = Holder::spawn(&data_dir, Mode::Server);
    let signed = format!("{} server", server.pid());
    let server_lock = data_dir.join("cluster/server.lock");
    eventually("the server waits", || std::fs::read_to_string(&server_lock).is_ok_and(|text| text.trim() == signed));
    let later = thread::spawn({
        let data_dir = data_dir.clone();
        move || Cluster::open(&data_dir, Mode::Attach).unwrap()
    });
    thread::sleep(Duration::from_millis(300));
    assert!(!later.is_finished(), "a command passed before the waiting server");

    // When the short-lived cluster ends
    command.finish();

    // Then the server runs its own, and the command is attached to it
    let postmaster = server.postmaster();
    assert_ne!(postmaster, first_postmaster);
    let later = later.join().unwrap();
    assert!(!later.is_owner());
    assert_eq!(sql(&later, "select 1"), "1");
    drop(later);
    server.finish();
}

#[test]
fn a_server_does_not_wait_for_attached_commands() {
    if !postgres_is_there() {
        return;
    }
    let directory = directory();
    let data_dir = data_dir(&directory);
    let server = Cluster::open(&data_dir, Mode::Server).unwrap();
    let postmaster = server.postmaster_pid().unwrap();
    let attached = Cluster::open(&data_dir, Mode::Attach).unwrap();
    server.close().unwrap();
    assert!(!alive(postmaster));
    drop(attached);
}
