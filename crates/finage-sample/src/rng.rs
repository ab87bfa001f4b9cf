//! A small seeded generator (SplitMix64): the same seed gives the same town on every machine.

/// Deterministic source of numbers. One stream per purpose, so that a change in one part of the
/// town leaves the others as they were.
#[derive(Debug, Clone)]
pub struct Rng(u64);

impl Rng {
    /// A stream for `purpose`, independent of the streams of other purposes.
    #[must_use]
    pub fn for_purpose(seed: u64, purpose: &str) -> Self {
        // FNV-1a: stable over Rust releases, unlike the standard hasher.
        let hash =
            purpose.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3));
        Self(seed ^ hash)
    }

    /// The next 64 bits.
    pub fn next_u64(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number in [0, 1).
    pub fn unit(&mut self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "53 bits fit a double exactly")]
        let numerator = (self.next_u64() >> 11) as f64;
        numerator / 9_007_199_254_740_992.0
    }

    /// A number in [low, high).
    pub fn range(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// An integer in [low, high], both ends included.
    pub fn int(&mut self, low: u32, high: u32) -> u32 {
        let span = u64::from(high.saturating_sub(low)) + 1;
        low + u32::try_from(self.next_u64() % span).unwrap_or(0)
    }

    /// True with the given probability.
    pub fn chance(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }
}

#[cfg(test)]
mod tests {
    use super::Rng;

    #[test]
    fn streams_repeat_and_differ_by_purpose() {
        let draw = |purpose| Rng::for_purpose(7, purpose).next_u64();
        assert_eq!(draw("lots"), draw("lots"));
        assert_ne!(draw("lots"), draw("murs"));
    }

    #[test]
    fn integers_stay_in_range() {
        let mut rng = Rng::for_purpose(1, "dates");
        assert!((0..1000).all(|_| (3..=9).contains(&rng.int(3, 9))));
    }
}
