//! `objects/*.toml` of a table: its words, its tabs, its rights, its layer.

use std::fmt::Write as _;

use super::Adoption;
use super::plan::{Owner, Plan, Taken, help, is_rich, is_text};
use super::toml::{list, quoted};
use super::words::{short, spoken};
use crate::Column;

/// Words of columns that hold euros, where they have two decimals.
const MONEY: [&str; 6] = ["montant", "prix", "tarif", "cout", "valeur", "total"];

pub(super) fn object_file(adoption: &Adoption, plan: &Plan<'_>, table: &Taken<'_>) -> String {
    let (label, plural) = table.labels();
    let title = table.title();
    let mut text = format!(
        "#:schema ../.schemas/object.schema.json\ntable = {}\nlabel = {}\nplural = {}\ntitle = {}\n",
        quoted(&format!("{}.{}", adoption.id, table.name)),
        quoted(&label),
        quoted(&plural),
        quoted(&title.iter().map(|name| format!("{{{name}}}")).collect::<Vec<_>>().join(" "))
    );
    if let Some(geometry) = table.geometry() {
        let _ = writeln!(text, "geometry = {}", quoted(&geometry.name));
    }
    if let Some(key) = business_key(table) {
        let _ = writeln!(text, "key = {}", list([key]));
    }
    if table.valid() {
        text.push_str("valid = [\"om_validite_debut\", \"om_validite_fin\"]\n");
    }
    match &table.owner {
        Owner::Through(column) if table.column(column).is_some_and(|column| column.not_null) => {
            let _ = writeln!(text, "parent = {}", quoted(column));
        }
        Owner::Shared => text.push_str("shared = true\n"),
        _ => {}
    }
    for column in
        table.columns.iter().filter(|column| table.hidden.contains(&column.name) && !title.contains(&column.name))
    {
        let _ = write!(text, "\n[fields.{}]\nhidden = true\n", column.name);
    }
    for column in table.shown() {
        text.push_str(&field(column, &title));
        text.push_str(&choice(plan, table, column).unwrap_or_default());
    }
    for (child, by) in tabs(plan, table) {
        let _ = write!(text, "\n[[tabs]]\nobject = {}\nby = {}\n", quoted(child), quoted(by));
    }
    if table.valid() {
        text.push_str(
            "\n[[lists]]\nid = \"en_cours\"\nlabel = \"En cours de validité\"\nwhere = \"(om_validite_debut is null or om_validite_debut <= today()) and (om_validite_fin is null or om_validite_fin > today())\"\n",
        );
    }
    text.push_str("\n[[rights]]\nrole = \"agent\"\nactions = [\"read\", \"create\", \"change\", \"archive\", \"print\", \"export\"]\n");
    text.push_str("\n[[rights]]\nrole = \"lecteur\"\nactions = [\"read\", \"export\"]\n");
    if table.geometry().is_some() {
        let published = title.iter().map(String::as_str).filter(|name| table.column(name).is_some_and(is_text));
        let _ = write!(text, "\n[layer]\nzoom = [12, 22]\nagent = {}\n", list(published));
    }
    text
}

/// A row whose validity is over is read where it was chosen, and is chosen no more.
fn choice(plan: &Plan<'_>, table: &Taken<'_>, column: &Column) -> Option<String> {
    let (_, target, _) = table.references.iter().find(|(name, ..)| *name == column.name)?;
    let named = plan.tables.iter().find(|other| other.name == *target && other.valid())?;
    let (start, end) = (format!("{}.om_validite_debut", named.name), format!("{}.om_validite_fin", named.name));
    let condition = format!("({start} is null or {start} <= today()) and ({end} is null or {end} > today())");
    Some(format!("choose = {}\n", quoted(&condition)))
}

fn field(column: &Column, title: &[String]) -> String {
    let label = short(column.comment.as_ref()).unwrap_or_else(|| spoken(&column.name));
    let mut text = format!("\n[fields.{}]\nlabel = {}\n", column.name, quoted(&label));
    if let Some(help) = help(column) {
        let _ = writeln!(text, "help = {}", quoted(&help));
    }
    let money =
        column.base == "numeric" && column.scale == Some(2) && MONEY.iter().any(|word| column.name.contains(word));
    let kind = match column.base.as_str() {
        _ if is_rich(column) => Some("rich"),
        "text" if !title.contains(&column.name) => Some("longtext"),
        _ if money => Some("money"),
        _ => None,
    };
    if let Some(kind) = kind {
        let _ = writeln!(text, "kind = {}", quoted(kind));
    }
    text
}

/// A text that no two rows have alike, by which an import knows a row again.
fn business_key<'a>(table: &'a Taken<'_>) -> Option<&'a str> {
    let unique = |column: &&Column| {
        column.not_null
            && is_text(column)
            && table.source.unique.iter().any(|one| one.len() == 1 && one[0] == column.name)
    };
    table.shown().find(unique).map(|column| column.name.as_str())
}

/// Objects whose rows name a row of this one, each by its first reference, one that is never empty before others.
fn tabs<'a>(plan: &'a Plan<'_>, table: &Taken<'_>) -> Vec<(&'a str, &'a str)> {
    if table.lookup || table.owner == Owner::Shared {
        return Vec::new();
    }
    let by = |child: &'a Taken<'_>| {
        let mut ours: Vec<&'a str> = child
            .references
            .iter()
            .filter(|(_, target, _)| *target == table.name)
            .map(|(column, ..)| column.as_str())
            .collect();
        ours.sort_by_key(|name| !child.column(name).is_some_and(|column| column.not_null));
        ours.first().map(|column| (child.name.as_str(), *column))
    };
    plan.tables.iter().filter_map(by).collect()
}
