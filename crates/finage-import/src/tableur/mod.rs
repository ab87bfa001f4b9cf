//! Spreadsheets: XLSX (ECMA-376) and ODS (ODF), read as streams, formulas never run: their last values are what is read.

mod dates;
mod ods;
mod partages;
mod xlsx;
mod xlsx_feuille;
mod xml;

pub(crate) use ods::Ods;
pub(crate) use xlsx::Xlsx;
