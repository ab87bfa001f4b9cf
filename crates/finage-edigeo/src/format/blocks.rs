//! Cuts a file into blocks (`RTY`, `RID`, records) between its BOMT and EOMT marks.

use crate::error::{At, Corruption};
use crate::format::charset::decode;
use crate::format::lines::{Line, Lines, check_charset};
use crate::format::value::identifier;

/// Most records in one block: an arc of 200,000 points is already absurd.
const MAX_RECORDS: usize = 1 << 20;

/// One descriptor block; its buffer is reused from one block to the next.
#[derive(Debug, Default)]
pub(crate) struct Block<'a> {
    /// `PNO`, `PAR`, `PFE`, `FEA`, `LNK`, `QUP`...
    pub kind: [u8; 3],
    pub id: &'a [u8],
    /// Line of RTY.
    pub line: u32,
    pub lines: Vec<Line<'a>>,
}

impl<'a> Block<'a> {
    pub fn id(&self) -> String {
        decode(self.id).into_owned()
    }

    pub fn fail<T>(&self, cause: Corruption) -> Result<T, At> {
        Err(At::new(self.line, cause))
    }

    /// The only record of that code.
    pub fn single(&self, code: &'static str) -> Result<&Line<'a>, At> {
        let mut found = self.lines.iter().filter(|line| line.is(code));
        match (found.next(), found.next()) {
            (Some(line), None) => Ok(line),
            (None, _) => self.fail(Corruption::Absent(code)),
            (_, Some(twice)) => twice.fail(Corruption::Unexpected(twice.code())),
        }
    }

    /// Checks a counter record (`ATC`, `PTC`, `FTC`...) against the number of records it announces.
    pub fn check_count(&self, code: &'static str, found: usize) -> Result<(), At> {
        let line = self.single(code)?;
        let declared = crate::format::value::count(line)?;
        if declared == found { Ok(()) } else { line.fail(Corruption::Count { code, declared, found }) }
    }
}

/// Reads the blocks of one file.
pub(crate) struct Blocks<'a> {
    lines: Lines<'a>,
    next: Option<Line<'a>>,
}

impl<'a> Blocks<'a> {
    /// Checks the BOMT mark, which carries the file's own name, and the character set.
    pub fn open(bytes: &'a [u8], file: &str) -> Result<Self, At> {
        let mut lines = Lines::new(bytes);
        let begin = |line: u32| At::new(line.max(1), Corruption::Begin { expected: file.to_uppercase() });
        match lines.next_line()? {
            Some(line) if line.is("BOM") && line.value.eq_ignore_ascii_case(file.as_bytes()) => {}
            other => return Err(begin(other.map_or(1, |line| line.number))),
        }
        let mut next = required(&mut lines)?;
        if next.is("CSE") {
            check_charset(&next)?;
            next = required(&mut lines)?;
        }
        Ok(Self { lines, next: Some(next) })
    }

    /// Fills `block` with the next one; false once EOMT is reached and nothing follows it.
    pub fn read(&mut self, block: &mut Block<'a>) -> Result<bool, At> {
        let Some(head) = self.next.take() else {
            return Ok(false);
        };
        if head.is("EOM") {
            return match self.lines.next_line() {
                Ok(None) => Ok(false),
                Ok(Some(line)) => line.fail(Corruption::AfterEnd),
                Err(at) => Err(At::new(at.line, Corruption::AfterEnd)),
            };
        }
        if !head.is("RTY") {
            return head.fail(Corruption::Unexpected(head.code()));
        }
        block.kind = <[u8; 3]>::try_from(head.value.as_ref())
            .or_else(|_| head.fail(Corruption::Block(decode(&head.value).into_owned())))?;
        block.line = head.number;
        let rid = required(&mut self.lines)?;
        if !rid.is("RID") {
            return rid.fail(Corruption::Absent("RID"));
        }
        block.id = identifier(&rid)?;
        block.lines.clear();
        loop {
            let line = required(&mut self.lines)?;
            if line.is("RTY") || line.is("EOM") {
                self.next = Some(line);
                return Ok(true);
            }
            if block.lines.len() >= MAX_RECORDS {
                return line.fail(Corruption::TooMany(MAX_RECORDS));
            }
            block.lines.push(line);
        }
    }
}

/// A record where the file may not end yet.
fn required<'a>(lines: &mut Lines<'a>) -> Result<Line<'a>, At> {
    match lines.next_line()? {
        Some(line) => Ok(line),
        None => Err(At::new(lines.number(), Corruption::End)),
    }
}
