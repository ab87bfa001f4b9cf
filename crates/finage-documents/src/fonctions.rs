//! What Rust gives to templates: numbers and dates in French, pictures by name, ranges with a bound.

use std::sync::LazyLock;

use typst::World;
use typst::comemo::Tracked;
use typst::diag::{At, SourceResult, bail};
use typst::engine::Engine;
use typst::foundations::{
    Args, Array, CastInfo, Context, Datetime, Decimal, Func, IntoValue, NativeElement, NativeFuncData, NativeFuncPtr,
    Scope, Str, Value,
};
use typst::visualize::ImageElem;

use crate::battement;
use crate::image::matricielle;
use crate::lettres;
use crate::nombres;
use crate::noms;

/// Numbers that `range` gives at most: as many as a loop may turn.
const INTERVALLE_MAX: i64 = 10_000;

/// A Rust function under a name of the template.
macro_rules! native {
    ($nom:literal, $fonction:path) => {{
        static DATA: NativeFuncData = NativeFuncData {
            function: NativeFuncPtr(&$fonction),
            name: $nom,
            title: $nom,
            docs: "",
            def_site: None,
            keywords: &[],
            contextual: false,
            scope: LazyLock::new(&Scope::new),
            params: LazyLock::new(&Vec::new),
            returns: LazyLock::new(&|| CastInfo::Any),
        };
        ($nom, Func::from(&DATA))
    }};
}

/// Every function of ours that the global scope of templates has.
pub(crate) fn toutes() -> [(&'static str, Func); 9] {
    [
        native!("__battement", battre),
        native!("image", image),
        native!("range", intervalle),
        native!("__nombre", nombre),
        native!("__montant", montant),
        native!("__en_toutes_lettres", en_toutes_lettres),
        native!("__montant_en_toutes_lettres", montant_en_toutes_lettres),
        native!("__date_longue", date_longue),
        native!("__date_courte", date_courte),
    ]
}

fn battre(_: &mut Engine, _: Tracked<Context>, args: &mut Args) -> SourceResult<Value> {
    if battement::depasse() {
        bail!(args.span, "finage: Le gabarit boucle ou demande trop de travail.");
    }
    Ok(Value::None)
}

/// `image`, from a file given with the template or from a picture of the data: a path never reaches the engine.
fn image(engine: &mut Engine, context: Tracked<Context>, args: &mut Args) -> SourceResult<Value> {
    let mut args = args.take();
    let span = args.span;
    let Some(source) = args.items.make_mut().iter_mut().find(|arg| arg.name.is_none()).map(|arg| &mut arg.value) else {
        bail!(span, "finage: Une image se nomme : image(\"logo.png\").");
    };
    match &source.v {
        Value::Str(nom) => {
            let Some(id) = noms::connu(nom) else {
                bail!(source.span, "finage: Le fichier « {nom} » n’est pas joint au gabarit.");
            };
            source.v = engine.world.file(id).at(source.span)?.into_value();
        }
        Value::Bytes(octets) => {
            if let Err(raison) = matricielle(octets) {
                bail!(source.span, "finage: Cette valeur {raison}");
            }
        }
        autre => bail!(source.span, "finage: Une image est attendue, pas une valeur de genre « {} ».", autre.ty()),
    }
    Func::from(ImageElem::ELEM).call(engine, context, args)
}

fn intervalle(_: &mut Engine, _: Tracked<Context>, args: &mut Args) -> SourceResult<Value> {
    let premier: i64 = args.expect("end")?;
    let (debut, fin) = args.eat::<i64>()?.map_or((0, premier), |fin| (premier, fin));
    let pas = args.named::<i64>("step")?.unwrap_or(1);
    let pas_utile = usize::try_from(pas.unsigned_abs()).unwrap_or(usize::MAX);
    if pas == 0 || fin.abs_diff(debut) / pas.unsigned_abs() > INTERVALLE_MAX.unsigned_abs() {
        bail!(args.span, "finage: Un intervalle compte {INTERVALLE_MAX} nombres au plus.");
    }
    let nombres: Array = if pas > 0 {
        (debut..fin).step_by(pas_utile).map(Value::Int).collect()
    } else {
        (fin.saturating_add(1)..=debut).rev().step_by(pas_utile).map(Value::Int).collect()
    };
    Ok(nombres.into_value())
}

/// The next argument as an exact number: an integer, a decimal, or the text of one.
fn exact(args: &mut Args) -> SourceResult<Decimal> {
    let valeur: typst::syntax::Spanned<Value> = args.expect("nombre")?;
    match &valeur.v {
        Value::Int(entier) => Ok(Decimal::from(*entier)),
        Value::Decimal(decimal) => Ok(*decimal),
        Value::Str(texte) if let Ok(decimal) = texte.parse() => Ok(decimal),
        Value::None => bail!(valeur.span, "finage: Un nombre est attendu, mais la valeur est vide."),
        autre => bail!(valeur.span, "finage: Un nombre exact est attendu, pas une valeur de genre « {} ».", autre.ty()),
    }
}

fn nombre(_: &mut Engine, _: Tracked<Context>, args: &mut Args) -> SourceResult<Value> {
    Ok(Str::from(nombres::nombre(&exact(args)?.to_string())).into_value())
}

/// An amount rounded to the centime, half away from zero.
fn centimes(args: &mut Args) -> SourceResult<Decimal> {
    let span = args.span;
    match exact(args)?.round(2) {
        Some(arrondi) => Ok(arrondi),
        None => bail!(span, "finage: Ce montant est trop grand."),
    }
}

fn montant(_: &mut Engine, _: Tracked<Context>, args: &mut Args) -> SourceResult<Value> {
    Ok(Str::from(nombres::montant(&centimes(args)?.to_string())).into_value())
}

/// A decimal that is an integer, as one.
fn entier(decimal: Decimal) -> Option<i64> {
    // The engine writes the minus sign of typographers.
    let chiffres = decimal.trunc().to_string().replace('\u{2212}', "-");
    decimal.is_integer().then(|| chiffres.split('.').next()?.parse().ok()).flatten()
}

fn en_toutes_lettres(_: &mut Engine, _: Tracked<Context>, args: &mut Args) -> SourceResult<Value> {
    let span = args.span;
    match entier(exact(args)?) {
        Some(nombre) => Ok(Str::from(lettres::en_toutes_lettres(nombre)).into_value()),
        None => bail!(span, "finage: Seul un nombre entier s’écrit en toutes lettres."),
    }
}

fn montant_en_toutes_lettres(_: &mut Engine, _: Tracked<Context>, args: &mut Args) -> SourceResult<Value> {
    let span = args.span;
    let centimes = centimes(args)?.checked_mul(Decimal::from(100)).and_then(entier);
    match centimes {
        Some(centimes) => Ok(Str::from(lettres::montant_en_toutes_lettres(centimes)).into_value()),
        None => bail!(span, "finage: Ce montant est trop grand pour être écrit en toutes lettres."),
    }
}

/// Year, month and day of the next argument.
fn jour(args: &mut Args) -> SourceResult<(i32, u8, u8)> {
    let valeur: typst::syntax::Spanned<Value> = args.expect("date")?;
    match &valeur.v {
        Value::Datetime(date) => {
            let parts = |date: &Datetime| Some((date.year()?, date.month()?, date.day()?));
            match parts(date) {
                Some(parts) => Ok(parts),
                None => bail!(valeur.span, "finage: Une date est attendue, pas une heure seule."),
            }
        }
        Value::None => bail!(valeur.span, "finage: Une date est attendue, mais la valeur est vide."),
        autre => bail!(valeur.span, "finage: Une date est attendue, pas une valeur de genre « {} ».", autre.ty()),
    }
}

fn date_longue(_: &mut Engine, _: Tracked<Context>, args: &mut Args) -> SourceResult<Value> {
    let (annee, mois, jour) = jour(args)?;
    Ok(Str::from(nombres::date_longue(annee, mois, jour).unwrap_or_default()).into_value())
}

fn date_courte(_: &mut Engine, _: Tracked<Context>, args: &mut Args) -> SourceResult<Value> {
    let (annee, mois, jour) = jour(args)?;
    Ok(Str::from(nombres::date_courte(annee, mois, jour)).into_value())
}
