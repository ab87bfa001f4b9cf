//! The table of values of a layer: each written once, found again by its code and never by its text.

use super::protobuf::{self, BYTES, FIXED32, FIXED64, VARINT, tag, varint, zigzag};

/// A value among those of a layer, in one byte.
const SHORT_VALUE: u8 = 4 << 3 | 2;
/// A text in a value, in one byte.
const SHORT_TEXT: u8 = 1 << 3 | 2;

/// A value of a property.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value<'a> {
    /// Text.
    Text(&'a str),
    /// A whole number.
    Integer(i64),
    /// A number, written in 32 bits where that loses nothing.
    Decimal(f64),
    /// Yes or no.
    Bool(bool),
}

/// Values of a layer being written.
#[derive(Debug, Default)]
pub struct ValueTable {
    bytes: Vec<u8>,
    len: u32,
    /// Open addressing over a power of two; a slot of another round is free.
    slots: Vec<Slot>,
    used: usize,
    round: u32,
}

#[derive(Debug, Clone, Copy, Default)]
struct Slot {
    key: u64,
    round: u32,
    index: u32,
}

impl ValueTable {
    /// Forgets all values, keeping memory.
    pub fn clear(&mut self) {
        self.bytes.clear();
        self.len = 0;
        self.forget_codes();
    }

    /// Codes mean other values from now on; values stay.
    pub fn forget_codes(&mut self) {
        self.used = 0;
        self.round = self.round.wrapping_add(1);
        if self.round == 0 {
            self.slots.fill(Slot::default());
            self.round = 1;
        }
    }

    /// The index of the value of this code, which `value` gives when it is not in the table yet.
    ///
    /// # Errors
    /// Those of `value`.
    #[inline]
    pub fn coded<'a, E>(&mut self, code: u64, value: impl FnOnce() -> Result<Value<'a>, E>) -> Result<u32, E> {
        if self.used * 2 >= self.slots.len() {
            self.grow();
        }
        let at = self.find(code);
        let Some(slot) = self.slots.get(at) else { return Ok(self.push(value()?)) };
        if slot.round == self.round {
            return Ok(slot.index);
        }
        let index = self.push(value()?);
        self.slots[at] = Slot { key: code, round: self.round, index };
        self.used += 1;
        Ok(index)
    }

    /// The index of a value written anew.
    #[inline]
    pub fn push(&mut self, value: Value<'_>) -> u32 {
        if let Value::Text(text) = value {
            return self.push_utf8(text.as_bytes());
        }
        let out = &mut self.bytes;
        tag(out, 4, BYTES);
        match value {
            Value::Text(_) => {}
            Value::Decimal(number) => {
                #[expect(clippy::cast_possible_truncation, reason = "kept only where it comes back the same")]
                let short = number as f32;
                if f64::from(short).to_bits() == number.to_bits() {
                    varint(out, 5);
                    tag(out, 2, FIXED32);
                    out.extend_from_slice(&short.to_le_bytes());
                } else {
                    varint(out, 9);
                    tag(out, 3, FIXED64);
                    out.extend_from_slice(&number.to_le_bytes());
                }
            }
            Value::Integer(number) => {
                let (field, number) = match u64::try_from(number) {
                    Ok(number) => (5, number),
                    Err(_) => (6, zigzag(number)),
                };
                varint(out, 1 + protobuf::varint_len(number) as u64);
                tag(out, field, VARINT);
                varint(out, number);
            }
            Value::Bool(yes) => {
                varint(out, 2);
                tag(out, 7, VARINT);
                out.push(u8::from(yes));
            }
        }
        self.len += 1;
        self.len - 1
    }

    /// The index of a text written anew; the bytes are UTF-8.
    #[inline]
    pub(crate) fn push_utf8(&mut self, text: &[u8]) -> u32 {
        let out = &mut self.bytes;
        out.reserve(text.len() + 12);
        if let Ok(len @ 0..=125) = u8::try_from(text.len()) {
            // Nearly all texts: each length takes one byte.
            out.extend_from_slice(&[SHORT_VALUE, len + 2, SHORT_TEXT, len]);
        } else {
            tag(out, 4, BYTES);
            let len = text.len() as u64;
            varint(out, 1 + protobuf::varint_len(len) as u64 + len);
            tag(out, 1, BYTES);
            varint(out, len);
        }
        out.extend_from_slice(text);
        self.len += 1;
        self.len - 1
    }

    /// The values, each a field 4 of the layer.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The slot of this code, or the free one where it goes.
    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "the mask is of the table's length")]
    fn find(&self, code: u64) -> usize {
        let mask = self.slots.len().wrapping_sub(1);
        // The high bits are those that every bit of the code had a part in.
        let mut at = code.wrapping_mul(0x9e37_79b9_7f4a_7c15).unbounded_shr(mask.leading_zeros()) as usize & mask;
        while self.slots.get(at).is_some_and(|slot| slot.round == self.round && slot.key != code) {
            at = (at + 1) & mask;
        }
        at
    }

    #[cold]
    fn grow(&mut self) {
        let kept: Vec<Slot> = self.slots.iter().filter(|slot| slot.round == self.round).copied().collect();
        self.round = self.round.max(1);
        self.slots = vec![Slot::default(); (self.slots.len() * 2).max(256)];
        for slot in kept {
            let at = self.find(slot.key);
            self.slots[at] = slot;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashMap;

    use proptest::prelude::*;

    #[test]
    fn numbers_take_their_smallest_form() {
        let mut table = ValueTable::default();
        for value in
            [Value::Integer(3), Value::Integer(-3), Value::Decimal(0.5), Value::Decimal(0.1), Value::Bool(true)]
        {
            table.push(value);
        }
        table.push(Value::Text("é"));
        let expected = [
            &[0x22, 2, 0x28, 3][..],
            &[0x22, 2, 0x30, 5],
            &[0x22, 5, 0x15, 0, 0, 0, 0x3f],
            &[0x22, 9, 0x19, 0x9a, 0x99, 0x99, 0x99, 0x99, 0x99, 0xb9, 0x3f],
            &[0x22, 2, 0x38, 1],
            &[0x22, 4, 0x0a, 2, 0xc3, 0xa9],
        ];
        assert_eq!(table.bytes(), expected.concat());
    }

    proptest! {
        #[test]
        fn a_code_keeps_its_index(codes in prop::collection::vec(0_u64..5000, 0..3000), rounds in 1..4) {
            let mut table = ValueTable::default();
            for round in 0..rounds {
                table.forget_codes();
                let mut seen = HashMap::new();
                for code in &codes {
                    let number = i64::try_from(*code).unwrap() + i64::from(round);
                    let index = table.coded(*code << 20, || Ok::<_, ()>(Value::Integer(number))).unwrap();
                    prop_assert_eq!(*seen.entry(*code).or_insert(index), index);
                }
                prop_assert_eq!(seen.values().collect::<std::collections::HashSet<_>>().len(), seen.len());
            }
        }
    }
}
