//! A row taken from a state to another, in one statement with what the step writes.
//!
//! What a step requires, judges and writes is read on the row as it stands with the fields that are given with the step.

use finage_expr::Sql;
use serde_json::{Map, Value};
use sqlx::{FromRow, Postgres, QueryBuilder};
use uuid::Uuid;

use super::avenant::verrou;
use super::saisie::{self, VIDE, Valeur};
use super::sur_place::pousse;
use super::{EtapeRefusee, FauteChamp, ObjetError, Plume, Regard, contrainte};
use crate::access::droits::{Champ, Droit};
use crate::db::TenantTx;
use crate::modules::crochet::Geste;
use crate::modules::registre::annee_civile;

/// A step, as a row takes it.
#[derive(Debug, Clone)]
pub struct Passage<'a> {
    /// Its identifier.
    pub etape: &'a str,
    /// States from which it is taken.
    pub de: &'a [String],
    /// State it leads to; none for the one where the row is.
    pub vers: Option<&'a str>,
    /// Conditions on the row, each with what is said when it does not hold.
    pub gardes: Vec<(Sql, Option<&'a str>)>,
    /// Fields that must be filled.
    pub requis: Vec<&'static str>,
    /// Fields that may be given besides.
    pub demandes: Vec<&'static str>,
    /// Fields that it writes.
    pub poses: Vec<(&'static str, Sql)>,
    /// Communes where the account holds the step's role; none for everywhere.
    pub communes: Option<Vec<String>>,
}

/// What a row says of a step.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Franchissable {
    /// Ranks of its conditions that do not hold.
    pub fausses: Vec<i32>,
    /// Ranks of those that read what is empty.
    pub inconnues: Vec<i32>,
    /// Whether the step's role is held where the row lies.
    pub role: bool,
    /// Required fields that are empty.
    pub manquants: Vec<String>,
}

#[derive(FromRow)]
struct Lue {
    etat: Option<String>,
    #[sqlx(flatten)]
    juge: Franchissable,
}

impl Regard {
    /// The state of a row that this look opens; `None` where the field is closed, or empty.
    ///
    /// # Errors
    /// There is no such row, or it is not open.
    pub async fn etat(&self, tx: &mut TenantTx, id: Uuid) -> Result<Option<String>, ObjetError> {
        let Some(etats) = self.modele().etats else { return Ok(None) };
        let mut requete = QueryBuilder::new("select ");
        self.pousse_champ(etats.champ, &mut requete);
        requete.push("::text from ").push(self.modele().relation()).push(" o where o.id = ").push_bind(id);
        requete.push(" and ");
        self.pousse_condition(&mut requete);
        match requete.build_query_scalar().fetch_optional(&mut **tx).await? {
            Some(etat) => Ok(etat),
            None => Err(super::refus(tx, self.modele(), id).await?),
        }
    }

    /// What a row that was found open says of a step, as it stands.
    ///
    /// # Errors
    /// The database refused.
    pub async fn juge(&self, tx: &mut TenantTx, id: Uuid, passage: &Passage<'_>) -> sqlx::Result<Franchissable> {
        let mut requete = QueryBuilder::new("select ");
        pousse_jugement(passage, &mut requete);
        requete.push(" from ").push(self.modele().relation()).push(" o where o.id = ").push_bind(id);
        requete.build_query_as().fetch_one(&mut **tx).await
    }

    /// Whether a right opens a row that was found open.
    ///
    /// # Errors
    /// The database refused.
    pub async fn permise(&self, tx: &mut TenantTx, id: Uuid, droit: &Droit) -> sqlx::Result<bool> {
        droit.ouvre_ligne(tx, self.modele().relation(), id).await
    }
}

impl Plume {
    /// Takes the row whose version is `version` through a step, with the fields that it requires.
    ///
    /// # Errors
    /// There is none, it is not open, someone changed it before, the step is not for this row or this account, or a field is
    /// refused or missing.
    pub async fn passer(
        &self,
        tx: &mut TenantTx,
        id: Uuid,
        version: i32,
        passage: &Passage<'_>,
        champs: &Map<String, Value>,
    ) -> Result<(), ObjetError> {
        let admis = |nom: &str| passage.requis.contains(&nom) || passage.demandes.contains(&nom);
        if let Some(nom) = champs.keys().find(|nom| !admis(nom)) {
            return Err(ObjetError::Champ(nom.chars().take(60).collect()));
        }
        let champs = saisie::lire(self.modele(), champs)?;
        self.nommes(&champs)?;
        self.retient(tx, id, Some(version), &champs).await?;
        self.admet(tx, id, passage, &champs).await?;
        verrou(tx, true).await?;
        self.avance(tx, id, passage, &champs).await?;
        self.numerote_a(tx, id, passage.etape).await?;
        verrou(tx, false).await?;
        self.verifie_apres(tx, id, &champs, Geste::Franchir(passage.etape)).await?;
        Ok(self.leve_corrigees(tx, id).await?)
    }

    /// # Errors
    /// The step is not for this row as it stands with these fields.
    async fn admet(
        &self,
        tx: &mut TenantTx,
        id: Uuid,
        passage: &Passage<'_>,
        champs: &[(&'static Champ, Valeur)],
    ) -> Result<(), ObjetError> {
        let Some(etats) = self.modele().etats else {
            return Err(EtapeRefusee::Inconnue(passage.etape.to_owned()).into());
        };
        let mut requete = QueryBuilder::new("select o.\"");
        requete.push(etats.champ).push("\"::text as etat, ");
        pousse_jugement(passage, &mut requete);
        requete.push(" from ").push(self.modele().relation()).push(" r cross join lateral jsonb_populate_record(r, ");
        requete.push_bind(self.par_dessus(champs)).push(") o where r.id = ").push_bind(id);
        let Lue { etat, juge } = requete.build_query_as().fetch_one(&mut **tx).await?;
        let etape = || passage.etape.to_owned();
        if etat.is_none_or(|etat| !passage.de.contains(&etat)) {
            return Err(EtapeRefusee::Etat(etape()).into());
        }
        if !juge.role {
            return Err(EtapeRefusee::Role(etape()).into());
        }
        // A field that names a row by a module's own key is not laid over the row: it was read as filled.
        let donne = |nom: &str| {
            champs.iter().any(|(champ, valeur)| champ.nom == nom && !valeur.json().is_null() && self.par_cle(nom))
        };
        let manquants: Vec<FauteChamp> =
            juge.manquants.iter().filter(|nom| !donne(nom)).map(|nom| FauteChamp::new(nom, VIDE)).collect();
        if !manquants.is_empty() {
            return Err(ObjetError::Champs(manquants));
        }
        let refusees: Vec<i32> = juge.fausses.iter().chain(&juge.inconnues).copied().collect();
        if refusees.is_empty() { Ok(()) } else { Err(EtapeRefusee::Garde(etape(), passage.raisons(&refusees)).into()) }
    }

    async fn avance(
        &self,
        tx: &mut TenantTx,
        id: Uuid,
        passage: &Passage<'_>,
        champs: &[(&'static Champ, Valeur)],
    ) -> Result<(), ObjetError> {
        let Some(etats) = self.modele().etats else { return Ok(()) };
        let dessus = self.par_dessus(champs);
        let mut requete = QueryBuilder::new("update ");
        requete.push(self.modele().relation()).push(" o set \"").push(etats.champ).push("\" = ");
        match passage.vers {
            Some(vers) => requete.push_bind(vers.to_owned()),
            None => requete.push("o.\"").push(etats.champ).push("\""),
        };
        for (champ, valeur) in champs.iter().filter(|(champ, _)| passage.poses.iter().all(|(nom, _)| *nom != champ.nom))
        {
            requete.push(", \"").push(champ.nom).push("\" = ");
            valeur.lie(self.modele().regle(champ.nom), &mut requete);
        }
        for (nom, sql) in &passage.poses {
            requete.push(", \"").push(*nom).push("\" = (select ");
            pousse(sql, &mut requete);
            requete.push(" from jsonb_populate_record(o, ").push_bind(dessus.clone()).push(") o)");
        }
        requete.push(" where o.id = ").push_bind(id);
        requete.build().execute(&mut **tx).await.map_err(|error| contrainte::dite(self.modele(), error))?;
        Ok(())
    }

    /// Gives its number to a row that takes it at this step, where it has none yet.
    async fn numerote_a(&self, tx: &mut TenantTx, id: Uuid, etape: &str) -> Result<(), ObjetError> {
        let modele = self.modele();
        let Some(numerotation) = modele.registre.as_ref().filter(|un| un.etape == Some(etape)) else { return Ok(()) };
        let mut lue = QueryBuilder::new("select o.insee from ");
        lue.push(modele.relation()).push(" o where o.id = ").push_bind(id).push(" and o.\"").push(numerotation.champ);
        let sans: Option<Option<String>> =
            lue.push("\" is null").build_query_scalar().fetch_optional(&mut **tx).await?;
        let Some(insee) = sans else { return Ok(()) };
        let annee = annee_civile(tx, insee.as_deref()).await?;
        let numero = numerotation.registre.prendre(tx, annee, modele.objet.nom, id).await?;
        let mut pose = QueryBuilder::new("update ");
        pose.push(modele.relation()).push(" o set \"").push(numerotation.champ).push("\" = ").push_bind(numero.libelle);
        pose.push(" where o.id = ")
            .push_bind(id)
            .build()
            .execute(&mut **tx)
            .await
            .map_err(|error| contrainte::dite(modele, error))?;
        Ok(())
    }

    /// Whether a field names a row by a key that its module brought.
    fn par_cle(&self, nom: &str) -> bool {
        self.modele().regle(nom).and_then(|regle| regle.lien).is_some_and(|lien| lien.cle != "id")
    }

    /// Fields as they are laid over the row.
    fn par_dessus(&self, champs: &[(&'static Champ, Valeur)]) -> Value {
        let poses = champs.iter().filter(|(champ, _)| !self.par_cle(champ.nom));
        Value::Object(poses.map(|(champ, valeur)| (champ.nom.to_owned(), valeur.json())).collect())
    }
}

impl Passage<'_> {
    /// What is said of conditions that do not hold, where the manifest says something.
    #[must_use]
    pub fn raisons(&self, refusees: &[i32]) -> Vec<String> {
        let garde = |rang: &i32| usize::try_from(*rang).ok().and_then(|rang| self.gardes.get(rang));
        refusees.iter().filter_map(garde).filter_map(|(_, message)| message.map(str::to_owned)).collect()
    }
}

/// Adds what a row `o` says of a step.
fn pousse_jugement(passage: &Passage<'_>, requete: &mut QueryBuilder<Postgres>) {
    for (quoi, nom) in [(" is false", "fausses"), (" is null", "inconnues")] {
        requete.push("array_remove(array[null::integer");
        for (rang, (garde, _)) in (0_i32..).zip(&passage.gardes) {
            requete.push(", case when (");
            pousse(garde, requete);
            requete.push(")::boolean").push(quoi).push(" then ").push(rang.to_string()).push(" end");
        }
        requete.push("], null) as ").push(nom).push(", ");
    }
    match &passage.communes {
        Some(communes) => {
            requete.push("(o.insee = any (").push_bind(communes.clone()).push(")) is true");
        }
        None => {
            requete.push("true");
        }
    }
    requete.push(" as role, array_remove(array[null::text");
    for nom in &passage.requis {
        requete.push(", case when o.\"").push(*nom).push("\" is null then '").push(*nom).push("' end");
    }
    requete.push("], null) as manquants");
}
