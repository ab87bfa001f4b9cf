//! A right compiled: which rows, and which fields of each.

use sqlx::{PgConnection, Postgres, QueryBuilder};
use uuid::Uuid;

use super::filtre::Filtre;
use super::{Action, Champ, Objet, Octroi, Sujet};
use crate::access::journal::Finalite;

/// The right to do something to the rows and fields it says. Several roles add up: a row is open when one of them opens
/// it, a field of that row when one that opens the row opens the field.
#[derive(Debug, Clone)]
pub struct Droit {
    objet: &'static Objet,
    action: Action,
    ouvertures: Vec<Ouverture>,
    /// Fields that it opens on no row, whatever roles say.
    fermes: Vec<&'static str>,
}

/// What one role opens.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Ouverture {
    communes: Option<Vec<String>>,
    lignes: Option<Filtre>,
    champs: Option<Vec<String>>,
    niveau: u8,
    finalites: Vec<String>,
}

/// Where a right holds, for what is no row of a protected table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Perimetre {
    /// Everywhere.
    Partout,
    /// In these communes.
    Communes(Vec<String>),
}

impl Perimetre {
    /// Whether all of these are within; none given is everywhere.
    #[must_use]
    pub fn couvre(&self, communes: Option<&[String]>) -> bool {
        match (self, communes) {
            (Self::Partout, _) => true,
            (Self::Communes(miennes), Some(demandees)) => demandees.iter().all(|insee| miennes.contains(insee)),
            (Self::Communes(_), None) => false,
        }
    }
}

impl Droit {
    pub(super) fn compile<'a>(
        objet: &'static Objet,
        action: Action,
        octrois: impl Iterator<Item = &'a Octroi>,
        sujet: &Sujet,
    ) -> Option<Self> {
        let ouvertures: Vec<Ouverture> = octrois
            .filter_map(|octroi| {
                let lignes = match &octroi.lignes {
                    // What cannot be read opens nothing.
                    Some(texte) => Some(Filtre::compile(objet, texte, octroi, sujet)?),
                    None => None,
                };
                Some(Ouverture {
                    communes: octroi.communes.clone(),
                    lignes,
                    champs: octroi.champs.clone(),
                    niveau: if action == Action::Nominatif { u8::try_from(octroi.niveau).unwrap_or(0) } else { 0 },
                    finalites: octroi.finalites.clone(),
                })
            })
            .collect();
        (!ouvertures.is_empty()).then_some(Self { objet, action, ouvertures, fermes: Vec::new() })
    }

    /// The same for one purpose; `None` when no role declares it.
    pub(in crate::access) fn pour(mut self, finalite: &Finalite) -> Option<Self> {
        self.ouvertures.retain(|ouverture| ouverture.finalites.iter().any(|nom| nom == finalite.nom()));
        (!self.ouvertures.is_empty()).then_some(self)
    }

    /// What a module opens to the public; `None` when it opens nothing.
    #[must_use]
    pub fn du_public(objet: &'static Objet, octrois: &[Octroi]) -> Option<Self> {
        Self::compile(objet, Action::Lire, octrois.iter(), &Sujet::personne())
    }

    /// What a module lets anybody do to a row that is deposited: these fields of a new row, whatever their level.
    #[must_use]
    pub fn de_depot(objet: &'static Objet, action: Action, champs: &[String]) -> Option<Self> {
        let octroi = Octroi {
            role: "public".to_owned(),
            objet: objet.nom.to_owned(),
            action: action.code().to_owned(),
            lignes: None,
            champs: Some(champs.to_vec()),
            niveau: 3,
            communes: None,
            finalites: Vec::new(),
        };
        Self::compile(objet, action, std::iter::once(&octroi), &Sujet::personne())
    }

    /// The same without these fields.
    #[must_use]
    pub fn sans(mut self, ferme: impl Fn(&Champ) -> bool) -> Self {
        self.fermes.extend(self.objet.champs.iter().filter(|champ| ferme(champ)).map(|champ| champ.nom));
        self
    }

    /// The kind of object.
    #[must_use]
    pub fn objet(&self) -> &'static Objet {
        self.objet
    }

    /// What may be done.
    #[must_use]
    pub fn action(&self) -> Action {
        self.action
    }

    /// Where it holds, for what is no row of a protected table; a right with a filter on rows does not count there.
    #[must_use]
    pub fn perimetre(&self) -> Perimetre {
        let sans_filtre = || self.ouvertures.iter().filter(|ouverture| ouverture.lignes.is_none());
        if sans_filtre().any(Ouverture::partout) {
            return Perimetre::Partout;
        }
        let mut communes: Vec<String> =
            sans_filtre().filter_map(|ouverture| ouverture.communes.clone()).flatten().collect();
        communes.sort();
        communes.dedup();
        Perimetre::Communes(communes)
    }

    /// Whether it opens this row as it now is in the transaction of `connection`. Who changes a row asks before (its
    /// condition in the statement) and after: a change must leave the row where one may change it, whatever triggers
    /// made of it. SQL alone judges, so that a write is held to exactly what a read is.
    ///
    /// # Errors
    /// The database refused or timed out.
    pub async fn ouvre_ligne(
        &self,
        connection: &mut PgConnection,
        relation: &'static str,
        id: Uuid,
    ) -> sqlx::Result<bool> {
        let mut requete = QueryBuilder::new("select exists (select from ");
        requete.push(relation).push(" o where id = ").push_bind(id).push(" and ");
        self.pousse_condition(&mut requete);
        requete.push(")");
        requete.build_query_scalar().fetch_one(connection).await
    }

    /// Fields open on some row at least, in the object's order.
    pub fn champs(&self) -> impl Iterator<Item = &'static Champ> {
        self.objet.champs.iter().filter(|champ| self.ouvrent(champ).next().is_some())
    }

    /// Whether a field is open on every row that this right opens.
    #[must_use]
    pub fn ouvre_partout(&self, champ: &Champ) -> bool {
        self.ouvrent(champ).count() == self.ouvertures.len()
    }

    /// The communes whose rows each role opens, none for all of them, where communes say it all: `None` when a role filters rows
    /// otherwise, or opens one of these fields on some rows only.
    #[must_use]
    pub fn par_commune(&self, champs: &[&Champ]) -> Option<Vec<Option<&[String]>>> {
        let partout = champs.iter().all(|champ| self.ouvre_partout(champ));
        let sans_filtre = self.ouvertures.iter().all(|ouverture| ouverture.lignes.is_none());
        (partout && sans_filtre)
            .then(|| self.ouvertures.iter().map(|ouverture| ouverture.communes.as_deref()).collect())
    }

    /// What opens a field.
    fn ouvrent<'a>(&'a self, champ: &'a Champ) -> impl Iterator<Item = &'a Ouverture> + Clone {
        let ferme = self.fermes.contains(&champ.nom);
        self.ouvertures.iter().filter(move |ouverture| !ferme && ouverture.ouvre(champ))
    }

    /// Adds the condition that rows fulfil, in parentheses. Columns are named as in the table.
    pub fn pousse_condition(&self, requete: &mut QueryBuilder<Postgres>) {
        pousse(self.ouvertures.iter(), requete);
    }

    /// Adds a field as an expression: the column, or null on the rows where it is not open.
    pub fn pousse_champ(&self, champ: &Champ, requete: &mut QueryBuilder<Postgres>) {
        let ouvrent: Vec<&Ouverture> = self.ouvrent(champ).collect();
        if ouvrent.len() == self.ouvertures.len() || ouvrent.iter().any(|ouverture| ouverture.partout()) {
            requete.push(champ.expression());
        } else if ouvrent.is_empty() {
            requete.push("null");
        } else {
            requete.push("case when ");
            pousse(ouvrent.into_iter(), requete);
            requete.push(" then ").push(champ.expression()).push(" end");
        }
    }

    /// Adds the condition of the rows on which this field is open, in parentheses.
    pub fn pousse_ouverture(&self, champ: &Champ, requete: &mut QueryBuilder<Postgres>) {
        pousse(self.ouvrent(champ), requete);
    }

    /// Adds the condition of the rows on which this field is named, its level aside, in parentheses: who writes a
    /// nominative field must also have the right to see it.
    pub fn pousse_ecriture(&self, champ: &Champ, requete: &mut QueryBuilder<Postgres>) {
        pousse(self.ouvertures.iter().filter(|ouverture| ouverture.nomme(champ)), requete);
    }
}

impl Ouverture {
    /// Whether it opens every row.
    fn partout(&self) -> bool {
        self.communes.is_none() && self.lignes.is_none()
    }

    /// Adds its condition on rows; it is true everywhere without communes nor filter.
    fn pousse(&self, requete: &mut QueryBuilder<Postgres>) {
        match &self.communes {
            Some(communes) => requete.push("insee = any (").push_bind(communes.clone()).push(")"),
            None => requete.push("true"),
        };
        if let Some(lignes) = &self.lignes {
            requete.push(" and ");
            lignes.pousse(requete);
        }
    }

    /// Whether it opens this field on its rows.
    fn ouvre(&self, champ: &Champ) -> bool {
        champ.niveau <= self.niveau && self.nomme(champ)
    }

    /// Whether its list of fields, if any, has this one.
    fn nomme(&self, champ: &Champ) -> bool {
        self.champs.as_ref().is_none_or(|noms| noms.iter().any(|nom| nom == champ.nom))
    }
}

fn pousse<'a>(ouvertures: impl Iterator<Item = &'a Ouverture> + Clone, requete: &mut QueryBuilder<Postgres>) {
    if ouvertures.clone().next().is_none() {
        requete.push("(false)");
        return;
    }
    if ouvertures.clone().any(Ouverture::partout) {
        requete.push("(true)");
        return;
    }
    requete.push("(");
    for (rang, ouverture) in ouvertures.enumerate() {
        if rang > 0 {
            requete.push(" or ");
        }
        requete.push("(");
        ouverture.pousse(requete);
        requete.push(")");
    }
    requete.push(")");
}
