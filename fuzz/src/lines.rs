//! Mutations that keep the shape of a text in lines, so that they reach what lies behind the line reader.

/// One mutation of a text whose records are `CCCVFNN:value`, their length mended. `None` when there is nothing to do.
pub fn mutate(input: &[u8], seed: u32) -> Option<Vec<u8>> {
    let mut dice = Dice(u64::from(seed) | 1 << 40);
    let mut lines: Vec<Vec<u8>> = input.split_inclusive(|&byte| byte == b'\n').map(<[u8]>::to_vec).collect();
    if lines.is_empty() {
        return None;
    }
    let (one, other) = (dice.below(lines.len()), dice.below(lines.len()));
    match dice.below(6) {
        0 => drop(lines.remove(one)),
        1 => lines.insert(one, lines[other].clone()),
        2 => lines.swap(one, other),
        3 => change_digit(&mut lines[one], &mut dice),
        // The value of another record of the same code: another face, another class, another attribute.
        4 => {
            let code = lines[one].get(..3)?.to_vec();
            let same: Vec<usize> = (0..lines.len()).filter(|&index| lines[index].starts_with(&code)).collect();
            let chosen = lines[same[dice.below(same.len())]].clone();
            lines[one] = chosen;
        }
        // A whole block, up to the blank line, somewhere else.
        _ => {
            let end = (other..lines.len()).find(|&index| lines[index].starts_with(b"\r\n")).unwrap_or(other);
            let block: Vec<_> = lines[other..end.max(other)].to_vec();
            lines.splice(one..one, block);
        }
    }
    Some(lines.concat())
}

fn change_digit(line: &mut Vec<u8>, dice: &mut Dice) {
    let start = if line.get(7) == Some(&b':') { 8 } else { 0 };
    let digits: Vec<usize> = (start..line.len()).filter(|&index| line[index].is_ascii_digit()).collect();
    if digits.is_empty() {
        return;
    }
    let at = digits[dice.below(digits.len())];
    match dice.below(4) {
        0 => line.insert(at, b'0' + dice.digit()),
        1 => drop(line.remove(at)),
        _ => line[at] = b'0' + dice.digit(),
    }
    if start > 0 {
        let length = line[start..].trim_ascii_end().len();
        if length < 100 {
            line.splice(5..7, format!("{length:02}").into_bytes());
        }
    }
}

/// Splitmix64: enough to choose.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut value = self.0;
        value = (value ^ (value >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        value = (value ^ (value >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((value ^ (value >> 31)) >> 1).unwrap_or(0) % bound.max(1)
    }

    fn digit(&mut self) -> u8 {
        u8::try_from(self.below(10)).unwrap_or(0)
    }
}
