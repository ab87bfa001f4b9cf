//! One table of the export: its statement, its CSV, its GeoPackage.

use std::fs::File;
use std::io::BufWriter;
use std::path::Path;

use finage_export::{Colonne, Crs, Genre, Ligne, Table, Valeur, csv, gpkg};
use futures::TryStreamExt as _;
use geozero::ToGeo as _;
use geozero::wkb::Ewkb;
use sqlx::PgConnection;
use time::format_description::well_known::Rfc3339;
use time::{Date, OffsetDateTime};
use tokio::sync::mpsc;

use super::catalogue::{Champ, Nature};
use super::paquet::Paquet;
use crate::backup::{Arret, BackupError, disque};

/// Rows waiting to be written.
const AVANCE: usize = 256;
/// Columns that name an attachment by the SHA-256 of its content.
const EMPREINTES: [&str; 2] = ["sha256", "empreinte"];

/// A table of the export.
#[derive(Debug)]
pub(super) struct Feuille {
    /// Its file, without its extension.
    pub(super) fichier: String,
    pub(super) titre: String,
    pub(super) champs: Vec<Champ>,
    /// Quoted by us: `schema.table` of the catalogue.
    relation: String,
    /// Which rows: $1 is the collectivité.
    filtre: &'static str,
}

impl Feuille {
    pub(super) fn table(fichier: &str, titre: &str, relation: &str, champs: Vec<Champ>, filtre: &'static str) -> Self {
        let (fichier, titre, relation) = (fichier.to_owned(), titre.to_owned(), relation.to_owned());
        Self { fichier, titre, champs, relation, filtre }
    }

    /// The first geometry; others are written as text.
    pub(super) fn geometrie(&self) -> Option<(&Champ, u32)> {
        self.champs.iter().find_map(|champ| match champ.nature {
            Nature::Geometrie(srid) => Some((champ, srid)),
            _ => None,
        })
    }

    /// Columns but the geometry.
    fn valeurs(&self) -> impl Iterator<Item = &Champ> {
        let geometrie = self.geometrie().map(|(champ, _)| champ.nom.clone());
        self.champs.iter().filter(move |champ| Some(&champ.nom) != geometrie.as_ref())
    }

    fn sql(&self) -> String {
        let valeurs: Vec<String> = self.valeurs().map(expression).collect();
        let geom = self.geometrie().map_or_else(
            || "null::bytea".to_owned(),
            |(champ, _)| format!("public.st_asewkb(public.st_curvetoline(public.st_force2d({})))", cite(&champ.nom)),
        );
        let (relation, filtre) = (&self.relation, self.filtre);
        // The key comes first in every table.
        let ordre = self.champs.first().map_or_else(|| "1".to_owned(), |champ| cite(&champ.nom));
        format!(
            "select array[{}]::text[], {geom} from {relation} where ({filtre}) order by {ordre}",
            valeurs.join(", ")
        )
    }

    /// The statement that lists attachments; none when no column names any.
    pub(super) fn fichiers(&self) -> Option<String> {
        let colonnes = self.champs.iter().filter(|champ| EMPREINTES.contains(&champ.nom.as_str()));
        let listes: Vec<String> = colonnes
            .map(|champ| {
                let nom = cite(&champ.nom);
                let texte = if champ.nature == Nature::Octets {
                    format!("encode({nom}, 'hex')")
                } else {
                    format!("{nom}::text")
                };
                format!("select {texte} as nom from {} where ({}) and {nom} is not null", self.relation, self.filtre)
            })
            .collect();
        (!listes.is_empty())
            .then(|| format!("select distinct nom from ({}) liste order by nom", listes.join(" union all ")))
    }

    /// Writes the rows of a collectivité; gives their number.
    pub(super) async fn ecrit(
        &self,
        connection: &mut PgConnection,
        collectivite: i32,
        paquet: &Paquet,
        arret: &Arret,
    ) -> Result<usize, BackupError> {
        let crs = match self.geometrie() {
            None => Crs::wgs84(),
            Some((_, srid)) => systeme(connection, srid).await?,
        };
        let csv = paquet.place(&format!("{}.csv", self.fichier))?;
        let wkt = self.geometrie().is_some();
        let lignes =
            self.passe(connection, collectivite, &crs, arret, move |table, lignes| ecrit_csv(&csv, table, lignes, wkt));
        let lignes = lignes.await?;
        if wkt {
            let gpkg = paquet.place(&format!("{}.gpkg", self.fichier))?;
            let ecrites = self.passe(connection, collectivite, &crs, arret, move |table, lignes| {
                Ok(gpkg::ecrire(&gpkg, table, lignes)?)
            });
            ecrites.await?;
        }
        Ok(lignes)
    }

    /// Reads the rows once, into what writes them on a thread of its own.
    async fn passe(
        &self,
        connection: &mut PgConnection,
        collectivite: i32,
        crs: &Crs,
        arret: &Arret,
        ecrit: impl FnOnce(&Table, Recues) -> Result<usize, BackupError> + Send + 'static,
    ) -> Result<usize, BackupError> {
        let nom = self.fichier.rsplit('/').next().unwrap_or(&self.fichier);
        let genres: Vec<Genre> = self.valeurs().map(genre).collect();
        let colonnes = self.valeurs().map(|champ| Colonne::new(nom_exporte(&champ.nom), genre(champ))).collect();
        let table = Table::new(nom, &self.titre, colonnes, crs.clone())?;
        let (envoie, recoit) = mpsc::channel(AVANCE);
        let ecriture = tokio::task::spawn_blocking(move || ecrit(&table, Recues(recoit)));
        let lecture = async {
            let requete = sqlx::query_as(sqlx::AssertSqlSafe(self.sql())).bind(collectivite);
            let mut rangees = requete.fetch(connection);
            while let Some((textes, geom)) = arret.pendant(rangees.try_next()).await? {
                if envoie.send(ligne(textes, geom, &genres)?).await.is_err() {
                    // The writer left: it says why.
                    break;
                }
            }
            Ok::<(), BackupError>(())
        };
        let lue = lecture.await;
        drop(envoie);
        let ecrite = ecriture.await?;
        lue?;
        ecrite
    }
}

/// Rows as they come.
struct Recues(mpsc::Receiver<Ligne>);

impl Iterator for Recues {
    type Item = Ligne;

    fn next(&mut self) -> Option<Ligne> {
        self.0.blocking_recv()
    }
}

fn ecrit_csv(chemin: &Path, table: &Table, lignes: Recues, wkt: bool) -> Result<usize, BackupError> {
    let fichier = File::create_new(chemin).map_err(disque("écriture", chemin))?;
    Ok(csv::ecrire(BufWriter::new(fichier), table, lignes, csv::Options { wkt, ..csv::Options::default() })?)
}

/// What finage-export keeps to itself is named otherwise.
fn nom_exporte(nom: &str) -> &str {
    match nom {
        "fid" => "fid_source",
        "geom" => "geom_source",
        nom => nom,
    }
}

fn genre(champ: &Champ) -> Genre {
    match champ.nature {
        Nature::Valeur(genre) => genre,
        _ => Genre::Texte,
    }
}

/// A column as text.
fn expression(champ: &Champ) -> String {
    let nom = cite(&champ.nom);
    match champ.nature {
        Nature::Instant => format!("to_json({nom}) #>> '{{}}'"),
        Nature::Octets => format!("translate(encode({nom}, 'base64'), e'\\n', '')"),
        Nature::Geometrie(_) => format!("public.st_astext({nom})"),
        Nature::Valeur(_) => format!("{nom}::text"),
    }
}

fn cite(nom: &str) -> String {
    format!("\"{}\"", nom.replace('"', "\"\""))
}

fn ligne(textes: Vec<Option<String>>, geom: Option<Vec<u8>>, genres: &[Genre]) -> Result<Ligne, BackupError> {
    let valeurs =
        textes.into_iter().zip(genres).map(|(texte, genre)| texte.map_or(Valeur::Vide, |texte| valeur(texte, *genre)));
    let illisible =
        |error: geozero::error::GeozeroError| BackupError::Differe(format!("géométrie illisible ({error})"));
    let geometrie = geom.map(|octets| Ewkb(octets.as_slice()).to_geo().map_err(illisible)).transpose()?;
    Ok(Ligne { valeurs: valeurs.collect(), geometrie })
}

/// A value of its kind; as text where it has none (an infinite date).
fn valeur(texte: String, genre: Genre) -> Valeur {
    let lue = match genre {
        Genre::Texte => None,
        Genre::Entier => texte.parse().ok().map(Valeur::Entier),
        Genre::Reel => texte.parse().ok().map(Valeur::Reel),
        Genre::Decimal => texte.parse().ok().map(Valeur::Decimal),
        Genre::Booleen => Some(Valeur::Booleen(texte == "true")),
        Genre::Date => {
            Date::parse(&texte, time::macros::format_description!("[year]-[month]-[day]")).ok().map(Valeur::Date)
        }
        Genre::Instant => OffsetDateTime::parse(&texte, &Rfc3339).ok().map(Valeur::Instant),
    };
    lue.unwrap_or(Valeur::Texte(texte))
}

/// A system as PostGIS knows it; 0 is that of the database.
async fn systeme(connection: &mut PgConnection, srid: u32) -> sqlx::Result<Crs> {
    let (srid, definition): (i32, String) = sqlx::query_as(include_str!("../sql/systeme.sql"))
        .bind(i32::try_from(srid).unwrap_or_default())
        .fetch_one(connection)
        .await?;
    let nom = definition.split('"').nth(1).map_or_else(|| format!("EPSG:{srid}"), str::to_owned);
    Ok(Crs { srid: srid.unsigned_abs(), nom, definition })
}
