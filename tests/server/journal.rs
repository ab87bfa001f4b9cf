//! The journal on a real PostgreSQL: written with the edit, sealed once committed, and nothing done to it goes unseen.

use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::time::Duration;

use finage::access::journal::{
    Auteur, Controle, Dossier, Fait, Finalite, Gardien, JournalError, Recherche, acces, acte, controle, purge, scelle,
};
use finage::db::{Acteur, Canal};
use finage_journal::{Chaine, Defaut, Faute};
use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::collectivites::{Monde, monde};
use crate::harness::{Town, on_empty_town};

/// A town, its collectivités, and a folder for the key.
struct Banc<'a> {
    town: &'a mut Town,
    monde: Monde,
    folder: tempfile::TempDir,
    dossier: Dossier,
    root: PgConnection,
}

impl<'a> Banc<'a> {
    async fn new(town: &'a mut Town) -> Banc<'a> {
        let monde = monde(town).await;
        let folder = tempfile::tempdir().unwrap();
        let mut root = town.database.admin().await.unwrap();
        // A thousand tamperings need not be on disk.
        sqlx::query("set synchronous_commit = off").execute(&mut root).await.unwrap();
        let mut connection = town.pools.journal.acquire().await.unwrap();
        let dossier = Dossier::prepare(&mut connection, folder.path()).await.unwrap();
        drop(connection);
        Self { town, monde, folder, dossier, root }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join("journal").join(name)
    }

    /// One look, committed.
    async fn look(&self, key: &str) {
        let mut tx = self.town.pools.collectivites.begin(&self.monde.valbrume).await.unwrap();
        let acteur = *tx.acteur();
        look(&mut tx, &acteur, key).await;
        tx.commit().await.unwrap();
    }

    async fn seal(&self) -> Result<u64, JournalError> {
        let mut connection = self.town.pools.journal.acquire().await.unwrap();
        let mut total = 0;
        for chaine in Chaine::TOUTES {
            total += scelle(&mut connection, &self.dossier, chaine).await?;
        }
        Ok(total)
    }

    async fn check(&self, chaine: Chaine) -> Result<Controle, JournalError> {
        controle(&self.town.pools.journal, &self.dossier, chaine, &|_, _| {}).await
    }

    async fn fault(&self) -> Faute {
        match self.check(Chaine::Acces).await {
            Err(JournalError::Altere(faute)) => faute,
            other => panic!("{other:?}"),
        }
    }

    async fn purge(&self) -> Result<u64, JournalError> {
        let mut connection = self.town.pools.journal.acquire().await.unwrap();
        purge(&mut connection, &self.dossier, &Auteur::COMMANDE, 12, &|_, _| {}).await.map(|purge| purge.lignes)
    }

    /// What a superuser does.
    async fn root(&mut self, sql: &str) {
        sqlx::raw_sql(sqlx::AssertSqlSafe(sql.to_owned())).execute(&mut self.root).await.unwrap_or_else(|error| {
            panic!("{sql}: {error}");
        });
    }

    async fn number(&mut self, sql: &str) -> i64 {
        sqlx::query_scalar(sqlx::AssertSqlSafe(sql.to_owned())).fetch_one(&mut self.root).await.unwrap()
    }

    /// Keeps the journal of accesses, to put it back.
    async fn keep(&mut self) {
        self.root("create table garde as table journal.acces; create table garde_repere as table journal.repere").await;
    }

    async fn put_back(&mut self) {
        self.root(
            "delete from journal.acces; delete from journal.repere;
             insert into journal.acces overriding system value select * from garde;
             insert into journal.repere select * from garde_repere",
        )
        .await;
    }
}

async fn look(connection: &mut PgConnection, acteur: &Acteur, key: &str) {
    let details = json!({ "champs": ["nom"] });
    let fait = Fait { action: "lire", objet: "personne", cle: Some(key), details: &details };
    let finalite = Finalite::parse("urbanisme").unwrap();
    acces(connection, &acteur.into(), &finalite, &fait).await.unwrap();
}

#[test]
fn a_line_lives_and_dies_with_its_transaction() {
    on_empty_town(async |town| {
        let mut banc = Banc::new(town).await;
        let before = banc.number("select count(*) from journal.acces").await;
        for kept in [false, true] {
            let mut tx = banc.town.pools.collectivites.begin(&banc.monde.valbrume).await.unwrap();
            let acteur = *tx.acteur();
            look(&mut tx, &acteur, "a").await;
            if kept {
                tx.commit().await.unwrap();
            } else {
                drop(tx);
            }
        }
        assert_eq!(banc.number("select count(*) from journal.acces").await, before + 1);
        let (login, canal, finalite): (String, String, String) =
            sqlx::query_as("select login, canal, finalite from journal.acces").fetch_one(&mut banc.root).await.unwrap();
        assert_eq!((canal.as_str(), finalite.as_str()), ("api", "urbanisme"));
        assert!(!login.is_empty());
    });
}

#[test]
fn a_line_committed_late_is_sealed_in_a_later_round() {
    on_empty_town(async |town| {
        let mut banc = Banc::new(town).await;
        banc.seal().await.unwrap();
        let mut late = banc.town.pools.collectivites.begin(&banc.monde.valbrume).await.unwrap();
        let acteur = *late.acteur();
        look(&mut late, &acteur, "tard").await;
        banc.look("tôt").await;
        assert_eq!(banc.seal().await.unwrap(), 1);
        late.commit().await.unwrap();
        assert_eq!(banc.seal().await.unwrap(), 1);
        assert_eq!(banc.seal().await.unwrap(), 0);
        let order: Vec<String> =
            sqlx::query_scalar("select cle from journal.acces order by rang").fetch_all(&mut banc.root).await.unwrap();
        assert_eq!(order, ["tôt", "tard"]);
        assert_eq!(
            banc.number("select count(*) from journal.acces a join journal.acces b on a.id < b.id and a.rang > b.rang")
                .await,
            1
        );
        assert_eq!(banc.check(Chaine::Acces).await.unwrap().bilan.lignes, 2);
    });
}

#[test]
fn edits_by_triggers_are_sealed_like_the_rest() {
    on_empty_town(async |town| {
        let banc = Banc::new(town).await;
        let sealed = banc.seal().await.unwrap();
        assert!(sealed > 0);
        let controle = banc.check(Chaine::Acte).await.unwrap();
        assert_eq!((controle.bilan.lignes, controle.attente), (sealed, 0));
        banc.look("x").await;
        assert_eq!(banc.check(Chaine::Acces).await.unwrap().attente, 1);
    });
}

#[test]
fn whatever_a_superuser_does_is_found_and_its_first_line_named() {
    on_empty_town(async |town| {
        let mut banc = Banc::new(town).await;
        for n in 1..=8 {
            banc.look(&format!("p{n}")).await;
        }
        banc.seal().await.unwrap();
        banc.keep().await;
        let missing = |manquantes| Defaut::Supprimee { manquantes };
        let cut = |manquantes| Defaut::Tronquee { manquantes };
        let columns = "le, transaction, login, utilisateur, collectivite, canal, action, objet, cle, finalite, details";
        let copy = format!("insert into journal.acces ({columns}, rang, sceau) select {columns}");
        let cases = [
            ("update journal.acces set details = '{}' where rang = 3".to_owned(), 3, Defaut::Changee),
            ("update journal.acces set details = details || '{\"nombre\": 1.0}' where rang = 8".into(), 8, Defaut::Changee),
            ("update journal.acces set le = le + interval '1 microsecond' where rang = 1".into(), 1, Defaut::Changee),
            ("update journal.acces set le = 'infinity' where rang = 4".into(), 4, Defaut::Changee),
            ("update journal.acces set utilisateur = gen_random_uuid() where rang = 5".into(), 5, Defaut::Changee),
            ("update journal.acces set collectivite = null where rang = 5".into(), 5, Defaut::Changee),
            ("update journal.acces set transaction = '12345' where rang = 2".into(), 2, Defaut::Changee),
            ("update journal.acces set login = 'autre' where rang > 5".into(), 6, Defaut::SceauEtranger),
            ("update journal.acces set cle = null where rang = 2".into(), 2, Defaut::Changee),
            ("update journal.acces set finalite = 'cimetiere' where rang = 2".into(), 2, Defaut::Changee),
            ("update journal.acces set sceau = sha256('x') where rang = 6".into(), 6, Defaut::SceauEtranger),
            ("delete from journal.acces where rang = 4".into(), 4, missing(1)),
            ("delete from journal.acces where rang <= 3".into(), 1, missing(3)),
            ("delete from journal.acces where rang = 4; update journal.acces set rang = -rang + 1 + 100 where rang > 4; update journal.acces set rang = 100 - rang where rang > 50".into(), 4, Defaut::SceauEtranger),
            ("delete from journal.acces where rang > 6".into(), 7, cut(2)),
            ("truncate journal.acces".into(), 1, cut(8)),
            ("update journal.acces set rang = null, sceau = null where rang = 8".into(), 8, cut(1)),
            ("update journal.acces set rang = null, sceau = null where rang = 2".into(), 2, missing(1)),
            (format!("{copy}, 9, sha256('x') from journal.acces where rang = 8"), 9, Defaut::SceauEtranger),
            (format!("{copy}, 12, sceau from journal.acces where rang = 8"), 9, missing(3)),
            ("update journal.acces set rang = 99 where rang = 2; update journal.acces set rang = 2 where rang = 5; update journal.acces set rang = 5 where rang = 99".into(), 2, Defaut::SceauEtranger),
            ("update journal.acces a set cle = b.cle from journal.acces b where a.rang + b.rang = 9 and a.rang in (3, 6)".into(), 3, Defaut::Changee),
            ("insert into journal.repere (chaine, rang, sceau, jusque, preuve) select 'acces', rang, sceau, now(), sha256('x') from journal.acces where rang = 4; delete from journal.acces where rang <= 4".into(), 4, Defaut::Repere),
        ];
        for (sql, rang, defaut) in cases {
            banc.root(&sql).await;
            let faute = banc.fault().await;
            assert_eq!((faute.rang, faute.defaut), (rang, defaut), "{sql}");
            banc.put_back().await;
            assert_eq!(banc.check(Chaine::Acces).await.unwrap().bilan.lignes, 8);
        }
        // Without the constraints, two lines share a rank, or have half of what a sealed line has.
        banc.root("alter table journal.acces drop constraint acces_rang_key, drop constraint acces_check, drop constraint acces_rang_check").await;
        for (sql, rang, defaut) in [
            (format!("{copy}, rang, sceau from journal.acces where rang = 3"), 3, None),
            (format!("{copy}, 0, sceau from journal.acces where rang = 3"), 0, Some(Defaut::Inseree)),
            ("update journal.acces set sceau = null where rang = 3".into(), 3, Some(Defaut::Descellee)),
            ("update journal.acces set rang = null where rang = 8".into(), 8, Some(Defaut::Descellee)),
        ] {
            banc.root(&sql).await;
            let faute = banc.fault().await;
            assert_eq!(faute.rang, rang, "{sql}");
            // Of two lines under one rank, which comes first is the database's choice.
            assert!(defaut.is_none_or(|defaut| defaut == faute.defaut), "{sql}: {faute:?}");
            banc.put_back().await;
        }
    });
}

#[test]
fn a_thousand_random_tamperings_are_found() {
    on_empty_town(async |town| {
        let mut banc = Banc::new(town).await;
        for n in 1..=12 {
            banc.look(&format!("p{n}")).await;
        }
        banc.seal().await.unwrap();
        banc.keep().await;
        banc.root("alter table journal.acces alter id drop identity").await;
        let changes = [
            "id = id + 1000",
            "le = le - interval '1 day'",
            "login = login || 'x'",
            "utilisateur = gen_random_uuid()",
            "collectivite = coalesce(collectivite, 0) + 1",
            "canal = 'page'",
            "action = 'exporter'",
            "objet = 'annotation'",
            "cle = cle || ' '",
            "finalite = null",
            "details = '{\"champs\": []}'",
            "sceau = sha256(sceau)",
            "rang = rang + 50",
        ];
        // Numbers that are the same in every run (Knuth's MMIX generator).
        let mut state: u64 = 42;
        let mut next = |below: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % below
        };
        for round in 0..1_000 {
            let (one, other) = (next(12) + 1, next(12) + 1);
            let (sql, first) = match next(5) {
                0 => (format!("delete from journal.acces where rang = {one}"), one),
                1 => (format!("delete from journal.acces where rang >= {one}"), one),
                2 if one != other => (
                    format!(
                        "update journal.acces a set le = b.le, cle = b.cle from journal.acces b where a.rang = {one} and b.rang = {other}"
                    ),
                    one,
                ),
                _ => {
                    let change = changes[usize::try_from(next(changes.len() as u64)).unwrap()];
                    (format!("update journal.acces set {change} where rang = {one}"), one)
                }
            };
            banc.root(&sql).await;
            let faute = banc.fault().await;
            assert_eq!(faute.rang.unsigned_abs(), first, "{round}: {sql}: {faute:?}");
            banc.put_back().await;
        }
        assert!(banc.check(Chaine::Acces).await.is_ok());
    });
}

#[test]
fn a_chain_that_was_cut_is_sealed_no_further() {
    on_empty_town(async |town| {
        let mut banc = Banc::new(town).await;
        for n in 1..=4 {
            banc.look(&format!("p{n}")).await;
        }
        banc.seal().await.unwrap();
        let head = std::fs::read(banc.file("tete-acces.json")).unwrap();
        banc.root("update journal.acces set rang = null, sceau = null, cle = 'autre' where rang = 4").await;
        let refused = banc.seal().await.unwrap_err();
        assert!(matches!(&refused, JournalError::Altere(faute) if faute.rang == 4), "{refused}");
        banc.root("delete from journal.acces where rang is null").await;
        banc.look("p5").await;
        assert!(matches!(banc.seal().await, Err(JournalError::Altere(_))));
        assert_eq!(std::fs::read(banc.file("tete-acces.json")).unwrap(), head);
        assert_eq!(banc.number("select count(*) from journal.acces where rang is null").await, 1);
    });
}

#[test]
fn a_head_that_lags_after_a_crash_is_understood() {
    on_empty_town(async |town| {
        let mut banc = Banc::new(town).await;
        banc.look("p1").await;
        banc.seal().await.unwrap();
        let old = std::fs::read(banc.file("tete-acces.json")).unwrap();
        banc.look("p2").await;
        banc.seal().await.unwrap();
        let new = std::fs::read_to_string(banc.file("tete-acces.json")).unwrap();
        // Killed between the commit and the head.
        std::fs::write(banc.file("tete-acces.json"), &old).unwrap();
        assert_eq!(banc.check(Chaine::Acces).await.unwrap().bilan.fin.rang, 2);
        assert_eq!(banc.seal().await.unwrap(), 0);
        let seal = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap()["sceau"].clone();
        assert_eq!(seal(&std::fs::read_to_string(banc.file("tete-acces.json")).unwrap()), seal(&new));
        // What the head lacks is verified before it is taken up.
        std::fs::write(banc.file("tete-acces.json"), &old).unwrap();
        banc.root("update journal.acces set cle = 'autre' where rang = 2").await;
        assert!(matches!(banc.seal().await, Err(JournalError::Altere(faute)) if faute.rang == 2));
    });
}

#[test]
fn old_accesses_are_purged_and_the_chain_starts_again() {
    on_empty_town(async |town| {
        let mut banc = Banc::new(town).await;
        for n in 1..=6 {
            banc.look(&format!("p{n}")).await;
        }
        banc.root("update journal.acces set le = now() - interval '13 months' where cle in ('p1', 'p2', 'p3', 'p5')")
            .await;
        assert_eq!(banc.purge().await.unwrap(), 0, "not sealed yet");
        banc.seal().await.unwrap();
        let acts = banc.number("select count(*) from journal.acte").await;
        banc.keep().await;
        banc.root("update journal.acces set cle = 'autre' where rang = 2").await;
        assert!(matches!(banc.purge().await, Err(JournalError::Altere(faute)) if faute.rang == 2));
        banc.put_back().await;

        // The fifth stays until the fourth may go: the chain is erased from its start.
        assert_eq!(banc.purge().await.unwrap(), 3);
        assert_eq!(banc.purge().await.unwrap(), 0);
        assert_eq!(banc.number("select count(*) from journal.acte").await, acts + 1);
        let bilan = banc.check(Chaine::Acces).await.unwrap().bilan;
        assert_eq!((bilan.lignes, bilan.depart.rang, bilan.fin.rang), (3, 3, 6));
        banc.look("p7").await;
        banc.seal().await.unwrap();
        assert_eq!(banc.check(Chaine::Acces).await.unwrap().bilan.fin.rang, 7);

        for (sql, rang, defaut) in [
            (
                "insert into journal.acces overriding system value select * from garde where rang = 2",
                2,
                Defaut::Inseree,
            ),
            (
                "delete from journal.acces where rang = 2; delete from journal.repere",
                1,
                Defaut::Supprimee { manquantes: 3 },
            ),
        ] {
            banc.root(sql).await;
            let faute = banc.fault().await;
            assert_eq!((faute.rang, faute.defaut), (rang, defaut), "{sql}");
        }
    });
}

#[test]
fn everything_purged_the_chain_still_goes_on() {
    on_empty_town(async |town| {
        let mut banc = Banc::new(town).await;
        for round in 1..=2 {
            for n in 1..=3 {
                banc.look(&format!("p{n}")).await;
            }
            banc.root("update journal.acces set le = now() - interval '2 years'").await;
            banc.seal().await.unwrap();
            assert_eq!(banc.purge().await.unwrap(), 3);
            banc.seal().await.unwrap();
            let bilan = banc.check(Chaine::Acces).await.unwrap().bilan;
            assert_eq!((bilan.lignes, bilan.fin.rang), (0, 3 * round));
        }
    });
}

#[test]
fn the_application_writes_lines_and_can_do_nothing_else_to_them() {
    on_empty_town(async |town| {
        let banc = Banc::new(town).await;
        banc.look("p1").await;
        let refused = async |pool: &sqlx::PgPool, sql: &str| {
            let refused = sqlx::query(sqlx::AssertSqlSafe(sql.to_owned())).execute(pool).await;
            assert!(refused.unwrap_err().to_string().contains("permission denied"), "{sql}");
        };
        for table in ["journal.acces", "journal.acte", "journal.repere"] {
            for sql in ["select from", "delete from", "truncate", "update"] {
                let sql =
                    if sql == "update" { format!("update {table} set rang = 1") } else { format!("{sql} {table}") };
                refused(&banc.town.pools.write, &sql).await;
                refused(&banc.town.pools.acces, &sql).await;
            }
        }
        for sql in [
            "insert into journal.acte (le, canal, action, objet) values (now(), 'api', 'x', 'x')",
            "insert into journal.acte (login, canal, action, objet) values ('x', 'api', 'x', 'x')",
            "insert into journal.acte (rang, sceau, canal, action, objet) values (1, sha256('x'), 'api', 'x', 'x')",
        ] {
            refused(&banc.town.pools.write, sql).await;
        }
        let journal = &banc.town.pools.journal;
        refused(journal, "update journal.acces set details = '{}'").await;
        refused(journal, "delete from journal.acte").await;
        refused(journal, "delete from journal.repere").await;
        refused(journal, "truncate journal.acces").await;
    });
}

#[test]
fn the_key_is_made_once_and_kept_from_others() {
    on_empty_town(async |town| {
        let mut banc = Banc::new(town).await;
        let key = banc.file("cle");
        let bytes = std::fs::read(&key).unwrap();
        assert_eq!(bytes.len(), 32);
        assert_eq!(std::fs::metadata(&key).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(std::fs::metadata(banc.file("")).unwrap().permissions().mode() & 0o777, 0o700);
        banc.look("p1").await;
        banc.seal().await.unwrap();

        let folder = banc.folder.path().to_owned();
        let mut connection = banc.town.pools.journal.acquire().await.unwrap();
        assert!(Dossier::prepare(&mut connection, &folder).await.is_ok());
        assert_eq!(std::fs::read(&key).unwrap(), bytes);
        std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o640)).unwrap();
        let shared = Dossier::prepare(&mut connection, &folder).await.unwrap_err().to_string();
        assert!(shared.contains("chmod 600"), "{shared}");
        std::fs::remove_file(&key).unwrap();
        for absent in [
            Dossier::prepare(&mut connection, &folder).await.err(),
            Dossier::ouvre(&mut connection, &folder).await.err(),
        ] {
            assert!(matches!(absent, Some(JournalError::CleAbsente(_))), "{absent:?}");
        }
        assert!(!key.exists());
        drop(connection);

        let head = banc.file("tete-acces.json");
        let text = std::fs::read_to_string(&head).unwrap();
        std::fs::write(&head, text.replace("\"rang\": 1", "\"rang\": 0")).unwrap();
        assert!(matches!(banc.check(Chaine::Acces).await, Err(JournalError::TeteFausse { .. })));
        assert!(matches!(banc.seal().await, Err(JournalError::TeteFausse { .. })));
        std::fs::remove_file(&head).unwrap();
        assert!(matches!(banc.check(Chaine::Acces).await, Err(JournalError::TeteAbsente { .. })));
        banc.root("truncate journal.acces").await;
        assert!(matches!(banc.check(Chaine::Acces).await, Err(JournalError::TeteAbsente { .. })));
    });
}

#[test]
fn lines_are_found_by_person_account_date_and_page() {
    on_empty_town(async |town| {
        let mut banc = Banc::new(town).await;
        let (person, account) = (Uuid::new_v4(), Uuid::new_v4());
        for n in 0..5 {
            banc.look(&if n == 2 { person.to_string() } else { format!("p{n}") }).await;
        }
        let auteur = Auteur { utilisateur: Some(account), collectivite: None, canal: Canal::Page };
        let details = json!({});
        let fait = Fait { action: "connexion", objet: "session", cle: None, details: &details };
        acte(&mut banc.town.owner, &auteur, &fait).await.unwrap();
        let mut connection = banc.town.pools.journal.acquire().await.unwrap();

        let found = Recherche::personne(person).page(&mut connection, Chaine::Acces, 100).await.unwrap();
        assert_eq!(found.iter().map(|trace| trace.cle.as_deref().unwrap()).collect::<Vec<_>>(), [person.to_string()]);
        let by_account = Recherche { utilisateur: Some(account), ..Recherche::default() };
        let found = by_account.page(&mut connection, Chaine::Acte, 100).await.unwrap();
        assert_eq!((found.len(), found[0].action.as_str()), (1, "connexion"));
        assert_eq!(by_account.page(&mut connection, Chaine::Acces, 100).await.unwrap(), []);

        let mut paged = Vec::new();
        let mut search = Recherche { collectivite: Some(banc.monde.valbrume.collectivite), ..Recherche::default() };
        loop {
            let page = search.page(&mut connection, Chaine::Acces, 2).await.unwrap();
            let Some(last) = page.last() else { break };
            assert!(page.len() <= 2);
            search.apres = Some(last.id);
            paged.extend(page.into_iter().map(|trace| trace.id));
        }
        assert_eq!(paged.len(), 5);
        assert!(paged.is_sorted_by(|one, other| one > other));
        let other = Recherche { collectivite: Some(banc.monde.cyprin.collectivite), ..Recherche::default() };
        assert_eq!(other.page(&mut connection, Chaine::Acces, 100).await.unwrap(), []);

        drop(connection);
        banc.root("update journal.acces set le = '2024-02-29 12:00+00' where cle = 'p0'").await;
        let instant = |text| finage::access::journal::Instant::parse(text);
        let leap = Recherche {
            du: instant("2024-02-29T12:00:00Z"),
            au: instant("2024-02-29T12:00:00.000001Z"),
            ..Recherche::default()
        };
        let mut connection = banc.town.pools.journal.acquire().await.unwrap();
        let found = leap.page(&mut connection, Chaine::Acces, 100).await.unwrap();
        assert_eq!((found.len(), found[0].le.as_str()), (1, "2024-02-29T12:00:00Z"));
    });
}

#[test]
fn a_line_too_long_is_refused() {
    on_empty_town(async |town| {
        let details = json!({ "criteres": "x".repeat(20_000) });
        let fait = Fait { action: "lire", objet: "personne", cle: None, details: &details };
        let refused = acte(&mut town.owner, &Auteur::COMMANDE, &fait).await.unwrap_err().to_string();
        assert!(refused.contains("trop longue"), "{refused}");
    });
}

#[test]
fn the_keeper_seals_while_the_server_runs_and_once_more_at_its_end() {
    on_empty_town(async |town| {
        let mut banc = Banc::new(town).await;
        let (tell, closing) = tokio::sync::watch::channel(false);
        let gardien = Gardien::start(banc.town.pools.journal.clone(), banc.folder.path(), 12, &closing);
        banc.look("p1").await;
        let mut sealed = 0;
        for _ in 0..600 {
            sealed = banc.number("select count(*) from journal.acces where rang is not null").await;
            if sealed == 1 {
                break;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        assert_eq!(sealed, 1);
        banc.look("p2").await;
        tell.send_replace(true);
        gardien.ended().await;
        let controle = banc.check(Chaine::Acces).await.unwrap();
        assert_eq!((controle.bilan.lignes, controle.attente), (2, 0));
    });
}

#[test]
fn commands_verify_export_and_purge() {
    on_empty_town(async |town| {
        let mut banc = Banc::new(town).await;
        banc.look("=1+1").await;
        banc.look("p2").await;
        banc.root("update journal.acces set le = '2020-01-01 00:30+00' where cle = '=1+1'").await;
        banc.seal().await.unwrap();
        let run = |arguments: &[&str]| {
            std::process::Command::new(env!("CARGO_BIN_EXE_finage"))
                .args(arguments)
                .env("FINAGE_DATA_DIR", banc.folder.path())
                .env("DATABASE_URL", banc.town.config.database_url.as_ref().unwrap())
                .output()
                .unwrap()
        };
        let good = run(&["audit", "verify", "--json"]);
        let report: serde_json::Value = serde_json::from_slice(&good.stdout).unwrap();
        assert!(good.status.success());
        assert_eq!((report["ok"].as_bool(), report["chaines"][0]["lignes"].as_i64()), (Some(true), Some(2)));

        let export = run(&["audit", "export", "--du", "2020-01-01", "--au", "2020-01-01"]);
        let text = String::from_utf8(export.stdout).unwrap();
        assert!(export.status.success(), "{}", String::from_utf8_lossy(&export.stderr));
        assert_eq!(text.lines().count(), 2, "{text}");
        assert!(text.contains("2020-01-01T00:30:00Z;;99101;api;") && text.contains(";'=1+1;"), "{text}");
        let unknown = run(&["audit", "export", "--compte", "personne@exemple.fr"]);
        assert!(!unknown.status.success());

        let purged = run(&["audit", "purge", "--json"]);
        let report: serde_json::Value = serde_json::from_slice(&purged.stdout).unwrap();
        assert_eq!((report["lignes"].as_i64(), report["rang"].as_i64()), (Some(1), Some(1)));
        assert!(run(&["audit", "verify"]).status.success());

        sqlx::query("update journal.acces set cle = 'p3' where rang = 2").execute(&mut banc.root).await.unwrap();
        let bad = run(&["audit", "verify", "--json"]);
        let report: serde_json::Value = serde_json::from_slice(&bad.stdout).unwrap();
        assert_eq!(bad.status.code(), Some(1));
        let first = &report["chaines"][0];
        assert_eq!((first["rang"].as_i64(), first["defaut"].as_str()), (Some(2), Some("changee")));
        assert_eq!(report["chaines"][1]["ok"], true);
        let spoken = run(&["audit", "verify"]);
        assert!(String::from_utf8_lossy(&spoken.stderr).contains("journal des accès, ligne n° "));
    });
}
