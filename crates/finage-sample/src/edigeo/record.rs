//! EDIGEO lines: `CCC` code, `V` nature, `F` format, length, value; CRLF; ISO 8859-1.

/// A file of the lot being written.
#[derive(Debug)]
pub struct Records {
    bytes: Vec<u8>,
}

impl Records {
    /// Opens a file: its header names it.
    pub fn new(file_name: &str) -> Self {
        let mut records = Self { bytes: Vec::new() };
        records.raw("BOMT ", file_name);
        records.raw("CSET ", "IRV");
        records.blank();
        records
    }

    /// Starts a block: record type, identifier, then a blank line.
    pub fn block(&mut self, kind: &str, id: &str) -> &mut Self {
        self.field("RTYSA", kind).field("RIDSA", id).blank()
    }

    /// One line; `code` is the code, nature and format together (`SCPCP`).
    pub fn field(&mut self, code: &str, value: &str) -> &mut Self {
        self.raw(code, value);
        self
    }

    /// A text in ISO 8859-1, announced as such.
    pub fn text(&mut self, code: &str, value: &str) -> &mut Self {
        self.field("TEXT ", "8859-1").field(code, value)
    }

    /// A blank line.
    pub fn blank(&mut self) -> &mut Self {
        self.bytes.extend_from_slice(b"\r\n");
        self
    }

    /// Closes a block that has no attribute nor quality of its own.
    pub fn end_bare(&mut self) -> &mut Self {
        self.field("ATCSN", "0").field("QACSN", "0").blank()
    }

    /// The file's bytes, with its last line.
    pub fn finish(mut self) -> Vec<u8> {
        self.raw("EOMT ", "");
        self.bytes
    }

    fn raw(&mut self, code: &str, value: &str) {
        let value = latin1(value);
        self.bytes.extend_from_slice(code.as_bytes());
        self.bytes.extend_from_slice(format!("{:02}:", value.len()).as_bytes());
        self.bytes.extend_from_slice(&value);
        self.blank();
    }
}

/// ISO 8859-1; it has no `œ`, which the plan writes in two letters.
fn latin1(value: &str) -> Vec<u8> {
    let spelled = value.replace('Œ', "OE").replace('œ', "oe").replace('’', "'");
    spelled.chars().map(|c| u8::try_from(u32::from(c)).unwrap_or(b'?')).collect()
}

/// A coordinate pair: `+648240.00;+6367520.00;`.
pub fn coordinates(p: crate::geometry::Pt) -> String {
    format!("{:+.2};{:+.2};", p.x, p.y)
}

/// A real with a trailing point: `+226060.`.
pub fn whole(value: u32) -> String {
    format!("+{value}.")
}

/// A real with six decimals.
pub fn real(value: f64) -> String {
    format!("{:+.6}", value + 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_count_latin1_bytes() {
        let mut records = Records::new("E000AB01.THF");
        records.text("ATVST", "Œuf d'été");
        let bytes = records.finish();
        let text: String = bytes.iter().map(|b| char::from(*b)).collect();
        assert!(text.starts_with("BOMT 12:E000AB01.THF\r\nCSET 03:IRV\r\n\r\n"));
        assert!(text.contains("TEXT 06:8859-1\r\nATVST10:OEuf d'été\r\n"));
        assert!(text.ends_with("EOMT 00:\r\n"));
    }
}
