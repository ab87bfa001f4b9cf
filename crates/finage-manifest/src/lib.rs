//! A business module is a folder: this crate reads it, and says whether it agrees with the database.
//!
//! [`Folder`] holds the files, [`Module::read`] makes typed values of them, [`check`] compares these with a
//! [`Catalogue`] of the database and gives every [`Fault`] with its file and line. SQL is the truth for storage, the
//! manifest for meaning: what the catalogue says is not said again, and what both say must agree. [`scaffold`] makes a first
//! module of tables that are already there. Nothing here knows a database: the catalogue is a value.

pub mod catalogue;
mod check;
mod codes;
mod error;
mod fields;
mod folder;
mod import;
mod module;
mod object;
mod place;
mod public;
mod query;
mod report;
mod scaffold;
mod schema;
mod title;

pub use catalogue::{Catalogue, Column, ForeignKey, Table};
pub use check::{Known, check, check_sql};
pub use codes::{Code, Codes};
pub use error::Fault;
pub use fields::{Resolved, resolve};
pub use folder::{Folder, MAX_FILE, MAX_FOLDER};
pub use import::{Import, ImportColumn, ImportFile, ImportFormat, ImportGeometry};
pub use module::{Card, CardKind, Final, MAX_OBJECTS, Menu, Migration, Module, ModuleFile, Purpose, Role};
pub use object::{
    Anchor, Computed, Document, Field, Fields, Format, Given, Group, Guard, GuardCase, Kind, Labels, Layer, List,
    Object, ObjectFile, Personal, Register, Required, Right, RightAction, Series, Shortcut, Step, Tab, Unique, Walk,
    Workflow,
};
pub use public::{Deposit, Page, Paragraph, Search};
pub use query::{OPEN, Query, QueryPart, QueryType};
pub use report::{Report, ReportParam, ReportTable};
pub use scaffold::{Adoption, FRAMEWORK, Scaffold, ScaffoldError, scaffold};
pub use schema::{import_schema, module_schema, object_schema};
pub use title::{Piece, pieces};

/// The version of the manifest that this engine promises to read.
pub const ENGINE: u32 = 1;
/// Columns that the engine adds to every table of an object, and that no manifest names.
pub const SYSTEM: [&str; 6] = ["id", "collectivite", "insee", "version", "creee_le", "archivee_le"];
