//! The cemetery: what its manifest cannot say. Rules are those of `finage_cimetiere`, asked of the rows as they stand.

use crate::modules::crochet::ModuleHook;

/// The program of the module `cimetiere`.
#[derive(Debug)]
pub struct Cimetiere;

impl ModuleHook for Cimetiere {
    fn module(&self) -> &'static str {
        "cimetiere"
    }

    fn computes(&self) -> &'static [(&'static str, &'static [&'static str])] {
        &[
            ("contrat", &["fin_le"]),
            ("emplacement", &["statut", "echeance", "annee_fin", "libres_cercueil", "libres_urne", "gagnables"]),
            ("procedure", &["etape", "prochaine", "prochaine_le"]),
        ]
    }
}
