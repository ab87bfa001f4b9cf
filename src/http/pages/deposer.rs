//! `/deposer/{module}/{objet}`: a form that a module opens to everybody, sent without JavaScript nor account.

use std::collections::BTreeMap;

use axum::extract::{FromRequest as _, Multipart, Path, Query, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use finage_manifest::Deposit;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::jeton::Jeton;
use super::{cadre, page, refused};
use crate::access::droits::Champ;
use crate::db::{Canal, TenantTx};
use crate::fichiers::Depot;
use crate::http::debit::voisinage;
use crate::http::poste::Poste;
use crate::http::problem::Problem;
use crate::http::route::{Audience, Content, Routes};
use crate::http::state::App;
use crate::modules::depot_public::{DepotError, Envoi, FICHIERS, MAX_PIECE, Piece, depose, longueur};
use crate::modules::objets::{FauteChamp, Filtre, MAX_CHOIX, Modele, Nature, Regle, codes};
use crate::modules::registry::{Connu, ModuleCharge, ObjetCharge};
use crate::portal::objets::{ChampPage, Choix, Renvoi};
use crate::portal::{ChampDepose, DeposerPage, FormulaireDepose, RecuPage, Usage, duree};

/// Longest form: five files, and answers.
const MAX_FORM: usize = 5 * MAX_PIECE + (256 << 10);
/// Parts of a form read at most.
const MAX_PARTS: usize = 150;
/// A field that people do not see.
const TRAP: &str = "site_web";
/// Codes of a list at most.
const MAX_CODES: i64 = 300;

pub(super) fn routes(routes: Routes) -> Routes {
    routes.get("/deposer/{module}/{objet}", Audience::Ouverte, form).post(
        "/deposer/{module}/{objet}",
        Audience::Ouverte,
        (Content::Multipart, MAX_FORM),
        send,
    )
}

/// An object that takes deposits.
#[derive(Debug, Clone, Copy)]
struct Ouvert<'a> {
    registry: &'a Connu,
    module: &'a ModuleCharge,
    objet: &'a ObjetCharge,
    deposit: &'a Deposit,
}

impl<'a> Ouvert<'a> {
    fn new(registry: &'a Connu, module: &str, objet: &str) -> Option<Self> {
        let (module, objet) = registry.objet(module, objet)?;
        let deposit = objet.file.deposit.as_ref()?;
        Some(Self { registry, module, objet, deposit })
    }

    fn adresse(&self) -> String {
        format!("/deposer/{}/{}", self.module.file.id, self.objet.nom)
    }

    fn modele(&self) -> &'static Modele {
        self.objet.modele
    }

    /// Why personal answers are asked.
    fn usages(&self) -> Vec<Usage> {
        let usage = |nom: &&str| {
            let purpose = self.module.file.purposes.get(*nom)?;
            Some(Usage {
                finalite: purpose.label.clone(),
                base: purpose.basis.clone(),
                duree: purpose.keep.as_deref().and_then(duree),
                destinataires: purpose.recipients.clone(),
            })
        };
        self.modele().finalites.iter().filter_map(usage).collect()
    }
}

/// Answers as they were sent.
type Answers = BTreeMap<String, String>;

/// What was refused.
#[derive(Debug, Default)]
struct Refused {
    phrase: Option<String>,
    fautes: Vec<FauteChamp>,
}

impl Refused {
    fn whole(phrase: impl Into<String>) -> Self {
        Self { phrase: Some(phrase.into()), fautes: Vec::new() }
    }

    fn on(&self, nom: &str) -> Option<String> {
        let faute = self.fautes.iter().find(|faute| faute.champ == nom)?;
        let mut lettres = faute.message.chars();
        let capitale = lettres.next()?.to_uppercase().to_string();
        Some(format!("{capitale}{}.", lettres.as_str().trim_end_matches('.')))
    }
}

/// The form; parameters of the address fill it.
///
/// # Errors
/// 503 when the database is away.
pub async fn form(
    State(app): State<App>,
    Path((module, objet)): Path<(String, String)>,
    Query(params): Query<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let registry = app.modules();
    let Some(ouvert) = Ouvert::new(&registry, &module, &objet) else { return Ok(closed()) };
    let asked = params.into_iter().filter(|(nom, _)| ouvert.deposit.fields.contains(nom)).collect();
    shown(&app, &ouvert, StatusCode::OK, &asked, &Refused::default()).await
}

/// Takes what was sent; a refusal gives the form back as it was filled.
///
/// # Errors
/// 503 when the database is away.
pub async fn send(
    State(app): State<App>,
    poste: Poste,
    Path((module, objet)): Path<(String, String)>,
    request: Request,
) -> Result<Response, Problem> {
    let registry = app.modules();
    let Some(ouvert) = Ouvert::new(&registry, &module, &objet) else { return Ok(closed()) };
    let (answers, pieces) = read(request).await?;
    let text = |nom: &str| answers.get(nom).map_or("", String::as_str);
    let jeton = Jeton::lu(text("jeton"), &ouvert.adresse());
    let (Some(jeton), true) = (jeton, text(TRAP).is_empty()) else {
        let again = Refused::whole("Relisez vos réponses, joignez de nouveau vos pièces, puis envoyez.");
        return shown(&app, &ouvert, StatusCode::UNPROCESSABLE_ENTITY, &answers, &again).await;
    };
    let adresse = voisinage(poste.ip).to_string();
    let envoi = Envoi {
        modele: ouvert.modele(),
        formulaire: ouvert.deposit,
        champs: champs(&ouvert, &answers),
        jeton: jeton.id,
        adresse: &adresse,
        pieces,
        depot: Depot::new(&app.config().data_dir),
        storage: app.config().srid,
    };
    let (status, refused) = match depose(app.collectivites(), &registry, &envoi).await {
        Ok(numero) => return received(&app, &ouvert, numero),
        Err(DepotError::Champs(fautes)) => {
            let phrase = Some("Votre envoi n'est pas parti : voici ce qui est à corriger.".to_owned());
            (StatusCode::UNPROCESSABLE_ENTITY, Refused { phrase, fautes })
        }
        Err(error @ (DepotError::Adresse | DepotError::Jour)) => {
            (StatusCode::TOO_MANY_REQUESTS, Refused::whole(error.to_string()))
        }
        Err(DepotError::Ferme) => return Ok(closed()),
        Err(error) => {
            let problem = problem(error);
            if problem.status >= 500 {
                return Err(problem);
            }
            (StatusCode::UNPROCESSABLE_ENTITY, Refused::whole(problem.detail))
        }
    };
    shown(&app, &ouvert, status, &answers, &refused).await
}

fn problem(error: DepotError) -> Problem {
    match error {
        DepotError::Objet(error) => error.into(),
        DepotError::Fichier(error) => error.into(),
        DepotError::Base(error) => error.into(),
        _ => Problem::internal(),
    }
}

/// The answers and the files of a form.
async fn read(request: Request) -> Result<(Answers, Vec<Piece>), Problem> {
    let unreadable = || Problem::bad_request("Le formulaire est illisible ; revenez à la page et recommencez.");
    let mut form = Multipart::from_request(request, &()).await.map_err(|_| unreadable())?;
    let (mut answers, mut pieces) = (Answers::new(), Vec::new());
    let mut parts = 0;
    while let Some(field) = form.next_field().await.map_err(|_| unreadable())? {
        parts += 1;
        if parts > MAX_PARTS {
            return Err(unreadable());
        }
        let nom = field.name().unwrap_or_default().to_owned();
        if nom == FICHIERS {
            let fichier = field.file_name().unwrap_or_default().to_owned();
            let octets = field.bytes().await.map_err(|_| unreadable())?;
            // A field of files without a file is sent as one without a name.
            if !(fichier.is_empty() && octets.is_empty()) {
                pieces.push(Piece { nom: fichier, octets: octets.into() });
            }
        } else {
            let text = field.text().await.map_err(|_| unreadable())?;
            answers.insert(nom, text.replace("\r\n", "\n"));
        }
    }
    Ok((answers, pieces))
}

/// Answers as fields take them; those that the form does not ask are not looked at.
fn champs(ouvert: &Ouvert<'_>, answers: &Answers) -> Map<String, Value> {
    let mut champs = Map::new();
    for nom in &ouvert.deposit.fields {
        let text = answers.get(nom).map_or("", String::as_str);
        let boolean = ouvert.modele().regle(nom).is_some_and(|regle| regle.nature == Nature::Booleen);
        if boolean {
            champs.insert(nom.clone(), Value::Bool(!text.is_empty()));
        } else if !text.trim().is_empty() {
            champs.insert(nom.clone(), text.into());
        }
    }
    champs
}

async fn shown(
    app: &App,
    ouvert: &Ouvert<'_>,
    status: StatusCode,
    answers: &Answers,
    refused: &Refused,
) -> Result<Response, Problem> {
    let mut tx = app.collectivites().begin_public(Canal::Page).await?;
    let given = champs(ouvert, answers);
    let mut fields = Vec::new();
    for nom in &ouvert.deposit.fields {
        let (Some(champ), Some(regle)) = (ouvert.modele().objet.champ(nom), ouvert.modele().regle(nom)) else {
            continue;
        };
        fields.extend(field(ouvert, &mut tx, (champ, regle), &given, refused).await?);
    }
    let titre = ouvert.deposit.title.clone();
    let window = if refused.phrase.is_some() { format!("Envoi refusé : {titre}") } else { titre.clone() };
    let mut frame = cadre(app, "/deposer", window);
    frame.hors_des_robots = true;
    let portail = &app.config().portail;
    let adresse = ouvert.adresse();
    let formulaire = FormulaireDepose {
        jeton: Jeton::nouveau().scelle(&adresse)?,
        action: adresse,
        intro: ouvert.deposit.intro.clone(),
        champs: fields,
        fichiers: ouvert.deposit.files,
        taille: format!("{} Mio", MAX_PIECE >> 20),
        erreur_fichiers: refused.on(FICHIERS),
        erreur: refused.phrase.clone(),
        usages: ouvert.usages(),
        responsable: portail.editeur.clone(),
        contact: portail.contact.clone(),
    };
    Ok(discrete(page(status, &DeposerPage::new(frame, titre, formulaire))?))
}

/// A field of the form; none for a reference that nothing names and that is not chosen among a few.
async fn field(
    ouvert: &Ouvert<'_>,
    tx: &mut TenantTx,
    (champ, regle): (&'static Champ, &'static Regle),
    given: &Map<String, Value>,
    refused: &Refused,
) -> Result<Option<ChampDepose>, Problem> {
    let nom = champ.nom.to_owned();
    let valeur = match given.get(champ.nom) {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Bool(true)) => "oui".to_owned(),
        _ => String::new(),
    };
    let deposit = ouvert.deposit;
    let mut depose = ChampDepose {
        champ: ChampPage {
            libelle: champ.libelle.to_owned(),
            max: longueur(regle.max),
            obligatoire: regle.obligatoire && !regle.par_defaut || deposit.required.contains(&nom) || deposit.to == nom,
            long: regle.nature == Nature::TexteLong,
            date: regle.nature == Nature::Date,
            case: regle.nature == Nature::Booleen,
            choix: Vec::new(),
            aide: regle.aide.map(str::to_owned),
            erreur: refused.on(&nom),
            valeur,
            nom,
        },
        donne: None,
        autocomplete: deposit.autocomplete.get(champ.nom).cloned(),
    };
    if let Some(nomenclature) = regle.nomenclature {
        let lus = codes(tx, nomenclature, None, MAX_CODES).await?;
        let paires = lus.iter().map(|code| (code.valeur.as_str(), code.libelle.as_str()));
        depose.champ.choix = Choix::liste(std::iter::once(("", "")).chain(paires), &depose.champ.valeur);
        return Ok(Some(depose));
    }
    if regle.nature != Nature::Reference {
        return Ok(Some(depose));
    }
    let Some(regard) = regle.lien.and_then(|lien| ouvert.registry.publique(lien.cible()?)) else { return Ok(None) };
    let lus = regard.choix(tx, ouvert.modele(), regle, None, given).await?;
    let peu = i64::try_from(lus.len()).is_ok_and(|nombre| nombre < MAX_CHOIX);
    if let Ok(id) = depose.champ.valeur.parse::<Uuid>()
        && !(peu || deposit.to == champ.nom)
    {
        let filtre = Filtre { ids: Some(vec![id]), ..Filtre::default() };
        let nommee = regard.rangees(tx, &filtre, &[], None).await?.into_iter().next();
        depose.donne = nommee.map(|rangee| rangee.titre);
        return Ok(depose.donne.is_some().then_some(depose));
    }
    if lus.is_empty() || !(peu || deposit.to == champ.nom) {
        return Ok(None);
    }
    let paires = lus.iter().map(|choix| (choix.valeur.as_str(), choix.libelle.as_str()));
    // One alone is chosen already.
    let seule = (lus.len() == 1 && depose.champ.obligatoire).then(|| lus.first()).flatten();
    let choisi = seule.map_or(depose.champ.valeur.as_str(), |choix| choix.valeur.as_str()).to_owned();
    depose.champ.choix = match seule {
        Some(_) => Choix::liste(paires, &choisi),
        None => Choix::liste(std::iter::once(("", "")).chain(paires), &choisi),
    };
    Ok(Some(depose))
}

fn received(app: &App, ouvert: &Ouvert<'_>, numero: String) -> Result<Response, Problem> {
    let mut frame = cadre(app, "/deposer", format!("Bien reçu : {numero}"));
    frame.hors_des_robots = true;
    let suite = ouvert.deposit.received.clone();
    let shown = RecuPage::new(frame, numero, suite, Renvoi::new("Retour à l'accueil", "/"));
    Ok(discrete(page(StatusCode::CREATED, &shown)?))
}

/// Neither caches nor robots keep what someone answers.
fn discrete(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert("x-robots-tag", HeaderValue::from_static("noindex, nofollow"));
    response
}

fn closed() -> Response {
    refused(
        StatusCode::NOT_FOUND,
        "Ce formulaire n'existe pas",
        "Il n'est pas ouvert ici, ou son adresse comporte une faute ; l'accueil donne ceux qui le sont.",
        Some(("Accueil".to_owned(), "/".to_owned())),
    )
}
