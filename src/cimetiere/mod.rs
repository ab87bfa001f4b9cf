//! The cemetery: what its manifest cannot say. Rules are those of `finage_cimetiere`, asked of the rows as they stand.

mod contrat;
mod defunt;
mod emplacement;
mod facture;
pub mod opencimetiere;
mod operation;
mod plan;
mod prix;
mod procedure;
mod recette;
mod travaux;

use futures::future::BoxFuture;
use uuid::Uuid;

use crate::modules::crochet::{Acte, Calculees, Lecture, Manquement, ModuleHook, Pas, Produit};

/// The program of the module `cimetiere`.
#[derive(Debug)]
pub struct Cimetiere;

impl ModuleHook for Cimetiere {
    fn module(&self) -> &'static str {
        "cimetiere"
    }

    fn computes(&self) -> &'static [(&'static str, &'static [&'static str])] {
        &[
            ("contrat", &["fin_le", "prix_propose", "tarif_propose", "rembourse_propose", "calcul"]),
            ("defunt", &["emplacement", "inhume_le", "inhume_annee"]),
            ("emplacement", &["statut", "echeance", "annee_fin", "libres_cercueil", "libres_urne", "gagnables"]),
            ("procedure", &["etape", "prochaine", "prochaine_le"]),
        ]
    }

    fn judge<'a>(
        &'a self,
        lecture: &'a mut Lecture<'_>,
        acte: &'a Acte<'_>,
    ) -> BoxFuture<'a, sqlx::Result<Vec<(Uuid, Manquement)>>> {
        Box::pin(async move {
            match acte.objet {
                "contrat" => contrat::juge(lecture, acte).await,
                "operation" => operation::juge(lecture, acte).await,
                "procedure" => procedure::juge(lecture, acte).await,
                "etape_procedure" => procedure::juge_etape(lecture, acte).await,
                "travaux" => travaux::juge(lecture, acte).await,
                "facture" => facture::juge(lecture, acte).await,
                "ligne_facture" => facture::juge_lignes(lecture, acte).await,
                "encaissement" => facture::juge_encaissements(lecture, acte).await,
                _ => Ok(Vec::new()),
            }
        })
    }

    fn compute<'a>(
        &'a self,
        lecture: &'a mut Lecture<'_>,
        objet: &'a str,
        ids: &'a [Uuid],
    ) -> BoxFuture<'a, sqlx::Result<Calculees>> {
        Box::pin(async move {
            match objet {
                "contrat" => contrat::calcule(lecture, ids).await,
                "defunt" => defunt::calcule(lecture, ids).await,
                "emplacement" => emplacement::calcule(lecture, ids).await,
                "procedure" => procedure::calcule(lecture, ids).await,
                _ => Ok(Vec::new()),
            }
        })
    }

    fn produce<'a>(&'a self, lecture: &'a mut Lecture<'_>, pas: Pas<'a>) -> BoxFuture<'a, sqlx::Result<Vec<Produit>>> {
        Box::pin(recette::produits(lecture, pas))
    }
}

/// What the law says against a row, as people are told it.
fn dit(manquement: finage_cimetiere::Manquement) -> Manquement {
    Manquement {
        regle: manquement.regle.code.to_owned(),
        article: manquement.regle.article.to_owned(),
        message: manquement.pourquoi,
        le: manquement.le,
        passable: manquement.passable,
    }
}

impl Manquement {
    /// Lets a written reason pass what the law lets nobody pass, where the collectivité has not chosen otherwise: registers
    /// have wrong dates, and a decision may be known before its paper comes.
    fn motivable(mut self, motif_partout: bool) -> Self {
        if motif_partout && !self.passable {
            self.passable = true;
            self.message.push_str(SANS_LA_LOI);
        }
        self
    }
}

/// What is said of a rule that only a wrong datum, or a decision on its way, excuses.
const SANS_LA_LOI: &str =
    " La loi ne laisse pas passer cette règle : un motif n’excuse qu’une donnée fausse ou une décision déjà prise.";

/// A rule of the commune's own.
fn local(regle: &str, article: &str, message: impl Into<String>, passable: bool) -> Manquement {
    Manquement { regle: regle.to_owned(), article: article.to_owned(), message: message.into(), le: None, passable }
}

/// Cents, as people write euros.
fn euros(centimes: i64) -> String {
    let signe = if centimes < 0 { "-" } else { "" };
    let absolus = centimes.unsigned_abs();
    format!("{signe}{},{:02} €", absolus / 100, absolus % 100)
}

/// A day as people write it.
fn jour(date: time::Date) -> String {
    format!("{:02}/{:02}/{}", date.day(), u8::from(date.month()), date.year())
}
