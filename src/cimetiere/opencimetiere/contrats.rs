//! Contracts and their holders. openCimetière kept one contract a plot, and those that ended in archives; its version 4 may
//! have a table of them.

use std::collections::{BTreeMap, HashMap, HashSet};

use finage_reference::normalise;
use time::Date;
use time::macros::date as jour;

use super::base::{Base, Ligne};
use super::codes;
use super::dates::{Connue, annees_avant};
use super::lot::Lot;
use super::notes::{Notes, date, pose_date};
use super::plan::Plan;
use crate::modules::reprise::Fiche;

/// Since when no concession of a hundred years is granted.
const FIN_DES_CENTENAIRES: Date = jour!(1959 - 01 - 06);
/// Years supposed of a term whose beginning and duration are lost.
const SUPPOSEES: i32 = 15;

/// Reads contracts, persons, and letters that were sent to them.
pub(super) fn lit(base: &Base, lot: &mut Lot, plan: &Plan, titres: &HashMap<&str, &str>) {
    let mut lettres = lettres(base, lot);
    let mut titulaires: HashMap<String, Vec<Titulaire>> = HashMap::new();
    let mut personnes = HashSet::new();
    for table in ["autorisation", "autorisation_archive"] {
        for ligne in base.lignes(table) {
            let cle = ligne.lit("autorisation");
            if lot.comptes.ouvre(table, cle) {
                let fiche = personne(&ligne, titres, lettres.remove(cle).unwrap_or_default());
                let provenance = fiche.provenance.clone();
                lot.porte(table, cle, "personne", &provenance);
                if personnes.insert(provenance.clone()) {
                    lot.personnes.push(fiche);
                }
                let archive = if table == "autorisation" { "emplacement" } else { "emplacement_archive" };
                let titulaire = Titulaire {
                    provenance,
                    concessionnaire: normalise(ligne.lit("nature")).contains("concession"),
                    parente: ligne.lit("parente").to_owned(),
                };
                titulaires.entry(format!("{archive}:{}", ligne.lit("emplacement"))).or_default().push(titulaire);
            }
        }
    }
    contrats(base, lot, plan, &mut titulaires);
    sans_contrat(lot, plan, titulaires);
}

/// A person and what it is to a plot.
#[derive(Debug)]
struct Titulaire {
    provenance: String,
    concessionnaire: bool,
    parente: String,
}

/// Letters, as lines of notes of whom they were sent to.
fn lettres(base: &Base, lot: &mut Lot) -> HashMap<String, Vec<String>> {
    let autorisations: HashSet<&str> = ["autorisation", "autorisation_archive"]
        .into_iter()
        .flat_map(|table| base.lignes(table))
        .map(|ligne| ligne.lit("autorisation"))
        .collect();
    let mut lettres: HashMap<String, Vec<String>> = HashMap::new();
    for table in ["courrier", "courrier_archive"] {
        for ligne in base.lignes(table) {
            let (cle, a) = (ligne.lit("courrier"), ligne.lit("destinataire"));
            if !lot.comptes.ouvre(table, cle) {
                continue;
            }
            if !autorisations.contains(a) {
                lot.comptes.rejette(table, cle, format!("son destinataire (autorisation « {a} ») n'existe pas"));
                continue;
            }
            let dit = [
                ligne.lit("datecourrier"),
                ligne.lit("lettretype"),
                ligne.lit("objet"),
                ligne.premier(&["complement", "texte"]),
            ];
            let dit: Vec<&str> = dit.into_iter().filter(|texte| !texte.is_empty()).collect();
            lettres.entry(a.to_owned()).or_default().push(format!("Courrier : {}", dit.join(", ")));
            lot.porte(table, cle, "personne", &format!("autorisation:{a}"));
        }
    }
    lettres
}

/// A title, as a code or as a line of notes.
pub(super) fn pose_civilite(fiche: &mut Fiche, notes: &mut Notes, titres: &HashMap<&str, &str>, texte: &str) {
    let dit = titres.get(texte).copied().unwrap_or(texte);
    let code = codes::civilite(dit);
    fiche.pose("civilite", code.unwrap_or(""));
    if code.is_none() {
        notes.valeur("Titre", dit);
    }
}

/// A name that must be there.
pub(super) fn pose_nom(fiche: &mut Fiche, ligne: &Ligne<'_>, prefixe: &str) {
    let lit = |colonne: &str| ligne.lit(&format!("{prefixe}{colonne}"));
    let (nom, usage) = (lit("nom"), lit("marital"));
    if nom.is_empty() {
        fiche.note("nom", "la source ne donne pas son nom");
    }
    let tenu = [nom, usage, "(sans nom)"].into_iter().find(|texte| !texte.is_empty()).unwrap_or_default();
    fiche.pose("nom", tenu);
    fiche.pose("nom_usage", if nom.is_empty() { "" } else { usage });
    fiche.pose("prenoms", lit("prenom"));
}

fn personne(ligne: &Ligne<'_>, titres: &HashMap<&str, &str>, lettres: Vec<String>) -> Fiche {
    let mut fiche = Fiche::de("autorisation", ligne.lit("autorisation"));
    let mut notes = Notes::de(ligne.lit("observation"));
    pose_civilite(&mut fiche, &mut notes, titres, ligne.lit("titre"));
    pose_nom(&mut fiche, ligne, "");
    let lignes = [ligne.lit("adresse1"), ligne.lit("adresse2")];
    fiche.pose("adresse", lignes.into_iter().filter(|texte| !texte.is_empty()).collect::<Vec<_>>().join("\n"));
    fiche.pose("code_postal", ligne.lit("cp"));
    fiche.pose("ville", ligne.lit("ville"));
    fiche.pose("telephone", ligne.premier(&["telephone", "telephone1", "telephone2"]));
    fiche.pose("courriel", ligne.lit("courriel"));
    fiche.pose("decede", if codes::oui(ligne.lit("dcd")) { "oui" } else { "non" });
    let naissance = date(&mut fiche, &mut notes, ligne, "datenaissance", ("naissance", "Date de naissance"));
    pose_date(&mut fiche, "naissance", None, naissance);
    for lettre in lettres {
        notes.ligne(lettre);
    }
    fiche.pose("observation", notes.texte());
    fiche
}

fn contrats(base: &Base, lot: &mut Lot, plan: &Plan, titulaires: &mut HashMap<String, Vec<Titulaire>>) {
    let suite = table_des_contrats(base, lot, plan);
    let mut lus = HashSet::new();
    for table in ["emplacement_archive", "emplacement"] {
        for ligne in base.lignes(table) {
            let cle = ligne.lit("emplacement");
            let archive = table == "emplacement_archive";
            // Plots are counted with the plan.
            if !lus.insert((table, cle)) && !archive || archive && !lot.comptes.ouvre(table, cle) {
                continue;
            }
            let Some(emplacement) = plan.emplacement(cle) else { continue };
            let siens = titulaires.get(&format!("{table}:{cle}")).is_some_and(|siens| !siens.is_empty());
            let dernier = suite.get(cle).filter(|_| !archive).cloned();
            let contrat = match dernier {
                Some(provenance) => Some(provenance),
                None if concede(plan.nature(&emplacement)) && (siens || temoigne(&ligne, archive)) => {
                    let fiche = contrat(table, &ligne, &emplacement, archive);
                    let provenance = fiche.provenance.clone();
                    lot.contrat(0, fiche);
                    Some(provenance)
                }
                None => None,
            };
            if let Some(contrat) = &contrat {
                let siens = titulaires.remove(&format!("{table}:{cle}")).unwrap_or_default();
                tient(lot, contrat, siens);
            }
            if archive {
                match contrat {
                    Some(contrat) => lot.porte(table, cle, "contrat", &contrat),
                    None => lot.porte(table, cle, "emplacement", &emplacement),
                }
            }
        }
    }
}

/// Whether plots of that nature are granted by a contract.
fn concede(nature: &str) -> bool {
    matches!(nature, "concession" | "columbarium" | "cavurne" | "enfeu")
}

/// Whether a plot was granted: dates say so, or that it is not free.
fn temoigne(ligne: &Ligne<'_>, archive: bool) -> bool {
    let libre = ligne.lit("libre");
    let dit = ["datevente", "dateterme", "numeroacte"].iter().any(|colonne| {
        let texte = ligne.lit(colonne);
        !texte.is_empty() && Connue::lue(texte) != Connue::Absente
    });
    (archive || !codes::oui(libre)) && (dit || normalise(libre) == "non")
}

/// A contract, of a row that has a sale, a duration and a term.
fn contrat(table: &str, ligne: &Ligne<'_>, emplacement: &str, clos: bool) -> Fiche {
    let cle = if table == "contrat" { ligne.lit("contrat") } else { ligne.lit("emplacement") };
    let (mut fiche, mut notes) = (Fiche::de(table, cle), Notes::default());
    fiche.lie("emplacement", Some(emplacement.to_owned()));
    fiche.lie("precedent", None);
    fiche.lie("titulaire", None);
    fiche.pose("genre", "achat");
    fiche.pose("etat", if clos { "clos" } else { "signe" });
    fiche.pose("ancien_numero", ligne.lit("numeroacte"));
    let surface = ligne.lit("superficie").replace(',', ".").parse::<f64>().ok();
    let surface = surface.filter(|nombre| *nombre > 0.0 && *nombre < 100_000.0);
    fiche.pose("surface", surface.map(|nombre| format!("{nombre:.2}")).unwrap_or_default());
    if codes::oui(ligne.lit("libre")) && !clos {
        fiche.note("emplacement", "la source dit l'emplacement libre, et le dit concédé");
    }
    let vente = date(&mut fiche, &mut notes, ligne, "datevente", ("acte_le", "Date de vente"));
    let terme = date(&mut fiche, &mut notes, ligne, "dateterme", ("fin_le", "Date du terme"));
    pose_date(&mut fiche, "acte_le", None, vente);
    let periode = Periode::lue(ligne, vente, terme, &mut fiche);
    fiche.pose("duree", periode.duree);
    fiche.pose("annees", periode.annees.map(|annees| annees.to_string()).unwrap_or_default());
    fiche.pose("debut_le", periode.debut.map(|debut| debut.to_string()).unwrap_or_default());
    if let Some(texte) = Some(ligne.lit("terme")).filter(|texte| !texte.is_empty()) {
        notes.valeur("Terme", texte);
    }
    if table == "emplacement_archive" {
        notes.valeur("Famille", ligne.lit("famille"));
    }
    if table == "contrat" {
        notes.ligne(ligne.lit("observation"));
    }
    fiche.pose("observation", notes.texte());
    fiche
}

/// Since when and for how long.
#[derive(Debug, PartialEq, Eq)]
struct Periode {
    duree: &'static str,
    annees: Option<i32>,
    debut: Option<Date>,
}

impl Periode {
    fn lue(ligne: &Ligne<'_>, vente: Connue, terme: Connue, fiche: &mut Fiche) -> Self {
        let dit = normalise(ligne.lit("terme"));
        let dite = ligne.lit("duree");
        let nombre = dite.replace(',', ".").parse::<f64>().ok().filter(|annees| *annees >= 1.0 && *annees <= 999.0);
        #[expect(clippy::cast_possible_truncation, reason = "between 1 and 999")]
        let annees = nombre.map(|annees| annees.round() as i32);
        if dit.contains("perp") {
            return Self { duree: "perpetuelle", annees: None, debut: None };
        }
        let annees = annees.or_else(|| match (vente.jour(), terme.jour()) {
            (Some(vente), Some(terme)) if terme.year() > vente.year() => Some(terme.year() - vente.year()),
            _ => None,
        });
        let fin = terme.jour();
        match (annees, fin) {
            (Some(annees), _) if annees > 100 => {
                fiche.note("duree", format!("{annees} ans : tenue pour perpétuelle"));
                Self { duree: "perpetuelle", annees: None, debut: None }
            }
            (Some(annees), fin) => Self::de(annees, vente.jour(), fin, fiche),
            (None, Some(fin)) => {
                fiche.note(
                    "duree",
                    format!("durée inconnue : {SUPPOSEES} ans supposés, pour que l'échéance du {fin} soit tenue"),
                );
                Self { duree: "temporaire", annees: Some(SUPPOSEES), debut: annees_avant(fin, SUPPOSEES) }
            }
            (None, None) => {
                fiche.note(
                    "duree",
                    "la source ne dit ni durée ni terme : tenue pour perpétuelle jusqu'à ce qu'on le sache",
                );
                Self { duree: "perpetuelle", annees: None, debut: None }
            }
        }
    }

    fn de(annees: i32, vente: Option<Date>, fin: Option<Date>, fiche: &mut Fiche) -> Self {
        let duree = match annees {
            30 => "trentenaire",
            50 => "cinquantenaire",
            99 | 100 if vente.is_some_and(|vente| vente < FIN_DES_CENTENAIRES) => "centenaire",
            _ => "temporaire",
        };
        let comptees = if duree == "centenaire" { 100 } else { annees };
        let debut = fin.and_then(|fin| annees_avant(fin, comptees));
        let debut = match (vente, debut) {
            // The term follows from the sale: nothing more is to be said.
            (Some(vente), Some(debut)) if debut == vente => None,
            (Some(_), Some(debut)) => {
                let fin = fin.map(|fin| fin.to_string()).unwrap_or_default();
                fiche.note(
                    "debut_le",
                    format!("l'échéance de la source ({fin}) n'est pas celle de la vente : le début en est déduit"),
                );
                Some(debut)
            }
            (None, Some(debut)) => {
                fiche.note("debut_le", "la vente n'est pas datée : le début est déduit de l'échéance");
                Some(debut)
            }
            (Some(_), None) => None,
            (None, None) => {
                fiche.note("debut_le", "rien ne dit depuis quand elle court : son échéance n'est pas connue");
                None
            }
        };
        Self { duree, annees: (duree == "temporaire").then_some(annees), debut }
    }
}

/// Gives a contract to its holders: the first concessionnaire holds it, the others with him, then those who have rights.
fn tient(lot: &mut Lot, contrat: &str, siens: Vec<Titulaire>) {
    let premier = siens.iter().position(|un| un.concessionnaire);
    let titulaire = premier.and_then(|rang| siens.get(rang)).map(|un| un.provenance.clone());
    // The one just made, most often.
    let mut fiches = lot.contrats.iter_mut().flat_map(|rangee| rangee.iter_mut().rev());
    let fiche = fiches.find(|fiche| fiche.provenance == contrat);
    if let Some(fiche) = fiche {
        if titulaire.is_none() {
            fiche.note("titulaire", "la source ne lui donne pas de concessionnaire");
        }
        fiche.lie("titulaire", titulaire);
    }
    for (_, un) in siens.into_iter().enumerate().filter(|(rang, _)| Some(*rang) != premier) {
        let mut fiche = Fiche { provenance: un.provenance.clone(), ..Fiche::default() };
        fiche.lie("contrat", Some(contrat.to_owned()));
        fiche.lie("personne", Some(un.provenance));
        fiche.pose("qualite", if un.concessionnaire { "cotitulaire" } else { "ayant_droit" });
        fiche.pose("lien", un.parente);
        fiche.pose("source", "openCimetière");
        lot.ayants_droit.push(fiche);
    }
}

/// Persons that no contract holds: they are kept, and say of which plot they were.
fn sans_contrat(lot: &mut Lot, plan: &Plan, titulaires: HashMap<String, Vec<Titulaire>>) {
    let mut motifs: HashMap<String, String> = HashMap::new();
    for (de, siens) in titulaires {
        let cle = de.split_once(':').map_or("", |(_, cle)| cle);
        let motif = match plan.emplacement(cle) {
            Some(_) => format!(
                "elle est de l'emplacement {cle} d'openCimetière, qui ne se concède pas : aucun contrat ne la porte"
            ),
            None if cle.is_empty() => "la source ne la rattache à aucun emplacement".to_owned(),
            None => format!("l'emplacement {cle} d'openCimetière, dont elle est, n'existe pas"),
        };
        motifs.extend(siens.into_iter().map(|un| (un.provenance, motif.clone())));
    }
    for fiche in &mut lot.personnes {
        if let Some(motif) = motifs.get(&fiche.provenance) {
            fiche.note("", motif.clone());
        }
    }
}

/// Contracts of the table that version 4 may have, by plot: one after the other. Gives the last of each plot.
fn table_des_contrats(base: &Base, lot: &mut Lot, plan: &Plan) -> HashMap<String, String> {
    let mut suites: BTreeMap<&str, Vec<(Option<Date>, Ligne<'_>)>> = BTreeMap::new();
    for ligne in base.lignes("contrat") {
        let (cle, emplacement) = (ligne.lit("contrat"), ligne.lit("emplacement"));
        if !lot.comptes.ouvre("contrat", cle) {
            continue;
        }
        if plan.emplacement(emplacement).is_none() {
            lot.comptes.rejette("contrat", cle, format!("son emplacement « {emplacement} » n'existe pas"));
            continue;
        }
        let vente = Connue::lue(ligne.premier(&["datevente", "datedemande"])).jour();
        suites.entry(emplacement).or_default().push((vente, ligne));
    }
    let mut derniers = HashMap::new();
    for (cle, mut suite) in suites {
        suite.sort_by_key(|(vente, _)| *vente);
        let Some(emplacement) = plan.emplacement(cle) else { continue };
        let nombre = suite.len();
        for (rang, (_, ligne)) in suite.iter().enumerate() {
            let mut fiche = contrat("contrat", ligne, &emplacement, rang + 1 < nombre);
            let origine = normalise(ligne.lit("origine"));
            let avant = rang.checked_sub(1).and_then(|rang| suite.get(rang));
            if let Some((_, avant)) = avant {
                let genre = match () {
                    () if origine.contains("renouv") => "renouvellement",
                    () if origine.contains("transf") || origine.contains("conver") => "conversion",
                    () => "achat",
                };
                fiche.pose("genre", genre);
                fiche.lie("precedent", (genre != "achat").then(|| format!("contrat:{}", avant.lit("contrat"))));
            }
            let prix =
                ligne.lit("montant").replace(',', ".").parse::<f64>().ok().filter(|prix| (0.0..1e8).contains(prix));
            let euros = !normalise(ligne.lit("monnaie")).starts_with('f');
            fiche.pose("prix", prix.filter(|_| euros).map(|prix| format!("{prix:.2}")).unwrap_or_default());
            lot.porte("contrat", ligne.lit("contrat"), "contrat", &fiche.provenance);
            derniers.insert(cle.to_owned(), fiche.provenance.clone());
            lot.contrat(rang, fiche);
        }
    }
    derniers
}
