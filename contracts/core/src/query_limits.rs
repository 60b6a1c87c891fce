//! Limits of a call to another contract.

#[cfg(feature = "codec")]
use {
    parity_scale_codec::{Decode, Encode},
    scale_info::TypeInfo,
};

/// The most that a contract may use to answer a query, without the loading of its code. The owner can raise the limits, as
/// a chain can change what computing and storage weigh.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "codec", derive(Encode, Decode, TypeInfo))]
#[cfg_attr(feature = "codec", derive(ink_lite::Decode))]
pub struct QuestionLimits {
    /// Computing time, in picoseconds.
    pub ref_time: u64,
    /// Size of the proof, in bytes.
    pub proof_size: u64,
}

impl QuestionLimits {
    /// The limits of a new registry, and the minimum: enough for 20 reads and one more contract behind the queried one.
    /// Each query is first sent with these limits. If it fails, it is sent once more with the owner's limits.
    pub const LEAST: Self = Self { ref_time: 10_000_000_000, proof_size: 512 * 1024 };

    /// The maximum. A few queries still fit into a block, so that no rule can make every query about a piece of content
    /// fail.
    pub const MOST: Self = Self { ref_time: 200_000_000_000, proof_size: 2 * 1024 * 1024 };

    /// Whether both limits are from [`LEAST`](Self::LEAST) to [`MOST`](Self::MOST).
    pub fn are_possible(&self) -> bool {
        let Self { ref_time, proof_size } = *self;
        (Self::LEAST.ref_time..=Self::MOST.ref_time).contains(&ref_time)
            && (Self::LEAST.proof_size..=Self::MOST.proof_size).contains(&proof_size)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_possible_from_the_least_to_the_most() {
        let QuestionLimits { ref_time, proof_size } = QuestionLimits::LEAST;
        let most = QuestionLimits::MOST;
        assert!(QuestionLimits::LEAST.are_possible() && most.are_possible());
        assert!(
            QuestionLimits { ref_time, ..most }.are_possible() && QuestionLimits { proof_size, ..most }.are_possible()
        );
        assert!(!QuestionLimits { ref_time: ref_time - 1, proof_size }.are_possible());
        assert!(!QuestionLimits { ref_time, proof_size: proof_size - 1 }.are_possible());
        assert!(!QuestionLimits { ref_time: most.ref_time + 1, ..most }.are_possible());
        assert!(!QuestionLimits { proof_size: most.proof_size + 1, ..most }.are_possible());
    }

    #[test]
    fn the_least_and_the_most_are_what_owners_were_told() {
        let (least, most) = (QuestionLimits::LEAST, QuestionLimits::MOST);
        assert_eq!(least.ref_time, 10_000_000_000);
        assert_eq!(least.proof_size, 524_288);
        assert_eq!(most.ref_time, 200_000_000_000);
        assert_eq!(most.proof_size, 2_097_152);
    }
}
