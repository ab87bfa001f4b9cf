//! Data taken over from another application: its rows become rows of modules, through the engine's own writes.
//!
//! Whoever knows the other application makes a [`Fiche`] of each of its rows, with a provenance (« emplacement:12 »); a
//! [`Reprise`] writes them, lot after lot, in one transaction that its caller keeps or drops. What today's rules refuse is an
//! anomaly, what the database refuses is a reject. `core.reprise` remembers which row made which: taken over again, a row that
//! says the same is left alone, one that changed changes its own, and one that an agent changed since is kept as the agent
//! left it, and told.

mod fiche;
mod joints;
mod memoire;

use std::collections::{BTreeMap, HashMap, HashSet};

use finage_import::{Cellule, Classeur, GeometrieDe, Ligne, Options};
use uuid::Uuid;

use crate::access::identite::Collectivite;
use crate::access::journal::Finalite;
use crate::db::TenantTx;
use crate::modules::import::{
    Bilan, Cible, Correspondance, Emplacement, ErreurImport, Importation, Plan, Rejet, Reprises, Suivi, commande,
    limites,
};
use crate::modules::objets::Modele;

pub use fiche::{Fiche, Sort, Valeur};
pub use joints::{JointRepris, SortJoint};
use memoire::Connue;

/// Column of communes, which is no field.
const INSEE: &str = "insee";

/// What is being taken over, for a collectivité.
#[derive(Debug)]
pub struct Reprise {
    collectivite: Collectivite,
    source: &'static str,
    finalite: Option<Finalite>,
    /// Commune of every row.
    insee: String,
    connues: HashMap<&'static str, HashMap<String, Connue>>,
}

/// What became of the rows of an object.
#[derive(Debug, Default)]
pub struct Faite {
    /// As of an import.
    pub bilan: Bilan,
    /// By provenance.
    pub sorts: HashMap<String, Sort>,
}

impl Reprise {
    /// Begins: one at a time for a collectivité and an application, until the transaction ends.
    ///
    /// # Errors
    /// The database refused.
    pub async fn commence(
        tx: &mut TenantTx,
        collectivite: Collectivite,
        source: &'static str,
        finalite: Option<Finalite>,
        insee: String,
    ) -> sqlx::Result<Self> {
        sqlx::query("select pg_advisory_xact_lock(hashtextextended($1, 0))")
            .bind(format!("finage reprise {source} {}", collectivite.id.0))
            .execute(&mut **tx)
            .await?;
        Ok(Self { collectivite, source, finalite, insee, connues: HashMap::new() })
    }

    /// Reads what was taken over before of an object.
    ///
    /// # Errors
    /// The database refused.
    pub async fn rappelle(&mut self, tx: &mut TenantTx, modele: &'static Modele) -> sqlx::Result<()> {
        let connues = memoire::connues(tx, self.source, modele).await?;
        self.connues.insert(modele.objet.nom, connues);
        Ok(())
    }

    /// The row of an object that comes from there.
    #[must_use]
    pub fn cle(&self, objet: &str, provenance: &str) -> Option<Uuid> {
        self.connues.get(objet)?.get(provenance).map(|connue| connue.cle)
    }

    /// Provenances taken over before that `presentes` has no more: rows that left the other application.
    #[must_use]
    pub fn disparues(&self, objet: &str, presentes: impl Fn(&str) -> bool) -> Vec<String> {
        let connues = self.connues.get(objet).into_iter().flat_map(HashMap::keys);
        let mut disparues: Vec<String> = connues.filter(|provenance| !presentes(provenance)).cloned().collect();
        disparues.sort();
        disparues
    }

    /// Writes rows of an object; what they name was written before them.
    ///
    /// # Errors
    /// The database refused, or it was told to stop: the transaction is then to be dropped.
    pub async fn ecrit(
        &mut self,
        tx: &mut TenantTx,
        modele: &'static Modele,
        fiches: Vec<Fiche>,
        suivi: Suivi<'_>,
    ) -> Result<Faite, ErreurImport> {
        if !self.connues.contains_key(modele.objet.nom) {
            self.rappelle(tx, modele).await?;
        }
        let mut faite = Faite::default();
        faite.bilan.lues = fiches.len();
        let a_ecrire = self.trie(tx, modele, fiches, &mut faite).await?;
        if a_ecrire.is_empty() {
            return Ok(faite);
        }
        let (rejets, cles) = self.importe(tx, modele, &a_ecrire, suivi, &mut faite.bilan).await?;
        let mut motifs: BTreeMap<u64, Vec<String>> = BTreeMap::new();
        for rejet in rejets {
            motifs.entry(rejet.ligne).or_default().push(phrase(&rejet));
        }
        let mut ecrites = Vec::new();
        for (ligne, prete) in (1..).zip(&a_ecrire) {
            let sort = match (cles.get(&ligne), motifs.remove(&ligne)) {
                (Some(cle), None) => {
                    ecrites.push((*cle, prete));
                    if prete.connue.is_some() { Sort::Changee } else { Sort::Creee }
                }
                (_, motifs) => Sort::Rejetee(motifs.unwrap_or_default().join(" ; ")),
            };
            faite.sorts.insert(prete.fiche.provenance.clone(), sort);
        }
        let connues = self.connues.entry(modele.objet.nom).or_default();
        memoire::retient(tx, (self.collectivite.id, self.source), modele, &ecrites, connues).await?;
        faite.bilan.rejetees = faite.sorts.values().filter(|sort| matches!(sort, Sort::Rejetee(_))).count();
        Ok(faite)
    }

    /// Ends: fields that the program of a module computes are, once, for all the rows that were written.
    ///
    /// # Errors
    /// The database refused.
    pub async fn termine(&self, tx: &mut TenantTx, modele: &Modele) -> sqlx::Result<()> {
        crate::modules::crochet::recalcule(tx, modele).await.map(|_| ())
    }

    /// The rows to write: those that are new, and those that changed there and not here.
    async fn trie(
        &self,
        tx: &mut TenantTx,
        modele: &'static Modele,
        fiches: Vec<Fiche>,
        faite: &mut Faite,
    ) -> Result<Vec<Prete>, ErreurImport> {
        let connues = self.connues.get(modele.objet.nom);
        let (mut pretes, mut lues) = (Vec::new(), HashSet::new());
        for fiche in fiches {
            // A row of there makes one here.
            if !lues.insert(fiche.provenance.clone()) {
                continue;
            }
            let liees = match self.lie(modele, &fiche) {
                Ok(liees) => liees,
                Err(motif) => {
                    faite.sorts.insert(fiche.provenance, Sort::Rejetee(motif));
                    continue;
                }
            };
            let empreinte = fiche.empreinte(&liees);
            let connue = connues.and_then(|connues| connues.get(&fiche.provenance)).cloned();
            if connue.as_ref().is_some_and(|connue| connue.empreinte == empreinte) {
                faite.bilan.inchangees += 1;
                faite.sorts.insert(fiche.provenance, Sort::Inchangee);
                continue;
            }
            pretes.push(Prete { fiche, liees, empreinte, connue });
        }
        let ids: Vec<Uuid> = pretes.iter().filter_map(|prete| prete.connue.as_ref()).map(|connue| connue.cle).collect();
        let gardees = memoire::gardees(tx, self.source, modele, &ids).await?;
        pretes.retain(|prete| {
            let motif = prete.connue.as_ref().and_then(|connue| gardees.get(&connue.cle));
            if let Some(motif) = motif {
                faite.sorts.insert(prete.fiche.provenance.clone(), Sort::Gardee((*motif).to_owned()));
            }
            motif.is_none()
        });
        Ok(pretes)
    }

    /// The values of a row, what it names told by keys.
    fn lie(&self, modele: &Modele, fiche: &Fiche) -> Result<BTreeMap<&'static str, String>, String> {
        let mut liees = BTreeMap::new();
        for (champ, valeur) in &fiche.champs {
            let texte = match valeur {
                Valeur::Texte(texte) => texte.clone(),
                Valeur::Fiche(provenance) => {
                    let objet = modele.regle(champ).and_then(|regle| regle.lien).map_or("", |lien| lien.objet);
                    let cle = self.cle(objet, provenance);
                    cle.ok_or_else(|| format!("« {provenance} », dont elle dépend, n'est pas repris"))?.to_string()
                }
            };
            liees.insert(*champ, texte);
        }
        Ok(liees)
    }

    async fn importe(
        &self,
        tx: &mut TenantTx,
        modele: &'static Modele,
        pretes: &[Prete],
        suivi: Suivi<'_>,
        bilan: &mut Bilan,
    ) -> Result<(Vec<Rejet>, HashMap<u64, Uuid>), ErreurImport> {
        let colonnes = colonnes(pretes);
        let geometrie = pretes.iter().any(|prete| prete.fiche.geometrie.is_some());
        let (mut lignes, mut reprises) = (Vec::with_capacity(pretes.len()), Reprises::default());
        for (numero, prete) in (1..).zip(pretes) {
            let cellule = |nom: &String| match nom.as_str() {
                INSEE => Cellule::Texte(self.insee.clone()),
                nom => prete
                    .liees
                    .get(nom)
                    .filter(|texte| !texte.is_empty())
                    .cloned()
                    .map_or(Cellule::Vide, Cellule::Texte),
            };
            let valeurs = colonnes.iter().map(cellule).collect();
            lignes.push(Ligne { numero, valeurs, geometrie: prete.fiche.geometrie.clone() });
            if let Some(connue) = &prete.connue {
                reprises.connues.insert(numero, connue.cle);
            }
            if !prete.fiche.anomalies.is_empty() {
                let siennes = prete.fiche.anomalies.iter().map(|(champ, motif)| ((*champ).to_owned(), motif.clone()));
                reprises.anomalies.insert(numero, siennes.collect());
            }
        }
        let correspondance = Correspondance {
            colonnes: colonnes.iter().map(|nom| (nom.clone(), Cible::Champ(nom.clone()))).collect(),
            geometrie: geometrie.then(Emplacement::default),
            ..Correspondance::default()
        };
        let decrite = geometrie.then(|| GeometrieDe { srid: Some(4326), genre: "GEOMETRY".to_owned() });
        let options = Options { limites: limites(), ..Options::default() };
        let classeur = Classeur::en_memoire(self.source, colonnes, decrite, lignes, &options);
        let empreinte = fiche::somme(pretes.iter().map(|prete| prete.empreinte.as_str()));
        let nom = format!("reprise de {}", self.source);
        let import = Importation::depose(tx, modele, &nom, &empreinte, 0).await?;
        let qui = commande(self.collectivite.clone(), modele);
        let comment = (true, self.finalite.as_ref());
        let plan = Plan::prepare(tx, &qui, modele, (&classeur, &correspondance), comment, import).await?;
        let lues = plan.lit(&classeur)?;
        let (mut fait, rejets, cles) = plan.reprend(tx, lues, reprises, suivi).await?;
        fait.lues = bilan.lues;
        fait.inchangees += bilan.inchangees;
        *bilan = fait;
        Importation::conclut(tx, import, modele, bilan, plan.finalite()).await?;
        Ok((rejets, cles))
    }
}

/// A row to write.
#[derive(Debug)]
struct Prete {
    fiche: Fiche,
    /// Its values, what it names told by keys.
    liees: BTreeMap<&'static str, String>,
    empreinte: String,
    connue: Option<Connue>,
}

/// Every field that a row fills, and the commune.
fn colonnes(pretes: &[Prete]) -> Vec<String> {
    let noms: std::collections::BTreeSet<&str> = pretes.iter().flat_map(|prete| prete.liees.keys().copied()).collect();
    noms.into_iter().map(str::to_owned).chain(std::iter::once(INSEE.to_owned())).collect()
}

fn phrase(rejet: &Rejet) -> String {
    match &rejet.colonne {
        Some(colonne) => format!("{colonne} : {}", rejet.motif),
        None => rejet.motif.clone(),
    }
}
