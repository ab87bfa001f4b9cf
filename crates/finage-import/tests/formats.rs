//! Files of each format, as the programs that people have write them.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a test may stop at once, and says what it skips")]

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use finage_import::{Cellule, Classeur, Format, Genre, Instant, Ligne, Options, ouvrir};
use tempfile::TempDir;
use time::macros::{date, datetime};
use zip::write::SimpleFileOptions;

fn fichier(dossier: &TempDir, nom: &str, octets: &[u8]) -> PathBuf {
    let path = dossier.path().join(nom);
    std::fs::write(&path, octets).unwrap();
    path
}

fn archive(path: &Path, membres: &[(&str, &[u8])]) {
    let mut zip = zip::ZipWriter::new(std::fs::File::create(path).unwrap());
    for (nom, octets) in membres {
        zip.start_file(*nom, SimpleFileOptions::default()).unwrap();
        zip.write_all(octets).unwrap();
    }
    zip.finish().unwrap();
}

fn ouvert(path: &Path) -> Classeur {
    ouvrir(path, path.file_name().unwrap().to_str().unwrap(), &Options::default()).unwrap()
}

fn lignes(classeur: &Classeur, feuille: usize) -> Vec<Ligne> {
    classeur.lire(feuille).unwrap().map(Result::unwrap).collect()
}

fn texte(texte: &str) -> Cellule {
    Cellule::Texte(texte.to_owned())
}

fn nombre(texte: &str) -> Cellule {
    Cellule::Nombre(texte.to_owned())
}

/// Runs ogr2ogr, or says that it is not here.
fn ogr2ogr(arguments: &[&str]) -> bool {
    let Ok(sortie) = Command::new("ogr2ogr").args(arguments).output() else {
        println!("SKIPPED: ogr2ogr is not here");
        return false;
    };
    assert!(sortie.status.success(), "{}", String::from_utf8_lossy(&sortie.stderr));
    true
}

#[test]
fn a_csv_of_a_french_excel() {
    let dossier = TempDir::new().unwrap();
    let csv = b"Pr\xe9nom;N\xe9e le;Montant;Code;Actif;\r\n\xc9lo\xefse;03/05/2026;1 234,56;01234;oui;\r\n;;;;;\r\n\"a;b\";3 mai 2026;2;00012;non;\r\n";
    let classeur = ouvert(&fichier(&dossier, "liste.csv", csv));
    assert_eq!(classeur.format, Format::Csv);
    let colonnes: Vec<(&str, Genre)> =
        classeur.feuilles[0].colonnes.iter().map(|colonne| (colonne.nom.as_str(), colonne.genre)).collect();
    assert_eq!(
        colonnes,
        [
            ("Prénom", Genre::Texte),
            ("Née le", Genre::Date),
            ("Montant", Genre::Decimal),
            ("Code", Genre::Texte),
            ("Actif", Genre::Booleen)
        ]
    );
    assert_eq!(classeur.feuilles[0].colonnes[0].exemples, ["Éloïse", "a;b"]);
    let lues = lignes(&classeur, 0);
    assert_eq!(lues.iter().map(|ligne| ligne.numero).collect::<Vec<_>>(), [2, 4]);
    assert_eq!(lues[1].valeurs[0], texte("a;b"));
}

#[test]
fn a_csv_says_where_it_is_wrong_and_goes_on() {
    let dossier = TempDir::new().unwrap();
    let classeur = ouvert(&fichier(&dossier, "voirie.csv", b"a;b\n1;2\n1;2;3\n4;5\n"));
    let lues: Vec<_> = classeur.lire(0).unwrap().collect();
    assert_eq!(
        lues[1].as_ref().unwrap_err().to_string(),
        "« voirie.csv », feuille « voirie », ligne 3 : la ligne a 3 cellules pour 2 colonnes. Mettez entre guillemets les textes qui contiennent le séparateur."
    );
    assert_eq!(lues[2].as_ref().unwrap().numero, 4);
}

#[test]
fn columns_without_a_name_or_with_one_twice_get_their_own() {
    let dossier = TempDir::new().unwrap();
    let path = fichier(&dossier, "x.csv", b"nom,,nom,a  b\n1,2,3,4\n");
    let noms: Vec<String> = ouvert(&path).feuilles[0].colonnes.iter().map(|colonne| colonne.nom.clone()).collect();
    assert_eq!(noms, ["nom", "colonne_2", "nom (2)", "a b"]);
    let sans = ouvrir(&path, "x.csv", &Options { entete: None, ..Options::default() }).unwrap();
    assert_eq!(sans.feuilles[0].colonnes[3].nom, "colonne_4");
    assert_eq!(lignes(&sans, 0).len(), 2);
}

const XLSX_TYPES: &str = r#"<Types xmlns="x"/>"#;
const XLSX_RELS: &str = r#"<Relationships><Relationship Id="rId1" Type="http://x/officeDocument" Target="/xl/workbook.xml"/></Relationships>"#;
const XLSX_LIENS: &str = r#"<Relationships><Relationship Id="r1" Type="http://x/worksheet" Target="worksheets/un.xml"/><Relationship Id="r2" Type="http://x/sharedStrings" Target="sharedStrings.xml"/><Relationship Id="r3" Type="http://x/styles" Target="styles.xml"/></Relationships>"#;
const XLSX_CLASSEUR: &str =
    r#"<workbook xmlns:r="y"><sheets><sheet name="Dépôts &amp; co" sheetId="1" r:id="r1"/></sheets></workbook>"#;
const XLSX_TEXTES: &str = r#"<sst><si><t>objet</t></si><si><r><t>Para</t></r><r><t xml:space="preserve">pluie </t></r><rPh><t>x</t></rPh></si></sst>"#;
const XLSX_STYLES: &str = r#"<styleSheet><numFmts><numFmt numFmtId="170" formatCode="d\ mmm\ yyyy"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="170"/><xf numFmtId="22"/><xf numFmtId="2"/></cellXfs></styleSheet>"#;

fn xlsx(path: &Path, feuille: &str) {
    let feuille = format!("<worksheet><sheetData>{feuille}</sheetData></worksheet>");
    archive(
        path,
        &[
            ("[Content_Types].xml", XLSX_TYPES.as_bytes()),
            ("_rels/.rels", XLSX_RELS.as_bytes()),
            ("xl/workbook.xml", XLSX_CLASSEUR.as_bytes()),
            ("xl/_rels/workbook.xml.rels", XLSX_LIENS.as_bytes()),
            ("xl/sharedStrings.xml", XLSX_TEXTES.as_bytes()),
            ("xl/styles.xml", XLSX_STYLES.as_bytes()),
            ("xl/worksheets/un.xml", feuille.as_bytes()),
        ],
    );
}

#[test]
fn an_xlsx_of_excel() {
    let dossier = TempDir::new().unwrap();
    let path = dossier.path().join("depots.xlsx");
    xlsx(
        &path,
        r#"<row r="2"><c r="A2" t="s"><v>0</v></c><c r="B2" t="inlineStr"><is><t>le</t></is></c><c r="C2" t="str"><f>1</f><v>v</v></c><c r="D2" t="str"><v>w</v></c></row>
        <row r="3"><c r="A3" t="s"><v>1</v></c><c r="B3" s="1"><v>46145</v></c><c r="C3" s="3"><f>A1*2</f><v>1.1000000000000001</v></c><c r="D3" s="2"><v>46145.5</v></c></row>
        <row r="5"><c r="B5" s="1"/><c r="C5" t="e"><v>#N/A</v></c></row>
        <row r="6"><c r="D6" t="b"><v>1</v></c></row>"#,
    );
    let classeur = ouvert(&path);
    assert_eq!((classeur.format, classeur.feuilles[0].nom.as_str()), (Format::Xlsx, "Dépôts & co"));
    let lues: Vec<_> = classeur.lire(0).unwrap().collect();
    let premiere = lues[0].as_ref().unwrap();
    assert_eq!(premiere.numero, 3);
    assert_eq!(
        premiere.valeurs,
        [
            texte("Parapluie "),
            Cellule::Date(date!(2026 - 05 - 03)),
            nombre("1.1"),
            Cellule::Instant(Instant::Local(datetime!(2026-05-03 12:00)))
        ]
    );
    let faute = lues[1].as_ref().unwrap_err();
    assert_eq!((faute.lieu.ligne, faute.lieu.colonne.as_deref()), (Some(5), Some("C")), "{faute}");
    assert_eq!(lues[2].as_ref().unwrap().valeurs[3], Cellule::Booleen(true));
}

#[test]
fn an_ods_of_libreoffice() {
    let dossier = TempDir::new().unwrap();
    let path = dossier.path().join("depots.ods");
    let contenu = r#"<office:document-content xmlns:office="o" xmlns:table="t" xmlns:text="x"><office:body><office:spreadsheet>
        <table:table table:name="vide"><table:table-row table:number-rows-repeated="1048576"><table:table-cell table:number-columns-repeated="16384"/></table:table-row></table:table>
        <table:table table:name="Dépôts">
        <table:table-row table:number-rows-repeated="3"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>
        <table:table-row><table:table-cell office:value-type="string"><text:p>a</text:p></table:table-cell><table:table-cell office:value-type="string"><text:p>b</text:p></table:table-cell><table:table-cell office:value-type="string"><text:p>c</text:p></table:table-cell><table:table-cell table:number-columns-repeated="16381"/></table:table-row>
        <table:table-row table:number-rows-repeated="2"><table:table-cell office:value-type="string"><office:annotation><text:p>note</text:p></office:annotation><text:p>x<text:s text:c="2"/>y</text:p><text:p>z</text:p></table:table-cell><table:table-cell office:value-type="float" office:value="1234.5"><text:p>1 234,50</text:p></table:table-cell><table:table-cell office:value-type="date" office:date-value="2026-05-03"><text:p>03/05/26</text:p></table:table-cell></table:table-row>
        </table:table></office:spreadsheet></office:body></office:document-content>"#;
    archive(
        &path,
        &[("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", contenu.as_bytes())],
    );
    let classeur = ouvert(&path);
    assert_eq!(classeur.feuilles.iter().map(|feuille| feuille.nom.as_str()).collect::<Vec<_>>(), ["vide", "Dépôts"]);
    assert!(lignes(&classeur, 0).is_empty());
    let lues = lignes(&classeur, 1);
    assert_eq!(lues.iter().map(|ligne| ligne.numero).collect::<Vec<_>>(), [5, 6]);
    assert_eq!(lues[1].valeurs, [texte("x  y\nz"), nombre("1234.5"), Cellule::Date(date!(2026 - 05 - 03))]);
}

const OBJETS: &str = r#"{"type":"FeatureCollection","features":[
{"type":"Feature","id":7,"properties":{"nom":"Été","n":12.50,"date":"2026-05-03"},"geometry":{"type":"Point","coordinates":[4.5,45.5]}},
{"type":"Feature","properties":{"nom":null,"plus":true},"geometry":null},
{"type":"Feature","properties":{"nom":"c"},"geometry":{"type":"Point","coordinates":[4.5,"x"]}},
{"type":"Feature","properties":{"nom":"d"},"geometry":{"type":"Point","coordinates":[1,2]}}]}"#;

#[test]
fn a_geojson_whose_objects_differ() {
    let dossier = TempDir::new().unwrap();
    let classeur = ouvert(&fichier(&dossier, "points.geojson", OBJETS.as_bytes()));
    let feuille = &classeur.feuilles[0];
    assert_eq!(feuille.colonnes.iter().map(|c| c.nom.as_str()).collect::<Vec<_>>(), ["id", "nom", "n", "date", "plus"]);
    assert_eq!((feuille.lignes, feuille.geometrie.as_ref().unwrap().srid), (Some(4), Some(4326)));
    let lues: Vec<_> = classeur.lire(0).unwrap().collect();
    let un = lues[0].as_ref().unwrap();
    assert_eq!(un.valeurs[..3], [nombre("7"), texte("Été"), nombre("12.50")]);
    assert_eq!(un.geometrie.as_ref().unwrap()[..9], [1, 1, 0, 0, 0x20, 0xe6, 0x10, 0, 0]);
    assert_eq!(lues[1].as_ref().unwrap().valeurs[4], Cellule::Booleen(true));
    assert_eq!(lues[2].as_ref().unwrap_err().lieu.ligne, Some(3));
    assert!(lues[3].is_ok());
}

#[test]
fn gdal_writes_what_is_read_the_same() {
    let dossier = TempDir::new().unwrap();
    let json = r#"{"type":"FeatureCollection","features":[
        {"type":"Feature","properties":{"nom":"Été","n":12,"d":1.5},"geometry":{"type":"Polygon","coordinates":[[[4,45],[4.1,45],[4.1,45.1],[4,45]],[[4.05,45.01],[4.06,45.02],[4.06,45.01],[4.05,45.01]]]}},
        {"type":"Feature","properties":{"nom":"b","n":13,"d":2.25},"geometry":{"type":"MultiPolygon","coordinates":[[[[0,0],[1,0],[1,1],[0,0]]],[[[5,5],[6,5],[6,6],[5,5]]]]}}]}"#;
    let source = fichier(&dossier, "zones.geojson", json.as_bytes());
    let chemin = |nom: &str| dossier.path().join(nom).to_str().unwrap().to_owned();
    let source = source.to_str().unwrap();
    let temoin: Vec<usize> =
        lignes(&ouvert(Path::new(source)), 0).iter().map(|l| l.geometrie.as_ref().unwrap().len()).collect();
    for (format, nom) in
        [("GPKG", "zones.gpkg"), ("ESRI Shapefile", "zones.shz"), ("XLSX", "zones.xlsx"), ("ODS", "zones.ods")]
    {
        if !ogr2ogr(&["-f", format, &chemin(nom), source, "-nlt", "PROMOTE_TO_MULTI"]) {
            return;
        }
        let classeur = ouvert(Path::new(&chemin(nom)));
        let feuille = &classeur.feuilles[0];
        let noms: Vec<&str> = feuille.colonnes.iter().map(|colonne| colonne.nom.as_str()).collect();
        assert_eq!(noms, ["nom", "n", "d"], "{format}");
        let lues = lignes(&classeur, 0);
        assert_eq!(lues[0].valeurs[0], texte("Été"), "{format}");
        let valeur = |rang: usize| finage_import::convertir(&lues[1].valeurs[rang], Genre::Decimal);
        assert_eq!(valeur(1).unwrap(), finage_import::Valeur::Decimal("13".into()), "{format}");
        let Ok(finage_import::Valeur::Decimal(d)) = valeur(2) else { panic!("{format}") };
        assert_eq!(d.trim_end_matches('0'), "2.25", "{format}");
        if matches!(classeur.format, Format::GeoPackage | Format::Shapefile) {
            let geometrie = feuille.geometrie.as_ref().unwrap();
            assert_eq!((geometrie.srid, feuille.lignes), (Some(4326), Some(2)), "{format}");
            // A polygon made a multipolygon has the head of one more: 9 bytes, and 4 of its own system moved.
            let tailles: Vec<usize> = lues.iter().map(|ligne| ligne.geometrie.as_ref().unwrap().len()).collect();
            assert_eq!(tailles, [temoin[0] + 9, temoin[1]], "{format}");
        }
    }
}

#[test]
fn gdal_writes_shapefiles_of_every_kind() {
    let dossier = TempDir::new().unwrap();
    for (genre, coordonnees) in [
        ("Point", "[700000,6600000]"),
        ("LineString", "[[700000,6600000],[700010,6600010]]"),
        ("MultiPoint", "[[700000,6600000],[700010,6600010]]"),
        ("Point", "[700000,6600000,12.5]"),
    ] {
        let json = format!(
            r#"{{"type":"FeatureCollection","crs":{{"type":"name","properties":{{"name":"urn:ogc:def:crs:EPSG::2154"}}}},"features":[{{"type":"Feature","properties":{{"d":"2026/05/03"}},"geometry":{{"type":"{genre}","coordinates":{coordonnees}}}}}]}}"#
        );
        let source = fichier(&dossier, "x.geojson", json.as_bytes());
        let shz = dossier.path().join("x.shz");
        let _ = std::fs::remove_file(&shz);
        if !ogr2ogr(&["-f", "ESRI Shapefile", shz.to_str().unwrap(), source.to_str().unwrap()]) {
            return;
        }
        let (lue, temoin) = (lignes(&ouvert(&shz), 0).remove(0), lignes(&ouvert(&source), 0).remove(0));
        assert_eq!(lue.valeurs[0], Cellule::Date(date!(2026 - 05 - 03)));
        if genre != "LineString" {
            // Lines are read as multiple lines, as surfaces are.
            assert_eq!(lue.geometrie, temoin.geometrie, "{genre}");
        }
        assert_eq!(ouvert(&shz).feuilles[0].geometrie.as_ref().unwrap().srid, Some(2154), "{genre}");
    }
}

const DUMP: &str = r"--
-- PostgreSQL database dump
--
\restrict abc
SET client_encoding = 'UTF8';
CREATE FUNCTION public.f() RETURNS void LANGUAGE sql AS $$ INSERT INTO public.objet VALUES (9); $$;
CREATE TABLE public.objet (
    id integer NOT NULL,
    nom character varying(50) DEFAULT 'x, y'::character varying,
    prix numeric(10,2),
    vu timestamp with time zone,
    actif boolean,
    geom public.geometry(Point,2154),
    CONSTRAINT c CHECK ((id > 0))
);
COPY public.objet (id, nom, prix, vu, actif, geom) FROM stdin;
1	Été\tn° 1	12.50	2026-05-03 10:00:00+02	t	01010000206A080000000000000000F03F0000000000000040
2	\N	\N	\N	f	\N
3	x
\.

INSERT INTO cimetiere.allee VALUES (1, 'l''allée; a', -2.5), (2, NULL, 3);
INSERT INTO cimetiere.allee (b, a) VALUES ('d', 4);
CREATE TABLE cimetiere.vide (a integer);
";

#[test]
fn a_dump_is_read_and_not_run() {
    let dossier = TempDir::new().unwrap();
    let dump = DUMP.replace(
        "INSERT INTO cimetiere",
        "CREATE TABLE cimetiere.allee (a integer, b text, c real);\nINSERT INTO cimetiere",
    );
    let dump = dump.replacen(
        "CREATE TABLE cimetiere.allee (a integer, b text, c real);\nINSERT INTO cimetiere.allee (b",
        "INSERT INTO cimetiere.allee (b",
        1,
    );
    let classeur = ouvert(&fichier(&dossier, "sauvegarde.txt", dump.as_bytes()));
    assert_eq!(classeur.format, Format::Dump);
    let feuilles: Vec<(&str, Option<u64>)> = classeur.feuilles.iter().map(|f| (f.nom.as_str(), f.lignes)).collect();
    assert_eq!(feuilles, [("objet", Some(3)), ("cimetiere.allee", None)]);
    let genres: Vec<Genre> = classeur.feuilles[0].colonnes.iter().map(|colonne| colonne.genre).collect();
    assert_eq!(genres, [Genre::Entier, Genre::Texte, Genre::Decimal, Genre::Instant, Genre::Booleen]);
    assert_eq!(classeur.feuilles[0].geometrie.as_ref().unwrap().srid, Some(2154));
    let lues: Vec<_> = classeur.lire(0).unwrap().collect();
    let un = lues[0].as_ref().unwrap();
    assert_eq!(un.numero, 17);
    assert_eq!(
        un.valeurs,
        [
            nombre("1"),
            texte("Été\tn° 1"),
            nombre("12.50"),
            Cellule::Instant(Instant::Absolu(datetime!(2026-05-03 10:00 +2))),
            Cellule::Booleen(true)
        ]
    );
    assert_eq!(un.geometrie.as_ref().unwrap().len(), 25);
    assert_eq!(lues[1].as_ref().unwrap().valeurs[1], Cellule::Vide);
    assert_eq!(lues[2].as_ref().unwrap_err().lieu.ligne, Some(19));
    let allees = lignes(&classeur, 1);
    assert_eq!(allees[0].valeurs, [nombre("1"), texte("l'allée; a"), nombre("-2.5")]);
    assert_eq!(allees[2].valeurs, [nombre("4"), texte("d"), Cellule::Vide]);
}
