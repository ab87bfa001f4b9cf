//! A lot of rows: numbers, rows made, rows changed, then what is asked of them all.

use std::collections::HashMap;

use sqlx::{Postgres, QueryBuilder};
use uuid::Uuid;

use super::{Ecriture, ErreurImport, Issue};
use crate::modules::crochet::{Acte, Geste, Manquement, juge, recalcule};
use crate::modules::import::liaison::Place;
use crate::modules::objets::Regle;
use crate::modules::registre::{RegistreError, annee_civile};

const FERMEE: &str = "cette fiche ne vous est pas ouverte en écriture";

impl Ecriture<'_> {
    pub(super) async fn ecrit(&mut self, lot: &[i64]) -> Result<Issue, ErreurImport> {
        let mut issue = Issue::default();
        let (nouvelles, connues): (Vec<i64>, Vec<i64>) =
            lot.iter().partition(|ligne| self.lignes.get(ligne).is_none_or(|ligne| ligne.nouvelle));
        self.refuse_incompletes(&nouvelles, &mut issue).await?;
        let changees = self.changees(&connues).await?;
        self.refuse_fermees(&changees, &mut issue).await?;
        if !issue.rejets.is_empty() {
            return Ok(issue);
        }
        self.numerote(&nouvelles, &mut issue).await?;
        if !issue.rejets.is_empty() {
            return Ok(issue);
        }
        if !nouvelles.is_empty() {
            self.insere(&nouvelles).await?;
        }
        if !changees.is_empty() {
            self.change(&changees).await?;
        }
        self.verifie(&nouvelles, &changees, &mut issue).await?;
        self.joint_fautes(&nouvelles, &changees, &mut issue);
        if issue.rejets.is_empty() {
            self.releve(&nouvelles, &changees, &issue).await?;
        }
        issue.creees = nouvelles.len();
        issue.changees = changees.len();
        issue.inchangees = connues.len() - changees.len();
        Ok(issue)
    }

    /// New rows that lack what nothing fills.
    async fn refuse_incompletes(&mut self, nouvelles: &[i64], issue: &mut Issue) -> Result<(), ErreurImport> {
        let (liaison, reprise) = (&self.plan.liaison, self.plan.reprise);
        let jamais_nulle = |regle: &Regle| self.plan.colonnes.get(regle.champ).is_some_and(|sql| sql.jamais_nulle);
        let manquants: Vec<&Regle> = liaison
            .modele
            .regles
            .iter()
            .filter(|regle| {
                let ecrit = liaison.modele.objet.champ(regle.champ).is_some_and(|champ| champ.modifiable);
                let manque = ecrit && regle.obligatoire && !regle.par_defaut && liaison.colonne(regle.champ).is_none();
                manque && (!reprise || jamais_nulle(regle))
            })
            .collect();
        for ligne in nouvelles {
            for regle in &manquants {
                issue.rejets.push(self.rejet(
                    *ligne,
                    regle.champ,
                    "ce champ est obligatoire, aucune colonne ne le remplit",
                ));
            }
            let numero = self.lignes.get(ligne).and_then(|ligne| ligne.numero.as_ref());
            if let (Some(registre), Some(_), false) = (&liaison.modele.registre, numero, reprise) {
                let motif = "aucune fiche n'a ce numéro, et le registre donne les nouveaux : laissez la cellule vide";
                issue.rejets.push(self.rejet(*ligne, registre.champ, motif));
            }
        }
        if liaison.modele.geometrie.is_some_and(|geometrie| geometrie.obligatoire) {
            let sans: Vec<i64> =
                sqlx::query_scalar("select ligne from import_etape where ligne = any ($1) and geom is null")
                    .bind(nouvelles)
                    .fetch_all(&mut **self.tx)
                    .await?;
            let sans =
                sans.into_iter().map(|ligne| self.rejet(ligne, "", "il faut une géométrie, point, ligne ou surface"));
            issue.rejets.extend(sans.collect::<Vec<_>>());
        }
        Ok(())
    }

    /// Lines whose row is not yet as the file says.
    async fn changees(&mut self, connues: &[i64]) -> Result<Vec<i64>, ErreurImport> {
        let changes = self.changes();
        if connues.is_empty() || changes.is_empty() {
            return Ok(Vec::new());
        }
        let mut requete = QueryBuilder::new("select e.ligne from import_etape e join ");
        self.pousse_relation(&mut requete);
        requete.push(" o on o.id = e.id");
        self.pousse_valeurs(&mut requete);
        requete.push(" where e.ligne = any (").push_bind(connues.to_vec()).push(") and (");
        for (rang, (colonne, valeur)) in changes.iter().enumerate() {
            requete.push(if rang == 0 { "o." } else { " or o." }).push(colonne).push(" is distinct from ").push(valeur);
        }
        requete.push(") order by e.ligne");
        Ok(requete.build_query_scalar().fetch_all(&mut **self.tx).await?)
    }

    /// Rows to change that may not be, and those that are locked in their state; the others are held.
    async fn refuse_fermees(&mut self, changees: &[i64], issue: &mut Issue) -> Result<(), ErreurImport> {
        if changees.is_empty() {
            return Ok(());
        }
        let verrous = self.plan.liaison.modele.etats.filter(|_| !self.plan.reprise);
        let mut requete = QueryBuilder::new("select o.id, ");
        self.plan.permis.pousse(false, &mut requete);
        match verrous.filter(|etats| !etats.verrouilles.is_empty()) {
            Some(etats) => {
                requete.push(", coalesce(o.\"").push(etats.champ).push("\"::text = any (");
                requete.push_bind(etats.verrouilles.iter().map(|etat| (*etat).to_owned()).collect::<Vec<_>>());
                requete.push("), false)");
            }
            None => {
                requete.push(", false");
            }
        }
        requete.push(" from ");
        self.pousse_relation(&mut requete);
        requete.push(" o where o.id = any (").push_bind(self.ids(changees)).push(") for no key update");
        let lues: Vec<(Uuid, bool, bool)> = requete.build_query_as().fetch_all(&mut **self.tx).await?;
        let lues: HashMap<Uuid, (bool, bool)> =
            lues.into_iter().map(|(id, permise, fermee)| (id, (permise, fermee))).collect();
        for ligne in changees {
            let id = self.lignes.get(ligne).map(|ligne| ligne.id).unwrap_or_default();
            let motif = match lues.get(&id) {
                Some((true, false)) => continue,
                Some((true, true)) => {
                    "la fiche est verrouillée dans son état : une étape ou un avenant la fait avancer"
                }
                _ if !self.plan.permis.change() => "elle changerait la fiche, et vous n'avez pas le droit de changer",
                _ => FERMEE,
            };
            issue.rejets.push(self.rejet(*ligne, "", motif));
        }
        Ok(())
    }

    /// Numbers of new rows: those that the file gives are written in the register, the others are taken.
    async fn numerote(&mut self, nouvelles: &[i64], issue: &mut Issue) -> Result<(), ErreurImport> {
        let modele = self.plan.liaison.modele;
        let Some(numerotation) = &modele.registre else { return Ok(()) };
        let mut donnes = Vec::new();
        let mut sans = false;
        for ligne in nouvelles {
            let Some(dite) = self.lignes.get(ligne) else { continue };
            match &dite.numero {
                None => sans = true,
                Some(numero) => {
                    if let Some(donne) = numerotation.registre.lit(numero, dite.id) {
                        donnes.push(donne);
                    } else {
                        let motif = format!("ce numéro n'est pas de la forme {}", numerotation.registre.format());
                        issue.anomalies.push((dite.id, numerotation.champ.to_owned(), motif));
                    }
                }
            }
        }
        let base = |error| match error {
            RegistreError::Base(error) => ErreurImport::Base(error),
            autre => autre.into(),
        };
        if !donnes.is_empty() {
            let libres = numerotation.registre.inscrire(self.tx, modele.objet.nom, &donnes).await.map_err(base)?;
            let lignes = self.lignes_de(nouvelles);
            let pris =
                donnes.iter().filter(|donne| !libres.contains(&donne.cle)).filter_map(|donne| lignes.get(&donne.cle));
            let pris: Vec<i64> = pris.copied().collect();
            for ligne in pris {
                issue.rejets.push(self.rejet(ligne, numerotation.champ, "ce numéro est déjà pris"));
            }
        }
        if sans && numerotation.etape.is_none() && !self.reprises {
            let annee = annee_civile(self.tx, None).await?;
            let objet = (modele.objet.nom, numerotation.champ);
            numerotation.registre.numerote_etape(self.tx, annee, objet, nouvelles).await.map_err(base)?;
        }
        Ok(())
    }

    async fn insere(&mut self, nouvelles: &[i64]) -> Result<(), ErreurImport> {
        let liaison = &self.plan.liaison;
        let mut colonnes: Vec<(String, String)> = Vec::new();
        for colonne in &liaison.colonnes {
            let nom = colonne.champ.nom;
            let defaut = self.plan.colonnes.get(nom).filter(|sql| sql.jamais_nulle).and_then(|sql| sql.defaut.as_ref());
            let valeur = match defaut {
                Some(defaut) => format!("coalesce(r.\"{nom}\", {defaut})"),
                None => format!("r.\"{nom}\""),
            };
            colonnes.push((format!("\"{nom}\""), valeur));
        }
        if let Some(numerotation) = &liaison.modele.registre {
            colonnes.retain(|(nom, _)| *nom != format!("\"{}\"", numerotation.champ));
            colonnes.push((format!("\"{}\"", numerotation.champ), format!("r.\"{}\"", numerotation.champ)));
        }
        if liaison.modele.geometrie.is_some() && liaison.place != Place::Aucune {
            let colonne = liaison.modele.geometrie.map_or("", |geometrie| geometrie.colonne);
            colonnes.push((colonne.to_owned(), "e.geom".to_owned()));
        }
        if liaison.insee.is_some() {
            colonnes.push(("insee".to_owned(), "e.insee".to_owned()));
        }
        let etats = liaison.modele.etats;
        colonnes.retain(|(nom, _)| etats.is_none_or(|etats| *nom != format!("\"{}\"", etats.champ)));
        let mut requete = QueryBuilder::new("insert into ");
        self.pousse_relation(&mut requete);
        requete.push(" (id, collectivite");
        for (nom, _) in &colonnes {
            requete.push(", ").push(nom);
        }
        if let Some(etats) = etats {
            requete.push(", \"").push(etats.champ).push("\"");
        }
        requete.push(") select e.id, ").push_bind(self.tx.acteur().collectivite);
        for (_, valeur) in &colonnes {
            requete.push(", ").push(valeur);
        }
        if let Some(etats) = etats {
            requete.push(", coalesce(r.\"").push(etats.champ).push("\", ").push_bind(etats.initial).push(")");
        }
        requete.push(" from import_etape e");
        self.pousse_valeurs(&mut requete);
        requete.push(" where e.ligne = any (").push_bind(nouvelles.to_vec()).push(") order by e.ligne");
        requete.build().execute(&mut **self.tx).await?;
        Ok(())
    }

    async fn change(&mut self, changees: &[i64]) -> Result<(), ErreurImport> {
        let mut requete = QueryBuilder::new("update ");
        self.pousse_relation(&mut requete);
        requete.push(" o set ");
        for (rang, (colonne, valeur)) in self.changes().iter().enumerate() {
            requete.push(if rang == 0 { "" } else { ", " }).push(colonne).push(" = ").push(valeur);
        }
        requete.push(" from import_etape e");
        self.pousse_valeurs(&mut requete);
        requete.push(" where o.id = e.id and e.ligne = any (").push_bind(changees.to_vec()).push(")");
        requete.build().execute(&mut **self.tx).await?;
        Ok(())
    }

    /// Columns that change, and their values: of rows `e` and `r` of the file, and `o` of the table.
    fn changes(&self) -> Vec<(String, String)> {
        let liaison = &self.plan.liaison;
        let mut changes: Vec<(String, String)> = liaison
            .colonnes
            .iter()
            .filter(|colonne| !liaison.est_numero(colonne.champ.nom))
            .map(|colonne| {
                let nom = colonne.champ.nom;
                // Nothing in the file leaves what may not be empty as it is.
                let tenue = self.plan.colonnes.get(nom).is_some_and(|sql| sql.jamais_nulle) || liaison.est_etat(nom);
                let valeur = if tenue { format!("coalesce(r.\"{nom}\", o.\"{nom}\")") } else { format!("r.\"{nom}\"") };
                (format!("\"{nom}\""), valeur)
            })
            .collect();
        if let Some(geometrie) = liaison.modele.geometrie.filter(|_| liaison.place != Place::Aucune) {
            let colonne = geometrie.colonne;
            changes.push((colonne.to_owned(), format!("coalesce(e.geom, o.{colonne})")));
        } else if liaison.insee.is_some() {
            changes.push(("insee".to_owned(), "coalesce(e.insee, o.insee)".to_owned()));
        }
        changes
    }

    /// What is asked of rows once they are written, triggers included.
    async fn verifie(&mut self, nouvelles: &[i64], changees: &[i64], issue: &mut Issue) -> Result<(), ErreurImport> {
        self.verifie_droits(nouvelles, true, issue).await?;
        self.verifie_droits(changees, false, issue).await?;
        let ecrites: Vec<i64> = nouvelles.iter().chain(changees).copied().collect();
        let (ids, lignes) = (self.ids(&ecrites), self.lignes_de(&ecrites));
        let mut fautes: Vec<(Uuid, String, String)> = Vec::new();
        if let Some(plume) = self.plan.permis.plume() {
            for (id, siennes) in plume.controle(self.tx, &ids, &self.plan.liaison.champs()).await? {
                fautes.extend(siennes.into_iter().map(|faute| (id, faute.champ, faute.message)));
            }
            if self.plan.reprise {
                let vides = plume.vides(self.tx, &ids).await?;
                fautes.extend(vides.into_iter().map(|(id, faute)| (id, faute.champ, faute.message)));
            }
        }
        fautes.extend(self.manquements(&ids).await?);
        if self.plan.reprise {
            issue.anomalies.extend(fautes);
            return Ok(());
        }
        for (id, champ, motif) in fautes {
            if let Some(ligne) = lignes.get(&id) {
                issue.rejets.push(self.rejet(*ligne, &champ, &motif));
            }
        }
        Ok(())
    }

    /// Rules that the program of the module finds broken.
    async fn manquements(&mut self, ids: &[Uuid]) -> Result<Vec<(Uuid, String, String)>, ErreurImport> {
        let modele = self.plan.liaison.modele;
        let champs: Vec<&'static str> = self.plan.liaison.champs().iter().map(|champ| champ.nom).collect();
        let acte = Acte { objet: modele.court(), geste: Geste::Importer, ids, champs: &champs };
        let manquements = juge(self.tx, modele, &acte).await?;
        // Rules read no computed field: those of rows taken over are computed once, when all of them are there.
        if !self.reprises {
            recalcule(self.tx, modele).await?;
        }
        let dit = |un: Manquement| format!("{} ({})", un.message.trim_end_matches('.'), un.article);
        Ok(manquements.into_iter().map(|(id, un)| (id, String::new(), dit(un))).collect())
    }

    async fn verifie_droits(&mut self, lignes: &[i64], neuves: bool, issue: &mut Issue) -> Result<(), ErreurImport> {
        if lignes.is_empty() {
            return Ok(());
        }
        let mut requete = QueryBuilder::new("select o.id from ");
        self.pousse_relation(&mut requete);
        requete.push(" o where o.id = any (").push_bind(self.ids(lignes));
        // A row does not leave the rows that one may write, nor the territory.
        requete.push(") and (o.insee is null or o.insee = any ((select acces.mon_territoire())::text[])) and ");
        self.plan.permis.pousse(neuves, &mut requete);
        let permises: Vec<Uuid> = requete.build_query_scalar().fetch_all(&mut **self.tx).await?;
        let permises: std::collections::HashSet<Uuid> = permises.into_iter().collect();
        for ligne in lignes {
            let id = self.lignes.get(ligne).map(|ligne| ligne.id).unwrap_or_default();
            if !permises.contains(&id) {
                issue.rejets.push(self.rejet(*ligne, "", FERMEE));
            }
        }
        Ok(())
    }

    /// Writes the anomalies of rows, and lifts those that ended.
    async fn releve(&mut self, nouvelles: &[i64], changees: &[i64], issue: &Issue) -> Result<(), ErreurImport> {
        let objet = self.plan.liaison.modele.objet.nom;
        let (mut cles, mut champs, mut motifs) = (Vec::new(), Vec::new(), Vec::new());
        for (id, champ, motif) in &issue.anomalies {
            cles.push(*id);
            champs.push(champ.clone());
            motifs.push(motif.clone());
        }
        if !changees.is_empty() {
            let ecrits: Vec<String> = self.plan.liaison.champs().iter().map(|champ| champ.nom.to_owned()).collect();
            sqlx::query(include_str!("../sql/lever.sql"))
                .bind(objet)
                .bind(self.ids(changees))
                .bind(ecrits)
                .bind(&cles)
                .bind(&champs)
                .bind(&motifs)
                .bind(self.tx.acteur().utilisateur)
                .execute(&mut **self.tx)
                .await?;
        }
        if nouvelles.is_empty() && cles.is_empty() {
            return Ok(());
        }
        sqlx::query(include_str!("../sql/relever.sql"))
            .bind(self.tx.acteur().collectivite)
            .bind(objet)
            .bind(self.plan.import)
            .bind(cles)
            .bind(champs)
            .bind(motifs)
            .execute(&mut **self.tx)
            .await?;
        Ok(())
    }

    fn pousse_relation(&self, requete: &mut QueryBuilder<Postgres>) {
        requete.push(self.plan.liaison.modele.relation());
    }

    /// Adds the values of `e` as a row `r` of the table.
    fn pousse_valeurs(&self, requete: &mut QueryBuilder<Postgres>) {
        requete.push(" cross join lateral jsonb_populate_record(null::");
        self.pousse_relation(requete);
        requete.push(", e.champs) r");
    }

    fn ids(&self, lignes: &[i64]) -> Vec<Uuid> {
        lignes.iter().filter_map(|ligne| self.lignes.get(ligne)).map(|ligne| ligne.id).collect()
    }

    fn lignes_de(&self, lignes: &[i64]) -> HashMap<Uuid, i64> {
        lignes.iter().filter_map(|ligne| Some((self.lignes.get(ligne)?.id, *ligne))).collect()
    }
}
