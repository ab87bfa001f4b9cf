//! `objects/*.toml`: what a table means to people.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::module::Final;
use crate::place::Places;
use crate::public::{Deposit, Page};

/// An object of a module: its file, and where keys stand in it.
#[derive(Debug)]
pub struct Object {
    /// Short name, within the module.
    pub name: String,
    /// Path of its file.
    pub path: String,
    /// What its file says.
    pub file: ObjectFile,
    pub(crate) places: Places,
}

/// `objects/*.toml`.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ObjectFile {
    /// Its table: `schema.table`.
    pub table: String,
    /// Name shown, singular.
    pub label: String,
    /// Name shown, plural; an « s » more unless told.
    #[serde(default)]
    pub plural: Option<String>,
    /// What a row is called: `{allee.libelle} n° {numero}`.
    pub title: String,
    /// Its geometry column.
    #[serde(default)]
    pub geometry: Option<String>,
    /// Features to which its rows are linked.
    #[serde(default)]
    pub anchor: Vec<Anchor>,
    /// Numbers its rows without a gap.
    #[serde(default)]
    pub register: Option<Register>,
    /// Fields by which an import knows a row again.
    #[serde(default)]
    pub key: Vec<String>,
    /// Fields that begin and end its validity.
    #[serde(default)]
    pub valid: Option<[String; 2]>,
    /// Reference whose row commands the rights on this one: who may not see it sees not this one.
    #[serde(default)]
    pub parent: Option<String>,
    /// Whether agents of every collectivité read its rows, where a right lets them: what all choose from. Only its owner writes it.
    #[serde(default)]
    pub shared: bool,
    /// What fields mean; those that are not said are shown as the database describes them.
    #[serde(default)]
    pub fields: BTreeMap<String, Field>,
    /// Fields together, in the order of forms.
    #[serde(default)]
    pub groups: Vec<Group>,
    /// Objects shown on the sheet, by the reference that they have to this one.
    #[serde(default)]
    pub tabs: Vec<Tab>,
    /// What is made from the sheet in one press, filled from its row.
    #[serde(default)]
    pub shortcuts: Vec<Shortcut>,
    /// Lists ready made.
    #[serde(default)]
    pub lists: Vec<List>,
    /// States and steps.
    #[serde(default)]
    pub workflow: Option<Workflow>,
    /// What roles may do.
    #[serde(default)]
    pub rights: Vec<Right>,
    /// Its layer.
    #[serde(default)]
    pub layer: Option<Layer>,
    /// Letters and acts.
    #[serde(default)]
    pub documents: Vec<Document>,
    /// Its labels: the document « etiquettes ».
    #[serde(default)]
    pub labels: Option<Labels>,
    /// Its public page.
    #[serde(default)]
    pub page: Option<Page>,
    /// The form by which anybody deposits one.
    #[serde(default)]
    pub deposit: Option<Deposit>,
    /// Rows made together along a line.
    #[serde(default)]
    pub series: Option<Series>,
    /// The way to its rows, along lines.
    #[serde(default)]
    pub walk: Option<Walk>,
}

impl ObjectFile {
    /// Name shown, plural.
    #[must_use]
    pub fn plural(&self) -> String {
        self.plural.clone().unwrap_or_else(|| format!("{}s", self.label))
    }
}

/// What a field means.
#[derive(Debug, Clone, PartialEq, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// Name shown; the comment of the column, or its name, unless told.
    #[serde(default)]
    pub label: Option<String>,
    /// A sentence that helps to fill it.
    #[serde(default)]
    pub help: Option<String>,
    /// What it holds; as the column says unless told.
    #[serde(default)]
    pub kind: Option<Kind>,
    /// Nomenclature whose codes it takes.
    #[serde(default)]
    pub code: Option<String>,
    /// Condition on the rows that a reference may name; `record.` is the row being edited.
    #[serde(default)]
    pub choose: Option<String>,
    /// Object that it refers to, where no foreign key says it: `objet` or `module.objet`.
    #[serde(default)]
    pub reference: Option<String>,
    /// Computed, never typed.
    #[serde(default)]
    pub computed: Option<Computed>,
    /// What a computed field follows, besides the row: `today`; of a program's, `objet.champ` too, a field that names the row.
    #[serde(default)]
    pub depends: Vec<String>,
    /// Condition under which it is shown.
    #[serde(default)]
    pub visible: Option<String>,
    /// Whether, or when, it must be filled; as the column says unless told.
    #[serde(default)]
    pub required: Option<Required>,
    /// Whether no two rows of a collectivité have the same value; or with which other fields.
    #[serde(default)]
    pub unique: Option<Unique>,
    /// Value proposed for a new row.
    #[serde(default)]
    pub default: Option<String>,
    /// Personal data: why, and how long.
    #[serde(default)]
    pub personal: Option<Personal>,
    /// How a number is written, where it is more than a number.
    #[serde(default)]
    pub format: Option<Format>,
    /// Whether a text searches it.
    #[serde(default)]
    pub search: Option<bool>,
    /// Whether lists show it unless told.
    #[serde(default)]
    pub list: Option<bool>,
    /// Whether it is shown nowhere.
    #[serde(default)]
    pub hidden: bool,
    /// Whether nobody writes it.
    #[serde(default)]
    pub readonly: bool,
}

/// What a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A line of text.
    Text,
    /// Lines of text.
    Longtext,
    /// A whole number.
    Integer,
    /// A decimal number.
    Decimal,
    /// An amount in euros.
    Money,
    /// A civil date.
    Date,
    /// An instant.
    Instant,
    /// Yes or no.
    Boolean,
    /// A code of a nomenclature.
    Code,
    /// Another row.
    Reference,
    /// Other rows.
    References,
    /// An attached file.
    File,
    /// A geometry.
    Geometry,
    /// Text with a safe subset of HTML.
    Rich,
}

/// How a number is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// A year: `2056`, without a space between thousands.
    Year,
}

/// How a field is computed.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Computed {
    /// `hook:name`: by the module's program; else an expression.
    Expression(String),
    /// The value of the first case whose condition holds.
    Cases(Vec<Case>),
}

impl Computed {
    /// The name under which a program computes the field.
    #[must_use]
    pub fn hook(&self) -> Option<&str> {
        match self {
            Self::Expression(text) => text.strip_prefix("hook:"),
            Self::Cases(_) => None,
        }
    }
}

/// A case of a computed field.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// Condition; none for the last.
    #[serde(default)]
    pub when: Option<String>,
    /// Value, an expression.
    pub value: String,
}

/// Whether a field must be filled.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Required {
    /// Always, or never.
    Always(bool),
    /// When this holds.
    When(String),
}

/// What no two rows have alike.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Unique {
    /// This field alone.
    Alone(bool),
    /// This field with these.
    With(Vec<String>),
}

/// Why a field holds personal data.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Personal {
    /// A purpose of the module.
    pub purpose: String,
    /// 0 what anybody may be told, 1 name and address, 2 birth and descriptions, 3 fiscal; 1 unless told.
    #[serde(default = "one")]
    pub level: u8,
    /// How long from the end of use; as the purpose says unless told.
    #[serde(default)]
    pub keep: Option<String>,
    /// What becomes of it then; as the purpose says unless told.
    #[serde(default, rename = "final")]
    pub end: Option<Final>,
}

fn one() -> u8 {
    1
}

/// Fields together.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// Identifier.
    pub id: String,
    /// Name shown.
    pub label: String,
    /// Its fields, in order.
    pub fields: Vec<String>,
}

/// Objects shown on the sheet of another.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Tab {
    /// The other object: `objet` or `module.objet`.
    pub object: String,
    /// Its reference to this one.
    pub by: String,
    /// Name shown; that of the objects unless told.
    #[serde(default)]
    pub label: Option<String>,
}

/// What is made from the sheet of a row in one press: a new row of another object, filled from this one.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Shortcut {
    /// The other object: `objet` or `module.objet`.
    pub object: String,
    /// Name shown: `Nouveau contrat`.
    pub label: String,
    /// What the new row begins with: its field → a field of this row, `id` for this row itself, or a text between quotes.
    #[serde(default)]
    pub with: BTreeMap<String, String>,
    /// Condition on this row.
    #[serde(default, rename = "where")]
    pub filter: Option<String>,
}

/// What a new row begins with, for one of its fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Given {
    /// This text.
    Text(String),
    /// The value of this field of the row; `id` for the row itself.
    Field(String),
}

impl Given {
    /// What a value of [`Shortcut::with`] says.
    #[must_use]
    pub fn read(text: &str) -> Self {
        let quoted = text.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\''));
        quoted.map_or_else(|| Self::Field(text.to_owned()), |inner| Self::Text(inner.replace("''", "'")))
    }
}

/// A list ready made.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct List {
    /// Identifier.
    pub id: String,
    /// Name shown.
    pub label: String,
    /// Condition on its rows.
    #[serde(default, rename = "where")]
    pub filter: Option<String>,
    /// Its columns.
    #[serde(default)]
    pub columns: Vec<String>,
    /// Its order: `-` before a field for the descending one.
    #[serde(default)]
    pub sort: Vec<String>,
}

/// States and steps of a row.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Workflow {
    /// Field that holds the state.
    pub field: String,
    /// State of a new row.
    pub initial: String,
    /// States in which nothing is changed but by a step or an amendment.
    #[serde(default)]
    pub locked: Vec<String>,
    /// Steps.
    #[serde(default)]
    pub steps: Vec<Step>,
}

/// A step from states to a state.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Identifier.
    pub id: String,
    /// Name shown.
    #[serde(default)]
    pub label: Option<String>,
    /// States from which it is taken.
    pub from: Vec<String>,
    /// State it leads to; the row stays in its own unless told.
    #[serde(default)]
    pub to: Option<String>,
    /// Role that takes it; every one that may transit unless told.
    #[serde(default)]
    pub role: Option<String>,
    /// Condition on rows that it concerns: it is shown on no other.
    #[serde(default)]
    pub visible: Option<String>,
    /// Conditions on the row.
    #[serde(default)]
    pub guard: Option<Guard>,
    /// Fields that must be filled.
    #[serde(default)]
    pub requires: Vec<String>,
    /// Fields that may be given with it, filled or not.
    #[serde(default)]
    pub asks: Vec<String>,
    /// Objects of the module whose rows its program makes with it.
    #[serde(default)]
    pub creates: Vec<String>,
    /// Fields written, by an expression.
    #[serde(default)]
    pub sets: BTreeMap<String, String>,
    /// Document made.
    #[serde(default)]
    pub document: Option<String>,
    /// Term that begins: the field that receives it, by an ISO 8601 duration from today.
    #[serde(default)]
    pub delay: BTreeMap<String, String>,
}

/// Conditions of a step.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Guard {
    /// One.
    One(String),
    /// Several that must all hold, each with what people are told when it does not.
    Several(Vec<GuardCase>),
}

impl Guard {
    /// Its conditions, each with its sentence where it has one.
    #[must_use]
    pub fn cases(&self) -> Vec<(&str, Option<&str>)> {
        match self {
            Self::One(text) => vec![(text, None)],
            Self::Several(cases) => cases.iter().map(|case| (case.when.as_str(), case.message.as_deref())).collect(),
        }
    }
}

/// A condition of a step.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GuardCase {
    /// The condition.
    pub when: String,
    /// What is missing when it does not hold, and what to do, in a sentence.
    #[serde(default)]
    pub message: Option<String>,
}

/// What a role may do.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Right {
    /// A role of the module, or `public`.
    pub role: String,
    /// What it may do.
    pub actions: Vec<RightAction>,
    /// Condition on rows; none for all.
    #[serde(default)]
    pub rows: Option<String>,
    /// Fields; `"*"` or none for all.
    #[serde(default)]
    pub fields: Option<Fields>,
    /// Level of personal data seen, with `personal`; 1 unless told.
    #[serde(default)]
    pub level: Option<u8>,
}

/// Fields of a right.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Fields {
    /// `"*"`.
    All(String),
    /// These.
    Some(Vec<String>),
}

impl Fields {
    /// The fields named; `None` for all.
    #[must_use]
    pub fn named(&self) -> Option<Vec<String>> {
        match self {
            Self::All(_) => None,
            Self::Some(names) => Some(names.clone()),
        }
    }
}

impl RightAction {
    /// The word that `acces.droit.action` keeps.
    #[must_use]
    pub fn stored(self) -> &'static str {
        match self {
            Self::Read => "lire",
            Self::Create => "creer",
            Self::Change => "changer",
            Self::Archive => "archiver",
            Self::Step => "transiter",
            Self::Print => "imprimer",
            Self::Export => "exporter",
            Self::Personal => "nominatif",
            Self::Override => "passer_outre",
        }
    }
}

/// What may be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum RightAction {
    /// See.
    Read,
    /// Make.
    Create,
    /// Change.
    Change,
    /// Archive.
    Archive,
    /// Take a step.
    Step,
    /// Print a document.
    Print,
    /// Export to a file.
    Export,
    /// See personal data.
    Personal,
    /// Pass over a rule, for a reason that the journal keeps.
    Override,
}

/// The layer of an object.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Layer {
    /// Name shown; that of the objects unless told.
    #[serde(default)]
    pub label: Option<String>,
    /// Lowest and highest zoom with features.
    #[serde(default)]
    pub zoom: Option<[u8; 2]>,
    /// Style; one by the kind of geometry unless told.
    #[serde(default)]
    pub style: Option<String>,
    /// Other styles that a reader may choose: `styles/{name}.json`, and the name shown.
    #[serde(default)]
    pub styles: BTreeMap<String, String>,
    /// Fields published to agents; state and codes unless told.
    #[serde(default)]
    pub agent: Option<Vec<String>>,
    /// Fields published to all, on the rows that the public may read.
    #[serde(default)]
    pub public: Vec<String>,
}

/// Features to which rows are linked.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Anchor {
    /// Layer of the features: `cadastre.parcelle`, or `module.objet`.
    pub layer: String,
    /// What the link means.
    pub role: String,
    /// Whether a row has several.
    #[serde(default)]
    pub many: bool,
    /// Whether a row must have one.
    #[serde(default)]
    pub required: bool,
}

/// Numbers without a gap.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Register {
    /// Field that receives the number.
    pub field: String,
    /// `{year}-{seq:4}`.
    pub format: String,
    /// Series; the object's own unless told.
    #[serde(default)]
    pub series: Option<String>,
    /// What each series is counted by: `collectivite`, `year`.
    #[serde(default)]
    pub per: Vec<String>,
    /// Step of the workflow that takes the number; as the row is made unless told.
    #[serde(default)]
    pub step: Option<String>,
}

/// A letter or an act.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Document {
    /// Identifier.
    pub id: String,
    /// Name shown.
    pub label: String,
    /// Its Typst template, in `documents/`.
    pub template: String,
    /// Named queries that feed it besides the row: name → file of `documents/`.
    #[serde(default)]
    pub queries: BTreeMap<String, String>,
    /// Purpose for which it shows personal fields; none unless told.
    #[serde(default)]
    pub purpose: Option<String>,
    /// Whether it is made for several rows at once.
    #[serde(default)]
    pub batch: bool,
    /// Condition on the row.
    #[serde(default, rename = "where")]
    pub filter: Option<String>,
}

/// Labels of rows, to be stuck on envelopes or things.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Labels {
    /// Lines of a label, written as titles are: `{code_postal} {commune}`. A line without a value is left out.
    pub lines: Vec<String>,
    /// Purpose for which it shows personal fields; none unless told.
    #[serde(default)]
    pub purpose: Option<String>,
}

/// The way to a row: from where one comes in, along lines.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Walk {
    /// Object of the module whose lines are walked.
    pub lines: String,
    /// Object of the module whose points are where one comes in.
    pub entrances: String,
    /// Reference that all three have, to the same row.
    pub by: String,
    /// Reference of this object to the line on which its rows open.
    #[serde(default)]
    pub along: Option<String>,
}

/// Rows made together along a line, their shapes laid out in rows and columns. Lengths are metres.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Series {
    /// Text field that receives the number of each.
    pub number: String,
    /// Reference whose row may give the line.
    #[serde(default)]
    pub line: Option<String>,
    /// Reference whose row's surface should hold the shapes.
    #[serde(default)]
    pub within: Option<String>,
    /// Fields asked once for all.
    #[serde(default)]
    pub fields: Vec<String>,
    /// Side of a shape along the line, proposed.
    #[serde(default = "one_metre")]
    pub width: f64,
    /// Its other side, proposed.
    #[serde(default = "one_metre")]
    pub length: f64,
    /// Between shapes of a row, proposed.
    #[serde(default)]
    pub gap: f64,
    /// Between rows, proposed.
    #[serde(default)]
    pub row_gap: f64,
    /// From the line to the first row, proposed.
    #[serde(default)]
    pub setback: f64,
}

fn one_metre() -> f64 {
    1.0
}
