//! `/consulter/{module}/{objet}`: rows that a module opens to everybody, searched and listed without JavaScript.

mod cherche;
mod fiche;

use axum::extract::{Path, Query, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use finage_manifest::Page;
use finage_reference::Insee;

use super::{cadre, page, refused};
use crate::db::Canal;
use crate::http::problem::Problem;
use crate::http::route::{Audience, Routes};
use crate::http::state::App;
use crate::modules::objets::{Colonne, Filtre, Modele, Regard, Tri};
use crate::modules::registry::{Connu, ModuleCharge, ObjetCharge};
use crate::portal::nombres::encode;
use crate::portal::objets::Renvoi;
use crate::portal::{Consultee, ConsulterPage, Publique, Trouvees};

/// Rows of a page.
const PAR_PAGE: i64 = 50;
/// Pages at most: beyond, one searches.
const MAX_PAGES: i64 = 200;

pub(super) fn routes(routes: Routes) -> Routes {
    routes.get("/consulter/{module}/{objet}", Audience::Ouverte, list).get(
        "/consulter/{module}/{objet}/{id}",
        Audience::Ouverte,
        fiche::show,
    )
}

/// An object that has a public page.
#[derive(Debug, Clone, Copy)]
struct Ouverte<'a> {
    registry: &'a Connu,
    module: &'a ModuleCharge,
    objet: &'a ObjetCharge,
    page: &'a Page,
}

impl<'a> Ouverte<'a> {
    /// The page of this address, where there is one.
    fn new(registry: &'a Connu, module: &str, objet: &str) -> Option<Self> {
        let (module, objet) = registry.objet(module, objet)?;
        let page = objet.file.page.as_ref()?;
        Some(Self { registry, module, objet, page })
    }

    fn adresse(&self) -> String {
        format!("/consulter/{}/{}", self.module.file.id, self.objet.nom)
    }

    fn modele(&self) -> &'static Modele {
        self.objet.modele
    }

    fn colonnes(&self, noms: &[String]) -> Vec<Colonne> {
        noms.iter().filter_map(|nom| self.modele().colonne(nom)).collect()
    }

    /// What everybody may see of it, with what its page reads through references.
    fn regard(&self) -> Result<Regard, Problem> {
        let page = self.page;
        let cherches = page.search.iter().flat_map(|search| &search.fields);
        let chemins = page.columns.iter().chain(&page.fields).chain(cherches);
        let suivis: Vec<_> = chemins
            .filter_map(|chemin| self.modele().colonne(chemin))
            .filter_map(|colonne| Some((colonne.champ, colonne.suite?)))
            .collect();
        self.registry.publique_suivant(self.modele(), &suivis).ok_or_else(Problem::internal)
    }

    fn labels(&self, colonnes: &[Colonne]) -> Vec<String> {
        let label = |colonne: &Colonne| {
            let (modele, regle) = self.modele().montre(*colonne)?;
            Some(modele.objet.champ(regle.champ)?.libelle.to_owned())
        };
        colonnes.iter().map(|colonne| label(colonne).unwrap_or_default()).collect()
    }

    /// Keeps a page of persons out of robots.
    fn discrete(&self, mut response: Response) -> Response {
        if self.page.persons {
            response.headers_mut().insert("x-robots-tag", HeaderValue::from_static("noindex, nofollow"));
        }
        response
    }
}

/// Pages and forms that modules open to everybody; of a commune, the pages that have something there.
///
/// # Errors
/// 503 when the database is away.
pub(super) async fn publiques(app: &App, commune: Option<Insee>) -> Result<Vec<Publique>, Problem> {
    let registry = app.modules();
    let mut publiques = Vec::new();
    for (module, objet) in registry.objets() {
        if let Some(page) = &objet.file.page {
            let ici = match commune {
                None => true,
                Some(insee) => a_des_fiches(app, &registry, objet.modele, insee).await?,
            };
            let suite = commune.map(|insee| format!("?commune={insee}")).unwrap_or_default();
            let href = format!("/consulter/{}/{}{suite}", module.file.id, objet.nom);
            publiques.extend(ici.then(|| Publique { href, titre: page.title.clone(), intro: page.intro.clone() }));
        }
        if let (Some(deposit), None) = (&objet.file.deposit, commune) {
            let href = format!("/deposer/{}/{}", module.file.id, objet.nom);
            publiques.push(Publique { href, titre: deposit.title.clone(), intro: None });
        }
    }
    Ok(publiques)
}

async fn a_des_fiches(app: &App, registry: &Connu, modele: &'static Modele, insee: Insee) -> Result<bool, Problem> {
    let Some(regard) = registry.publique(modele) else { return Ok(false) };
    let mut tx = app.collectivites().begin_public(Canal::Page).await?;
    let filtre = Filtre { insee: Some(insee.to_string()), ..Filtre::default() };
    Ok(regard.nombre(&mut tx, &filtre).await? > 0)
}

/// A list, or the search alone where nothing is listed before something is asked.
///
/// # Errors
/// 503 when the database is away.
pub async fn list(
    State(app): State<App>,
    Path((module, objet)): Path<(String, String)>,
    Query(params): Query<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let registry = app.modules();
    let Some(ouverte) = Ouverte::new(&registry, &module, &objet) else { return Ok(closed()) };
    let param = |name: &str| params.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.as_str());
    let commune = param("commune").parse::<Insee>().ok().map(|insee| insee.to_string());
    let rang = param("page").parse().ok().filter(|page| (1..=MAX_PAGES).contains(page)).unwrap_or(1);
    let regard = ouverte.regard()?;
    let mut tx = app.collectivites().begin_public(Canal::Page).await?;
    let (champs, criteres) = cherche::lus(&ouverte, &mut tx, &params).await?;
    let fautive = champs.iter().any(|champ| champ.erreur.is_some());
    let colonnes = ouverte.colonnes(&ouverte.page.columns);
    let demandee = !fautive && (!ouverte.page.persons || !criteres.is_empty());
    let trouvees = if demandee {
        let filtre = Filtre {
            criteres,
            insee: commune.clone(),
            tri: tri(&ouverte),
            rang: (rang - 1) * PAR_PAGE,
            limite: PAR_PAGE,
            ..Filtre::default()
        };
        let total = regard.nombre(&mut tx, &filtre).await?;
        let rangees = regard.rangees(&mut tx, &filtre, &colonnes, ouverte.page.place.as_deref()).await?;
        let dernier = ((total + PAR_PAGE - 1) / PAR_PAGE).clamp(1, MAX_PAGES);
        let vers = |rang: i64, libelle: &str| Renvoi::new(libelle, adresse(&ouverte, &params, rang));
        let avant = (rang > 1).then(|| vers(rang - 1, "Page précédente"));
        let apres = (rang < dernier).then(|| vers(rang + 1, "Page suivante"));
        let pages = avant.into_iter().chain(apres).collect();
        Some(Trouvees { rangees, total, pages, rang: (dernier > 1).then(|| format!("page {rang} sur {dernier}")) })
    } else {
        None
    };
    let titre = ouverte.page.title.clone();
    let mut frame = cadre(&app, "/consulter", window(&titre, trouvees.as_ref(), rang));
    frame.hors_des_robots = ouverte.page.persons;
    let consultee = Consultee {
        adresse: ouverte.adresse(),
        intro: ouverte.page.intro.clone(),
        noms: (ouverte.modele().objet.libelle, ouverte.modele().pluriel),
        colonnes: ouverte.labels(&colonnes),
    };
    let status = if fautive { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let formulaires = forms(&ouverte);
    let commune = commune.unwrap_or_default();
    let shown = ConsulterPage::new(frame, (titre, consultee), (champs, commune), trouvees, formulaires);
    Ok(ouverte.discrete(page(status, &shown)?))
}

/// The title of the window: what was found, and which page.
fn window(titre: &str, trouvees: Option<&Trouvees>, rang: i64) -> String {
    match trouvees {
        Some(trouvees) if trouvees.total == 0 => format!("{titre} : aucun résultat"),
        Some(trouvees) if rang > 1 => format!("{titre} : {}, page {rang}", trouvees.total),
        Some(trouvees) => format!("{titre} : {}", trouvees.total),
        None => titre.to_owned(),
    }
}

/// The order of the manifest.
fn tri(ouverte: &Ouverte<'_>) -> Vec<Tri> {
    let champ = |nom: &String| {
        let champ = ouverte.modele().objet.champ(nom.trim_start_matches('-'))?;
        Some(Tri { champ: champ.nom, descendant: nom.starts_with('-') })
    };
    ouverte.page.sort.iter().filter_map(champ).collect()
}

/// The same search, another page of it.
fn adresse(ouverte: &Ouverte<'_>, params: &[(String, String)], rang: i64) -> String {
    let connu = |nom: &str| nom == "commune" || ouverte.page.search.iter().any(|search| search.id == nom);
    let gardes = params.iter().filter(|(nom, valeur)| connu(nom) && !valeur.is_empty());
    let requete = gardes.fold(String::new(), |texte, (nom, valeur)| texte + nom + "=" + &encode(valeur) + "&");
    format!("{}?{requete}page={rang}", ouverte.adresse())
}

/// The form that its sheets offer.
fn forms(ouverte: &Ouverte<'_>) -> Vec<Publique> {
    let nom = ouverte.page.deposit.as_ref();
    let objet = nom.and_then(|nom| ouverte.module.objets.iter().find(|objet| objet.nom == nom));
    let deposit = objet.and_then(|objet| objet.file.deposit.as_ref());
    let href = |nom: &String| format!("/deposer/{}/{nom}", ouverte.module.file.id);
    let form = |(nom, deposit): (&String, &finage_manifest::Deposit)| Publique {
        href: href(nom),
        titre: deposit.title.clone(),
        intro: None,
    };
    nom.zip(deposit).map(form).into_iter().collect()
}

/// What is no public page.
fn closed() -> Response {
    let mut response = refused(
        StatusCode::NOT_FOUND,
        "Cette page n'existe pas",
        "Ce service n'est pas ouvert ici, ou son adresse comporte une faute ; l'accueil donne ceux qui le sont.",
        Some(("Accueil".to_owned(), "/".to_owned())),
    );
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
