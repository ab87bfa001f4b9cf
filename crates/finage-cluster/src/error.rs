//! What can go wrong with the cluster: one French sentence each, with what to do.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// An error of the embedded cluster.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ClusterError {
    /// No usable PostgreSQL under the searched directory.
    #[error("aucun PostgreSQL {minimum} ou plus récent sous {} : installez-le avec « {install} ».", root.display())]
    PostgresMissing {
        /// Where it was looked for.
        root: PathBuf,
        /// The lowest major accepted.
        minimum: u32,
        /// The command that installs it.
        install: String,
    },
    /// PostgreSQL is there, PostGIS is not.
    #[error("PostgreSQL {majors} est installé sans PostGIS : installez-le avec « {install} ».")]
    PostgisMissing {
        /// The installed majors, for people.
        majors: String,
        /// The command that installs it.
        install: String,
    },
    /// A client program of a major is not installed.
    #[error("{program} de PostgreSQL {major} manque sous {} : installez-le avec « apt-get install postgresql-client-{major} ».", root.display())]
    ClientMissing {
        /// The program.
        program: &'static str,
        /// The major wanted.
        major: u32,
        /// Where it was looked for.
        root: PathBuf,
    },
    /// The data directory belongs to a major that is not installed.
    #[error("la base de {} est au format de PostgreSQL {major}, qui n'est pas installé avec PostGIS (présents : {present}) : {remedy}.", data.display())]
    MajorMissing {
        /// The PGDATA concerned.
        data: PathBuf,
        /// The major named by its PG_VERSION.
        major: u32,
        /// The installed majors, for people.
        present: String,
        /// The exact commands: install, and upgrade where a newer major is there.
        remedy: String,
    },
    /// PGDATA exists and is no complete cluster.
    #[error("{} n'est pas un répertoire de données PostgreSQL complet ({cause}) : restaurez une sauvegarde, ou écartez ce répertoire pour repartir d'une base vide.", data.display())]
    Damaged {
        /// The PGDATA concerned.
        data: PathBuf,
        /// What is missing or unreadable.
        cause: String,
    },
    /// An OS user that no directory service knows.
    #[error(
        "l'utilisateur système « {user} » est inconnu de cette machine : créez-le avec « adduser --system --group {user} », ou choisissez-en un autre."
    )]
    UnknownUser {
        /// Name or number.
        user: String,
    },
    /// PostgreSQL would have to run as root.
    #[error("la base de {} devrait tourner sous root, ce que Finage refuse : donnez le répertoire à un utilisateur ordinaire (« chown -R postgres {} ») ou configurez un autre utilisateur.", home.display(), home.display())]
    RootRefused {
        /// The cluster's directory.
        home: PathBuf,
    },
    /// The directory was initialised by another OS user.
    #[error("la base de {} appartient à l'utilisateur système « {owner} » et non à « {user} » : lancez la commande sous « {owner} » ou sous root.", home.display())]
    ForeignOwner {
        /// The cluster's directory.
        home: PathBuf,
        /// Who owns it.
        owner: String,
        /// Who asked.
        user: String,
    },
    /// A parent directory stops the unprivileged user.
    #[error("l'utilisateur système « {user} », sous lequel tourne PostgreSQL, ne peut pas traverser {} : autorisez-le avec « chmod o+x {} » ou choisissez un autre répertoire de données.", directory.display(), directory.display())]
    NotTraversable {
        /// The first directory that stops it.
        directory: PathBuf,
        /// The unprivileged user.
        user: String,
    },
    /// Another server owns the directory.
    #[error("un serveur Finage (processus {pid}) utilise déjà {} : arrêtez-le avant d'en lancer un second sur ce répertoire.", home.display())]
    ServerRunning {
        /// The cluster's directory.
        home: PathBuf,
        /// The other server, or « inconnu ».
        pid: String,
    },
    /// A command's short-lived cluster did not end in time.
    #[error("une commande Finage (processus {pid}) tient encore la base de {} après {} s d'attente : attendez sa fin, puis relancez le serveur.", home.display(), waited.as_secs())]
    HeldByCommand {
        /// The cluster's directory.
        home: PathBuf,
        /// The command that owns the short-lived cluster, or « inconnu ».
        pid: String,
        /// How long it was waited for.
        waited: Duration,
    },
    /// The owner of the cluster is alive and the cluster does not answer.
    #[error("la base de {}, tenue par le processus {pid}, ne répond pas après {} s : voyez son journal dans {}.", home.display(), waited.as_secs(), home.join("log").display())]
    NotAnswering {
        /// The cluster's directory.
        home: PathBuf,
        /// The owner, or « inconnu ».
        pid: String,
        /// How long it was waited for.
        waited: Duration,
    },
    /// No directory gives a socket path that the system accepts.
    #[error("le chemin de la socket sous {} dépasse 107 octets ou contient une virgule, et aucun répertoire de repli ne convient ({tried}) : choisissez un répertoire de données au chemin plus court et sans virgule.", home.display())]
    SocketPathTooLong {
        /// The cluster's directory.
        home: PathBuf,
        /// The fallbacks tried, for people.
        tried: String,
    },
    /// initdb failed; nothing of it remains.
    #[error("la création de la base dans {} a échoué : {tail}", home.display())]
    Initdb {
        /// The cluster's directory.
        home: PathBuf,
        /// The end of what initdb said.
        tail: String,
    },
    /// `postgres` ended before it answered.
    #[error("PostgreSQL s'est arrêté au démarrage dans {} : {tail}", home.display())]
    StartFailed {
        /// The cluster's directory.
        home: PathBuf,
        /// The end of its log.
        tail: String,
    },
    /// `postgres` did not answer in time, and was stopped.
    #[error("PostgreSQL n'a pas répondu en {} s dans {} : {tail}", waited.as_secs(), home.display())]
    StartTimeout {
        /// The cluster's directory.
        home: PathBuf,
        /// How long it was waited for.
        waited: Duration,
        /// The end of its log.
        tail: String,
    },
    /// `postgres` outlived a fast, then an immediate shutdown.
    #[error("PostgreSQL (processus {pid}) de {} ne s'arrête pas : voyez son journal dans {}.", home.display(), home.join("log").display())]
    StopTimeout {
        /// The cluster's directory.
        home: PathBuf,
        /// The postmaster.
        pid: i32,
    },
    /// The database answered with an error to one of this crate's own few queries.
    #[error("la base de {} a refusé une demande de Finage ({message}, code {code}) : voyez son journal dans {}.", home.display(), home.join("log").display())]
    Refused {
        /// The cluster's directory.
        home: PathBuf,
        /// SQLSTATE.
        code: String,
        /// The server's message.
        message: String,
    },
    /// A program of the base system is missing.
    #[error("le programme {} est introuvable : installez le paquet {package} (« apt-get install {package} »).", program.display())]
    ProgramMissing {
        /// Its absolute path.
        program: PathBuf,
        /// The Debian package that has it.
        package: &'static str,
    },
    /// A system call failed on a file.
    #[error("impossible de {action} {} : {source}.", path.display())]
    Io {
        /// A French infinitive: « lire », « créer »...
        action: &'static str,
        /// On what.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

impl ClusterError {
    /// For `map_err`: `Self::io("lire", path)`.
    pub(crate) fn io<E: Into<io::Error>>(action: &'static str, path: &Path) -> impl FnOnce(E) -> Self {
        let path = path.to_owned();
        move |source| Self::Io { action, path, source: source.into() }
    }
}
