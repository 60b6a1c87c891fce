use std::fmt;

/// The weight of a call: computing time and proof size.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode)]
pub struct Weight {
    #[codec(compact)]
    ref_time: u64,
    #[codec(compact)]
    proof_size: u64,
}

impl Weight {
    /// The maximum weight.
    pub const MAX: Self = Self::from_parts(u64::MAX, u64::MAX);

    /// A weight of `ref_time` picoseconds and `proof_size` bytes.
    pub const fn from_parts(ref_time: u64, proof_size: u64) -> Self {
        Self { ref_time, proof_size }
    }

    /// The zero weight.
    pub const fn zero() -> Self {
        Self::from_parts(0, 0)
    }

    /// Computing time in picoseconds.
    pub const fn ref_time(&self) -> u64 {
        self.ref_time
    }

    /// Proof size in bytes.
    pub const fn proof_size(&self) -> u64 {
        self.proof_size
    }

    /// The sum. Each part saturates.
    pub const fn saturating_add(self, other: Self) -> Self {
        let Self { ref_time, proof_size } = self;
        Self::from_parts(ref_time.saturating_add(other.ref_time), proof_size.saturating_add(other.proof_size))
    }

    /// The difference. Each part saturates at 0.
    pub const fn saturating_sub(self, other: Self) -> Self {
        let Self { ref_time, proof_size } = self;
        Self::from_parts(ref_time.saturating_sub(other.ref_time), proof_size.saturating_sub(other.proof_size))
    }

    /// Whether each part is at least that of `other`.
    pub const fn all_gte(self, other: Self) -> bool {
        self.ref_time >= other.ref_time && self.proof_size >= other.proof_size
    }
}

impl fmt::Display for Weight {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ps and {} bytes", self.ref_time, self.proof_size)
    }
}

#[cfg(test)]
mod tests {
    use ink::scale::{Decode, Encode};

    use super::*;

    #[test]
    fn a_weight_is_encoded_as_the_runtime_has_it() {
        // Two compact numbers, as `sp-weights` encodes its `Weight`.
        let weight = Weight::from_parts(1, 1 << 14);
        assert_eq!(weight.encode(), [0b100, 0b10, 0, 1, 0]);
        assert_eq!(Weight::decode(&mut &weight.encode()[..]), Ok(weight));
    }

    #[test]
    fn each_part_is_compared_and_counted_by_itself() {
        let (small, mixed) = (Weight::from_parts(1, 1), Weight::from_parts(2, 0));
        assert!(mixed.all_gte(Weight::zero()) && !mixed.all_gte(small) && !small.all_gte(mixed));
        assert_eq!(mixed.saturating_sub(small), Weight::from_parts(1, 0));
        assert_eq!(Weight::MAX.saturating_add(small), Weight::MAX);
    }
}
