//! Numbers in words, read back by a reader that knows nothing of the writer.

use finage_documents::{en_toutes_lettres, montant_en_toutes_lettres};
use proptest::prelude::*;

#[test]
fn the_cases_that_people_get_wrong() {
    for (nombre, mots) in [
        (0, "zéro"),
        (16, "seize"),
        (17, "dix-sept"),
        (21, "vingt et un"),
        (60, "soixante"),
        (61, "soixante et un"),
        (70, "soixante-dix"),
        (71, "soixante et onze"),
        (72, "soixante-douze"),
        (77, "soixante-dix-sept"),
        (80, "quatre-vingts"),
        (81, "quatre-vingt-un"),
        (90, "quatre-vingt-dix"),
        (91, "quatre-vingt-onze"),
        (97, "quatre-vingt-dix-sept"),
        (100, "cent"),
        (101, "cent un"),
        (180, "cent quatre-vingts"),
        (200, "deux cents"),
        (203, "deux cent trois"),
        (280, "deux cent quatre-vingts"),
        (1_000, "mille"),
        (1_001, "mille un"),
        (1_100, "mille cent"),
        (2_000, "deux mille"),
        (80_000, "quatre-vingt mille"),
        (200_000, "deux cent mille"),
        (1_000_000, "un million"),
        (80_000_000, "quatre-vingts millions"),
        (200_000_000, "deux cents millions"),
        (1_000_080, "un million quatre-vingts"),
        (2_000_000_000, "deux milliards"),
        (-71, "moins soixante et onze"),
        (
            i64::MIN,
            "moins neuf trillions deux cent vingt-trois billiards trois cent soixante-douze billions trente-six \
             milliards huit cent cinquante-quatre millions sept cent soixante-quinze mille huit cent huit",
        ),
    ] {
        assert_eq!(en_toutes_lettres(nombre), mots, "{nombre}");
    }
}

#[test]
fn an_amount_says_euros_and_centimes() {
    for (centimes, mots) in [
        (0, "zéro euro"),
        (1, "un centime"),
        (50, "cinquante centimes"),
        (100, "un euro"),
        (280, "deux euros et quatre-vingts centimes"),
        (123_450, "mille deux cent trente-quatre euros et cinquante centimes"),
        (100_000_000, "un million d’euros"),
        (120_020_000, "un million deux cent mille deux cents euros"),
        (-100, "moins un euro"),
    ] {
        assert_eq!(montant_en_toutes_lettres(centimes), mots, "{centimes}");
    }
}

/// Value of French words: a sum of groups closed by their scales, « quatre-vingt » being read as one word.
fn read(mots: &str) -> i128 {
    let (signe, mots) = mots.strip_prefix("moins ").map_or((1, mots), |reste| (-1, reste));
    let mots = mots.replace("quatre-vingts", "octante").replace("quatre-vingt", "octante").replace(" et ", " ");
    let (mut total, mut group) = (0_i128, 0_i128);
    for mot in mots.split([' ', '-']) {
        let singular = if mot == "trois" { mot } else { mot.trim_end_matches('s') };
        let value = match singular {
            "zéro" => 0,
            "un" => 1,
            "deux" => 2,
            "trois" => 3,
            "quatre" => 4,
            "cinq" => 5,
            "six" => 6,
            "sept" => 7,
            "huit" => 8,
            "neuf" => 9,
            "dix" => 10,
            "onze" => 11,
            "douze" => 12,
            "treize" => 13,
            "quatorze" => 14,
            "quinze" => 15,
            "seize" => 16,
            "vingt" => 20,
            "trente" => 30,
            "quarante" => 40,
            "cinquante" => 50,
            "soixante" => 60,
            "octante" => 80,
            "cent" => {
                group = group.max(1) * 100;
                continue;
            }
            scale => {
                let exponent = match scale {
                    "mille" => 3,
                    "million" => 6,
                    "milliard" => 9,
                    "billion" => 12,
                    "billiard" => 15,
                    "trillion" => 18,
                    other => panic!("« {other} » is no number, in « {mots} »"),
                };
                total += group.max(1) * 10_i128.pow(exponent);
                group = 0;
                continue;
            }
        };
        group += value;
    }
    signe * (total + group)
}

#[test]
fn every_number_below_a_hundred_thousand_is_read_back() {
    for nombre in 0..100_000 {
        assert_eq!(read(&en_toutes_lettres(nombre)), i128::from(nombre), "{}", en_toutes_lettres(nombre));
    }
}

proptest! {
    #[test]
    fn any_number_is_read_back(nombre: i64) {
        prop_assert_eq!(read(&en_toutes_lettres(nombre)), i128::from(nombre));
    }

    #[test]
    fn the_words_keep_the_rules_of_plural(nombre: i64) {
        let mots = en_toutes_lettres(nombre);
        prop_assert!(!mots.contains("cents mille") && !mots.contains("vingts mille") && !mots.contains("milles"), "{}", mots);
        prop_assert!(!mots.contains("cents-") && !mots.contains("vingts-") && !mots.contains("  "), "{}", mots);
        // « cents » and « vingts » are the last word, or stand before a noun.
        let list: Vec<&str> = mots.split(' ').collect();
        for pair in list.windows(2) {
            if pair[0].ends_with("cents") || pair[0].ends_with("vingts") {
                prop_assert!(pair[1].contains("illion") || pair[1].contains("illiard"), "{}", mots);
            }
        }
    }
}
