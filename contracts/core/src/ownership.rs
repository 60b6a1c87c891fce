//! Ownership of a contract, which changes hands in two steps: the owner proposes an account, and that account accepts.
//!
//! The second step shows that someone holds the key of the new account, so a mistyped address cannot take the contract away.

#[cfg(feature = "codec")]
use {
    parity_scale_codec::{Decode, Encode},
    scale_info::TypeInfo,
};

/// The owner of a contract. Generic over the account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "codec", derive(Encode, Decode, TypeInfo))]
#[cfg_attr(feature = "codec", derive(ink_lite::Decode))]
pub struct Ownership<Id> {
    /// The owner.
    pub owner: Id,
    /// The account that can accept the ownership, if the owner has proposed one.
    pub candidate: Option<Id>,
}

/// Why a message about ownership failed. Nothing has changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "codec", derive(Encode, Decode, TypeInfo))]
pub enum OwnershipError {
    /// Only the owner can propose a new owner.
    NotOwner,
    /// Only the account that the owner has proposed can accept.
    NotProposed,
}

impl<Id: Copy + PartialEq> Ownership<Id> {
    /// Ownership by `owner`, with nobody proposed.
    pub fn new(owner: Id) -> Self {
        Self { owner, candidate: None }
    }

    /// Whether `caller` is the owner.
    pub fn is_owner(&self, caller: &Id) -> bool {
        self.owner == *caller
    }

    /// `caller`, the owner, proposes `candidate` as the new owner. This replaces an earlier proposal.
    ///
    /// # Errors
    /// `NotOwner`.
    pub fn propose(&mut self, caller: &Id, candidate: &Id) -> Result<(), OwnershipError> {
        if !self.is_owner(caller) {
            return Err(OwnershipError::NotOwner);
        }
        self.candidate = Some(*candidate);
        Ok(())
    }

    /// `caller`, whom the owner has proposed, becomes the owner. Returns the previous owner.
    ///
    /// # Errors
    /// `NotProposed`.
    pub fn accept(&mut self, caller: &Id) -> Result<Id, OwnershipError> {
        if self.candidate.as_ref() != Some(caller) {
            return Err(OwnershipError::NotProposed);
        }
        let previous = self.owner;
        *self = Self::new(*caller);
        Ok(previous)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OF_1: Ownership<u8> = Ownership { owner: 1, candidate: None };

    #[test]
    fn the_owner_changes_when_the_candidate_accepts() {
        let mut ownership = Ownership::new(1);
        assert_eq!(ownership.propose(&1, &2), Ok(()));
        assert!(ownership.is_owner(&1));
        assert!(!ownership.is_owner(&2));
        assert_eq!(ownership.accept(&2), Ok(1));
        assert_eq!(ownership, Ownership { owner: 2, candidate: None });
        assert!(!ownership.is_owner(&1));
        assert!(ownership.is_owner(&2));
    }

    #[test]
    fn a_proposal_replaces_the_one_before_and_is_used_once() {
        let mut ownership = OF_1;
        assert_eq!(ownership.propose(&1, &2), Ok(()));
        assert_eq!(ownership.propose(&1, &3), Ok(()));
        assert_eq!(ownership.accept(&2), Err(OwnershipError::NotProposed));
        assert_eq!(ownership, Ownership { owner: 1, candidate: Some(3) });
        assert_eq!(ownership.accept(&3), Ok(1));
        assert_eq!(ownership.accept(&3), Err(OwnershipError::NotProposed));
    }

    #[test]
    fn only_the_owner_proposes_and_only_the_candidate_accepts() {
        let mut ownership = OF_1;
        assert_eq!(ownership.propose(&2, &2), Err(OwnershipError::NotOwner));
        assert_eq!(ownership.accept(&1), Err(OwnershipError::NotProposed));
        assert_eq!(ownership.accept(&2), Err(OwnershipError::NotProposed));
        assert_eq!(ownership, OF_1);
    }
}
