//! Terms of a vault and of its tiers, and what makes them valid.

use crate::{
    bp,
    error::VaultError,
    ledger::Asset,
    splits::{self, Share, SplitsError},
    streams::Earnings,
    tiers::Tier,
};
use alloc::{boxed::Box, vec::Vec};

/// The maximum length of a tip's memo and of a tier's URI, in bytes.
pub const MAX_TEXT: u32 = 256;

/// The maximum number of tiers that a vault is created with. The owner can add more later, one at a time.
pub const MAX_INITIAL_TIERS: u32 = 16;

/// The maximum number of tiers of a vault. A change of the splits walks through all of them.
pub const MAX_TIERS: u32 = 64;

/// The maximum cooldown of unstaked tokens, in ms: 90 days.
pub const MAX_COOLDOWN: u64 = 7_776_000_000;

/// Terms of a tier. Amounts are in planck, or in smallest units of the token that the tier is paid in.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "codec", derive(parity_scale_codec::Encode, parity_scale_codec::Decode))]
#[cfg_attr(all(feature = "codec", feature = "std"), derive(scale_info::TypeInfo))]
#[cfg_attr(feature = "codec", derive(ink_lite::Decode))]
pub struct TierTerms<A> {
    /// The asset that the tier is paid in. It never changes.
    pub asset: Asset<A>,
    /// Price of one period: at least 1 and below 2^96.
    pub price: u128,
    /// Length of a period, in ms: from a minute to 100 years. It never changes.
    pub period: u64,
    /// Level of the tier's subscribers, from 1. Access rules ask for a minimum level. It never changes.
    pub level: u8,
    /// The maximum number of fans that hold the tier at once; `None` for no limit. A fan holds a seat until the subscription
    /// is ended, replaced or pruned, even after it has expired.
    pub seats: Option<u32>,
    /// Minimum stay in ms: 0 to one period. A fan who cancels early gets no refund for this time, at the agreed price. It never
    /// changes.
    pub minimum_stay: u64,
    /// Address of a description for people (UTF-8, at most [`MAX_TEXT`] bytes). It may be empty.
    pub uri: Vec<u8>,
}

impl<A: Copy> TierTerms<A> {
    /// Returns an open tier on these terms, without subscribers, at block time `now` (ms). [`Tier::check`] validates it.
    pub fn tier(&self, now: u64) -> Tier<A> {
        Tier {
            asset: self.asset,
            price: self.price,
            level: self.level,
            seats: self.seats,
            open: true,
            taken: 0,
            minimum_stay: self.minimum_stay,
            earnings: Earnings::new(self.period, now),
        }
    }

    /// Validates the terms, as `add_tier` does.
    ///
    /// # Errors
    /// Those of [`Tier::check`], and `UriTooLong`.
    pub fn validate(&self) -> Result<(), Box<VaultError>> {
        self.tier(0).check()?;
        validate_uri(&self.uri)
    }
}

/// Validates the URI of a tier.
///
/// # Errors
/// `UriTooLong`.
pub fn validate_uri(uri: &[u8]) -> Result<(), Box<VaultError>> {
    if uri.len() > MAX_TEXT as usize {
        return Err(Box::new(VaultError::UriTooLong { most: MAX_TEXT }));
    }
    Ok(())
}

/// Terms on which a vault is created.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "codec", derive(parity_scale_codec::Encode, parity_scale_codec::Decode))]
#[cfg_attr(all(feature = "codec", feature = "std"), derive(scale_info::TypeInfo))]
#[cfg_attr(feature = "codec", derive(ink_lite::Decode))]
pub struct VaultTerms<A> {
    /// Recipients of the income: at most 16, with parts in basis points that sum to 10,000 with the stakers' part. An empty list
    /// gives everything but that part to the owner.
    pub splits: Vec<Share<A>>,
    /// The stakers' part of the income, in basis points, below 10,000. It must be 0 without a creator token.
    pub stakers: u16,
    /// The first tiers, at most [`MAX_INITIAL_TIERS`].
    pub tiers: Vec<TierTerms<A>>,
    /// The creator token, which fans can stake and whose fees the vault can collect. It never changes.
    pub token: Option<A>,
    /// How long unstaked tokens wait, in ms: at most [`MAX_COOLDOWN`]. It never changes.
    pub cooldown: u64,
}

impl<A> Default for VaultTerms<A> {
    fn default() -> Self {
        Self { splits: Vec::new(), stakers: 0, tiers: Vec::new(), token: None, cooldown: 0 }
    }
}

impl<A: Copy + PartialEq> VaultTerms<A> {
    /// Validates the terms, as the constructor of the vault does.
    ///
    /// # Errors
    /// `Splits`, `NothingToStake`, and those of [`validate_limits`](Self::validate_limits) and [`TierTerms::validate`].
    pub fn validate(&self) -> Result<(), Box<VaultError>> {
        match self.splits.is_empty() {
            // The owner gets what the stakers do not get.
            true if self.stakers >= bp::WHOLE => return Err(VaultError::Splits(SplitsError::OnlyStakers).into()),
            true => {}
            false => splits::check(&self.splits, self.stakers).map_err(VaultError::Splits)?,
        }
        if self.stakers > 0 && self.token.is_none() {
            return Err(Box::new(VaultError::NothingToStake));
        }
        self.validate_limits()?;
        self.tiers.iter().try_for_each(TierTerms::validate)
    }

    /// Validates the cooldown and the number of tiers. The constructor validates splits and tiers as it stores them.
    ///
    /// # Errors
    /// `CooldownTooLong`, `TooManyTiers`.
    pub fn validate_limits(&self) -> Result<(), Box<VaultError>> {
        if self.cooldown > MAX_COOLDOWN {
            return Err(Box::new(VaultError::CooldownTooLong { most: MAX_COOLDOWN }));
        }
        if self.tiers.len() > MAX_INITIAL_TIERS as usize {
            return Err(Box::new(VaultError::TooManyTiers { most: MAX_INITIAL_TIERS }));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::streams::EPOCH;
    use std::vec;

    fn tier() -> TierTerms<u8> {
        TierTerms {
            asset: Asset::Native,
            price: 1,
            period: EPOCH,
            level: 1,
            seats: None,
            minimum_stay: 0,
            uri: vec![b'u'; MAX_TEXT as usize],
        }
    }

    fn terms() -> VaultTerms<u8> {
        let splits = vec![Share { recipient: 1, bp: 10_000 }];
        let tiers = vec![tier(); MAX_INITIAL_TIERS as usize];
        VaultTerms { splits, stakers: 0, tiers, token: Some(2), cooldown: MAX_COOLDOWN }
    }

    #[test]
    fn terms_at_every_limit_are_valid() {
        assert_eq!(terms().validate(), Ok(()));
        assert_eq!(VaultTerms::<u8>::default().validate(), Ok(()));
    }

    #[test]
    fn terms_beyond_a_limit_are_refused_by_that_limit() {
        let shares = vec![Share { recipient: 1, bp: 9_999 }];
        let long = TierTerms { uri: vec![b'u'; MAX_TEXT as usize + 1], ..tier() };
        for (terms, error) in [
            (VaultTerms { splits: shares, ..terms() }, VaultError::Splits(SplitsError::NotWhole { sum_bp: 9_999 })),
            (VaultTerms { stakers: 1, ..terms() }, VaultError::Splits(SplitsError::NotWhole { sum_bp: 10_001 })),
            (VaultTerms { splits: vec![], stakers: 10_000, ..terms() }, VaultError::Splits(SplitsError::OnlyStakers)),
            (VaultTerms { splits: vec![], stakers: 1, token: None, ..terms() }, VaultError::NothingToStake),
            (VaultTerms { cooldown: MAX_COOLDOWN + 1, ..terms() }, VaultError::CooldownTooLong { most: MAX_COOLDOWN }),
            (
                VaultTerms { tiers: vec![tier(); MAX_INITIAL_TIERS as usize + 1], ..terms() },
                VaultError::TooManyTiers { most: MAX_INITIAL_TIERS },
            ),
            (VaultTerms { tiers: vec![tier(), long], ..terms() }, VaultError::UriTooLong { most: MAX_TEXT }),
            (VaultTerms { tiers: vec![TierTerms { level: 0, ..tier() }], ..terms() }, VaultError::ZeroLevel),
        ] {
            assert_eq!(terms.validate(), Err(Box::new(error)));
        }
    }
}
