//! What is asked of a row once it is written, triggers included, before the transaction ends.

use finage_expr::{Bind, Mode, Schema, Value, parse};
use sqlx::{Postgres, QueryBuilder};
use uuid::Uuid;

use super::condition::{genre, schema};
use super::erreur::FauteChamp;
use super::saisie::{VIDE, Valeur};
use super::{Lien, Modele, Nature, ObjetError, Plume, Regle};
use crate::access::droits::{Champ, Droit};
use crate::db::{TenantTx, expression};
use crate::modules::crochet::{Acte, Geste, Manquement, juge, recalcule};

impl Plume {
    /// Codes that are valid today, rows that who writes may read and that may be chosen, fields that the row now requires.
    pub(super) async fn verifie_apres(
        &self,
        tx: &mut TenantTx,
        id: Uuid,
        ecrits: &[(&'static Champ, Valeur)],
        geste: Geste<'_>,
    ) -> Result<(), ObjetError> {
        let champs: Vec<&'static Champ> = ecrits.iter().map(|(champ, _)| *champ).collect();
        let fautes: Vec<FauteChamp> =
            self.controle(tx, &[id], &champs).await?.into_iter().flat_map(|(_, fautes)| fautes).collect();
        if !fautes.is_empty() {
            return Err(ObjetError::Champs(fautes));
        }
        let noms: Vec<&'static str> = champs.iter().map(|champ| champ.nom).collect();
        self.suit(tx, id, &noms, geste).await
    }

    /// What the program of the module says of a row that was written; then the fields that it computes from it.
    pub(super) async fn suit(
        &self,
        tx: &mut TenantTx,
        id: Uuid,
        champs: &[&'static str],
        geste: Geste<'_>,
    ) -> Result<(), ObjetError> {
        let modele = self.modele();
        let acte = Acte { objet: modele.court(), geste, ids: &[id], champs };
        let manquements: Vec<Manquement> = juge(tx, modele, &acte).await?.into_iter().map(|(_, un)| un).collect();
        match &self.outre {
            _ if manquements.is_empty() => {}
            None => return Err(ObjetError::Manquements(manquements)),
            Some(outre) => outre.passe(tx, modele, id, manquements).await?,
        }
        recalcule(tx, modele).await?;
        Ok(())
    }

    /// The same of several rows: those at fault, and why.
    pub(in crate::modules) async fn controle(
        &self,
        tx: &mut TenantTx,
        ids: &[Uuid],
        ecrits: &[&'static Champ],
    ) -> sqlx::Result<Vec<(Uuid, Vec<FauteChamp>)>> {
        let mut requete = QueryBuilder::new("select f.id, f.fautifs from (select o.id, array_remove(array[null::text");
        let mut demandes: Vec<(&str, &str)> = Vec::new();
        let modele = self.modele();
        for champ in ecrits {
            let Some(regle) = modele.regle(champ.nom) else { continue };
            match (regle.nature, regle.lien) {
                (Nature::Code, _) => {
                    if let Some(nomenclature) = regle.nomenclature {
                        pousse_code(champ, nomenclature, &mut requete);
                        demandes.push((champ.nom, "ce code n'est pas de la nomenclature, ou n'est plus valide"));
                    }
                }
                (Nature::Reference | Nature::References, Some(lien)) => {
                    let droit =
                        self.liens.iter().find(|(nom, _)| *nom == champ.nom).and_then(|(_, droit)| droit.as_ref());
                    pousse_reference(modele, regle, lien, droit, &mut requete);
                    demandes.push((champ.nom, "la fiche désignée n'existe pas, ou ne peut pas être choisie ici"));
                }
                _ => {}
            }
        }
        for regle in modele.regles {
            if let Some(condition) =
                regle.requis_si.and_then(|condition| condition.typed(&schema(modele, |_| true)).ok())
            {
                requete.push(", case when o.\"").push(regle.champ).push("\" is null and ");
                super::condition::pousse(&condition.sql(0), &mut requete);
                requete.push(" then '").push(regle.champ).push("!' end");
            }
        }
        requete.push("], null) as fautifs from ").push(modele.relation()).push(" o join ").push(modele.relation());
        requete.push(" record on record.id = o.id where o.id = any (").push_bind(ids.to_vec());
        requete.push(")) f where cardinality(f.fautifs) > 0");
        let fautifs: Vec<(Uuid, Vec<String>)> = requete.build_query_as().fetch_all(&mut **tx).await?;
        let dite = |nom: String| {
            if let Some(nom) = nom.strip_suffix('!') {
                return FauteChamp::new(nom, VIDE);
            }
            let message = demandes.iter().find(|(champ, _)| *champ == nom).map_or("", |(_, message)| *message);
            FauteChamp::new(&nom, message)
        };
        Ok(fautifs.into_iter().map(|(id, noms)| (id, noms.into_iter().map(dite).collect())).collect())
    }
}

fn pousse_code(champ: &Champ, nomenclature: &'static str, requete: &mut QueryBuilder<Postgres>) {
    requete
        .push(", case when o.\"")
        .push(champ.nom)
        .push("\" is not null and not exists (select from core.code c where c.nomenclature = ");
    requete.push_bind(nomenclature).push(" and c.code = o.\"").push(champ.nom);
    requete.push("\" and (c.valide_du is null or c.valide_du <= core.jour('')) and (c.valide_au is null or c.valide_au > core.jour(''))");
    requete.push(") then '").push(champ.nom).push("' end");
}

/// The row that is named is one that who writes may read, and that may be chosen for this row.
fn pousse_reference(
    modele: &Modele,
    regle: &Regle,
    lien: &Lien,
    droit: Option<&Droit>,
    requete: &mut QueryBuilder<Postgres>,
) {
    let plusieurs = regle.nature == Nature::References;
    requete.push(", case when ");
    if plusieurs {
        requete.push("exists (select from unnest(record.\"").push(regle.champ).push("\") u(id) where ");
    } else {
        requete.push("record.\"").push(regle.champ).push("\" is not null and ");
    }
    requete.push("not exists (select from ");
    requete.push(lien.cible().map_or("core.objet", Modele::relation)).push(" o where ");
    if plusieurs {
        requete.push("o.id = u.id");
    } else {
        requete.push("o.\"").push(lien.cle).push("\" = record.\"").push(regle.champ).push("\"");
    }
    requete.push(" and ");
    match droit {
        Some(droit) => droit.pousse_condition(requete),
        // Who may not read what it names may not name it.
        None => {
            requete.push("false");
        }
    }
    if let Some(choix) = lien.choix {
        requete.push(" and ");
        pousse_choix(modele, lien, choix, requete);
    }
    requete.push(if plusieurs { "))" } else { ")" }).push(" then '").push(regle.champ).push("' end");
}

/// Adds the condition on rows `o` that a row `record` may name; false where it cannot be read.
pub(super) fn pousse_choix(modele: &Modele, lien: &Lien, choix: &str, requete: &mut QueryBuilder<Postgres>) {
    let Some(cible) = lien.cible() else { return };
    let court = cible.du_module().map_or(cible.objet.nom, |(_, objet)| objet);
    let champs = |schema: Schema, prefixe: &str, alias: &str, modele: &Modele| {
        modele.objet.champs.iter().fold(schema, |schema, champ| match genre(champ.genre) {
            Some(genre) => schema.with(&format!("{prefixe}{}", champ.nom), genre, &[alias, champ.nom]),
            None => schema,
        })
    };
    let connus = champs(schema(cible, |_| true), &format!("{court}."), "o", cible);
    let connus = champs(connus, "record.", "record", modele);
    let lu = parse(choix, Mode::Finage).and_then(|lu| lu.typed(&connus));
    let Ok(condition) = lu else {
        requete.push("false");
        return;
    };
    expression::push(requete, &condition.sql(0), |requete, bind| match bind {
        Bind::Value(genre, valeur) => expression::push_value(requete, *genre, valeur.clone()),
        Bind::Today => {
            requete.push("core.jour('')");
        }
        Bind::User(genre, _) => expression::push_value(requete, *genre, Value::Null),
        _ => {
            requete.push("null");
        }
    });
}
