//! Rows made, changed, archived. Nothing is deleted.

mod en_lot;
mod serie;

use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};
use sqlx::{Postgres, QueryBuilder};
use uuid::{Builder, Uuid};

use super::regard::{DROITS_DES_PERSONNES, nominatif, pousse_finalite};
use super::saisie::{self, Valeur};
use super::{Modele, ObjetError, Versions, contrainte, refus};
use crate::access::droits::{Action, Champ, Droit};
use crate::access::identite::{Identite, Refus};
use crate::access::journal::Finalite;
use crate::db::{Acteur, TenantTx};
use crate::modules::crochet::{Geste, Outre};
use crate::modules::registre::annee_civile;
use crate::spatial::{geojson, territoire, wkb};

pub(in crate::modules) use serie::EnSerie;

use geo::CoordsIter as _;
use geo_types::{Geometry, MultiLineString, MultiPoint, MultiPolygon};

/// Vertices of a drawn geometry at most: what a hand draws, not a survey.
const MAX_SOMMETS: usize = 5_000;

/// A right to write rows of a model; of nominative fields, for a purpose.
#[derive(Debug, Clone)]
pub struct Plume {
    modele: &'static Modele,
    pub(super) droit: Droit,
    nominatif: Option<Droit>,
    finalite: Option<Finalite>,
    pub(super) liens: Vec<(&'static str, Option<Droit>)>,
    pub(super) outre: Option<Outre>,
    /// Whether it writes what a step makes.
    pour_une_etape: bool,
}

/// What is written.
#[derive(Debug, Clone, Copy)]
pub struct Saisie<'a> {
    /// Fields.
    pub champs: &'a Map<String, Value>,
    /// GeoJSON geometry in degrees; JSON's null takes it off.
    pub geometrie: Option<&'a Value>,
    /// Commune, of what has no geometry.
    pub insee: Option<&'a str>,
}

/// Fields read, and the geometry with its column.
pub(super) type Ecrit = (Vec<(&'static Champ, Valeur)>, Option<(&'static str, Option<Vec<u8>>)>);

impl Plume {
    /// The right of `qui` to do this; with a purpose, to nominative fields too.
    ///
    /// # Errors
    /// The right was not given, or not for this purpose.
    pub fn new(
        qui: &Identite,
        modele: &'static Modele,
        action: Action,
        finalite: Option<&Finalite>,
    ) -> Result<Self, Refus> {
        let droit = qui.droit(modele.objet, action)?;
        let finalite = finalite.filter(|_| modele.nominatif);
        let nominatif = finalite.map(|finalite| nominatif(qui, modele, finalite)).transpose()?;
        let lisible = |regle: &&'static super::Regle| {
            let cible = regle.lien?.cible()?;
            Some((regle.champ, qui.droit(cible.objet, Action::Lire).ok()))
        };
        let liens = modele.regles.iter().collect::<Vec<_>>().iter().filter_map(lisible).collect();
        Ok(Self { modele, droit, nominatif, finalite: finalite.cloned(), liens, outre: None, pour_une_etape: false })
    }

    /// The pen of anybody, where a module takes deposits: these fields of a new row, and nothing of any other. A reference
    /// names what `lisible` opens.
    #[must_use]
    pub fn de_depot(
        modele: &'static Modele,
        champs: &[String],
        lisible: &dyn Fn(&Modele) -> Option<Droit>,
    ) -> Option<Self> {
        let droit = Droit::de_depot(modele.objet, Action::Creer, champs)?;
        let nominatif = Droit::de_depot(modele.objet, Action::Nominatif, champs);
        let cible = |regle: &'static super::Regle| Some((regle.champ, lisible(regle.lien?.cible()?)));
        let liens = modele.regles.iter().filter_map(cible).collect();
        Some(Self { modele, droit, nominatif, finalite: None, liens, outre: None, pour_une_etape: false })
    }

    /// The same, that passes over rules.
    #[must_use]
    pub fn passant_outre(self, outre: Outre) -> Self {
        Self { outre: Some(outre), ..self }
    }

    /// The same, that writes what a step of another row makes.
    #[must_use]
    pub fn pour_une_etape(self) -> Self {
        Self { pour_une_etape: true, ..self }
    }

    /// The purpose for which it writes nominative fields.
    #[must_use]
    pub fn finalite(&self) -> Option<&Finalite> {
        self.finalite.as_ref()
    }

    /// The model.
    #[must_use]
    pub fn modele(&self) -> &'static Modele {
        self.modele
    }

    /// Makes a row under this key; false when the key already made one of the same content.
    ///
    /// # Errors
    /// A field or a value that is refused, a place outside of the territory, a key that made something else.
    pub async fn creer(
        &self,
        tx: &mut TenantTx,
        id: Uuid,
        saisie: &Saisie<'_>,
        storage: u32,
    ) -> Result<bool, ObjetError> {
        let (champs, geometrie) = self.lue(saisie, storage)?;
        let mut manquants = saisie::manquants(self.modele, &champs);
        if self.modele.geometrie.is_some_and(|attendue| attendue.obligatoire)
            && !matches!(geometrie, Some((_, Some(_))))
        {
            if manquants.is_empty() {
                return Err(ObjetError::Geometrie("il en faut une, point, ligne ou surface"));
            }
            manquants.push(super::FauteChamp::new("geometrie", saisie::VIDE));
        }
        if !manquants.is_empty() {
            return Err(ObjetError::Champs(manquants));
        }
        if let Some((_, Some(ewkb))) = &geometrie {
            valide(tx, ewkb).await?;
        }
        let collectivite = tx.acteur().collectivite;
        let finalite = self.pour_creer()?;
        let numero = self.numerote(tx, id, saisie.insee).await?;
        let mut requete = QueryBuilder::new("insert into ");
        requete.push(self.modele.relation()).push(" as o (id, collectivite");
        for (champ, _) in &champs {
            requete.push(", \"").push(champ.nom).push("\"");
        }
        let poses = numero.iter().map(|(champ, numero)| (*champ, numero.clone()));
        let initial = self.modele.etats.map(|etats| (etats.champ, etats.initial.to_owned()));
        let poses: Vec<(&str, String)> = poses.chain(initial).collect();
        for (champ, _) in &poses {
            requete.push(", \"").push(*champ).push("\"");
        }
        requete.push(if finalite.is_some() { ", finalite" } else { "" });
        if let Some((colonne, _)) = &geometrie {
            requete.push(", ").push(*colonne);
        }
        requete.push(if geometrie.is_none() { ", insee" } else { "" });
        requete.push(") values (").push_bind(id).push(", ").push_bind(collectivite);
        for (champ, valeur) in &champs {
            requete.push(", ");
            valeur.lie(self.modele.regle(champ.nom), &mut requete);
        }
        for (_, valeur) in poses {
            requete.push(", ").push_bind(valeur);
        }
        if let Some(finalite) = finalite {
            requete.push(", ").push_bind(finalite.nom().to_owned());
        }
        match &geometrie {
            Some((_, ewkb)) => pousse_geometrie(ewkb.clone(), &mut requete),
            None => {
                requete.push(", ").push_bind(saisie.insee.map(str::to_owned));
            }
        }
        requete.push(") on conflict (id) do nothing returning ");
        self.pousse_permission(&champs, &mut requete);
        requete.push(", ");
        pousse_situee(geometrie.as_ref().is_some_and(|(_, ewkb)| ewkb.is_some()), &mut requete);
        let permis: Option<(bool, bool)> = requete
            .build_query_as()
            .fetch_optional(&mut **tx)
            .await
            .map_err(|error| contrainte::dite(self.modele, error))?;
        match permis {
            // A shape in no commune of the territory is in none that one may write.
            Some((_, false)) => Err(ObjetError::HorsTerritoire),
            Some((true, true)) => {
                let geste = if self.pour_une_etape { Geste::Produire } else { Geste::Creer };
                self.verifie_apres(tx, id, &champs, geste).await?;
                Ok(true)
            }
            // What no role opens is not made: the transaction is dropped.
            Some((false, true)) => Err(ObjetError::Fermee),
            None => {
                if numero.is_some() {
                    // The row had its number already: this one is given back.
                    sqlx::query("rollback to savepoint numero").execute(&mut **tx).await?;
                }
                if deja(tx, self.modele, id, &champs).await? { Ok(false) } else { Err(ObjetError::CleReprise) }
            }
        }
    }

    /// The next number of the register, where rows take one.
    async fn numerote(
        &self,
        tx: &mut TenantTx,
        id: Uuid,
        insee: Option<&str>,
    ) -> Result<Option<(&'static str, String)>, ObjetError> {
        let Some(numerotation) = self.modele.registre.as_ref().filter(|un| un.etape.is_none()) else { return Ok(None) };
        sqlx::query("savepoint numero").execute(&mut **tx).await?;
        let annee = annee_civile(tx, insee).await?;
        let numero = numerotation.registre.prendre(tx, annee, self.modele.objet.nom, id).await?;
        Ok(Some((numerotation.champ, numero.libelle)))
    }

    /// Changes a row whose version is `version`.
    ///
    /// # Errors
    /// There is none, it is not open, someone changed it before, or a field or value is refused.
    pub async fn changer(
        &self,
        tx: &mut TenantTx,
        id: Uuid,
        version: i32,
        saisie: &Saisie<'_>,
        storage: u32,
    ) -> Result<(), ObjetError> {
        let ecrit = self.lue(saisie, storage)?;
        self.retient(tx, id, Some(version), &ecrit.0).await?;
        self.libre(tx, id).await?;
        self.change(tx, id, ecrit, saisie.insee).await
    }

    /// Writes what was read, on a row that was retained.
    pub(super) async fn change(
        &self,
        tx: &mut TenantTx,
        id: Uuid,
        (champs, geometrie): Ecrit,
        insee: Option<&str>,
    ) -> Result<(), ObjetError> {
        if let Some((_, Some(ewkb))) = &geometrie {
            valide(tx, ewkb).await?;
        }
        let insee = insee.filter(|_| self.modele.geometrie.is_none());
        if champs.is_empty() && geometrie.is_none() && insee.is_none() {
            return Ok(());
        }
        let mut requete = QueryBuilder::new("update ");
        requete.push(self.modele.relation()).push(" o set ");
        let mut premier = true;
        let mut separe = |requete: &mut QueryBuilder<Postgres>| {
            requete.push(if premier { "" } else { ", " });
            premier = false;
        };
        for (champ, valeur) in &champs {
            separe(&mut requete);
            requete.push("\"").push(champ.nom).push("\" = ");
            valeur.lie(self.modele.regle(champ.nom), &mut requete);
        }
        let placee = matches!(&geometrie, Some((_, Some(_))));
        if let Some((colonne, ewkb)) = geometrie {
            separe(&mut requete);
            requete.push(colonne).push(" = ");
            pousse_stockee(ewkb, &mut requete);
        }
        if let Some(insee) = insee {
            separe(&mut requete);
            requete.push("insee = ").push_bind(insee.to_owned());
        }
        requete.push(" where id = ").push_bind(id).push(" returning ");
        self.pousse_permission(&champs, &mut requete);
        requete.push(" as permise, (insee is null or insee = any ((select acces.mon_territoire())::text[])) and ");
        pousse_situee(placee, &mut requete);
        requete.push(" as chez_soi");
        let (permise, chez_soi): (bool, bool) = requete
            .build_query_as()
            .fetch_one(&mut **tx)
            .await
            .map_err(|error| contrainte::dite(self.modele, error))?;
        // A row does not leave the rows that one may write, nor the territory.
        match (chez_soi, permise) {
            (false, _) => Err(ObjetError::HorsTerritoire),
            (true, false) => Err(ObjetError::Fermee),
            (true, true) => {
                self.verifie_apres(tx, id, &champs, Geste::Changer).await?;
                Ok(self.leve_corrigees(tx, id).await?)
            }
        }
    }

    /// What a request writes, held to the rules of fields.
    pub(super) fn lue(&self, saisie: &Saisie<'_>, storage: u32) -> Result<Ecrit, ObjetError> {
        let champs = saisie::lire(self.modele, saisie.champs)?;
        self.nommes(&champs)?;
        let geometrie = match (self.modele.geometrie, saisie.geometrie) {
            (_, None) | (None, Some(Value::Null)) => None,
            (None, Some(_)) => return Err(ObjetError::Champ("geometrie".to_owned())),
            (Some(attendue), Some(Value::Null)) if attendue.obligatoire => {
                return Err(ObjetError::Geometrie("il en faut une, point, ligne ou surface"));
            }
            (Some(attendue), Some(Value::Null)) => Some((attendue.colonne, None)),
            (Some(attendue), Some(geometrie)) => {
                let ewkb = lue(geometrie, attendue.genre, storage)?;
                Some((attendue.colonne, Some(ewkb)))
            }
        };
        Ok((champs, geometrie))
    }

    /// Whether this row may be changed.
    ///
    /// # Errors
    /// It is not there, not open, or locked in its state.
    pub async fn verifie(&self, tx: &mut TenantTx, id: Uuid) -> Result<(), ObjetError> {
        self.retient(tx, id, None, &[]).await?;
        self.libre(tx, id).await
    }

    /// Archives a row; nothing when it is already.
    ///
    /// # Errors
    /// There is none, it is not open, or someone changed it before.
    pub async fn archiver(&self, tx: &mut TenantTx, id: Uuid, version: Option<i32>) -> Result<(), ObjetError> {
        self.retient(tx, id, version, &[]).await?;
        let mut requete = QueryBuilder::new("update ");
        requete.push(self.modele.relation()).push(" set archivee_le = now() where archivee_le is null and id = ");
        requete.push_bind(id);
        requete.build().execute(&mut **tx).await.map_err(|error| contrainte::dite(self.modele, error))?;
        self.suit(tx, id, &[], Geste::Ranger).await
    }

    /// Puts an archived row back; nothing when it is not archived.
    ///
    /// # Errors
    /// There is none, it is not open, or another row now has what no two may have.
    pub async fn desarchiver(&self, tx: &mut TenantTx, id: Uuid, version: Option<i32>) -> Result<(), ObjetError> {
        self.retient(tx, id, version, &[]).await?;
        let mut requete = QueryBuilder::new("update ");
        requete.push(self.modele.relation()).push(" set archivee_le = null where archivee_le is not null and id = ");
        requete.push_bind(id);
        requete.build().execute(&mut **tx).await.map_err(|error| contrainte::dite(self.modele, error))?;
        self.suit(tx, id, &[], Geste::Ranger).await
    }

    /// Keeps the row until the transaction ends, once the right, the fields and the version were found good.
    pub(super) async fn retient(
        &self,
        tx: &mut TenantTx,
        id: Uuid,
        version: Option<i32>,
        champs: &[(&'static Champ, Valeur)],
    ) -> Result<(), ObjetError> {
        let mut requete = QueryBuilder::new("select version, ");
        self.pousse_lignes(&mut requete);
        requete.push(" as ouverte, ");
        self.pousse_permission(champs, &mut requete);
        requete.push(" as permise from ").push(self.modele.relation()).push(" o where id = ").push_bind(id);
        requete.push(" for no key update");
        let ligne: Option<(i32, bool, bool)> = requete.build_query_as().fetch_optional(&mut **tx).await?;
        match (ligne, version) {
            (None, _) => Err(ObjetError::Absente),
            (Some((_, false, _)), _) => Err(refus(tx, self.modele, id).await?),
            (Some((_, true, false)), _) => {
                Err(ObjetError::Champ(champs.first().map(|(champ, _)| champ.nom.to_owned()).unwrap_or_default()))
            }
            (Some((actuelle, ..)), Some(demandee)) if actuelle != demandee => {
                Err(ObjetError::Version(Versions { demandee, actuelle }))
            }
            _ => Ok(()),
        }
    }

    /// The purpose of a new row, where rows are known for one.
    fn pour_creer(&self) -> Result<Option<&Finalite>, ObjetError> {
        if !self.modele.finalite_en_colonne {
            return Ok(None);
        }
        match &self.finalite {
            None => Err(ObjetError::SansFinalite),
            // It answers persons; nobody is known for it.
            Some(finalite) if finalite.nom() == DROITS_DES_PERSONNES => Err(ObjetError::SansFinalite),
            autre => Ok(autre.as_ref()),
        }
    }

    /// Nominative fields are written for a purpose.
    pub(super) fn nommes(&self, champs: &[(&'static Champ, Valeur)]) -> Result<(), ObjetError> {
        let ferme = champs.iter().find(|(champ, _)| champ.niveau > 0 && self.nominatif.is_none());
        ferme.map_or(Ok(()), |(champ, _)| Err(ObjetError::Champ(champ.nom.to_owned())))
    }

    /// Adds the condition of rows that may be written at all.
    fn pousse_lignes(&self, requete: &mut QueryBuilder<Postgres>) {
        requete.push("(");
        self.droit.pousse_condition(requete);
        if let Some(nominatif) = &self.nominatif {
            requete.push(" and ");
            nominatif.pousse_condition(requete);
        }
        pousse_finalite(self.modele, self.finalite.as_ref(), requete);
        requete.push(")");
    }

    /// Adds the condition of rows on which each of these fields may be written.
    fn pousse_permission(&self, champs: &[(&'static Champ, Valeur)], requete: &mut QueryBuilder<Postgres>) {
        requete.push("(");
        self.pousse_lignes(requete);
        for (champ, _) in champs {
            requete.push(" and ");
            self.droit.pousse_ecriture(champ, requete);
            if let Some(nominatif) = self.nominatif.as_ref().filter(|_| champ.niveau > 0) {
                requete.push(" and ");
                nominatif.pousse_ouverture(champ, requete);
            }
        }
        // Conditions on null columns are null.
        requete.push(") is true");
    }
}

/// Adds whether a row whose shape was just written lies in a commune, where all of the territory are drawn.
fn pousse_situee(placee: bool, requete: &mut QueryBuilder<Postgres>) {
    requete.push(if placee { "(o.insee is not null or not (select acces.territoire_trace()))" } else { "true" });
}

/// Adds `, ` and a geometry as the table keeps it.
fn pousse_geometrie(ewkb: Option<Vec<u8>>, requete: &mut QueryBuilder<Postgres>) {
    requete.push(", ");
    pousse_stockee(ewkb, requete);
}

fn pousse_stockee(ewkb: Option<Vec<u8>>, requete: &mut QueryBuilder<Postgres>) {
    match ewkb {
        Some(ewkb) => {
            requete.push("st_transform(st_geomfromewkb(").push_bind(ewkb).push("), core.storage_srid())");
        }
        None => {
            requete.push("null");
        }
    }
}

/// The key of the row that a request makes: the same for the same key of the same account, and for no other's.
#[must_use]
pub fn cle(acteur: &Acteur, modele: &Modele, idempotence: &str) -> Uuid {
    let compte = acteur.utilisateur.map(|id| id.to_string()).unwrap_or_default();
    let parts = [modele.objet.nom, &acteur.collectivite.0.to_string(), &compte, idempotence].map(str::to_owned);
    let digest = Sha256::digest(parts.join("\u{1f}").as_bytes());
    let mut octets = [0_u8; 16];
    octets.copy_from_slice(&digest[..16]);
    Builder::from_custom_bytes(octets).into_uuid()
}

/// Whether the row of that key was made with these fields.
async fn deja(
    tx: &mut TenantTx,
    modele: &Modele,
    id: Uuid,
    champs: &[(&'static Champ, Valeur)],
) -> Result<bool, ObjetError> {
    let donnes: Map<String, Value> =
        champs.iter().map(|(champ, valeur)| (champ.nom.to_owned(), valeur.json())).collect();
    let meme: Option<bool> = sqlx::query_scalar(include_str!("sql/objet_deja.sql"))
        .bind(modele.objet.nom)
        .bind(id.to_string())
        .bind(Value::Object(donnes))
        .fetch_optional(&mut **tx)
        .await?;
    Ok(meme == Some(true))
}

/// A geometry from outside, in degrees, as PostGIS takes it.
fn lue(geometrie: &Value, genre: &str, storage: u32) -> Result<Vec<u8>, ObjetError> {
    let lue = du_genre(geojson::lire(geometrie)?, genre)?;
    if lue.coords_count() > MAX_SOMMETS {
        return Err(ObjetError::Geometrie("elle a plus de 5 000 sommets, simplifiez-la"));
    }
    let territoire = territoire::de(storage);
    if lue.coords_iter().any(|point| !territoire.contient(point.x, point.y)) {
        return Err(ObjetError::Geometrie(
            "elle sort du pays de cette base ; donnez des degrés, longitude puis latitude",
        ));
    }
    wkb::encode(&lue, 4326).map_err(|_| ObjetError::Geometrie("elle est illisible"))
}

/// # Errors
/// A shape that crosses itself, or without extent.
async fn valide(tx: &mut TenantTx, ewkb: &[u8]) -> Result<(), ObjetError> {
    let valide: bool =
        sqlx::query_scalar("select st_isvalid(st_geomfromewkb($1))").bind(ewkb).fetch_one(&mut **tx).await?;
    if valide { Ok(()) } else { Err(ObjetError::Geometrie("son contour se croise lui-même, redessinez-le")) }
}

/// The geometry as its column takes it: one of a kind becomes several where several are stored.
fn du_genre(lue: Geometry, genre: &str) -> Result<Geometry, ObjetError> {
    match (genre, lue) {
        ("Point", lue @ Geometry::Point(_))
        | ("LineString", lue @ Geometry::LineString(_))
        | ("Polygon", lue @ Geometry::Polygon(_))
        | ("MultiPoint", lue @ Geometry::MultiPoint(_))
        | ("MultiLineString", lue @ Geometry::MultiLineString(_))
        | ("MultiPolygon", lue @ Geometry::MultiPolygon(_))
        | ("Geometry", lue) => Ok(lue),
        ("MultiPoint", Geometry::Point(un)) => Ok(MultiPoint(vec![un]).into()),
        ("MultiLineString", Geometry::LineString(une)) => Ok(MultiLineString(vec![une]).into()),
        ("MultiPolygon", Geometry::Polygon(un)) => Ok(MultiPolygon(vec![un]).into()),
        ("Point" | "MultiPoint", _) => Err(ObjetError::Geometrie("un point est attendu")),
        ("LineString" | "MultiLineString", _) => Err(ObjetError::Geometrie("une ligne est attendue")),
        _ => Err(ObjetError::Geometrie("une surface est attendue")),
    }
}
