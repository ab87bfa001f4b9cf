//! Reports: their queries, and what they say of their columns.

use super::{Known, Wrong};
use crate::module::is_identifier;
use crate::{Fault, Module, OPEN, Query, QueryType, Report, ReportTable};

/// Reports of a module, and tables of one, at most.
const MAX: usize = 20;
/// Bounds of a number that a reader sets.
const BOUND: i64 = 1_000_000;

pub(super) fn check(module: &Module, known: &Known, faults: &mut Vec<Fault>) {
    for (rank, report) in module.file.reports.iter().enumerate() {
        let rank = rank.to_string();
        let mut wrong = Wrong { file: "module.toml", places: &module.places, faults };
        let twice = module.file.reports.iter().filter(|other| other.id == report.id).count() > 1;
        if !is_identifier(&report.id, 40) || twice || module.file.reports.len() > MAX {
            wrong.say(
                &["reports", &rank, "id"],
                format!("« {} » ne peut pas nommer un bilan : un mot en minuscules, une seule fois", report.id),
            );
        }
        if report.tables.is_empty() || report.tables.len() > MAX {
            wrong.say(&["reports", &rank, "tables"], format!("un bilan a de 1 à {MAX} tableaux"));
        }
        for (name, param) in &report.params {
            let good =
                -BOUND <= param.min && param.min <= param.default && param.default <= param.max && param.max <= BOUND;
            if !good || !is_identifier(name, 40) || name == "aujourd_hui" {
                wrong.say(
                    &["reports", &rank, "params", name],
                    "un paramètre est un mot en minuscules, et sa valeur proposée est entre ses bornes",
                );
            }
        }
        for table in &report.tables {
            self::table(module, known, report, table, faults);
        }
    }
}

fn table(module: &Module, known: &Known, report: &Report, table: &ReportTable, faults: &mut Vec<Fault>) {
    let file = format!("reports/{}", table.query);
    let read = module.folder.text(&file).and_then(|text| Query::read(&file, text));
    let query = match read {
        Ok(query) => query,
        Err(fault) => {
            faults.push(fault);
            return;
        }
    };
    let mut say = |message: String| faults.push(Fault::new(&file, None, message));
    if !is_identifier(&table.id, 40) {
        say(format!("« {} » ne peut pas nommer un tableau", table.id));
    }
    for object in query.objects().filter(|object| !OPEN.contains(object)) {
        let there = match object.split_once('.') {
            None => module.objects.contains_key(object),
            Some((of, _)) => {
                (of == module.id() || module.file.depends.iter().any(|id| id == of))
                    && known.objects.contains_key(object)
            }
        };
        if !there {
            say(format!("« {{{{{object}}}}} » n'est pas un objet de ce module ni d'un module de « depends »"));
        }
    }
    for (name, kind) in &query.params {
        let given = if name == "aujourd_hui" {
            Some(QueryType::Date)
        } else {
            report.params.contains_key(name).then_some(QueryType::Integer)
        };
        if given != Some(*kind) {
            say(format!("le paramètre « {name} » est aujourd_hui (date) ou un paramètre du bilan (integer)"));
        }
    }
    let of = |name: &str| query.results.iter().find(|(result, _)| result == name).map(|(_, kind)| *kind);
    for name in table.columns.keys().filter(|name| of(name).is_none()) {
        say(format!("la requête ne donne pas « {name} »"));
    }
    if let Some(bars) =
        table.bars.as_ref().filter(|bars| !matches!(of(bars), Some(QueryType::Integer | QueryType::Decimal)))
    {
        say(format!("« {bars} » n'est pas un nombre que donne la requête"));
    }
}
