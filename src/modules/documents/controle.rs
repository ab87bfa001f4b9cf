//! Whether the templates of a module can be read and its queries run, before it is installed.

use std::collections::BTreeMap;
use std::path::Path;

use finage_documents::{Gabarit, GabaritError};
use finage_manifest::{Catalogue, Fault, Folder, Known, Module, OPEN, Query, QueryPart};
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};

/// Everything wrong in the templates of a module; blocking, a few milliseconds a template.
#[must_use]
pub fn controle(module: &Module) -> Vec<Fault> {
    let documents = || module.objects.values().flat_map(|objet| &objet.file.documents);
    let joints = joints(&module.folder, || documents().map(|document| document.template.as_str()));
    let mut fautes = Vec::new();
    for document in documents() {
        let chemin = format!("documents/{}", document.template);
        let Ok(texte) = module.folder.text(&chemin) else { continue };
        if let Err(cause) = Gabarit::compile(texte, joints.clone()) {
            fautes.extend(dites(&chemin, &cause));
        }
    }
    fautes
}

/// Every query that the database does not take: a column that is not there, a type that does not compare.
///
/// # Errors
/// The database is gone.
pub async fn eprouve(
    tx: &mut PgConnection,
    module: &Module,
    catalogue: &Catalogue,
    known: &Known,
) -> sqlx::Result<Vec<Fault>> {
    let documents = module.objects.values().flat_map(|objet| &objet.file.documents);
    let documents = documents.flat_map(|document| document.queries.values());
    let bilans = module.file.reports.iter().flat_map(|bilan| &bilan.tables);
    let chemins = documents
        .map(|fichier| format!("documents/{fichier}"))
        .chain(bilans.map(|table| format!("reports/{}", table.query)));
    let mut fautes = Vec::new();
    for chemin in chemins {
        let lue = module.folder.text(&chemin).and_then(|texte| Query::read(&chemin, texte));
        let Ok(lue) = lue else { continue };
        let mut essai = tx.begin().await?;
        let refus = essai.execute(AssertSqlSafe(a_vide(&lue, module, catalogue, known))).await.err();
        essai.rollback().await?;
        match refus {
            None => {}
            Some(cause) if cause.as_database_error().is_none() => return Err(cause),
            Some(cause) => {
                let dit = cause.as_database_error().map(|cause| cause.message().to_owned()).unwrap_or_default();
                fautes.push(Fault {
                    file: chemin,
                    line: None,
                    message: format!("la base refuse cette requête : {dit}"),
                });
            }
        }
    }
    Ok(fautes)
}

/// A query over objects without a row, for parameters without a value.
fn a_vide(lue: &Query, module: &Module, catalogue: &Catalogue, known: &Known) -> String {
    let colonnes = lue.results.iter().map(|(nom, genre)| format!("(q.\"{nom}\")::{}", genre.sql()));
    let mut sql = format!("select {} from (", colonnes.collect::<Vec<_>>().join(", "));
    for part in &lue.parts {
        sql.push(' ');
        match part {
            QueryPart::Sql(texte) => sql.push_str(texte),
            QueryPart::Param(nom) => {
                let genre = lue.params.iter().find(|(connu, _)| connu == nom).map_or("text", |(_, genre)| genre.sql());
                sql.push_str("null::");
                sql.push_str(genre);
            }
            QueryPart::Object(nom) if OPEN.contains(&nom.as_str()) => sql.push_str(nom),
            QueryPart::Object(nom) => sql.push_str(&vide(nom, module, catalogue, known)),
        }
    }
    sql + "\n) q limit 0"
}

/// What the rows of an object have, in queries.
fn vide(nom: &str, module: &Module, catalogue: &Catalogue, known: &Known) -> String {
    const TENUES: [&str; 6] = ["id", "insee", "creee_le", "collectivite", "version", "archivee_le"];
    let court = nom.strip_prefix(&format!("{}.", module.id())).unwrap_or(nom);
    let objet = module.objects.get(court);
    let table = objet.map(|objet| &objet.file.table).or_else(|| known.objects.get(nom));
    let trouvees = table.and_then(|table| catalogue.tables.get(table)).map_or(&[][..], |table| &table.columns);
    let cachee = |nom: &str| objet.and_then(|objet| objet.file.fields.get(nom)).is_some_and(|champ| champ.hidden);
    let mut colonnes = vec!["null::uuid as id", "null::text as insee", "null::timestamptz as creee_le"]
        .into_iter()
        .map(str::to_owned)
        .collect::<Vec<_>>();
    for (engendree, genre) in [("titre", "text"), ("libelles", "jsonb")] {
        if trouvees.iter().all(|colonne| colonne.name != engendree) {
            colonnes.push(format!("null::{genre} as {engendree}"));
        }
    }
    let montrees = trouvees.iter().filter(|colonne| {
        !TENUES.contains(&colonne.name.as_str()) && colonne.base != "geometry" && !cachee(&colonne.name)
    });
    colonnes
        .extend(montrees.map(|colonne| format!("null::{} as \"{}\"", colonne.sql, colonne.name.replace('"', "\"\""))));
    format!("(select {} where false)", colonnes.join(", "))
}

fn dites(chemin: &str, cause: &GabaritError) -> Vec<Fault> {
    let GabaritError::Gabarit(defauts) = cause else {
        return vec![Fault { file: chemin.to_owned(), line: None, message: cause.to_string() }];
    };
    let dite = |defaut: &finage_documents::Defaut| Fault {
        file: defaut.fichier.as_ref().map_or_else(|| chemin.to_owned(), |fichier| format!("documents/{fichier}")),
        line: defaut.place.map(|(ligne, _)| ligne),
        message: defaut.phrase.clone(),
    };
    defauts.iter().map(dite).collect()
}

/// Files of `documents/` that templates may name: pictures, and texts that are no template themselves.
pub(super) fn joints<'a, G: Iterator<Item = &'a str>>(
    folder: &Folder,
    gabarits: impl Fn() -> G,
) -> BTreeMap<String, Vec<u8>> {
    let admis = |nom: &str| {
        let texte = Path::new(nom).extension().is_some_and(|extension| extension == "typ")
            && !gabarits().any(|gabarit| gabarit == nom);
        !nom.contains('/') && (texte || [".png", ".jpg", ".jpeg", ".svg"].iter().any(|fin| nom.ends_with(fin)))
    };
    let fichiers = folder.iter().filter_map(|(chemin, octets)| Some((chemin.strip_prefix("documents/")?, octets)));
    fichiers.filter(|(nom, _)| admis(nom)).map(|(nom, octets)| (nom.to_owned(), octets.to_vec())).collect()
}
