//! Whether the templates of a module can be read, before it is installed.

use std::collections::BTreeMap;

use finage_documents::{Gabarit, GabaritError};
use finage_manifest::{Fault, Folder, Module};

/// Everything wrong in the templates of a module; blocking, a few milliseconds a template.
#[must_use]
pub fn controle(module: &Module) -> Vec<Fault> {
    let documents = || module.objects.values().flat_map(|objet| &objet.file.documents);
    let joints = joints(&module.folder, || documents().map(|document| document.template.as_str()));
    let mut fautes = Vec::new();
    for document in documents() {
        let chemin = format!("documents/{}", document.template);
        let Ok(texte) = module.folder.text(&chemin) else { continue };
        if let Err(cause) = Gabarit::compile(texte, joints.clone()) {
            fautes.extend(dites(&chemin, &cause));
        }
    }
    fautes
}

fn dites(chemin: &str, cause: &GabaritError) -> Vec<Fault> {
    let GabaritError::Gabarit(defauts) = cause else {
        return vec![Fault { file: chemin.to_owned(), line: None, message: cause.to_string() }];
    };
    let dite = |defaut: &finage_documents::Defaut| Fault {
        file: defaut.fichier.as_ref().map_or_else(|| chemin.to_owned(), |fichier| format!("documents/{fichier}")),
        line: defaut.place.map(|(ligne, _)| ligne),
        message: defaut.phrase.clone(),
    };
    defauts.iter().map(dite).collect()
}

/// Files of `documents/` that templates may name: pictures, and texts that are no template themselves.
pub(super) fn joints<'a, G: Iterator<Item = &'a str>>(
    folder: &Folder,
    gabarits: impl Fn() -> G,
) -> BTreeMap<String, Vec<u8>> {
    let admis = |nom: &str| {
        let texte = nom.ends_with(".typ") && !gabarits().any(|gabarit| gabarit == nom);
        !nom.contains('/') && (texte || [".png", ".jpg", ".jpeg", ".svg"].iter().any(|fin| nom.ends_with(fin)))
    };
    let fichiers = folder.iter().filter_map(|(chemin, octets)| Some((chemin.strip_prefix("documents/")?, octets)));
    fichiers.filter(|(nom, _)| admis(nom)).map(|(nom, octets)| (nom.to_owned(), octets.to_vec())).collect()
}
