//! Which EPSG system a .prj describes: the systems of France, overseas and before 2001, and the two of the world.

/// Projections by the words that name them in the two dialects, all of which must be there; the first that answers wins.
const SYSTEMES: [(u32, &[&str]); 27] = [
    (3857, &["web", "mercator"]),
    (3857, &["pseudo", "mercator"]),
    (9794, &["v2b", "lambert93"]),
    (9793, &["v2", "lambert93"]),
    (2154, &["lambert93"]),
    (3942, &["cc42"]),
    (3943, &["cc43"]),
    (3944, &["cc44"]),
    (3945, &["cc45"]),
    (3946, &["cc46"]),
    (3947, &["cc47"]),
    (3948, &["cc48"]),
    (3949, &["cc49"]),
    (3950, &["cc50"]),
    (27572, &["ntf", "lambert", "zoneii"]),
    (27572, &["ntf", "lambert", "iietendu"]),
    (27572, &["ntf", "france", "ii"]),
    (5490, &["rgaf09", "20n"]),
    (4559, &["rraf", "20n"]),
    (2972, &["rgfg", "22n"]),
    (2975, &["rgr", "40s"]),
    (4471, &["rgm", "38s"]),
    (4467, &["rgspm", "21n"]),
    (3296, &["rgpf", "5s"]),
    (3297, &["rgpf", "6s"]),
    (3163, &["rgnc", "lambert"]),
    (32620, &["wgs", "utm", "20n"]),
];

/// Systems in degrees.
const DEGRES: [(u32, &str); 5] =
    [(4326, "wgs1984"), (4326, "wgs84"), (4171, "rgf1993"), (4171, "rgf93"), (4258, "etrs1989")];

/// The EPSG code; `None` when the text is none of those known here.
pub(super) fn srid(prj: &str) -> Option<u32> {
    if let Some(code) = autorite(prj) {
        return Some(code);
    }
    let projete = prj.trim_start().to_uppercase().starts_with("PROJ");
    let nom: String =
        prj.split('"').nth(1)?.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_lowercase();
    if !projete {
        return DEGRES.iter().find(|(_, mot)| nom.contains(mot)).map(|(srid, _)| *srid);
    }
    SYSTEMES.iter().find(|(_, mots)| mots.iter().all(|mot| nom.contains(mot))).map(|(srid, _)| *srid)
}

/// The code that the text itself gives, of the whole system: the last one.
fn autorite(prj: &str) -> Option<u32> {
    let fin = prj.trim().trim_end_matches(']');
    let (avant, code) = fin.rsplit_once(',')?;
    let dernier = avant.to_uppercase();
    let dernier = dernier.trim_end();
    if !(dernier.ends_with("AUTHORITY[\"EPSG\"") || dernier.ends_with("ID[\"EPSG\"")) {
        return None;
    }
    code.trim().trim_matches('"').parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn systems_are_known_by_name_or_by_code() {
        for (prj, attendu) in [
            (
                r#"PROJCS["RGF_1993_Lambert_93",GEOGCS["GCS_RGF_1993",UNIT["Degree",0.017]],UNIT["Meter",1.0]]"#,
                Some(2154),
            ),
            (r#"PROJCS["RGF93_v1_CC46",GEOGCS["x"]]"#, Some(3946)),
            (r#"PROJCS["RGF_1993_CC50",GEOGCS["x"]]"#, Some(3950)),
            (r#"PROJCS["NTF_Lambert_II_etendu",GEOGCS["x"]]"#, Some(27572)),
            (r#"PROJCS["NTF_Paris_Lambert_zone_II",GEOGCS["x"]]"#, Some(27572)),
            (r#"PROJCS["WGS_1984_Web_Mercator_Auxiliary_Sphere",GEOGCS["x"]]"#, Some(3857)),
            (r#"PROJCS["RGR92_UTM_40S",GEOGCS["x"]]"#, Some(2975)),
            (r#"PROJCS["RGR_1992_UTM_40S",GEOGCS["x"]]"#, Some(2975)),
            (r#"PROJCS["RGAF09_UTM_Zone_20N",GEOGCS["x"]]"#, Some(5490)),
            (r#"GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984"]]"#, Some(4326)),
            (r#"PROJCS["x",GEOGCS["y",AUTHORITY["EPSG","4171"]],AUTHORITY["EPSG","2154"]]"#, Some(2154)),
            (r#"PROJCS["x",GEOGCS["y",AUTHORITY["EPSG","4171"]],UNIT["m",1]]"#, None),
            (r#"PROJCS["OSGB_1936_British_National_Grid"]"#, None),
            ("", None),
        ] {
            assert_eq!(srid(prj), attendu, "{prj}");
        }
    }
}
