//! Handing a contract over in two steps, so that a slip of the keyboard gives it to nobody.

#[cfg(feature = "codec")]
use {
    parity_scale_codec::{Decode, Encode},
    scale_info::TypeInfo,
};

/// Who owns a contract. Generic over the account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "codec", derive(Encode, Decode, TypeInfo))]
pub struct Ownership<Id> {
    /// The owner.
    pub owner: Id,
    /// Who can accept the ownership.
    pub candidate: Option<Id>,
}

patronage_wire::read!(
    struct Ownership<Id> {
        owner: Id,
        candidate: Option<Id>,
    }
);

/// Why a step is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OwnershipError {
    /// Only the owner may do that.
    NotOwner,
    /// Only the proposed owner may accept.
    NotProposed,
}

impl<Id: Copy + PartialEq> Ownership<Id> {
    /// Owned by `owner`, with no change proposed.
    pub fn new(owner: Id) -> Self {
        Self { owner, candidate: None }
    }

    /// Refuses whoever is not the owner.
    ///
    /// # Errors
    /// `NotOwner`.
    pub fn ensure_owner(&self, caller: &Id) -> Result<(), OwnershipError> {
        if self.owner == *caller {
            Ok(())
        } else {
            Err(OwnershipError::NotOwner)
        }
    }

    /// The owner, who is `caller`, offers the ownership to `candidate`, in place of any offer before.
    ///
    /// # Errors
    /// `NotOwner`, and then nothing has changed.
    pub fn propose(&mut self, caller: &Id, candidate: Id) -> Result<(), OwnershipError> {
        self.ensure_owner(caller)?;
        self.candidate = Some(candidate);
        Ok(())
    }

    /// `caller`, whom the owner has proposed, becomes the owner.
    ///
    /// # Errors
    /// `NotProposed`, and then nothing has changed.
    pub fn accept(&mut self, caller: &Id) -> Result<(), OwnershipError> {
        if self.candidate.as_ref() != Some(caller) {
            return Err(OwnershipError::NotProposed);
        }
        *self = Self::new(*caller);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OF_1: Ownership<u8> = Ownership { owner: 1, candidate: None };

    #[test]
    fn the_owner_changes_when_the_proposed_one_accepts_and_not_before() {
        let mut ownership = Ownership::new(1);
        ownership.propose(&1, 2).unwrap();
        assert_eq!((ownership.ensure_owner(&1), ownership.ensure_owner(&2)), (Ok(()), Err(OwnershipError::NotOwner)));
        ownership.accept(&2).unwrap();
        assert_eq!(ownership, Ownership { owner: 2, candidate: None });
    }

    #[test]
    fn a_new_proposal_replaces_the_one_before_and_a_used_one_is_gone() {
        let mut ownership = OF_1;
        ownership.propose(&1, 2).unwrap();
        ownership.propose(&1, 3).unwrap();
        assert_eq!(ownership.accept(&2), Err(OwnershipError::NotProposed));
        assert_eq!(ownership, Ownership { owner: 1, candidate: Some(3) });
        ownership.accept(&3).unwrap();
        assert_eq!(ownership.accept(&3), Err(OwnershipError::NotProposed));
    }

    #[test]
    fn nobody_else_proposes_and_nobody_accepts_what_is_not_offered() {
        let mut ownership = OF_1;
        assert_eq!(ownership.propose(&2, 2), Err(OwnershipError::NotOwner));
        assert_eq!(ownership.accept(&2), Err(OwnershipError::NotProposed));
        assert_eq!(ownership.accept(&1), Err(OwnershipError::NotProposed));
        assert_eq!(ownership, OF_1);
    }
}
