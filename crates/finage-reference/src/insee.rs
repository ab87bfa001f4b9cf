//! The INSEE code of a commune or of a municipal arrondissement.

use crate::code::{display_stored, fixed_code};

fixed_code! {
    /// INSEE code of a commune: 5 characters, `13004`, `2A004`, `97411`.
    ///
    /// The cadastre treats the arrondissements of Paris, Lyon and Marseille as communes, so they are
    /// codes here too. Lower case is accepted on the way in (`2a004`).
    Insee, 5, Insee, check
}
display_stored!(Insee);

/// Cadastre codes whose commune has another code in the COG (Saint-Martin, Saint-Barthélemy left
/// Guadeloupe in 2007, the cadastre kept their old codes).
const COG_OF_CADASTRE: [(&str, &str); 2] = [("97127", "97801"), ("97123", "97701")];

impl Insee {
    /// Département: `13`, `2A`, or three characters overseas (`974`).
    #[must_use]
    pub fn departement(&self) -> &str {
        let len = if matches!(&self.0[..2], b"97" | b"98") { 3 } else { 2 };
        self.as_str().get(..len).unwrap_or_default()
    }

    /// The two first characters, as MAJIC's `ccodep` has them (`97` for all overseas départements).
    #[must_use]
    pub fn ccodep(&self) -> &str {
        self.as_str().get(..2).unwrap_or_default()
    }

    /// The three last characters, as MAJIC's `ccocom` and the EDIGEO identifiers have them.
    #[must_use]
    pub fn ccocom(&self) -> &str {
        self.as_str().get(2..).unwrap_or_default()
    }

    /// Rank within the commune (1-based), when this is a municipal arrondissement under its usual code.
    #[must_use]
    pub fn arrondissement(&self) -> Option<u8> {
        let rank = match (self.ccodep(), number_of(self.ccocom())) {
            ("75", com @ 101..=120) => com - 100,
            ("69", com @ 381..=389) => com - 380,
            ("13", com @ 201..=216) => com - 200,
            _ => return None,
        };
        u8::try_from(rank).ok()
    }

    /// The commune of an arrondissement (`75101` → `75056`, `69381` → `69123`, `13201` → `13055`).
    #[must_use]
    pub fn commune_mere(&self) -> Option<Self> {
        self.canonique().arrondissement()?;
        match self.ccodep() {
            "75" => Some(Self(*b"75056")),
            "69" => Some(Self(*b"69123")),
            "13" => Some(Self(*b"13055")),
            _ => None,
        }
    }

    /// One code for one territory: the EDIGÉO standard numbers the arrondissements of Marseille
    /// 331 to 346, MAJIC and INSEE 201 to 216; this gives the latter and leaves all else alone.
    #[must_use]
    pub fn canonique(&self) -> Self {
        let com = number_of(self.ccocom());
        if self.ccodep() == "13" && (331..=346).contains(&com) {
            let mut code = self.0;
            code[2] = b'2';
            code[3] = b'0' + u8::try_from((com - 330) / 10).unwrap_or_default();
            code[4] = b'0' + u8::try_from((com - 330) % 10).unwrap_or_default();
            return Self(code);
        }
        *self
    }

    /// The code of the Code officiel géographique, where the cadastre uses another one.
    #[must_use]
    pub fn cog(&self) -> Self {
        let canonique = self.canonique();
        COG_OF_CADASTRE
            .iter()
            .find(|(cadastre, _)| *cadastre == canonique.as_str())
            .and_then(|(_, cog)| cog.parse().ok())
            .unwrap_or(canonique)
    }
}

fn number_of(digits: &str) -> u16 {
    digits.parse().unwrap_or_default()
}

pub(crate) fn check(text: &str) -> Option<[u8; 5]> {
    let mut code: [u8; 5] = text.as_bytes().try_into().ok()?;
    code.make_ascii_uppercase();
    let corse = code[0] == b'2' && matches!(code[1], b'A' | b'B');
    let digits =
        code[0].is_ascii_digit() && (corse || code[1].is_ascii_digit()) && code[2..].iter().all(u8::is_ascii_digit);
    // 20 was split in 1976, 96 never was, 98 is the Pacific. No French commune is in 99 (the foreign countries of the
    // INSEE list): fictitious communes of samples and tests are.
    let departement = !matches!(&code[..2], b"00" | b"20" | b"96");
    let commune = &code[2..] != b"000" && !(matches!(&code[..2], b"97" | b"98") && code[2] == b'0');
    (digits && departement && commune).then_some(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn insee(code: &str) -> Insee {
        code.parse().unwrap()
    }

    #[test]
    fn accepts_metropole_corse_and_overseas() {
        for code in ["01001", "13004", "2A004", "2b033", "97411", "98818", "75101", "99101"] {
            assert_eq!(insee(code).as_str(), code.to_uppercase());
        }
        assert_eq!(insee("2A004").departement(), "2A");
        assert_eq!(insee("97411").departement(), "974");
    }

    #[test]
    fn refuses_what_is_no_commune() {
        for code in
            ["", "1300", "130045", "00001", "20004", "2C004", "96001", "13000", "97001", "A7482", "13 04", "é004"]
        {
            assert!(code.parse::<Insee>().is_err(), "{code}");
        }
    }

    #[test]
    fn marseille_has_one_code_an_arrondissement() {
        assert_eq!(insee("13331").canonique(), insee("13201"));
        assert_eq!(insee("13346").canonique(), insee("13216"));
        assert_eq!(insee("13330").canonique(), insee("13330"));
        assert_eq!(insee("13347").canonique(), insee("13347"));
        assert_eq!(insee("13340").commune_mere(), Some(insee("13055")));
    }

    #[test]
    fn arrondissements_know_their_commune() {
        assert_eq!(insee("75120").arrondissement(), Some(20));
        assert_eq!(insee("75120").commune_mere(), Some(insee("75056")));
        assert_eq!(insee("69389").commune_mere(), Some(insee("69123")));
        assert_eq!(insee("13004").commune_mere(), None);
        assert_eq!(insee("97127").cog(), insee("97801"));
    }
}
