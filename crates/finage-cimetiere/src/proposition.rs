//! The price of a contract as its tariff gives it, and how it was reckoned, in a sentence.

use rust_decimal::Decimal;
use time::Date;

use crate::concession::{Contrat, Duree};
use crate::conversion::{DemandeRetrocession, Remboursement, convertir, retroceder};
use crate::montant::{Montant, MontantRefuse};
use crate::phrase::{euros, jour, nombre};
use crate::tarif::{MAX_SURFACE_M2, surface_payee};

/// A tariff that the council voted, as it applies to a contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TarifVote {
    /// What it is called.
    pub libelle: String,
    /// Up to the surface included.
    pub base: Montant,
    /// Surface included, in hundredths of a square metre.
    pub comprise: u32,
    /// Each square metre beyond.
    pub metre_au_dela: Montant,
}

/// What a contract is paid for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Contrepartie {
    /// A first concession, by an act of that day.
    Achat {
        /// The day of the act.
        le: Date,
    },
    /// The next period of a concession.
    Renouvellement {
        /// The term of the period before.
        echeance: Date,
    },
    /// A longer concession in place of one that runs.
    Conversion {
        /// The one that runs.
        avant: Contrat,
        /// What was paid for it.
        paye: Montant,
        /// The duration of the new one.
        duree: Duree,
        /// The day of the act.
        le: Date,
    },
    /// A concession given back.
    Retrocession {
        /// The one that is given back.
        avant: Contrat,
        /// What was paid for it.
        paye: Montant,
        /// The share of the CCAS in it, that is not paid back.
        part_ccas: Montant,
        /// The day of the act.
        le: Date,
    },
    /// Given by its holder.
    Don,
}

/// A price that is proposed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposition {
    /// To be paid; none where no tariff applies.
    pub prix: Option<Montant>,
    /// To be paid back; none where the commune decides.
    pub rembourse: Option<Montant>,
    /// How it was reckoned.
    pub calcul: String,
}

impl Contrepartie {
    /// The day whose tariff applies; none where there is none to apply.
    ///
    /// For a renewal it is that of the term, whatever the day of the request (CE, 21 May 2007, no 281615).
    #[must_use]
    pub fn tarif_au(&self) -> Option<Date> {
        match *self {
            Self::Achat { le } | Self::Conversion { le, .. } => Some(le),
            Self::Renouvellement { echeance } => Some(echeance),
            Self::Retrocession { .. } | Self::Don => None,
        }
    }

    /// The price for a surface, in hundredths of a square metre; the surface included where it is not known.
    ///
    /// ```
    /// use finage_cimetiere::{Contrepartie, Montant, TarifVote};
    /// use time::macros::date;
    ///
    /// let euros = |euros: i64| Montant::centimes(euros * 100).unwrap();
    /// let tarif = TarifVote { libelle: "Trentenaire".into(), base: euros(400), comprise: 200, metre_au_dela: euros(180) };
    /// let achat = Contrepartie::Achat { le: date!(2026 - 03 - 02) };
    /// let propose = achat.propose(Some(&tarif), Some(280));
    /// assert_eq!(propose.prix, Some(euros(544)));
    /// assert!(propose.calcul.contains("400,00\u{a0}€ pour 2 m², et 0,8 m² au-delà à 180,00\u{a0}€ le m²"));
    /// ```
    #[must_use]
    pub fn propose(&self, tarif: Option<&TarifVote>, surface: Option<u32>) -> Proposition {
        match *self {
            Self::Don => Proposition {
                prix: Some(Montant::NUL),
                rembourse: None,
                calcul: "Un don ne se paie pas à la commune.".to_owned(),
            },
            Self::Retrocession { avant, paye, part_ccas, le } => rendu(&avant, paye, part_ccas, le),
            Self::Achat { le } => au_tarif(tarif, surface, le, ""),
            Self::Renouvellement { echeance } => {
                let pourquoi = "Un renouvellement se paie au tarif du jour de l'échéance, quel que soit celui de la demande (CE, 21 mai 2007, n° 281615). ";
                au_tarif(tarif, surface, echeance, pourquoi)
            }
            Self::Conversion { avant, paye, duree, le } => {
                let neuf = au_tarif(tarif, surface, le, "");
                let Some(prix) = neuf.prix else { return neuf };
                let conversion = convertir(&avant, paye, duree, prix, le);
                let calcul = format!(
                    "{} À déduire, la valeur du temps qui reste : {} payés{} = {}. À payer : {}.",
                    neuf.calcul,
                    euros(paye),
                    prorata(&avant, le),
                    euros(conversion.valeur_restante),
                    euros(conversion.du)
                );
                Proposition { prix: Some(conversion.du), rembourse: None, calcul }
            }
        }
    }
}

fn au_tarif(tarif: Option<&TarifVote>, surface: Option<u32>, le: Date, pourquoi: &str) -> Proposition {
    let sans = |calcul: String| Proposition { prix: None, rembourse: None, calcul };
    let Some(tarif) = tarif else {
        return sans(format!(
            "{pourquoi}Aucun tarif ne convient au {} : saisissez-le parmi les tarifs, ou donnez le prix.",
            jour(le)
        ));
    };
    match tarif.prix(surface) {
        Ok((prix, detail)) => {
            let calcul = format!("{pourquoi}Tarif « {} », au {} : {detail}.", tarif.libelle, jour(le));
            Proposition { prix: Some(prix), rembourse: None, calcul }
        }
        Err(cause) => sans(format!("{pourquoi}Le tarif « {} » ne donne pas de prix : {cause}.", tarif.libelle)),
    }
}

impl TarifVote {
    /// The price of a surface, and how it was reckoned.
    fn prix(&self, surface: Option<u32>) -> Result<(Montant, String), MontantRefuse> {
        let metres = |centiemes: u32| Decimal::new(centiemes.into(), 2).normalize();
        let comprise = metres(self.comprise);
        let surface = surface.map_or(comprise, metres);
        if surface > Decimal::from(MAX_SURFACE_M2) {
            return Err(MontantRefuse::Surface);
        }
        let prix = surface_payee(self.base, self.metre_au_dela, comprise, surface)?;
        let au_dela = surface - comprise;
        if au_dela <= Decimal::ZERO || self.metre_au_dela == Montant::NUL {
            return Ok((prix, euros(prix)));
        }
        let detail = format!(
            "{} pour {} m², et {} m² au-delà à {} le m² : {}",
            euros(self.base),
            nombre(comprise),
            nombre(au_dela.normalize()),
            euros(self.metre_au_dela),
            euros(prix)
        );
        Ok((prix, detail))
    }
}

fn rendu(avant: &Contrat, paye: Montant, part_ccas: Montant, le: Date) -> Proposition {
    // What stands against it is judged apart: the amount alone is asked here.
    let demande = DemandeRetrocession { le, par_fondateur: true, vide: true, acceptee: true };
    let base = if part_ccas == Montant::NUL {
        format!("{} payés", euros(paye))
    } else {
        format!("({} payés − {} revenus au CCAS)", euros(paye), euros(part_ccas))
    };
    let (rembourse, calcul) = match retroceder(avant, paye, part_ccas, &demande).remboursement {
        Remboursement::Prorata(montant) => (
            Some(montant),
            format!("Remboursement au prorata du temps qui reste : {base}{} = {}.", prorata(avant, le), euros(montant)),
        ),
        Remboursement::AuPlus(montant) => (
            None,
            format!("Concession sans terme : la commune fixe le remboursement, {} au plus ({base}).", euros(montant)),
        ),
    };
    Proposition { prix: Some(Montant::NUL), rembourse, calcul }
}

/// « × 3 652 jours restants sur 10 958 ».
fn prorata(contrat: &Contrat, le: Date) -> String {
    let Some(echeance) = contrat.echeance() else { return String::new() };
    let (reste, tout) = ((echeance - le).whole_days().max(0), (echeance - contrat.depart).whole_days());
    format!(" × {reste} jours restants sur {tout}")
}
