//! What steps make of money: the invoice of a contract or of an operation, its payment, the credit note that undoes it.

use serde_json::{Map, Value, json};
use sqlx::FromRow;
use uuid::Uuid;

use crate::modules::crochet::{Lecture, Pas, Produit};

/// Rows of the step of a row.
pub(super) async fn produits(lecture: &mut Lecture<'_>, pas: Pas<'_>) -> sqlx::Result<Vec<Produit>> {
    match (pas.objet, pas.etape) {
        ("contrat", "facturer") => facture_du_contrat(lecture, pas.id).await,
        ("contrat", "rembourser") => avoir_de_retrocession(lecture, pas.id).await,
        ("operation", "facturer") => facture_de_l_operation(lecture, pas.id).await,
        ("facture", "avoir") => avoir(lecture, pas.id).await,
        ("contrat" | "operation", "encaisser") | ("facture", "encaisser" | "rembourser") => {
            encaissements(lecture, pas.id).await
        }
        _ => Ok(Vec::new()),
    }
}

#[derive(Debug, FromRow)]
struct ContratAFacturer {
    id: Uuid,
    destinataire: Option<Uuid>,
    prix: Option<String>,
    rembourse: Option<String>,
    tarif: Option<Uuid>,
    libelle: String,
    origine: Option<Uuid>,
}

async fn contrat(lecture: &mut Lecture<'_>, id: Uuid) -> sqlx::Result<Option<ContratAFacturer>> {
    let lus: Vec<ContratAFacturer> = lecture.lignes(include_str!("sql/contrats_a_facturer.sql"), &[id]).await?;
    Ok(lus.into_iter().next())
}

async fn facture_du_contrat(lecture: &mut Lecture<'_>, id: Uuid) -> sqlx::Result<Vec<Produit>> {
    let Some(lu) = contrat(lecture, id).await? else { return Ok(Vec::new()) };
    let ligne = json!({ "libelle": lu.libelle, "prix": lu.prix, "tarif": lu.tarif });
    let piece = json!({ "destinataire": lu.destinataire, "contrat": lu.id });
    Ok(vec![emise(champs(piece), vec![champs(ligne)])])
}

/// What the commune gives back corrects the invoice of the concession, where this Finage made it.
async fn avoir_de_retrocession(lecture: &mut Lecture<'_>, id: Uuid) -> sqlx::Result<Vec<Produit>> {
    let Some(lu) = contrat(lecture, id).await? else { return Ok(Vec::new()) };
    let rendu = lu.rembourse.map(|montant| format!("-{montant}"));
    // The share of the CCAS stays with it.
    let ligne = json!({ "libelle": lu.libelle, "prix": rendu, "ccas": "0" });
    let piece = json!({ "genre": "avoir", "destinataire": lu.destinataire, "contrat": lu.id, "origine": lu.origine });
    Ok(vec![emise(champs(piece), vec![champs(ligne)])])
}

#[derive(Debug, FromRow)]
pub(super) struct OperationAFacturer {
    pub id: Uuid,
    destinataire: Option<Uuid>,
    pub tarif: Option<Uuid>,
    prix: Option<String>,
    quantite: String,
    libelle: String,
}

/// Operations, with the tariff that prices them; none where none does.
pub(super) async fn operations(lecture: &mut Lecture<'_>, ids: &[Uuid]) -> sqlx::Result<Vec<OperationAFacturer>> {
    lecture.lignes(include_str!("sql/operations_a_facturer.sql"), ids).await
}

async fn facture_de_l_operation(lecture: &mut Lecture<'_>, id: Uuid) -> sqlx::Result<Vec<Produit>> {
    let lues = operations(lecture, &[id]).await?;
    let pieces = lues.into_iter().map(|lue| {
        let ligne = json!({ "libelle": lue.libelle, "prix": lue.prix, "quantite": lue.quantite, "tarif": lue.tarif });
        let piece = json!({ "destinataire": lue.destinataire, "operation": lue.id });
        emise(champs(piece), vec![champs(ligne)])
    });
    Ok(pieces.collect())
}

#[derive(Debug, FromRow)]
struct Rendue {
    destinataire: Uuid,
    contrat: Option<Uuid>,
    operation: Option<Uuid>,
    libelle: String,
    tarif: Option<Uuid>,
    quantite: String,
    prix: String,
    ccas: String,
}

/// The credit note of an invoice: its lines, the other way round.
async fn avoir(lecture: &mut Lecture<'_>, id: Uuid) -> sqlx::Result<Vec<Produit>> {
    let lignes: Vec<Rendue> = lecture.lignes(include_str!("sql/lignes_a_rendre.sql"), &[id]).await?;
    let Some(premiere) = lignes.first() else { return Ok(Vec::new()) };
    let piece = json!({ "genre": "avoir", "origine": id, "destinataire": premiere.destinataire,
        "contrat": premiere.contrat, "operation": premiere.operation });
    let rendues = lignes.iter().map(|une| {
        champs(json!({ "libelle": une.libelle, "tarif": une.tarif, "quantite": une.quantite, "prix": une.prix, "ccas": une.ccas }))
    });
    Ok(vec![emise(champs(piece), rendues.collect())])
}

#[derive(Debug, FromRow)]
struct ARegler {
    id: Uuid,
    le: String,
    reste: String,
    mode: Option<String>,
    reference: Option<String>,
    recu: Option<String>,
}

/// Payments of all that is left of the invoices of a row.
async fn encaissements(lecture: &mut Lecture<'_>, id: Uuid) -> sqlx::Result<Vec<Produit>> {
    let pieces: Vec<ARegler> = lecture.lignes(include_str!("sql/pieces_a_regler.sql"), &[id]).await?;
    let regle = |piece: ARegler| Produit {
        objet: "encaissement",
        champs: champs(json!({ "facture": piece.id, "le": piece.le, "montant": piece.reste,
            "mode": piece.mode, "reference": piece.reference, "recu": piece.recu })),
        enfants: Vec::new(),
        etape: None,
    };
    Ok(pieces.into_iter().map(regle).collect())
}

/// An invoice or a credit note, issued with its lines: its number is taken, its document made.
fn emise(piece: Map<String, Value>, lignes: Vec<Map<String, Value>>) -> Produit {
    let ligne = |champs| ("facture", Produit { objet: "ligne_facture", champs, enfants: Vec::new(), etape: None });
    Produit {
        objet: "facture",
        champs: piece,
        enfants: lignes.into_iter().map(ligne).collect(),
        etape: Some("emettre"),
    }
}

/// Fields as a request gives them: what is empty is left out.
fn champs(valeur: Value) -> Map<String, Value> {
    let Value::Object(champs) = valeur else { return Map::new() };
    champs.into_iter().filter(|(_, valeur)| !valeur.is_null()).collect()
}
