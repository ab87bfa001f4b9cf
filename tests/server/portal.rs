//! The public pages: facts as text, links, redirects, refusals, escaping.

use axum::http::{StatusCode, header};
use finage::config::{Portail, Robots};
use proptest::prelude::*;

use crate::harness::{Answer, Town, on_empty_town, on_sample_town};

fn encoded(text: &str) -> String {
    finage::portal::nombres::encode(text)
}

/// The text of a page, tags left out, entities read, spaces made one.
fn texte(html: &str) -> String {
    let mut out = String::new();
    let mut inside = false;
    for c in html.chars() {
        match c {
            '<' => inside = true,
            '>' => {
                inside = false;
                out.push(' ');
            }
            c if !inside => out.push(c),
            _ => {}
        }
    }
    let out = out
        .replace("&#39;", "'")
        .replace("&#34;", "\"")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&#38;", "&");
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Every element that opens is closed in order, identifiers are unique, headings skip no level, nothing is inline.
fn bien_formee(html: &str) -> Result<(), String> {
    const VOID: [&str; 7] = ["meta", "link", "img", "input", "br", "hr", "option"];
    let mut open: Vec<&str> = Vec::new();
    let mut ids: Vec<&str> = Vec::new();
    let mut level = 0;
    if !html.starts_with("<!doctype html>\n<html lang=\"fr\">") {
        return Err("doctype".into());
    }
    let mut rest = &html["<!doctype html>".len()..];
    while let Some(at) = rest.find('<') {
        let end = rest[at..].find('>').ok_or("balise sans fin")? + at;
        let tag = &rest[at + 1..end];
        rest = &rest[end + 1..];
        let name = tag.trim_start_matches('/').split_whitespace().next().ok_or("balise vide")?;
        if VOID.contains(&name) {
            continue;
        }
        if tag.starts_with('/') {
            if open.pop() != Some(name) {
                return Err(format!("</{name}> mal placée"));
            }
            continue;
        }
        for forbidden in [" style=", " onclick=", " onload=", " onerror=", "javascript:"] {
            if tag.contains(forbidden) {
                return Err(format!("{forbidden} dans <{tag}>"));
            }
        }
        if let Some(id) = tag.split(" id=\"").nth(1).and_then(|id| id.split('"').next()) {
            if ids.contains(&id) {
                return Err(format!("id {id} deux fois"));
            }
            ids.push(id);
        }
        if let Some(n) = name.strip_prefix('h').and_then(|n| n.parse::<u8>().ok()) {
            if n > level + 1 {
                return Err(format!("titre {n} après {level}"));
            }
            level = n;
        }
        open.push(name);
    }
    for needed in ["<title>", "<h1", "<main id=\"contenu\"", "role=\"search\"", "aria-label=\"Menu principal\""] {
        if html.matches(needed).count() != 1 {
            return Err(format!("{needed} : {} fois", html.matches(needed).count()));
        }
    }
    if open.is_empty() { Ok(()) } else { Err(format!("ouvertes : {open:?}")) }
}

fn sound(page: &Answer) -> String {
    let html = page.text();
    bien_formee(&html).unwrap_or_else(|fault| panic!("{fault}\n{html}"));
    assert!(page.header(&header::CONTENT_TYPE).starts_with("text/html"));
    html
}

async fn search(town: &Town, q: &str) -> Answer {
    town.get(&format!("/recherche?q={}", encoded(q))).await
}

fn location(answer: &Answer) -> &str {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    answer.header(&header::LOCATION)
}

#[test]
fn the_home_page_is_one_field_and_the_communes() {
    on_sample_town(async |town| {
        let home = town.get("/").await;
        assert_eq!(home.status, StatusCode::OK);
        let html = sound(&home);
        for expected in ["href=\"/commune/99101\"", "href=\"/carte\"", "<label for=\"q\">", "href=\"/recherche?q="] {
            assert!(html.contains(expected), "{expected}");
        }
        assert_eq!(html.matches("<input").count(), 1);
        let example = html.split("/recherche?q=").nth(1).unwrap().split('"').next().unwrap().to_owned();
        let found = town.get(&format!("/recherche?q={example}")).await;
        assert!(found.status == StatusCode::SEE_OTHER || found.text().contains("class=\"resultats\""), "{example}");
    });
    on_empty_town(async |town| assert!(sound(&town.get("/").await).contains("finage import")));
}

#[test]
fn one_parcel_meant_is_one_parcel_shown() {
    on_sample_town(async |town| {
        let idu = town.some_parcel("insee = '99101' and prefixe = '000' and section = 'AB' and numero > 20").await;
        for text in [idu.clone(), idu.to_lowercase(), format!("99101 000 AB {}", &idu[10..])] {
            assert_eq!(location(&search(town, &text).await), format!("/parcelle/{idu}"), "{text}");
        }
        let (cle, numero, voie, parcelle): (String, i32, String, String) = sqlx::query_as(
            "select a.cle, a.numero, v.nom, a.parcelles[1] from adresse.adresse a join adresse.voie v on v.id = a.voie
             where a.insee = '99101' and cardinality(a.parcelles) = 1 and a.suffixe = ''
               and not exists (select from adresse.adresse b join adresse.voie w on w.id = b.voie
                   where b.numero = a.numero and w.nom = v.nom and (b.insee, b.cle) <> (a.insee, a.cle))
               and exists (select from cadastre.parcelle p where p.idu = a.parcelles[1])
             order by a.cle limit 1",
        )
        .fetch_one(&mut town.owner)
        .await
        .unwrap();
        let typed = format!("{numero} {}", finage_reference::normalise(&voie));
        assert_eq!(location(&search(town, &typed).await), format!("/parcelle/{parcelle}"), "{typed} ({cle})");
        // The street cut short may be another: a list.
        let half = format!("{numero} {}", &voie[..voie.floor_char_boundary(voie.len() - 2)]);
        assert_eq!(search(town, &half).await.status, StatusCode::OK, "{half}");
    });
}

#[test]
fn a_doubt_is_a_list_that_counts_itself() {
    on_sample_town(async |town| {
        // A reference that both communes have.
        let (section, numero): (String, i32) = sqlx::query_as(
            "select section, numero from cadastre.parcelle where prefixe = '000' group by 1, 2 having count(distinct insee) = 2 order by 1, 2 limit 1",
        )
        .fetch_one(&mut town.owner)
        .await
        .unwrap();
        let answer = search(town, &format!("{} {numero}", section.trim_start_matches('0'))).await;
        assert_eq!(answer.status, StatusCode::OK);
        let html = sound(&answer);
        assert!(html.matches("href=\"/parcelle/").count() >= 2);
        let shown = html.matches("<li><p><a href=").count();
        let title = html.split("<title>").nth(1).unwrap().split("</title>").next().unwrap();
        assert!(title.contains(&format!(": {shown} résultats")), "{title}");
        assert!(texte(&html).contains(&format!("{shown} résultats pour")));

        let commune = sound(&search(town, "valbrume").await);
        assert!(commune.contains("href=\"/commune/99101\""));
        let section = sound(&search(town, "section AB").await);
        assert!(section.contains("?section=99101000AB"), "{}", texte(&section));
    });
}

#[test]
fn nonsense_gives_a_hint_and_keeps_the_text() {
    on_sample_town(async |town| {
        for q in [
            "zzqxw 99999 ¿?",
            "",
            "<script>alert(1)</script>",
            "\"><img src=x onerror=alert(1)>",
            "' or 1=1 --",
            "%",
            "\0",
        ] {
            let answer = search(town, q).await;
            assert_eq!(answer.status, StatusCode::OK, "{q}");
            let html = sound(&answer);
            assert!(html.contains("class=\"avis\""), "{q}");
            assert!(!html.contains("<img src=x") && !html.contains("<script>"), "{q}");
        }
        let html = sound(&search(town, "zzqxw 99999").await);
        assert!(html.contains("value=\"zzqxw 99999\"") && texte(&html).contains("Aucun résultat pour « zzqxw 99999 »"));
        assert_eq!(search(town, &"x".repeat(5000)).await.status, StatusCode::OK);
        for query in
            ["/recherche", "/recherche?q=a&q=b", "/recherche?autre=1", "/recherche?q=%FF%FE", "/recherche?q=%zz"]
        {
            assert_eq!(town.get(query).await.status, StatusCode::OK, "{query}");
        }
    });
}

#[test]
fn every_fact_of_a_parcel_is_text() {
    on_sample_town(async |town| {
        let idu = town
            .some_parcel("arpentee and exists (select from cadastre.batiment b where st_within(b.geom, p.geom)) and exists (select from adresse.adresse a where p.idu = any(a.parcelles))")
            .await;
        let page = town.get(&format!("/parcelle/{idu}")).await;
        assert_eq!(page.status, StatusCode::OK);
        let html = sound(&page);
        let text = texte(&html);
        let sheet = town.get(&format!("/api/parcelles/{idu}")).await.json();
        for name in ["idu", "reference", "section", "numero", "surface_methode"] {
            assert!(text.contains(sheet[name].as_str().unwrap()), "{name}");
        }
        assert!(text.contains(sheet["commune"]["nom"].as_str().unwrap()));
        for address in sheet["adresses"].as_array().unwrap() {
            assert!(text.contains(address["libelle"].as_str().unwrap()));
        }
        for lieu in sheet["lieux_dits"].as_array().unwrap() {
            assert!(text.contains(lieu.as_str().unwrap()));
        }
        let neighbours = sheet["voisins"].as_array().unwrap();
        assert!(!neighbours.is_empty());
        for neighbour in neighbours {
            assert!(html.contains(&format!("href=\"/parcelle/{}\"", neighbour["idu"].as_str().unwrap())));
            let row = format!("{} {} ", neighbour["reference"].as_str().unwrap(), neighbour["cote"].as_str().unwrap());
            assert!(text.contains(&row), "{row}");
        }
        let buildings = sheet["batiments"].as_array().unwrap();
        assert!(!buildings.is_empty() && text.contains(buildings[0]["libelle"].as_str().unwrap()));
        let contenance = i32::try_from(sheet["contenance_m2"].as_i64().unwrap()).unwrap();
        let written: String = finage::portal::nombres::contenance(contenance).replace('\u{202f}', " ");
        assert!(text.replace('\u{202f}', " ").contains(&written), "{written}");
        for expected in
            ["Arpentée oui", "Feuille", "Millésime", "EPSG:4326", "EPSG:2154", "RGF93 / CC44", "Emprise bâtie"]
        {
            assert!(text.contains(expected), "{expected}");
        }
        for link in [
            format!("href=\"/parcelle/{idu}/extrait.pdf\""),
            format!("action=\"/parcelle/{idu}/extrait.pdf\""),
            format!("href=\"/carte?parcelle={idu}\""),
            format!("src=\"/parcelle/{idu}/plan.svg\""),
            format!("?section={}", &idu[..10]),
        ] {
            assert!(html.contains(&link), "{link}");
        }
        let alt = html.split("alt=\"Plan de la parcelle").nth(1).unwrap().split('"').next().unwrap();
        assert!(alt.contains(neighbours[0]["cote"].as_str().unwrap()) && alt.contains("couvre"), "{alt}");
    });
}

#[test]
fn coordinates_are_those_of_proj() {
    on_sample_town(async |town| {
        let idu = town.some_parcel("insee = '99101'").await;
        let points = finage::cadastre::parcelle::points(&town.pool, idu.parse().unwrap()).await.unwrap();
        assert_eq!(points.iter().map(|(srid, ..)| *srid).collect::<Vec<_>>(), [4326, 2154, 3944]);
        let (_, lon, lat) = points[0];
        for &(srid, x, y) in &points[1..] {
            let mut place = geo_types::Geometry::Point(geo_types::Point::new(lon, lat));
            finage::spatial::projection::Projection::new(4326, srid.unsigned_abs()).unwrap().apply(&mut place).unwrap();
            let geo_types::Geometry::Point(place) = place else { panic!("un point") };
            assert!((place.x() - x).abs() < 0.01 && (place.y() - y).abs() < 0.01, "{srid}: {place:?} {x} {y}");
        }
    });
}

#[test]
fn an_identifier_has_one_address() {
    on_sample_town(async |town| {
        let idu = town.some_parcel("true").await;
        let spaced = format!("{} {} {} {}", &idu[..5], &idu[5..8], &idu[8..10], &idu[10..]);
        for asked in [idu.to_lowercase(), spaced] {
            let moved = town.get(&format!("/parcelle/{}", encoded(&asked))).await;
            if asked == idu {
                continue;
            }
            assert_eq!(moved.status, StatusCode::MOVED_PERMANENTLY, "{asked}");
            assert_eq!(moved.header(&header::LOCATION), format!("/parcelle/{idu}"));
        }
        for asked in
            ["99101000AB9999", "nimporte-quoi", "<script>alert(1)</script>", "\"'><svg onload=x>", &"9".repeat(3000)]
        {
            let page = town.get(&format!("/parcelle/{}", encoded(asked))).await;
            assert_eq!(page.status, StatusCode::NOT_FOUND, "{asked}");
            let html = sound(&page);
            assert!(!html.contains("<svg") && !html.contains("<script>"), "{asked}");
        }
    });
}

#[test]
fn refusals_are_pages_where_people_read_and_problems_where_programs_do() {
    on_empty_town(async |town| {
        assert_eq!(town.get("/autre").await.status, StatusCode::NOT_FOUND);
        sound(&town.get("/autre").await);
        let request = axum::http::Request::post("/parcelle/x").body(axum::body::Body::empty()).unwrap();
        let refused = tower::ServiceExt::oneshot(town.router(), request).await.unwrap();
        assert_eq!(refused.status(), StatusCode::METHOD_NOT_ALLOWED);
        assert!(refused.headers()[header::CONTENT_TYPE].to_str().unwrap().starts_with("text/html"));
        assert!(
            town.get("/api/parcelles/x").await.header(&header::CONTENT_TYPE).starts_with("application/problem+json")
        );
        town.pool.close().await;
        let away = town.get("/recherche?q=AB+1").await;
        assert_eq!(away.status, StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(away.header(&header::RETRY_AFTER), "2");
        assert!(texte(&sound(&away)).contains("La base de données ne répond pas"));
        assert!(
            town.get("/api/recherche?q=x").await.header(&header::CONTENT_TYPE).starts_with("application/problem+json")
        );
    });
}

#[test]
fn robots_read_what_the_publisher_says() {
    on_empty_town(async |town| {
        assert_eq!(town.get("/robots.txt").await.text(), "User-agent: *\nDisallow: /\n");
        assert!(town.get("/").await.text().contains("<meta name=\"robots\" content=\"noindex\">"));
        town.config.portail.robots = Robots::Pages;
        let pages = town.get("/robots.txt").await.text();
        for closed in ["/api/", "/tiles/", "/*/extrait.pdf", "/travaux/"] {
            assert!(pages.contains(&format!("Disallow: {closed}\n")), "{closed}");
        }
        assert!(!pages.contains("Disallow: /\n") && !town.get("/").await.text().contains("noindex"));
        town.config.portail.robots = Robots::Tout;
        assert_eq!(town.get("/robots.txt").await.text(), "User-agent: *\nDisallow:\n");
    });
}

#[test]
fn colours_and_logo_come_from_the_configuration() {
    on_empty_town(async |town| {
        assert!(!town.get("/").await.text().contains("/portail/"));
        let folder = tempfile::tempdir().unwrap();
        let logo = folder.path().join("blason.svg");
        std::fs::write(&logo, "<svg xmlns=\"http://www.w3.org/2000/svg\"/>").unwrap();
        town.config.portail = Portail {
            nom: "Plan <b>& Cie".into(),
            couleur_lien: Some("#0b5a94".into()),
            logo: Some(logo),
            ..Portail::default()
        };
        let html = sound(&town.get("/").await);
        assert!(html.contains("Plan &#60;b&#62;&#38; Cie"), "{html}");
        let sheet = html.split("href=\"/portail/couleurs").nth(1).unwrap().split('"').next().unwrap();
        let css = town.get(&format!("/portail/couleurs{sheet}")).await;
        assert!(css.text().contains("--accent:#0b5a94") && css.header(&header::CACHE_CONTROL).contains("immutable"));
        assert_eq!(town.get("/portail/logo").await.header(&header::CONTENT_TYPE), "image/svg+xml");
        assert_eq!(town.get("/portail/autre").await.status, StatusCode::NOT_FOUND);
    });
}

#[test]
fn any_text_gives_a_sound_page_or_a_parcel() {
    on_sample_town(async |town| {
        let town = &*town;
        let mut runner =
            proptest::test_runner::TestRunner::new(ProptestConfig { cases: 64, ..ProptestConfig::default() });
        let strategy = prop_oneof![
            any::<String>(),
            "[A-Z]{1,2} ?[0-9]{1,4}",
            "[0-9]{1,3} (rue|chemin) .{0,12}",
            "[<>&\"' a-z]{0,30}"
        ];
        let tree: Vec<String> =
            (0..64).map(|_| proptest::strategy::ValueTree::current(&strategy.new_tree(&mut runner).unwrap())).collect();
        for q in tree {
            let answer = search(town, &q).await;
            match answer.status {
                StatusCode::SEE_OTHER => assert!(location(&answer).starts_with("/parcelle/"), "{q}"),
                StatusCode::OK => drop(sound(&answer)),
                other => panic!("{q:?}: {other}"),
            }
        }
    });
}

#[test]
fn a_commune_says_what_it_holds_and_lists_it() {
    on_sample_town(async |town| {
        let html = sound(&town.get("/commune/99101").await);
        let text = texte(&html);
        for expected in ["Valbrume-sur-Ourche", "Code INSEE 99101", "Parcelles", "EDIGÉO", "Base Adresse Locale"] {
            assert!(text.contains(expected), "{expected}: {text}");
        }
        let sections: Vec<(String, i64)> = sqlx::query_as(
            "select insee || prefixe || section, count(*) from cadastre.parcelle where insee = '99101' group by 1 order by 1",
        )
        .fetch_all(&mut town.owner)
        .await
        .unwrap();
        for (section, count) in sections {
            assert!(html.contains(&format!("?section={section}\"")), "{section}");
            let list = sound(&town.get(&format!("/commune/99101?section={section}")).await);
            assert_eq!(
                list.matches("href=\"/parcelle/").count(),
                usize::try_from(count).unwrap().min(500),
                "{section}"
            );
        }
        let (voie, nom): (i64, String) = sqlx::query_as(
            "select id, nom from adresse.voie where insee = '99101' and genre = 'voie' order by id limit 1",
        )
        .fetch_one(&mut town.owner)
        .await
        .unwrap();
        let street = sound(&town.get(&format!("/commune/99101?voie={voie}")).await);
        assert!(texte(&street).contains(&nom) && street.contains("href=\"/parcelle/"));
        let lieu: String =
            sqlx::query_scalar("select nom from cadastre.lieu_dit where insee = '99101' order by nom limit 1")
                .fetch_one(&mut town.owner)
                .await
                .unwrap();
        let list = sound(&town.get(&format!("/commune/99101?lieudit={}", encoded(&lieu))).await);
        assert!(list.contains("href=\"/parcelle/"), "{lieu}");
        let known = town.get("/commune/13004").await;
        assert_eq!(known.status, StatusCode::OK);
        assert!(texte(&sound(&known)).contains("finage import cadastre --commune 13004"));
        for path in [
            "/commune/99999",
            "/commune/zzz",
            "/commune/%3Cscript%3E",
            "/commune/99101?section=99101000ZZ",
            "/commune/99101?section=991020000A",
            "/commune/99101?voie=-1",
            "/commune/99101?voie=99999999999999999999",
            "/commune/99101?lieudit=%27%3B--",
            "/commune/99101?section=99101000AB&page=9999",
        ] {
            let absent = town.get(path).await;
            assert_eq!(absent.status, StatusCode::NOT_FOUND, "{path}");
            sound(&absent);
        }
    });
}

#[test]
fn services_name_addresses_that_answer() {
    on_sample_town(async |town| {
        let origin = town.config.public_url();
        let html = sound(&town.get("/services").await);
        let mut asked = 0;
        for piece in html.split("class=\"copiable\">").skip(1) {
            let address = piece.split('<').next().unwrap().replace("&#38;", "&").replace("&amp;", "&");
            let path = address.strip_prefix(origin.as_str()).unwrap_or_else(|| panic!("{address}"));
            let path = path.replace("{z}/{x}/{y}", "0/0/0").replace("13004000AB0145", &town.some_parcel("true").await);
            let status = town.get(&path).await.status;
            assert!(status.is_success(), "{path}: {status}");
            asked += 1;
        }
        assert!(asked > 20, "{asked}");
    });
}

#[test]
fn only_the_publisher_declares() {
    on_empty_town(async |town| {
        let bare = texte(&sound(&town.get("/accessibilite").await));
        for expected in [
            "n'est pas renseigné",
            "Ce n'est pas l'audit d'un tiers",
            "Défenseur des droits",
            "RGAA",
            "13.12",
            "article 47",
        ] {
            assert!(bare.contains(expected), "{expected}");
        }
        assert!(!bare.contains("totalement conforme"));
        assert!(texte(&sound(&town.get("/mentions").await)).matches("ne l'a pas renseigné").count() >= 4);
        town.config.portail = Portail {
            editeur: Some("Commune <i>de Valbrume</i>".into()),
            contact: Some("accessibilite@valbrume.example".into()),
            hebergeur: Some("Syndicat".into()),
            directeur_publication: Some("La maire".into()),
            code_source: Some("https://valbrume.example/source".into()),
            ..Portail::default()
        };
        let declared = sound(&town.get("/accessibilite").await);
        assert!(
            declared.contains("Commune &#60;i&#62;de Valbrume")
                && declared.contains("mailto:accessibilite@valbrume.example")
        );
        let notice = sound(&town.get("/mentions").await);
        assert!(notice.contains("https://valbrume.example/source") && !notice.contains("ne l'a pas renseigné"));
        for expected in ["Licence Ouverte 2.0", "AGPL-3.0-or-later", "sans valeur juridique", "aucun cookie"] {
            assert!(notice.contains(expected), "{expected}");
        }
    });
}

#[test]
fn a_batch_refused_gives_the_form_back() {
    on_sample_town(async |town| {
        sound(&town.get("/extraits").await);
        let form = "application/x-www-form-urlencoded";
        let empty = town.post_raw("/extraits", form, b"references=++".to_vec()).await;
        assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
        let html = sound(&empty);
        assert!(html.contains("role=\"alert\"") && html.contains("aria-invalid=\"true\""));
        let unknown = town
            .post_raw(
                "/extraits",
                form,
                b"references=AB+1%0A%3C/textarea%3E%3Cscript%3E&format=A3&echelle=500".to_vec(),
            )
            .await;
        assert!(unknown.status.is_client_error(), "no work of that kind here: {}", unknown.status);
        let html = sound(&unknown);
        assert!(
            html.contains("AB 1\n&#60;/textarea&#62;&#60;script&#62;")
                && html.contains("<option value=\"500\" selected>")
        );
        for path in ["/travaux/nope", "/travaux/00000000-0000-4000-8000-000000000000"] {
            let absent = town.get(path).await;
            assert_eq!(absent.status, StatusCode::NOT_FOUND, "{path}");
            sound(&absent);
        }
    });
}
