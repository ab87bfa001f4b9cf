//! Rows read: a sheet, a page of sheets.

use serde::Serialize;
use serde_json::{Value, json};
use sqlx::{FromRow, Postgres, QueryBuilder};
use time::{Date, OffsetDateTime};
use utoipa::ToSchema;
use uuid::Uuid;

use super::condition::Condition;
use super::critere::Critere;
use super::designees::Designee;
use super::{ObjetError, Regard, refus};
use crate::db::TenantTx;

/// Sheets of a page at most, whatever asks.
const MAX_PAGE: i64 = 10_000;
/// Rows that pages may skip: beyond, one searches.
pub const MAX_RANG: i64 = 1_000_000;

/// A row, with the fields that are open to who asks.
#[derive(Debug, Clone, PartialEq, Serialize, FromRow, ToSchema)]
pub struct Fiche {
    /// Key.
    pub id: Uuid,
    /// Version: what `If-Match` says when it is changed.
    pub version: i32,
    /// Commune, when there is one.
    pub insee: Option<String>,
    /// Whether it is of the collectivité that asks; others are seen through a mission.
    pub propre: bool,
    /// When it was made.
    #[serde(with = "time::serde::rfc3339")]
    #[schema(value_type = String, format = DateTime)]
    pub creee_le: OffsetDateTime,
    /// When it was archived.
    #[serde(with = "time::serde::rfc3339::option")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub archivee_le: Option<OffsetDateTime>,
    /// What it is called.
    pub titre: String,
    /// Fields; null where one is empty or not open.
    #[schema(value_type = std::collections::HashMap<String, Value>)]
    pub champs: Value,
    /// What its codes, references and files are called.
    #[schema(value_type = std::collections::HashMap<String, String>)]
    pub libelles: Value,
    /// GeoJSON geometry in degrees, of what has one.
    #[schema(value_type = Option<Object>)]
    pub geometrie: Option<Value>,
}

/// Sheets, in the order asked.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct PageFiches {
    /// All those that answer.
    pub total: i64,
    /// Rank of the first of this page, from 0.
    pub rang: i64,
    /// Those of this page.
    pub fiches: Vec<Fiche>,
    /// The box around all those that answer, when it is asked for and they have a place: west, south, east, north in degrees.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub etendue: Option<[f64; 4]>,
}

/// A field by which rows are sorted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tri {
    /// The field.
    pub champ: &'static str,
    /// Whether the greatest comes first.
    pub descendant: bool,
}

/// Which rows, and what of them.
#[derive(Debug, Clone, PartialEq)]
pub struct Filtre {
    /// Text that searched fields contain, whatever the case, the accents and the ligatures.
    pub q: Option<String>,
    /// Condition in CQL2.
    pub condition: Option<Condition>,
    /// Condition of a list of the manifest.
    pub du_module: Option<Condition>,
    /// West, south, east, north in degrees.
    pub bbox: Option<[f64; 4]>,
    /// Longitude, latitude and metres.
    pub pres: Option<[f64; 3]>,
    /// Values of fields.
    pub egaux: Vec<(&'static str, String)>,
    /// Rows of which a field names this row.
    pub enfants: Option<(&'static str, Uuid)>,
    /// What some fields hold, each.
    pub criteres: Vec<Critere>,
    /// Rows of this commune.
    pub insee: Option<String>,
    /// These rows alone.
    pub ids: Option<Vec<Uuid>>,
    /// Whether archived rows are shown, and they alone.
    pub archivees: bool,
    /// Day on which rows are valid.
    pub valide_le: Option<Date>,
    /// Fields wanted; all unless told.
    pub champs: Option<Vec<&'static str>>,
    /// Whether geometries are wanted.
    pub geometrie: bool,
    /// Whether the box around all rows is wanted.
    pub etendue: bool,
    /// Order; newest first unless told.
    pub tri: Vec<Tri>,
    /// Rank of the first, from 0.
    pub rang: i64,
    /// Rows at most.
    pub limite: i64,
}

impl Default for Filtre {
    fn default() -> Self {
        Self {
            q: None,
            condition: None,
            du_module: None,
            bbox: None,
            pres: None,
            egaux: Vec::new(),
            enfants: None,
            criteres: Vec::new(),
            insee: None,
            ids: None,
            archivees: false,
            valide_le: None,
            champs: None,
            geometrie: true,
            etendue: false,
            tri: Vec::new(),
            rang: 0,
            limite: 100,
        }
    }
}

impl Filtre {
    /// What the journal keeps of it.
    pub(super) fn criteres(&self) -> Value {
        // Text of PostgreSQL holds no NUL, JSON neither.
        let sans_nul = |texte: &str| texte.replace('\0', "");
        let q = self.q.as_deref().map(sans_nul);
        let filtre = self.condition.as_ref().map(|condition| sans_nul(condition.texte()));
        let mut criteres = json!({ "q": q, "rang": self.rang, "archivees": self.archivees });
        if let (Some(filtre), Some(criteres)) = (filtre, criteres.as_object_mut()) {
            criteres.insert("filtre".to_owned(), filtre.into());
        }
        criteres
    }
}

impl Regard {
    /// The sheet of that key; a nominative one leaves its line in the journal.
    ///
    /// # Errors
    /// There is none, or it is not open to this look.
    pub async fn fiche(&self, tx: &mut TenantTx, id: Uuid) -> Result<Fiche, ObjetError> {
        let mut requete = self.selection(&Filtre::default());
        requete.push(" from ").push(self.modele.relation()).push(" o");
        self.nommeur.pousse_source(&mut requete);
        requete.push(" where o.id = ").push_bind(id).push(" and ");
        self.pousse_condition(&mut requete);
        match requete.build_query_as().fetch_optional(&mut **tx).await? {
            Some(fiche) => {
                self.fiche_vue(tx, id).await?;
                Ok(fiche)
            }
            None => Err(refus(tx, self.modele, id).await?),
        }
    }

    /// A page of sheets; a nominative one leaves its line in the journal, with criteria and count.
    ///
    /// # Errors
    /// The database refused.
    pub async fn page(&self, tx: &mut TenantTx, filtre: &Filtre) -> Result<PageFiches, ObjetError> {
        let (rang, limite) = (filtre.rang.clamp(0, MAX_RANG), filtre.limite.clamp(1, MAX_PAGE));
        let (total, fiches) = if filtre.q.is_some() {
            self.trouvees(tx, filtre, rang, limite).await?
        } else {
            (self.nombre(tx, filtre).await?, self.lignes(tx, filtre, rang, limite).await?)
        };
        let etendue = if filtre.etendue { self.etendue(tx, filtre).await? } else { None };
        self.journalise(tx, "lister", None, &json!({ "criteres": filtre.criteres(), "nombre": total })).await?;
        Ok(PageFiches { total, rang, fiches, etendue })
    }

    /// How many rows hold a text, and a page of them. A text may be in any field: the rows are gone through once for both.
    async fn trouvees(
        &self,
        tx: &mut TenantTx,
        filtre: &Filtre,
        rang: i64,
        limite: i64,
    ) -> sqlx::Result<(i64, Vec<Fiche>)> {
        let mut requete = QueryBuilder::new("select o.id, count(*) over () from ");
        requete.push(self.modele.relation()).push(" o");
        self.pousse_filtre(filtre, &mut requete);
        self.pousse_tri(filtre, &mut requete);
        requete.push(" limit ").push_bind(limite).push(" offset ").push_bind(rang);
        let trouvees: Vec<(Uuid, i64)> = requete.build_query_as().fetch_all(&mut **tx).await?;
        let Some((_, total)) = trouvees.first() else {
            // None, or a page beyond the last.
            let total = if rang > 0 { self.nombre(tx, filtre).await? } else { 0 };
            return Ok((total, Vec::new()));
        };
        let ids = trouvees.iter().map(|(id, _)| *id).collect();
        let d_elles = Filtre { q: None, ids: Some(ids), ..filtre.clone() };
        Ok((*total, self.lignes(tx, &d_elles, 0, limite).await?))
    }

    /// How many rows answer; tells nothing of them.
    ///
    /// # Errors
    /// The database refused.
    pub async fn nombre(&self, tx: &mut TenantTx, filtre: &Filtre) -> sqlx::Result<i64> {
        let mut requete = QueryBuilder::new("select count(*) from ");
        requete.push(self.modele.relation()).push(" o");
        self.pousse_filtre(filtre, &mut requete);
        requete.build_query_scalar().fetch_one(&mut **tx).await
    }

    /// The box around all the rows that answer, in degrees; none where none of them has a place.
    async fn etendue(&self, tx: &mut TenantTx, filtre: &Filtre) -> sqlx::Result<Option<[f64; 4]>> {
        let Some(geometrie) = self.modele.geometrie else { return Ok(None) };
        let mut requete = QueryBuilder::new(
            "select array[st_xmin(b), st_ymin(b), st_xmax(b), st_ymax(b)] from (
            select st_transform(st_setsrid(st_extent(o.",
        );
        requete.push(geometrie.colonne).push(")::geometry, core.storage_srid()), 4326) as b from ");
        requete.push(self.modele.relation()).push(" o");
        self.pousse_filtre(filtre, &mut requete);
        requete.push(") e where b is not null");
        let coins: Option<Vec<f64>> = requete.build_query_scalar().fetch_optional(&mut **tx).await?;
        Ok(coins.and_then(|coins| coins.try_into().ok()))
    }

    pub(super) async fn lignes(
        &self,
        tx: &mut TenantTx,
        filtre: &Filtre,
        rang: i64,
        limite: i64,
    ) -> sqlx::Result<Vec<Fiche>> {
        let mut requete = self.selection(filtre);
        // The rows of the page are found first: titles, labels and shapes are made of those alone.
        requete.push(" from (select o.* from ").push(self.modele.relation()).push(" o");
        self.pousse_filtre(filtre, &mut requete);
        self.pousse_tri(filtre, &mut requete);
        requete.push(" limit ").push_bind(limite).push(" offset ").push_bind(rang).push(") o");
        self.nommeur.pousse_source(&mut requete);
        self.pousse_tri(filtre, &mut requete);
        requete.build_query_as().fetch_all(&mut **tx).await
    }

    fn selection(&self, filtre: &Filtre) -> QueryBuilder<Postgres> {
        let mut requete = QueryBuilder::new(
            "select o.id, o.version, o.insee, coalesce(o.collectivite = (select acces.ma_collectivite()), false) as propre,
            o.creee_le, o.archivee_le, ",
        );
        self.nommeur.pousse_intitule(&mut requete);
        requete.push(" as titre, ");
        match &filtre.champs {
            Some(noms) => self.pousse_ces_champs(|champ| noms.contains(&champ.nom), &mut requete),
            None => self.pousse_champs(&mut requete),
        }
        requete.push(" as champs, ");
        self.nommeur.pousse_libelles(&mut requete);
        requete.push(" as libelles, ");
        match self.modele.geometrie.filter(|_| filtre.geometrie) {
            Some(geometrie) => {
                requete.push("st_asgeojson(st_transform(o.").push(geometrie.colonne).push(", 4326), 7)::jsonb")
            }
            None => requete.push("null::jsonb"),
        };
        requete.push(" as geometrie");
        requete
    }

    pub(super) fn pousse_tri(&self, filtre: &Filtre, requete: &mut QueryBuilder<Postgres>) {
        requete.push(" order by ");
        for tri in &filtre.tri {
            self.pousse_champ(tri.champ, requete);
            requete.push(if tri.descendant { " desc nulls last, " } else { " nulls last, " });
        }
        requete.push(if filtre.tri.is_empty() { "o.creee_le desc, o.id" } else { "o.id" });
    }

    pub(super) fn pousse_filtre(&self, filtre: &Filtre, requete: &mut QueryBuilder<Postgres>) {
        requete.push(" where ");
        self.pousse_condition(requete);
        requete.push(if filtre.archivees { " and o.archivee_le is not null" } else { " and o.archivee_le is null" });
        self.pousse_place(filtre, requete);
        for (nom, valeur) in &filtre.egaux {
            requete.push(" and ");
            // A field that is not open is not to be guessed by asking for it.
            self.pousse_champ(nom, requete);
            requete.push("::text = ").push_bind(valeur.clone());
        }
        if let Some((nom, id)) = filtre.enfants {
            requete.push(" and ");
            self.pousse_champ(nom, requete);
            requete.push(" = ").push_bind(id);
        }
        for critere in &filtre.criteres {
            self.pousse_critere(critere, requete);
        }
        if let Some(insee) = &filtre.insee {
            requete.push(" and o.insee = ").push_bind(insee.clone());
        }
        if let Some(ids) = &filtre.ids {
            requete.push(" and o.id = any (").push_bind(ids.clone()).push(")");
        }
        if let (Some(jour), Some([du, au])) = (filtre.valide_le, self.modele.validite) {
            requete.push(" and coalesce(");
            self.pousse_champ(du, requete);
            requete.push(" <= ").push_bind(jour).push(", true) and coalesce(");
            self.pousse_champ(au, requete);
            requete.push(" > ").push_bind(jour).push(", true)");
        }
        for condition in filtre.condition.iter().chain(&filtre.du_module) {
            requete.push(" and ");
            condition.pousse(requete);
        }
        if let Some(q) = filtre.q.as_deref().map(str::trim).filter(|q| !q.is_empty()) {
            // Each word somewhere: « dupont 2024 » finds what has both.
            self.pousse_mots(self.modele.cherches, &self.designees, q, requete);
        }
    }

    /// Adds that each word of a text is in one of these fields, or names a row that the row names.
    pub(super) fn pousse_mots(
        &self,
        champs: &[&str],
        designees: &[Designee],
        texte: &str,
        requete: &mut QueryBuilder<Postgres>,
    ) {
        for mot in mots(texte) {
            let motif = format!("%{}%", echappe(mot));
            requete.push(" and (false");
            for nom in champs {
                if est_nu(mot) {
                    requete.push(" or ");
                    self.pousse_champ(nom, requete);
                    requete.push("::text like ").push_bind(motif.clone());
                } else {
                    requete.push(" or core.cherchable");
                    self.pousse_champ(nom, requete);
                    requete.push(" like core.cherchable(").push_bind(motif.clone()).push(")");
                }
            }
            for designee in designees {
                requete.push(" or ");
                self.pousse_champ(designee.champ, requete);
                // The keys are found once, and meet the index of the reference beside those of texts.
                requete.push(" = any (array");
                designee.pousse(&motif, requete);
                requete.push(")");
            }
            requete.push(")");
        }
    }

    fn pousse_place(&self, filtre: &Filtre, requete: &mut QueryBuilder<Postgres>) {
        let Some(geometrie) = self.modele.geometrie else {
            if filtre.bbox.is_some() || filtre.pres.is_some() {
                requete.push(" and false");
            }
            return;
        };
        if let Some([ouest, sud, est, nord]) = filtre.bbox {
            requete.push(" and o.").push(geometrie.colonne).push(" && st_transform(st_segmentize(st_makeenvelope(");
            requete.push_bind(ouest).push(", ").push_bind(sud).push(", ").push_bind(est).push(", ").push_bind(nord);
            requete.push(", 4326), 0.05), core.storage_srid())");
        }
        if let Some([lon, lat, metres]) = filtre.pres {
            requete.push(" and st_dwithin(o.").push(geometrie.colonne).push(", st_transform(st_setsrid(st_makepoint(");
            requete.push_bind(lon).push(", ").push_bind(lat).push("), 4326), core.storage_srid()), ");
            requete.push_bind(metres).push(")");
        }
    }
}

/// Letters that an index of trigrams wants.
const TRIGRAMME: usize = 3;
/// Words of a text that is searched; more would find nothing better.
const MAX_MOTS: usize = 8;

/// Whether a word is the same however it is spelled, and too short for an index of trigrams: it is sought as it is, which costs
/// a tenth.
fn est_nu(mot: &str) -> bool {
    mot.len() < TRIGRAMME && mot.bytes().all(|octet| octet.is_ascii_digit())
}

/// Words of a text, those that tell rows apart best first: PostgreSQL asks for each in this order and stops at the first that is
/// not there. Few rows have a given number; many have a common word.
fn mots(texte: &str) -> Vec<&str> {
    let mut mots: Vec<&str> = texte.split_whitespace().take(MAX_MOTS).collect();
    mots.sort_by_key(|mot| (!mot.chars().any(char::is_numeric), std::cmp::Reverse(mot.len())));
    mots
}

/// The same text for `like`, which gives no sense to any of its letters; without NUL, which PostgreSQL does not hold.
pub(super) fn echappe(texte: &str) -> String {
    let mut echappe = String::with_capacity(texte.len());
    for lettre in texte.chars().filter(|lettre| *lettre != '\0') {
        if matches!(lettre, '%' | '_' | '\\') {
            echappe.push('\\');
        }
        echappe.push(lettre);
    }
    echappe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_looked_for_before_words_and_long_words_before_short_ones() {
        assert_eq!(mots("Rang 12 n° 8"), ["12", "8", "Rang", "n°"]);
        assert_eq!(mots("de Dupont"), ["Dupont", "de"]);
    }

    #[test]
    fn only_short_numbers_are_sought_as_they_are() {
        assert!(est_nu("8") && est_nu("12"));
        assert!(!est_nu("120") && !est_nu("n°") && !est_nu("8b"));
    }

    #[test]
    fn letters_of_a_search_mean_themselves() {
        assert_eq!(echappe(r"100 % d'a_b\"), r"100 \% d'a\_b\\");
        assert_eq!(echappe("a\0b"), "ab");
    }
}
