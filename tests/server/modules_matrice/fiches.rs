//! Ways out of a row: its sheet and what hangs on it, its documents; and questions that only a closed field would answer.

use std::collections::BTreeSet;

use finage::modules::documents::proposes;
use finage::modules::objets::{Morceau, Nature};
use finage::modules::registry::{ModuleCharge, ObjetCharge};
use finage_manifest::RightAction::{Print, Read};
use serde_json::Value;

use super::attendu::{Attendu, Titre};
use super::comptes::Compte;
use super::objets::place;
use super::rangees::Rangee;
use super::voies::{Attend, Voie};

/// Ways by which a purpose may be said.
const NOMINATIVES: [&str; 3] = ["", "/historique", "/avenants"];
const AUTRES: [&str; 4] = ["/croisements", "/fichiers", "/etapes", "/rattachements"];

/// Everything asked of rows one by one: of every closed one, and of an open one of each kind.
pub fn toutes(
    attendu: &Attendu,
    compte: &Compte,
    ici: (&ModuleCharge, &ObjetCharge),
    finalite: Option<&str>,
) -> Vec<Voie> {
    let modele = ici.1.modele;
    let mut vues = BTreeSet::new();
    let une = |rangee: &&Rangee| match attendu.voit(rangee, &compte.qui, Read, finalite) {
        Some(ouverts) => {
            let sienne = compte.qui.collectivite == Some(rangee.collectivite);
            vues.insert((ouverts, sienne, rangee.archivee))
        }
        None => true,
    };
    // A purpose that the object does not know is refused for each row alike.
    let connue = finalite.is_none_or(|finalite| modele.finalites.contains(&finalite));
    let rangees = attendu.de(modele).filter(une).take(if connue { usize::MAX } else { 1 });
    rangees.flat_map(|rangee| d_une_rangee(attendu, compte, ici, rangee, finalite)).collect()
}

/// What accounts of other modules ask of a row in each collectivité: its sheet and its history.
pub fn etrangeres(attendu: &Attendu, compte: &Compte, ici: (&ModuleCharge, &ObjetCharge)) -> Vec<Voie> {
    let rangees = une_par_collectivite(attendu, ici.1).into_iter();
    rangees.flat_map(|rangee| d_une_rangee(attendu, compte, ici, rangee, None).into_iter().take(2)).collect()
}

/// A row of an object in each collectivité.
pub fn une_par_collectivite<'a>(attendu: &'a Attendu, objet: &'a ObjetCharge) -> Vec<&'a Rangee> {
    let mut vues = BTreeSet::new();
    attendu.de(objet.modele).filter(|rangee| vues.insert(rangee.collectivite)).collect()
}

/// Everything asked of a row, for a purpose or none.
fn d_une_rangee(
    attendu: &Attendu,
    compte: &Compte,
    (module, objet): (&ModuleCharge, &ObjetCharge),
    rangee: &Rangee,
    finalite: Option<&str>,
) -> Vec<Voie> {
    let place = format!("{}/{}", place(module, objet), rangee.id);
    let pour = finalite.map(|finalite| format!("finalite={finalite}")).unwrap_or_default();
    let ouverte = attendu.voit(rangee, &compte.qui, Read, finalite).is_some();
    let attend = || if ouverte { Attend::Libre } else { Attend::Refus };
    let suites = NOMINATIVES.iter().map(|suite| format!("{place}{suite}?{pour}"));
    let mut voies: Vec<Voie> = suites.map(|chemin| Voie::new(chemin, attend())).collect();
    // A tab hangs on what is seen of the row without a purpose.
    let montree = attendu.voit(rangee, &compte.qui, Read, None).is_some();
    for tab in &objet.file.tabs {
        let enfants = attendu.registry.objet(&module.file.id, &tab.object);
        let lignes = enfants.and_then(|(_, enfant)| attendu.lignes(enfant.modele, &compte.qui, Read, finalite, false));
        let nomme = |enfant: &&Rangee| {
            // A field that is not open is not to be guessed by its tab.
            let ouverts = attendu.voit(enfant, &compte.qui, Read, finalite).unwrap_or_default();
            let nommee = enfant.valeurs.get(&tab.by).and_then(Value::as_str);
            ouverts.contains(tab.by.as_str()) && nommee == Some(rangee.id.to_string().as_str())
        };
        let siens = lignes.unwrap_or_default().into_iter().filter(nomme);
        let attend = if montree { Attend::Nombre(siens.count()) } else { Attend::Refus };
        voies.push(Voie::new(format!("{place}/onglets/{}?{pour}&limite=1000", tab.object), attend));
    }
    if finalite.is_none() {
        voies.extend(AUTRES.iter().map(|suite| Voie::new(format!("{place}{suite}"), attend())));
        let explication = format!("/api/droits/{}/{}", objet.modele.objet.nom, rangee.id);
        voies.push(Voie::new(explication, Attend::Libre));
    }
    voies.into_iter().map(|voie| voie.pour(finalite)).collect()
}

/// Documents of rows, one by one: of every closed row none, and one of the first that is open.
pub fn documents(attendu: &Attendu, compte: &Compte, (module, objet): (&ModuleCharge, &ObjetCharge)) -> Vec<Voie> {
    let mut voies = Vec::new();
    for document in proposes(objet) {
        let finalite = document.purpose.as_deref();
        let pour = finalite.map(|finalite| format!("?finalite={finalite}")).unwrap_or_default();
        let mut fait = false;
        for rangee in attendu.de(objet.modele) {
            let chemin = format!("{}/{}/documents/{}{pour}", place(module, objet), rangee.id, document.id);
            let ouverte = attendu.voit(rangee, &compte.qui, Print, finalite).is_some();
            let admise = document.filter.as_ref().is_none_or(|texte| attendu.repond(rangee, &compte.qui, texte));
            let attend = match (ouverte && admise, fait) {
                (true, true) => continue,
                (true, false) => Attend::Document,
                (false, _) => Attend::Refus,
            };
            fait |= ouverte && admise;
            voies.push(Voie::new(chemin, attend).par(Print, objet.modele).pour(finalite));
        }
    }
    voies
}

/// Questions whose answer is in one row: searches for a mark, conditions on it. A closed mark finds nothing.
pub fn oracles(attendu: &Attendu, compte: &Compte, (module, objet): (&ModuleCharge, &ObjetCharge)) -> Vec<Voie> {
    let place = place(module, objet);
    let mut voies = Vec::new();
    let mut vus = BTreeSet::new();
    for rangee in attendu.de(objet.modele) {
        let ouverts = attendu.voit(rangee, &compte.qui, Read, None);
        for (champ, marque) in rangee.marques.iter().filter(|(_, marque)| marque.starts_with("zq")) {
            let ouvert = ouverts.as_ref().is_some_and(|ouverts| ouverts.contains(champ.as_str())) && !rangee.archivee;
            let propre = compte.qui.collectivite == Some(rangee.collectivite);
            if !vus.insert((champ, ouvert, ouverts.is_some(), propre)) {
                continue;
            }
            let cherche = ouvert && objet.modele.cherches.contains(&champ.as_str());
            let titre = ouverts.as_ref().is_some_and(|ouverts| du_titre(attendu, compte, rangee, ouverts, marque));
            let nommees = if titre { qui_nomment(attendu, compte, objet, rangee, cherche) } else { 0 };
            let recherche = Voie::new(format!("/api/recherche?q={marque}&limit=50"), Attend::Libre).tape(marque);
            let liste =
                Voie::new(format!("{place}?q={marque}"), Attend::Nombre(usize::from(cherche) + nommees)).tape(marque);
            let condition = format!("{place}?filter={champ}%20%3D%20%27{marque}%27");
            let condition = Voie::new(condition, Attend::Nombre(usize::from(ouvert))).tape(marque);
            // The search box knows what an account reads for itself, not what anybody reads.
            let recherche = if cherche || titre { recherche } else { Voie { attend: Attend::Nombre(0), ..recherche } };
            voies.extend([recherche, liste, condition]);
        }
    }
    voies
}

/// Whether a text finds what names a row by this mark: it is in a field of its title that is open and searched, of an object
/// that the account reads for itself. What anybody reads is searched by its own fields alone.
fn du_titre(
    attendu: &Attendu,
    compte: &Compte,
    rangee: &Rangee,
    ouverts: &BTreeSet<&'static str>,
    marque: &str,
) -> bool {
    let porte = |nom: &str| {
        ouverts.contains(nom)
            && rangee.modele.cherches.contains(&nom)
            && rangee.valeurs.get(nom).and_then(Value::as_str).is_some_and(|texte| texte.contains(marque))
    };
    let titre = rangee.modele.intitule.iter().any(|morceau| matches!(morceau, Morceau::Champ(nom) if porte(nom)));
    titre && attendu.titre(rangee.modele, &compte.qui, Read) == Some(Titre::Sien)
}

/// How many rows of an object, that the account lists for itself, name this one by a reference open to it; the row itself
/// aside when it is found already.
fn qui_nomment(attendu: &Attendu, compte: &Compte, objet: &ObjetCharge, nommee: &Rangee, deja: bool) -> usize {
    if attendu.titre(objet.modele, &compte.qui, Read) != Some(Titre::Sien) {
        return 0;
    }
    let lignes = attendu.lignes(objet.modele, &compte.qui, Read, None, false).unwrap_or_default();
    let nomme = |une: &&&Rangee| {
        let ouverts = attendu.voit(une, &compte.qui, Read, None).unwrap_or_default();
        objet.modele.regles.iter().any(|regle| {
            let vers = regle
                .lien
                .filter(|_| regle.nature == Nature::Reference)
                .and_then(|lien| Some((lien.cle, lien.cible()?)));
            vers.is_some_and(|(cle, cible)| {
                let sienne = if cle == "id" {
                    Value::from(nommee.id.to_string())
                } else {
                    nommee.valeurs.get(cle).cloned().unwrap_or_default()
                };
                cible.objet.nom == nommee.modele.objet.nom
                    && ouverts.contains(regle.champ)
                    && une.valeurs.get(regle.champ) == Some(&sienne)
            })
        })
    };
    lignes.iter().filter(nomme).filter(|une| !(deja && une.id == nommee.id)).count()
}
