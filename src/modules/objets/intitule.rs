//! What rows are called: their own title, and the labels of the codes and rows that they name.
//!
//! A label is read under the rights of who asks: a row that it may not read, or a field that is closed to it, has no label.

use sqlx::{Postgres, QueryBuilder};

use super::{Lien, Modele, Morceau, Nature, Regle};
use crate::access::droits::{Action, Droit};
use crate::access::identite::Identite;

/// Titles that name rows that name rows… are followed so far.
const MAX_PROFONDEUR: u8 = 3;

/// Names rows of a model for one account.
#[derive(Debug, Clone)]
pub(super) struct Nommeur {
    modele: &'static Modele,
    droit: Droit,
    liens: Vec<(&'static Regle, Option<Nommeur>)>,
}

impl Nommeur {
    /// Names rows of `modele` read by `droit`; what they name is read by the rights of `qui`, of nobody for the public.
    pub(super) fn new(qui: Option<&Identite>, modele: &'static Modele, droit: Droit) -> Self {
        Self::jusqu_a(qui, modele, droit, 0)
    }

    fn jusqu_a(qui: Option<&Identite>, modele: &'static Modele, droit: Droit, profondeur: u8) -> Self {
        let utile = |regle: &Regle| {
            profondeur == 0
                || modele.intitule.iter().any(|morceau| match morceau {
                    Morceau::Champ(nom) | Morceau::Par(nom, _) => *nom == regle.champ,
                    Morceau::Texte(_) => false,
                })
        };
        let liens = modele
            .regles
            .iter()
            .filter(|regle| regle.nature == Nature::Reference && utile(regle))
            .map(|regle| {
                let cible = regle.lien.and_then(Lien::cible).filter(|_| profondeur < MAX_PROFONDEUR);
                let suite = cible.and_then(|cible| {
                    let droit = qui?.droit(cible.objet, Action::Lire).ok()?;
                    Some(Self::jusqu_a(qui, cible, droit, profondeur + 1))
                });
                (regle, suite)
            })
            .collect();
        Self { modele, droit, liens }
    }

    /// Adds `cross join lateral (…) p`: what the row names, for labels to start from.
    pub(super) fn pousse_source(&self, requete: &mut QueryBuilder<Postgres>) {
        self.source(requete, 0);
    }

    fn source(&self, requete: &mut QueryBuilder<Postgres>, profondeur: u8) {
        if self.liens.is_empty() {
            return;
        }
        requete.push(" cross join lateral (select ");
        for (rang, (regle, _)) in self.liens.iter().enumerate() {
            requete.push(if rang == 0 { "" } else { ", " });
            match self.modele.objet.champ(regle.champ) {
                Some(champ) => self.droit.pousse_champ(champ, requete),
                None => {
                    requete.push("null");
                }
            }
            requete.push("::uuid as v").push(rang.to_string());
        }
        requete.push(") p").push(profondeur.to_string());
    }

    /// Adds the title of the row.
    pub(super) fn pousse_intitule(&self, requete: &mut QueryBuilder<Postgres>) {
        self.titre(requete, 0);
    }

    fn titre(&self, requete: &mut QueryBuilder<Postgres>, profondeur: u8) {
        requete.push("btrim(concat(''");
        for morceau in self.modele.intitule {
            requete.push(", ");
            match morceau {
                Morceau::Texte(texte) => {
                    requete.push_bind((*texte).to_owned()).push("::text");
                }
                Morceau::Champ(nom) => self.valeur(nom, None, requete, profondeur),
                Morceau::Par(nom, champ) => self.valeur(nom, Some(champ), requete, profondeur),
            }
        }
        requete.push("))");
    }

    /// Adds what people read of a field of the row.
    pub(super) fn pousse_valeur(&self, nom: &str, requete: &mut QueryBuilder<Postgres>) {
        self.valeur(nom, None, requete, 0);
    }

    /// Adds what people read of a field.
    fn valeur(&self, nom: &str, par: Option<&str>, requete: &mut QueryBuilder<Postgres>, profondeur: u8) {
        let (Some(champ), Some(regle)) = (self.modele.objet.champ(nom), self.modele.regle(nom)) else {
            requete.push("null");
            return;
        };
        match regle.nature {
            Nature::Reference => self.lie(regle, par, requete, profondeur),
            Nature::Code => self.code(regle, requete),
            Nature::Date => {
                requete.push("to_char(");
                self.droit.pousse_champ(champ, requete);
                requete.push(", 'DD/MM/YYYY')");
            }
            _ => {
                requete.push("(");
                self.droit.pousse_champ(champ, requete);
                requete.push(")::text");
            }
        }
    }

    /// Adds the label of a code.
    fn code(&self, regle: &Regle, requete: &mut QueryBuilder<Postgres>) {
        let (Some(champ), Some(nomenclature)) = (self.modele.objet.champ(regle.champ), regle.nomenclature) else {
            requete.push("null");
            return;
        };
        requete.push("(select c.libelle from core.code c where c.nomenclature = ");
        requete.push_bind(nomenclature).push(" and c.code = ");
        self.droit.pousse_champ(champ, requete);
        requete.push(" order by c.valide_du desc nulls last limit 1)");
    }

    /// Adds the title of the row that a reference names, or one of its fields.
    fn lie(&self, regle: &Regle, par: Option<&str>, requete: &mut QueryBuilder<Postgres>, profondeur: u8) {
        let rang = self.liens.iter().position(|(un, _)| un.champ == regle.champ);
        let trouve = rang.and_then(|rang| Some((rang, self.liens.get(rang)?.1.as_ref()?)));
        let Some((rang, suite)) = trouve else {
            requete.push("null");
            return;
        };
        requete.push("(select ");
        match par {
            Some(nom) => suite.valeur(nom, None, requete, profondeur + 1),
            None => suite.titre(requete, profondeur + 1),
        }
        requete.push(" from ").push(suite.modele.relation()).push(" o");
        suite.source(requete, profondeur + 1);
        requete.push(" where o.id = p").push(profondeur.to_string()).push(".v").push(rang.to_string());
        requete.push(" and ");
        suite.droit.pousse_condition(requete);
        requete.push(")");
    }

    /// Adds an object of the labels of codes, rows and files that the row names.
    pub(super) fn pousse_libelles(&self, requete: &mut QueryBuilder<Postgres>) {
        let nommes: Vec<&Regle> = self
            .modele
            .regles
            .iter()
            .filter(|regle| matches!(regle.nature, Nature::Code | Nature::Reference | Nature::Fichier))
            .collect();
        requete.push("jsonb_strip_nulls('{}'");
        for lot in nommes.chunks(40) {
            requete.push(" || jsonb_build_object(");
            for (rang, regle) in lot.iter().enumerate() {
                requete.push(if rang == 0 { "'" } else { ", '" }).push(regle.champ).push("', ");
                match regle.nature {
                    Nature::Code => self.code(regle, requete),
                    Nature::Reference => self.lie(regle, None, requete, 0),
                    _ => self.fichier(regle, requete),
                }
            }
            requete.push(")");
        }
        requete.push(")");
    }

    fn fichier(&self, regle: &Regle, requete: &mut QueryBuilder<Postgres>) {
        let Some(champ) = self.modele.objet.champ(regle.champ) else {
            requete.push("null");
            return;
        };
        requete.push("(select j.nom from core.piece_jointe j where j.id = ");
        self.droit.pousse_champ(champ, requete);
        requete.push(")");
    }
}
