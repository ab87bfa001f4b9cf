//! Operations of openCimetière, one for each deceased person that they are about; works, and companies.

use std::collections::{HashMap, HashSet};

use finage_reference::normalise;
use time::Date;

use super::base::{Base, Ligne};
use super::codes;
use super::contrats::{pose_civilite, pose_nom};
use super::dates::Connue;
use super::defunts::par_nom;
use super::lot::Lot;
use super::notes::{Notes, date, pose_date};
use super::plan::{Plan, libelles};
use crate::modules::reprise::Fiche;

/// Operations that were carried out, by key of the deceased person.
#[derive(Debug, Default)]
pub(super) struct Operations(HashMap<String, Vec<Faite>>);

/// An operation that was carried out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Faite {
    pub(super) provenance: String,
    pub(super) genre: &'static str,
    pub(super) le: Option<Date>,
    pub(super) emplacement: Option<String>,
    pub(super) destination: Option<String>,
}

impl Operations {
    /// Those of a deceased person.
    pub(super) fn faites(&self, defunt: &str) -> &[Faite] {
        self.0.get(defunt).map_or(&[], Vec::as_slice)
    }
}

/// Reads companies; gives those that there are.
pub(super) fn entreprises<'a>(base: &'a Base, lot: &mut Lot) -> HashSet<&'a str> {
    let mut connues = HashSet::new();
    for ligne in base.lignes("entreprise") {
        let cle = ligne.premier(&["entreprise", "identreprise"]);
        if !lot.comptes.ouvre("entreprise", cle) {
            continue;
        }
        let mut fiche = Fiche::de("entreprise", cle);
        let nom = ligne.premier(&["nomentreprise", "nom", "libelle"]);
        if nom.is_empty() {
            fiche.note("nom", "la source ne donne pas son nom");
        }
        let funebres = codes::oui(ligne.lit("pf"));
        fiche.pose("nom", if nom.is_empty() { format!("Entreprise {cle}") } else { nom.to_owned() });
        fiche.pose("pompes_funebres", if funebres { "oui" } else { "non" });
        fiche.pose("marbrerie", if funebres { "non" } else { "oui" });
        let commune = [ligne.lit("cp"), ligne.lit("ville")].join(" ");
        let lignes = [ligne.lit("adresse1"), ligne.lit("adresse2"), commune.trim()];
        fiche.pose("adresse", lignes.into_iter().filter(|texte| !texte.is_empty()).collect::<Vec<_>>().join("\n"));
        fiche.pose("telephone", ligne.premier(&["telephone", "tel"]));
        fiche.pose("courriel", ligne.premier(&["courriel", "email"]));
        lot.porte("entreprise", cle, "entreprise", &fiche.provenance);
        lot.entreprises.push(fiche);
        connues.insert(cle);
    }
    connues
}

/// Reads works.
pub(super) fn travaux(base: &Base, lot: &mut Lot, plan: &Plan, entreprises: &HashSet<&str>) {
    let natures = libelles(base, lot, "travaux_nature");
    for table in ["travaux", "travaux_archive"] {
        for ligne in base.lignes(table) {
            let cle = ligne.premier(&["travaux", "idtravaux"]);
            if !lot.comptes.ouvre(table, cle) {
                continue;
            }
            let dit = ligne.lit("emplacement");
            let Some(emplacement) = plan.emplacement(dit) else {
                lot.comptes.rejette(table, cle, format!("leur emplacement « {dit} » n'existe pas"));
                continue;
            };
            let mut fiche = Fiche::de(table, cle);
            let mut notes = Notes::default();
            let brute = ligne.lit("naturetravaux");
            let nature = natures.get(brute).copied().unwrap_or(brute);
            notes.ligne(nature);
            notes.ligne(ligne.lit("observation"));
            notes.valeur("Demandeur", ligne.lit("naturedemandeur"));
            fiche.lie("emplacement", Some(emplacement));
            fiche.lie("entreprise", entreprise(&ligne, entreprises));
            fiche.pose("nature", codes::travaux(nature));
            fiche.pose("etat", "acheve");
            fiche.pose("demande_le", "");
            let debut = date(&mut fiche, &mut notes, &ligne, "datedebinter", ("debut_le", "Début des travaux"));
            let mut fin = date(&mut fiche, &mut notes, &ligne, "datefininter", ("fin_le", "Fin des travaux"));
            if debut.jour().zip(fin.jour()).is_some_and(|(debut, fin)| fin < debut) {
                fiche.note("fin_le", "ils finiraient avant de commencer : leur fin est laissée de côté");
                notes.valeur("Fin des travaux (openCimetière)", ligne.lit("datefininter"));
                fin = Connue::Absente;
            }
            pose_date(&mut fiche, "debut_le", None, debut);
            pose_date(&mut fiche, "fin_le", None, fin);
            fiche.pose("description", notes.texte());
            lot.porte(table, cle, "travaux", &fiche.provenance);
            lot.travaux.push(fiche);
        }
    }
}

fn entreprise(ligne: &Ligne<'_>, entreprises: &HashSet<&str>) -> Option<String> {
    let cle = ligne.premier(&["entreprise", "idintervenant", "societe_coordonnee"]);
    entreprises.contains(cle).then(|| format!("entreprise:{cle}"))
}

/// Reads operations.
pub(super) fn lit(
    base: &Base,
    lot: &mut Lot,
    plan: &Plan,
    entreprises: &HashSet<&str>,
    titres: &HashMap<&str, &str>,
) -> Operations {
    let defunts: HashSet<&str> = ["defunt", "defunt_archive"]
        .into_iter()
        .flat_map(|table| base.lignes(table))
        .map(|ligne| ligne.lit("defunt"))
        .collect();
    let noms = par_nom(base);
    let mut concernes: HashMap<&str, Vec<Ligne<'_>>> = HashMap::new();
    let connues: HashSet<&str> = base.lignes("operation").map(|ligne| ligne.lit("operation")).collect();
    for ligne in base.lignes("operation_defunt") {
        let (cle, operation) = (ligne.lit("operation_defunt"), ligne.lit("operation"));
        if !lot.comptes.ouvre("operation_defunt", cle) {
            continue;
        }
        if !connues.contains(operation) {
            lot.comptes.rejette("operation_defunt", cle, format!("son opération « {operation} » n'existe pas"));
            continue;
        }
        concernes.entry(operation).or_default().push(ligne);
    }
    let mut faites = Operations::default();
    for ligne in base.lignes("operation") {
        let cle = ligne.lit("operation");
        if !lot.comptes.ouvre("operation", cle) {
            continue;
        }
        let siens = concernes.remove(cle).unwrap_or_default();
        let motif = if siens.is_empty() {
            Some("elle ne dit aucun défunt".to_owned())
        } else if plan.emplacement(ligne.lit("emplacement")).is_none() {
            Some(format!("son emplacement « {} » n'existe pas", ligne.lit("emplacement")))
        } else {
            None
        };
        if let Some(motif) = motif {
            for sien in siens {
                lot.comptes.rejette(
                    "operation_defunt",
                    sien.lit("operation_defunt"),
                    format!("opération {cle} : {motif}"),
                );
            }
            lot.comptes.rejette("operation", cle, motif);
            continue;
        }
        let premier = siens.first().map_or("", |sien| sien.lit("operation_defunt"));
        lot.porte("operation", cle, "operation", &format!("operation_defunt:{premier}"));
        for sien in siens {
            let dit = sien.lit("defunt");
            let nom =
                (normalise(sien.lit("defunt_nom")), normalise(sien.lit("defunt_prenom")), ligne.lit("emplacement"));
            let homonymes = noms.get(&nom).map_or(&[][..], Vec::as_slice);
            let defunt = match homonymes {
                _ if defunts.contains(dit) && !dit.is_empty() => Ok(dit),
                [seul] if !nom.0.is_empty() => Ok(*seul),
                _ => Err(nomme(lot, &sien, titres)),
            };
            let provenance = match &defunt {
                Ok(cle) => format!("defunt:{cle}"),
                Err(provenance) => provenance.clone(),
            };
            let faite = operation(lot, &ligne, &sien, (plan, entreprises), &provenance);
            if let (Ok(cle), Some(faite)) = (defunt, faite) {
                faites.0.entry(cle.to_owned()).or_default().push(faite);
            }
        }
    }
    faites
}

/// A deceased person whom an operation alone names.
fn nomme(lot: &mut Lot, sien: &Ligne<'_>, titres: &HashMap<&str, &str>) -> String {
    let mut fiche = Fiche::de("operation_defunt", sien.lit("operation_defunt"));
    let mut notes = Notes::default();
    pose_civilite(&mut fiche, &mut notes, titres, sien.lit("defunt_titre"));
    pose_nom(&mut fiche, sien, "defunt_");
    fiche.pose("lieu_deces", sien.lit("defunt_lieudeces"));
    let naissance = date(&mut fiche, &mut notes, sien, "defunt_datenaissance", ("naissance", "Date de naissance"));
    let deces = date(&mut fiche, &mut notes, sien, "defunt_datedeces", ("deces_le", "Date de décès"));
    let inverse = naissance.jour().zip(deces.jour()).is_some_and(|(ne, mort)| ne > mort);
    pose_date(&mut fiche, "naissance", Some("naissance_annee"), if inverse { Connue::Absente } else { naissance });
    pose_date(&mut fiche, "deces_le", Some("deces_annee"), deces);
    fiche.note("", "une opération le nomme, et aucun emplacement de la source ne le contient");
    fiche.pose("observation", notes.texte());
    let provenance = fiche.provenance.clone();
    lot.defunts.push(fiche);
    provenance
}

/// An operation about someone; what is to be known of it when it was carried out.
fn operation(
    lot: &mut Lot,
    ligne: &Ligne<'_>,
    sien: &Ligne<'_>,
    (plan, entreprises): (&Plan, &HashSet<&str>),
    defunt: &str,
) -> Option<Faite> {
    let (mut fiche, mut notes) =
        (Fiche::de("operation_defunt", sien.lit("operation_defunt")), Notes::de(ligne.lit("observation")));
    let emplacement = plan.emplacement(ligne.lit("emplacement"));
    let destination = plan.emplacement(ligne.lit("emplacement_transfert"));
    let forme = codes::forme(sien.premier(&["defunt_nature", "nature"]));
    let columbarium = emplacement.as_deref().is_some_and(|un| matches!(plan.nature(un), "columbarium" | "cavurne"));
    let urne = forme == Some("urne") || forme.is_none() && columbarium;
    let dit = ligne.premier(&["categorie", "type", "nature", "operation_type"]);
    let genre = codes::operation(dit, urne).unwrap_or_else(|| {
        fiche.note("genre", format!("nature d'opération inconnue : « {dit} »"));
        notes.valeur("Nature", dit);
        if destination.is_some() { "transfert" } else { "inhumation" }
    });
    let le = date(&mut fiche, &mut notes, ligne, "date", ("prevue_le", "Date de l'opération"));
    let faite = normalise(ligne.lit("etat")) == "trt";
    fiche.pose("genre", genre);
    fiche.pose("etat", if faite { "realisee" } else { "demandee" });
    fiche.lie("emplacement", emplacement.clone());
    fiche.lie("destination", destination.clone());
    fiche.lie("defunt", Some(defunt.to_owned()));
    fiche.lie("entreprise", entreprise(ligne, entreprises));
    fiche.pose("forme", if urne { "urne" } else { forme.unwrap_or("cercueil") });
    fiche.pose("ancien_numero", ligne.lit("numdossier"));
    pose_date(&mut fiche, "demandee_le", None, if faite { le } else { Connue::Absente });
    pose_date(&mut fiche, "prevue_le", None, le);
    pose_date(&mut fiche, "realisee_le", None, if faite { le } else { Connue::Absente });
    fiche.pose("prevue_a", heure(ligne.lit("heure")));
    notes.valeur("Lien", sien.lit("defunt_parente"));
    fiche.pose("observation", notes.texte());
    lot.porte("operation_defunt", sien.lit("operation_defunt"), "operation", &fiche.provenance);
    let provenance = fiche.provenance.clone();
    lot.operations.push(fiche);
    faite.then_some(Faite { provenance, genre, le: le.jour(), emplacement, destination })
}

/// « 14:30 », of « 14:30:00 » or « 14h30 ».
fn heure(texte: &str) -> String {
    let mut parties = texte.split([':', 'h', 'H']);
    let nombre = |partie: Option<&str>| partie.and_then(|partie| partie.trim().parse::<u8>().ok());
    let (heure, minute) = (parties.next(), parties.next().filter(|minute| !minute.is_empty()).or(Some("0")));
    match (nombre(heure), nombre(minute)) {
        (Some(heure @ 0..=23), Some(minute @ 0..=59)) => format!("{heure:02}:{minute:02}"),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_hour_is_read_or_left_out() {
        assert_eq!(heure("14:30:00"), "14:30");
        assert_eq!(heure("9h5"), "09:05");
        assert_eq!(heure("9h"), "09:00");
        for mauvaise in ["", "25:00", "matin", "14:75"] {
            assert_eq!(heure(mauvaise), "", "{mauvaise}");
        }
    }
}
