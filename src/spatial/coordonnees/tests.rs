//! What people type for a place, and what is written for them to read.

use proptest::prelude::*;

use super::*;

fn lues(texte: &str) -> Vec<(u32, String)> {
    lire(texte, 2154).iter().map(|saisie| (saisie.srid, format!("{:.4} {:.4}", saisie.lon, saisie.lat))).collect()
}

#[test]
fn degrees_are_read_as_people_write_them() {
    let lyon = [(4326, "4.8330 45.7670".to_owned())];
    for texte in [
        "45.767, 4.833",
        "45.767,4.833",
        "45.767 4.833",
        "4.833 45.767",
        "4,833 45,767",
        "45,767 ; 4,833",
        "45,767, 4,833",
        "45,767° N 4,833° E",
        "45.767N 4.833E",
        "N 45.767 E 4.833",
        "4.833 E, 45.767 N",
        "lat 45.767 lon 4.833",
        "lon=4.833, lat=45.767",
        "45°46′01,2″ N 4°49′58,8″ E",
        "45° 46' 1.2\" 4° 49' 58.8\"",
        "45°46.02' 4°49.98'",
        "45d46'1.2''N, 4d49'58.8''E",
        "(45.767, 4.833)",
        "+45.767 +4.833",
    ] {
        assert_eq!(lues(texte), lyon, "{texte}");
    }
    assert_eq!(lues("47,5 N 2,75 O"), [(4326, "-2.7500 47.5000".to_owned())]);
    assert_eq!(lues("47,5 -2,75"), [(4326, "-2.7500 47.5000".to_owned())]);
    assert_eq!(lues("45° N 4° E"), [(4326, "4.0000 45.0000".to_owned())]);
}

#[test]
fn metres_are_read_in_the_systems_that_fit() {
    for texte in [
        "842000 6519000",
        "842000,6519000",
        "842000;6519000",
        "842 000 6 519 000",
        "842 000,00 m E, 6 519 000,00 m N",
        "6519000 842000",
        "X=842000 Y=6519000",
        "N 6519000 E 842000",
        "842000.0, 6519000.0",
    ] {
        assert_eq!(lues(texte).iter().map(|(srid, _)| *srid).collect::<Vec<_>>(), [2154], "{texte}");
    }
    let zone = lire("1842000 4222000", 2154);
    assert_eq!(zone.len(), 1);
    assert_eq!(zone[0].libelle(), "1\u{202f}842\u{202f}000,00 m E, 4\u{202f}222\u{202f}000,00 m N (RGF93 / CC45)");
    assert!((zone[0].lat - 45.18).abs() < 0.05, "{zone:?}");
    // Corsica in Lambert-93, the ocean west of Brittany in CC47.
    assert_eq!(lues("1200000 6100000").iter().map(|(srid, _)| *srid).collect::<Vec<_>>(), [2154, 3947]);
    assert_eq!(lire("345000 7650000", 2975)[0].srid, 2975);
    assert!(lire("-21,1 55,5", 2975)[0].lat < -21.0);
    assert!(lire("-21,1 55,5", 2154).is_empty());
}

#[test]
fn what_is_no_place_is_not_taken_for_one() {
    for texte in [
        "",
        "AB 145",
        "AB 145, 146",
        "12 rue de la République",
        "45 4",
        "45,4",
        "145, 146",
        "12 345",
        "13004",
        "06 12 34 56 78",
        "45.767",
        "45.767, 4.833, 12.5",
        "91.5, 200.1",
        "1e5 6519000",
        "45°61′ N 4° E",
        "N 45 N 46",
        "45.5 N 46.5 N",
        "0 0",
        "842000 6519000 1",
        "-45.767 N 4.8",
        "° N",
        "rue 842000 6519000",
    ] {
        assert_eq!(lues(texte), [], "{texte}");
    }
}

#[test]
fn a_point_is_given_in_every_system_that_applies() {
    let toutes = de(4.833, 45.767, 2154).unwrap();
    assert_eq!(toutes.decimal, "45,76700° N, 4,83300° E");
    assert_eq!(toutes.sexagesimal, "45° 46′ 01,20″ N, 4° 49′ 58,80″ E");
    let noms: Vec<&str> = toutes.systemes.iter().map(|systeme| systeme.libelle.as_str()).collect();
    assert_eq!(noms, ["Lambert-93", "RGF93 / CC46"]);
    assert_eq!(de(55.5, -21.1, 2975).unwrap().systemes[0].libelle, "RGR92 / UTM 40S");
    assert!(de(-40.0, 10.0, 2154).unwrap().systemes.is_empty());
    assert_eq!(sexagesimal(-2.0, 47.999_999_9), "48° 00′ 00,00″ N, 2° 00′ 00,00″ O");
}

fn places() -> impl Strategy<Value = (u32, f64, f64)> {
    prop_oneof![4 => Just(2154_u32), 1 => Just(5490), 1 => Just(2972), 1 => Just(2975), 1 => Just(4471), 1 => Just(4467)]
        .prop_flat_map(|storage| {
            let [ouest, sud, est, nord] = territoire::de(storage).etendue;
            (Just(storage), ouest + 0.1..est - 0.1, sud + 0.1..nord - 0.1)
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_is_written_is_read_again((storage, lon, lat) in places()) {
        let toutes = de(lon, lat, storage).unwrap();
        for texte in [&toutes.decimal, &toutes.sexagesimal] {
            let saisies = lire(texte, storage);
            prop_assert!(saisies.iter().any(|s| s.srid == 4326 && (s.lon - lon).abs() < 6e-6 && (s.lat - lat).abs() < 6e-6), "{texte} {saisies:?}");
        }
        for systeme in &toutes.systemes {
            let usuel = format!("{:.2} {:.2}", systeme.x, systeme.y);
            for texte in [&systeme.texte, &usuel] {
                let saisies = lire(texte, storage);
                prop_assert!(
                    saisies.iter().any(|s| s.srid == systeme.srid && (s.x - systeme.x).abs() < 0.006 && (s.lon - lon).abs() < 1e-6 && (s.lat - lat).abs() < 1e-6),
                    "{texte} {saisies:?}"
                );
            }
        }
    }

    #[test]
    fn no_text_panics(texte in any::<String>(), bizarre in "[0-9NSEOWx°'\"′″., ;m-]{0,40}") {
        let _ = (lire(&texte, 2154), lire(&bizarre, 2154), lire(&bizarre, 2975));
    }
}
