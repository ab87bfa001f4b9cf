//! The money of a cemetery: the price that a tariff gives, invoices, payments and credit notes made from a sheet, the day's cash.

use axum::http::{Method, StatusCode, header};
use serde_json::{Value, json};
use time::Duration;

use crate::agents::{Agent, agent, lignes};
use crate::cimetiere::{MODULE, REGISSEUR, Service, dans, etape, fait, jour, lu, pose, regles};
use crate::harness::{Town, on_cemetery_town};

const REGIE: [&str; 2] = ["facture", "encaissement"];

async fn change(town: &Town, who: &Agent, (objet, id): (&str, &str), champs: Value) -> Value {
    let version = lu(town, who, objet, id).await["version"].to_string();
    let uri = format!("{MODULE}/{objet}/{id}?finalite=cimetiere");
    let answer = who.patch(town, &uri, &format!("\"{version}\""), &json!({ "champs": champs })).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    answer.json()["champs"].clone()
}

async fn pas(town: &Town, who: &Agent, quoi: (&str, &str), pas: &str, champs: Value) -> Value {
    let answer = etape(town, who, quoi, pas, json!({ "champs": champs })).await;
    assert_eq!(answer.status, StatusCode::OK, "{pas} {}", answer.text());
    answer.json()["champs"].clone()
}

/// The first row of an object, in the order in which rows were made.
async fn premiere(town: &mut Town, objet: &str, rang: i64) -> String {
    assert!(REGIE.contains(&objet));
    let sql = format!("select id::text from cimetiere.{objet} order by numero offset {rang} limit 1");
    sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_one(&mut town.owner).await.unwrap()
}

async fn tarif(town: &Town, service: &Service, duree: &str, prix: &str, effet: &str, fin: Option<&str>) -> String {
    let champs = json!({ "libelle": format!("Concession {duree}"), "usage": "concession", "nature": "concession",
        "duree": duree, "prix": prix, "prix_m2": "180.00", "effet_le": effet, "fin_le": fin });
    fait(town, &service.gestionnaire, "tarif", champs).await
}

/// A letter, or an act, of a row.
async fn papier(town: &Town, who: &Agent, (objet, id): (&str, &str), document: &str) {
    let uri = format!("{MODULE}/{objet}/{id}/documents/{document}");
    let answer = who.get(town, &uri).await;
    assert_eq!(answer.status, StatusCode::OK, "{document} {}", answer.text());
    assert_eq!(answer.header(&header::CONTENT_TYPE), "application/pdf");
}

#[test]
#[expect(clippy::too_many_lines, reason = "one contract, from its price to its refund")]
fn a_price_follows_its_tariff_and_is_invoiced_paid_and_given_back_from_the_sheet() {
    on_cemetery_town(async |town| {
        let donnees = tempfile::tempdir().unwrap();
        donnees.path().clone_into(&mut town.config.data_dir);
        let mut service = Service::ouvre(town).await;
        let regisseur = agent(town, "99101", REGISSEUR).await;
        fait(town, &service.gestionnaire, "reglage", json!({ "paiement": "regie", "part_ccas": "33.33" })).await;
        // What was granted before the tariffs keeps its price.
        let ancienne = service.emplacement(town, "concession", 2, 0).await;
        let terme = (jour() - Duration::days(400)).replace_year(jour().year() - 31).unwrap();
        let precedent = service.contrat(town, &ancienne, "trentenaire", &terme.to_string()).await;
        tarif(town, &service, "trentenaire", "200.00", "1990-01-01", Some(&dans(-100))).await;
        tarif(town, &service, "trentenaire", "400.00", &dans(-100), None).await;
        tarif(town, &service, "cinquantenaire", "800.00", "1990-01-01", None).await;

        // Left empty, the price is that of the tariff; it follows what the contract becomes.
        let place = service.emplacement(town, "concession", 2, 1).await;
        let titulaire = service.personne(town).await;
        let champs = json!({ "emplacement": place, "titulaire": titulaire, "duree": "cinquantenaire", "acte_le": dans(0), "surface": "2.80" });
        let contrat = fait(town, &service.agent, "contrat", champs.clone()).await;
        let lus = lu(town, &service.agent, "contrat", &contrat).await["champs"].clone();
        assert_eq!(lus["prix"], "944.00", "{lus}");
        assert!(lus["calcul"].as_str().unwrap().contains("Concession cinquantenaire"), "{lus}");
        let trente = change(town, &service.agent, ("contrat", &contrat), json!({ "duree": "trentenaire" })).await;
        assert_eq!(trente["prix"], "544.00", "{trente}");
        // Another price is refused with the reckoning, and passed over for a reason.
        let mut autre = champs;
        autre["prix"] = json!("500.00");
        let refus = pose(town, &service.agent, "contrat", autre.clone()).await;
        assert_eq!(regles(&refus), ["prix-tarif"], "{}", refus.text());
        let corps = json!({ "champs": autre, "insee": "99101", "passer_outre": "Délibération de gratuité partielle" });
        let passe = service.gestionnaire.post(town, &format!("{MODULE}/contrat?finalite=cimetiere"), &corps).await;
        assert_eq!(passe.status, StatusCode::CREATED, "{}", passe.text());
        // A renewal takes the tariff of the term, not that of the request.
        let champs = json!({ "emplacement": ancienne, "genre": "renouvellement", "precedent": precedent, "duree": "trentenaire",
            "titulaire": titulaire, "demande_le": dans(0), "acte_le": dans(0) });
        let suite = fait(town, &service.agent, "contrat", champs).await;
        assert_eq!(lu(town, &service.agent, "contrat", &suite).await["champs"]["prix"], "200.00");

        // Invoiced in one step, with its number, its line, the share of the CCAS and its document.
        let facturee = pas(town, &service.agent, ("contrat", &contrat), "facturer", json!({})).await;
        assert_eq!((&facturee["etat"], &facturee["facture_le"]), (&json!("projet"), &json!(dans(0))));
        let facture = premiere(town, "facture", 0).await;
        let piece = lu(town, &service.agent, "facture", &facture).await["champs"].clone();
        assert_eq!((&piece["etat"], &piece["total"]), (&json!("emise"), &json!("544.00")));
        assert_eq!((&piece["part_ccas"], &piece["destinataire"]), (&json!("181.32"), &json!(titulaire)));
        assert_eq!(piece["numero"], format!("{}-00001", jour().year()));
        let fichiers = service.agent.get(town, &format!("{MODULE}/facture/{facture}/fichiers")).await.json();
        assert_eq!(fichiers.as_array().unwrap().len(), 1, "{fichiers}");
        let encore = etape(town, &service.agent, ("contrat", &contrat), "facturer", json!({})).await;
        assert_eq!(encore.status, StatusCode::CONFLICT);
        assert!(encore.text().contains("déjà facturé"), "{}", encore.text());
        let etapes = service.agent.get(town, &format!("{MODULE}/contrat/{contrat}/etapes")).await.json();
        let dite = |id: &str| etapes["etapes"].as_array().unwrap().iter().find(|une| une["id"] == id).unwrap().clone();
        assert_eq!(dite("facturer")["raisons"][0], "Ce contrat est déjà facturé : un avoir annule sa facture.");
        assert_eq!(dite("encaisser")["obstacle"], "droit", "the clerk takes no money");

        // Paid: the act may be signed, the plot is no longer free.
        let impaye = etape(town, &service.agent, ("contrat", &contrat), "signer", json!({})).await;
        assert_eq!(regles(&impaye), ["acte-paye"], "{}", impaye.text());
        let paiement = json!({ "paiement_mode": "cheque", "paiement_reference": "0000123", "paiement_recu": "R 12" });
        assert_eq!(pas(town, &regisseur, ("facture", &facture), "encaisser", paiement).await["etat"], "payee");
        assert_eq!(lu(town, &regisseur, "facture", &facture).await["champs"]["etat"], "payee");
        let recu = premiere(town, "encaissement", 0).await;
        let recu = lu(town, &regisseur, "encaissement", &recu).await["champs"].clone();
        assert_eq!(
            (&recu["montant"], &recu["mode"], &recu["recu"]),
            (&json!("544.00"), &json!("cheque"), &json!("R 12"))
        );
        assert_eq!(recu["numero"], format!("E{}-00001", jour().year()));
        let paye = lu(town, &service.agent, "contrat", &contrat).await["champs"].clone();
        assert_eq!(paye["regle_le"], dans(0));
        pas(town, &service.agent, ("contrat", &contrat), "signer", json!({})).await;
        assert_eq!(lu(town, &service.agent, "emplacement", &place).await["champs"]["statut"], "occupe");

        // Given back by the founder: in proportion of the time left, without the share of the CCAS.
        let champs = json!({ "emplacement": place, "genre": "retrocession", "precedent": contrat, "duree": "trentenaire",
            "titulaire": titulaire, "acte_le": dans(0), "deliberation_le": dans(0) });
        let rendue = fait(town, &service.agent, "contrat", champs).await;
        let lue = lu(town, &service.agent, "contrat", &rendue).await["champs"].clone();
        assert_eq!((&lue["prix"], &lue["rembourse"]), (&json!("0.00"), &json!("362.68")), "{lue}");
        pas(town, &service.agent, ("contrat", &rendue), "rembourser", json!({})).await;
        let avoir = premiere(town, "facture", 1).await;
        let avoir = lu(town, &regisseur, "facture", &avoir).await["champs"].clone();
        assert_eq!(
            (&avoir["genre"], &avoir["total"], &avoir["origine"]),
            (&json!("avoir"), &json!("-362.68"), &json!(facture))
        );
        assert_eq!(avoir["part_ccas"], "0.00");

        // An invoice that nobody paid, undone: neither it nor its credit note is to be collected; the contract may be invoiced again.
        pas(town, &service.agent, ("contrat", &suite), "facturer", json!({})).await;
        let impayee = premiere(town, "facture", 2).await;
        pas(town, &regisseur, ("facture", &impayee), "avoir", json!({})).await;
        assert_eq!(lu(town, &regisseur, "facture", &impayee).await["champs"]["etat"], "soldee");
        assert_eq!(lu(town, &service.agent, "contrat", &suite).await["champs"]["facture_le"], Value::Null);
        pas(town, &service.agent, ("contrat", &suite), "facturer", json!({})).await;

        // The day's cash is closed: what it counted moves no more. What is left goes to the accountant, once.
        let bordereau = |genre: &str| json!({ "genre": genre, "du": dans(-1), "au": dans(0) });
        let journal = fait(town, &regisseur, "bordereau", bordereau("regie")).await;
        papier(town, &regisseur, ("bordereau", &journal), "journal").await;
        pas(town, &regisseur, ("bordereau", &journal), "arreter", json!({})).await;
        let arrete = lu(town, &regisseur, "bordereau", &journal).await["champs"].clone();
        assert_eq!((&arrete["nombre"], &arrete["total"]), (&json!(1), &json!("544.00")));
        papier(town, &regisseur, ("bordereau", &journal), "journal").await;
        let titres = fait(town, &regisseur, "bordereau", bordereau("titres")).await;
        pas(town, &regisseur, ("bordereau", &titres), "arreter", json!({})).await;
        let imprime =
            regisseur.get(town, &format!("{MODULE}/bordereau/{titres}/documents/titres?finalite=cimetiere")).await;
        assert_eq!(imprime.status, StatusCode::OK, "{}", imprime.text());
        let arrete = lu(town, &regisseur, "bordereau", &titres).await["champs"].clone();
        assert_eq!(
            (&arrete["nombre"], &arrete["total"], &arrete["part_ccas"]),
            (&json!(2), &json!("-162.68"), &json!("66.66"))
        );
        let export =
            regisseur.get(town, &format!("{MODULE}/facture/export?format=csv&filter=bordereau%3D%27{titres}%27")).await;
        assert_eq!(export.status, StatusCode::OK, "{}", export.text());
        assert_eq!(export.text().lines().count(), 3, "{}", export.text());
        let vide = fait(town, &regisseur, "bordereau", bordereau("titres")).await;
        pas(town, &regisseur, ("bordereau", &vide), "arreter", json!({})).await;
        assert_eq!(lu(town, &regisseur, "bordereau", &vide).await["champs"]["nombre"], 0, "each goes once");
        let recu = premiere(town, "encaissement", 0).await;
        let uri = format!("{MODULE}/encaissement/{recu}");
        let touche = regisseur
            .ask(
                town,
                Method::PATCH,
                &uri,
                &[(header::IF_MATCH, "\"2\"")],
                Some(&json!({ "champs": { "montant": "1.00" } })),
            )
            .await;
        assert_eq!(touche.status, StatusCode::FORBIDDEN, "{}", touche.text());

        let transitions = lignes(town, "acte").await.into_iter().filter(|ligne| ligne.0 == "transiter").count();
        assert!(transitions > 10, "each step is in the journal");
    });
}
