//! Relations between sound objects; a link to nothing is an anomaly.

use super::labels::LABELLING;
use super::{Bench, rid};
use crate::format::charset::decode;
use crate::model::{Anomaly, Defect, Relation, RelationKind};
use crate::vector::Association;

/// Relations in file order. One whose object is in quarantine is left out: the object has its own anomaly.
pub(super) fn build(bench: &mut Bench<'_>, sound: &[bool]) -> Vec<Relation> {
    let mut relations = Vec::new();
    let mut anomalies = Vec::new();
    for association in &bench.vectors.associations {
        if let Some(Err(missing)) = association.members.iter().find(|member| member.is_err()) {
            anomalies.push(dangling(bench, association, missing));
            continue;
        }
        if association.kind == LABELLING {
            continue;
        }
        let kind = RelationKind::from_scd_id(&decode(association.kind));
        let mut members = association.members.iter().flatten().map(|member| {
            let is_sound = sound.get(*member) == Some(&true);
            bench.vectors.features.get(*member).filter(|_| is_sound).map(rid)
        });
        let Some(Some(from)) = members.next() else {
            continue;
        };
        for to in members.flatten() {
            relations.push(Relation { kind: kind.clone(), from: from.clone(), to });
        }
    }
    bench.anomalies.extend(anomalies);
    relations
}

fn dangling(bench: &Bench<'_>, association: &Association<'_>, missing: &str) -> Anomaly {
    Anomaly {
        file: bench.vectors.file(association.subset).to_owned(),
        line: association.line,
        object: decode(association.id).into_owned(),
        class: decode(association.kind).into_owned(),
        idu: None,
        defect: Defect::Dangling(missing.to_owned()),
        is_kept: false,
    }
}
