//! Resolves the LNK blocks: arcs to nodes and faces, objects to primitives, objects to objects.

use super::{Association, Link, Primitive, SubsetIndex, Vectors};
use crate::error::{At, Corruption};
use crate::format::charset::decode;
use crate::format::value::Reference;

/// Prefix of the links that build a geometry.
const COMPOSITION: &[u8] = b"ID_S_RCO_";

pub(super) fn resolve<'a>(vectors: &mut Vectors<'a>) -> Result<(), (&'a str, At)> {
    let links = std::mem::take(&mut vectors.links);
    let members = std::mem::take(&mut vectors.members);
    for link in links {
        let file = vectors.file(link.subset);
        let refs = members.get(link.members.clone()).unwrap_or_default();
        one(vectors, &link, refs).map_err(|cause| (file, At::new(link.line, cause)))?;
    }
    Ok(())
}

fn one<'a>(vectors: &mut Vectors<'a>, link: &Link<'a>, members: &[Reference<'a>]) -> Result<(), Corruption> {
    if link.is_association {
        let members = members.iter().map(|member| feature(vectors, *member)).collect();
        let Link { subset, line, id, kind, .. } = *link;
        vectors.associations.push(Association { subset, line, id, kind, members });
        return Ok(());
    }
    match link.kind.strip_prefix(COMPOSITION) {
        Some(b"NOD_INI") => end(vectors, link, members, true),
        Some(b"NOD_FIN") => end(vectors, link, members, false),
        Some(b"FAC_GCHE") => side(vectors, link, members, true),
        Some(b"FAC_DRTE") => side(vectors, link, members, false),
        // A point lying in a face or on an arc: geometry says so already.
        Some(b"NOD_INCLUS_DANS" | b"NOD_APPT_A") => Ok(()),
        Some(class) => composition(vectors, link, members, class),
        None => Err(Corruption::Undescribed(decode(link.kind).into_owned())),
    }
}

/// The DGFiP names these links after what they join (`Compo_LPO_Arc_711_Face_1798`): a damaged reference shows.
fn check_name(link: &Link<'_>, code: &str, first: &[u8], second: &[u8]) -> Result<(), Corruption> {
    let Some(rest) = link.id.strip_prefix(b"Compo_") else {
        return Ok(());
    };
    let expected = [code.as_bytes(), b"_", first, b"_", second].concat();
    if rest == expected { Ok(()) } else { Err(Corruption::LinkName(decode(link.id).into_owned())) }
}

fn pair<'a, 'm>(members: &'m [Reference<'a>]) -> Result<(&'m Reference<'a>, &'m Reference<'a>), Corruption> {
    match members {
        [first, second] => Ok((first, second)),
        _ => Err(Corruption::Count { code: "FTC", declared: members.len(), found: 2 }),
    }
}

/// An arc and the node it starts from or ends at.
fn end<'a>(
    vectors: &mut Vectors<'a>,
    link: &Link<'a>,
    members: &[Reference<'a>],
    is_start: bool,
) -> Result<(), Corruption> {
    let (arc, node) = pair(members)?;
    check_name(link, if is_start { "IND" } else { "FND" }, arc.id, node.id)?;
    let index = local(vectors, link.subset, *arc, "PAR", &vectors.arc_index)?;
    let Some(index) = index else {
        return Err(dangling(arc));
    };
    let point =
        local(vectors, link.subset, *node, "PNO", &vectors.node_index)?.and_then(|node| vectors.node_point(node));
    let points = vectors.arc_points(index);
    let tip = if is_start { points.first() } else { points.last() }.copied();
    if let Some(arc) = vectors.arcs.get_mut(index) {
        let counter = if is_start { &mut arc.start_nodes } else { &mut arc.end_nodes };
        *counter = counter.saturating_add(1);
        arc.is_off_node |= point.is_none() || point != tip;
    }
    Ok(())
}

/// An arc and the face on one of its sides.
fn side<'a>(
    vectors: &mut Vectors<'a>,
    link: &Link<'a>,
    members: &[Reference<'a>],
    is_left: bool,
) -> Result<(), Corruption> {
    let (arc, face) = pair(members)?;
    check_name(link, if is_left { "LPO" } else { "RPO" }, arc.id, face.id)?;
    let arc_index = local(vectors, link.subset, *arc, "PAR", &vectors.arc_index)?;
    let face_index = local(vectors, link.subset, *face, "PFE", &vectors.face_index)?;
    // Which object loses a part of its contour cannot be told: the file is damaged.
    let Some(face) = face_index.and_then(|index| vectors.faces.get_mut(index)) else {
        return Err(dangling(face));
    };
    let Some(index) = arc_index else {
        face.is_cut = true;
        return Ok(());
    };
    face.edges.push((index, is_left));
    if let Some(arc) = vectors.arcs.get_mut(index) {
        let counter = if is_left { &mut arc.left_faces } else { &mut arc.right_faces };
        *counter = counter.saturating_add(1);
    }
    Ok(())
}

/// An object and the primitives it is made of: one link for all, or one for each.
fn composition<'a>(
    vectors: &mut Vectors<'a>,
    link: &Link<'a>,
    members: &[Reference<'a>],
    class: &[u8],
) -> Result<(), Corruption> {
    let Some((head, parts)) = members.split_first() else {
        return Err(Corruption::Count { code: "FTC", declared: 0, found: 2 });
    };
    let owner = feature(vectors, *head).map_err(Corruption::Undescribed)?;
    let named = vectors.features.get(owner).map_or(&[][..], |feature| feature.class);
    if named.strip_prefix(b"ID_S_OBJ_").unwrap_or(named) != class {
        return Err(Corruption::LinkName(decode(link.kind).into_owned()));
    }
    for part in parts {
        let found = primitive(vectors, *part)?;
        match found {
            Some(Primitive::Node(node)) => {
                if let Some(node) = vectors.nodes.get_mut(node) {
                    node.owners = node.owners.saturating_add(1);
                }
            }
            Some(Primitive::Arc(arc)) => {
                if let Some(owners) = vectors.arc_owners.get_mut(arc) {
                    *owners = owners.saturating_add(1);
                }
            }
            Some(Primitive::Face(face)) => {
                if let Some(face) = vectors.faces.get_mut(face) {
                    face.owners = face.owners.saturating_add(1);
                }
            }
            None => {}
        }
        if let Some(feature) = vectors.features.get_mut(owner) {
            match found {
                Some(primitive) => feature.primitives.push(primitive),
                None => feature.dangling = Some(part.id()),
            }
        }
    }
    Ok(())
}

fn primitive<'a>(vectors: &Vectors<'a>, reference: Reference<'a>) -> Result<Option<Primitive>, Corruption> {
    let Some(subset) = vectors.subset_index(reference.subset) else {
        return Ok(None);
    };
    let key = (subset, reference.id);
    Ok(match reference.kind {
        b"PNO" => vectors.node_index.get(&key).copied().map(Primitive::Node),
        b"PAR" => vectors.arc_index.get(&key).copied().map(Primitive::Arc),
        b"PFE" => vectors.face_index.get(&key).copied().map(Primitive::Face),
        other => return Err(Corruption::Reference(decode(other).into_owned())),
    })
}

/// Index of a feature, or its identifier when it does not exist.
fn feature<'a>(vectors: &Vectors<'a>, reference: Reference<'a>) -> Result<usize, String> {
    let found = vectors
        .subset_index(reference.subset)
        .filter(|_| reference.kind == b"FEA")
        .and_then(|subset| vectors.feature_index.get(&(subset, reference.id)).copied());
    found.ok_or_else(|| reference.id())
}

/// Index of a primitive that must lie in the link's own subset and be of that kind.
fn local<'a>(
    vectors: &Vectors<'a>,
    subset: SubsetIndex,
    reference: Reference<'a>,
    kind: &str,
    index: &std::collections::HashMap<super::Key<'a>, usize>,
) -> Result<Option<usize>, Corruption> {
    if reference.kind != kind.as_bytes() || vectors.subset_index(reference.subset) != Some(subset) {
        return Err(dangling(&reference));
    }
    Ok(index.get(&(subset, reference.id)).copied())
}

fn dangling(reference: &Reference<'_>) -> Corruption {
    Corruption::Reference(reference.id())
}
