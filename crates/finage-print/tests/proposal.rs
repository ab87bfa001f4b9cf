//! The page proposed holds the parcels, and no larger scale would.

use finage_print::{AISANCE, Demande, Echelle, Format, MARGE_MM, Mise, MiseError, Orientation, proposer};
use geo_types::{Coord, Rect};
use proptest::prelude::*;

fn bounds(width: f64, height: f64) -> Rect<f64> {
    let corner = Coord { x: 1_842_123.4, y: 3_154_321.0 };
    Rect::new(corner, corner + Coord { x: width, y: height })
}

prop_compose! {
    fn demandes()(
        format in prop::option::of(prop_oneof![Just(Format::A4), Just(Format::A3)]),
        orientation in prop::option::of(prop_oneof![Just(Orientation::Portrait), Just(Orientation::Paysage)]),
        echelle in prop::option::of(prop::sample::select(Echelle::toutes().collect::<Vec<_>>())),
    ) -> Demande {
        Demande { format, orientation, echelle }
    }
}

/// Metres of any magnitude, from a shed to a département.
fn metres() -> impl Strategy<Value = f64> {
    (0.0..5.0_f64).prop_map(|power| 10.0_f64.powf(power))
}

/// Every page that answers the demand.
fn answers(demande: Demande) -> Vec<Mise> {
    let mut pages = Vec::new();
    for format in [Format::A4, Format::A3] {
        for orientation in [Orientation::Portrait, Orientation::Paysage] {
            pages.extend(Echelle::toutes().map(|echelle| Mise { format, orientation, echelle }));
        }
    }
    pages.retain(|mise| {
        demande.format.is_none_or(|format| format == mise.format)
            && demande.orientation.is_none_or(|orientation| orientation == mise.orientation)
            && demande.echelle.is_none_or(|echelle| echelle == mise.echelle)
    });
    pages
}

/// The room that the frame leaves, by the numbers of the page and not by the crate's own judgement.
fn holds(mise: Mise, bounds: Rect<f64>, share: f64, margin: f64) -> bool {
    let cadre = mise.cadre_mm();
    let mm = 1000.0 / f64::from(mise.echelle.denominateur());
    bounds.width() * mm <= (cadre.largeur - margin) * share && bounds.height() * mm <= (cadre.hauteur - margin) * share
}

fn fits(mise: Mise, bounds: Rect<f64>) -> bool {
    holds(mise, bounds, 1.0, 2.0 * MARGE_MM)
}

proptest! {
    #[test]
    fn what_is_proposed_answers_the_demand_and_holds_the_parcels(width in metres(), height in metres(), demande in demandes()) {
        let bounds = bounds(width, height);
        match proposer(bounds, demande) {
            Ok(mise) => {
                prop_assert!(answers(demande).contains(&mise), "{mise} for {demande}");
                prop_assert!(fits(mise, bounds));
                let ground = mise.emprise(bounds.center());
                prop_assert!(ground.min().x < bounds.min().x && ground.max().x > bounds.max().x);
                prop_assert!(ground.min().y < bounds.min().y && ground.max().y > bounds.max().y);
            }
            Err(MiseError::TropGrand { proposee, .. }) => {
                prop_assert!(answers(demande).into_iter().all(|mise| !fits(mise, bounds)), "{demande} would do");
                prop_assert!(fits(proposee, bounds));
                prop_assert_eq!(proposer(bounds, Demande {
                    format: Some(proposee.format),
                    orientation: Some(proposee.orientation),
                    echelle: Some(proposee.echelle),
                }), Ok(proposee));
            }
            Err(MiseError::HorsGabarit { .. }) => {
                prop_assert!(answers(Demande::default()).into_iter().all(|mise| !fits(mise, bounds)));
            }
            Err(other) => prop_assert!(false, "{other}"),
        }
    }

    #[test]
    fn no_larger_scale_leaves_as_much_room(width in metres(), height in metres(), demande in demandes()) {
        let demande = Demande { echelle: None, ..demande };
        let bounds = bounds(width, height);
        let Ok(mise) = proposer(bounds, demande) else { return Ok(()) };
        let roomy = |mise: Mise| holds(mise, bounds, AISANCE, 0.0);
        let larger = answers(demande).into_iter().filter(|other| other.format == mise.format && other.echelle < mise.echelle);
        for other in larger {
            let as_good = if roomy(mise) { roomy(other) } else { fits(other, bounds) };
            prop_assert!(!as_good, "{other} rather than {mise}");
        }
    }

    #[test]
    fn a3_is_for_what_a4_can_not_show(width in metres(), height in metres()) {
        let bounds = bounds(width, height);
        let offered = |mise: &Mise| Echelle::CHOIX.contains(&mise.echelle);
        if let Ok(mise) = proposer(bounds, Demande::default()) && mise.format == Format::A3 {
            let a4 = Demande { format: Some(Format::A4), ..Demande::default() };
            prop_assert!(answers(a4).into_iter().filter(offered).all(|other| !holds(other, bounds, AISANCE, 0.0)));
        }
    }
}

#[test]
fn an_ordinary_parcel_goes_on_a4_at_1_500() {
    let mise = proposer(bounds(32.0, 45.0), Demande::default()).unwrap();
    assert_eq!(mise.to_string(), "A4 paysage au 1/500".replace("paysage", &mise.orientation.to_string()));
    assert_eq!(mise.format, Format::A4);
}

#[test]
fn what_can_not_be_shown_is_said_in_a_sentence() {
    let error = proposer(
        bounds(400.0, 90.0),
        Demande {
            format: Some(Format::A4),
            orientation: Some(Orientation::Portrait),
            echelle: Some(Echelle::try_from(200).unwrap()),
        },
    )
    .unwrap_err();
    assert_eq!(
        error.to_string(),
        "Les parcelles demandées ne tiennent pas dans un extrait A4 portrait au 1/200 ; A4 portrait au 1/5\u{202f}000 convient."
    );
    let error = proposer(bounds(90_000.0, 10.0), Demande::default()).unwrap_err();
    assert!(error.to_string().contains("90\u{202f}000 m"), "{error}");
}
