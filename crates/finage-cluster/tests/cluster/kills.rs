//! What remains after a kill -9, wherever it strikes.

use std::fs;
use std::process::Stdio;
use std::time::Duration;

use finage_cluster::{Cluster, Mode};

use crate::child::Holder;
use crate::support::{
    alive, data_dir, directory, eventually, home_names, kill, postgres_is_there, psql, rows, sql, write_row,
};

#[test]
fn a_killed_parent_takes_postgres_down_in_order() {
    if !postgres_is_there() {
        return;
    }
    let directory = directory();
    let data_dir = data_dir(&directory);
    let mut holder = Holder::spawn(&data_dir, Mode::Server);
    let postmaster = holder.postmaster();
    let attached = Cluster::open(&data_dir, Mode::Attach).unwrap();
    write_row(&attached);
    let status = Cluster::status(&data_dir).unwrap();
    assert_eq!(status.owner.map(|owner| owner.pid), Some(holder.pid()));

    holder.kill();
    eventually("postgres ends", || !alive(postmaster));
    drop(attached);
    let logs = fs::read_dir(data_dir.join("cluster/log")).unwrap();
    let log: String = logs.map(|entry| fs::read_to_string(entry.unwrap().path()).unwrap()).collect();
    assert!(log.contains("received fast shutdown request"), "{log}");
    assert!(log.contains("database system is shut down"), "{log}");

    let cluster = Cluster::open(&data_dir, Mode::Server).unwrap();
    assert_eq!(rows(&cluster), "Luxiol");
}

#[test]
fn the_next_server_does_not_wait_to_be_told_that_the_parent_died() {
    if !postgres_is_there() {
        return;
    }
    let directory = directory();
    let data_dir = data_dir(&directory);
    for _ in 0..3 {
        let mut holder = Holder::spawn(&data_dir, Mode::Server);
        let postmaster = holder.postmaster();
        holder.kill();
        let cluster = Cluster::open(&data_dir, Mode::Server).unwrap();
        assert!(!alive(postmaster));
        write_row(&cluster);
    }
    let cluster = Cluster::open(&data_dir, Mode::Attach).unwrap();
    assert_eq!(rows(&cluster), "Luxiol,Luxiol,Luxiol");
}

#[test]
fn a_killed_postgres_is_noticed_and_started_again() {
    if !postgres_is_there() {
        return;
    }
    let directory = directory();
    let mut cluster = Cluster::open(&data_dir(&directory), Mode::Server).unwrap();
    write_row(&cluster);
    assert!(!cluster.wait_exit(Duration::ZERO));
    // A session at work outlives its postmaster for a moment: the restart has to wait for it.
    let mut session = psql(&cluster, "finage", "select pg_sleep(60)");
    let mut session = session.stderr(Stdio::null()).spawn().unwrap();
    eventually("the session runs", || {
        sql(&cluster, "select count(*) from pg_stat_activity where query like 'select pg_sleep%'") == "1"
    });

    kill(cluster.postmaster_pid().unwrap());
    assert!(cluster.wait_exit(Duration::from_secs(30)));
    assert!(cluster.exit_status().unwrap().contains("SIGKILL"));
    cluster.restart().unwrap();
    assert_eq!(rows(&cluster), "Luxiol");
    assert!(!session.wait().unwrap().success());
}

#[test]
fn parent_and_postgres_killed_together_leave_a_base_that_recovers() {
    if !postgres_is_there() {
        return;
    }
    let directory = directory();
    let data_dir = data_dir(&directory);
    let mut holder = Holder::spawn(&data_dir, Mode::Server);
    let postmaster = holder.postmaster();
    let attached = Cluster::open(&data_dir, Mode::Attach).unwrap();
    write_row(&attached);
    drop(attached);
    kill(postmaster);
    holder.kill();
    assert!(data_dir.join("cluster/data/postmaster.pid").exists());

    let cluster = Cluster::open(&data_dir, Mode::Attach).unwrap();
    assert_eq!(rows(&cluster), "Luxiol");
}

#[test]
fn an_interrupted_initdb_leaves_nothing_half_made() {
    if !postgres_is_there() {
        return;
    }
    let directory = directory();
    let data_dir = data_dir(&directory);
    let drafts = || home_names(&data_dir).into_iter().filter(|name| name.starts_with("data.new")).count();
    let mut holder = Holder::spawn(&data_dir, Mode::Attach);
    eventually("initdb works", || drafts() == 1);
    holder.kill();
    assert!(!data_dir.join("cluster/data").exists());
    assert_eq!(drafts(), 1, "the kill came too late to test anything");

    let cluster = Cluster::open(&data_dir, Mode::Attach).unwrap();
    assert_eq!(drafts(), 0);
    write_row(&cluster);
}
