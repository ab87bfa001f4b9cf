//! Many rows made at once, alike but for their number and their shape; archived at once.

use serde_json::{Map, Value};
use sqlx::QueryBuilder;
use uuid::Uuid;

use super::{Plume, pousse_situee};
use crate::access::droits::Champ;
use crate::db::TenantTx;
use crate::modules::crochet::{Acte, Geste, Manquement, juge, recalcule};
use crate::modules::objets::saisie::{self, Valeur};
use crate::modules::objets::{FauteChamp, ObjetError, contrainte};

/// Rows to be made: each has its key, its number and its shape.
#[derive(Debug, Clone, Copy)]
pub(in crate::modules) struct EnSerie<'a> {
    /// Fields that all have.
    pub(in crate::modules) champs: &'a Map<String, Value>,
    /// Field of the number.
    pub(in crate::modules) champ_numero: &'a str,
    /// Their keys.
    pub(in crate::modules) ids: &'a [Uuid],
    /// Their numbers.
    pub(in crate::modules) numeros: &'a [String],
    /// Their shapes, EWKB in any system that PostGIS knows.
    pub(in crate::modules) formes: &'a [Vec<u8>],
}

impl Plume {
    /// Fields that all rows have, held to the rules of fields.
    ///
    /// # Errors
    /// A field or a value that is refused, one that is missing.
    fn lue_en_serie(&self, serie: &EnSerie<'_>) -> Result<Vec<(&'static Champ, Valeur)>, ObjetError> {
        let modele = self.modele();
        let (Some(champ), Some(regle)) = (modele.objet.champ(serie.champ_numero), modele.regle(serie.champ_numero))
        else {
            return Err(ObjetError::Champ(serie.champ_numero.to_owned()));
        };
        if serie.champs.contains_key(serie.champ_numero) {
            return Err(ObjetError::Champ(serie.champ_numero.to_owned()));
        }
        let champs = saisie::lire(modele, serie.champs)?;
        self.nommes(&champs)?;
        let trop_long = serie.numeros.iter().find_map(|numero| {
            saisie::tenue(regle, champ, &Value::String(numero.clone())).err().map(|faute| format!("{numero} : {faute}"))
        });
        let fautes = saisie::manquants(modele, &champs).into_iter().filter(|faute| faute.champ != serie.champ_numero);
        let fautes: Vec<FauteChamp> =
            fautes.chain(trop_long.map(|message| FauteChamp::new(serie.champ_numero, message))).collect();
        if fautes.is_empty() { Ok(champs) } else { Err(ObjetError::Champs(fautes)) }
    }

    /// Makes these rows, all or none: the transaction is to be dropped when it fails.
    ///
    /// # Errors
    /// A field or a value that is refused, a row that may not be made or not there, rules that rows would break.
    pub(in crate::modules) async fn creer_en_serie(
        &self,
        tx: &mut TenantTx,
        serie: &EnSerie<'_>,
    ) -> Result<(), ObjetError> {
        let modele = self.modele();
        let Some(geometrie) = modele.geometrie else { return Err(ObjetError::Champ("geometrie".to_owned())) };
        let champs = self.lue_en_serie(serie)?;
        let initial = modele.etats.map(|etats| (etats.champ, etats.initial));
        let finalite = self.pour_creer()?;
        let mut requete = QueryBuilder::new("insert into ");
        requete.push(modele.relation()).push(" as o (id, collectivite, \"").push(serie.champ_numero).push("\", ");
        requete.push(geometrie.colonne);
        for nom in champs.iter().map(|(champ, _)| champ.nom).chain(initial.iter().map(|(nom, _)| *nom)) {
            requete.push(", \"").push(nom).push("\"");
        }
        requete.push(if finalite.is_some() { ", finalite" } else { "" });
        requete.push(") select u.id, ").push_bind(tx.acteur().collectivite).push(", u.numero, ");
        let plusieurs = geometrie.genre.starts_with("Multi");
        requete.push(if plusieurs { "st_multi(" } else { "(" });
        requete.push("st_transform(st_geomfromewkb(u.forme), core.storage_srid()))");
        for (champ, valeur) in &champs {
            requete.push(", ");
            valeur.lie(modele.regle(champ.nom), &mut requete);
        }
        if let Some((_, etat)) = initial {
            requete.push(", ").push_bind(etat);
        }
        if let Some(finalite) = finalite {
            requete.push(", ").push_bind(finalite.nom().to_owned());
        }
        requete.push(" from unnest(").push_bind(serie.ids.to_vec()).push("::uuid[], ");
        requete.push_bind(serie.numeros.to_vec()).push("::text[], ").push_bind(serie.formes.to_vec());
        requete.push("::bytea[]) u (id, numero, forme) returning ");
        self.pousse_permission(&champs, &mut requete);
        requete.push(", ");
        pousse_situee(true, &mut requete);
        let permises: Vec<(bool, bool)> =
            requete.build_query_as().fetch_all(&mut **tx).await.map_err(|error| contrainte::dite(modele, error))?;
        if permises.iter().any(|(_, situee)| !situee) {
            return Err(ObjetError::HorsTerritoire);
        }
        if permises.iter().any(|(permise, _)| !permise) {
            return Err(ObjetError::Fermee);
        }
        let noms: Vec<&'static Champ> = champs.iter().map(|(champ, _)| *champ).collect();
        // All have the same fields: what is said of one is said of all.
        if let Some((_, fautes)) = self.controle(tx, serie.ids, &noms).await?.into_iter().next() {
            return Err(ObjetError::Champs(fautes));
        }
        let noms: Vec<&'static str> = noms.iter().map(|champ| champ.nom).collect();
        self.juges(tx, &Acte { objet: modele.court(), geste: Geste::Creer, ids: serie.ids, champs: &noms }).await
    }

    /// Archives those of these rows that are not yet, all or none; gives how many.
    ///
    /// # Errors
    /// One that is not open, rules that rows would break.
    pub(in crate::modules) async fn archiver_en_serie(
        &self,
        tx: &mut TenantTx,
        ids: &[Uuid],
    ) -> Result<usize, ObjetError> {
        let modele = self.modele();
        let mut requete = QueryBuilder::new("select o.id, ");
        self.pousse_permission(&[], &mut requete);
        requete.push(" from ").push(modele.relation()).push(" o where o.archivee_le is null and o.id = any (");
        requete.push_bind(ids.to_vec()).push(") for no key update");
        let lues: Vec<(Uuid, bool)> = requete.build_query_as().fetch_all(&mut **tx).await?;
        if lues.iter().any(|(_, ouverte)| !ouverte) {
            return Err(ObjetError::Fermee);
        }
        let ids: Vec<Uuid> = lues.into_iter().map(|(id, _)| id).collect();
        let mut requete = QueryBuilder::new("update ");
        requete.push(modele.relation()).push(" set archivee_le = now() where id = any (").push_bind(ids.clone());
        requete.push(")").build().execute(&mut **tx).await.map_err(|error| contrainte::dite(modele, error))?;
        self.juges(tx, &Acte { objet: modele.court(), geste: Geste::Ranger, ids: &ids, champs: &[] }).await?;
        Ok(ids.len())
    }

    /// What the program of the module says of all of them, then the fields that it computes.
    async fn juges(&self, tx: &mut TenantTx, acte: &Acte<'_>) -> Result<(), ObjetError> {
        let mut manquements: Vec<Manquement> =
            juge(tx, self.modele(), acte).await?.into_iter().map(|(_, un)| un).collect();
        manquements.dedup();
        if !manquements.is_empty() {
            return Err(ObjetError::Manquements(manquements));
        }
        recalcule(tx, self.modele()).await?;
        Ok(())
    }
}
