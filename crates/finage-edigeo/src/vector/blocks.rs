//! Reads the blocks of one VEC file: PNO node, PAR arc, PFE face, FEA feature, LNK link.

use std::borrow::Cow;
use std::collections::HashMap;

use super::{Arc, Face, Feature, Key, Link, Node, SubsetIndex, Vectors};
use crate::error::{At, Corruption};
use crate::format::blocks::{Block, Blocks};
use crate::format::charset::decode;
use crate::format::lines::Line;
use crate::format::value::{coordinates, reference};
use crate::lot::schema::Schema;

/// Most attributes of one object: the schema of the PCI gives 13 to the richest.
const MAX_ATTRIBUTES: usize = 64;

/// An attribute as written.
#[derive(Debug, Clone)]
pub(crate) struct RawAttribute<'a> {
    /// Identifier in the SCD: `TEX_id`, `ID_S_ATT_DI3`...
    pub name: &'a [u8],
    /// Text still to decode; for a reference (ATR), the identifier it names.
    pub value: Cow<'a, [u8]>,
}

struct Reader<'v, 'a, 'l> {
    vectors: &'v mut Vectors<'a>,
    subset: SubsetIndex,
    lot: &'l [u8],
    schema: &'l Schema<'a>,
}

pub(super) fn read<'a>(
    vectors: &mut Vectors<'a>,
    subset: SubsetIndex,
    bytes: &'a [u8],
    lot: &[u8],
    schema: &Schema<'a>,
) -> Result<(), At> {
    let mut reader = Reader { vectors, subset, lot, schema };
    let file = reader.vectors.file(subset);
    let mut blocks = Blocks::open(bytes, file)?;
    let mut block = Block::default();
    while blocks.read(&mut block)? {
        match &block.kind {
            b"PNO" => reader.node(&block)?,
            b"PAR" => reader.arc(&block)?,
            b"PFE" => reader.face(&block)?,
            b"FEA" => reader.feature(&block)?,
            b"LNK" => reader.link(&block)?,
            other => return block.fail(Corruption::Block(decode(other).into_owned())),
        }
    }
    Ok(())
}

impl<'a> Reader<'_, 'a, '_> {
    fn node(&mut self, block: &Block<'a>) -> Result<(), At> {
        only(block, &["TYP", "COR"])?;
        self.described(block, b"ID_S_PRI_NOD")?;
        self.attributes(block)?;
        let point = coordinates(block.single("COR")?)?;
        let key = (self.subset, block.id);
        insert(&mut self.vectors.node_index, key, self.vectors.nodes.len(), block)?;
        self.vectors.nodes.push(Node { key, point, owners: 0 });
        Ok(())
    }

    fn arc(&mut self, block: &Block<'a>) -> Result<(), At> {
        only(block, &["CM1", "CM2", "TYP", "PTC", "COR"])?;
        self.described(block, b"ID_S_PRI_ARC")?;
        self.attributes(block)?;
        let start = self.vectors.points.len();
        for line in block.lines.iter().filter(|line| line.is("COR")) {
            self.vectors.points.push(coordinates(line)?);
        }
        let points = start..self.vectors.points.len();
        block.check_count("PTC", points.len())?;
        let key = (self.subset, block.id);
        insert(&mut self.vectors.arc_index, key, self.vectors.arcs.len(), block)?;
        self.vectors.arcs.push(Arc {
            key,
            points,
            left_faces: 0,
            right_faces: 0,
            start_nodes: 0,
            end_nodes: 0,
            is_off_node: false,
        });
        self.vectors.arc_owners.push(0);
        Ok(())
    }

    fn face(&mut self, block: &Block<'a>) -> Result<(), At> {
        only(block, &["CM1", "CM2"])?;
        self.described(block, b"ID_S_PRI_FAC")?;
        self.attributes(block)?;
        let key = (self.subset, block.id);
        insert(&mut self.vectors.face_index, key, self.vectors.faces.len(), block)?;
        self.vectors.faces.push(Face { key, line: block.line, edges: Vec::new(), is_cut: false, owners: 0 });
        Ok(())
    }

    fn feature(&mut self, block: &Block<'a>) -> Result<(), At> {
        only(block, &["CM1", "CM2", "REF"])?;
        let line = block.single("SCP")?;
        let class = reference(line, self.lot)?;
        self.schema.check(line, class, &[b"OBJ"])?;
        let (attributes, quality) = self.attributes(block)?;
        let key = (self.subset, block.id);
        insert(&mut self.vectors.feature_index, key, self.vectors.features.len(), block)?;
        self.vectors.features.push(Feature {
            key,
            line: block.line,
            class: class.id,
            attributes,
            quality,
            primitives: Vec::new(),
            dangling: None,
        });
        Ok(())
    }

    fn link(&mut self, block: &Block<'a>) -> Result<(), At> {
        // SNS says in which direction an arc is taken; ends that meet say it better.
        only(block, &["FTC", "FTP", "SNS"])?;
        self.attributes(block)?;
        let line = block.single("SCP")?;
        let kind = reference(line, self.lot)?;
        self.schema.check(line, kind, &[b"REL", b"ASS"])?;
        let start = self.vectors.members.len();
        for line in block.lines.iter().filter(|line| line.is("FTP")) {
            self.vectors.members.push(reference(line, self.lot)?);
        }
        let members = start..self.vectors.members.len();
        block.check_count("FTC", members.len())?;
        self.vectors.links.push(Link {
            subset: self.subset,
            line: block.line,
            id: block.id,
            kind: kind.id,
            is_association: kind.kind == b"ASS",
            members,
        });
        Ok(())
    }

    /// SCP of a primitive: it has one possible value.
    fn described(&self, block: &Block<'a>, expected: &[u8]) -> Result<(), At> {
        let line = block.single("SCP")?;
        let primitive = reference(line, self.lot)?;
        self.schema.check(line, primitive, &[b"PGE"])?;
        if primitive.id == expected { Ok(()) } else { line.fail(Corruption::Undescribed(primitive.id())) }
    }

    /// Pairs ATP (which attribute) with ATV (its value), checks ATC and QAC.
    fn attributes(&self, block: &Block<'a>) -> Result<(Vec<RawAttribute<'a>>, Option<&'a [u8]>), At> {
        let mut attributes = Vec::new();
        let mut pending: Option<&'a [u8]> = None;
        let (mut quality, mut qualities) = (None, 0);
        for line in &block.lines {
            match &line.code {
                b"ATP" => {
                    if pending.is_some() || attributes.len() >= MAX_ATTRIBUTES {
                        return line.fail(Corruption::Unexpected(line.code()));
                    }
                    let name = reference(line, self.lot)?;
                    self.schema.check(line, name, &[b"ATT"])?;
                    pending = Some(name.id);
                }
                b"ATV" => {
                    let Some(name) = pending.take() else {
                        return line.fail(Corruption::Unexpected(line.code()));
                    };
                    attributes.push(RawAttribute { name, value: self.attribute_value(line)? });
                }
                b"QAP" => {
                    qualities += 1;
                    let id = reference(line, self.lot)?.id;
                    quality = quality.or(Some(id));
                }
                _ => {}
            }
        }
        let paired = attributes.len() + usize::from(pending.is_some());
        block.check_count("ATC", paired)?;
        if pending.is_some() {
            return block.fail(Corruption::Absent("ATV"));
        }
        block.check_count("QAC", qualities)?;
        Ok((attributes, quality))
    }

    fn attribute_value(&self, line: &Line<'a>) -> Result<Cow<'a, [u8]>, At> {
        if line.format == b'P' {
            let target = reference(line, self.lot)?;
            self.schema.check(line, target, &[b"ATT"])?;
            return Ok(Cow::Borrowed(target.id));
        }
        // A text may hold anything printable; all other formats are ASCII. A control character is damage.
        let is_text = matches!(line.format, b'T' | b'A');
        if line.value.iter().any(|&byte| byte < 0x20 || byte == 0x7F || (!is_text && byte > 0x7F)) {
            return line.fail(Corruption::Character(line.code()));
        }
        Ok(line.value.clone())
    }
}

/// Refuses a record that this kind of block does not have.
fn only(block: &Block<'_>, own: &[&str]) -> Result<(), At> {
    const SHARED: [&str; 6] = ["SCP", "ATC", "ATP", "ATV", "QAC", "QAP"];
    let stranger = block.lines.iter().find(|line| !SHARED.iter().chain(own).any(|code| line.is(code)));
    stranger.map_or(Ok(()), |line| line.fail(Corruption::Unexpected(line.code())))
}

fn insert<'a>(index: &mut HashMap<Key<'a>, usize>, key: Key<'a>, position: usize, block: &Block<'a>) -> Result<(), At> {
    match index.insert(key, position) {
        None => Ok(()),
        Some(_) => block.fail(Corruption::Duplicate(block.id())),
    }
}
