//! The cemetery: its plots follow from contracts, stays and procedures; the law is held, or passed over by who may.

use axum::http::{Method, StatusCode, header};
use serde_json::{Value, json};
use time::{Date, Duration, Month, OffsetDateTime};

use crate::agents::{Agent, Tenu, agent, lignes, milieu, monde_trace};
use crate::harness::{Answer, Town, on_cemetery_town};

pub const AGENT: Tenu<'static> = Tenu { role: "cimetiere_agent", finalites: &["cimetiere"], communes: None };
pub const GESTIONNAIRE: Tenu<'static> =
    Tenu { role: "cimetiere_gestionnaire", finalites: &["cimetiere"], communes: None };
pub const REGISSEUR: Tenu<'static> = Tenu { role: "cimetiere_regisseur", finalites: &["cimetiere"], communes: None };
pub const MODULE: &str = "/api/modules/cimetiere";

/// A cemetery, its clerk and its manager.
pub struct Service {
    pub agent: Agent,
    pub gestionnaire: Agent,
    pub cimetiere: String,
    rang: u32,
}

/// Today in the communes of the tests, which keep the time of Paris: an hour ahead of UTC, two from the last Sunday of March to
/// that of October.
pub fn jour() -> Date {
    let utc = OffsetDateTime::now_utc();
    let bascule = |mois| {
        let fin = Date::from_calendar_date(utc.year(), mois, 31).unwrap();
        let dimanche = fin - Duration::days(fin.weekday().number_days_from_sunday().into());
        dimanche.with_hms(1, 0, 0).unwrap().assume_utc()
    };
    let ete = bascule(Month::March) <= utc && utc < bascule(Month::October);
    (utc + Duration::hours(if ete { 2 } else { 1 })).date()
}

pub fn dans(jours: i64) -> String {
    (jour() + Duration::days(jours)).to_string()
}

pub async fn fait(town: &Town, who: &Agent, objet: &str, champs: Value) -> String {
    let answer = pose(town, who, objet, champs).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{objet} {}", answer.text());
    answer.json()["id"].as_str().unwrap().to_owned()
}

pub async fn pose(town: &Town, who: &Agent, objet: &str, champs: Value) -> Answer {
    let corps = json!({ "champs": champs, "insee": "99101" });
    who.post(town, &format!("{MODULE}/{objet}?finalite=cimetiere"), &corps).await
}

pub async fn lu(town: &Town, who: &Agent, objet: &str, id: &str) -> Value {
    who.get(town, &format!("{MODULE}/{objet}/{id}")).await.json()
}

pub async fn etape(town: &Town, who: &Agent, (objet, id): (&str, &str), etape: &str, corps: Value) -> Answer {
    let version = lu(town, who, objet, id).await["version"].to_string();
    let uri = format!("{MODULE}/{objet}/{id}/etapes/{etape}?finalite=cimetiere");
    who.ask(town, Method::POST, &uri, &[(header::IF_MATCH, &format!("\"{version}\""))], Some(&corps)).await
}

/// Codes of the rules that stand against something.
pub fn regles(answer: &Answer) -> Vec<String> {
    let lues = answer.json();
    let codes = lues["manquements"].as_array().cloned().unwrap_or_default();
    codes.iter().map(|un| un["regle"].as_str().unwrap().to_owned()).collect()
}

impl Service {
    pub async fn ouvre(town: &mut Town) -> Self {
        monde_trace(town).await;
        let (agent_, gestionnaire) = (agent(town, "99101", AGENT).await, agent(town, "99101", GESTIONNAIRE).await);
        let cimetiere = fait(town, &gestionnaire, "cimetiere", json!({ "libelle": "Cimetière du Val" })).await;
        Self { agent: agent_, gestionnaire, cimetiere, rang: 0 }
    }

    pub async fn emplacement(&mut self, town: &Town, nature: &str, cercueils: u32, urnes: u32) -> String {
        self.rang += 1;
        let champs = json!({ "cimetiere": self.cimetiere, "numero": self.rang.to_string(), "nature": nature,
            "places_cercueil": cercueils, "places_urne": urnes, "surface": "2.00" });
        fait(town, &self.agent, "emplacement", champs).await
    }

    pub async fn personne(&self, town: &Town) -> String {
        fait(town, &self.agent, "personne", json!({ "nom": "Titulaire", "prenoms": "Fictive" })).await
    }

    /// A contract signed on a day.
    pub async fn contrat(&self, town: &Town, emplacement: &str, duree: &str, acte: &str) -> String {
        let titulaire = self.personne(town).await;
        let champs = json!({ "emplacement": emplacement, "duree": duree, "titulaire": titulaire, "acte_le": acte,
            "prix": "0.00" });
        let id = fait(town, &self.agent, "contrat", champs).await;
        let answer = etape(town, &self.agent, ("contrat", &id), "signer", json!({})).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        id
    }

    pub async fn defunt(&self, town: &Town, deces: &str) -> String {
        fait(town, &self.agent, "defunt", json!({ "nom": "Défunte", "prenoms": "Fictive", "deces_le": deces })).await
    }

    /// A burial as announced.
    pub fn inhumation(emplacement: &str, defunt: &str, prevue: &str) -> Value {
        json!({ "genre": "inhumation", "emplacement": emplacement, "defunt": defunt, "forme": "cercueil",
            "motif_droit": "domicile", "lien_titulaire": "conjoint", "prevue_le": prevue })
    }

    /// Someone who has rested there since a day.
    pub async fn repose(&self, town: &Town, emplacement: &str, defunt: &str, du: &str) {
        let champs = json!({ "defunt": defunt, "emplacement": emplacement, "forme": "cercueil", "du": du });
        fait(town, &self.gestionnaire, "sejour", champs).await;
    }
}

#[test]
fn a_plot_follows_its_contracts_and_its_stays() {
    on_cemetery_town(async |town| {
        let mut service = Service::ouvre(town).await;
        let place = service.emplacement(town, "concession", 2, 1).await;
        let avant = lu(town, &service.agent, "emplacement", &place).await;
        assert_eq!((&avant["champs"]["statut"], &avant["champs"]["libres_cercueil"]), (&json!("libre"), &json!("2.0")));

        let contrat = service.contrat(town, &place, "trentenaire", "1996-02-29").await;
        let signe = lu(town, &service.agent, "contrat", &contrat).await;
        assert_eq!(signe["champs"]["fin_le"], "2026-02-28", "thirty years from a 29 February");
        let apres = lu(town, &service.agent, "emplacement", &place).await;
        assert_eq!(
            (&apres["champs"]["statut"], &apres["champs"]["annee_fin"]),
            (&json!("echu_renouvelable"), &json!(2026))
        );

        // Two bodies, one reduced, and an urn.
        let (un, deux, urne) = (
            service.defunt(town, "1997-01-10").await,
            service.defunt(town, "1999-01-10").await,
            service.defunt(town, "2001-01-10").await,
        );
        service.repose(town, &place, &un, "1997-01-14").await;
        service.repose(town, &place, &deux, "1999-01-14").await;
        let champs = json!({ "defunt": urne, "emplacement": place, "forme": "urne", "du": "2001-02-01" });
        fait(town, &service.gestionnaire, "sejour", champs).await;
        let plein = lu(town, &service.agent, "emplacement", &place).await;
        assert_eq!(plein["champs"]["libres_cercueil"], "0.0");
        assert_eq!((&plein["champs"]["libres_urne"], &plein["champs"]["gagnables"]), (&json!("0.0"), &json!("1.0")));

        let reduction = json!({ "genre": "reduction", "emplacement": place, "defunt": un, "forme": "reliquaire",
            "qualite_demandeur": "plus_proche_parent", "prevue_le": dans(0), "prevue_a": "09:00" });
        let operation = fait(town, &service.agent, "operation", reduction).await;
        for pas in ["autoriser", "planifier", "realiser"] {
            let answer = etape(town, &service.agent, ("operation", &operation), pas, json!({})).await;
            assert_eq!(answer.status, StatusCode::OK, "{pas} {}", answer.text());
        }
        let reduit = lu(town, &service.agent, "emplacement", &place).await;
        assert_eq!(reduit["champs"]["libres_cercueil"], "0.5");

        // It did not happen so: the compensation gives back what was, and both stay in the history.
        let corps = json!({ "champs": { "compensation_motif": "Reportée" } });
        let compense = etape(town, &service.gestionnaire, ("operation", &operation), "compenser", corps).await;
        assert_eq!(compense.status, StatusCode::OK, "{}", compense.text());
        let rendu = lu(town, &service.agent, "emplacement", &place).await;
        assert_eq!(rendu["champs"]["libres_cercueil"], "0.0");
        let sejours: i64 =
            sqlx::query_scalar("select count(*) from cimetiere.sejour").fetch_one(&mut town.owner).await.unwrap();
        assert_eq!(sejours, 4, "nothing was erased");
    });
}

#[test]
fn a_burial_that_breaks_a_rule_is_refused_with_its_article_and_passed_over_by_who_may() {
    on_cemetery_town(async |town| {
        let mut service = Service::ouvre(town).await;
        let place = service.emplacement(town, "concession", 1, 0).await;
        service.contrat(town, &place, "perpetuelle", "1950-03-01").await;
        let ancien = service.defunt(town, "1951-01-01").await;
        service.repose(town, &place, &ancien, "1951-01-05").await;
        let defunt = service.defunt(town, &dans(-3)).await;

        let plein = pose(town, &service.agent, "operation", Service::inhumation(&place, &defunt, &dans(0))).await;
        assert_eq!(
            (plein.status, regles(&plein)),
            (StatusCode::UNPROCESSABLE_ENTITY, vec!["places".to_owned()]),
            "{}",
            plein.text()
        );
        assert_eq!(plein.json()["manquements"][0]["passable"], json!(true));

        // The clerk may not pass over; the manager may, for a reason that the journal keeps.
        let outre = |corps: Value| json!({ "champs": corps, "insee": "99101", "passer_outre": "Vérifié sur place : une place reste" });
        let uri = format!("{MODULE}/operation?finalite=cimetiere");
        let corps = outre(Service::inhumation(&place, &defunt, &dans(0)));
        assert_eq!(service.agent.post(town, &uri, &corps).await.status, StatusCode::FORBIDDEN);
        let vide =
            json!({ "champs": Service::inhumation(&place, &defunt, &dans(0)), "insee": "99101", "passer_outre": " " });
        assert_eq!(service.gestionnaire.post(town, &uri, &vide).await.status, StatusCode::BAD_REQUEST);
        let passe = service.gestionnaire.post(town, &uri, &corps).await;
        assert_eq!(passe.status, StatusCode::CREATED, "{}", passe.text());
        let id = passe.json()["id"].as_str().unwrap().to_owned();
        let actes = lignes(town, "acte").await;
        let acte = actes.iter().find(|ligne| ligne.0 == "passer_outre").unwrap();
        assert_eq!(acte.4["motif"], "Vérifié sur place : une place reste");
        assert_eq!(acte.4["regles"][0]["regle"], "places");
        // It is not asked again as long as it says the same.
        let autorise = etape(town, &service.agent, ("operation", &id), "autoriser", json!({})).await;
        assert_eq!(autorise.status, StatusCode::OK, "{}", autorise.text());

        // The fifteenth day without the préfet, a date before the death.
        let libre = service.emplacement(town, "concession", 2, 0).await;
        service.contrat(town, &libre, "perpetuelle", "1950-03-01").await;
        let mort = service.defunt(town, &dans(-14)).await;
        let quatorze = pose(town, &service.agent, "operation", Service::inhumation(&libre, &mort, &dans(0))).await;
        assert_eq!(quatorze.status, StatusCode::CREATED, "the fourteenth day: {}", quatorze.text());
        let tard = service.defunt(town, &dans(-15)).await;
        let quinze = outre(Service::inhumation(&libre, &tard, &dans(0)));
        assert_eq!(service.agent.post(town, &uri, &quinze).await.status, StatusCode::FORBIDDEN);
        // Where the commune lets no reason pass what the law does not, nobody passes.
        let strict = json!({ "motif_partout": false });
        let reglage = fait(town, &service.gestionnaire, "reglage", strict).await;
        let refus = service.gestionnaire.post(town, &uri, &quinze).await;
        assert_eq!(
            (refus.status, regles(&refus)),
            (StatusCode::UNPROCESSABLE_ENTITY, vec!["inhumation-delai".to_owned()])
        );
        assert!(refus.json()["manquements"][0]["article"].as_str().unwrap().contains("R2213-33"), "{}", refus.text());
        let derogation = {
            let mut corps = Service::inhumation(&libre, &tard, &dans(0));
            corps["derogation_jusqu_au"] = json!(dans(2));
            pose(town, &service.agent, "operation", corps).await
        };
        assert_eq!(derogation.status, StatusCode::CREATED, "{}", derogation.text());
        let avant = pose(town, &service.agent, "operation", Service::inhumation(&libre, &mort, &dans(-20))).await;
        assert!(regles(&avant).contains(&"inhumation-apres-deces".to_owned()), "{}", avant.text());
        assert!(avant.json()["manquements"].as_array().unwrap().iter().any(|un| un["passable"] == json!(false)));

        // Elsewhere a reason does: a wrong date in the registers, a burial that is tomorrow.
        let uri_reglage = format!("{MODULE}/reglage/{reglage}");
        let version = lu(town, &service.gestionnaire, "reglage", &reglage).await["version"].to_string();
        let partout = json!({ "champs": { "motif_partout": true } });
        let change = service.gestionnaire.patch(town, &uri_reglage, &format!("\"{version}\""), &partout).await;
        assert_eq!(change.status, StatusCode::OK, "{}", change.text());
        let autre = service.emplacement(town, "concession", 3, 0).await;
        service.contrat(town, &autre, "perpetuelle", "1950-03-01").await;
        let tard = service.defunt(town, &dans(-15)).await;
        for le in [0, -20] {
            let corps = Service::inhumation(&autre, &tard, &dans(le));
            let refus = pose(town, &service.agent, "operation", corps.clone()).await;
            assert_eq!(refus.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refus.text());
            assert!(refus.text().contains("La loi ne laisse pas passer cette règle"), "{}", refus.text());
            let passe = service.gestionnaire.post(town, &uri, &outre(corps)).await;
            assert_eq!(passe.status, StatusCode::CREATED, "{}", passe.text());
        }
    });
}

#[test]
fn an_abandonment_is_taken_step_by_step_on_the_day_and_not_one_before() {
    on_cemetery_town(async |town| {
        let mut service = Service::ouvre(town).await;
        let place = service.emplacement(town, "concession", 2, 0).await;
        let contrat = service.contrat(town, &place, "perpetuelle", "1950-03-01").await;
        let champs = json!({ "genre": "abandon", "emplacement": place, "contrat": contrat, "ouverte_le": "2023-01-02",
            "ayants_droit_connus": true });
        let procedure = fait(town, &service.agent, "procedure", champs).await;
        let pas = |etape: &str, le: &str| json!({ "procedure": procedure, "etape": etape, "le": le });

        let trop_tot = {
            fait(town, &service.agent, "etape_procedure", pas("avis_1", "2023-01-02")).await;
            pose(town, &service.agent, "etape_procedure", pas("pv_1", "2023-02-01")).await
        };
        assert_eq!(trop_tot.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", trop_tot.text());
        let possible = trop_tot.json()["manquements"][0]["le"].as_str().unwrap().to_owned();
        assert_eq!(possible, "2023-02-02", "{}", trop_tot.text());
        assert_eq!(trop_tot.json()["manquements"][0]["passable"], json!(true), "for who may, with a reason");
        fait(town, &service.agent, "etape_procedure", pas("pv_1", &possible)).await;

        let suivie = lu(town, &service.agent, "procedure", &procedure).await;
        assert_eq!(
            (&suivie["champs"]["etape"], &suivie["champs"]["prochaine"]),
            (&json!("pv_1"), &json!("notification_1"))
        );
        let plan = lu(town, &service.agent, "emplacement", &place).await;
        assert_eq!(plan["champs"]["statut"], "abandon_en_cours");

        // Upkeep stops the clock: everything starts again.
        fait(town, &service.agent, "etape_procedure", pas("entretien", "2023-02-10")).await;
        let apres = pose(town, &service.agent, "etape_procedure", pas("notification_1", "2023-02-11")).await;
        assert_eq!(apres.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", apres.text());
        assert_eq!(lu(town, &service.agent, "procedure", &procedure).await["champs"]["prochaine"], "avis_1");

        // A recent concession is no abandoned one.
        let recent = service.emplacement(town, "concession", 2, 0).await;
        let contrat = service.contrat(town, &recent, "perpetuelle", "2010-03-01").await;
        let champs = json!({ "genre": "abandon", "emplacement": recent, "contrat": contrat, "ouverte_le": dans(0) });
        let refus = pose(town, &service.agent, "procedure", champs).await;
        assert_eq!(regles(&refus), ["abandon-trente-ans"], "{}", refus.text());
    });
}

#[test]
fn a_renewal_runs_from_the_term_whenever_it_is_asked() {
    on_cemetery_town(async |town| {
        let mut service = Service::ouvre(town).await;
        let place = service.emplacement(town, "concession", 2, 0).await;
        let terme = (jour() - Duration::days(600)).replace_year(jour().year() - 31).unwrap();
        let contrat = service.contrat(town, &place, "trentenaire", &terme.to_string()).await;
        let fin = lu(town, &service.agent, "contrat", &contrat).await["champs"]["fin_le"].as_str().unwrap().to_owned();
        let titulaire = lu(town, &service.agent, "contrat", &contrat).await["champs"]["titulaire"].clone();
        let champs = json!({ "emplacement": place, "genre": "renouvellement", "precedent": contrat, "duree": "trentenaire",
            "titulaire": titulaire, "demande_le": dans(0), "acte_le": dans(0), "prix": "0.00" });
        let suite = fait(town, &service.agent, "contrat", champs).await;
        assert_eq!(etape(town, &service.agent, ("contrat", &suite), "signer", json!({})).await.status, StatusCode::OK);
        let suivi = lu(town, &service.agent, "contrat", &suite).await;
        let attendue = Date::parse(&fin, time::macros::format_description!("[year]-[month]-[day]")).unwrap();
        assert_eq!(suivi["champs"]["fin_le"], attendue.replace_year(attendue.year() + 30).unwrap().to_string());
        assert_eq!(lu(town, &service.agent, "contrat", &contrat).await["champs"]["etat"], "clos");
        assert_eq!(lu(town, &service.agent, "emplacement", &place).await["champs"]["statut"], "occupe");
    });
}

#[test]
fn an_invoice_takes_its_number_as_it_is_issued_and_no_act_is_signed_unpaid_under_a_regie() {
    on_cemetery_town(async |town| {
        let mut service = Service::ouvre(town).await;
        let regisseur = agent(town, "99101", REGISSEUR).await;
        fait(town, &service.gestionnaire, "reglage", json!({ "paiement": "regie" })).await;
        let place = service.emplacement(town, "concession", 2, 0).await;
        let titulaire = service.personne(town).await;
        let champs = json!({ "emplacement": place, "duree": "trentenaire", "titulaire": titulaire, "acte_le": dans(0), "prix": "400.00" });
        let contrat = fait(town, &service.agent, "contrat", champs).await;
        let impaye = etape(town, &service.agent, ("contrat", &contrat), "signer", json!({})).await;
        assert_eq!(regles(&impaye), ["acte-paye"], "{}", impaye.text());

        let facture =
            fait(town, &service.agent, "facture", json!({ "destinataire": titulaire, "contrat": contrat })).await;
        assert_eq!(lu(town, &regisseur, "facture", &facture).await["champs"]["numero"], Value::Null);
        let ligne =
            json!({ "facture": facture, "libelle": "Concession trentenaire", "prix": "400.00", "ccas": "133.33" });
        fait(town, &service.agent, "ligne_facture", ligne.clone()).await;
        let emise = etape(town, &regisseur, ("facture", &facture), "emettre", json!({})).await;
        assert_eq!(emise.status, StatusCode::OK, "{}", emise.text());
        let lue = lu(town, &regisseur, "facture", &facture).await;
        assert_eq!(lue["champs"]["numero"], format!("{}-00001", jour().year()));
        assert_eq!((&lue["champs"]["total"], &lue["champs"]["part_ccas"]), (&json!("400.00"), &json!("133.33")));
        assert_eq!(
            pose(town, &service.agent, "ligne_facture", ligne).await.status,
            StatusCode::CONFLICT,
            "it is issued"
        );

        let trop = json!({ "facture": facture, "montant": "400.01", "mode": "cheque" });
        let trop = pose(town, &regisseur, "encaissement", trop).await;
        assert_eq!(regles(&trop), ["encaissement-total"], "{}", trop.text());
        fait(town, &regisseur, "encaissement", json!({ "facture": facture, "montant": "400.00", "mode": "cheque" }))
            .await;
        assert_eq!(lu(town, &regisseur, "facture", &facture).await["champs"]["etat"], "payee");
        let signe = etape(town, &service.agent, ("contrat", &contrat), "signer", json!({})).await;
        assert_eq!(signe.status, StatusCode::OK, "{}", signe.text());
        assert_eq!(lu(town, &service.agent, "emplacement", &place).await["champs"]["statut"], "occupe");

        // A credit note is the invoice the other way round, made once and by its own step.
        let champs = json!({ "genre": "avoir", "origine": facture, "destinataire": titulaire });
        let main = pose(town, &regisseur, "facture", champs).await;
        assert_eq!(regles(&main), ["facture-avoir"], "{}", main.text());
        for attendu in [StatusCode::OK, StatusCode::UNPROCESSABLE_ENTITY] {
            let rendu = etape(town, &regisseur, ("facture", &facture), "avoir", json!({})).await;
            assert_eq!(rendu.status, attendu, "{}", rendu.text());
        }
        let numeros: Vec<Option<String>> = sqlx::query_scalar("select numero from cimetiere.facture order by numero")
            .fetch_all(&mut town.owner)
            .await
            .unwrap();
        let annee = jour().year();
        assert_eq!(numeros, [Some(format!("{annee}-00001")), Some(format!("{annee}-00002"))], "no hole");
    });
}

#[test]
fn what_another_connection_changed_is_computed_by_a_server() {
    on_cemetery_town(async |town| {
        let mut service = Service::ouvre(town).await;
        let place = service.emplacement(town, "concession", 2, 0).await;
        let _ = milieu(town, "99101").await;
        sqlx::query("update cimetiere.emplacement set hors_service = true").execute(&mut town.owner).await.unwrap();
        assert_eq!(lu(town, &service.agent, "emplacement", &place).await["champs"]["statut"], "libre");
        let app = town.app(town.works());
        app.recalcule_les_crochets().await.unwrap();
        assert_eq!(lu(town, &service.agent, "emplacement", &place).await["champs"]["statut"], "hors_service");
        let reste: i64 =
            sqlx::query_scalar("select count(*) from core.recalcul").fetch_one(&mut town.owner).await.unwrap();
        assert_eq!(reste, 0);
    });
}

#[test]
fn the_public_finds_the_dead_and_never_the_living() {
    on_cemetery_town(async |town| {
        let service = Service::ouvre(town).await;
        for (nom, deces, opposition) in [
            ("Mortepubliee", json!("1980-01-01"), false),
            ("Mortecachee", json!("1980-01-01"), true),
            ("Vivante", Value::Null, false),
        ] {
            let champs = json!({ "nom": nom, "deces_le": deces, "opposition": opposition });
            fait(town, &service.agent, "defunt", champs).await;
        }
        fait(town, &service.agent, "personne", json!({ "nom": "Titulairevivante" })).await;
        let vus = town.get(&format!("{MODULE}/defunt?limite=100")).await;
        assert_eq!(vus.status, StatusCode::OK, "{}", vus.text());
        let texte = vus.text();
        assert!(texte.contains("Mortepubliee"), "{texte}");
        for cache in ["Mortecachee", "Vivante", "Titulairevivante"] {
            assert!(!texte.contains(cache), "{cache}");
        }
        assert_eq!(town.get(&format!("{MODULE}/personne")).await.status, StatusCode::UNAUTHORIZED);
    });
}
