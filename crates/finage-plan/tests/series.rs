//! Laws of series: nothing meets, gaps are exact, there are as many as asked, and no number twice.
#![expect(clippy::indexing_slicing, reason = "a test may stop at once")]

use std::collections::HashSet;

use finage_plan::{Cote, MAX_PLACES, Numerotation, Ordre, Place, Point, Serie, SerieRefusee};
use proptest::prelude::*;

fn numerotations() -> impl Strategy<Value = Numerotation> {
    let ordres = prop_oneof![Just(Ordre::Continu), Just(Ordre::Serpentin), Just(Ordre::ParRangee)];
    (0_u32..1_000, 1_u32..20, ordres, "[A-Z]{0,2}", "[a-z]{0,2}", 0_u8..5).prop_map(
        |(premier, pas, ordre, prefixe, complement, chiffres)| Numerotation {
            premier,
            pas,
            ordre,
            prefixe,
            complement,
            chiffres,
        },
    )
}

fn series() -> impl Strategy<Value = Serie> {
    let mesures = (300_u32..3_000, 300_u32..3_000, 0_u32..1_500, 0_u32..1_500, 0_u32..3_000);
    (1_u32..5, mesures, any::<bool>(), numerotations()).prop_map(
        |(rangees, (largeur_mm, longueur_mm, ecart_mm, entre_rangees_mm, recul_mm), gauche, numerotation)| Serie {
            rangees,
            colonnes: None,
            largeur_mm,
            longueur_mm,
            ecart_mm,
            entre_rangees_mm,
            recul_mm,
            cote: if gauche { Cote::Gauche } else { Cote::Droite },
            numerotation,
        },
    )
}

fn lignes() -> impl Strategy<Value = Vec<Point>> {
    // Where projected coordinates are: far from zero, which costs bits.
    let sommet = (-15.0..15.0, -15.0..15.0).prop_map(|(x, y)| Point::new(1_700_000.0 + x, 5_200_000.0 + y));
    proptest::collection::vec(sommet, 2..6)
}

/// How far two convex shapes are apart, negative where they meet: by the axis that parts them best.
fn ecart(un: &[Point; 4], autre: &[Point; 4]) -> f64 {
    let axes = [un, autre].into_iter().flat_map(|forme| {
        (0..4).map(move |rang| {
            let (de, a) = (forme[rang], forme[(rang + 1) % 4]);
            let longueur = de.distance(a);
            ((a.y - de.y) / longueur, (de.x - a.x) / longueur)
        })
    });
    let ombre = |forme: &[Point; 4], (x, y): (f64, f64)| {
        let lus = forme.map(|p| (p.x - un[0].x) * x + (p.y - un[0].y) * y);
        (lus.into_iter().fold(f64::MAX, f64::min), lus.into_iter().fold(f64::MIN, f64::max))
    };
    axes.map(|axe| {
        let ((bas, haut), (sien_bas, sien_haut)) = (ombre(un, axe), ombre(autre, axe));
        (sien_bas - haut).max(bas - sien_haut)
    })
    .fold(f64::MIN, f64::max)
}

fn droite(metres: f64, angle: f64) -> Vec<Point> {
    let de = Point::new(1_700_000.0, 5_200_000.0);
    vec![de, Point::new(de.x + metres * angle.cos(), de.y + metres * angle.sin())]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn no_two_shapes_meet(serie in series(), ligne in lignes()) {
        if let Ok(places) = serie.disposee(&ligne) {
            for (rang, une) in places.iter().enumerate() {
                for autre in &places[rang + 1..] {
                    prop_assert!(ecart(&une.contour, &autre.contour) > -1e-6, "{une:?} {autre:?}");
                }
            }
        }
    }

    #[test]
    fn gaps_and_sides_are_exact_to_the_millimetre(serie in series(), angle in 0.0..6.3, colonnes in 1_u32..12) {
        let metres = f64::from(colonnes * serie.largeur_mm + (colonnes - 1) * serie.ecart_mm) / 1_000.0;
        let serie = Serie { colonnes: Some(colonnes), ..serie };
        let places = serie.disposee(&droite(metres, angle)).unwrap();
        let a = |rangee: u32, colonne: u32| -> &Place {
            places.iter().find(|place| (place.rangee, place.colonne) == (rangee, colonne)).unwrap()
        };
        let exact = |lue: f64, mm: u32| (lue - f64::from(mm) / 1_000.0).abs() < 1e-6;
        for place in &places {
            let [un, deux, trois, quatre] = place.contour;
            prop_assert!(exact(un.distance(deux), serie.largeur_mm) && exact(deux.distance(trois), serie.longueur_mm));
            prop_assert!(exact(trois.distance(quatre), serie.largeur_mm) && exact(quatre.distance(un), serie.longueur_mm));
            if place.colonne > 0 {
                let avant = a(place.rangee, place.colonne - 1);
                prop_assert!(exact(avant.contour[1].distance(un), serie.ecart_mm));
            }
            if place.rangee > 0 {
                let devant = a(place.rangee - 1, place.colonne);
                prop_assert!(exact(devant.contour[3].distance(un), serie.entre_rangees_mm));
            }
        }
    }

    #[test]
    fn as_many_as_rows_by_columns_and_no_number_twice(serie in series(), colonnes in 1_u32..40, angle in 0.0..6.3) {
        let serie = Serie { colonnes: Some(colonnes), ..serie };
        let places = serie.disposee(&droite(200.0, angle)).unwrap();
        prop_assert_eq!(places.len(), usize::try_from(serie.rangees * colonnes).unwrap());
        let numeros: HashSet<_> = places.iter().map(|place| place.numero.clone()).collect();
        prop_assert_eq!(numeros.len(), places.len());
    }

    #[test]
    fn whatever_is_given_is_laid_out_or_refused(
        x in any::<f64>(), y in any::<f64>(), rangees in any::<u32>(), colonnes in proptest::option::of(any::<u32>()),
        mesures in any::<[u32; 5]>()
    ) {
        let [largeur_mm, longueur_mm, ecart_mm, entre_rangees_mm, recul_mm] = mesures;
        let serie = Serie { rangees, colonnes, largeur_mm, longueur_mm, ecart_mm, entre_rangees_mm, recul_mm,
            cote: Cote::Gauche, numerotation: Numerotation::default() };
        let lues = serie.disposee(&[Point::new(x, y), Point::new(0.0, 0.0)]);
        prop_assert!(lues.is_err() || lues.unwrap().len() <= usize::try_from(MAX_PLACES).unwrap());
    }
}

#[test]
fn a_line_that_is_too_short_says_what_it_holds() {
    let serie = Serie {
        rangees: 1,
        colonnes: Some(10),
        largeur_mm: 1_400,
        longueur_mm: 2_000,
        ecart_mm: 300,
        entre_rangees_mm: 0,
        recul_mm: 0,
        cote: Cote::Droite,
        numerotation: Numerotation::default(),
    };
    assert_eq!(serie.disposee(&droite(9.0, 0.0)), Err(SerieRefusee::TropCourte { contient: 5, demandees: 10 }));
    assert_eq!(serie.disposee(&droite(1.0, 0.0)), Err(SerieRefusee::Vide));
    assert_eq!(serie.disposee(&[Point::default()]), Err(SerieRefusee::Ligne));
    let trop = Serie { colonnes: None, largeur_mm: 200, ecart_mm: 0, rangees: 30, ..serie };
    assert_eq!(trop.disposee(&droite(100.0, 0.0)), Err(SerieRefusee::TropNombreuses));
}

#[test]
fn the_right_of_a_line_is_its_right() {
    let serie = Serie {
        rangees: 1,
        colonnes: None,
        largeur_mm: 1_000,
        longueur_mm: 2_000,
        ecart_mm: 0,
        entre_rangees_mm: 0,
        recul_mm: 500,
        cote: Cote::Droite,
        numerotation: Numerotation::default(),
    };
    let places = serie.disposee(&[Point::new(0.0, 0.0), Point::new(0.0, 3.0)]).unwrap();
    assert_eq!(places.len(), 3);
    assert!(places.iter().all(|place| place.contour.iter().all(|coin| coin.x > 0.4)), "{places:?}");
}
