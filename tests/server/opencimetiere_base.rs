//! A fictitious database of openCimetière, the same for the same seed, with each fault that old ones have: as SQL, or as CSV
//! files named by their table.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

/// Rows of a table, each cell in the order of its columns; nothing is null.
#[derive(Debug, Clone, Default)]
pub struct Table {
    pub colonnes: Vec<(&'static str, &'static str)>,
    pub lignes: Vec<Vec<Option<String>>>,
}

/// Tables by name.
#[derive(Debug, Clone, Default)]
pub struct Base {
    pub tables: BTreeMap<&'static str, Table>,
}

/// Columns of the model 3.0 and their types; dates are texts, as they were before it.
const MODELE: [(&str, &[&str]); 24] = [
    ("cimetiere", &["cimetiere", "cimetierelib", "adresse1", "adresse2", "cp", "ville", "observations", "geom"]),
    ("zone_type", &["zone_type", "libelle"]),
    ("zone", &["zone", "cimetiere", "zonetype", "zonelib", "geom"]),
    ("voie_type", &["voie_type", "libelle"]),
    ("voie", &["voie", "zone", "voietype", "voielib"]),
    ("sepulture_type", &["sepulture_type", "code", "libelle"]),
    ("plans", &["plans", "planslib", "fichier"]),
    (
        "emplacement",
        &[
            "emplacement",
            "nature",
            "numero",
            "complement",
            "voie",
            "numerocadastre",
            "famille",
            "numeroacte",
            "datevente",
            "terme",
            "duree",
            "dateterme",
            "nombreplace",
            "placeoccupe",
            "superficie",
            "placeconstat",
            "dateconstat",
            "observation",
            "plans",
            "positionx",
            "positiony",
            "photo",
            "libre",
            "sepulturetype",
            "geom",
        ],
    ),
    (
        "emplacement_archive",
        &[
            "emplacement",
            "nature",
            "numero",
            "complement",
            "voie",
            "famille",
            "numeroacte",
            "datevente",
            "terme",
            "duree",
            "dateterme",
            "nombreplace",
            "superficie",
            "observation",
            "libre",
            "sepulturetype",
        ],
    ),
    ("titre_de_civilite", &["titre_de_civilite", "code", "libelle"]),
    ("defunt", DEFUNT),
    ("defunt_archive", DEFUNT),
    ("autorisation", AUTORISATION),
    ("autorisation_archive", AUTORISATION),
    ("courrier", &["courrier", "destinataire", "datecourrier", "lettretype", "complement"]),
    ("dossier", &["dossier", "emplacement", "fichier", "datedossier", "observation", "typedossier"]),
    ("entreprise", &["entreprise", "nomentreprise", "pf", "adresse1", "adresse2", "cp", "ville", "telephone"]),
    ("travaux_nature", &["travaux_nature", "code", "libelle"]),
    (
        "travaux",
        &[
            "travaux",
            "entreprise",
            "emplacement",
            "datedebinter",
            "datefininter",
            "observation",
            "naturedemandeur",
            "naturetravaux",
        ],
    ),
    (
        "operation",
        &[
            "operation",
            "numdossier",
            "date",
            "heure",
            "emplacement",
            "emplacement_transfert",
            "entreprise",
            "etat",
            "categorie",
            "observation",
        ],
    ),
    (
        "operation_defunt",
        &[
            "operation_defunt",
            "operation",
            "defunt",
            "defunt_titre",
            "defunt_nom",
            "defunt_prenom",
            "defunt_datenaissance",
            "defunt_datedeces",
            "defunt_nature",
        ],
    ),
    ("genealogie", &["genealogie", "libelle"]),
    ("om_utilisateur", &["om_utilisateur", "nom"]),
    // A table that a later version may have.
    (
        "contrat",
        &[
            "contrat",
            "emplacement",
            "origine",
            "datevente",
            "terme",
            "duree",
            "dateterme",
            "montant",
            "monnaie",
            "observation",
        ],
    ),
];

const DEFUNT: &[&str] = &[
    "defunt",
    "nature",
    "taille",
    "emplacement",
    "titre",
    "nom",
    "prenom",
    "marital",
    "datenaissance",
    "datedeces",
    "lieudeces",
    "dateinhumation",
    "exhumation",
    "dateexhumation",
    "observation",
    "reduction",
    "datereduction",
    "historique",
    "verrou",
];

const AUTORISATION: &[&str] = &[
    "autorisation",
    "emplacement",
    "nature",
    "titre",
    "nom",
    "marital",
    "prenom",
    "datenaissance",
    "adresse1",
    "adresse2",
    "cp",
    "ville",
    "telephone",
    "dcd",
    "parente",
    "observation",
];

impl Base {
    /// Empty tables of the model.
    fn vide() -> Self {
        let mut base = Self::default();
        for (nom, colonnes) in MODELE {
            let genre = |colonne: &&'static str| match *colonne {
                "geom" => (*colonne, "public.geometry"),
                colonne if colonne == nom.trim_end_matches("_archive") => (colonne, "integer"),
                colonne => (colonne, "text"),
            };
            base.tables.insert(nom, Table { colonnes: colonnes.iter().map(genre).collect(), lignes: Vec::new() });
        }
        base
    }

    /// Adds a row.
    pub fn ligne(&mut self, table: &'static str, valeurs: &[(&str, &str)]) {
        let table = self.tables.get_mut(table).unwrap();
        let mut ligne = vec![None; table.colonnes.len()];
        for (colonne, valeur) in valeurs {
            let rang = table.colonnes.iter().position(|(nom, _)| nom == colonne);
            ligne[rang.unwrap_or_else(|| panic!("{colonne}"))] = Some((*valeur).to_owned());
        }
        table.lignes.push(ligne);
    }

    /// Changes a value of the row of a key.
    pub fn change(&mut self, table: &'static str, cle: &str, colonne: &str, valeur: &str) {
        let table = self.tables.get_mut(table).unwrap();
        let rang = table.colonnes.iter().position(|(nom, _)| *nom == colonne).unwrap();
        let ligne = table.lignes.iter_mut().find(|ligne| ligne[0].as_deref() == Some(cle)).unwrap();
        ligne[rang] = Some(valeur.to_owned());
    }

    /// Rows of a table.
    pub fn nombre(&self, table: &str) -> usize {
        self.tables.get(table).map_or(0, |table| table.lignes.len())
    }

    /// `plots` plots of good rows, then one row for each fault.
    pub fn fictive(graine: u64, plots: u32) -> Self {
        let mut base = Self::vide();
        base.reference();
        let mut hasard = graine;
        let mut tire = |borne: u64| {
            hasard = hasard.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (hasard >> 33) % borne
        };
        for n in 1..=plots {
            let (cle, annee) = (n.to_string(), 1960 + tire(60));
            let (vente, voie) = (format!("{annee}-{:02}-{:02}", 1 + tire(12), 1 + tire(28)), (1 + n % 2).to_string());
            let terme = format!("{}{}", annee + 30, &vente[4..]);
            base.ligne(
                "emplacement",
                &[
                    ("emplacement", &cle),
                    ("nature", "concession"),
                    ("numero", &cle),
                    ("voie", &voie),
                    ("famille", &format!("EXEMPLE{n}")),
                    ("numeroacte", &format!("A{n}")),
                    ("datevente", &vente),
                    ("terme", "temporaire"),
                    ("duree", "30"),
                    ("dateterme", &terme),
                    ("nombreplace", "3"),
                    ("superficie", "2.5"),
                    ("libre", "Non"),
                    ("sepulturetype", "1"),
                ],
            );
            let titre = (1 + tire(4)).to_string();
            base.ligne(
                "autorisation",
                &[
                    ("autorisation", &cle),
                    ("emplacement", &cle),
                    ("nature", "concessionnaire"),
                    ("titre", &titre),
                    ("nom", &format!("EXEMPLE{n}")),
                    ("prenom", "Fictive"),
                    ("cp", "99101"),
                    ("ville", "Valbrume"),
                    ("dcd", "f"),
                ],
            );
            let mort = annee + 2;
            base.ligne(
                "defunt",
                &[
                    ("defunt", &cle),
                    ("nature", "cercueil"),
                    ("taille", "1"),
                    ("emplacement", &cle),
                    ("titre", &titre),
                    ("nom", &format!("DEFUNT{n}")),
                    ("prenom", "Fictif"),
                    ("datenaissance", &format!("{}-03-02", annee - 60)),
                    ("datedeces", &format!("{mort}-03-02")),
                    ("dateinhumation", &format!("{mort}-03-05")),
                    ("exhumation", "Non"),
                    ("reduction", "Non"),
                    ("verrou", "Non"),
                ],
            );
        }
        base.fautes();
        base
    }

    fn reference(&mut self) {
        // A square of a hundred metres in the middle of the commune of the tests is set by who loads it.
        self.ligne(
            "cimetiere",
            &[
                ("cimetiere", "1"),
                ("cimetierelib", "Cimetière fictif"),
                ("adresse1", "rue des Exemples"),
                ("cp", "99101"),
                ("ville", "Valbrume"),
            ],
        );
        for (cle, libelle) in [("1", "Carré"), ("2", "Extension")] {
            self.ligne("zone_type", &[("zone_type", cle), ("libelle", libelle)]);
        }
        self.ligne("zone", &[("zone", "1"), ("cimetiere", "1"), ("zonetype", "1"), ("zonelib", "A")]);
        for (cle, libelle) in [("1", "Rangée"), ("2", "Allée")] {
            self.ligne("voie_type", &[("voie_type", cle), ("libelle", libelle)]);
            self.ligne("voie", &[("voie", cle), ("zone", "1"), ("voietype", cle), ("voielib", cle)]);
        }
        // Another row of the same name, in another sector, and a company twice.
        self.ligne("zone", &[("zone", "2"), ("cimetiere", "1"), ("zonetype", "2"), ("zonelib", "B")]);
        self.ligne("voie", &[("voie", "3"), ("zone", "2"), ("voietype", "1"), ("voielib", "1")]);
        self.ligne("entreprise", &[("entreprise", "2"), ("nomentreprise", "MARBRERIE du modèle"), ("pf", "Oui")]);
        self.ligne("sepulture_type", &[("sepulture_type", "1"), ("libelle", "Caveau T2 haut")]);
        self.ligne("plans", &[("plans", "1"), ("planslib", "Plan fictif"), ("fichier", "plan.png")]);
        for (cle, libelle) in [("1", "Mr"), ("2", "M."), ("3", "Monsieur"), ("4", "Mme"), ("5", "Enfant")] {
            self.ligne("titre_de_civilite", &[("titre_de_civilite", cle), ("code", libelle), ("libelle", libelle)]);
        }
        self.ligne("travaux_nature", &[("travaux_nature", "1"), ("libelle", "Construction caveau T2 haut")]);
        self.ligne("entreprise", &[("entreprise", "1"), ("nomentreprise", "Marbrerie du Modèle"), ("pf", "Non")]);
        self.ligne("genealogie", &[("genealogie", "1"), ("libelle", "laissée de côté")]);
        self.ligne("om_utilisateur", &[("om_utilisateur", "1"), ("nom", "compte d'ailleurs")]);
    }

    /// One row for each fault, keys from 9001.
    #[expect(clippy::too_many_lines, reason = "every fault of a base, one after another")]
    fn fautes(&mut self) {
        let emplacements: [&[(&str, &str)]; 10] = [
            // A sale of which the year alone is known, and no term.
            &[
                ("emplacement", "9001"),
                ("nature", "concession"),
                ("numero", "901"),
                ("voie", "1"),
                ("datevente", "1987-00-00"),
                ("terme", "temporaire"),
                ("duree", "30"),
                ("libre", "Non"),
            ],
            // Renewed in place: the term is no longer that of the sale.
            &[
                ("emplacement", "9002"),
                ("nature", "concession"),
                ("numero", "902"),
                ("complement", "bis"),
                ("voie", "1"),
                ("datevente", "1980-05-10"),
                ("terme", "temporaire"),
                ("duree", "30"),
                ("dateterme", "2040-05-10"),
                ("libre", "Non"),
                ("plans", "1"),
                ("positionx", "12"),
                ("positiony", "34"),
            ],
            &[
                ("emplacement", "9003"),
                ("nature", "concession"),
                ("numero", "903"),
                ("voie", "1"),
                ("datevente", "0000-00-00"),
                ("terme", "perpétuité"),
                ("libre", "Non"),
                ("photo", "tombe.jpg"),
            ],
            // No alley, and one that does not exist.
            &[("emplacement", "9004"), ("nature", "concession"), ("numero", "904"), ("libre", "Oui")],
            &[
                ("emplacement", "9005"),
                ("nature", "colombarium"),
                ("numero", "905"),
                ("voie", "777"),
                ("nombreplace", "4"),
                ("libre", "Oui"),
            ],
            // Neither a number nor a term, and a nature of its own.
            &[
                ("emplacement", "9006"),
                ("nature", "tumulus"),
                ("voie", "2"),
                ("nombreplace", "deux"),
                ("superficie", "-3"),
                ("libre", "Non"),
            ],
            &[
                ("emplacement", "9007"),
                ("nature", "terraincommunal"),
                ("numero", "907"),
                ("voie", "2"),
                ("nombreplace", "1.5"),
            ],
            &[("emplacement", "9008"), ("nature", "ossuaire"), ("numero", "908"), ("voie", "2")],
            // Emptied at the end of its concession and made again: the archive keeps what it was.
            &[("emplacement", "9009"), ("nature", "concession"), ("numero", "909"), ("voie", "2"), ("libre", "Oui")],
            // Contracts in a table of their own.
            &[("emplacement", "9010"), ("nature", "concession"), ("numero", "910"), ("voie", "2"), ("libre", "Non")],
        ];
        for valeurs in emplacements {
            self.ligne("emplacement", valeurs);
        }
        self.ligne(
            "emplacement",
            &[("emplacement", "9010"), ("nature", "concession"), ("numero", "deux fois"), ("voie", "1")],
        );
        self.ligne(
            "emplacement",
            &[("emplacement", "9011"), ("nature", "concession"), ("numero", "901"), ("voie", "1"), ("libre", "Oui")],
        );
        self.ligne(
            "emplacement_archive",
            &[
                ("emplacement", "8001"),
                ("nature", "concession"),
                ("numero", "909"),
                ("voie", "2"),
                ("famille", "ANCIENNE"),
                ("datevente", "1950-01-02"),
                ("terme", "temporaire"),
                ("duree", "50"),
                ("dateterme", "2000-01-02"),
                ("libre", "Non"),
            ],
        );
        self.ligne(
            "contrat",
            &[
                ("contrat", "1"),
                ("emplacement", "9010"),
                ("origine", "achat"),
                ("datevente", "1985-06-01"),
                ("terme", "temporaire"),
                ("duree", "30"),
                ("dateterme", "2015-06-01"),
                ("montant", "150.00"),
                ("monnaie", "euro"),
            ],
        );
        self.ligne(
            "contrat",
            &[
                ("contrat", "2"),
                ("emplacement", "9010"),
                ("origine", "renouvellement"),
                ("datevente", "2015-06-01"),
                ("terme", "temporaire"),
                ("duree", "30"),
                ("dateterme", "2045-06-01"),
                ("montant", "400.00"),
                ("monnaie", "euro"),
            ],
        );
        self.ligne("contrat", &[("contrat", "3"), ("emplacement", "12345"), ("origine", "achat")]);
        self.defunts_fautifs();
        let autorisations: [&[(&str, &str)]; 6] = [
            &[
                ("autorisation", "9001"),
                ("emplacement", "9001"),
                ("nature", "concessionnaire"),
                ("titre", "5"),
                ("nom", "FAUTIVE"),
                ("prenom", "Année"),
                ("datenaissance", "1950"),
            ],
            &[
                ("autorisation", "9002"),
                ("emplacement", "9001"),
                ("nature", "ayantdroit"),
                ("titre", "4"),
                ("nom", "FAUTIVE"),
                ("marital", "D'USAGE"),
                ("parente", "fille"),
                ("dcd", "t"),
                ("telephone", "0600000000"),
            ],
            &[("autorisation", "9003"), ("emplacement", "4242"), ("nature", "concessionnaire"), ("nom", "ORPHELINE")],
            &[("autorisation", "9004"), ("nature", "ayantdroit"), ("nom", "SANSEMPLACEMENT")],
            &[("autorisation", "9005"), ("emplacement", "9007"), ("nature", "concessionnaire"), ("nom", "COMMUNE")],
            &[("autorisation", "9006"), ("emplacement", "9010"), ("nature", "concessionnaire"), ("nom", "QUATRE")],
        ];
        for valeurs in autorisations {
            self.ligne("autorisation", valeurs);
        }
        self.ligne(
            "autorisation_archive",
            &[("autorisation", "8001"), ("emplacement", "8001"), ("nature", "concessionnaire"), ("nom", "ANCIENNE")],
        );
        self.ligne(
            "courrier",
            &[
                ("courrier", "1"),
                ("destinataire", "9001"),
                ("datecourrier", "2011-03-12"),
                ("lettretype", "renouvellement"),
                ("complement", "relance\tfictive"),
            ],
        );
        self.ligne("courrier", &[("courrier", "2"), ("destinataire", "31337"), ("lettretype", "perdue")]);
        self.ligne(
            "travaux",
            &[
                ("travaux", "1"),
                ("entreprise", "1"),
                ("emplacement", "9001"),
                ("datedebinter", "2010-02-01"),
                ("datefininter", "2010-01-01"),
                ("naturetravaux", "1"),
                ("naturedemandeur", "concessionnaire"),
            ],
        );
        self.ligne("travaux", &[("travaux", "2"), ("emplacement", "555")]);
        for (cle, emplacement, fichier, genre) in [
            ("1", "9001", "acte.pdf", "pdf"),
            ("2", "9001", "cafe0123", "photo"),
            ("3", "9001", "../secret.pdf", "pdf"),
            ("4", "9001", "page.html", "pdf"),
            ("5", "9001", "absent.pdf", "pdf"),
            ("6", "31", "acte.pdf", "pdf"),
        ] {
            let observation = if cle == "1" { "acte \"numérisé\" ; original" } else { "" };
            self.ligne(
                "dossier",
                &[
                    ("dossier", cle),
                    ("emplacement", emplacement),
                    ("fichier", fichier),
                    ("typedossier", genre),
                    ("observation", observation),
                ],
            );
        }
        self.operations_fautives();
    }

    fn defunts_fautifs(&mut self) {
        let defunts: [&[(&str, &str)]; 12] = [
            &[
                ("defunt", "9001"),
                ("emplacement", "9001"),
                ("titre", "1"),
                ("nom", "MOIS"),
                ("datedeces", "2008-01-00"),
                ("dateinhumation", "2008"),
            ],
            &[
                ("defunt", "9002"),
                ("emplacement", "9001"),
                ("titre", "3"),
                ("nom", "ANNEE"),
                ("datenaissance", "00/00/1950"),
                ("datedeces", "31/02/1980"),
                ("dateinhumation", "0000-00-00"),
            ],
            &[("defunt", "9003"), ("emplacement", "4242"), ("nom", "ORPHELIN"), ("datedeces", "1990-01-01")],
            &[("defunt", "9004"), ("nom", "SANSEMPLACEMENT")],
            &[
                ("defunt", "9005"),
                ("emplacement", "9003"),
                ("nom", "REDUIT"),
                ("dateinhumation", "1960-02-03"),
                ("reduction", "Oui"),
                ("datereduction", "1990-04-05"),
            ],
            &[
                ("defunt", "9006"),
                ("emplacement", "9003"),
                ("nom", "REDUITSANSDATE"),
                ("dateinhumation", "1961-02-03"),
                ("reduction", "Oui"),
                ("datereduction", "0000-00-00"),
            ],
            &[
                ("defunt", "9007"),
                ("emplacement", "9003"),
                ("nom", "EXHUME"),
                ("dateinhumation", "1962-02-03"),
                ("exhumation", "Oui"),
                ("dateexhumation", "1999-09-09"),
            ],
            &[
                ("defunt", "9008"),
                ("emplacement", "9003"),
                ("nom", "EXHUMESANSDATE"),
                ("dateinhumation", "1963-02-03"),
                ("exhumation", "Oui"),
                ("dateexhumation", "1999-00-00"),
            ],
            // Born after the death, buried before it.
            &[
                ("defunt", "9009"),
                ("emplacement", "9003"),
                ("nom", "INVERSE"),
                ("datenaissance", "1999-01-01"),
                ("datedeces", "1970-01-05"),
                ("dateinhumation", "1970-01-01"),
            ],
            // Without a name, with every character that files escape.
            &[
                ("defunt", "9010"),
                ("emplacement", "9003"),
                ("prenom", "O'Fictif \"le\"; vrai"),
                ("nature", "urne"),
                ("observation", "ligne une\nligne deux\\n ; \u{e9}"),
            ],
            // He rested elsewhere: a transfer led him here.
            &[("defunt", "9011"), ("emplacement", "9002"), ("nom", "TRANSFERE"), ("dateinhumation", "1985-01-01")],
            // His concession ended: he is in the ossuary, and in the archive.
            &[
                ("defunt", "9012"),
                ("emplacement", "9008"),
                ("nom", "OSSUAIRE"),
                ("dateinhumation", "1955-01-01"),
                ("nature", "ossements"),
            ],
        ];
        for valeurs in defunts {
            self.ligne("defunt", valeurs);
        }
        self.ligne(
            "defunt_archive",
            &[("defunt", "9012"), ("emplacement", "8001"), ("nom", "OSSUAIRE"), ("dateinhumation", "1955-01-01")],
        );
        self.ligne(
            "defunt_archive",
            &[
                ("defunt", "9013"),
                ("emplacement", "8001"),
                ("nom", "PARTI"),
                ("dateinhumation", "1956-01-01"),
                ("exhumation", "Oui"),
                ("dateexhumation", "2001-02-03"),
            ],
        );
        self.ligne("defunt", &[("defunt", ""), ("nom", "SANSCLE")]);
    }

    fn operations_fautives(&mut self) {
        let operations: [&[(&str, &str)]; 5] = [
            &[
                ("operation", "1"),
                ("numdossier", "7"),
                ("date", "1995-06-07"),
                ("heure", "14:30:00"),
                ("emplacement", "9003"),
                ("emplacement_transfert", "9002"),
                ("etat", "trt"),
                ("categorie", "transfert"),
            ],
            &[
                ("operation", "2"),
                ("numdossier", "8"),
                ("date", "2099-01-02"),
                ("heure", "9h"),
                ("emplacement", "9002"),
                ("entreprise", "1"),
                ("etat", "actif"),
                ("categorie", "inhumation"),
            ],
            // Nobody, a plot that is not there, a date that is none.
            &[
                ("operation", "3"),
                ("date", "1995-06-07"),
                ("emplacement", "9002"),
                ("etat", "trt"),
                ("categorie", "reduction"),
            ],
            &[
                ("operation", "4"),
                ("date", "1995-06-07"),
                ("emplacement", "555"),
                ("etat", "trt"),
                ("categorie", "inhumation"),
            ],
            &[
                ("operation", "5"),
                ("date", "1995"),
                ("emplacement", "9003"),
                ("etat", "trt"),
                ("categorie", "inhumation"),
            ],
        ];
        for valeurs in operations {
            self.ligne("operation", valeurs);
        }
        self.ligne("operation_defunt", &[("operation_defunt", "1"), ("operation", "1"), ("defunt", "9011")]);
        self.ligne(
            "operation_defunt",
            &[
                ("operation_defunt", "2"),
                ("operation", "2"),
                ("defunt_nom", "ANNONCEE"),
                ("defunt_prenom", "Fictive"),
                ("defunt_titre", "4"),
                ("defunt_datedeces", "2098-12-30"),
            ],
        );
        self.ligne("operation_defunt", &[("operation_defunt", "3"), ("operation", "4"), ("defunt", "9005")]);
        self.ligne("operation_defunt", &[("operation_defunt", "4"), ("operation", "99"), ("defunt", "9005")]);
        self.ligne("operation_defunt", &[("operation_defunt", "5"), ("operation", "5"), ("defunt_nom", "EXHUME")]);
    }

    /// SQL that makes these tables in a schema.
    pub fn sql(&self, schema: &str) -> String {
        let mut sql = format!("create schema {schema};\n");
        for (nom, table) in &self.tables {
            let colonnes: Vec<String> =
                table.colonnes.iter().map(|(nom, genre)| format!("\"{nom}\" {genre}")).collect();
            let _ = writeln!(sql, "create table {schema}.{nom} ({});", colonnes.join(", "));
            for ligne in &table.lignes {
                let valeurs: Vec<String> = ligne
                    .iter()
                    .zip(&table.colonnes)
                    .map(|(valeur, (_, genre))| match valeur.as_deref() {
                        None => "null".to_owned(),
                        Some("") if *genre != "text" => "null".to_owned(),
                        Some(texte) => format!("'{}'", texte.replace('\'', "''")),
                    })
                    .collect();
                let _ = writeln!(sql, "insert into {schema}.{nom} values ({});", valeurs.join(", "));
            }
        }
        sql
    }

    /// Writes a CSV file a table.
    pub fn csv(&self, dossier: &Path) {
        for (nom, table) in &self.tables {
            let cellule = |texte: &str| format!("\"{}\"", texte.replace('"', "\"\""));
            let entete: Vec<String> = table.colonnes.iter().map(|(nom, _)| cellule(nom)).collect();
            let mut lignes = vec![entete.join(";")];
            lignes.extend(table.lignes.iter().map(|ligne| {
                let cellules: Vec<String> =
                    ligne.iter().map(|valeur| valeur.as_deref().map_or_else(String::new, cellule)).collect();
                cellules.join(";")
            }));
            std::fs::write(dossier.join(format!("{nom}.csv")), lignes.join("\n") + "\n").unwrap();
        }
    }
}
