//! `/consulter/{module}/{objet}/{id}`: a row that everybody may read, where it is, what the manifest says of it.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::Value;
use uuid::Uuid;

use super::{Ouverte, closed};
use crate::db::{Canal, TenantTx};
use crate::http::pages::{cadre, page, refused};
use crate::http::problem::Problem;
use crate::http::state::App;
use crate::modules::itineraire::{Regards, vers};
use crate::modules::objets::{Colonne, Fiche, Filtre, Modele, Nature, ObjetError, Rangee, Regard, Tri};
use crate::portal::objets::Renvoi;
use crate::portal::{ConsulterFichePage, CoucheDuPlan, FicheConsultee, Lieu, Table, carte};

/// Half of the side of the small plan, metres.
const RAYON: f64 = 15.0;
/// Rows of another object shown at most.
const MAX_ROWS: i64 = 200;

/// The sheet of a row.
///
/// # Errors
/// 503 when the database is away.
pub async fn show(
    State(app): State<App>,
    Path((module, objet, id)): Path<(String, String, String)>,
) -> Result<Response, Problem> {
    let registry = app.modules();
    let Some(ouverte) = Ouverte::new(&registry, &module, &objet) else { return Ok(closed()) };
    let Ok(id) = id.parse::<Uuid>() else { return Ok(ouverte.discrete(absent(&ouverte))) };
    let regard = ouverte.regard()?;
    let mut tx = app.collectivites().begin_public(Canal::Page).await?;
    let noms = if ouverte.page.fields.is_empty() { &ouverte.page.columns } else { &ouverte.page.fields };
    let colonnes = ouverte.colonnes(noms);
    let filtre = Filtre { ids: Some(vec![id]), ..Filtre::default() };
    let rangees = regard.rangees(&mut tx, &filtre, &colonnes, ouverte.page.place.as_deref()).await?;
    let Some(rangee) = rangees.into_iter().next() else { return Ok(ouverte.discrete(absent(&ouverte))) };
    let fiche = match regard.fiche(&mut tx, id).await {
        Ok(fiche) => fiche,
        Err(ObjetError::Absente | ObjetError::Fermee) => return Ok(ouverte.discrete(absent(&ouverte))),
        Err(error) => return Err(error.into()),
    };
    let valeurs = rangee.valeurs.iter().map(|valeur| valeur.clone().unwrap_or_default());
    let faits: Vec<(String, String)> = ouverte.labels(&colonnes).into_iter().zip(valeurs).collect();
    let lieu = lieu(&ouverte, &mut tx, &fiche, &rangee).await?;
    let textes = textes(&ouverte, &mut tx, (&regard, id)).await?;
    let tables = tables(&ouverte, &mut tx, id).await?;
    let formulaire = formulaire(&ouverte, &mut tx, &fiche).await?;
    let titre = if fiche.titre.is_empty() { ouverte.modele().objet.libelle.to_owned() } else { fiche.titre };
    let mut frame = cadre(&app, "/consulter", format!("{titre}, {}", ouverte.page.title));
    frame.hors_des_robots = ouverte.page.persons;
    let consultee = FicheConsultee {
        retour: Renvoi::new(ouverte.page.title.clone(), ouverte.adresse()),
        titre,
        objet: ouverte.modele().objet.libelle.to_owned(),
        faits,
        lieu,
        textes,
        tables,
        formulaire,
    };
    Ok(ouverte.discrete(page(StatusCode::OK, &ConsulterFichePage::new(frame, consultee))?))
}

fn absent(ouverte: &Ouverte<'_>) -> Response {
    refused(
        StatusCode::NOT_FOUND,
        "Cette fiche n'est pas publiée",
        "Elle n'existe pas, ou elle n'est pas ouverte à la consultation.",
        Some((ouverte.page.title.clone(), ouverte.adresse())),
    )
}

/// The model and the key of the row that has the geometry of this one.
fn place(ouverte: &Ouverte<'_>, fiche: &Fiche) -> Option<(&'static Modele, Uuid)> {
    let Some(nom) = ouverte.page.place.as_deref() else {
        return ouverte.modele().geometrie.map(|_| (ouverte.modele(), fiche.id));
    };
    let cible = ouverte.modele().regle(nom)?.lien?.cible()?;
    Some((cible, fiche.champs.get(nom)?.as_str()?.parse().ok()?))
}

/// Where the row is: a small plan of the layers that everybody sees, and the map.
async fn lieu(
    ouverte: &Ouverte<'_>,
    tx: &mut TenantTx,
    fiche: &Fiche,
    rangee: &Rangee,
) -> Result<Option<Lieu>, Problem> {
    let Some((modele, sujet)) = place(ouverte, fiche) else { return Ok(None) };
    let Some(milieu) = ouverte.registry.publique(modele) else { return Ok(None) };
    let mut objets: Vec<_> = ouverte.module.objets.iter().filter(|objet| objet.couche.is_some()).collect();
    objets.sort_by_key(|objet| (std::ptr::eq(objet.modele, modele), objet.couche.map(|couche| couche.zoom_min)));
    let mut couches = Vec::new();
    for objet in objets {
        let (Some(couche), Some(regard)) = (objet.couche, ouverte.registry.publique(objet.modele)) else { continue };
        if couche.publics.is_empty() {
            continue;
        }
        let traits = regard.autour(tx, couche, (&milieu, sujet), RAYON).await?;
        couches.push(CoucheDuPlan { traits, sujet: std::ptr::eq(objet.modele, modele) });
    }
    if !couches.iter().any(|couche| couche.sujet && couche.traits.iter().any(|un| un.sujet)) {
        couches.clear();
    }
    let texte = match ouverte.page.place.as_deref() {
        Some(nom) => fiche.libelles.get(nom).and_then(Value::as_str).unwrap_or_default().to_owned(),
        None => fiche.titre.clone(),
    };
    let carte = carte(rangee);
    let chemin = chemin(ouverte, tx, (modele, &milieu, sujet)).await?;
    Ok((carte.is_some() || !couches.is_empty()).then_some(Lieu { carte, couches, rayon: RAYON, texte, chemin }))
}

/// How to walk to the row that has the geometry, along the lines that everybody sees.
async fn chemin(
    ouverte: &Ouverte<'_>,
    tx: &mut TenantTx,
    (modele, but, sujet): (&Modele, &Regard, Uuid),
) -> Result<Option<String>, Problem> {
    let objets = &ouverte.module.objets;
    let walk =
        objets.iter().find(|objet| std::ptr::eq(objet.modele, modele)).and_then(|objet| objet.file.walk.as_ref());
    let publique = |nom: &str| {
        let objet = objets.iter().find(|objet| objet.nom == nom)?;
        ouverte.registry.publique(objet.modele)
    };
    let Some((walk, lignes, entrees)) =
        walk.and_then(|walk| Some((walk, publique(&walk.lines)?, publique(&walk.entrances)?)))
    else {
        return Ok(None);
    };
    let regards = Regards { but, lignes: &lignes, entrees: &entrees };
    match vers(tx, walk, regards, sujet).await {
        Ok(itineraire) => Ok(itineraire.map(|une| une.phrase)),
        Err(ObjetError::Absente | ObjetError::Fermee) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// What the manifest says on the sheet of this row.
async fn textes(
    ouverte: &Ouverte<'_>,
    tx: &mut TenantTx,
    (regard, id): (&Regard, Uuid),
) -> Result<Vec<(String, String)>, Problem> {
    let mut dits = Vec::new();
    for paragraphe in &ouverte.page.texts {
        let vrai = match &paragraphe.filter {
            None => true,
            Some(texte) => match regard.condition_du_module(texte) {
                Ok(condition) => {
                    let filtre = Filtre { ids: Some(vec![id]), du_module: Some(condition), ..Filtre::default() };
                    regard.nombre(tx, &filtre).await? > 0
                }
                Err(_) => false,
            },
        };
        if vrai {
            dits.push((paragraphe.title.clone(), paragraphe.text.clone()));
        }
    }
    Ok(dits)
}

/// Rows of other objects that name this one, oldest first.
async fn tables(ouverte: &Ouverte<'_>, tx: &mut TenantTx, id: Uuid) -> Result<Vec<Table>, Problem> {
    let mut tables = Vec::new();
    for nom in &ouverte.page.tabs {
        let tab = ouverte.objet.file.tabs.iter().find(|tab| tab.object == *nom);
        let Some((tab, objet)) =
            tab.and_then(|tab| Some((tab, ouverte.module.objets.iter().find(|objet| objet.nom == tab.object)?)))
        else {
            continue;
        };
        let modele = objet.modele;
        let (Some(regard), Some(par)) = (ouverte.registry.publique(modele), modele.regle(&tab.by)) else { continue };
        let champs: Vec<_> = regard.champs().filter(|champ| champ.nom != par.champ).collect();
        let colonnes: Vec<Colonne> = champs.iter().map(|champ| Colonne { champ: champ.nom, suite: None }).collect();
        let date = |nom: &str| modele.regle(nom).is_some_and(|regle| regle.nature == Nature::Date);
        let tri = champs.iter().find(|champ| date(champ.nom));
        let filtre = Filtre {
            enfants: Some((par.champ, id)),
            tri: tri.map(|champ| Tri { champ: champ.nom, descendant: false }).into_iter().collect(),
            limite: MAX_ROWS,
            ..Filtre::default()
        };
        let lignes = regard.rangees(tx, &filtre, &colonnes, None).await?;
        if lignes.is_empty() {
            continue;
        }
        let valeurs = |rangee: Rangee| rangee.valeurs.into_iter().map(Option::unwrap_or_default).collect();
        tables.push(Table {
            id: format!("onglet-{nom}"),
            titre: tab.label.clone().unwrap_or_else(|| modele.pluriel.to_owned()),
            colonnes: champs.iter().map(|champ| champ.libelle.to_owned()).collect(),
            lignes: lignes.into_iter().map(valeurs).collect(),
        });
    }
    Ok(tables)
}

/// The form that the sheet offers, filled with what it names already.
async fn formulaire(ouverte: &Ouverte<'_>, tx: &mut TenantTx, fiche: &Fiche) -> Result<Option<Renvoi>, Problem> {
    let objet = ouverte.page.deposit.as_ref().and_then(|nom| ouverte.module.objets.iter().find(|un| un.nom == nom));
    let Some((objet, deposit)) = objet.and_then(|objet| Some((objet, objet.file.deposit.as_ref()?))) else {
        return Ok(None);
    };
    let place = place(ouverte, fiche);
    let la = match place {
        Some((modele, id)) if !std::ptr::eq(modele, ouverte.modele()) => match ouverte.registry.publique(modele) {
            Some(regard) => regard.fiche(tx, id).await.ok(),
            None => None,
        },
        _ => None,
    };
    let mut requete = Vec::new();
    for nom in &deposit.fields {
        let Some(cible) = objet.modele.regle(nom).and_then(|regle| regle.lien?.cible()) else { continue };
        let lu = |modele: &'static Modele, fiche: &Fiche| {
            let sien = modele.regle(nom)?.lien?.cible()?;
            let valeur = fiche.champs.get(nom)?.as_str()?.to_owned();
            std::ptr::eq(sien, cible).then_some(valeur)
        };
        let valeur = if std::ptr::eq(cible, ouverte.modele()) {
            Some(fiche.id.to_string())
        } else {
            let de_la_place = place.filter(|(modele, _)| std::ptr::eq(*modele, cible)).map(|(_, id)| id.to_string());
            let du_lieu = || lu(place?.0, la.as_ref()?);
            de_la_place.or_else(|| lu(ouverte.modele(), fiche)).or_else(du_lieu)
        };
        requete.extend(valeur.map(|valeur| format!("{nom}={valeur}")));
    }
    let href = format!("/deposer/{}/{}?{}", ouverte.module.file.id, objet.nom, requete.join("&"));
    Ok(Some(Renvoi::new(deposit.title.clone(), href)))
}
