//! JSON Schemas of the manifest's files, for editors that complete and underline.

use schemars::generate::SchemaSettings;
use serde_json::Value;

use crate::{ImportFile, ModuleFile, ObjectFile};

/// The JSON Schema of `module.toml`.
#[must_use]
pub fn module_schema() -> Value {
    SchemaSettings::draft07().into_generator().into_root_schema_for::<ModuleFile>().to_value()
}

/// The JSON Schema of `objects/*.toml`.
#[must_use]
pub fn object_schema() -> Value {
    SchemaSettings::draft07().into_generator().into_root_schema_for::<ObjectFile>().to_value()
}

/// The JSON Schema of `imports/*.toml`.
#[must_use]
pub fn import_schema() -> Value {
    SchemaSettings::draft07().into_generator().into_root_schema_for::<ImportFile>().to_value()
}
