//! Places: coffins and urns counted apart, a reliquary for half a coffin.

use rust_decimal::Decimal;
use time::Date;

use crate::manquement::Manquement;
use crate::regles::operations::{DATES_DE_SEJOUR, PLACES, REDUCTION};

/// What holds a deceased person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Contenant {
    /// A coffin: one place.
    Cercueil,
    /// A box of bones after a reduction: half a place of coffin.
    Reliquaire,
    /// An urn: one place of urn, never one of coffin.
    Urne,
}

/// A stay in a plot. What moves out ends a stay and starts another elsewhere: both sides keep their history.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sejour {
    /// In what.
    pub contenant: Contenant,
    /// First day there.
    pub du: Date,
    /// First day no longer there; none when still there.
    pub au: Option<Date>,
}

impl Sejour {
    /// Whether it is under way on a day.
    #[must_use]
    pub fn en_cours(&self, le: Date) -> bool {
        self.du <= le && self.au.is_none_or(|au| le < au)
    }
}

/// The places of a plot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Places {
    /// For coffins.
    pub cercueils: u16,
    /// For urns.
    pub urnes: u16,
}

/// The places of a plot on a day. Places of coffins are counted in halves; below zero there is too much.
#[derive(Debug, Clone, PartialEq)]
pub struct Bilan {
    /// Half places of coffins taken.
    pub demi_places_prises: i64,
    /// Half places of coffins free, below zero when there is too much.
    pub demi_places_libres: i64,
    /// Urns there.
    pub urnes: i64,
    /// Places of urns free, below zero when there is too much.
    pub urnes_libres: i64,
    /// Half places that reductions could give back: a half for each coffin of five years and more.
    pub demi_places_gagnables: i64,
    /// What does not hold.
    pub manquements: Vec<Manquement>,
}

impl Bilan {
    /// Free places of coffins.
    #[must_use]
    pub fn libres(&self) -> Decimal {
        demi(self.demi_places_libres)
    }

    /// Places of coffins that reductions could give back.
    #[must_use]
    pub fn gagnables(&self) -> Decimal {
        demi(self.demi_places_gagnables)
    }
}

fn demi(demi_places: i64) -> Decimal {
    Decimal::new(demi_places.saturating_mul(5), 1).normalize()
}

/// The places of a plot on a day, from its stays.
#[must_use]
pub fn bilan(places: Places, sejours: &[Sejour], le: Date) -> Bilan {
    let presents = || sejours.iter().filter(|sejour| sejour.en_cours(le));
    let nombre =
        |contenant| presents().filter(|sejour| sejour.contenant == contenant).fold(0_i64, |nombre, _| nombre + 1);
    let demi_places_prises = 2 * nombre(Contenant::Cercueil) + nombre(Contenant::Reliquaire);
    let reductibles = presents().filter(|sejour| {
        sejour.contenant == Contenant::Cercueil && REDUCTION.au(le).son_delai().possible_des(sejour.du) <= le
    });
    let urnes = nombre(Contenant::Urne);
    let mut bilan = Bilan {
        demi_places_prises,
        demi_places_libres: 2 * i64::from(places.cercueils) - demi_places_prises,
        urnes,
        urnes_libres: i64::from(places.urnes) - urnes,
        demi_places_gagnables: reductibles.fold(0, |nombre, _| nombre + 1),
        manquements: Vec::new(),
    };
    if sejours.iter().any(|sejour| sejour.au.is_some_and(|au| au < sejour.du)) {
        let phrase = "Un séjour finit avant d'avoir commencé : corrigez ses dates.";
        bilan.manquements.push(Manquement::new(&DATES_DE_SEJOUR, le, phrase));
    }
    if bilan.demi_places_libres < 0 {
        let phrase = format!(
            "Il manque {} place de cercueil : constatez sur place, corrigez les places ou réduisez.",
            demi(-bilan.demi_places_libres)
        );
        bilan.manquements.push(Manquement::new(&PLACES, le, phrase));
    }
    if bilan.urnes_libres < 0 {
        let phrase =
            format!("Il manque {} place d'urne : constatez sur place ou corrigez les places.", -bilan.urnes_libres);
        bilan.manquements.push(Manquement::new(&PLACES, le, phrase));
    }
    bilan
}

/// What stands against one more container in a plot on a day.
#[must_use]
pub fn accueillir(places: Places, sejours: &[Sejour], contenant: Contenant, le: Date) -> Vec<Manquement> {
    let mut apres = sejours.to_vec();
    apres.push(Sejour { contenant, du: le, au: None });
    bilan(places, &apres, le).manquements
}

/// What someone saw on the ground.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Constat {
    /// The day.
    pub le: Date,
    /// Half places of coffins taken, as seen.
    pub demi_places_prises: u32,
    /// Urns seen.
    pub urnes: u32,
}

/// How far what was seen is from the records of that day; positive when more was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ecart {
    /// Half places of coffins.
    pub demi_places: i64,
    /// Urns.
    pub urnes: i64,
}

/// The difference between what was seen and the records, `None` when they agree.
#[must_use]
pub fn ecart(places: Places, sejours: &[Sejour], constat: &Constat) -> Option<Ecart> {
    let registre = bilan(places, sejours, constat.le);
    let ecart = Ecart {
        demi_places: i64::from(constat.demi_places_prises) - registre.demi_places_prises,
        urnes: i64::from(constat.urnes) - registre.urnes,
    };
    (ecart.demi_places != 0 || ecart.urnes != 0).then_some(ecart)
}
