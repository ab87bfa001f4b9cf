//! The take-over itself: read, translate, write, attach, count, then keep all or nothing.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::OpenCimetiereError;
use super::base::{Base, Lecture};
use super::bilan::{BilanReprise, CompteObjet, Ecart};
use super::comptes::Porteur;
use super::distinguer::{distingue, precise};
use super::fichiers::Magasin;
use super::lot::{FichierDit, Lot};
use super::plan::{Plan, libelles};
use super::{contrats, defunts, operations, plan};
use crate::access::identite::Collectivite;
use crate::access::journal::Finalite;
use crate::db::{Acteur, Collectivites, TenantTx};
use crate::fichiers::{Depot, Empreinte};
use crate::modules::import::Suivi;
use crate::modules::objets::{Modele, Nouveau, ObjetError};
use crate::modules::registry::Registry;
use crate::modules::reprise::{JointRepris, Reprise, Sort, SortJoint, Valeur};

/// Name under which rows are remembered.
const SOURCE: &str = "opencimetiere";
/// The module.
const MODULE: &str = "cimetiere";

/// What is to be taken over.
#[derive(Debug, Clone)]
pub struct Demande {
    /// A dump of PostgreSQL, plain or custom, or a folder of CSV files named by their table.
    pub source: PathBuf,
    /// How it is read.
    pub lecture: Lecture,
    /// Folder of its stored files.
    pub fichiers: Option<PathBuf>,
    /// Collectivité whose rows they become.
    pub collectivite: Collectivite,
    /// Commune of its cemeteries; the only one of its territory unless told.
    pub commune: Option<String>,
    /// Purpose for which personal fields are written.
    pub finalite: Finalite,
    /// Whether nothing is to be kept.
    pub a_blanc: bool,
}

/// Whether to stop, asked from any thread.
pub type Arrete = Arc<dyn Fn() -> bool + Send + Sync>;

/// Takes a database of openCimetière over, in one transaction.
///
/// `avance` is told rows done and rows to do.
///
/// # Errors
/// Nothing was taken over.
pub async fn reprend(
    (pool, registry, depot): (&Collectivites, &Registry, &Depot),
    acteur: &Acteur,
    demande: Demande,
    avance: &(dyn Fn(usize, usize) + Send + Sync),
    arrete: Arrete,
) -> Result<BilanReprise, OpenCimetiereError> {
    let lu = {
        let (source, lecture, arrete) = (demande.source.clone(), demande.lecture.clone(), Arc::clone(&arrete));
        tokio::task::spawn_blocking(move || lit(&source, &lecture, &*arrete))
    };
    let (base, lot) = lu.await.map_err(|_| OpenCimetiereError::Interrompue)??;
    let mut tx = pool.begin(acteur).await?;
    let insee = commune(&mut tx, demande.commune.as_deref()).await?;
    let finalite = Some(demande.finalite.clone());
    let reprise = Reprise::commence(&mut tx, demande.collectivite.clone(), SOURCE, finalite, insee).await?;
    let mut ecriture = Ecriture { reprise, registry, bilan: BilanReprise::default(), sorts: HashMap::new() };
    ecriture.deroule(&mut tx, lot, &base, (depot, &demande), (avance, &arrete)).await?;
    let mut bilan = ecriture.bilan;
    if demande.a_blanc {
        drop(tx);
    } else {
        if arrete() {
            return Err(OpenCimetiereError::Interrompue);
        }
        tx.commit().await?;
    }
    bilan.ecrit = !demande.a_blanc;
    Ok(bilan)
}

fn lit(source: &Path, lecture: &Lecture, arrete: &dyn Fn() -> bool) -> Result<(Base, Lot), OpenCimetiereError> {
    let base = Base::lit(source, lecture, arrete)?;
    let mut lot = Lot::default();
    let plan = plan::lit(&base, &mut lot);
    {
        let titres = libelles(&base, &mut lot, "titre_de_civilite");
        contrats::lit(&base, &mut lot, &plan, &titres);
        let entreprises = operations::entreprises(&base, &mut lot);
        operations::travaux(&base, &mut lot, &plan, &entreprises);
        let faites = operations::lit(&base, &mut lot, &plan, &entreprises, &titres);
        defunts::lit(&base, &mut lot, &plan, &titres, &faites);
    }
    dossiers(&base, &mut lot, &plan);
    distingue(&mut lot.cimetieres, &["libelle"], "libelle", 120);
    distingue(&mut lot.secteurs, &["cimetiere", "libelle"], "libelle", 80);
    precise(&mut lot.allees, &lot.secteurs);
    distingue(&mut lot.allees, &["cimetiere", "libelle"], "libelle", 80);
    distingue(&mut lot.emplacements, &["cimetiere", "allee", "numero"], "numero", 20);
    distingue(&mut lot.entreprises, &["nom"], "nom", 160);
    Ok((base, lot))
}

/// Files that rows of « dossier » name; what is said of one is a line of the notes of its plot.
fn dossiers(base: &Base, lot: &mut Lot, plan: &Plan) {
    let rangs: HashMap<String, usize> =
        lot.emplacements.iter().enumerate().map(|(rang, fiche)| (fiche.provenance.clone(), rang)).collect();
    for table in ["dossier", "dossier_archive"] {
        for ligne in base.lignes(table) {
            let (cle, dit) = (ligne.lit("dossier"), ligne.lit("emplacement"));
            if !lot.comptes.ouvre(table, cle) {
                continue;
            }
            let Some(emplacement) = plan.emplacement(dit) else {
                lot.comptes.rejette(table, cle, format!("son emplacement « {dit} » n'existe pas"));
                continue;
            };
            let (nom, provenance) = (ligne.lit("fichier").to_owned(), format!("{table}:{cle}"));
            let textes = [ligne.lit("datedossier"), ligne.lit("observation")];
            let textes: Vec<&str> = textes.into_iter().filter(|texte| !texte.is_empty()).collect();
            if let Some(fiche) = rangs.get(&emplacement).and_then(|rang| lot.emplacements.get_mut(*rang))
                && !ligne.lit("observation").is_empty()
            {
                let avant = match fiche.champs.get("observation") {
                    Some(Valeur::Texte(texte)) if !texte.is_empty() => format!("{texte}\n"),
                    _ => String::new(),
                };
                fiche.pose("observation", format!("{avant}Fichier « {nom} » : {}", textes.join(", ")));
            }
            lot.comptes.porte(table, cle, Porteur::Joint(provenance.clone()));
            lot.fichiers.push(FichierDit { provenance, fiche: ("emplacement", emplacement), nom });
        }
    }
}

/// The commune of every row.
async fn commune(tx: &mut TenantTx, dite: Option<&str>) -> Result<String, OpenCimetiereError> {
    let territoire: Vec<String> =
        sqlx::query_scalar("select unnest(acces.mon_territoire())::text").fetch_all(&mut **tx).await?;
    match (dite, territoire.as_slice()) {
        (Some(dite), communes) if communes.iter().any(|une| une == dite) => Ok(dite.to_owned()),
        (None, [seule]) => Ok(seule.clone()),
        (_, communes) => Err(OpenCimetiereError::Commune(communes.len())),
    }
}

/// The rows being written.
struct Ecriture<'a> {
    reprise: Reprise,
    registry: &'a Registry,
    bilan: BilanReprise,
    sorts: HashMap<&'static str, HashMap<String, Sort>>,
}

impl Ecriture<'_> {
    fn modele(&self, objet: &str) -> Result<&'static Modele, OpenCimetiereError> {
        let trouve = self.registry.objet(MODULE, objet).map(|(_, objet)| objet.modele);
        trouve.ok_or(OpenCimetiereError::SansModule)
    }

    async fn deroule(
        &mut self,
        tx: &mut TenantTx,
        mut lot: Lot,
        base: &Base,
        (depot, demande): (&Depot, &Demande),
        (avance, arrete): (&(dyn Fn(usize, usize) + Send + Sync), &Arrete),
    ) -> Result<(), OpenCimetiereError> {
        let rangees = lot.rangees();
        let total: usize = rangees.iter().map(|(_, fiches)| fiches.len()).sum();
        let (mut faites, mut comptes) = (0, BTreeMap::<&str, CompteObjet>::new());
        let mut presentes: HashMap<&str, HashSet<String>> = HashMap::new();
        for (objet, _) in &rangees {
            let modele = self.modele(objet)?;
            self.reprise.rappelle(tx, modele).await?;
        }
        for (objet, fiches) in rangees {
            let nombre = fiches.len();
            presentes.entry(objet).or_default().extend(fiches.iter().map(|fiche| fiche.provenance.clone()));
            let dit = |fait: usize, _| avance(faites + fait, total);
            let suivi = Suivi { avance: &dit, arrete: &**arrete };
            let faite = self.reprise.ecrit(tx, self.modele(objet)?, fiches, suivi).await.map_err(refus)?;
            comptes
                .entry(objet)
                .or_insert_with(|| CompteObjet { objet: objet.to_owned(), ..CompteObjet::default() })
                .ajoute(&faite);
            self.sorts.entry(objet).or_default().extend(faite.sorts);
            faites += nombre;
            avance(faites, total);
        }
        self.reprise.termine(tx, self.modele("emplacement")?).await?;
        self.bilan.objets = comptes.into_values().collect();
        let joints = self.joint(tx, &lot.fichiers, (depot, demande), arrete).await?;
        self.releve(&presentes);
        let conclusion = lot.comptes.conclut(base, &self.sorts, &joints)?;
        self.bilan.tables = conclusion.tables;
        self.bilan.laissees = conclusion.laissees;
        self.bilan.rejets = conclusion.rejets;
        Ok(())
    }

    /// Attaches files; by provenance, why one is not.
    async fn joint(
        &mut self,
        tx: &mut TenantTx,
        fichiers: &[FichierDit],
        (depot, demande): (&Depot, &Demande),
        arrete: &Arrete,
    ) -> Result<HashMap<String, Option<String>>, OpenCimetiereError> {
        let magasin = demande.fichiers.as_deref().map(Magasin::ouvre).transpose()?.map(Arc::new);
        let mut deja = HashMap::new();
        for objet in ["cimetiere", "emplacement"] {
            deja.insert(objet, self.reprise.joints(tx, self.modele(objet)?).await?);
        }
        let mut sorts = HashMap::new();
        for fichier in fichiers {
            if arrete() {
                return Err(OpenCimetiereError::Interrompue);
            }
            let motif = match &magasin {
                None => Some("les fichiers n'ont pas été donnés (--fichiers)".to_owned()),
                Some(magasin) => {
                    let connus = deja.get(fichier.fiche.0).cloned().unwrap_or_default();
                    self.joint_un(tx, fichier, (depot, demande.a_blanc), magasin, &connus).await?
                }
            };
            let compte = fichier.provenance.starts_with("dossier");
            if let Some(motif) = motif.clone().filter(|_| !compte) {
                self.bilan.ecarts.push(Ecart {
                    provenance: fichier.provenance.clone(),
                    motif: format!("« {} » : {motif}", fichier.nom),
                });
            }
            sorts.insert(fichier.provenance.clone(), motif);
        }
        Ok(sorts)
    }

    async fn joint_un(
        &mut self,
        tx: &mut TenantTx,
        fichier: &FichierDit,
        (depot, a_blanc): (&Depot, bool),
        magasin: &Arc<Magasin>,
        deja: &HashMap<String, String>,
    ) -> Result<Option<String>, OpenCimetiereError> {
        let (magasin, nom, depot) = (Arc::clone(magasin), fichier.nom.clone(), depot.clone());
        let lu = tokio::task::spawn_blocking(move || {
            let lu = magasin.lit(&nom)?;
            Ok::<_, String>(Nouveau {
                octets: lu.octets.len(),
                empreinte: if a_blanc {
                    Empreinte::de(&lu.octets)
                } else {
                    depot.pose(&lu.octets).map_err(|error| error.to_string())?
                },
                nom: lu.nom,
                genre: lu.genre,
            })
        });
        let nouveau = match lu.await.map_err(|_| OpenCimetiereError::Interrompue)? {
            Ok(nouveau) => nouveau,
            Err(motif) => return Ok(Some(motif)),
        };
        let modele = self.modele(fichier.fiche.0)?;
        let joint =
            JointRepris { provenance: fichier.provenance.clone(), fiche: fichier.fiche.1.clone(), fichier: nouveau };
        match self.reprise.joint(tx, modele, deja, &joint).await {
            Ok(SortJoint::Joint) => self.bilan.fichiers[0] += 1,
            Ok(SortJoint::Deja) => self.bilan.fichiers[1] += 1,
            Err(ObjetError::Base(error)) => return Err(error.into()),
            Err(autre) => return Ok(Some(autre.to_string().trim_end_matches('.').to_owned())),
        }
        Ok(None)
    }

    /// What is to be looked at: rows kept as agents left them, rows that left the source.
    fn releve(&mut self, presentes: &HashMap<&str, HashSet<String>>) {
        for sorts in self.sorts.values() {
            for (provenance, sort) in sorts {
                if let Sort::Gardee(motif) = sort {
                    self.bilan.ecarts.push(Ecart { provenance: provenance.clone(), motif: motif.clone() });
                }
            }
        }
        for (objet, siennes) in presentes {
            let nom = format!("{MODULE}.{objet}");
            for provenance in self.reprise.disparues(&nom, |provenance| siennes.contains(provenance)) {
                let motif = format!("n'est plus dans la source ; sa fiche ({objet}) reste dans Finage");
                self.bilan.ecarts.push(Ecart { provenance, motif });
            }
        }
        self.bilan.ecarts.sort();
        self.bilan.ecarts.dedup();
    }
}

fn refus(error: crate::modules::import::ErreurImport) -> OpenCimetiereError {
    match error {
        crate::modules::import::ErreurImport::Interrompu => OpenCimetiereError::Interrompue,
        crate::modules::import::ErreurImport::Base(error) => error.into(),
        autre => autre.into(),
    }
}
