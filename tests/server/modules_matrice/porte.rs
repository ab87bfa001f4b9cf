//! The door of the server: requests of an account, and what their answers say, whatever their form.

use std::collections::{HashMap, HashSet};
use std::io::Read as _;

use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use serde_json::Value;
use tower::ServiceExt as _;

use crate::agents::Agent;
use crate::harness::Answer;
use crate::modules_documents;

/// The server, made once.
pub struct Porte {
    pub router: Router,
    /// Numbers that betray a row, by their bits: files and tiles hold them so.
    pub nombres: HashMap<u64, String>,
    /// First two bytes of those bits: files are long, and few of their bytes begin a number of the world.
    debuts: HashSet<u16>,
}

/// What was answered.
pub struct Dite {
    pub status: StatusCode,
    pub texte: String,
    pub corps: Value,
    pub pdf: bool,
}

impl Porte {
    /// A server that gives numbers away where their bits are: in big-endian as SQLite writes them, in little-endian as tiles do.
    pub fn new<'a>(router: Router, marques: impl Iterator<Item = &'a String>) -> Self {
        let decimaux = marques.filter_map(|marque| Some((marque.parse::<f64>().ok()?, marque)));
        let deux = |(nombre, marque): (f64, &String)| {
            [nombre.to_bits(), nombre.to_bits().swap_bytes()].map(|bits| (bits, marque.clone()))
        };
        let nombres: HashMap<u64, String> = decimaux.flat_map(deux).collect();
        let debuts = nombres.keys().map(|bits| debut(&bits.to_be_bytes())).collect();
        Self { router, nombres, debuts }
    }

    /// What the server says to an account, or to nobody.
    pub async fn lit(&self, compte: Option<&Agent>, chemin: &str) -> Dite {
        self.dite(&self.demande(compte, Method::GET, chemin, 1, None).await, chemin)
    }

    /// The answer to a request that says which version of a row it changes.
    pub async fn demande(
        &self,
        compte: Option<&Agent>,
        method: Method,
        chemin: &str,
        version: i32,
        corps: Option<&Value>,
    ) -> Answer {
        let version = format!("\"{version}\"");
        let mut entetes = vec![(header::IF_MATCH, version.as_str())];
        if corps.is_some() {
            entetes.push((header::CONTENT_TYPE, "application/json"));
        }
        let octets = corps.map(|corps| corps.to_string().into_bytes()).unwrap_or_default();
        if let Some(compte) = compte {
            return compte.sent(self.router.clone(), method, chemin, &entetes, octets).await;
        }
        let mut request = Request::builder().method(method).uri(chemin);
        for (nom, valeur) in entetes {
            request = request.header(nom, valeur);
        }
        let response = self.router.clone().oneshot(request.body(Body::from(octets)).unwrap()).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, 64 << 20).await.unwrap().to_vec();
        Answer { status: parts.status, headers: parts.headers, bytes }
    }

    /// An answer as text, with its headers: names of files are among them.
    pub fn dite(&self, answer: &Answer, chemin: &str) -> Dite {
        assert!(!answer.status.is_server_error(), "{chemin} {} {}", answer.status, answer.text());
        let dits = [header::CONTENT_DISPOSITION, header::ETAG, header::LINK, header::LOCATION];
        let mut texte: String = dits.iter().flat_map(|nom| [answer.header(nom), "\n"]).collect();
        texte.push_str(&self.lisible(&answer.bytes));
        if chemin.contains("/export?") {
            texte = format!("{texte}\n{}", sans_virgule(&texte));
        }
        let corps = serde_json::from_slice(&answer.bytes).unwrap_or_default();
        Dite { status: answer.status, texte, corps, pdf: answer.bytes.starts_with(b"%PDF-") }
    }

    /// Bytes as text: an archive is opened, a PDF read, and of other binary forms what is printed in them.
    pub fn lisible(&self, octets: &[u8]) -> String {
        if octets.starts_with(b"%PDF-") {
            let metadonnees = imprimes(octets);
            let texte = modules_documents::texte(octets).unwrap_or_default();
            return format!("{texte}\n{}\n{metadonnees}", sans_virgule(&texte));
        }
        if let Ok(mut archive) = zip::ZipArchive::new(std::io::Cursor::new(octets)) {
            let mut texte = String::new();
            for rang in 0..archive.len() {
                let mut contenu = Vec::new();
                let mut fichier = archive.by_index(rang).unwrap();
                texte.push_str(fichier.name());
                fichier.read_to_end(&mut contenu).unwrap();
                texte.push_str(&self.lisible(&contenu));
            }
            return texte;
        }
        match std::str::from_utf8(octets) {
            Ok(texte) if !texte.contains('\0') => texte.to_owned(),
            _ => imprimes(octets) + &self.chiffres(octets),
        }
    }

    /// Numbers of the world that are in these bytes.
    fn chiffres(&self, octets: &[u8]) -> String {
        let mut commence = vec![false; 1 << 16];
        self.debuts.iter().for_each(|debut| commence[usize::from(*debut)] = true);
        let huits = octets.windows(8).filter(|huit| commence[usize::from(debut(huit))]);
        let bits = huits.filter_map(|huit| Some(u64::from_be_bytes(huit.try_into().ok()?)));
        bits.filter_map(|bits| self.nombres.get(&bits)).flat_map(|marque| [" ", marque.as_str(), " "]).collect()
    }
}

fn debut(huit: &[u8]) -> u16 {
    u16::from_be_bytes([huit[0], huit[1]])
}

/// Runs of printed letters.
fn imprimes(octets: &[u8]) -> String {
    let lettre = |octet: &u8| if (0x20..0x7f).contains(octet) { char::from(*octet) } else { '\n' };
    let mut texte: String = octets.iter().map(lettre).collect();
    texte = texte.split('\n').filter(|mot| !mot.is_empty()).collect::<Vec<_>>().join("\n");
    texte
}

/// Numbers as programs write them, of a text that writes them for people.
fn sans_virgule(texte: &str) -> String {
    let lettres: Vec<char> = texte.chars().collect();
    let chiffre = |rang: usize| lettres.get(rang).is_some_and(char::is_ascii_digit);
    let entre = |rang: usize| rang > 0 && chiffre(rang - 1) && chiffre(rang + 1);
    let lue = |(rang, lettre): (usize, &char)| match lettre {
        ',' if entre(rang) => Some('.'),
        ' ' | '\u{a0}' | '\u{202f}' if entre(rang) => None,
        autre => Some(*autre),
    };
    lettres.iter().enumerate().filter_map(lue).collect()
}
