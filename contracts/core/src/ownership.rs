//! Handing a contract over in two steps, so that a slip of the keyboard gives it to nobody.

#[cfg(feature = "codec")]
use {
    parity_scale_codec::{Decode, Encode},
    scale_info::TypeInfo,
};

/// Who owns a contract. Generic over the account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "codec", derive(Encode, Decode, TypeInfo))]
#[cfg_attr(feature = "codec", derive(ink_lite::Decode))]
pub struct Ownership<Id> {
    /// The owner.
    pub owner: Id,
    /// Who can accept the ownership.
    pub candidate: Option<Id>,
}

impl<Id: Copy + PartialEq> Ownership<Id> {
    /// Owned by `owner`, with no change proposed.
    pub fn new(owner: Id) -> Self {
        Self { owner, candidate: None }
    }

    /// Whether `caller` is the owner.
    pub fn is_owner(&self, caller: &Id) -> bool {
        self.owner == *caller
    }

    /// The owner offers the ownership to `candidate`, in place of any offer before.
    pub fn propose(&mut self, candidate: Id) {
        self.candidate = Some(candidate);
    }

    /// `caller` becomes the owner, if that is whom the owner has proposed. Whether it was; otherwise nothing has changed.
    #[must_use]
    pub fn accept(&mut self, caller: &Id) -> bool {
        let proposed = self.candidate.as_ref() == Some(caller);
        if proposed {
            *self = Self::new(*caller);
        }
        proposed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OF_1: Ownership<u8> = Ownership { owner: 1, candidate: None };

    #[test]
    fn the_owner_changes_when_the_proposed_one_accepts_and_not_before() {
        let mut ownership = Ownership::new(1);
        ownership.propose(2);
        assert!(ownership.is_owner(&1));
        assert!(!ownership.is_owner(&2));
        assert!(ownership.accept(&2));
        assert_eq!(ownership, Ownership { owner: 2, candidate: None });
        assert!(!ownership.is_owner(&1));
        assert!(ownership.is_owner(&2));
    }

    #[test]
    fn a_new_proposal_replaces_the_one_before_and_a_used_one_is_gone() {
        let mut ownership = OF_1;
        ownership.propose(2);
        ownership.propose(3);
        assert!(!ownership.accept(&2));
        assert_eq!(ownership, Ownership { owner: 1, candidate: Some(3) });
        assert!(ownership.accept(&3));
        assert!(!ownership.accept(&3));
    }

    #[test]
    fn nobody_accepts_what_is_not_offered() {
        let mut ownership = OF_1;
        assert!(!ownership.accept(&1) && !ownership.accept(&2));
        assert_eq!(ownership, OF_1);
    }
}
