//! `/commune/{insee}`: facts, sections, lists.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use finage_reference::{Insee, SectionId};

use super::{cadre, consulter, page, refused};
use crate::cadastre::commune;
use crate::http::problem::Problem;
use crate::http::state::App;
use crate::portal::{CommunePage, Liste};

/// The page of a commune; `?section=`, `?lieudit=` or `?voie=` list what is there, `&page=` goes on.
///
/// # Errors
/// 503 when the database is away.
pub async fn commune(
    State(app): State<App>,
    Path(asked): Path<String>,
    Query(params): Query<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let Ok(insee) = asked.parse::<Insee>() else { return Ok(no_commune(&asked)) };
    let Some(fiche) = commune::fiche(app.db_read(), insee).await? else { return Ok(no_commune(insee.as_str())) };
    let Some(liste) = list(&app, insee, &params).await? else {
        return Ok(refused(
            StatusCode::NOT_FOUND,
            "Cette liste est vide",
            &format!(
                "Le plan de {} n'a ni section, ni voie, ni lieu-dit de ce nom, ou la liste s'arrête avant cette page.",
                fiche.nom
            ),
            Some((format!("Commune de {}", fiche.nom), format!("/commune/{insee}"))),
        ));
    };
    let cadre = cadre(&app, "/commune", CommunePage::titre(&fiche, &liste));
    let publiques = match liste {
        Liste::Sections => consulter::publiques(&app, Some(insee)).await?,
        _ => Vec::new(),
    };
    page(StatusCode::OK, &CommunePage::new(cadre, &fiche, liste, publiques))
}

/// What the parameters ask to list; `None` when it is not known here, or ends before the page asked.
async fn list(app: &App, insee: Insee, params: &[(String, String)]) -> Result<Option<Liste>, Problem> {
    let param = |name: &str| params.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    let page = param("page").and_then(|page| page.parse().ok()).filter(|page| (1..=10_000).contains(page)).unwrap_or(1);
    if let Some(text) = param("section") {
        let Some(section) = text.parse::<SectionId>().ok().filter(|section| section.insee() == insee) else {
            return Ok(None);
        };
        let found = commune::of_section(app.db_read(), section, page).await?;
        return Ok(found.filter(|(lignes, _)| !lignes.is_empty()).map(|(lignes, total)| Liste::Parcelles {
            de: format!("section {}", section.reference()),
            requete: ("section", section.to_string()),
            lignes,
            total,
            page,
        }));
    }
    if let Some(nom) = param("lieudit") {
        let nom: String = nom.chars().filter(|c| !c.is_control()).take(200).collect();
        let found = commune::of_lieu_dit(app.db_read(), insee, &nom, page).await?;
        return Ok(found.filter(|(lignes, _)| !lignes.is_empty()).map(|(lignes, total)| Liste::Parcelles {
            de: format!("lieu-dit {nom}"),
            requete: ("lieudit", nom),
            lignes,
            total,
            page,
        }));
    }
    if let Some(voie) = param("voie") {
        let Ok(voie) = voie.parse() else { return Ok(None) };
        let found = commune::of_voie(app.db_read(), insee, voie).await?;
        return Ok(found.map(|(voie, lignes)| Liste::Adresses { voie, lignes }));
    }
    Ok(Some(Liste::Sections))
}

fn no_commune(asked: &str) -> Response {
    let shown: String = asked.chars().take(40).collect();
    refused(
        StatusCode::NOT_FOUND,
        &format!("« {shown} » n'est pas une commune"),
        "Une commune se désigne ici par son code INSEE de 5 caractères, par exemple 13004 ; cherchez-la par son nom.",
        None,
    )
}
