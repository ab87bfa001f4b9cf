//! The page that opens an export, for whoever receives it without Finage.

use std::fmt::Write as _;

use super::TableExportee;

/// The page, in Markdown.
pub(super) fn texte(nom: &str, code: &str, faite_le: &str, tables: &[TableExportee], fichiers: u64) -> String {
    let mut page = format!(
        "# {nom}\n\n\
        Toutes les données de « {nom} » (code {code}) dans Finage {version}, telles qu'elles étaient le {faite_le}.\n\n\
        ## Ce que contient cet export\n\n\
        | fichier | lignes | contenu |\n|---|---:|---|\n",
        version = env!("CARGO_PKG_VERSION")
    );
    for table in tables {
        let gpkg = if table.geometrie { " et `.gpkg`" } else { "" };
        // Writing to a string does not fail.
        let _ = writeln!(page, "| `{}.csv`{gpkg} | {} | {} |", table.fichier, table.lignes, table.titre);
    }
    let _ = writeln!(
        page,
        "| `fichiers/` | {fichiers} | pièces jointes, nommées par l'empreinte SHA-256 de leur contenu |"
    );
    page.push_str(
        "| `colonnes.csv` | | ce que veut dire chaque colonne de chaque fichier, et son type dans PostgreSQL |\n\n\
        ## Comment le lire\n\n\
        - **CSV** : UTF-8 avec indicateur d'ordre des octets, séparateur « ; », virgule décimale, une ligne d'en-tête. Une cellule qu'un tableur prendrait pour une formule est précédée d'une apostrophe : retirez-la. La colonne `wkt` est la géométrie en texte.\n\
        - **GeoPackage** (OGC 1.3) : les mêmes lignes avec leur géométrie, dans le système de coordonnées légal de la base.\n\
        - Les instants sont en temps universel (ISO 8601), les dates civiles s'écrivent AAAA-MM-JJ, les tableaux et les objets comme PostgreSQL les écrit, les octets en base64.\n\
        - `historique.csv` garde chaque version de chaque ligne : `avant` et `apres` sont du JSON.\n\n\
        ## Ce qui n'y est pas\n\n\
        - Les lignes d'autres collectivités, même celles que ses missions lui permettent de voir.\n\
        - Les mots de passe, secrets de second facteur, sessions et jetons.\n\
        - Le journal des accès, et les sceaux du journal d'autres collectivités : la chaîne entière ne se contrôle que dans l'installation d'origine.\n\
        - Les référentiels ouverts à tous (cadastre, adresses, code officiel géographique), que publient leurs producteurs.\n\n\
        Cet export contient des données personnelles : gardez-le comme la base elle-même.\n",
    );
    page
}
