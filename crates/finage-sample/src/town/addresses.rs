//! Numbers along the streets: odd on the left, even on the right, `bis` and `ter` where lots were divided.

use super::model::{Adresse, Commune};
use super::roads::reading_angle;
use crate::geometry::{direction, pt, rotate, snap};
use crate::plan::{Genre, Usage};
use crate::rng::Rng;

/// Adds the addresses of a commune, street by street.
pub fn add(seed: u64, commune: &mut Commune) {
    let mut rng = Rng::for_purpose(seed, &format!("adresses {}", commune.insee));
    for voie in 0..commune.voies.len() {
        for left in [true, false] {
            side(commune, voie, left, &mut rng);
        }
    }
    lieux_dits(commune, &mut rng);
}

fn numbered(usage: Usage) -> bool {
    matches!(
        usage,
        Usage::Habitation | Usage::Activite | Usage::Ferme | Usage::Mairie | Usage::Ecole | Usage::Gare | Usage::Public
    )
}

fn side(commune: &mut Commune, voie: usize, left: bool, rng: &mut Rng) {
    let metric = commune.voies[voie].genre != Genre::Rue;
    let mut doors: Vec<(f64, usize)> = commune
        .parcelles
        .iter()
        .enumerate()
        .filter(|p| numbered(p.1.usage))
        .filter_map(|(i, p)| p.front.filter(|f| f.voie == voie && f.left == left).map(|f| (f.run, i)))
        .collect();
    doors.sort_by(|a, b| a.0.total_cmp(&b.0));
    let nom = commune.voies[voie].nom.clone();
    let mut numero = if left { 1 } else { 2 };
    let mut suffix = 0_usize;
    for (position, (run, parcelle)) in doors.into_iter().enumerate() {
        if position > 0 {
            // A lot carved out of its neighbour repeats its number, twice at most.
            if suffix < 2 && rng.chance(if suffix == 0 { 0.05 } else { 0.25 }) {
                suffix += 1;
            } else {
                suffix = 0;
                numero += if rng.chance(0.05) { 4 } else { 2 };
            }
        }
        if metric {
            numero = metres(run, left).max(numero);
        }
        let Some(front) = commune.parcelles[parcelle].front else {
            continue;
        };
        let along = direction(front.a, front.b);
        let inward = rotate(along, std::f64::consts::FRAC_PI_2);
        let share = rng.range(0.35, 0.65);
        let at = pt(
            front.a.x + (front.b.x - front.a.x) * share + inward.x * 1.2,
            front.a.y + (front.b.y - front.a.y) * share + inward.y * 1.2,
        );
        let date = 20_190_000 + rng.int(0, 5) * 10_000 + rng.int(1, 12) * 100 + rng.int(1, 28);
        commune.adresses.push(Adresse {
            voie: Some(voie),
            nom: nom.clone(),
            numero,
            suffixe: ["", "bis", "ter"][suffix].to_owned(),
            at: snap(at),
            angle: reading_angle(along),
            parcelle: Some(parcelle),
            certifiee: rng.chance(0.85),
            date,
        });
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "metres along a road")]
fn metres(run: f64, odd: bool) -> u32 {
    let whole = run.max(2.0) as u32;
    if (whole % 2 == 1) == odd { whole } else { whole + 1 }
}

/// Inhabited lieux-dits are declared without number.
fn lieux_dits(commune: &mut Commune, rng: &mut Rng) {
    let mut seen: Vec<String> = Vec::new();
    for lieu in &commune.lieux_dits {
        if seen.contains(&lieu.nom) || !rng.chance(0.45) {
            continue;
        }
        seen.push(lieu.nom.clone());
        commune.adresses.push(Adresse {
            voie: None,
            nom: sentence_case(&lieu.nom),
            numero: 99_999,
            suffixe: String::new(),
            at: lieu.ecriture.at,
            angle: 0.0,
            parcelle: None,
            certifiee: true,
            date: 20_220_301,
        });
    }
}

/// `LE MAS VIEUX` as people write it: `Le Mas Vieux`.
fn sentence_case(name: &str) -> String {
    let word = |w: &str| {
        let mut chars = w.chars();
        chars.next().map_or_else(String::new, |c| c.to_string() + &chars.as_str().to_lowercase())
    };
    name.split(' ').map(word).collect::<Vec<_>>().join(" ")
}
