//! The engine's messages, said in French with what to do; its own words stay beside.

use typst::diag::SourceDiagnostic;
use typst::syntax::{DiagSpan, DiagSpanKind, Source, Span};

use crate::erreur::Defaut;
use crate::monde::Monde;
use crate::texte::Texte;

/// Defects told at once: the first ones explain the others.
pub(crate) const DEFAUTS_MAX: usize = 10;
/// Length of the engine's own words.
const MOTS_MAX: usize = 500;
/// How our own functions mark a sentence that is already French.
pub(crate) const A_NOUS: &str = "finage: ";

/// A diagnostic of the engine as a defect at a place that the author of the template can see.
pub(crate) fn defaut(erreur: &SourceDiagnostic, monde: &Monde) -> Defaut {
    let (texte, octet) = place(erreur, monde).unzip();
    let propre = erreur.message.strip_prefix(A_NOUS);
    let mut typst = propre.map_or_else(|| erreur.message.to_string(), |_| String::new());
    for conseil in &erreur.hints {
        if !typst.is_empty() {
            typst += " – ";
        }
        typst += &conseil.v;
    }
    Defaut {
        fichier: texte.and_then(|texte| texte.nom.clone()),
        place: texte.zip(octet).map(|(texte, octet)| texte.place(octet)),
        phrase: propre.map_or_else(|| phrase(&erreur.message), str::to_owned),
        typst: typst.chars().take(MOTS_MAX).collect(),
    }
}

/// Bytes that a span covers in its source.
pub(crate) fn etendue(span: DiagSpan, source: &Source) -> Option<std::ops::Range<usize>> {
    match span.get() {
        DiagSpanKind::Detached => None,
        DiagSpanKind::Number { num, sub_range, .. } => source.range(num, sub_range),
        DiagSpanKind::Range { range, .. } => Some(range),
    }
}

/// Where the defect is in what the author wrote: the place itself, or the call that led into our own functions.
fn place<'m>(erreur: &SourceDiagnostic, monde: &'m Monde) -> Option<(&'m Texte, usize)> {
    let spans = erreur.trace.iter().map(|trace| DiagSpan::from(trace.span as Span));
    std::iter::once(erreur.span).chain(spans).find_map(|span| {
        let texte = monde.texte(span.id()?)?;
        Some((texte, etendue(span, &texte.source)?.start))
    })
}

/// Said of a fault of syntax.
pub(crate) fn de_syntaxe(message: &str) -> String {
    let phrase = match message {
        "unclosed delimiter" => "Une parenthèse, un crochet ou une accolade n’est pas refermé.",
        "unclosed string" => "Un texte entre guillemets n’est pas refermé.",
        "unclosed raw text" => "Un texte entre accents graves n’est pas refermé.",
        _ if message.starts_with("unexpected closing") => "Un signe ferme ce qui n’a pas été ouvert.",
        _ if message.starts_with("unexpected") => "Un signe n’a pas sa place ici.",
        _ if message.starts_with("expected") => "Il manque quelque chose ici.",
        _ if message.contains("depth") => "Le gabarit est trop imbriqué.",
        _ => "Le gabarit n’est pas écrit correctement.",
    };
    phrase.to_owned()
}

/// Said of a fault met while composing.
fn phrase(message: &str) -> String {
    let cite = |debut: &str, fin: &str| Some(message.strip_prefix(debut)?.split_once(fin)?.0.to_owned());
    if let Some(champ) = cite("dictionary does not contain key \"", "\"") {
        return format!("Le champ « {champ} » manque dans les données.");
    }
    if let Some(nom) = message.strip_prefix("unknown variable: ") {
        return format!("« {nom} » n’est pas connu dans un gabarit : vérifiez ce nom, ou l’import de finage.typ.");
    }
    if let Some(famille) = message.strip_prefix("unknown font family: ") {
        return format!("La police « {famille} » n’est pas fournie : seule « Noto Sans » l’est.");
    }
    let phrase = match message {
        "loop seems to be infinite" | "condition is always true" => "Une boucle ne se termine pas.",
        "cannot divide by zero" => "Une division par zéro est demandée.",
        "cyclic import" => "Un fichier s’inclut lui-même.",
        _ if message.starts_with("maximum") && message.contains("depth") => {
            "Des appels ou des contenus sont imbriqués sans fin."
        }
        _ if message.starts_with("file not found") => "Ce fichier n’est pas joint au gabarit.",
        _ if message.starts_with("expected ") && message.contains(", found none") => {
            "Une valeur est vide là où il en faut une."
        }
        _ if message.starts_with("expected ") && message.contains(", found ") => {
            "Une valeur n’est pas du genre qu’il faut ici."
        }
        _ if message.starts_with("cannot ") => "Cette opération n’est pas possible sur ces valeurs.",
        _ if message.starts_with("missing argument") => "Il manque un argument à cet appel.",
        _ if message.starts_with("unexpected argument") => "Cet appel reçoit un argument de trop.",
        _ if message.contains("missing alt text") => {
            "Une image n’a pas de texte de remplacement : donnez-lui alt: \"…\", ou placez-la dans pdf.artifact si elle \
             ne dit rien."
        }
        _ if message.contains("failed to decode image") || message.contains("unknown image format") => {
            "Cette image ne peut pas être lue."
        }
        _ if message.contains("could not be displayed with any font") => {
            "Un caractère du gabarit n’existe pas dans les polices fournies."
        }
        _ if message.starts_with("PDF/") => {
            "Le document ne respecterait pas les règles d’archivage et d’accessibilité."
        }
        _ => "Le gabarit ne peut pas être appliqué à ces données.",
    };
    phrase.to_owned()
}
