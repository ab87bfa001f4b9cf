//! A module brought into the database: its tables, then everything that the engine gives them, in one transaction.

mod cercle;
mod couches;
mod dehors;
mod delais;
mod personnel;
mod restes;
mod roles;
mod tables;

use std::time::Instant;

use finage_manifest::{Fault, Migration, Module, check, check_sql};
use sqlx::postgres::{PgDatabaseError, PgErrorPosition};
use sqlx::{Connection as _, Executor as _, PgConnection};
use thiserror::Error;

pub use cercle::sans_cercle;
use dehors::Dehors;
pub use delais::Delais;
pub use roles::code as code_de_role;

use super::catalogue;
use super::documents;
use super::registry::{Installe, installes, known};
use super::sources::{Origine, Trouve, trouves};

/// Installations take turns (arbitrary, constant).
const LOCK: i64 = 0x0066_696e_6d6f_6475;
/// What servers listen to.
pub const ANNONCE: &str = "finage_module";

/// Why a module was not installed; the database is then as before.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum InstallationError {
    /// No such module.
    #[error("aucun module ne se nomme « {0} » ; « finage module list » donne ceux qui peuvent être installés")]
    Inconnu(String),
    /// Not installed.
    #[error("le module « {0} » n'est pas installé")]
    Absent(String),
    /// Its files are wrong.
    #[error("le module « {module} » est refusé :\n{}", dites(.causes))]
    Fautes {
        /// Its identifier.
        module: String,
        /// Everything wrong.
        causes: Vec<Fault>,
    },
    /// A migration that already ran is not what it was.
    #[error(
        "la migration {fichier} du module « {module} » a changé depuis qu'elle est passée ; une migration passée ne change plus, écrivez la suivante"
    )]
    MigrationChangee {
        /// Its identifier.
        module: String,
        /// Its file.
        fichier: String,
    },
    /// The module is older than what is installed.
    #[error(
        "la base a le module « {module} » à sa migration {installee}, ce dossier n'en a que {dossier} : il est plus ancien"
    )]
    PlusAncien {
        /// Its identifier.
        module: String,
        /// Last migration that ran.
        installee: i32,
        /// Last migration of the folder.
        dossier: i32,
    },
    /// Its SQL failed.
    #[error("{fichier}{} : {}", ligne.map(|ligne| format!(", ligne {ligne}")).unwrap_or_default(), crate::db::dit(.cause))]
    Sql {
        /// Its file.
        fichier: String,
        /// Line, where the database says it.
        ligne: Option<usize>,
        /// What the database says.
        cause: sqlx::Error,
    },
    /// Others hold what it needs.
    #[error(
        "le module « {module} » attend depuis {secondes} s ce que d'autres utilisent : rien n'a changé ; attendez la fin des travaux, des sauvegardes et des imports en cours, puis recommencez"
    )]
    Occupee {
        /// Its identifier.
        module: String,
        /// How long it waited, seconds.
        secondes: u64,
    },
    /// Its migrations take too long to be tried.
    #[error(
        "les migrations du module « {module} » dépassent les {secondes} s que prend un contrôle : rien n'a changé ; contrôlez-le sur une copie de la base, ou allégez-les"
    )]
    TropLongue {
        /// Its identifier.
        module: String,
        /// The bound, seconds.
        secondes: u64,
    },
    /// Another module names it.
    #[error("le module « {0} » sert à d'autres modules : {1} ; désactivez-les d'abord")]
    Utile(String, String),
    /// It names another module that is not loaded.
    #[error("le module « {0} » dépend du module « {1} », qui n'est pas chargé ; activez-le d'abord")]
    Attend(String, String),
    /// The database refused.
    #[error("la base a refusé l'installation : {}", crate::db::dit(.0))]
    Base(#[from] sqlx::Error),
}

fn dites(causes: &[Fault]) -> String {
    causes.iter().map(|cause| format!("  {cause}")).collect::<Vec<_>>().join("\n")
}

/// Installs a module, or upgrades it when it is there; what is already as its folder says is left alone.
///
/// `connection` is the owner's.
///
/// # Errors
/// Everything wrong in the module, or a statement that the database refused; nothing is changed then.
pub async fn installe(
    connection: &mut PgConnection,
    module: &Module,
    origine: Origine,
) -> Result<(), InstallationError> {
    let delais = Delais::INSTALLATION;
    installe_en(connection, module, origine, delais).await.map_err(|error| delais.dit(module.id(), error))
}

async fn installe_en(
    connection: &mut PgConnection,
    module: &Module,
    origine: Origine,
    delais: Delais,
) -> Result<(), InstallationError> {
    sans_faute_de_sql(module)?;
    let mut tx = connection.begin().await?;
    delais.pose(&mut tx, Instant::now()).await?;
    sqlx::query("select pg_advisory_xact_lock($1)").bind(LOCK).execute(&mut *tx).await?;
    let connus = installes(&mut tx).await?;
    migre(&mut tx, module, origine, delais).await?;
    controle(&mut tx, module, &connus).await?;
    meme_mission(&mut tx, module).await?;
    tables::prend_en_charge(&mut tx, module).await?;
    roles::accorde(&mut tx, module).await?;
    couches::declare(&mut tx, module).await?;
    personnel::declare(&mut tx, module).await?;
    range_codes(&mut tx, module).await?;
    restes::retire(&mut tx, module).await?;
    annonce(&mut tx, module.id()).await?;
    Ok(tx.commit().await?)
}

/// Whether a module agrees with the database it would be installed in: its migrations run, and nothing is kept.
///
/// # Errors
/// Everything wrong; others hold what it needs, or it takes longer than a check may ([`Delais::CONTROLE`]).
pub async fn verifie(connection: &mut PgConnection, module: &Module) -> Result<(), InstallationError> {
    verifie_en(connection, module, Delais::CONTROLE).await
}

/// The same, within these bounds.
///
/// # Errors
/// As [`verifie`].
pub async fn verifie_en(
    connection: &mut PgConnection,
    module: &Module,
    delais: Delais,
) -> Result<(), InstallationError> {
    sans_faute_de_sql(module)?;
    let mut tx = connection.begin().await?;
    let fait = async {
        delais.pose(&mut tx, Instant::now()).await?;
        // Nobody else's installation changes the catalogue meanwhile.
        sqlx::query("select pg_advisory_xact_lock($1)").bind(LOCK).execute(&mut *tx).await?;
        let connus = installes(&mut tx).await?;
        migre(&mut tx, module, Origine::Dossier, delais).await?;
        controle(&mut tx, module, &connus).await
    };
    let fait = fait.await.map_err(|error| delais.dit(module.id(), error));
    tx.rollback().await?;
    fait
}

/// # Errors
/// Its SQL does what is the engine's alone; none of it ran.
fn sans_faute_de_sql(module: &Module) -> Result<(), InstallationError> {
    let causes = check_sql(module);
    if causes.is_empty() { Ok(()) } else { Err(InstallationError::Fautes { module: module.id().to_owned(), causes }) }
}

/// Brings every installed module to where its folder is. One that fails, or that depends on itself through others, is left as
/// it was, and said.
///
/// # Errors
/// The database refused.
pub async fn met_a_niveau(
    connection: &mut PgConnection,
    dossier: Option<&std::path::Path>,
) -> Result<Vec<(String, InstallationError)>, sqlx::Error> {
    let connus = installes(connection).await?;
    let mut echecs = Vec::new();
    if connus.is_empty() {
        return Ok(echecs);
    }
    let dossiers = trouves(dossier);
    for installe_ in connus.into_iter().filter(|module| module.actif) {
        let Some(Trouve { lu, origine, .. }) = dossiers.get(&installe_.id) else { continue };
        let fait = match lu {
            Ok(module) if module.folder.digest() == installe_.empreinte => continue,
            Ok(module) => match sans_cercle(&dossiers, module) {
                Ok(()) => installe(connection, module, *origine).await,
                cercle => cercle,
            },
            Err(causes) => Err(InstallationError::Fautes { module: installe_.id.clone(), causes: causes.clone() }),
        };
        if let Err(error) = fait {
            echecs.push((installe_.id, error));
        }
    }
    Ok(echecs)
}

/// Loads an installed module no more, or again. Its data stay.
///
/// # Errors
/// It is not installed; others that are loaded depend on it; or it depends on one that is not.
pub async fn active(
    connection: &mut PgConnection,
    dossier: Option<&std::path::Path>,
    id: &str,
    actif: bool,
) -> Result<(), InstallationError> {
    let mut tx = connection.begin().await?;
    sqlx::query("select pg_advisory_xact_lock($1)").bind(LOCK).execute(&mut *tx).await?;
    let charges: Vec<String> =
        installes(&mut tx).await?.into_iter().filter(|module| module.actif).map(|module| module.id).collect();
    let dossiers = trouves(dossier);
    let depends =
        |nom: &str| dossiers.get(nom).and_then(|trouve| trouve.lu.as_ref().ok()).map(|module| &module.file.depends);
    if actif {
        let manque = depends(id).into_iter().flatten().find(|nom| !charges.contains(nom));
        if let Some(manque) = manque {
            return Err(InstallationError::Attend(id.to_owned(), manque.clone()));
        }
    } else {
        let dependants: Vec<&str> = charges
            .iter()
            .filter(|nom| depends(nom).is_some_and(|depends| depends.iter().any(|un| un == id)))
            .map(String::as_str)
            .collect();
        if !dependants.is_empty() {
            return Err(InstallationError::Utile(id.to_owned(), dependants.join(", ")));
        }
    }
    let faits =
        sqlx::query("update core.module set actif = $2 where id = $1").bind(id).bind(actif).execute(&mut *tx).await?;
    if faits.rows_affected() == 0 {
        return Err(InstallationError::Absent(id.to_owned()));
    }
    annonce(&mut tx, id).await?;
    Ok(tx.commit().await?)
}

/// Migrations that did not run yet, and the line of the module.
async fn migre(
    tx: &mut PgConnection,
    module: &Module,
    origine: Origine,
    delais: Delais,
) -> Result<(), InstallationError> {
    let debut = Instant::now();
    let id = module.id();
    sqlx::query(
        "insert into core.module (id, libelle, version, empreinte, origine) values ($1, $2, $3, $4, $5)
        on conflict (id) do update set libelle = excluded.libelle, version = excluded.version,
            empreinte = excluded.empreinte, origine = excluded.origine, mis_a_niveau_le = now()",
    )
    .bind(id)
    .bind(&module.file.label)
    .bind(&module.file.version)
    .bind(module.folder.digest())
    .bind(origine.code())
    .execute(&mut *tx)
    .await?;
    let srid: i32 = sqlx::query_scalar("select core.storage_srid()").fetch_one(&mut *tx).await?;
    accueille(tx, id, srid).await?;
    let passees: Vec<(i32, String)> =
        sqlx::query_as("select version, empreinte from core.module_migration where module = $1 order by version")
            .bind(id)
            .fetch_all(&mut *tx)
            .await?;
    let derniere = passees.last().map_or(0, |(version, _)| *version);
    let du_dossier = module.migrations.last().map_or(0, |migration| migration.version);
    if derniere > du_dossier {
        return Err(InstallationError::PlusAncien { module: id.to_owned(), installee: derniere, dossier: du_dossier });
    }
    let mut attendues = Vec::new();
    for migration in &module.migrations {
        match passees.iter().find(|(version, _)| *version == migration.version) {
            Some((_, empreinte)) if *empreinte == migration.digest => {}
            Some(_) => {
                let fichier = migration.file.clone();
                return Err(InstallationError::MigrationChangee { module: id.to_owned(), fichier });
            }
            None => attendues.push(migration),
        }
    }
    if attendues.is_empty() {
        return Ok(());
    }
    let dehors = Dehors::lu(&mut *tx, id).await?;
    for migration in attendues {
        passe(tx, id, migration, (delais, debut)).await?;
    }
    dehors.inchange(&mut *tx, module).await?;
    accueille(tx, id, srid).await?;
    Ok(())
}

/// Runs a migration, in the module's schema.
async fn passe(
    tx: &mut PgConnection,
    id: &str,
    migration: &Migration,
    (delais, debut): (Delais, Instant),
) -> Result<(), InstallationError> {
    delais.pose(&mut *tx, debut).await?;
    sqlx::query("select core.passer_migration($1, $2)")
        .bind(id)
        .bind(&migration.sql)
        .execute(&mut *tx)
        .await
        .map_err(|cause| refusee(id, migration, cause))?;
    // A migration that sets it sets it for what follows too.
    tx.execute("reset search_path").await?;
    delais.pose(&mut *tx, debut).await?;
    sqlx::query("insert into core.module_migration (module, version, nom, empreinte) values ($1, $2, $3, $4)")
        .bind(id)
        .bind(migration.version)
        .bind(&migration.file)
        .bind(&migration.digest)
        .execute(&mut *tx)
        .await?;
    Ok(())
}

/// A migration that the database refused, and where.
fn refusee(id: &str, migration: &Migration, cause: sqlx::Error) -> InstallationError {
    let fichier = migration.file.clone();
    let refus = cause.as_database_error().and_then(|refus| refus.try_downcast_ref::<PgDatabaseError>());
    let place = match refus.and_then(PgDatabaseError::position) {
        Some(PgErrorPosition::Internal { position, query }) if query == migration.sql => Some(position),
        _ => None,
    };
    // « EXECUTE of transaction commands is not implemented », « cannot set parameter "role" within security-definer function ».
    let hors_role = refus.is_some_and(|refus| {
        matches!(refus.code(), "2D000") || (refus.code() == "0A000" && refus.message().contains("transaction commands"))
    });
    if hors_role {
        let message = "le moteur tient seul la transaction : retirez ce qui la commence ou la finit".to_owned();
        return InstallationError::Fautes {
            module: id.to_owned(),
            causes: vec![Fault { file: fichier, line: None, message }],
        };
    }
    InstallationError::Sql { fichier, ligne: place.map(|place| ligne(&migration.sql, place)), cause }
}

/// The line of a place in a text, both from 1.
fn ligne(sql: &str, place: usize) -> usize {
    1 + sql.chars().take(place.saturating_sub(1)).filter(|lettre| *lettre == '\n').count()
}

async fn accueille(tx: &mut PgConnection, id: &str, srid: i32) -> sqlx::Result<()> {
    sqlx::query("call core.accueillir($1, $2)").bind(id).bind(srid).execute(tx).await.map(|_| ())
}

/// Everything that disagrees between the module, the database and the modules it names.
async fn controle(tx: &mut PgConnection, module: &Module, connus: &[Installe]) -> Result<(), InstallationError> {
    let schemas: Vec<String> =
        connus.iter().map(|connu| connu.id.clone()).chain(std::iter::once(module.id().to_owned())).collect();
    let catalogue = catalogue::lu(&mut *tx, &schemas).await?;
    let mut known = known(std::slice::from_ref(module), connus.iter().map(|connu| connu.id.clone()));
    let autres: Vec<(String, String)> =
        sqlx::query_as("select nom, relation from core.objet where module is not null").fetch_all(&mut *tx).await?;
    known.objects.extend(autres.into_iter().map(|(nom, relation)| (nom, relation.replace('"', ""))));
    let mut causes = check(module, &catalogue, &known);
    if causes.is_empty() {
        causes = documents::controle(module);
        causes.extend(documents::eprouve(tx, module, &catalogue, &known).await?);
    }
    if causes.is_empty() { Ok(()) } else { Err(InstallationError::Fautes { module: module.id().to_owned(), causes }) }
}

/// The mission of a module is in the policies and the history of its tables: it is chosen once.
async fn meme_mission(tx: &mut PgConnection, module: &Module) -> Result<(), InstallationError> {
    let avant: Option<String> =
        sqlx::query_scalar("select mission from core.objet where module = $1 and mission <> $2 limit 1")
            .bind(module.id())
            .bind(module.mission())
            .fetch_optional(tx)
            .await?;
    let Some(avant) = avant else { return Ok(()) };
    let message = format!("la mission d'un module installé ne change plus : mission = \"{avant}\"");
    let causes = vec![Fault { file: "module.toml".to_owned(), line: None, message }];
    Err(InstallationError::Fautes { module: module.id().to_owned(), causes })
}

/// The codes of its nomenclatures, as its files say.
async fn range_codes(tx: &mut PgConnection, module: &Module) -> Result<(), InstallationError> {
    for (nom, codes) in &module.codes {
        let nomenclature = format!("{}.{nom}", module.id());
        sqlx::query("delete from core.code where nomenclature = $1").bind(&nomenclature).execute(&mut *tx).await?;
        let lignes: Vec<serde_json::Value> = codes
            .codes
            .iter()
            .enumerate()
            .map(|(rang, code)| {
                serde_json::json!({
                    "code": code.code, "libelle": code.label, "description": code.description,
                    "valide_du": code.valid_from.map(|date| date.to_string()),
                    "valide_au": code.valid_to.map(|date| date.to_string()),
                    "source": code.source, "ordre": rang, "correspondances": code.crosswalk,
                })
            })
            .collect();
        sqlx::query(
            "insert into core.code (nomenclature, code, libelle, description, valide_du, valide_au, source, ordre, correspondances)
            select $1, c.code, c.libelle, c.description, c.valide_du, c.valide_au, c.source, c.ordre, c.correspondances
            from jsonb_to_recordset($2) c (code text, libelle text, description text, valide_du date, valide_au date,
                source text, ordre integer, correspondances jsonb)",
        )
        .bind(&nomenclature)
        .bind(serde_json::Value::Array(lignes))
        .execute(&mut *tx)
        .await?;
    }
    Ok(())
}

async fn annonce(tx: &mut PgConnection, id: &str) -> sqlx::Result<()> {
    sqlx::query("select pg_notify($1, $2)").bind(ANNONCE).bind(id).execute(tx).await.map(|_| ())
}
