//! Checks of the IDU: present, well formed, of this feuille, given once.

use std::collections::HashMap;

use super::{Bench, attributes};
use crate::format::charset::decode;
use crate::model::{Class, Defect};

/// IDU of the lot's feuille and the number of times each IDU is used.
pub(super) struct Identities {
    feuille: Option<String>,
    uses: HashMap<(Class, String), u32>,
}

impl Identities {
    pub fn of(bench: &Bench<'_>) -> Self {
        let mut uses = HashMap::new();
        let mut feuilles = Vec::new();
        for feature in &bench.vectors.features {
            let Some(class) = Class::from_scd_id(feature.class).filter(|class| class.idu_length().is_some()) else {
                continue;
            };
            let Some(idu) = attributes::raw(feature, b"IDU_id").map(|value| decode(value).trim().to_owned()) else {
                continue;
            };
            if class == Class::Subdsect {
                feuilles.push(idu.clone());
            }
            *uses.entry((class, idu)).or_insert(0) += 1;
        }
        // A lot is one feuille; were it several, which one a parcelle belongs to would not show in its IDU.
        let feuille = if feuilles.len() == 1 { feuilles.pop() } else { None };
        Self { feuille: feuille.filter(|idu| is_well_formed(Class::Subdsect, idu)), uses }
    }

    /// Checks the IDU that an object of this class must carry.
    pub fn check(&self, class: Class, idu: Option<&str>) -> Result<(), Defect> {
        if class.idu_length().is_none() {
            return Ok(());
        }
        let Some(idu) = idu.filter(|idu| !idu.is_empty()) else {
            return Err(Defect::MissingIdu);
        };
        if !is_well_formed(class, idu) {
            return Err(Defect::MalformedIdu(idu.to_owned()));
        }
        if self.uses.get(&(class, idu.to_owned())).is_some_and(|uses| *uses > 1) {
            return Err(Defect::DuplicateIdu(idu.to_owned()));
        }
        match &self.feuille {
            Some(feuille) if !is_of(feuille, idu) => {
                Err(Defect::ForeignIdu { idu: idu.to_owned(), feuille: feuille.clone() })
            }
            _ => Ok(()),
        }
    }
}

/// Commune, prefix and section (8 characters, or as many as there are) must be the feuille's.
fn is_of(feuille: &str, idu: &str) -> bool {
    let shared = idu.len().min(8);
    feuille.get(..shared).is_some_and(|head| idu.starts_with(head))
}

/// commune 3, prefix 3 digits, section 2, then feuille 2 or plan number 4 digits.
fn is_well_formed(class: Class, idu: &str) -> bool {
    let bytes = idu.as_bytes();
    let digits = |range: std::ops::Range<usize>| {
        bytes.get(range.start..range.end.min(bytes.len())).is_none_or(|part| part.iter().all(u8::is_ascii_digit))
    };
    Some(bytes.len()) == class.idu_length()
        && bytes.iter().all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase())
        && digits(0..6)
        && digits(8..12)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_of_idu() {
        assert!(is_well_formed(Class::Commune, "029"));
        assert!(is_well_formed(Class::Section, "0290000A"));
        assert!(is_well_formed(Class::Subdsect, "0290000A01"));
        assert!(is_well_formed(Class::Parcelle, "029255AB0145"));
        assert!(is_well_formed(Class::Parcelle, "482000120145"), "Alsace-Moselle : section en chiffres");
        for wrong in ["", "0290000A021", "0290000A021b", "02900O0A0215", "0290000A0215 "] {
            assert!(!is_well_formed(Class::Parcelle, wrong), "{wrong}");
        }
    }
}
