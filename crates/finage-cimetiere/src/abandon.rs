//! The recovery of a concession left without upkeep, as a dated checklist (L2223-17, R2223-12 to R2223-23).

mod avancement;
mod conditions;
mod eligibilite;

pub use avancement::{Avancement, Etat, Ligne};
pub use eligibilite::{Acte, ConcessionVisee, MortPourLaFrance};

use std::collections::BTreeMap;

use time::Date;

/// A step of the procedure, in the order of the texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Etape {
    /// The family is told of the first visit, or a notice posted.
    PremierAvis,
    /// First report on the ground.
    PremierProcesVerbal,
    /// It is notified, with a formal notice to restore.
    PremiereNotification,
    /// Its extracts are posted, the first month.
    PremierAffichage,
    /// The second month.
    DeuxiemeAffichage,
    /// The third month.
    TroisiemeAffichage,
    /// The mayor certifies the three.
    Certificat,
    /// The plot is on the list of abandoned concessions, kept open to all.
    Liste,
    /// The family is told of the second visit.
    SecondAvis,
    /// Second report.
    SecondProcesVerbal,
    /// It is notified.
    SecondeNotification,
    /// The council decides.
    Deliberation,
    /// The mayor's order.
    Arrete,
    /// It is published.
    Publication,
    /// It is notified.
    NotificationArrete,
    /// Monuments are removed.
    Enlevement,
    /// Remains are exhumed, or none is found.
    Exhumation,
    /// Names are in the register of the ossuary.
    Registre,
    /// The plot is free.
    Liberation,
}

impl Etape {
    /// All, in order.
    pub const TOUTES: [Self; 19] = [
        Self::PremierAvis,
        Self::PremierProcesVerbal,
        Self::PremiereNotification,
        Self::PremierAffichage,
        Self::DeuxiemeAffichage,
        Self::TroisiemeAffichage,
        Self::Certificat,
        Self::Liste,
        Self::SecondAvis,
        Self::SecondProcesVerbal,
        Self::SecondeNotification,
        Self::Deliberation,
        Self::Arrete,
        Self::Publication,
        Self::NotificationArrete,
        Self::Enlevement,
        Self::Exhumation,
        Self::Registre,
        Self::Liberation,
    ];

    /// As it is stored and named in codes.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::PremierAvis => "avis_1",
            Self::PremierProcesVerbal => "pv_1",
            Self::PremiereNotification => "notification_1",
            Self::PremierAffichage => "affichage_1",
            Self::DeuxiemeAffichage => "affichage_2",
            Self::TroisiemeAffichage => "affichage_3",
            Self::Certificat => "certificat",
            Self::Liste => "liste",
            Self::SecondAvis => "avis_2",
            Self::SecondProcesVerbal => "pv_2",
            Self::SecondeNotification => "notification_2",
            Self::Deliberation => "deliberation",
            Self::Arrete => "arrete",
            Self::Publication => "publication",
            Self::NotificationArrete => "notification_arrete",
            Self::Enlevement => "enlevement",
            Self::Exhumation => "exhumation",
            Self::Registre => "registre",
            Self::Liberation => "liberation",
        }
    }

    /// Of a code.
    #[must_use]
    pub fn du_code(code: &str) -> Option<Self> {
        Self::TOUTES.into_iter().find(|etape| etape.code() == code)
    }

    /// As people read it.
    #[must_use]
    pub fn libelle(self) -> &'static str {
        match self {
            Self::PremierAvis => "le premier avis à la famille",
            Self::PremierProcesVerbal => "le premier procès-verbal",
            Self::PremiereNotification => "la notification du premier procès-verbal",
            Self::PremierAffichage => "le premier affichage",
            Self::DeuxiemeAffichage => "le deuxième affichage",
            Self::TroisiemeAffichage => "le troisième affichage",
            Self::Certificat => "le certificat d'affichage",
            Self::Liste => "l'inscription à la liste des concessions abandonnées",
            Self::SecondAvis => "le second avis à la famille",
            Self::SecondProcesVerbal => "le second procès-verbal",
            Self::SecondeNotification => "la notification du second procès-verbal",
            Self::Deliberation => "la délibération du conseil municipal",
            Self::Arrete => "l'arrêté de reprise",
            Self::Publication => "la publication de l'arrêté",
            Self::NotificationArrete => "la notification de l'arrêté",
            Self::Enlevement => "l'enlèvement des monuments",
            Self::Exhumation => "l'exhumation des restes",
            Self::Registre => "l'inscription des noms au registre de l'ossuaire",
            Self::Liberation => "la libération de l'emplacement",
        }
    }

    /// Whether it is addressed to the family, and has no object when nobody is known.
    fn notifie(self) -> bool {
        matches!(self, Self::PremiereNotification | Self::SecondeNotification | Self::NotificationArrete)
    }
}

/// What an act of upkeep does: no text that was read says it, so the commune chooses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ApresEntretien {
    /// The plot is no longer abandoned: everything starts again with a first notice.
    #[default]
    ToutRecommence,
    /// The first report holds, and the wait before the second runs again from the upkeep.
    DelaiRecommence,
}

/// What is known of a procedure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Procedure {
    /// The concession.
    pub concession: ConcessionVisee,
    /// The day of each step that was taken; for a posting, its first day.
    pub faites: BTreeMap<Etape, Date>,
    /// Days of the acts of upkeep that were recorded.
    pub entretiens: Vec<Date>,
    /// Whether a descendant, a successor or someone in charge of upkeep is known. If not, notices are posted, and what is
    /// notified has no object.
    pub famille_connue: bool,
    /// The commune's choice.
    pub apres_entretien: ApresEntretien,
}

impl Procedure {
    /// A procedure not yet started.
    #[must_use]
    pub fn nouvelle(concession: ConcessionVisee) -> Self {
        Self {
            concession,
            faites: BTreeMap::new(),
            entretiens: Vec::new(),
            famille_connue: true,
            apres_entretien: ApresEntretien::default(),
        }
    }

    /// The last act of upkeep that counts: after the procedure started, before the mayor's order.
    fn entretien(&self) -> Option<Date> {
        let debut = self.faites.values().min().copied()?;
        let fin = self.faites.get(&Etape::Arrete).copied();
        self.entretiens.iter().copied().filter(|le| debut <= *le && fin.is_none_or(|fin| *le < fin)).max()
    }

    /// Whether upkeep undid a step that had been taken.
    fn caduque(&self, etape: Etape) -> Option<Date> {
        let entretien = self.entretien()?;
        let faite = *self.faites.get(&etape)?;
        let touchee = match self.apres_entretien {
            ApresEntretien::ToutRecommence => true,
            ApresEntretien::DelaiRecommence => (Etape::SecondAvis..=Etape::Deliberation).contains(&etape),
        };
        (touchee && faite <= entretien).then_some(entretien)
    }

    /// The day of a step that was taken and holds.
    fn tenue(&self, etape: Etape) -> Option<Date> {
        let faite = self.faites.get(&etape).copied()?;
        self.caduque(etape).is_none().then_some(faite)
    }

    /// Whether a step has no object.
    fn sans_objet(&self, etape: Etape) -> bool {
        !self.famille_connue && etape.notifie()
    }
}
