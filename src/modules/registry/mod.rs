//! Installed modules, typed and immutable: every face of an object is a function of this registry, and none knows a module
//! by name.
//!
//! A registry is made at start and swapped whole when a module is installed, upgraded or disabled. Its models live as long as
//! the process: a few hundred kilobytes an installation, for values that every request may hold without counting.

mod defauts;
mod fabrique;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};

use finage_manifest::{Fault, Folder, Import, Known, Module, ModuleFile, ObjectFile, check};
use serde::Serialize;
use sqlx::{FromRow, PgConnection};

pub(super) use fabrique::{cite, uniques};

use super::catalogue;
use super::crochet::connus;
use super::objets::{Couche, MODELES, Modele, OBJETS, Regard};
use super::sources::{self, Trouve};
use crate::access::droits::{Droit, Objet};

/// Installed modules.
#[derive(Debug, Default)]
pub struct Registry {
    modules: Vec<ModuleCharge>,
    pannes: Vec<Panne>,
}

/// A module, loaded.
#[derive(Debug)]
pub struct ModuleCharge {
    /// What `module.toml` says.
    pub file: ModuleFile,
    /// Its objects.
    pub objets: Vec<ObjetCharge>,
    /// Its files: documents, queries.
    pub folder: Folder,
    /// Mappings of files that it knows, by their name.
    pub imports: BTreeMap<String, Import>,
}

/// An object of a module, loaded.
#[derive(Debug)]
pub struct ObjetCharge {
    /// Short name, within its module.
    pub nom: &'static str,
    /// What every face is made of.
    pub modele: &'static Modele,
    /// What its manifest says.
    pub file: ObjectFile,
    /// Its layer, when it has a geometry.
    pub couche: Option<&'static Couche>,
    /// What it opens to the public.
    pub public: Option<Droit>,
}

/// A module that is installed and not loaded.
#[derive(Debug, Clone, Serialize)]
pub struct Panne {
    /// Its identifier.
    pub module: String,
    /// Why.
    pub causes: Vec<Fault>,
}

/// A row of `core.module`.
#[derive(Debug, Clone, FromRow, Serialize)]
pub struct Installe {
    /// Identifier.
    pub id: String,
    /// Name shown.
    pub libelle: String,
    /// Version installed.
    pub version: String,
    /// Digest of its folder.
    pub empreinte: String,
    /// Where its folder is.
    pub origine: String,
    /// Whether it is loaded.
    pub actif: bool,
}

impl Registry {
    /// The registry of a database: its installed modules, as their folders are. One with a fault is not loaded at all, and
    /// said in [`Registry::pannes`]; the others are.
    ///
    /// # Errors
    /// The database refused.
    pub async fn charge(connection: &mut PgConnection, dossier: Option<&Path>) -> sqlx::Result<Self> {
        let installes = installes(connection).await?;
        let mut trouves = sources::trouves(dossier);
        let (mut modules, mut pannes) = (Vec::new(), Vec::new());
        for installe in installes.iter().filter(|installe| installe.actif) {
            match lisible(installe, trouves.remove(&installe.id)) {
                Ok(module) => modules.push(module),
                Err(causes) => pannes.push(Panne { module: installe.id.clone(), causes }),
            }
        }
        let schemas: Vec<String> = modules.iter().map(|module| module.id().to_owned()).collect();
        let catalogue = catalogue::lu(&mut *connection, &schemas).await?;
        let known = known(&modules, installes.iter().map(|installe| installe.id.clone()));
        let (bons, mauvais): (Vec<_>, Vec<_>) = modules
            .into_iter()
            .map(|module| {
                let causes = check(&module, &catalogue, &known);
                (module, causes)
            })
            .partition(|(_, causes)| causes.is_empty());
        pannes.extend(mauvais.into_iter().map(|(module, causes)| Panne { module: module.file.id, causes }));
        let bons: Vec<Module> = bons.into_iter().map(|(module, _)| module).collect();
        for panne in &pannes {
            for cause in &panne.causes {
                tracing::error!(module = panne.module, %cause, "module non chargé");
            }
        }
        Ok(Self { modules: fabrique::modules(bons, &catalogue, &known), pannes })
    }

    /// Modules loaded.
    #[must_use]
    pub fn modules(&self) -> &[ModuleCharge] {
        &self.modules
    }

    /// Modules installed and not loaded.
    #[must_use]
    pub fn pannes(&self) -> &[Panne] {
        &self.pannes
    }

    /// The module of that identifier.
    #[must_use]
    pub fn module(&self, id: &str) -> Option<&ModuleCharge> {
        self.modules.iter().find(|module| module.file.id == id)
    }

    /// Objects of modules.
    pub fn objets(&self) -> impl Iterator<Item = (&ModuleCharge, &ObjetCharge)> {
        self.modules.iter().flat_map(|module| module.objets.iter().map(move |objet| (module, objet)))
    }

    /// The object of a module.
    #[must_use]
    pub fn objet(&self, module: &str, objet: &str) -> Option<(&ModuleCharge, &ObjetCharge)> {
        let module = self.module(module)?;
        Some((module, module.objets.iter().find(|une| une.nom == objet)?))
    }

    /// The model of an object, of the core or of a module, as rights name it.
    #[must_use]
    pub fn modele(&self, nom: &str) -> Option<&'static Modele> {
        let socle = MODELES.into_iter().find(|modele| modele.objet.nom == nom);
        socle.or_else(|| self.objets().map(|(_, objet)| objet.modele).find(|modele| modele.objet.nom == nom))
    }

    /// Every model: those of the core, then those of modules.
    pub fn modeles(&self) -> impl Iterator<Item = &'static Modele> {
        MODELES.into_iter().chain(self.objets().map(|(_, objet)| objet.modele))
    }

    /// Every object that rights may name, besides those of rights themselves.
    pub fn noms(&self) -> impl Iterator<Item = &'static Objet> {
        OBJETS.into_iter().chain(self.objets().map(|(_, objet)| objet.modele.objet))
    }

    /// What anybody may see of an object, where its manifest opens rows to the public.
    #[must_use]
    pub fn publique(&self, modele: &'static Modele) -> Option<Regard> {
        self.publique_suivant(modele, &[])
    }

    /// The same, that also reads fields through references: the reference, then the field of the row that it names.
    #[must_use]
    pub fn publique_suivant(&self, modele: &'static Modele, suivis: &[(&'static str, &'static str)]) -> Option<Regard> {
        Regard::public(modele, &|modele| self.droit_public(modele), suivis)
    }

    /// The right of anybody to an object.
    #[must_use]
    pub fn droit_public(&self, modele: &Modele) -> Option<Droit> {
        self.objets().find(|(_, objet)| std::ptr::eq(objet.modele, modele))?.1.public.clone()
    }

    /// The layer of that identifier, of rows that belong to collectivités.
    #[must_use]
    pub fn couche(&self, id: &str) -> Option<&'static Couche> {
        Couche::de(id).or_else(|| self.couches().find(|couche| couche.id == id))
    }

    /// The layers of its modules.
    pub fn couches(&self) -> impl Iterator<Item = &'static Couche> {
        self.objets().filter_map(|(_, objet)| objet.couche)
    }
}

/// Shared between requests.
pub type Connu = Arc<Registry>;

/// The registry as it is now, shared by all that outlive an installation: requests to come, long work.
#[derive(Debug, Clone, Default)]
pub struct Vivant(Arc<RwLock<Connu>>);

impl Vivant {
    /// The registry.
    #[must_use]
    pub fn lu(&self) -> Connu {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Swaps it for this one.
    pub fn pose(&self, registry: Connu) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = registry;
    }
}

/// Modules of a database, in the order in which they were installed: what a module names came before it.
///
/// # Errors
/// The database refused.
pub async fn installes(connection: &mut PgConnection) -> sqlx::Result<Vec<Installe>> {
    sqlx::query_as("select id, libelle, version, empreinte, origine, actif from core.module order by installe_le, id")
        .fetch_all(connection)
        .await
}

/// What modules may name outside of themselves.
pub(super) fn known(modules: &[Module], installes: impl Iterator<Item = String>) -> Known {
    let mut known = Known { modules: installes.collect(), ..Known::default() };
    for module in modules {
        known.depends.insert(module.id().to_owned(), module.file.depends.clone());
        for (nom, objet) in &module.objects {
            known.objects.insert(format!("{}.{nom}", module.id()), objet.file.table.clone());
        }
    }
    for modele in MODELES {
        known.objects.insert(modele.objet.nom.to_owned(), modele.relation.to_owned());
    }
    for programme in connus() {
        for (objet, champs) in programme.computes() {
            let champs = champs.iter().map(|&nom| nom.to_owned()).collect();
            known.hooks.insert(format!("{}.{objet}", programme.module()), champs);
        }
    }
    known.layers.extend(["cadastre.parcelle", "cadastre.batiment"].map(str::to_owned));
    known
}

fn lisible(installe: &Installe, trouve: Option<Trouve>) -> Result<Module, Vec<Fault>> {
    let dit = |message: String| vec![Fault { file: "module.toml".to_owned(), line: None, message }];
    let Some(trouve) = trouve else {
        return Err(dit("le dossier de ce module n'est plus là ; remettez-le dans FINAGE_MODULES_DIR".to_owned()));
    };
    let module = trouve.lu?;
    if module.folder.digest() != installe.empreinte {
        return Err(dit(format!(
            "le dossier n'est plus celui qui a été installé (version {}) ; « finage module upgrade {} » le met à niveau",
            installe.version, installe.id
        )));
    }
    Ok(module)
}
