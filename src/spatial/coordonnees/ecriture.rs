//! Coordinates as French readers expect them: decimal comma, thin spaces between thousands, cardinal letters.

/// « 45,76700° N, 4,83300° E »: five decimals, a metre on the ground.
#[must_use]
pub fn decimal(lon: f64, lat: f64) -> String {
    let un = |value: f64, lettre: char| format!("{:.5}° {lettre}", value.abs()).replace('.', ",");
    format!("{}, {}", un(lat, lettre(lat, 'N', 'S')), un(lon, lettre(lon, 'E', 'O')))
}

/// « 45° 46′ 01,20″ N, 4° 49′ 58,80″ E »: hundredths of a second, 30 cm on the ground.
#[must_use]
pub fn sexagesimal(lon: f64, lat: f64) -> String {
    let un = |value: f64, lettre: char| {
        // Whole hundredths first: 59.999″ carries into the minutes.
        let centiemes = (value.abs() * 360_000.0).round();
        let degres = (centiemes / 360_000.0).floor();
        let minutes = ((centiemes - degres * 360_000.0) / 6_000.0).floor();
        let secondes = (centiemes - degres * 360_000.0 - minutes * 6_000.0) / 100.0;
        format!("{degres:.0}° {minutes:02.0}′ {secondes:05.2}″ {lettre}").replace('.', ",")
    };
    format!("{}, {}", un(lat, lettre(lat, 'N', 'S')), un(lon, lettre(lon, 'E', 'O')))
}

/// « 842 000,00 m E, 6 519 000,00 m N ».
#[must_use]
pub fn metres(x: f64, y: f64) -> String {
    format!("{} m E, {} m N", milliers(x), milliers(y))
}

fn lettre(value: f64, positive: char, negative: char) -> char {
    if value < 0.0 { negative } else { positive }
}

/// « 842 000,00 », with narrow no-break spaces.
fn milliers(value: f64) -> String {
    let written = format!("{:.2}", value.abs());
    let (entier, decimales) = written.split_once('.').unwrap_or((&written, "00"));
    let mut groupe = String::with_capacity(written.len() + 12);
    if value < 0.0 {
        groupe.push('-');
    }
    for (rang, chiffre) in entier.chars().enumerate() {
        if rang > 0 && (entier.len() - rang).is_multiple_of(3) {
            groupe.push('\u{202f}');
        }
        groupe.push(chiffre);
    }
    format!("{groupe},{decimales}")
}
