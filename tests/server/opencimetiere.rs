//! A database of openCimetière taken over: three ways in that say the same, every fault told, again without a change, all or
//! nothing.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use finage::access::identite::Collectivite;
use finage::access::journal::Finalite;
use finage::cimetiere::opencimetiere::{BilanReprise, Demande, Lecture, OpenCimetiereError, reprend};
use finage::db::{Acteur, Canal, CollectiviteId};
use finage::fichiers::Depot;
use finage::modules::registry::Registry;
use finage_cluster::Packages;
use sqlx::AssertSqlSafe;

use crate::agents::{Tenu, agent, monde_trace};
use crate::harness::{Town, on_cemetery_town};
use crate::opencimetiere_base::Base;

const AGENT: Tenu<'static> = Tenu { role: "cimetiere_agent", finalites: &["cimetiere"], communes: None };
/// Good plots of the fictitious town.
const BONS: u32 = 12;

/// Takes a source over; `arrete` counts how often it is asked.
async fn reprendre(
    town: &mut Town,
    source: &Path,
    fichiers: Option<&Path>,
    a_blanc: bool,
    arrete: Arc<dyn Fn() -> bool + Send + Sync>,
) -> Result<BilanReprise, OpenCimetiereError> {
    let id: i32 =
        sqlx::query_scalar("select id from acces.collectivite where code = '99101'").fetch_one(&mut town.owner).await?;
    let collectivite = Collectivite { id: CollectiviteId(id), code: "99101".to_owned(), nom: "Valbrume".to_owned() };
    let registry = Registry::charge(&mut town.owner, None).await.unwrap();
    let demande = Demande {
        source: source.to_owned(),
        lecture: Lecture::default(),
        fichiers: fichiers.map(Path::to_owned),
        collectivite,
        commune: None,
        finalite: Finalite::parse("cimetiere").unwrap(),
        a_blanc,
    };
    let acteur = Acteur { utilisateur: None, collectivite: CollectiviteId(id), canal: Canal::Commande };
    let depot = Depot::new(&town.config.data_dir);
    reprend((&town.pools.collectivites, &registry, &depot), &acteur, demande, &|_, _| {}, arrete).await
}

fn jamais() -> Arc<dyn Fn() -> bool + Send + Sync> {
    Arc::new(|| false)
}

/// Dumps of the schema by the installed `pg_dump`: plain, then custom.
fn exports(town: &Town, dossier: &Path) -> [PathBuf; 2] {
    let paquets = Packages::default();
    let majeure = paquets.installed().last().unwrap().major;
    let programme = paquets.client(majeure, "pg_dump").unwrap();
    let url = town.config.database_url.clone().unwrap();
    [("plain", "base.sql"), ("custom", "base.dump")].map(|(format, nom)| {
        let chemin = dossier.join(nom);
        let fait = Command::new(&programme)
            .args(["--schema=opencimetiere", &format!("--format={format}"), "--file"])
            .arg(&chemin)
            .arg(&url)
            .status()
            .unwrap();
        assert!(fait.success());
        chemin
    })
}

/// Everything that the module and the journal hold: the same when nothing changed.
async fn empreinte(town: &mut Town) -> String {
    let tables: Vec<String> = sqlx::query_scalar(
        "select format('select md5(coalesce(string_agg(t::text, '','' order by t::text), '''')) from %s t', relation) from core.objet
        where module = 'cimetiere' union all select 'select count(*)::text from core.piece_jointe'
        union all select 'select count(*)::text from core.anomalie' union all select 'select count(*)::text from core.reprise'
        union all select 'select count(*)::text from core.importation' order by 1",
    )
    .fetch_all(&mut town.owner)
    .await
    .unwrap();
    let mut parties = Vec::new();
    for sql in tables {
        parties.push(sqlx::query_scalar::<_, String>(AssertSqlSafe(sql)).fetch_one(&mut town.owner).await.unwrap());
    }
    parties.join(" ")
}

async fn dit(town: &mut Town, sql: &str) -> String {
    let lu: Option<String> =
        sqlx::query_scalar(AssertSqlSafe(format!("select ({sql})::text"))).fetch_one(&mut town.owner).await.unwrap();
    lu.unwrap_or_default()
}

/// Counts of a table: read, taken over, rejected.
fn compte(bilan: &BilanReprise, table: &str) -> (usize, usize, usize) {
    let trouve = bilan.tables.iter().find(|compte| compte.table == table).unwrap();
    (trouve.lues, trouve.reprises, trouve.rejetees)
}

fn magasin(dossier: &Path) -> PathBuf {
    let racine = dossier.join("fichiers");
    std::fs::create_dir_all(racine.join("ca/cafe")).unwrap();
    std::fs::write(racine.join("acte.pdf"), b"%PDF-1.4 fictif").unwrap();
    std::fs::write(racine.join("ca/cafe/cafe0123"), b"\xff\xd8\xff\xe0 fictive").unwrap();
    std::fs::write(racine.join("ca/cafe/cafe0123.info"), "filename=tombe fictive.jpg\n").unwrap();
    std::fs::write(racine.join("page.html"), b"<script>").unwrap();
    std::fs::write(racine.join("plan.png"), b"\x89PNG\r\n\x1a\n fictif").unwrap();
    std::fs::write(dossier.join("secret.pdf"), b"%PDF-1.4 secret").unwrap();
    racine
}

#[test]
fn a_database_of_opencimetiere_is_taken_over_whole_and_once() {
    let dossier = tempfile::tempdir().unwrap();
    let donnees = tempfile::tempdir().unwrap();
    on_cemetery_town(async |town| {
        town.config.data_dir = donnees.path().to_owned();
        monde_trace(town).await;
        let mut base = Base::fictive(7, BONS);
        let (contour, point, ailleurs): (String, String, String) = sqlx::query_as(
            "select st_buffer(st_pointonsurface(geom), 50)::text, st_pointonsurface(geom)::text, st_makeenvelope(0, 0, 1, 1, 3857)::text from cadastre.commune where insee = '99101'",
        )
        .fetch_one(&mut town.owner)
        .await
        .unwrap();
        base.change("cimetiere", "1", "geom", &contour);
        base.change("emplacement", "9003", "geom", &point);
        base.change("emplacement", "9002", "geom", &ailleurs);
        let csv = dossier.path().join("csv");
        std::fs::create_dir(&csv).unwrap();
        base.csv(&csv);
        sqlx::raw_sql(AssertSqlSafe(base.sql("opencimetiere"))).execute(&mut town.owner).await.unwrap();
        let [sql, dump] = exports(town, dossier.path());
        let fichiers = magasin(dossier.path());

        // A trial tells all, and writes nothing.
        let avant = empreinte(town).await;
        let fois = Arc::new(AtomicUsize::new(0));
        let compteur = Arc::clone(&fois);
        let compte_les = Arc::new(move || compteur.fetch_add(1, Ordering::Relaxed) == usize::MAX);
        let essai = reprendre(town, &csv, Some(&fichiers), true, compte_les).await.unwrap();
        assert!(!essai.ecrit && empreinte(town).await == avant);
        assert!(!donnees.path().join("fichiers").exists());

        // Told to stop, wherever it is, it leaves nothing.
        let questions = fois.load(Ordering::Relaxed);
        for moment in [1, questions / 2, questions - 1, questions] {
            let fois = Arc::new(AtomicUsize::new(0));
            let arrete = Arc::new(move || fois.fetch_add(1, Ordering::Relaxed) >= moment);
            let arretee = reprendre(town, &csv, Some(&fichiers), false, arrete).await;
            if let Err(error) = arretee {
                assert!(matches!(error, OpenCimetiereError::Interrompue), "{error}");
                assert_eq!(empreinte(town).await, avant, "{moment}");
            } else {
                panic!("{moment} : elle ne s'est pas arrêtée");
            }
        }

        let bilan = reprendre(town, &dump, Some(&fichiers), false, jamais()).await.unwrap();
        assert!(bilan.ecrit, "{}", bilan.texte());
        assert_eq!((&bilan.tables, &bilan.rejets, &bilan.ecarts), (&essai.tables, &essai.rejets, &essai.ecarts));
        comptes(&bilan, &base);
        faits(town).await;
        sejours(town).await;

        // Whatever the way in, the same rows: nothing changes.
        let apres = empreinte(town).await;
        for chemin in [&sql, &csv, &dump] {
            let encore = reprendre(town, chemin, Some(&fichiers), false, jamais()).await.unwrap();
            assert!(!encore.a_change(), "{} {}", chemin.display(), encore.texte());
            assert_eq!(encore.tables, bilan.tables);
            assert_eq!(empreinte(town).await, apres, "{}", chemin.display());
        }

        // A row that changed there changes its own; one that an agent changed here stays, and is told.
        let agent = agent(town, "99101", AGENT).await;
        let id = dit(town, "select id from cimetiere.personne where nom = 'QUATRE'").await;
        let uri = format!("/api/modules/cimetiere/personne/{id}?finalite=cimetiere");
        let corps = serde_json::json!({ "champs": { "telephone": "0699999999" } });
        assert_eq!(agent.patch(town, &uri, "\"1\"", &corps).await.status, 200);
        base.change("autorisation", "9006", "ville", "Ailleurs");
        base.change("autorisation", "9004", "ville", "Ailleurs");
        base.tables.get_mut("travaux").unwrap().lignes.remove(0);
        base.csv(&csv);
        let change = reprendre(town, &csv, Some(&fichiers), false, jamais()).await.unwrap();
        let personnes = change.objets.iter().find(|objet| objet.objet == "personne").unwrap();
        assert_eq!((personnes.creees, personnes.changees, personnes.gardees), (0, 1, 1));
        let dits: BTreeMap<&str, &str> =
            change.ecarts.iter().map(|ecart| (ecart.provenance.as_str(), ecart.motif.as_str())).collect();
        assert!(dits["autorisation:9006"].contains("changée dans Finage"), "{dits:?}");
        assert!(dits["travaux:1"].contains("n'est plus dans la source"), "{dits:?}");
        let villes = "select string_agg(coalesce(ville, '-'), ' ' order by nom) from cimetiere.personne where nom in ('QUATRE', 'SANSEMPLACEMENT')";
        assert_eq!(dit(town, villes).await, "- Ailleurs");
    });
}

/// In = out + rejected, and what is rejected is what must be.
fn comptes(bilan: &BilanReprise, base: &Base) {
    for table in &bilan.tables {
        assert_eq!(table.lues, base.nombre(&table.table), "{table:?}");
        assert_eq!(table.lues, table.reprises + table.rejetees, "{table:?}");
    }
    let rejetees: Vec<(&str, usize)> = bilan
        .tables
        .iter()
        .filter(|table| table.rejetees > 0)
        .map(|table| (table.table.as_str(), table.rejetees))
        .collect();
    let attendues = [
        ("contrat", 1),
        ("courrier", 1),
        ("defunt", 1),
        ("dossier", 4),
        ("emplacement", 1),
        ("operation", 2),
        ("operation_defunt", 2),
        ("travaux", 1),
    ];
    assert_eq!(rejetees, attendues, "{}", bilan.texte());
    assert_eq!(compte(bilan, "defunt_archive"), (2, 2, 0));
    assert_eq!(bilan.laissees, BTreeMap::from([("genealogie".to_owned(), 1)]));
    assert_eq!(bilan.fichiers, [3, 0], "{}", bilan.texte());
    let csv = String::from_utf8(bilan.csv()).unwrap();
    assert_eq!(csv.lines().count(), 1 + bilan.rejets.len() + bilan.ecarts.len());
    assert!(csv.contains("rejet;dossier;3;") && csv.contains("rejet;courrier;2;"), "{csv}");
}

async fn faits(town: &mut Town) {
    let attendus = [
        // Dates that are no days: the year where there is one, the text beside, an anomaly.
        (
            "select concat_ws('/', deces_le, deces_annee, naissance_annee) from cimetiere.defunt where nom = 'MOIS'",
            "2008",
        ),
        (
            "select concat_ws('/', deces_le, deces_annee, naissance_annee) from cimetiere.defunt where nom = 'ANNEE'",
            "1980/1950",
        ),
        (
            "select observation from cimetiere.defunt where nom = 'ANNEE'",
            "Date de naissance (openCimetière) : 00/00/1950\nDate de décès (openCimetière) : 31/02/1980",
        ),
        ("select count(*) from core.anomalie a join cimetiere.defunt d on d.id = a.cle where d.nom = 'MOIS'", "2"),
        ("select concat_ws('/', naissance, deces_le) from cimetiere.defunt where nom = 'INVERSE'", "1970-01-05"),
        (
            "select concat_ws('/', nom, prenoms) from cimetiere.defunt where observation like 'ligne une%'",
            "(sans nom)/O'Fictif \"le\"; vrai",
        ),
        ("select observation from cimetiere.defunt where nom = '(sans nom)'", "ligne une\nligne deux\\n ; \u{e9}"),
        // Titles written in three ways are one; another is kept in words.
        ("select string_agg(distinct civilite, ',' order by civilite) from cimetiere.personne", "madame,monsieur"),
        (
            "select observation like '%Titre : Enfant%' and observation like '%Courrier : 2011-03-12, renouvellement, relance%' from cimetiere.personne where prenoms = 'Année'",
            "true",
        ),
        // The term of openCimetière is the one of the contract.
        (
            "select string_agg(concat_ws('/', c.acte_le, c.debut_le, c.fin_le, c.duree), ' ') from cimetiere.contrat c join cimetiere.emplacement e on e.id = c.emplacement where e.numero = '902 bis'",
            "1980-05-10/2010-05-10/2040-05-10/trentenaire",
        ),
        (
            "select count(*) from cimetiere.contrat c join cimetiere.emplacement e on e.id = c.emplacement where e.numero::text ~ '^[0-9]+$' and e.numero::int <= 12 and (c.fin_le is distinct from c.acte_le + interval '30 years' or c.debut_le is not null or c.titulaire is null)",
            "0",
        ),
        (
            "select concat_ws('/', e.statut, c.duree, c.acte_le, c.fin_le) from cimetiere.contrat c join cimetiere.emplacement e on e.id = c.emplacement where e.numero = '901'",
            "occupe/trentenaire",
        ),
        (
            "select string_agg(concat_ws('/', c.etat, c.genre, c.fin_le), ' ' order by c.acte_le) from cimetiere.contrat c join cimetiere.emplacement e on e.id = c.emplacement where e.numero = '910'",
            "clos/achat/2015-06-01 signe/renouvellement/2045-06-01",
        ),
        (
            "select concat_ws('/', c.etat, c.duree, c.fin_le, p.nom) from cimetiere.contrat c join cimetiere.emplacement e on e.id = c.emplacement join cimetiere.personne p on p.id = c.titulaire where e.numero = '909'",
            "clos/cinquantenaire/2000-01-02/ANCIENNE",
        ),
        ("select statut from cimetiere.emplacement where numero = '909'", "libre"),
        (
            "select concat_ws('/', qualite, lien) from cimetiere.ayant_droit a join cimetiere.personne p on p.id = a.personne where p.nom_usage = 'D''USAGE'",
            "ayant_droit/fille",
        ),
        ("select count(*) from cimetiere.contrat where numero is not null", "0"),
        // Plots: places, natures, what has no field, what has no place.
        (
            "select string_agg(concat_ws('/', nature, places_cercueil, places_urne), ' ' order by numero) from cimetiere.emplacement where numero in ('905', '907', '908')",
            "columbarium/0/4 terrain_commun/1/0 ossuaire/0/0",
        ),
        ("select repere from cimetiere.emplacement where numero = '902 bis'", "Carré A – Rangée 1 n° 902 bis"),
        (
            "select observation like '%Position sur le plan « plan.png » : 12, 34%' or observation like '%Position sur le plan « Plan fictif » : 12, 34%' from cimetiere.emplacement where numero = '902 bis'",
            "true",
        ),
        (
            "select observation like '%Point d''openCimetière%' and geom is null from cimetiere.emplacement where numero = '903'",
            "true",
        ),
        (
            "select count(*) from core.anomalie a join cimetiere.emplacement e on e.id = a.cle where e.numero = '902 bis' and a.motif like 'géométrie laissée de côté%'",
            "1",
        ),
        ("select round(st_area(geom)) > 7000 from cimetiere.cimetiere", "true"),
        // Names that Finage holds apart.
        (
            "select string_agg(libelle, ', ' order by libelle) from cimetiere.allee",
            "Allée 2, Carré A – Rangée 1, Extension B – Rangée 1",
        ),
        (
            "select string_agg(numero, ', ' order by numero) from cimetiere.emplacement where numero like '901%'",
            "901, 901 (9011)",
        ),
        (
            "select string_agg(nom, ', ' order by nom collate \"C\") from cimetiere.entreprise",
            "MARBRERIE du modèle (2), Marbrerie du Modèle",
        ),
        // Nothing of what they were is lost: orphans are there, and told.
        (
            "select count(*) from cimetiere.defunt d where d.nom in ('ORPHELIN', 'SANSEMPLACEMENT') and not exists (select from cimetiere.sejour s where s.defunt = d.id) and exists (select from core.anomalie a where a.cle = d.id)",
            "2",
        ),
        (
            "select count(*) from cimetiere.personne p where p.nom in ('ORPHELINE', 'SANSEMPLACEMENT', 'COMMUNE') and exists (select from core.anomalie a where a.cle = p.id and a.champ = '')",
            "3",
        ),
        // Files: by their content, under their name, never from elsewhere.
        (
            "select string_agg(nom || '/' || type, ' ' order by nom) from core.piece_jointe where objet like 'cimetiere.%'",
            "acte.pdf/application/pdf plan.png/image/png tombe fictive.jpg/image/jpeg",
        ),
        // The engine's own write: history, journal, purpose.
        ("select count(*) > 0 from journal.acte where action = 'importer'", "true"),
    ];
    for (sql, attendu) in attendus {
        assert_eq!(dit(town, sql).await, attendu, "{sql}");
    }
}

/// Stays, each from when to when as far as dates say; operations of before.
async fn sejours(town: &mut Town) {
    let sql = |nom: &str| {
        format!(
            "select string_agg(concat_ws('/', e.numero, s.forme, s.du, s.du_annee, s.au, o.genre), ' ' order by s.du nulls first, s.au)
            from cimetiere.sejour s join cimetiere.defunt d on d.id = s.defunt join cimetiere.emplacement e on e.id = s.emplacement
            left join cimetiere.operation o on o.id = s.sortie where d.nom = '{nom}'"
        )
    };
    for (nom, attendu) in [
        ("MOIS", "901/cercueil/2008"),
        ("REDUIT", "903/cercueil/1960-02-03/1990-04-05/reduction 903/reliquaire/1990-04-05"),
        ("REDUITSANSDATE", "903/reliquaire/1961-02-03"),
        ("EXHUME", "903/cercueil/1962-02-03/1999-09-09/exhumation"),
        ("EXHUMESANSDATE", ""),
        ("TRANSFERE", "903/cercueil/1985-01-01/1995-06-07/transfert 902 bis/cercueil/1995-06-07"),
        ("OSSUAIRE", "908/reliquaire"),
        ("PARTI", "909/cercueil/1956-01-01/2001-02-03/exhumation"),
    ] {
        assert_eq!(dit(town, &sql(nom)).await, attendu, "{nom}");
    }
    let operations = "select string_agg(concat_ws('/', o.genre, o.etat, o.realisee_le, o.prevue_le, o.prevue_a, o.ancien_numero, d.nom), ' ' order by o.genre, o.prevue_le nulls first, d.nom) from cimetiere.operation o join cimetiere.defunt d on d.id = o.defunt";
    assert_eq!(
        dit(town, operations).await,
        "exhumation/realisee/EXHUMESANSDATE exhumation/realisee/1999-09-09/1999-09-09/EXHUME exhumation/realisee/2001-02-03/2001-02-03/PARTI \
         inhumation/realisee/EXHUME inhumation/demandee/2099-01-02/09:00:00/8/ANNONCEE reduction/realisee/1990-04-05/1990-04-05/REDUIT \
         transfert/realisee/1995-06-07/1995-06-07/14:30:00/7/TRANSFERE"
    );
}

#[test]
fn what_is_no_database_of_opencimetiere_is_refused_and_nothing_of_it_is_run() {
    let dossier = tempfile::tempdir().unwrap();
    on_cemetery_town(async |town| {
        monde_trace(town).await;
        let temoin = dossier.path().join("temoin");
        let hostile = format!(
            "create table public.emplacement (emplacement integer);\ncopy public.emplacement from program 'touch {}';\ndrop schema cimetiere cascade;\n\\! touch {}\n",
            temoin.display(),
            temoin.display()
        );
        for (nom, octets) in [
            ("hostile.sql", hostile.as_bytes()),
            ("autre.sql", b"create table public.a (b integer);\ncopy public.a (b) from stdin;\n1\n\\.\n"),
            ("tronque.dump", b"PGDMP\x01\x0e\x00"),
            ("vide.sql", b""),
        ] {
            let chemin = dossier.path().join(nom);
            std::fs::write(&chemin, octets).unwrap();
            assert!(reprendre(town, &chemin, None, false, jamais()).await.is_err(), "{nom}");
        }
        assert!(!temoin.exists());
        assert_eq!(dit(town, "select count(*) from cimetiere.emplacement").await, "0");
    });
}
