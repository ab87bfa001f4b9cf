//! The dead, and their stays: a burial, transfers, a reduction, an exhumation, as far as dates say.

use std::collections::{BTreeMap, HashMap, HashSet};

use time::Date;

use super::base::{Base, Ligne};
use super::codes;
use super::contrats::{pose_civilite, pose_nom};
use super::dates::Connue;
use super::lot::Lot;
use super::notes::{Notes, date, pose_date};
use super::operations::{Faite, Operations};
use super::plan::Plan;
use crate::modules::reprise::{Fiche, Valeur};

/// Reads them; operations that were carried out tell where they rested before.
pub(super) fn lit(base: &Base, lot: &mut Lot, plan: &Plan, titres: &HashMap<&str, &str>, operations: &Operations) {
    let mut lus: HashSet<&str> = HashSet::new();
    let mut suites: HashMap<String, Vec<String>> = HashMap::new();
    let archives: HashSet<&str> = base.lignes("defunt_archive").map(|ligne| ligne.lit("defunt")).collect();
    for table in ["defunt", "defunt_archive"] {
        for ligne in base.lignes(table) {
            let cle = ligne.lit("defunt");
            if !lot.comptes.ouvre(table, cle) {
                continue;
            }
            let deja = !lus.insert(cle);
            let mut repos = Repos::lu(table, &ligne, plan, deja);
            let ossuaire = repos.emplacement.as_deref().is_some_and(|un| plan.nature(un) == "ossuaire");
            if table == "defunt" && ossuaire && archives.contains(cle) {
                // He was buried elsewhere, and nothing says when he came here.
                repos.notes.valeur("Inhumé (openCimetière)", ligne.lit("dateinhumation"));
                repos.inhumation = Connue::Absente;
            }
            let provenance = format!("defunt:{cle}");
            if !deja {
                repos.fiche(&ligne, titres);
            }
            repos.deroule(lot, operations.faites(cle), deja);
            lot.porte(table, cle, "defunt", &provenance);
            let Repos { mut defunt, notes, .. } = repos;
            if deja {
                suites.entry(provenance).or_default().push(notes.texte());
            } else {
                defunt.pose("observation", notes.texte());
                lot.defunts.push(defunt);
            }
        }
    }
    for defunt in &mut lot.defunts {
        let Some(siennes) = suites.remove(&defunt.provenance) else { continue };
        let mut notes = Notes::default();
        if let Some(Valeur::Texte(texte)) = defunt.champs.get("observation") {
            notes.ligne(texte.clone());
        }
        for suite in siennes {
            notes.ligne(suite);
        }
        defunt.pose("observation", notes.texte());
    }
}

/// A deceased person and where the source says that it rests.
#[derive(Debug)]
struct Repos<'a> {
    cle: &'a str,
    table: &'static str,
    defunt: Fiche,
    notes: Notes,
    emplacement: Option<String>,
    forme: &'static str,
    inhumation: Connue,
    reduit: Option<Connue>,
    exhume: Option<Connue>,
}

/// A stay being made.
#[derive(Debug, Clone, Default)]
struct Sejour {
    emplacement: String,
    forme: &'static str,
    du: Option<Date>,
    du_annee: Option<i32>,
    au: Option<Date>,
    entree: Option<String>,
    sortie: Option<String>,
}

impl<'a> Repos<'a> {
    fn lu(table: &'static str, ligne: &Ligne<'a>, plan: &Plan, deja: bool) -> Self {
        let cle = ligne.lit("defunt");
        let (mut defunt, mut notes) = (Fiche::de("defunt", cle), Notes::de(ligne.lit("observation")));
        notes.valeur("Historique", ligne.lit("historique"));
        let emplacement = plan.emplacement(ligne.lit("emplacement"));
        if emplacement.is_none() && !deja {
            let dit = ligne.lit("emplacement");
            let motif = if dit.is_empty() {
                "la source ne le rattache à aucun emplacement".to_owned()
            } else {
                format!("l'emplacement {dit} d'openCimetière, où il reposerait, n'existe pas")
            };
            defunt.note("", motif);
        }
        let forme = codes::forme(ligne.lit("nature"));
        if forme.is_none() && !ligne.lit("nature").is_empty() {
            notes.valeur("Nature", ligne.lit("nature"));
        }
        let inhumation = date(&mut defunt, &mut notes, ligne, "dateinhumation", ("", "Date d'inhumation"));
        let reduction = date(&mut defunt, &mut notes, ligne, "datereduction", ("", "Date de réduction"));
        let exhumation = date(&mut defunt, &mut notes, ligne, "dateexhumation", ("", "Date d'exhumation"));
        let fait =
            |colonne: &str, date: Connue| (codes::oui(ligne.lit(colonne)) || date.jour().is_some()).then_some(date);
        Self {
            cle,
            table,
            emplacement,
            forme: forme.unwrap_or("cercueil"),
            inhumation,
            reduit: fait("reduction", reduction),
            exhume: fait("exhumation", exhumation),
            defunt,
            notes,
        }
    }

    /// Who it is.
    fn fiche(&mut self, ligne: &Ligne<'_>, titres: &HashMap<&str, &str>) {
        let (fiche, notes) = (&mut self.defunt, &mut self.notes);
        pose_civilite(fiche, notes, titres, ligne.lit("titre"));
        pose_nom(fiche, ligne, "");
        fiche.pose("lieu_deces", ligne.lit("lieudeces"));
        let mut naissance = date(fiche, notes, ligne, "datenaissance", ("naissance", "Date de naissance"));
        let deces = date(fiche, notes, ligne, "datedeces", ("deces_le", "Date de décès"));
        if let (Some(ne), Some(mort)) = (naissance.jour(), deces.jour())
            && ne > mort
        {
            fiche
                .note("naissance", format!("né le {ne}, après son décès le {mort} : la naissance est laissée de côté"));
            notes.valeur("Date de naissance (openCimetière)", &ne.to_string());
            naissance = Connue::Absente;
        }
        pose_date(fiche, "naissance", Some("naissance_annee"), naissance);
        pose_date(fiche, "deces_le", Some("deces_annee"), deces);
        if let (Some(mort), Some(inhume)) = (deces.jour(), self.inhumation.jour())
            && inhume < mort
        {
            fiche.note("deces_le", format!("inhumé le {inhume}, avant son décès le {mort}"));
        }
    }

    /// The stays, from the first to the last, and the operations that the source did not keep as such.
    fn deroule(&mut self, lot: &mut Lot, faites: &[Faite], deja: bool) {
        let mut sejours = self.sejours(lot, faites, deja);
        for sejour in &mut sejours {
            if let (Some(du), Some(au)) = (sejour.du, sejour.au)
                && du > au
            {
                self.defunt.note("", format!("entré le {du}, sorti le {au} : l'entrée est laissée de côté"));
                sejour.du = None;
            }
        }
        for (rang, sejour) in (1..).zip(sejours) {
            let mut fiche = Fiche::de(self.table, &format!("{}/{rang}", self.cle));
            fiche.lie("defunt", Some(format!("defunt:{}", self.cle)));
            fiche.lie("emplacement", Some(sejour.emplacement));
            fiche.pose("forme", sejour.forme);
            fiche.pose("du", sejour.du.map(|du| du.to_string()).unwrap_or_default());
            fiche.pose("du_annee", sejour.du_annee.map(|annee| annee.to_string()).unwrap_or_default());
            fiche.pose("au", sejour.au.map(|au| au.to_string()).unwrap_or_default());
            fiche.lie("entree", sejour.entree);
            fiche.lie("sortie", sejour.sortie);
            lot.sejours.push(fiche);
        }
    }

    fn sejours(&mut self, lot: &mut Lot, faites: &[Faite], deja: bool) -> Vec<Sejour> {
        let Some(emplacement) = self.emplacement.clone() else { return Vec::new() };
        let archive = self.table == "defunt_archive";
        let mut premier = Sejour {
            emplacement: emplacement.clone(),
            forme: self.forme,
            du: self.inhumation.jour(),
            du_annee: self.inhumation.annee_seule(),
            ..Sejour::default()
        };
        if !archive && faites.iter().any(|faite| faite.genre == "transfert") && self.transferts(faites).is_none() {
            self.defunt
                .note("", "ses transferts ne mènent pas où la source le dit reposer : seul ce dernier lieu est repris");
        }
        let transferts = if archive { None } else { self.transferts(faites) };
        if let Some(inhumation) = faites.iter().find(|faite| matches!(faite.genre, "inhumation" | "depot_urne")) {
            premier.entree = Some(inhumation.provenance.clone());
            premier.du = premier.du.or(inhumation.le);
        }
        let mut sejours = vec![premier];
        for (le, de, vers, operation) in transferts.unwrap_or_default() {
            if let Some(avant) = sejours.last_mut() {
                (avant.emplacement, avant.au, avant.sortie) = (de, Some(le), Some(operation.clone()));
            }
            let forme = self.forme;
            sejours.push(Sejour {
                emplacement: vers,
                forme,
                du: Some(le),
                entree: Some(operation),
                ..Sejour::default()
            });
        }
        self.reduit(lot, faites, &mut sejours);
        self.exhume(lot, &mut sejours);
        if archive && deja && sejours.last().is_some_and(|dernier| dernier.au.is_none()) {
            // He is elsewhere now: a stay without an end here would make him rest twice.
            let ou = emplacement.rsplit(':').next().unwrap_or_default();
            self.notes.ligne(format!(
                "Reposait à l'emplacement {ou} d'openCimetière jusqu'à la fin de sa concession, à une date inconnue"
            ));
            sejours.clear();
        } else if archive && !deja && sejours.last().is_some_and(|dernier| dernier.au.is_none()) {
            self.defunt.note(
                "",
                "sa concession est archivée, et rien ne dit quand il en est parti : son séjour n'est pas repris",
            );
            sejours.clear();
        }
        sejours
    }

    /// Transfers that lead, each dated, to where the source says that it rests.
    fn transferts(&self, faites: &[Faite]) -> Option<Vec<(Date, String, String, String)>> {
        let mut suivis = Vec::new();
        for faite in faites.iter().filter(|faite| faite.genre == "transfert") {
            suivis.push((faite.le?, faite.emplacement.clone()?, faite.destination.clone()?, faite.provenance.clone()));
        }
        suivis.sort();
        let suite = suivis.windows(2).all(|deux| matches!(deux, [(_, _, vers, _), (_, de, _, _)] if vers == de));
        (suite && suivis.last().is_some_and(|(_, _, vers, _)| Some(vers) == self.emplacement.as_ref()))
            .then_some(suivis)
    }

    /// A reduction: a new stay where it is dated, another form where it is not.
    fn reduit(&mut self, lot: &mut Lot, faites: &[Faite], sejours: &mut Vec<Sejour>) {
        let Some(reduit) = self.reduit else { return };
        let faite = faites.iter().find(|faite| faite.genre == "reduction");
        let le = reduit.jour().or_else(|| faite.and_then(|faite| faite.le));
        let Some(dernier) = sejours.last_mut() else { return };
        let tard = self.exhume.and_then(Connue::jour).zip(le).is_some_and(|(exhume, le)| le > exhume);
        let Some(le) = le.filter(|le| !tard && dernier.du.is_none_or(|du| du <= *le)) else {
            self.defunt.note(
                "",
                "réduit à une date qu'on ne sait pas, ou qui ne se peut : son séjour est tout entier d'un reliquaire",
            );
            dernier.forme = "reliquaire";
            return;
        };
        let operation = match faite {
            Some(faite) => faite.provenance.clone(),
            None => self.operation(lot, "reduction", &dernier.emplacement.clone(), Some(le)),
        };
        (dernier.au, dernier.sortie) = (Some(le), Some(operation.clone()));
        let emplacement = dernier.emplacement.clone();
        let entree = Some(operation);
        sejours.push(Sejour { emplacement, forme: "reliquaire", du: Some(le), entree, ..Sejour::default() });
    }

    /// An exhumation: the end of the last stay where it is dated; where it is not, no stay is made up.
    fn exhume(&mut self, lot: &mut Lot, sejours: &mut Vec<Sejour>) {
        let (Some(exhume), Some(dernier)) = (self.exhume, sejours.last_mut()) else { return };
        let le = exhume.jour();
        let operation = self.operation(lot, "exhumation", &dernier.emplacement.clone(), le);
        (dernier.au, dernier.sortie) = (le, Some(operation));
        if le.is_none() {
            self.defunt.note("", "exhumé à une date qu'on ne sait pas : l'exhumation est reprise, non le séjour");
            sejours.pop();
        }
    }

    /// An operation of before, that the source kept as a box ticked.
    fn operation(&self, lot: &mut Lot, genre: &'static str, emplacement: &str, le: Option<Date>) -> String {
        let provenance = format!("{}:{}/{genre}", self.table, self.cle);
        let mut fiche = Fiche { provenance: provenance.clone(), ..Fiche::default() };
        let jour = le.map(|le| le.to_string()).unwrap_or_default();
        let textes = [("genre", genre), ("etat", "realisee"), ("forme", self.forme), ("ancien_numero", "")];
        for (champ, texte) in textes {
            fiche.pose(champ, texte);
        }
        for champ in ["demandee_le", "prevue_le", "realisee_le"] {
            fiche.pose(champ, jour.clone());
        }
        fiche.lie("emplacement", Some(emplacement.to_owned()));
        fiche.lie("destination", None);
        fiche.lie("defunt", Some(format!("defunt:{}", self.cle)));
        fiche.lie("entreprise", None);
        fiche.pose("prevue_a", "");
        fiche.pose("observation", "Reprise d'openCimetière");
        lot.operations.push(fiche);
        provenance
    }
}

/// The dead of a plot by their name, for operations that name them without a key.
pub(super) fn par_nom(base: &Base) -> BTreeMap<(String, String, &str), Vec<&str>> {
    let mut connus: BTreeMap<(String, String, &str), Vec<&str>> = BTreeMap::new();
    for ligne in base.lignes("defunt") {
        let nom = |colonne: &str| finage_reference::normalise(ligne.lit(colonne));
        connus.entry((nom("nom"), nom("prenom"), ligne.lit("emplacement"))).or_default().push(ligne.lit("defunt"));
    }
    connus
}
