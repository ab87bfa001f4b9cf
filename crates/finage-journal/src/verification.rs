//! Follows a chain line by line, in constant memory.

use crate::{Chaine, Cle, Defaut, Depart, Faute, Sceau, Scellee, Tete};

/// A chain without fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bilan {
    /// Lines verified.
    pub lignes: u64,
    /// What the first of them comes after.
    pub depart: Depart,
    /// The last of them; the start when there is none.
    pub fin: Depart,
}

/// A verification under way: given every line of the chain in the order of ranks.
#[derive(Debug)]
pub struct Verification<'a> {
    cle: &'a Cle,
    chaine: Chaine,
    tete: &'a Tete,
    depart: Depart,
    fin: Depart,
    lignes: u64,
    /// A line whose seal is wrong; the next one says why.
    en_cause: Option<(i64, Sceau)>,
}

impl<'a> Verification<'a> {
    /// Of the chain that starts after `depart` and went at least to `tete`.
    #[must_use]
    pub fn new(cle: &'a Cle, chaine: Chaine, depart: Depart, tete: &'a Tete) -> Self {
        Self { cle, chaine, tete, depart, fin: depart, lignes: 0, en_cause: None }
    }

    /// Takes the next line.
    ///
    /// # Errors
    /// The first fault: that of this line, or of the one before it.
    pub fn ligne(&mut self, scellee: &Scellee) -> Result<(), Faute> {
        if let Some((id, sceau)) = self.en_cause {
            return Err(self.juge(id, sceau, Some(scellee)));
        }
        let attendu = self.fin.rang.saturating_add(1);
        let faute = |rang, id, defaut| Err(Faute { chaine: self.chaine, rang, id, defaut });
        let id = scellee.ligne.id;
        let (Some(rang), Some(sceau)) = (scellee.rang, scellee.sceau) else {
            return faute(scellee.rang.unwrap_or(attendu), Some(id), Defaut::Descellee);
        };
        if rang < attendu {
            return faute(rang, Some(id), Defaut::Inseree);
        }
        if rang > attendu {
            return faute(attendu, None, Defaut::Supprimee { manquantes: rang.saturating_sub(attendu) });
        }
        let juste = self.cle.scelle(self.chaine, &self.fin.sceau, rang, &scellee.ligne);
        if juste != sceau {
            self.en_cause = Some((id, sceau));
            return Ok(());
        }
        if rang == self.tete.rang && sceau != self.tete.sceau {
            return faute(rang, Some(id), Defaut::Tete);
        }
        self.fin = Depart { rang, sceau };
        self.lignes += 1;
        Ok(())
    }

    /// Ends before the end of the chain: what was given is without fault.
    ///
    /// # Errors
    /// The last line given is wrong.
    pub fn arret(self) -> Result<Bilan, Faute> {
        match self.en_cause {
            Some((id, sceau)) => Err(self.juge(id, sceau, None)),
            None => Ok(Bilan { lignes: self.lignes, depart: self.depart, fin: self.fin }),
        }
    }

    /// Ends: there is no more line.
    ///
    /// # Errors
    /// The last line is wrong, or the chain ends before its head.
    pub fn fin(self) -> Result<Bilan, Faute> {
        let (chaine, tete) = (self.chaine, self.tete);
        let bilan = self.arret()?;
        let faute = |rang, defaut| Err(Faute { chaine, rang, id: None, defaut });
        if bilan.fin.rang < tete.rang {
            let manquantes = tete.rang.saturating_sub(bilan.fin.rang);
            return faute(bilan.fin.rang + 1, Defaut::Tronquee { manquantes });
        }
        // A head older than the last purge has no line to be compared with: the checkpoint's proof stands for it.
        if bilan.depart.rang == tete.rang && bilan.depart.sceau != tete.sceau {
            return faute(tete.rang, Defaut::Tete);
        }
        Ok(bilan)
    }

    /// Whether what a bad line says was changed, or its seal: the next seal, or the head, holds the one it had.
    fn juge(&self, id: i64, sceau: Sceau, suivante: Option<&Scellee>) -> Faute {
        let rang = self.fin.rang.saturating_add(1);
        let apres = suivante.is_some_and(|suivante| {
            let suite = rang.saturating_add(1);
            suivante.rang == Some(suite)
                && suivante.sceau == Some(self.cle.scelle(self.chaine, &sceau, suite, &suivante.ligne))
        });
        let en_tete = self.tete.rang == rang && self.tete.sceau == sceau;
        let defaut = if apres || en_tete { Defaut::Changee } else { Defaut::SceauEtranger };
        Faute { chaine: self.chaine, rang, id: Some(id), defaut }
    }
}

/// Verifies a whole chain.
///
/// # Errors
/// The first bad line and what is wrong with it.
pub fn verifie(
    cle: &Cle,
    chaine: Chaine,
    depart: Depart,
    tete: &Tete,
    lignes: impl IntoIterator<Item = Scellee>,
) -> Result<Bilan, Faute> {
    let mut verification = Verification::new(cle, chaine, depart, tete);
    for scellee in lignes {
        verification.ligne(&scellee)?;
    }
    verification.fin()
}
