//! The rule by which a layer is generalised, as data and as the sentence that readers get.

use thiserror::Error;

/// How a layer becomes simpler below its full detail. Pixels are those of a tile of 256 at the zoom in question.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rule {
    /// Detail under which a border is straightened, in pixels: a triangle of this base and height goes.
    pub tolerance_px: f64,
    /// What becomes of small objects.
    pub small: Small,
}

impl Default for Rule {
    fn default() -> Self {
        Self { tolerance_px: 1.0, small: Small::Keep }
    }
}

/// What becomes of objects that are small at a zoom. Areas in square pixels, judged on the objects of the layer as they are.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Small {
    /// They stay.
    Keep,
    /// They are left out.
    Drop {
        /// Area under which an object is small.
        below_px2: f64,
    },
    /// Those of one group that share a border become one.
    Merge {
        /// Area under which an object is small.
        below_px2: f64,
        /// What becomes of a merged or lonely object that is still small.
        alone: Alone,
    },
}

/// What becomes of what no neighbour can make larger.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Alone {
    /// It stays.
    Keep,
    /// It is left out.
    Drop {
        /// Area under which it is.
        below_px2: f64,
    },
}

/// Why a rule is none.
#[derive(Debug, Clone, Copy, PartialEq, Error)]
#[non_exhaustive]
pub enum RuleError {
    /// A tolerance or an area is negative, not a number, or above [`Rule::MOST`].
    #[error("« {0} » n'est pas une mesure en pixels entre 0 et {most}", most = Rule::MOST)]
    Measure(f64),
}

impl Rule {
    /// Largest tolerance in pixels and largest area in square pixels.
    pub const MOST: f64 = 65_536.0;

    /// The rule, when all its measures make sense.
    ///
    /// # Errors
    /// A measure is negative, not a number, or too large.
    pub fn checked(self) -> Result<Self, RuleError> {
        let (below, alone) = match self.small {
            Small::Keep => (0.0, 0.0),
            Small::Drop { below_px2 } | Small::Merge { below_px2, alone: Alone::Keep } => (below_px2, 0.0),
            Small::Merge { below_px2, alone: Alone::Drop { below_px2: alone } } => (below_px2, alone),
        };
        match [self.tolerance_px, below, alone].into_iter().find(|measure| !(0.0..=Self::MOST).contains(measure)) {
            Some(measure) => Err(RuleError::Measure(measure)),
            None => Ok(self),
        }
    }

    /// What a reader of TileJSON is told: below which zoom, what was straightened, merged and left out.
    ///
    /// `detail_zoom` is the first zoom that shows objects as they are; `group` names the property that groups share.
    ///
    /// ```
    /// use finage_tiles::generalise::{Alone, Rule, Small};
    /// let small = Small::Merge { below_px2: 4.0, alone: Alone::Drop { below_px2: 0.5 } };
    /// let rule = Rule { tolerance_px: 1.0, small };
    /// let said = rule.sentence(14, Some("section")).replace(['\u{a0}', '\u{202f}'], " ");
    /// assert_eq!(
    ///     said,
    ///     "Au-dessous du zoom 14, les contours sont simplifiés à 1 px près ; les objets de moins de 4 px² qui se touchent et \
    ///      ont la même valeur de « section » sont réunis ; ce qui reste sous 0,5 px² est omis (256 px par côté de tuile)."
    /// );
    /// ```
    #[must_use]
    pub fn sentence(&self, detail_zoom: u8, group: Option<&str>) -> String {
        let measure = |value: f64| value.to_string().replace('.', ",");
        let mut said = vec![format!(
            "Au-dessous du zoom {detail_zoom}, les contours sont simplifiés à {}\u{a0}px près",
            measure(self.tolerance_px)
        )];
        match self.small {
            Small::Keep => said.push("aucun objet n'est omis pour sa taille".to_owned()),
            Small::Drop { below_px2 } => {
                said.push(format!("les objets de moins de {}\u{a0}px² sont omis", measure(below_px2)));
            }
            Small::Merge { below_px2, alone } => {
                let same = group.map(|group| format!(" et ont la même valeur de «\u{a0}{group}\u{a0}»"));
                said.push(format!(
                    "les objets de moins de {}\u{a0}px² qui se touchent{} sont réunis",
                    measure(below_px2),
                    same.unwrap_or_default()
                ));
                if let Alone::Drop { below_px2 } = alone {
                    said.push(format!("ce qui reste sous {}\u{a0}px² est omis", measure(below_px2)));
                }
            }
        }
        said.join("\u{202f}; ") + " (256\u{a0}px par côté de tuile)."
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn measures_are_checked() {
        assert!(Rule::default().checked().is_ok());
        assert!(Rule { tolerance_px: f64::NAN, small: Small::Keep }.checked().is_err());
        let alone = Alone::Drop { below_px2: -1.0 };
        let rule = Rule { tolerance_px: 1.0, small: Small::Merge { below_px2: 4.0, alone } };
        assert_eq!(rule.checked(), Err(RuleError::Measure(-1.0)));
    }

    #[test]
    fn the_sentence_says_what_is_left_out() {
        let rule = Rule { tolerance_px: 1.5, small: Small::Drop { below_px2: 2.0 } };
        let said = rule.sentence(13, None);
        assert!(said.contains("1,5\u{a0}px près") && said.contains("moins de 2\u{a0}px² sont omis"), "{said}");
        let kept = Rule::default().sentence(13, None);
        assert!(kept.contains("aucun objet n'est omis"), "{kept}");
    }
}
