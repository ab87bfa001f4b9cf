//! Rows that anybody deposits through a form that a manifest opens, and that the public never reads back.
//!
//! The pen is made here from the manifest: the fields of the form on a new row, and nothing of any other. Whoever deposits
//! gets the number of the row and no more. The row is written for the collectivité of what it names, in a transaction of
//! that collectivité without an account: its history, its journal and its rules are those of any row.

use finage_manifest::Deposit;
use serde_json::{Map, Value};
use sqlx::{AssertSqlSafe, QueryBuilder};
use thiserror::Error;
use tokio::task::spawn_blocking;
use uuid::Uuid;

use super::objets::{FauteChamp, Modele, Nouveau, ObjetError, Plume, Saisie, attache, cle};
use super::registry::Registry;
use crate::db::{Acteur, Canal, CollectiviteId, Collectivites, TenantTx};
use crate::fichiers::{Depot, FichierError, Genre, nettoye};

/// Longest file, bytes.
pub const MAX_PIECE: usize = 5 << 20;
/// The field of files in the form.
pub const FICHIERS: &str = "fichiers";
/// Kinds of files taken.
const GENRES: [&str; 4] = ["application/pdf", "image/jpeg", "image/png", "image/webp"];
/// Longest text without a bound of its own, characters: a letter.
const MAX_TEXTE: usize = 4_000;

/// A file sent with the form.
#[derive(Debug, Clone)]
pub struct Piece {
    /// Its name, as it was sent.
    pub nom: String,
    /// Its content.
    pub octets: Vec<u8>,
}

/// What is sent through a form.
#[derive(Debug)]
pub struct Envoi<'a> {
    /// Its object.
    pub modele: &'static Modele,
    /// What the manifest says of the form.
    pub formulaire: &'a Deposit,
    /// Fields.
    pub champs: Map<String, Value>,
    /// Given with the form: the same form sent twice makes one row.
    pub jeton: Uuid,
    /// Where it comes from, as it is counted.
    pub adresse: &'a str,
    /// Files.
    pub pieces: Vec<Piece>,
    /// Where files lie.
    pub depot: Depot,
    /// System in which geometries are kept.
    pub storage: u32,
}

/// Why a deposit is not taken.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum DepotError {
    /// Fields that are refused, each with its reason.
    #[error("Des réponses sont à corriger.")]
    Champs(Vec<FauteChamp>),
    /// That address sent as many as it may in a day.
    #[error(
        "Votre connexion a déjà envoyé aujourd'hui tout ce qu'elle peut ; recommencez demain, ou écrivez à la mairie."
    )]
    Adresse,
    /// As many came as may in a day.
    #[error("Trop de formulaires ont été reçus aujourd'hui ; recommencez demain, ou écrivez à la mairie.")]
    Jour,
    /// The module does not take deposits as it is.
    #[error("Ce formulaire n'est pas ouvert ; écrivez à la mairie.")]
    Ferme,
    /// A file could not be kept.
    #[error(transparent)]
    Fichier(#[from] FichierError),
    /// What any row meets.
    #[error(transparent)]
    Objet(#[from] ObjetError),
    /// The database refused.
    #[error(transparent)]
    Base(#[from] sqlx::Error),
}

/// Takes a deposit, and gives the number of its row.
///
/// # Errors
/// See [`DepotError`].
pub async fn depose(
    collectivites: &Collectivites,
    registry: &Registry,
    envoi: &Envoi<'_>,
) -> Result<String, DepotError> {
    let mut manques = manques(envoi);
    let genres = genres(envoi, &mut manques);
    if !manques.is_empty() {
        return Err(DepotError::Champs(manques));
    }
    let (collectivite, insee) = destinataire(collectivites, registry, envoi).await?;
    let lisible = |modele: &Modele| registry.droit_public(modele);
    let plume = Plume::de_depot(envoi.modele, &envoi.formulaire.fields, &lisible).ok_or(DepotError::Ferme)?;
    let acteur = Acteur { utilisateur: None, collectivite, canal: Canal::Page };
    let id = cle(&acteur, envoi.modele, &envoi.jeton.to_string());
    let mut tx = collectivites.begin(&acteur).await?;
    let saisie = Saisie { champs: &envoi.champs, geometrie: None, insee: insee.as_deref() };
    let neuf = match plume.creer(&mut tx, id, &saisie, envoi.storage).await {
        Err(ObjetError::Champs(fautes)) => return Err(DepotError::Champs(fautes)),
        autre => autre?,
    };
    if neuf {
        compte(&mut tx, envoi, collectivite).await?;
        for (piece, genre) in genres {
            let nouveau = pose(&envoi.depot, piece, genre).await?;
            attache(&mut tx, envoi.modele, id, &nouveau).await?;
        }
    }
    let numero = numero(&mut tx, envoi.modele, id).await?;
    tx.commit().await?;
    Ok(numero)
}

/// Answers that are missing or too long, before anything is asked of the database.
fn manques(envoi: &Envoi<'_>) -> Vec<FauteChamp> {
    let texte = |nom: &str| envoi.champs.get(nom).and_then(Value::as_str).unwrap_or_default();
    let vide = |nom: &&String| {
        envoi
            .champs
            .get(*nom)
            .is_none_or(|valeur| valeur.is_null() || valeur.as_str().is_some_and(|t| t.trim().is_empty()))
    };
    let requis = envoi.formulaire.required.iter().chain([&envoi.formulaire.to]).filter(vide);
    let mut fautes: Vec<FauteChamp> = requis.map(|nom| FauteChamp::new(nom, "cette réponse est nécessaire")).collect();
    let sans_borne = envoi.modele.regles.iter().filter(|regle| regle.max == 0);
    let longs = sans_borne.filter(|regle| texte(regle.champ).chars().count() > MAX_TEXTE);
    fautes.extend(longs.map(|regle| FauteChamp::new(regle.champ, format!("{MAX_TEXTE} caractères au plus"))));
    fautes
}

/// The kinds of the files that were sent; what is refused of them is said.
fn genres<'a>(envoi: &'a Envoi<'_>, fautes: &mut Vec<FauteChamp>) -> Vec<(&'a Piece, Genre)> {
    let mut refuse = |phrase: String| fautes.push(FauteChamp::new(FICHIERS, phrase));
    if envoi.pieces.len() > usize::from(envoi.formulaire.files) {
        refuse(format!("{} fichiers au plus", envoi.formulaire.files));
        return Vec::new();
    }
    let mut lus = Vec::new();
    for piece in &envoi.pieces {
        let genre = Genre::reconnu(&piece.nom, &piece.octets);
        match genre {
            Ok(genre) if GENRES.contains(&genre.media) && piece.octets.len() <= MAX_PIECE => lus.push((piece, genre)),
            Ok(_) if piece.octets.len() > MAX_PIECE => refuse(format!("un fichier dépasse {} Mio", MAX_PIECE >> 20)),
            _ => refuse("un fichier n'est ni un PDF, ni une image JPEG, PNG ou WebP".to_owned()),
        }
    }
    lus
}

/// Lays a file on the disk.
async fn pose(depot: &Depot, piece: &Piece, genre: Genre) -> Result<Nouveau, DepotError> {
    let (depot, octets, nom) = (depot.clone(), piece.octets.clone(), nettoye(&piece.nom));
    let taille = octets.len();
    let empreinte = spawn_blocking(move || depot.pose(&octets)).await.map_err(|_| DepotError::Ferme)??;
    Ok(Nouveau { nom, genre, octets: taille, empreinte })
}

/// Longest answer of a field, characters.
#[must_use]
pub fn longueur(max: usize) -> usize {
    if max == 0 { MAX_TEXTE } else { max }
}

/// The collectivité that receives, and the commune: those of the row that the form names, as the public reads it.
async fn destinataire(
    collectivites: &Collectivites,
    registry: &Registry,
    envoi: &Envoi<'_>,
) -> Result<(CollectiviteId, Option<String>), DepotError> {
    let vers = &envoi.formulaire.to;
    let inconnu = || DepotError::Champs(vec![FauteChamp::new(vers, "choisissez dans la liste")]);
    let cible = envoi.modele.regle(vers).and_then(|regle| regle.lien?.cible()).ok_or(DepotError::Ferme)?;
    let regard = registry.publique(cible).ok_or(DepotError::Ferme)?;
    let id: Uuid = envoi.champs.get(vers).and_then(|valeur| valeur.as_str()?.parse().ok()).ok_or_else(inconnu)?;
    let mut tx = collectivites.begin_public(Canal::Page).await?;
    let mut requete = QueryBuilder::new("select o.collectivite, o.insee from ");
    requete.push(cible.relation()).push(" o where o.archivee_le is null and o.id = ").push_bind(id).push(" and ");
    regard.pousse_condition(&mut requete);
    let trouve: Option<(i32, Option<String>)> = requete.build_query_as().fetch_optional(&mut *tx).await?;
    trouve.map(|(collectivite, insee)| (CollectiviteId(collectivite), insee)).ok_or_else(inconnu)
}

async fn compte(tx: &mut TenantTx, envoi: &Envoi<'_>, collectivite: CollectiviteId) -> Result<(), DepotError> {
    let trop: String = sqlx::query_scalar("select core.compter_depot($1, $2, $3, $4)")
        .bind(format!("{} {}", envoi.modele.objet.nom, collectivite.0))
        .bind(envoi.adresse)
        .bind(i32::from(envoi.formulaire.per_address))
        .bind(i32::from(envoi.formulaire.per_day))
        .fetch_one(&mut **tx)
        .await?;
    match trop.as_str() {
        "" => Ok(()),
        "adresse" => Err(DepotError::Adresse),
        _ => Err(DepotError::Jour),
    }
}

async fn numero(tx: &mut TenantTx, modele: &Modele, id: Uuid) -> Result<String, DepotError> {
    let champ = modele.registre.as_ref().ok_or(DepotError::Ferme)?.champ;
    // Names are those of a checked manifest.
    let sql = format!("select o.\"{champ}\"::text from {} o where o.id = $1", modele.relation());
    let numero: Option<String> = sqlx::query_scalar(AssertSqlSafe(sql)).bind(id).fetch_one(&mut **tx).await?;
    numero.ok_or(DepotError::Ferme)
}
