//! Modules that depend on one another in a circle: none could be loaded before the others.

use std::collections::{BTreeMap, VecDeque};

use finage_manifest::{Fault, Module};

use super::InstallationError;
use crate::modules::sources::Trouve;

/// Whether what a module depends on depends on it in turn, as the folders say.
///
/// # Errors
/// It does: loaded, neither would come before the other. The circle is named.
pub fn sans_cercle(dossiers: &BTreeMap<String, Trouve>, module: &Module) -> Result<(), InstallationError> {
    let dossier = |id: &str| {
        let trouve = dossiers.get(id).and_then(|trouve| trouve.lu.as_ref().ok());
        trouve.map_or(&[][..], |autre| autre.file.depends.as_slice())
    };
    let siens = module.file.depends.as_slice();
    let Some(cercle) = cercle(module.id(), |id| if id == module.id() { siens } else { dossier(id) }) else {
        return Ok(());
    };
    let cercle: Vec<String> = cercle.iter().map(|id| format!("« {id} »")).collect();
    let message = format!(
        "des modules dépendent en cercle les uns des autres : {} ; retirez de l'un d'eux la dépendance qui le ferme",
        cercle.join(" → ")
    );
    let causes = vec![Fault { file: "module.toml".to_owned(), line: None, message }];
    Err(InstallationError::Fautes { module: module.id().to_owned(), causes })
}

/// The shortest way from a module back to itself by what each depends on, both ends told; `None` where there is none.
fn cercle<'a>(module: &'a str, depends: impl Fn(&str) -> &'a [String]) -> Option<Vec<&'a str>> {
    let mut venus: BTreeMap<&'a str, &'a str> = BTreeMap::new();
    let mut file = VecDeque::from([module]);
    while let Some(un) = file.pop_front() {
        for autre in depends(un) {
            if autre == module {
                let mut chemin = vec![module, un];
                while let Some(avant) = chemin.last().and_then(|id| venus.get(id)) {
                    chemin.push(avant);
                }
                chemin.reverse();
                return Some(chemin);
            }
            if autre != un && !venus.contains_key(autre.as_str()) {
                venus.insert(autre, un);
                file.push_back(autre);
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_circle_is_told_from_the_module_back_to_it() {
        let depends = |id: &str| -> Vec<String> {
            let dits: &[&str] = match id {
                "un" => &["deux", "cinq"],
                "deux" => &["trois"],
                "trois" => &["quatre", "un"],
                "quatre" => &["deux"],
                "seul" => &["seul"],
                "dehors" => &["un"],
                _ => &[],
            };
            dits.iter().map(|id| (*id).to_owned()).collect()
        };
        let noms = ["un", "deux", "trois", "quatre", "cinq", "seul", "dehors"];
        let tous: BTreeMap<&str, Vec<String>> = noms.into_iter().map(|id| (id, depends(id))).collect();
        let de = |id: &'static str| cercle(id, |id| tous.get(id).map_or(&[][..], Vec::as_slice));
        assert_eq!(de("un").unwrap(), ["un", "deux", "trois", "un"]);
        assert_eq!(de("quatre").unwrap(), ["quatre", "deux", "trois", "quatre"]);
        assert_eq!(de("seul").unwrap(), ["seul", "seul"]);
        // What leads to a circle is in none.
        assert_eq!((de("dehors"), de("cinq")), (None, None));
    }
}
