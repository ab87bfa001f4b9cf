//! Procedures, rules passed over, registers and the servitude of a cemetery, from one end to the other.

use axum::http::{StatusCode, header};
use serde_json::{Value, json};

use crate::agents::{lignes, milieu};
use crate::cimetiere::{MODULE, Service, dans, etape, fait, lu, pose, regles};
use crate::harness::{Town, on_cemetery_town};

#[test]
fn a_step_is_noted_once_in_its_turn_and_never_before_its_day() {
    on_cemetery_town(async |town| {
        let mut service = Service::ouvre(town).await;
        let place = service.emplacement(town, "concession", 2, 0).await;
        let contrat = service.contrat(town, &place, "perpetuelle", "1950-03-01").await;
        let champs = json!({ "genre": "abandon", "emplacement": place, "contrat": contrat, "ouverte_le": "2023-01-02", "ayants_droit_connus": true });
        let procedure = fait(town, &service.agent, "procedure", champs).await;
        let pas = |etape: &str, le: &str| json!({ "procedure": procedure, "etape": etape, "le": le });

        let demain = pose(town, &service.agent, "etape_procedure", pas("avis_1", &dans(1))).await;
        assert_eq!(regles(&demain), ["etape-a-venir"], "{}", demain.text());
        let avant = pose(town, &service.agent, "etape_procedure", pas("pv_1", "2023-02-02")).await;
        assert_eq!(regles(&avant), ["abandon-ordre"], "{}", avant.text());
        let avis = fait(town, &service.agent, "etape_procedure", pas("avis_1", "2023-01-02")).await;
        let deux = pose(town, &service.agent, "etape_procedure", pas("avis_1", "2023-01-03")).await;
        assert_eq!(regles(&deux), ["etape-deux-fois"], "{}", deux.text());
        fait(town, &service.agent, "etape_procedure", pas("pv_1", "2023-02-02")).await;
        // What others follow is neither moved after them nor taken away.
        let uri = format!("{MODULE}/etape_procedure/{avis}");
        let version = lu(town, &service.agent, "etape_procedure", &avis).await["version"].to_string();
        let corps = json!({ "champs": { "le": "2023-01-20" } });
        let apres = service.agent.patch(town, &uri, &format!("\"{version}\""), &corps).await;
        assert_eq!(regles(&apres), ["abandon-ordre"], "{}", apres.text());
        let range = service
            .agent
            .ask(town, axum::http::Method::DELETE, &uri, &[(header::IF_MATCH, &format!("\"{version}\""))], None)
            .await;
        assert_eq!(regles(&range), ["abandon-ordre"], "{}", range.text());
        // Upkeep undoes them: the first notice is given again.
        fait(town, &service.agent, "etape_procedure", pas("entretien", "2023-02-10")).await;
        fait(town, &service.agent, "etape_procedure", pas("avis_1", "2023-03-01")).await;

        // The common ground: the day before its five years, then the turn of each step.
        let fosse = service.emplacement(town, "terrain_commun", 1, 0).await;
        let defunt = service.defunt(town, "2015-03-01").await;
        service.repose(town, &fosse, &defunt, "2015-03-05").await;
        let champs = json!({ "genre": "terrain_commun", "emplacement": fosse, "ouverte_le": "2020-01-02" });
        let reprise = fait(town, &service.agent, "procedure", champs).await;
        let pas = |etape: &str, le: &str| json!({ "procedure": reprise, "etape": etape, "le": le });
        let veille = pose(town, &service.agent, "etape_procedure", pas("arrete", "2020-03-04")).await;
        assert_eq!(veille.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", veille.text());
        assert_eq!(veille.json()["manquements"][0]["le"], "2020-03-05", "{}", veille.text());
        fait(town, &service.agent, "etape_procedure", pas("arrete", "2020-03-05")).await;
        let tour = pose(town, &service.agent, "etape_procedure", pas("exhumation", "2020-05-01")).await;
        assert_eq!(regles(&tour), ["etape-ordre"], "{}", tour.text());
        let corps = json!({ "champs": pas("exhumation", "2020-05-01"), "insee": "99101", "passer_outre": "Publication perdue, attestée par le garde" });
        let passe =
            service.gestionnaire.post(town, &format!("{MODULE}/etape_procedure?finalite=cimetiere"), &corps).await;
        assert_eq!(passe.status, StatusCode::CREATED, "{}", passe.text());
        let actes = lignes(town, "acte").await;
        let acte = actes.iter().find(|ligne| ligne.0 == "passer_outre").unwrap();
        assert_eq!(
            (&acte.4["motif"], &acte.4["regles"][0]["regle"]),
            (&json!("Publication perdue, attestée par le garde"), &json!("etape-ordre"))
        );
    });
}

#[test]
fn a_transfer_is_in_the_history_of_both_plots_and_what_breaks_the_right_is_passed_over_with_a_reason() {
    on_cemetery_town(async |town| {
        let mut service = Service::ouvre(town).await;
        let (ici, la) =
            (service.emplacement(town, "concession", 2, 0).await, service.emplacement(town, "concession", 2, 0).await);
        for place in [&ici, &la] {
            service.contrat(town, place, "perpetuelle", "1950-03-01").await;
        }
        let ancien = service.defunt(town, "2001-01-01").await;
        service.repose(town, &ici, &ancien, "2001-01-05").await;
        let champs = json!({ "genre": "transfert", "emplacement": ici, "destination": la, "defunt": ancien, "forme": "cercueil",
            "qualite_demandeur": "plus_proche_parent", "prevue_le": dans(0), "prevue_a": "09:00", "parent_present": true, "hors_public": true });
        let transfert = fait(town, &service.agent, "operation", champs).await;
        for pas in ["autoriser", "planifier", "realiser"] {
            let answer = etape(town, &service.agent, ("operation", &transfert), pas, json!({})).await;
            assert_eq!(answer.status, StatusCode::OK, "{pas} {}", answer.text());
        }
        let cotes: Vec<(String, bool)> =
            sqlx::query_as("select emplacement::text, au is null from cimetiere.sejour order by du")
                .fetch_all(&mut town.owner)
                .await
                .unwrap();
        assert_eq!(cotes, [(ici.clone(), false), (la.clone(), true)]);
        for (place, libres) in [(&ici, "2.0"), (&la, "1.0")] {
            assert_eq!(lu(town, &service.agent, "emplacement", place).await["champs"]["libres_cercueil"], libres);
        }
        // Without end, never at its term.
        let perpetuelle = lu(town, &service.agent, "emplacement", &la).await["champs"].clone();
        assert_eq!((&perpetuelle["echeance"], &perpetuelle["statut"]), (&Value::Null, &json!("occupe")));
        let echus = service.agent.get(town, &format!("{MODULE}/contrat?liste=a_renouveler")).await.json();
        assert_eq!(echus["total"], 0, "{echus}");

        // Outside the right to rest in the commune: refused with the article, passed over by who may, for a reason.
        let defunt = service.defunt(town, &dans(-3)).await;
        let mut champs = Service::inhumation(&la, &defunt, &dans(0));
        champs["motif_droit"] = Value::Null;
        let refus = pose(town, &service.agent, "operation", champs.clone()).await;
        assert_eq!(regles(&refus), ["sepulture-due"], "{}", refus.text());
        assert_eq!(refus.json()["manquements"][0]["article"], "L2223-3");
        let uri = format!("{MODULE}/operation?finalite=cimetiere");
        let corps = json!({ "champs": champs, "insee": "99101", "passer_outre": "Accord du maire" });
        assert_eq!(service.agent.post(town, &uri, &corps).await.status, StatusCode::FORBIDDEN);
        let passe = service.gestionnaire.post(town, &uri, &corps).await;
        assert_eq!(passe.status, StatusCode::CREATED, "{}", passe.text());
        let actes = lignes(town, "acte").await;
        let acte = actes.iter().find(|ligne| ligne.0 == "passer_outre").unwrap();
        assert_eq!(
            (&acte.4["motif"], &acte.4["regles"][0]["regle"]),
            (&json!("Accord du maire"), &json!("sepulture-due"))
        );

        // An operator whose authorisation is past.
        let entreprise = fait(
            town,
            &service.agent,
            "entreprise",
            json!({ "nom": "Pompes funèbres d’essai", "habilitation": "26-99-0009", "habilitation_fin": dans(-10) }),
        )
        .await;
        let travaux =
            json!({ "emplacement": la, "nature": "creusement", "entreprise": entreprise, "debut_le": dans(1) });
        let travaux = fait(town, &service.agent, "travaux", travaux).await;
        let perimee = etape(town, &service.agent, ("travaux", &travaux), "autoriser", json!({})).await;
        assert_eq!(regles(&perimee), ["entreprise-habilitation"], "{}", perimee.text());
        let corps = json!({ "passer_outre": "Renouvellement en préfecture" });
        let passe = etape(town, &service.gestionnaire, ("travaux", &travaux), "autoriser", corps).await;
        assert_eq!(passe.status, StatusCode::OK, "{}", passe.text());
    });
}

#[test]
fn registers_are_printed_by_period_and_the_servitude_surrounds_a_cemetery_that_was_moved() {
    on_cemetery_town(async |town| {
        let mut service = Service::ouvre(town).await;
        let place = service.emplacement(town, "concession", 2, 0).await;
        service.contrat(town, &place, "perpetuelle", "1950-03-01").await;
        let defunt = service.defunt(town, "1999-01-01").await;
        service.repose(town, &place, &defunt, "1999-01-05").await;
        let periode = json!({ "cimetiere": service.cimetiere, "du": "1999-01-01", "au": "1999-12-31" });
        let registre = fait(town, &service.agent, "registre", periode).await;
        for document in ["inhumations", "exhumations", "ossuaire", "concessions"] {
            let uri = format!("{MODULE}/registre/{registre}/documents/{document}");
            let answer = service.agent.get(town, &uri).await;
            assert_eq!(answer.status, StatusCode::OK, "{document} {}", answer.text());
        }

        // A row that says no commune is where its cemetery is.
        let uri = format!("{MODULE}/emplacement?finalite=cimetiere");
        let corps = json!({ "champs": { "cimetiere": service.cimetiere, "numero": "900", "nature": "concession" } });
        let sans = service.agent.post(town, &uri, &corps).await;
        assert_eq!(sans.status, StatusCode::CREATED, "{}", sans.text());
        assert_eq!(sans.json()["insee"], "99101", "{}", sans.text());

        let point = milieu(town, "99101").await["coordinates"].clone();
        let (x, y) = (point[0].as_f64().unwrap(), point[1].as_f64().unwrap());
        let (est, nord) = (x + 0.000_2, y + 0.000_2);
        let carre = json!({ "type": "Polygon", "coordinates": [[[x, y], [est, y], [est, nord], [x, nord], [x, y]]] });
        let transfere = async |town: &Town, corps: Value| {
            let uri = format!("{MODULE}/cimetiere/{}", service.cimetiere);
            let version = lu(town, &service.gestionnaire, "cimetiere", &service.cimetiere).await["version"].to_string();
            let fait = service.gestionnaire.patch(town, &uri, &format!("\"{version}\""), &corps).await;
            assert_eq!(fait.status, StatusCode::OK, "{}", fait.text());
        };
        transfere(town, json!({ "champs": { "transfere": true }, "geometrie": carre })).await;
        let marge: f64 = sqlx::query_scalar(
            "select st_maxdistance(st_exteriorring(st_geometryn(s.geom, 1)), c.geom) - st_maxdistance(c.geom, c.geom)
            from cimetiere.servitude s join cimetiere.cimetiere c on c.id = s.cimetiere where s.archivee_le is null",
        )
        .fetch_one(&mut town.owner)
        .await
        .unwrap();
        assert!((marge - 100.0).abs() < 1.0, "a hundred metres around: {marge}");
        let vues = service.agent.get(town, &format!("{MODULE}/servitude")).await;
        assert_eq!(vues.json()["total"], 1, "{}", vues.text());
        assert_eq!(town.get(&format!("{MODULE}/servitude")).await.status, StatusCode::UNAUTHORIZED, "for agents alone");
        transfere(town, json!({ "champs": { "transfere": false } })).await;
        let reste: i64 = sqlx::query_scalar("select count(*) from cimetiere.servitude where archivee_le is null")
            .fetch_one(&mut town.owner)
            .await
            .unwrap();
        assert_eq!(reste, 0);
    });
}
