//! The engine's library without what reads, fetches or evaluates, and with our functions.

use std::sync::LazyLock;

use typst::foundations::{Binding, IntoValue, Module, Scope, Value};
use typst::{Library, LibraryExt};

use crate::fonctions;

/// Taken away: readers of files (a path made of data would fill the engine's table of paths, see `noms`), code made of
/// texts, modules of WebAssembly, and `raw`, whose themes are files.
const RETIRES: [&str; 13] =
    ["read", "csv", "json", "toml", "yaml", "cbor", "xml", "plugin", "eval", "bibliography", "cite", "path", "raw"];
/// Taken away from the module `pdf`, for the same reason.
const RETIRES_DE_PDF: [&str; 2] = ["attach", "embed"];

/// The library of every template, without the data of any.
pub(crate) fn commune() -> &'static Library {
    static COMMUNE: LazyLock<Library> = LazyLock::new(|| {
        let mut library = Library::default();
        let mut global = sans(library.global.scope(), &RETIRES);
        if let Some(Value::Module(pdf)) = library.global.scope().get("pdf").map(Binding::read) {
            global.define("pdf", Module::new("pdf", sans(pdf.scope(), &RETIRES_DE_PDF)));
        }
        for (nom, fonction) in fonctions::toutes() {
            global.define(nom, fonction);
        }
        library.global = Module::new("global", global);
        library.std = Binding::detached(library.global.clone());
        library
    });
    &COMMUNE
}

/// The library with values of one document.
pub(crate) fn avec(valeurs: [(&'static str, Value); 4]) -> Library {
    let mut library = commune().clone();
    let scope = library.global.scope_mut();
    for (nom, valeur) in valeurs {
        scope.define(nom, valeur.into_value());
    }
    library
}

fn sans(scope: &Scope, retires: &[&str]) -> Scope {
    let mut reste = Scope::new();
    for (nom, liaison) in scope.iter().filter(|(nom, _)| !retires.contains(&nom.as_str())) {
        reste.bind(nom.clone(), liaison.clone());
    }
    reste
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_reads_or_evaluates_is_left() {
        let library = commune();
        for retire in RETIRES {
            assert!(library.global.scope().get(retire).is_none(), "{retire}");
        }
        let Value::Module(std) = library.std.read() else { panic!("std is no module") };
        assert!(std.scope().get("eval").is_none() && std.scope().get("table").is_some());
        let Some(Value::Module(pdf)) = library.global.scope().get("pdf").map(Binding::read) else { panic!() };
        assert!(pdf.scope().get("artifact").is_some() && pdf.scope().get("attach").is_none());
    }
}
