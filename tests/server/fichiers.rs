//! Files attached to annotations: kinds, rights, what lies on the disk.

use axum::http::{Method, StatusCode, header};
use serde_json::json;

use crate::agents::{Agent, Tenu, agent, milieu, monde_trace};
use crate::harness::{Answer, Town, on_empty_town};

const AGENT: Tenu<'static> = Tenu { role: "agent", finalites: &[], communes: None };
const LECTEUR: Tenu<'static> = Tenu { role: "lecteur", finalites: &[], communes: None };
const PDF: &[u8] = b"%PDF-1.4\n%essai\n";

/// The data directory of a test, and an annotation to hang files on.
async fn lieu(town: &mut Town, who: &Agent) -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    folder.path().clone_into(&mut town.config.data_dir);
    let body = json!({"champs": {"titre": "Avec fichiers"}, "geometrie": milieu(town, "99101").await});
    let made = who.post(town, "/api/annotations", &body).await.json();
    (folder, format!("/api/annotations/{}/fichiers", made["id"].as_str().unwrap()))
}

async fn send(town: &Town, who: &Agent, place: &str, nom: &str, octets: &[u8]) -> Answer {
    let headers = [(header::CONTENT_TYPE, "application/octet-stream")];
    who.raw(town, Method::POST, &format!("{place}?nom={nom}"), &headers, octets.to_vec()).await
}

#[test]
fn a_file_is_attached_given_back_and_taken_off() {
    on_empty_town(async |town| {
        monde_trace(town).await;
        let agent = agent(town, "99101", AGENT).await;
        let (folder, place) = lieu(town, &agent).await;
        let sent = send(town, &agent, &place, "../Plan%20de%20l%27%C3%A9t%C3%A9.pdf", PDF).await;
        assert_eq!(sent.status, StatusCode::CREATED, "{}", sent.text());
        let file = sent.json()[0].clone();
        assert_eq!((&file["nom"], &file["type"]), (&json!("Plan de l'été.pdf"), &json!("application/pdf")));
        let form = "--b\r\nContent-Disposition: form-data; name=\"fichier\"; filename=\"note.txt\"\r\n\r\nBonjour\r\n--b--\r\n";
        let kind = [(header::CONTENT_TYPE, "multipart/form-data; boundary=b")];
        let sent = agent.raw(town, Method::POST, &place, &kind, form.as_bytes().to_vec()).await;
        assert_eq!((sent.status, &sent.json()[1]["octets"]), (StatusCode::CREATED, &json!(7)), "{}", sent.text());

        let path = format!("/api/fichiers/{}", file["id"].as_str().unwrap());
        let given = agent.get(town, &path).await;
        assert_eq!((given.status, given.bytes.as_slice()), (StatusCode::OK, PDF));
        assert!(given.header(&header::CONTENT_DISPOSITION).starts_with("attachment;"));
        assert_eq!(given.header(&header::CONTENT_SECURITY_POLICY), "sandbox; default-src 'none'");
        assert_eq!(given.header(&header::X_CONTENT_TYPE_OPTIONS), "nosniff");

        // One content, one file, under its digest; nothing else.
        send(town, &agent, &place, "autre.pdf", PDF).await;
        let mut lying = Vec::new();
        for letters in std::fs::read_dir(folder.path().join("fichiers")).unwrap() {
            lying.extend(std::fs::read_dir(letters.unwrap().path()).unwrap().map(|file| file.unwrap().file_name()));
        }
        assert_eq!(lying.len(), 2, "{lying:?}");
        assert!(lying.iter().all(|name| name.len() == 64));

        assert_eq!(agent.delete(town, &path).await.status, StatusCode::NO_CONTENT);
        assert_eq!(agent.get(town, &path).await.status, StatusCode::NOT_FOUND);
        assert_eq!(agent.get(town, &place).await.json().as_array().unwrap().len(), 2);
        let kept: i64 = sqlx::query_scalar("select count(*) from core.piece_jointe where nom = 'Plan de l''été.pdf'")
            .fetch_one(&mut town.owner)
            .await
            .unwrap();
        assert_eq!(kept, 1);
    });
}

#[test]
fn a_file_has_the_rights_of_its_annotation() {
    on_empty_town(async |town| {
        monde_trace(town).await;
        let (mine, reader) = (agent(town, "99101", AGENT).await, agent(town, "99101", LECTEUR).await);
        let (epci, other) = (agent(town, "ccvo", AGENT).await, agent(town, "99102", AGENT).await);
        let dpo = agent(town, "99101", Tenu { role: "dpo", ..AGENT }).await;
        let (folder, place) = lieu(town, &mine).await;
        let sent = send(town, &mine, &place, "plan.pdf", PDF).await.json();
        let path = format!("/api/fichiers/{}", sent[0]["id"].as_str().unwrap());
        for who in [&reader, &epci] {
            assert_eq!(who.get(town, &path).await.bytes, PDF);
        }
        assert_eq!(reader.delete(town, &path).await.status, StatusCode::FORBIDDEN);
        assert_eq!(send(town, &reader, &place, "a.pdf", PDF).await.status, StatusCode::FORBIDDEN);
        assert_eq!(dpo.get(town, &path).await.status, StatusCode::FORBIDDEN);
        for answer in [
            other.get(town, &path).await,
            other.get(town, &place).await,
            other.delete(town, &path).await,
            send(town, &other, &place, "a.txt", b"autre contenu").await,
        ] {
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{}", answer.text());
        }
        assert_eq!(town.get(&path).await.status, StatusCode::UNAUTHORIZED);
        // Who may not attach leaves nothing on the disk either.
        let contents = std::fs::read_dir(folder.path().join("fichiers")).unwrap().count();
        assert_eq!(contents, 1);
        // The mission ends: the file goes with the annotation.
        sqlx::raw_sql("update acces.mission set au = core.jour(insee) where mission = 'sig'")
            .execute(&mut town.owner)
            .await
            .unwrap();
        assert_eq!(epci.get(town, &path).await.status, StatusCode::NOT_FOUND);
    });
}

#[test]
fn what_is_not_taken_says_why() {
    on_empty_town(async |town| {
        monde_trace(town).await;
        let agent = agent(town, "99101", AGENT).await;
        let (folder, place) = lieu(town, &agent).await;
        let long = vec![b'a'; (20 << 20) + 1];
        for (nom, octets, status, cause) in [
            ("page.html", &b"<script>alert(1)</script>"[..], 415, "n'est pas accept"),
            ("plan.pdf", b"MZ", 415, "annonce son nom"),
            ("note.txt", b"", 400, "vide"),
            ("", b"abc", 415, "n'est pas accept"),
            ("long.txt", &long, 413, "Mio"),
        ] {
            let answer = send(town, &agent, &place, nom, octets).await;
            assert_eq!(answer.status.as_u16(), status, "{nom} {}", answer.text());
            assert!(answer.text().contains(cause), "{nom} {}", answer.text());
        }
        assert!(!folder.path().join("fichiers").exists());
        // A folder that cannot be written: no row without its file.
        std::fs::write(folder.path().join("fichiers"), b"x").unwrap();
        assert_eq!(send(town, &agent, &place, "plan.pdf", PDF).await.status, StatusCode::INTERNAL_SERVER_ERROR);
        assert_eq!(agent.get(town, &place).await.json(), json!([]));
    });
}

#[test]
fn a_file_changed_on_the_disk_is_not_given() {
    on_empty_town(async |town| {
        monde_trace(town).await;
        let agent = agent(town, "99101", AGENT).await;
        let (folder, place) = lieu(town, &agent).await;
        let sent = send(town, &agent, &place, "note.txt", b"Bonjour").await.json();
        let letters = std::fs::read_dir(folder.path().join("fichiers")).unwrap().next().unwrap().unwrap().path();
        let file = std::fs::read_dir(letters).unwrap().next().unwrap().unwrap().path();
        std::fs::write(file, b"Bonsoir").unwrap();
        let given = agent.get(town, &format!("/api/fichiers/{}", sent[0]["id"].as_str().unwrap())).await;
        assert_eq!(given.status, StatusCode::INTERNAL_SERVER_ERROR);
        assert!(!given.text().contains("Bonsoir"));
    });
}
