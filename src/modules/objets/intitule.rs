//! What rows are called: their own title, and the labels of the codes and rows that they name.
//!
//! A label is read under the rights of who asks: a row that it may not read, or a field that is closed to it, has no label.

use sqlx::{Postgres, QueryBuilder};

use super::{Lien, Modele, Morceau, Nature, Regle};
use crate::access::droits::{Action, Droit};
use crate::access::identite::Identite;

/// Titles that name rows that name rows… are followed so far.
const MAX_PROFONDEUR: u8 = 3;

/// Under whose rights rows are named.
#[derive(Clone, Copy)]
pub(super) enum Lecteur<'a> {
    /// Those of an account.
    Compte(&'a Identite),
    /// Those of anybody: what manifests open to the public.
    Public(&'a dyn Fn(&Modele) -> Option<Droit>),
}

impl Lecteur<'_> {
    fn droit(self, modele: &'static Modele) -> Option<Droit> {
        match self {
            Self::Compte(qui) => qui.droit(modele.objet, Action::Lire).ok(),
            Self::Public(droit) => droit(modele),
        }
    }
}

/// Names rows of a model for one account, or for anybody.
#[derive(Debug, Clone)]
pub(super) struct Nommeur {
    modele: &'static Modele,
    droit: Droit,
    /// For the public: the right to the row that commands the rights on this one.
    parent: Option<Box<(&'static Regle, Nommeur)>>,
    liens: Vec<(&'static Regle, Option<Nommeur>)>,
}

/// A field to be read through a reference: both names.
pub(super) type Suivi = (&'static str, &'static str);

impl Nommeur {
    /// Names rows of `modele` read by `droit`; what they name is read by the rights of `qui`. Besides titles, `suivis` can be
    /// read through references.
    pub(super) fn new(qui: Lecteur<'_>, modele: &'static Modele, droit: Droit, suivis: &[Suivi]) -> Self {
        let suivis: Vec<Suivi> = suivis.iter().copied().chain(suivis_du_titre(modele)).collect();
        Self::jusqu_a(qui, modele, droit, 0, &suivis)
    }

    fn jusqu_a(qui: Lecteur<'_>, modele: &'static Modele, droit: Droit, profondeur: u8, suivis: &[Suivi]) -> Self {
        let utile = |regle: &Regle| {
            profondeur == 0
                || suivis.iter().any(|(nom, _)| *nom == regle.champ)
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
                // What is read of that row, its own title apart, may be the name of another.
                let siens = suivis.iter().filter(|(nom, suite)| *nom == regle.champ && !suite.is_empty());
                let suite = cible.and_then(|cible| {
                    let siens: Vec<Suivi> =
                        siens.map(|(_, suite)| (*suite, "")).chain(suivis_du_titre(cible)).collect();
                    Self::ouverte(qui, cible, profondeur, &siens)
                });
                (regle, suite)
            })
            .collect();
        Self { modele, droit, parent: None, liens }
    }

    /// Names the rows that a reference names; nothing where they are closed.
    fn ouverte(qui: Lecteur<'_>, cible: &'static Modele, profondeur: u8, suivis: &[Suivi]) -> Option<Self> {
        let droit = qui.droit(cible)?;
        let parent = match (qui, cible.parent.and_then(|nom| cible.regle(nom))) {
            // A row that is open to the public is so with the one that commands it.
            (Lecteur::Public(_), Some(regle)) => {
                let mere = regle.lien.and_then(Lien::cible).filter(|_| profondeur < MAX_PROFONDEUR)?;
                Some(Box::new((regle, Self::ouverte(qui, mere, profondeur + 1, &[])?)))
            }
            _ => None,
        };
        Some(Self { parent, ..Self::jusqu_a(qui, cible, droit, profondeur + 1, suivis) })
    }

    /// Adds the condition of the rows that are named.
    fn pousse_condition(&self, requete: &mut QueryBuilder<Postgres>) {
        self.droit.pousse_condition(requete);
        if let Some((regle, mere)) = self.parent.as_deref() {
            let cle = regle.lien.map_or("id", |lien| lien.cle);
            requete.push(" and o.\"").push(regle.champ).push("\" in (select o.\"").push(cle).push("\" from ");
            requete.push(mere.modele.relation()).push(" o where ");
            mere.pousse_condition(requete);
            requete.push(")");
        }
    }

    /// Adds the condition that the row named by `nom` has this value in `suite`; false where it is closed.
    pub(super) fn pousse_suivi_egal(&self, nom: &str, suite: &str, valeur: &str, requete: &mut QueryBuilder<Postgres>) {
        let lien = self.liens.iter().find(|(regle, _)| regle.champ == nom);
        let Some((_, Some(cible))) = lien else {
            requete.push("false");
            return;
        };
        let (Some(champ), Some(sien)) = (self.modele.objet.champ(nom), cible.modele.objet.champ(suite)) else {
            requete.push("false");
            return;
        };
        requete.push("(");
        self.droit.pousse_champ(champ, requete);
        requete.push(") in (select o.id from ");
        requete.push(cible.modele.relation()).push(" o where ");
        cible.pousse_condition(requete);
        requete.push(" and (");
        cible.droit.pousse_champ(sien, requete);
        requete.push(")::text = ").push_bind(valeur.to_owned()).push(")");
    }

    /// Adds a point on the row that `nom` names, in degrees; null where it is closed or has no place.
    pub(super) fn pousse_point(&self, nom: &str, requete: &mut QueryBuilder<Postgres>) {
        let rang = self.liens.iter().position(|(regle, _)| regle.champ == nom);
        let trouve = rang.and_then(|rang| Some((rang, self.liens.get(rang)?.1.as_ref()?)));
        let Some((rang, cible, geometrie)) =
            trouve.and_then(|(rang, cible)| Some((rang, cible, cible.modele.geometrie?)))
        else {
            requete.push("null::geometry");
            return;
        };
        requete.push("(select st_transform(st_pointonsurface(o.").push(geometrie.colonne).push("), 4326) from ");
        requete.push(cible.modele.relation()).push(" o where o.id = p0.v").push(rang.to_string()).push(" and ");
        cible.pousse_condition(requete);
        requete.push(")");
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

    /// Adds what people read of a field, or of one that is reached through a reference.
    pub(super) fn pousse_lisible(&self, nom: &str, suite: Option<&str>, requete: &mut QueryBuilder<Postgres>) {
        let regle = self.modele.regle(nom).filter(|regle| regle.nature == Nature::Booleen);
        match (regle, self.modele.objet.champ(nom)) {
            (Some(_), Some(champ)) => {
                requete.push("(case ");
                self.droit.pousse_champ(champ, requete);
                requete.push(" when true then 'oui' when false then 'non' end)");
            }
            _ => self.valeur(nom, suite, requete, 0),
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
        suite.pousse_condition(requete);
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

/// Fields that a title reads through references.
fn suivis_du_titre(modele: &'static Modele) -> impl Iterator<Item = Suivi> {
    modele.intitule.iter().filter_map(|morceau| match morceau {
        Morceau::Par(nom, suite) => Some((*nom, *suite)),
        _ => None,
    })
}
