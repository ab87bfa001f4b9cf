//! What a template can't do: reach out, go on for ever, weigh or write too much.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use crate::common::{entete, gabarit, pdf, refusal};
use finage_documents::{Champs, Donnees, Gabarit, GabaritError};

#[test]
fn nothing_outside_is_read() {
    for source in [
        "#read(\"/etc/passwd\")",
        "#json(\"modele.typ\")",
        "#image(\"/etc/passwd\", alt: \"x\")",
        "#image(\"../logo.png\", alt: \"x\")",
        "#image(donnees.chemin, alt: \"x\")",
        "#image(bytes(\"<svg xmlns='http://www.w3.org/2000/svg'><image href='x.png'/></svg>\"), alt: \"x\")",
        "#import \"@preview/cetz:0.3.0\": canvas",
        "#include \"/etc/passwd\"",
        "#include donnees.chemin",
        "#plugin(\"a.wasm\")",
        "#eval(\"1 + 1\")",
        "#std.eval(\"1 + 1\")",
        "#std.read(\"a\")",
        "#pdf.attach(\"a\", bytes(\"b\"))",
        "#bibliography(\"a.bib\")",
        "#set raw(theme: \"a.tmTheme\")",
        "#([`a`].func)(\"a\")",
    ] {
        let said = refusal(source, [("chemin", "secret.png".into())]);
        assert!(said.contains("ligne 2"), "{source}: {said}");
    }
}

#[test]
fn a_defect_has_a_place_and_two_languages() {
    let GabaritError::Gabarit(defauts) = pdf("\n  #inconnue", []).unwrap_err() else { panic!() };
    assert_eq!(defauts[0].place, Some((3, 4)), "{defauts:?}");
    assert!(defauts[0].phrase.contains("« inconnue »"), "{defauts:?}");
    assert!(defauts[0].typst.contains("unknown variable"), "{defauts:?}");
    // Places count what people see, after the beats that loops received.
    let GabaritError::Gabarit(defauts) = pdf("#for é in (1,) [#for y in (1,) [#absente]]", []).unwrap_err() else {
        panic!()
    };
    assert_eq!(defauts[0].place, Some((2, 34)), "{defauts:?}");
    // A defect met within our own functions is told where they are called.
    let GabaritError::Gabarit(defauts) = pdf("ab #tableau(1, 2)", []).unwrap_err() else { panic!() };
    assert_eq!(defauts[0].place.map(|(ligne, _)| ligne), Some(2), "{defauts:?}");
}

#[test]
fn included_texts_are_read_and_their_defects_named() {
    let files = |pied: &str| BTreeMap::from([("pied.typ".to_owned(), pied.as_bytes().to_vec())]);
    let source = "#import \"pied.typ\": pied\n#pied(donnees)";
    let gabarit = Gabarit::compile(source, files("#let pied(d) = [Au revoir #d.nom]")).unwrap();
    assert!(gabarit.rendre(&Donnees::new(entete(), Champs::from([("nom".to_owned(), "Zoé".into())]))).is_ok());
    let said = gabarit.rendre(&Donnees::new(entete(), Champs::new())).unwrap_err().to_string();
    assert!(said.contains("« nom »") && said.contains("pied.typ, ligne 1, colonne 30"), "{said}");
    let said = Gabarit::compile(source, files("#let pied(d) = [")).unwrap_err().to_string();
    assert!(said.contains("pied.typ, ligne 1"), "{said}");
}

#[test]
fn loops_without_end_are_refused() {
    for source in ["#while true {}", "#let f(x) = f(x)\n#f(1)", "#let i = 0\n#while i < 1 { let j = 0 }"] {
        let started = Instant::now();
        let said = refusal(source, []);
        assert!(said.contains("fin") || said.contains("termine"), "{source}: {said}");
        assert!(started.elapsed() < Duration::from_secs(15), "{source}");
    }
}

#[test]
fn work_beyond_any_patience_is_stopped_in_time() {
    // 10,000 turns of 10,000 turns of 10,000 turns, each within the engine's bounds.
    let source = "#for a in range(10000) { for b in range(10000) { for c in range(10000) { let d = a + b + c } } }";
    let started = Instant::now();
    let refused = pdf(source, []).unwrap_err();
    assert!(matches!(refused, GabaritError::Delai { .. }), "{refused}");
    assert!(started.elapsed() < Duration::from_secs(30), "{:?}", started.elapsed());
    // A function that calls itself twice, 70 levels deep.
    let source = "#let f(n, chemin) = if n > 0 { f(n - 1, chemin + \"a\"); f(n - 1, chemin + \"b\") }\n#f(70, \"\")";
    let refused = pdf(source, []).unwrap_err();
    assert!(matches!(refused, GabaritError::Delai { .. }), "{refused}");
    assert!(pdf("Après.", []).is_ok(), "what was stopped stops nothing else");
}

#[test]
fn sizes_are_bounded() {
    assert!(matches!(gabarit(&"a".repeat(300 << 10)), Err(GabaritError::Poids { .. })));
    let heavy = BTreeMap::from([("a.svg".to_owned(), vec![b' '; 6 << 20])]);
    assert!(matches!(Gabarit::compile("x", heavy), Err(GabaritError::Poids { .. })));
    for name in ["../a.svg", "a.wasm", "modele.typ", "finage.typ"] {
        let files = BTreeMap::from([(name.to_owned(), b"x".to_vec())]);
        assert!(matches!(Gabarit::compile("x", files), Err(GabaritError::Fichier { .. })), "{name}");
    }
    let refused = pdf("#for i in range(501) [a #pagebreak()]", []).unwrap_err();
    assert!(matches!(refused, GabaritError::Pages { .. }), "{refused}");
    assert!(refusal("#range(1000000000)", []).contains("intervalle"));
}

#[test]
fn nesting_without_bound_is_refused() {
    for open in ["(", "[", "{"] {
        assert!(gabarit(&format!("#{}", open.repeat(50_000))).is_err());
    }
    let said = refusal(&format!("#{}1{}", "(".repeat(5_000), ")".repeat(5_000)), []);
    assert!(said.contains("imbriqué"), "{said}");
}

#[test]
fn bounded_ranges_count_as_the_engine_s() {
    let source = "#assert.eq(range(3), (0, 1, 2))
#assert.eq(range(2, 5), (2, 3, 4))
#assert.eq(range(0, 10, step: 4), (0, 4, 8))
#assert.eq(range(5, 0, step: -2), (5, 3, 1))
#assert.eq(range(5, 0), ())
Fin.";
    pdf(source, []).unwrap();
}
