//! From manifests and the catalogue to models.

use finage_expr::{Expression, Mode, parse};
use finage_manifest::{
    Catalogue, Format, Kind, Known, Module, Object, ObjectFile, Piece, Required, Resolved, Right, RightAction, Table,
    Unique, pieces, resolve,
};

use super::{ModuleCharge, ObjetCharge, defauts};
use crate::access::droits::{Champ, Droit, Genre, Objet, Octroi};
use crate::modules::crochet::Crochet;
use crate::modules::objets::{
    Couche, Etats, Geometrie, Lien, MODELES, Modele, Morceau, Nature, Numerotation, Regle, Unicite,
};
use crate::modules::registre::Registre;

/// Lowest zoom of a layer that does not say.
const ZOOM_MIN: u8 = 12;
/// Fields that lists show unless told.
const COLONNES: usize = 6;

/// Loads modules that were found good.
pub(super) fn modules(modules: Vec<Module>, catalogue: &Catalogue, known: &Known) -> Vec<ModuleCharge> {
    let tables: Vec<(String, &'static str)> = modules
        .iter()
        .flat_map(|module| {
            let nom = |objet: &Object| fige(&format!("{}.{}", module.id(), objet.name));
            module.objects.values().map(move |objet| (objet.file.table.clone(), nom(objet)))
        })
        .chain(MODELES.into_iter().map(|modele| (modele.relation.to_owned(), modele.objet.nom)))
        .collect();
    let charges: Vec<ModuleCharge> =
        modules.into_iter().map(|module| charge(module, catalogue, known, &tables)).collect();
    // Links are tied once all models are made: objects may name one another.
    let modeles: Vec<&'static Modele> =
        charges.iter().flat_map(|module| module.objets.iter().map(|objet| objet.modele)).chain(MODELES).collect();
    for module in &charges {
        let siens: Vec<&'static Modele> = module.objets.iter().map(|objet| objet.modele).collect();
        if let Some(crochet) = siens.first().and_then(|modele| modele.crochet) {
            crochet.noue(siens);
        }
    }
    for lien in modeles.iter().flat_map(|modele| modele.regles).filter_map(|regle| regle.lien) {
        if let Some(cible) = modeles.iter().find(|modele| modele.objet.nom == lien.objet) {
            lien.noue(cible);
        }
    }
    charges
}

fn charge(module: Module, catalogue: &Catalogue, known: &Known, tables: &[(String, &'static str)]) -> ModuleCharge {
    let crochet = Crochet::de(module.id()).map(|crochet| &*Box::leak(Box::new(crochet)));
    let objets =
        module.objects.values().filter_map(|objet| objet_charge((&module, crochet), objet, catalogue, known, tables));
    let objets = objets.collect();
    ModuleCharge { file: module.file, objets, folder: module.folder, imports: module.imports }
}

fn objet_charge(
    (module, crochet): (&Module, Option<&'static Crochet>),
    objet: &Object,
    catalogue: &Catalogue,
    known: &Known,
    tables: &[(String, &'static str)],
) -> Option<ObjetCharge> {
    let file = &objet.file;
    let table = catalogue.tables.get(&file.table)?;
    let table_de = |nom: &str| {
        let du_module = module.objects.get(nom.strip_prefix(&format!("{}.", module.id())).unwrap_or(nom));
        du_module.map(|objet| objet.file.table.clone()).or_else(|| known.objects.get(nom).cloned())
    };
    let (champs, _) = resolve(objet, table, catalogue, &table_de);
    let regles: Vec<Regle> =
        champs.iter().enumerate().map(|(rang, champ)| regle(module, file, champ, rang, tables)).collect();
    let regles: &'static [Regle] = Vec::leak(regles);
    let droits: Vec<Champ> =
        champs.iter().zip(regles).map(|(champ, regle)| champ_de_droit(champ, regle, file)).collect();
    let decrit: &'static Objet = Box::leak(Box::new(Objet {
        nom: fige(&format!("{}.{}", module.id(), objet.name)),
        libelle: fige(&file.label),
        champs: Vec::leak(droits),
    }));
    let geometrie = file.geometry.as_ref().and_then(|colonne| {
        let trouvee = table.column(colonne)?;
        let (genre, _) = trouvee.geometry.as_ref()?;
        let plat = genre.trim_end_matches("ZM").trim_end_matches(['Z', 'M']);
        Some(Geometrie { colonne: fige(&format!("\"{colonne}\"")), genre: fige(plat), obligatoire: trouvee.not_null })
    });
    let modele: &'static Modele = Box::leak(Box::new(Modele {
        objet: decrit,
        relation: fige(&cite(&file.table)),
        pluriel: fige(&file.plural()),
        geometrie,
        nominatif: decrit.champs.iter().any(|champ| champ.niveau > 0),
        finalite_en_colonne: false,
        finalites: noms(regles.iter().filter_map(|regle| regle.finalite)),
        regles,
        cherches: cherches(&champs, regles),
        titre: regles.first().map_or("", |regle| regle.champ),
        intitule: intitule(&file.title, regles),
        parent: file.parent.as_deref().map(fige),
        registre: file.register.as_ref().and_then(|register| {
            let serie = register.series.clone().unwrap_or_else(|| format!("{}.{}", module.id(), objet.name));
            let par_annee = register.per.iter().any(|part| part == "year");
            let registre = Registre::new(&serie, &register.format, par_annee).ok()?;
            Some(Numerotation { champ: fige(&register.field), registre, etape: register.step.as_deref().map(fige) })
        }),
        etats: file.workflow.as_ref().map(|workflow| Etats {
            champ: fige(&workflow.field),
            initial: fige(&workflow.initial),
            verrouilles: noms(workflow.locked.iter().map(String::as_str)),
            poses: noms(workflow.steps.iter().flat_map(|step| step.sets.keys()).map(String::as_str)),
        }),
        cle: noms(file.key.iter().map(String::as_str)),
        uniques: unicites(table, decrit),
        validite: file.valid.as_ref().map(|[du, au]| [fige(du), fige(au)]),
        crochet,
    }));
    let couche = modele.couche().map(|id| couche(&id, modele, file));
    Some(ObjetCharge {
        nom: fige(&objet.name),
        modele,
        file: file.clone(),
        couche,
        public: public(modele, &file.rights),
    })
}

fn regle(
    module: &Module,
    file: &ObjectFile,
    champ: &Resolved<'_>,
    rang: usize,
    tables: &[(String, &'static str)],
) -> Regle {
    let dit = champ.field;
    let nature = nature(champ);
    let condition = |texte: &String| -> Option<&'static Expression> {
        parse(texte, Mode::Finage).ok().map(|lue| &*Box::leak(Box::new(lue)))
    };
    let (obligatoire, requis_si) = match dit.and_then(|dit| dit.required.as_ref()) {
        Some(Required::Always(oui)) => (*oui || champ.column.not_null, None),
        Some(Required::When(texte)) => (champ.column.not_null, condition(texte)),
        None => (champ.column.not_null, None),
    };
    let etat = file.workflow.as_ref().is_some_and(|workflow| workflow.field == champ.name);
    let numero = file.register.as_ref().is_some_and(|register| register.field == champ.name);
    let personnel = dit.and_then(|dit| dit.personal.as_ref());
    let groupe = file.groups.iter().find(|groupe| groupe.fields.iter().any(|nom| nom == champ.name));
    let premier =
        rang < COLONNES && !matches!(nature, Nature::TexteLong | Nature::Riche | Nature::Fichier | Nature::References);
    Regle {
        champ: fige(champ.name),
        nature,
        max: champ.column.length.and_then(|longueur| usize::try_from(longueur).ok()).unwrap_or(0),
        annee: dit.is_some_and(|dit| dit.format == Some(Format::Year)),
        decimales: if champ.kind == Kind::Money { champ.column.scale.or(Some(2)) } else { champ.column.scale },
        chiffres: champ.column.precision.map(|tous| tous.saturating_sub(champ.column.scale.unwrap_or(0))),
        bornes: match champ.column.base.as_str() {
            "int2" => Some((i16::MIN.into(), i16::MAX.into())),
            "int4" => Some((i32::MIN.into(), i32::MAX.into())),
            _ => None,
        },
        obligatoire: obligatoire && !etat && !numero,
        par_defaut: champ.column.default,
        sans_nul: false,
        valeurs: &[],
        nomenclature: dit.and_then(|dit| dit.code.as_ref()).map(|code| fige(&format!("{}.{code}", module.id()))),
        lien: lien(champ, tables),
        type_sql: match champ.column.base.as_str() {
            "time" => Some("time"),
            "timetz" => Some("timetz"),
            _ => None,
        },
        aide: dit.and_then(|dit| dit.help.as_deref()).map(fige),
        visible: dit.and_then(|dit| dit.visible.as_ref()).and_then(condition),
        requis_si,
        propose: dit
            .and_then(|dit| dit.default.clone())
            .or_else(|| defauts::par_la_base(champ.column.default_sql.as_deref().filter(|_| !etat && !numero)?, nature))
            .as_deref()
            .map(fige),
        colonne: dit.and_then(|dit| dit.list).unwrap_or(premier && personnel.is_none()),
        groupe: groupe.map(|groupe| fige(&groupe.id)),
        finalite: personnel.map(|personnel| fige(&personnel.purpose)),
        crochet: dit.and_then(|dit| dit.computed.as_ref()?.hook()).map(fige),
    }
}

fn lien(champ: &Resolved<'_>, tables: &[(String, &'static str)]) -> Option<&'static Lien> {
    let (table, cle) = champ.target.as_ref()?;
    let (_, objet) = tables.iter().find(|(connue, _)| connue == table)?;
    let choix = champ.field.and_then(|dit| dit.choose.as_deref()).map(fige);
    Some(Box::leak(Box::new(Lien::new(objet, fige(cle), choix))))
}

fn champ_de_droit(champ: &Resolved<'_>, regle: &Regle, file: &ObjectFile) -> Champ {
    let dit = champ.field;
    let etat = file.workflow.as_ref().is_some_and(|workflow| workflow.field == champ.name);
    let numero = file.register.as_ref().is_some_and(|register| register.field == champ.name);
    let calcule = dit.is_some_and(|dit| dit.computed.is_some() || dit.readonly);
    let colonne = format!("o.\"{}\"", champ.name);
    let lecture = match (regle.lien, champ.column.base.as_str()) {
        // A module that brought its own keys: what is shown is the row's own key.
        (Some(lien), _) if lien.cle != "id" => {
            let table = champ.target.as_ref().map(|(table, _)| cite(table)).unwrap_or_default();
            format!("(select t.id from {table} t where t.\"{}\" = {colonne})", lien.cle)
        }
        (_, "time" | "timetz") => format!("to_char({colonne}, 'HH24:MI')"),
        (_, "timestamp") => format!("({colonne} at time zone 'Europe/Paris')"),
        (_, "float4" | "float8") => format!("{colonne}::numeric"),
        (_, "bpchar" | "varchar") => format!("{colonne}::text"),
        _ => colonne,
    };
    Champ {
        nom: regle.champ,
        libelle: fige(&champ.label()),
        genre: match regle.nature {
            Nature::Entier => Genre::Entier,
            Nature::Decimal | Nature::Montant => Genre::Decimal,
            Nature::Date => Genre::Date,
            Nature::Instant => Genre::Instant,
            Nature::Booleen => Genre::Booleen,
            Nature::Reference | Nature::Fichier => Genre::Identifiant,
            Nature::References => Genre::Identifiants,
            _ => Genre::Texte,
        },
        niveau: dit.and_then(|dit| dit.personal.as_ref()).map_or(0, |personnel| personnel.level),
        modifiable: !(etat || numero || calcule || champ.column.generated),
        lecture: fige(&lecture),
    }
}

fn nature(champ: &Resolved<'_>) -> Nature {
    match champ.kind {
        Kind::Text | Kind::Geometry => Nature::Texte,
        Kind::Longtext => Nature::TexteLong,
        Kind::Integer => Nature::Entier,
        Kind::Decimal => Nature::Decimal,
        Kind::Money => Nature::Montant,
        Kind::Date => Nature::Date,
        Kind::Instant => Nature::Instant,
        Kind::Boolean => Nature::Booleen,
        Kind::Code => Nature::Code,
        Kind::Reference => Nature::Reference,
        Kind::References => Nature::References,
        Kind::File => Nature::Fichier,
        Kind::Rich => Nature::Riche,
    }
}

/// Fields that a text searches: those the manifest says, else the texts of a line, none of them personal unless said.
fn cherches(champs: &[Resolved<'_>], regles: &[Regle]) -> &'static [&'static str] {
    let texte = |regle: &Regle| matches!(regle.nature, Nature::Texte | Nature::TexteLong);
    let cherche = |(champ, regle): (&Resolved<'_>, &Regle)| {
        let dit = champ.field.and_then(|dit| dit.search);
        let cherche = dit.unwrap_or(texte(regle) && regle.finalite.is_none());
        (cherche && texte(regle)).then_some(regle.champ)
    };
    Vec::leak(champs.iter().zip(regles).filter_map(cherche).collect())
}

/// The pieces of a title; a reference is named with or without the `_id` of its column.
fn intitule(titre: &str, regles: &[Regle]) -> &'static [Morceau] {
    let champ = |nom: &str| {
        let long = format!("{nom}_id");
        let trouve =
            regles.iter().find(|regle| regle.champ == nom).or_else(|| regles.iter().find(|regle| regle.champ == long));
        trouve.map_or_else(|| fige(nom), |regle| regle.champ)
    };
    let morceau = |piece: Piece| match piece {
        Piece::Text(texte) => Morceau::Texte(fige(&texte)),
        Piece::Field(nom) => Morceau::Champ(champ(&nom)),
        Piece::Through(nom, suite) => Morceau::Par(champ(&nom), fige(&suite)),
    };
    Vec::leak(pieces(titre).unwrap_or_default().into_iter().map(morceau).collect())
}

fn couche(id: &str, modele: &'static Modele, file: &ObjectFile) -> &'static Couche {
    let dite = file.layer.as_ref();
    let publiable = |nom: &&str| modele.objet.champ(nom).is_some_and(|champ| champ.niveau == 0);
    let publies: Vec<&'static str> = if let Some(noms) = dite.and_then(|dite| dite.agent.as_ref()) {
        noms.iter().map(|nom| fige(nom)).filter(publiable).collect()
    } else {
        {
            let utile = |regle: &&Regle| {
                regle.nature == Nature::Code
                    || file.register.as_ref().is_some_and(|register| register.field == regle.champ)
            };
            modele.regles.iter().filter(utile).map(|regle| regle.champ).filter(publiable).collect()
        }
    };
    let publics =
        dite.map(|dite| dite.public.iter().map(|nom| fige(nom)).filter(publiable).collect()).unwrap_or_default();
    Box::leak(Box::new(Couche {
        id: fige(id),
        libelle: dite.and_then(|dite| dite.label.as_deref()).map_or(modele.pluriel, fige),
        modele,
        zoom_min: dite.and_then(|dite| dite.zoom).map_or(ZOOM_MIN, |[bas, _]| bas),
        publies: Vec::leak(publies),
        publics: Vec::leak(publics),
    }))
}

/// What the database holds unique, of the fields of an object.
fn unicites(table: &Table, objet: &Objet) -> &'static [Unicite] {
    let unicite = |(index, colonnes): (&String, &Vec<String>)| {
        let champs = noms(colonnes.iter().filter_map(|colonne| objet.champ(colonne)).map(|champ| champ.nom));
        (!champs.is_empty()).then(|| Unicite { index: fige(index), champs })
    };
    Vec::leak(table.unique_indexes.iter().filter_map(unicite).collect())
}

/// What a manifest opens to the public: never a personal field.
fn public(modele: &'static Modele, droits: &[Right]) -> Option<Droit> {
    let octrois: Vec<Octroi> = droits
        .iter()
        .filter(|droit| droit.role == "public" && droit.actions.contains(&RightAction::Read))
        .map(|droit| octroi("public", modele.objet.nom, "lire", droit))
        .collect();
    Droit::du_public(modele.objet, &octrois)
}

/// A right of a manifest, as roles hold it.
fn octroi(role: &str, objet: &str, action: &str, droit: &Right) -> Octroi {
    Octroi {
        role: role.to_owned(),
        objet: objet.to_owned(),
        action: action.to_owned(),
        lignes: droit.rows.clone(),
        champs: droit.fields.as_ref().and_then(finage_manifest::Fields::named),
        niveau: 0,
        communes: None,
        finalites: Vec::new(),
    }
}

fn noms<'a>(noms: impl Iterator<Item = &'a str>) -> &'static [&'static str] {
    let mut uniques: Vec<&'static str> = Vec::new();
    for nom in noms {
        if !uniques.contains(&nom) {
            uniques.push(fige(nom));
        }
    }
    Vec::leak(uniques)
}

/// `schema.table`, quoted.
pub(in crate::modules) fn cite(table: &str) -> String {
    table.split('.').map(|part| format!("\"{}\"", part.replace('"', "\"\""))).collect::<Vec<_>>().join(".")
}

/// Kept as long as the process.
fn fige(texte: &str) -> &'static str {
    Box::leak(texte.to_owned().into_boxed_str())
}

/// Fields that no two rows have alike, the field itself among them.
pub(in crate::modules) fn uniques(file: &ObjectFile) -> Vec<Vec<String>> {
    let unique = |(nom, champ): (&String, &finage_manifest::Field)| match &champ.unique {
        Some(Unique::Alone(true)) => Some(vec![nom.clone()]),
        Some(Unique::With(autres)) => Some(autres.iter().cloned().chain(std::iter::once(nom.clone())).collect()),
        _ => None,
    };
    let mut uniques: Vec<Vec<String>> = file.fields.iter().filter_map(unique).collect();
    if !file.key.is_empty() && !uniques.contains(&file.key) {
        uniques.push(file.key.clone());
    }
    uniques
}
