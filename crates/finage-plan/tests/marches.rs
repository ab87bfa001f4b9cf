//! Walks: by the lines that join, the shortest, never shorter than a straight line.
#![expect(clippy::indexing_slicing, reason = "a test may stop at once")]

use finage_plan::{Marche, Point, Voie, marche};
use proptest::prelude::*;

fn voie(nom: &str, points: &[(f64, f64)]) -> Voie {
    let points = points.iter().map(|(x, y)| Point::new(1_700_000.0 + x, 5_200_000.0 + y)).collect();
    Voie { nom: nom.to_owned(), points, de_l_arrivee: false }
}

fn point(x: f64, y: f64) -> Point {
    Point::new(1_700_000.0 + x, 5_200_000.0 + y)
}

fn dite(marche: &Marche) -> String {
    let etapes = marche.etapes.iter().map(|e| format!("{} {:.1}", e.nom.as_deref().unwrap_or("-"), e.metres));
    etapes.collect::<Vec<_>>().join(", ")
}

#[test]
fn one_walks_by_the_lines_that_join() {
    // The second row ends half a metre before the alley; the third is joined to nothing.
    let voies = [
        voie("Allée centrale", &[(0.0, 0.0), (0.0, 40.0)]),
        voie("Rang 1", &[(-20.0, 10.0), (20.0, 10.0)]),
        voie("Rang 2", &[(0.5, 20.0), (20.0, 20.0)]),
        voie("Rang 3", &[(10.0, 60.0), (20.0, 60.0)]),
    ];
    let entrees = [point(0.0, -3.0), point(0.0, 50.0)];
    let vers = |x, y| marche(&voies, &entrees, point(x, y)).unwrap();
    let au_rang_1 = vers(8.0, 11.0);
    assert_eq!(dite(&au_rang_1), "- 3.0, Allée centrale 10.0, Rang 1 8.0, - 1.0");
    assert!(au_rang_1.suivie && au_rang_1.depart == 0 && (au_rang_1.metres - 22.0).abs() < 1e-6);
    assert_eq!(dite(&vers(8.0, 21.0)), "- 3.0, Allée centrale 20.0, - 0.5, Rang 2 7.5, - 1.0");
    let au_rang_3 = vers(15.0, 61.0);
    assert!(!au_rang_3.suivie && au_rang_3.depart == 1);
    assert!(dite(&au_rang_3).starts_with("Rang 3 "), "{}", dite(&au_rang_3));
    assert_eq!(marche(&voies, &[], point(0.0, 0.0)), None);
    assert!(!marche(&[], &entrees, point(0.0, 0.0)).unwrap().suivie);
}

#[test]
fn the_line_of_the_place_comes_before_a_nearer_one() {
    // Back to back: the plot opens on the row beyond.
    let mut voies = [
        voie("Allée", &[(0.0, 0.0), (0.0, 10.0)]),
        voie("Rang 1", &[(0.0, 2.0), (20.0, 2.0)]),
        voie("Rang 2", &[(0.0, 8.0), (20.0, 8.0)]),
    ];
    let vers = |voies: &[Voie]| dite(&marche(voies, &[point(0.0, 0.0)], point(10.0, 4.0)).unwrap());
    assert_eq!(vers(&voies), "Allée 2.0, Rang 1 10.0, - 2.0");
    voies[2].de_l_arrivee = true;
    assert_eq!(vers(&voies), "Allée 8.0, Rang 2 10.0, - 4.0");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn a_walk_adds_up_and_is_no_shorter_than_a_straight_line(
        lignes in proptest::collection::vec(proptest::collection::vec((-50.0..50.0, -50.0..50.0), 2..4), 0..8),
        entree in (-50.0..50.0, -50.0..50.0), arrivee in (-50.0..50.0, -50.0..50.0)
    ) {
        let voies: Vec<Voie> = lignes.iter().map(|points| voie("x", points)).collect();
        let (de, a) = (point(entree.0, entree.1), point(arrivee.0, arrivee.1));
        let lue = marche(&voies, &[de], a).unwrap();
        let somme: f64 = lue.etapes.iter().map(|etape| etape.metres).sum();
        let trace: f64 = lue.trace.iter().zip(lue.trace.iter().skip(1)).map(|(de, a)| de.distance(*a)).sum();
        prop_assert!((somme - lue.metres).abs() < 0.5 && (trace - lue.metres).abs() < 0.5, "{lue:?}");
        prop_assert!(lue.metres > de.distance(a) - 0.5);
        prop_assert_eq!((lue.trace[0], *lue.trace.last().unwrap()), (de, a));
    }
}
