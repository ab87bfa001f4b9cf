//! What PostgreSQL is told: who may connect, and a small town's settings.
//!
//! The three files are written anew at each start, so that an upgrade of Finage reaches old clusters.
//! What must never change (where it listens, the socket's place, durability) goes on the command line, which nothing
//! in a file or in ALTER SYSTEM overrides.

use std::collections::BTreeSet;
use std::ffi::{OsStr, OsString};
use std::fmt::Write as _;
use std::os::unix::ffi::{OsStrExt, OsStringExt};

use crate::account::Account;
use crate::endpoint::Endpoint;
use crate::error::ClusterError;
use crate::home::Home;
use crate::options::Listen;

/// Below this, /dev/shm cannot hold the memory of parallel queries, in bytes (a container's default is 64 MB).
pub(crate) const SHARED_MEMORY_MINIMUM: u64 = 256 << 20;

const CONFIGURATION: &str = "\
# Written by Finage at each start: put your own settings in local.conf, beside this file.
max_connections = 60
shared_buffers = 128MB
effective_cache_size = 1GB
maintenance_work_mem = 128MB
work_mem = 16MB
max_wal_size = 2GB
min_wal_size = 80MB
random_page_cost = 1.1
jit = off
timezone = 'UTC'
log_timezone = 'UTC'
datestyle = 'iso, dmy'
lc_messages = 'C'
cluster_name = 'finage'
logging_collector = on
log_destination = 'stderr'
log_filename = 'postgresql-%a.log'
log_truncate_on_rotation = on
log_rotation_age = 1d
log_rotation_size = 0
log_line_prefix = '%m [%p] %q%u@%d '
log_lock_waits = on
log_temp_files = 64MB
";

/// Writes finage.conf, pg_hba.conf and pg_ident.conf.
pub(crate) fn write(home: &Home, listen: Option<&Listen>) -> Result<(), ClusterError> {
    let mut configuration = CONFIGURATION.to_owned();
    if shared_memory_bytes().is_none_or(|bytes| bytes < SHARED_MEMORY_MINIMUM) {
        configuration.push_str("dynamic_shared_memory_type = 'sysv'\n");
    }
    configuration.push_str("include_if_exists = 'local.conf'\n");
    home.write("finage.conf", configuration.as_bytes())?;
    home.write("pg_hba.conf", access(listen).as_bytes())?;
    home.write("pg_ident.conf", identities(home)?.as_bytes())
}

/// Who may come in: Finage's own users as the kernel says who they are; logins issued by Finage with their password, on the
/// loopback or over TLS.
fn access(listen: Option<&Listen>) -> String {
    let network = crate::NETWORK_ROLE;
    let mut text = format!(
        "# Written by Finage at each start.\nlocal all {} peer map=finage\nlocal all +{network} scram-sha-256\n",
        crate::DATABASE_USERS.join(",")
    );
    if let Some(listen) = listen {
        for (kind, from) in [("host", "127.0.0.1/32"), ("host", "::1/128"), ("hostssl", "all")] {
            // Finage's own users have no password: nobody is one of them over the network.
            if kind == "host" || listen.certificate.is_some() {
                let _ = writeln!(text, "{kind} {} +{network} {from} scram-sha-256", crate::DATABASE);
            }
        }
    }
    text
}

/// Which OS user may be which database user: the cluster's own, the caller, and root, who could become either anyway.
fn identities(home: &Home) -> Result<String, ClusterError> {
    let mut names = BTreeSet::from([home.account.name.clone(), Account::current()?.name]);
    if let Ok(root) = Account::by_uid(0) {
        names.insert(root.name);
    }
    let mut text = "# Written by Finage at each start.\n".to_owned();
    for name in names {
        for user in crate::DATABASE_USERS {
            text.push_str(&format_line(&name, user));
        }
    }
    Ok(text)
}

fn format_line(name: &str, user: &str) -> String {
    format!("finage \"{name}\" {user}\n")
}

/// The arguments of `postgres`.
pub(crate) fn arguments(home: &Home, endpoint: &Endpoint, listen: Option<&Listen>) -> Vec<OsString> {
    let mut arguments = vec![OsString::from("-D"), home.data().into_os_string()];
    let mut set = |name: &str, value: OsString| {
        let mut setting = OsString::from(format!("{name}="));
        setting.push(value);
        arguments.push(OsString::from("-c"));
        arguments.push(setting);
    };
    set("config_file", home.path.join("finage.conf").into_os_string());
    set("hba_file", home.path.join("pg_hba.conf").into_os_string());
    set("ident_file", home.path.join("pg_ident.conf").into_os_string());
    set("log_directory", home.path.join("log").into_os_string());
    set("unix_socket_directories", list_item(endpoint.directory.as_os_str()));
    set("unix_socket_permissions", OsString::from("0700"));
    set("listen_addresses", listen.map_or_else(OsString::new, |listen| listen.address.ip().to_string().into()));
    set("port", OsString::from(endpoint.port.to_string()));
    if let Some((certificate, key)) = listen.and_then(|listen| listen.certificate.as_ref()) {
        set("ssl", OsString::from("on"));
        set("ssl_cert_file", certificate.into());
        set("ssl_key_file", key.into());
    }
    for durable in ["fsync", "full_page_writes", "synchronous_commit"] {
        set(durable, OsString::from("on"));
    }
    arguments
}

/// One item of a list separated by commas, whatever it holds: between double quotes, its own doubled.
fn list_item(item: &OsStr) -> OsString {
    let mut quoted = vec![b'"'];
    for byte in item.as_bytes() {
        quoted.push(*byte);
        if *byte == b'"' {
            quoted.push(b'"');
        }
    }
    quoted.push(b'"');
    OsString::from_vec(quoted)
}

/// The size of /dev/shm, in bytes.
pub(crate) fn shared_memory_bytes() -> Option<u64> {
    let statistics = rustix::fs::statvfs("/dev/shm").ok()?;
    Some(statistics.f_blocks.saturating_mul(statistics.f_frsize))
}
