//! Ways out of an object: lists, maps, files, counts.

use finage::modules::objets::Nature;
use finage::modules::registry::{ModuleCharge, ObjetCharge};
use finage_manifest::RightAction::{Export, Read};

use super::attendu::Attendu;
use super::comptes::Compte;
use super::voies::{Attend, Voie, ids};

/// Zoom at which a row is drawn alone; the other end is the lowest of its layer.
const PRES: u32 = 18;
const FORMATS: [&str; 5] = ["csv", "geojson", "gpkg", "xlsx", "ods"];

/// The address of an object.
pub fn place(module: &ModuleCharge, objet: &ObjetCharge) -> String {
    format!("/api/modules/{}/{}", module.file.id, objet.nom)
}

/// What is asked of every object for every account: all its rows by each kind of way, for a purpose or none.
pub fn larges(
    attendu: &Attendu,
    compte: &Compte,
    (module, objet): (&ModuleCharge, &ObjetCharge),
    finalite: Option<&str>,
) -> Vec<Voie> {
    let place = place(module, objet);
    let pour = finalite.map(|finalite| format!("finalite={finalite}&")).unwrap_or_default();
    let lignes = |archivees: bool| {
        let lignes = attendu.lignes(objet.modele, &compte.qui, Read, finalite, archivees);
        Attend::Lignes(lignes.map(ids))
    };
    let mut voies = vec![
        Voie::new(format!("{place}?{pour}limite=1000"), lignes(false)),
        Voie::new(format!("{place}?{pour}limite=1000&fields=geometrie&archivees=true"), lignes(true)),
        Voie::new(format!("{place}?{pour}limite=1000&archivees=true"), lignes(true)),
        Voie::new(format!("{place}/geojson?{pour}limite=1000"), lignes(false)),
    ];
    for archivees in [false, true] {
        let chemin = format!("{place}/export?{pour}format=csv&archivees={archivees}");
        let exportees = attendu.lignes(objet.modele, &compte.qui, Export, finalite, archivees);
        let attend = exportees.map_or(Attend::Refus, |exportees| Attend::Fichier(ids(exportees)));
        voies.push(Voie::new(chemin, attend).par(Export, objet.modele));
    }
    voies.into_iter().map(|voie| voie.pour(finalite)).chain(tuiles(attendu, compte, objet)).collect()
}

/// Both ends of the zooms of a layer.
fn tuiles(attendu: &Attendu, compte: &Compte, objet: &ObjetCharge) -> Vec<Voie> {
    let Some(couche) = objet.couche else { return Vec::new() };
    let lignes = attendu.lignes(objet.modele, &compte.qui, Read, None, false);
    // Nothing is drawn for who only sees what anybody sees, where the layer publishes nothing.
    let muette = attendu.titre(objet.modele, &compte.qui, Read) == Some(super::attendu::Titre::Public)
        && couche.publics.is_empty();
    let vues = lignes.filter(|_| !muette).map(ids).unwrap_or_default();
    let voie = |zoom: u32, autre: &str, demande: &str| {
        let (x, y) = tuile(attendu.lieu, zoom);
        let attend = Attend::Tuile(vues.clone(), ids(attendu.de(objet.modele)));
        Voie::new(format!("/tiles/{}{autre}/{zoom}/{x}/{y}{demande}", couche.id), attend)
    };
    // An empty search draws the same rows by PostGIS, whatever snapshots there are.
    vec![voie(u32::from(couche.zoom_min), ",communes", ""), voie(PRES, ",communes", ""), voie(PRES, "", "?q=")]
}

/// The tile of this zoom where every row of the world lies.
fn tuile((lon, lat): (f64, f64), zoom: u32) -> (u32, u32) {
    let cote = f64::from(1_u32 << zoom);
    let y = (1.0 - (lat.to_radians().tan() + 1.0 / lat.to_radians().cos()).ln() / std::f64::consts::PI) / 2.0;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a tile of the pyramid")]
    (((lon + 180.0) / 360.0 * cote) as u32, (y * cote) as u32)
}

/// What is asked besides by one account of each set of rights: every file, list, order and condition.
pub fn profondes(attendu: &Attendu, compte: &Compte, (module, objet): (&ModuleCharge, &ObjetCharge)) -> Vec<Voie> {
    let place = place(module, objet);
    let mut voies = vec![
        Voie::new(format!("{place}?q=zq&near=4.83,45.76,50000"), Attend::Libre),
        Voie::new(format!("{place}/schema"), Attend::Libre),
        Voie::new(format!("{place}/anomalies"), Attend::Libre),
        Voie::new(format!("{place}/anomalies?levees=true"), Attend::Libre),
        Voie::new(format!("{place}/geojson?q=zq&limite=1000&archivees=true"), Attend::Libre),
    ];
    let lignes = attendu.lignes(objet.modele, &compte.qui, Read, None, false).unwrap_or_default();
    for liste in &objet.file.lists {
        let repond = |texte: &String| lignes.iter().filter(|rangee| attendu.repond(rangee, &compte.qui, texte)).count();
        let nombre = liste.filter.as_ref().map_or(lignes.len(), repond);
        voies.push(Voie::new(format!("{place}?limite=1000&liste={}", liste.id), Attend::Nombre(nombre)));
    }
    for format in FORMATS {
        voies.push(Voie::new(format!("{place}/export?format={format}"), Attend::Libre).par(Export, objet.modele));
    }
    for regle in objet.modele.regles {
        let champ = regle.champ;
        match regle.nature {
            Nature::Code => voies.push(Voie::new(format!("{place}/codes/{champ}"), Attend::Libre)),
            Nature::Reference => voies.push(Voie::new(format!("{place}/choix/{champ}?q=zq"), Attend::Libre)),
            _ => {}
        }
        voies.push(Voie::new(format!("{place}?sort=-{champ}"), Attend::Libre));
        // Whether a closed field is empty is not told either.
        let remplies = lignes.iter().filter(|rangee| {
            let ouverts = attendu.voit(rangee, &compte.qui, Read, None).unwrap_or_default();
            ouverts.contains(champ) && rangee.valeurs.get(champ).is_some_and(|valeur| !valeur.is_null())
        });
        let remplies = Attend::Nombre(remplies.count());
        voies.push(Voie::new(format!("{place}?filter={champ}%20is%20not%20null"), remplies));
    }
    if let Some(couche) = objet.couche {
        voies.push(Voie::new(format!("/tiles/{}", couche.id), Attend::Libre));
    }
    voies
}

/// The same for a purpose.
pub fn nominatives((module, objet): (&ModuleCharge, &ObjetCharge), finalite: &str) -> Vec<Voie> {
    let place = place(module, objet);
    let voie = |suite: String| Voie::new(format!("{place}{suite}"), Attend::Libre).pour(Some(finalite));
    let mut voies = vec![voie(format!("?finalite={finalite}&q=zq"))];
    for format in FORMATS {
        voies.push(voie(format!("/export?finalite={finalite}&format={format}")).par(Export, objet.modele));
    }
    for regle in objet.modele.regles.iter().filter(|regle| regle.finalite.is_some()) {
        voies.push(voie(format!("?finalite={finalite}&sort=-{}", regle.champ)));
        voies.push(voie(format!("?finalite={finalite}&filter={}%20is%20not%20null", regle.champ)));
    }
    voies
}
