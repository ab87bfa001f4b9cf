//! Cemeteries, sectors, alleys, plots.

use std::collections::{BTreeMap, HashMap, HashSet};

use finage_reference::normalise;

use super::base::{Base, Ligne};
use super::codes;
use super::comptes::Porteur;
use super::lot::{FichierDit, Lot};
use super::notes::{Notes, date, pose_date};
use crate::modules::reprise::Fiche;

/// Provenance of the cemetery of plots that name none.
const A_RATTACHER: &str = "cimetiere:a_rattacher";
/// Places of a plot at most.
const MAX_PLACES: u32 = 500;

/// Where each plot of the source is in Finage.
#[derive(Debug, Default)]
pub(super) struct Plan {
    /// By key of the source, archives included: provenance of its plot.
    emplacements: HashMap<String, String>,
    /// By provenance: nature.
    natures: HashMap<String, &'static str>,
}

impl Plan {
    /// The plot that a key of the source means.
    pub(super) fn emplacement(&self, cle: &str) -> Option<String> {
        self.emplacements.get(cle).cloned()
    }

    /// The nature of a plot.
    pub(super) fn nature(&self, provenance: &str) -> &'static str {
        self.natures.get(provenance).copied().unwrap_or("concession")
    }
}

/// Labels of a table of reference, by key.
pub(super) fn libelles<'a>(base: &'a Base, lot: &mut Lot, table: &'static str) -> HashMap<&'a str, &'a str> {
    let mut libelles = HashMap::new();
    for ligne in base.lignes(table) {
        let cle = ligne.lit(table);
        if lot.comptes.ouvre(table, cle) {
            lot.comptes.porte(table, cle, Porteur::Libelle);
            libelles.insert(cle, ligne.premier(&["libelle", "code", "planslib", "fichier"]));
        }
    }
    libelles
}

/// Reads the plan.
pub(super) fn lit(base: &Base, lot: &mut Lot) -> Plan {
    let zones = libelles(base, lot, "zone_type");
    let voies = libelles(base, lot, "voie_type");
    let sepultures = libelles(base, lot, "sepulture_type");
    let mut etat = Etat { cimetieres: cimetieres(base, lot), ..Etat::default() };
    secteurs(base, lot, &zones, &mut etat);
    allees(base, lot, &voies, &mut etat);
    emplacements(base, lot, &sepultures, &mut etat)
}

#[derive(Debug, Default)]
struct Etat<'a> {
    cimetieres: HashSet<&'a str>,
    /// Sector: its cemetery.
    secteurs: HashMap<&'a str, String>,
    /// Alley: its cemetery and its sector.
    allees: HashMap<&'a str, (String, Option<String>)>,
    /// Whether something names no cemetery.
    a_rattacher: bool,
}

impl Etat<'_> {
    /// The cemetery of that key; the only one, or that of what is to be sorted out, when there is none.
    fn cimetiere(&mut self, cle: &str, fiche: &mut Fiche) -> String {
        if self.cimetieres.contains(cle) {
            return format!("cimetiere:{cle}");
        }
        fiche.note("cimetiere", "la source ne dit pas son cimetière, ou en dit un qui n'existe pas");
        let mut connus = self.cimetieres.iter();
        if let (Some(seul), None) = (connus.next(), connus.next()) {
            return format!("cimetiere:{seul}");
        }
        self.a_rattacher = true;
        A_RATTACHER.to_owned()
    }
}

fn cimetieres<'a>(base: &'a Base, lot: &mut Lot) -> HashSet<&'a str> {
    let mut connus = HashSet::new();
    for ligne in base.lignes("cimetiere") {
        let cle = ligne.lit("cimetiere");
        if !lot.comptes.ouvre("cimetiere", cle) {
            continue;
        }
        let mut fiche = Fiche::de("cimetiere", cle);
        let nom = ligne.premier(&["cimetierelib", "libelle"]);
        fiche.pose("libelle", if nom.is_empty() { format!("Cimetière {cle}") } else { nom.to_owned() });
        fiche.pose("adresse", adresse(&ligne));
        fiche.pose("observation", ligne.premier(&["observations", "observation"]));
        situe(&mut fiche, &ligne);
        lot.porte("cimetiere", cle, "cimetiere", &fiche.provenance);
        lot.cimetieres.push(fiche);
        connus.insert(cle);
    }
    connus
}

/// Lines of an address, with its commune.
fn adresse(ligne: &Ligne<'_>) -> String {
    let commune = [ligne.lit("cp"), ligne.lit("ville")].join(" ");
    let lignes = [ligne.lit("adresse1"), ligne.lit("adresse2"), commune.trim()];
    lignes.into_iter().filter(|ligne| !ligne.is_empty()).collect::<Vec<_>>().join("\n")
}

fn situe(fiche: &mut Fiche, ligne: &Ligne<'_>) {
    fiche.geometrie = ligne.geometrie();
    if ligne.sans_systeme() {
        fiche.note("", "géométrie laissée de côté : rien ne dit son système de coordonnées, dites-le par --srid");
    }
}

/// « Rangée 3 »: a name with its kind, once.
fn nomme(genre: &str, nom: &str, cle: &str) -> String {
    let deja = normalise(nom).starts_with(&normalise(genre));
    match (genre.is_empty(), nom.is_empty()) {
        (_, true) if genre.is_empty() => format!("n° {cle}"),
        (_, true) => format!("{genre} {cle}"),
        (true, _) => nom.to_owned(),
        _ if deja => nom.to_owned(),
        _ => format!("{genre} {nom}"),
    }
}

/// The label of a key, or the text itself where a table of reference did not exist yet.
fn dit<'a>(libelles: &HashMap<&'a str, &'a str>, texte: &'a str) -> &'a str {
    libelles.get(texte).copied().unwrap_or(texte)
}

fn secteurs<'a>(base: &'a Base, lot: &mut Lot, types: &HashMap<&'a str, &'a str>, etat: &mut Etat<'a>) {
    for ligne in base.lignes("zone") {
        let cle = ligne.lit("zone");
        if !lot.comptes.ouvre("zone", cle) {
            continue;
        }
        let mut fiche = Fiche::de("zone", cle);
        let genre = dit(types, ligne.lit("zonetype"));
        let cimetiere = etat.cimetiere(ligne.lit("cimetiere"), &mut fiche);
        fiche.lie("cimetiere", Some(cimetiere.clone()));
        fiche.pose("libelle", nomme(genre, ligne.lit("zonelib"), cle));
        fiche.pose("genre", codes::secteur(genre).unwrap_or(""));
        situe(&mut fiche, &ligne);
        lot.porte("zone", cle, "secteur", &fiche.provenance);
        lot.secteurs.push(fiche);
        etat.secteurs.insert(cle, cimetiere);
    }
}

fn allees<'a>(base: &'a Base, lot: &mut Lot, types: &HashMap<&'a str, &'a str>, etat: &mut Etat<'a>) {
    for ligne in base.lignes("voie") {
        let cle = ligne.lit("voie");
        if !lot.comptes.ouvre("voie", cle) {
            continue;
        }
        let mut fiche = Fiche::de("voie", cle);
        let (genre, zone) = (dit(types, ligne.lit("voietype")), ligne.lit("zone"));
        let secteur = etat.secteurs.get(zone).map(|cimetiere| (cimetiere.clone(), format!("zone:{zone}")));
        let (cimetiere, secteur) = if let Some((cimetiere, secteur)) = secteur {
            (cimetiere, Some(secteur))
        } else {
            fiche.note("secteur", "la source ne dit pas sa zone, ou en dit une qui n'existe pas");
            (etat.cimetiere("", &mut fiche), None)
        };
        fiche.lie("cimetiere", Some(cimetiere.clone()));
        fiche.lie("secteur", secteur.clone());
        fiche.pose("libelle", nomme(genre, ligne.lit("voielib"), cle));
        fiche.pose("genre", codes::allee(genre).unwrap_or(""));
        situe(&mut fiche, &ligne);
        lot.porte("voie", cle, "allee", &fiche.provenance);
        lot.allees.push(fiche);
        etat.allees.insert(cle, (cimetiere, secteur));
    }
}

fn emplacements<'a>(
    base: &'a Base,
    lot: &mut Lot,
    sepultures: &HashMap<&'a str, &'a str>,
    etat: &mut Etat<'a>,
) -> Plan {
    let mut plan = Plan::default();
    let plans = libelles(base, lot, "plans");
    let images: HashMap<&str, &str> =
        base.lignes("plans").map(|ligne| (ligne.lit("plans"), ligne.lit("fichier"))).collect();
    let mut places: BTreeMap<(String, String), String> = BTreeMap::new();
    for table in ["emplacement", "emplacement_archive"] {
        for ligne in base.lignes(table) {
            let cle = ligne.lit("emplacement");
            if table == "emplacement_archive" {
                // Emptied at its end, a plot was made again at the same place.
                let meme = places.get(&place(&ligne)).filter(|_| !ligne.lit("voie").is_empty());
                if let Some(meme) = plan.emplacements.get(cle).or(meme).cloned() {
                    plan.emplacements.entry(cle.to_owned()).or_insert(meme);
                    continue;
                }
            }
            let connue = table == "emplacement_archive" || lot.comptes.ouvre(table, cle);
            if !connue || cle.is_empty() {
                continue;
            }
            let fiche = emplacement(table, &ligne, lot, [sepultures, &plans, &images], etat);
            let nature = match fiche.champs.get("nature") {
                Some(crate::modules::reprise::Valeur::Texte(code)) => codes::nature(code).unwrap_or("concession"),
                _ => "concession",
            };
            places.insert(place(&ligne), fiche.provenance.clone());
            plan.emplacements.insert(cle.to_owned(), fiche.provenance.clone());
            plan.natures.insert(fiche.provenance.clone(), nature);
            if table == "emplacement" {
                lot.porte(table, cle, "emplacement", &fiche.provenance);
            }
            lot.emplacements.push(fiche);
        }
    }
    if etat.a_rattacher {
        let mut fiche = Fiche { provenance: A_RATTACHER.to_owned(), ..Fiche::default() };
        fiche.pose("libelle", "À rattacher (openCimetière)");
        lot.cimetieres.push(fiche);
    }
    plan
}

/// Where a plot is, as openCimetière tells it.
fn place(ligne: &Ligne<'_>) -> (String, String) {
    (ligne.lit("voie").to_owned(), numero(ligne))
}

/// « 12 bis ».
fn numero(ligne: &Ligne<'_>) -> String {
    [ligne.lit("numero"), ligne.lit("complement")].join(" ").trim().to_owned()
}

fn emplacement<'a>(
    table: &'static str,
    ligne: &Ligne<'a>,
    lot: &mut Lot,
    [sepultures, plans, images]: [&HashMap<&'a str, &'a str>; 3],
    etat: &mut Etat<'a>,
) -> Fiche {
    let cle = ligne.lit("emplacement");
    let (mut fiche, mut notes) = (Fiche::de(table, cle), Notes::de(ligne.lit("observation")));
    let voie = ligne.lit("voie");
    let (cimetiere, secteur, allee) = if let Some((cimetiere, secteur)) = etat.allees.get(voie).cloned() {
        (cimetiere, secteur, Some(format!("voie:{voie}")))
    } else {
        fiche.note("allee", "la source ne dit pas sa voie, ou en dit une qui n'existe pas");
        (etat.cimetiere("", &mut fiche), None, None)
    };
    fiche.lie("cimetiere", Some(cimetiere.clone()));
    fiche.lie("secteur", secteur);
    fiche.lie("allee", allee);
    let numero = numero(ligne);
    if numero.is_empty() {
        fiche.note("numero", "la source ne lui donne pas de numéro");
    }
    fiche.pose("numero", if numero.is_empty() { format!("sans n° ({cle})") } else { numero });
    let dite = dit(sepultures, ligne.lit("sepulturetype"));
    let sepulture = if dite.is_empty() { "" } else { codes::sepulture(dite) };
    notes.valeur("Type de sépulture", dite);
    let nature = match codes::nature(ligne.lit("nature")) {
        Some("concession") if normalise(dite).contains("cavurne") => "cavurne",
        Some(nature) => nature,
        None => {
            fiche.note("nature", format!("nature inconnue : « {} »", ligne.lit("nature")));
            "concession"
        }
    };
    fiche.pose("nature", nature);
    fiche.pose("sepulture", sepulture);
    capacite(&mut fiche, &mut notes, ligne, nature);
    notes.valeur("Famille", ligne.lit("famille"));
    notes.valeur("Référence cadastrale", ligne.lit("numerocadastre"));
    for colonne in ["temp1", "temp2", "temp3", "temp4", "temp5"] {
        notes.valeur(colonne, ligne.lit(colonne));
    }
    let (x, y) = (ligne.lit("positionx"), ligne.lit("positiony"));
    let image = dit(plans, ligne.lit("plans"));
    if !image.is_empty() && !x.is_empty() && !y.is_empty() {
        notes.ligne(format!("Position sur le plan « {image} » : {x}, {y} (pixels)"));
    }
    // Before there was a table of plans, a plot named the image itself.
    let fichier = dit(images, ligne.lit("plans"));
    if fichier.contains('.') {
        let provenance = format!("plans:{}", ligne.lit("plans"));
        if lot.fichiers.iter().all(|deja| deja.provenance != provenance) {
            lot.fichiers.push(FichierDit { provenance, fiche: ("cimetiere", cimetiere), nom: fichier.to_owned() });
        }
    }
    match ligne.geometrie() {
        Some(octets) => match point(&octets) {
            Some((x, y, srid)) => {
                notes.ligne(format!("Point d'openCimetière : {x:.2}, {y:.2} (EPSG:{srid})"));
                fiche.note("", "la source n'a qu'un point, gardé dans l'observation : dessinez son contour");
            }
            None => fiche.geometrie = Some(octets),
        },
        None => situe(&mut fiche, ligne),
    }
    if !ligne.lit("photo").is_empty() {
        lot.fichiers.push(FichierDit {
            provenance: format!("photo:{cle}"),
            fiche: ("emplacement", fiche.provenance.clone()),
            nom: ligne.lit("photo").to_owned(),
        });
    }
    fiche.pose("observation", notes.texte());
    fiche
}

/// Its places, its surface, and what was seen on the ground.
fn capacite(fiche: &mut Fiche, notes: &mut Notes, ligne: &Ligne<'_>, nature: &str) {
    let places = ligne.lit("nombreplace");
    let entier =
        places.replace(',', ".").parse::<f64>().ok().filter(|nombre| (0.0..=f64::from(MAX_PLACES)).contains(nombre));
    let urnes = matches!(nature, "columbarium" | "cavurne");
    let (tenu, autre) = if urnes { ("places_urne", "places_cercueil") } else { ("places_cercueil", "places_urne") };
    fiche.pose(autre, "0");
    fiche.pose(tenu, entier.map_or("0".to_owned(), |nombre| format!("{:.0}", nombre.floor())));
    match entier {
        Some(nombre) if nombre.fract() > 0.0 => {
            fiche.note(tenu, format!("la source dit {places} places : arrondi en dessous"));
        }
        None if !places.is_empty() => fiche.note(tenu, format!("« {places} » n'est pas un nombre de places")),
        _ => {}
    }
    let surface = ligne.lit("superficie").replace(',', ".");
    match surface.parse::<f64>() {
        Ok(nombre) if nombre > 0.0 && nombre < 100_000.0 => fiche.pose("surface", format!("{nombre:.2}")),
        Ok(0.0) => fiche.pose("surface", ""),
        _ => {
            fiche.pose("surface", "");
            if !surface.is_empty() {
                fiche.note("surface", format!("« {surface} » n'est pas une surface"));
            }
        }
    }
    let constat = date(fiche, notes, ligne, "dateconstat", ("constat_le", "Date du constat"));
    pose_date(fiche, "constat_le", None, constat);
    notes.valeur("Places constatées", ligne.lit("placeconstat"));
}

/// The place of a point and its system, of an EWKB that is one.
fn point(octets: &[u8]) -> Option<(f64, f64, u32)> {
    let nombre = |rang: usize| Some(f64::from_le_bytes(octets.get(rang..rang + 8)?.try_into().ok()?));
    let entier = |rang: usize| Some(u32::from_le_bytes(octets.get(rang..rang + 4)?.try_into().ok()?));
    let genre = entier(1)?;
    (genre & 0xff == 1 && genre & 0x2000_0000 != 0).then_some(())?;
    Some((nombre(9)?, nombre(17)?, entier(5)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_says_its_kind_once() {
        assert_eq!(nomme("Rangée", "3", "7"), "Rangée 3");
        assert_eq!(nomme("Allée", "ALLÉE des Tilleuls", "7"), "ALLÉE des Tilleuls");
        assert_eq!(nomme("", "B", "7"), "B");
        assert_eq!(nomme("Carré", "", "7"), "Carré 7");
        assert_eq!(nomme("", "", "7"), "n° 7");
    }
}
