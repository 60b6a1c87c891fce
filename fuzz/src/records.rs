//! Records as the contracts store them.

use parity_scale_codec::{Decode, Encode};
use patronage_core::{
    access::{Audience, Standing},
    content::{Entry, Terms},
    curve::Curve,
    ledger::{Asset, Ledger},
    ownership::Ownership,
    query_limits::QuestionLimits,
    sale::{LaunchGuard, Sale, TokenTerms},
    splits::Share,
    stake_income::{self, Checkpoint, DayPart, Pool, StakeRecord},
    stakes::Stake,
    streams::{Bucket, Earnings, Stream},
    text::Utf8Bytes,
    tiers::{Fan, Subscription, Tier},
    vault_terms::{TierTerms, VaultTerms},
    vesting::{Schedule, Vesting},
    wide::U256,
};
use patronage_interfaces::{registry::Content, vault::Settings, AccountId, Stored, LIMITS};

use crate::{
    decoding::{agree, agree_in_record, fits},
    private_records as private,
};

/// Reads bytes as one kind of record.
type Read = fn(&[u8]);

/// Reads a record of this kind.
fn in_record<T>(bytes: &[u8])
where
    T: ink_lite::Decode + Decode + Encode + std::fmt::Debug,
{
    agree_in_record::<T>(bytes);
}

/// Records without lists: whatever is in them, they fit.
macro_rules! fixed {
    ($($kind:ty,)*) => { [$(in_record::<$kind>,)*] };
}

const FIXED: [Read; 30] = fixed![
    Asset<AccountId>,
    Bucket,
    Checkpoint,
    Curve,
    DayPart,
    Earnings,
    Fan,
    LaunchGuard,
    Ledger,
    Ownership<AccountId>,
    Pool,
    QuestionLimits,
    Sale,
    Schedule,
    Settings,
    Share<AccountId>,
    Stake,
    StakeRecord,
    Standing,
    Stored<Vesting>,
    Stream,
    Subscription,
    Tier<AccountId>,
    U256,
    Vesting,
    private::registry::Roles,
    private::token::Roles,
    private::vault::State,
    stake_income::Terms,
    Option<(u64, bool)>,
];

/// Records with lists fit if the rules permit what is in them.
const LISTS: [Read; 9] = [
    |bytes| {
        if let Some(audience) = agree::<Audience<AccountId>, Audience<AccountId>>(bytes) {
            if audience.validate().is_ok() {
                fits(&audience);
            }
        }
    },
    |bytes| {
        if let Some(terms) = agree::<Terms<AccountId>, Terms<AccountId>>(bytes) {
            if terms.validate(&LIMITS).is_ok() {
                fits(&terms);
            }
        }
    },
    |bytes| {
        if let Some(entry) = agree::<Entry<AccountId>, Entry<AccountId>>(bytes) {
            if entry.terms.validate(&LIMITS).is_ok() {
                fits(&entry);
            }
        }
    },
    |bytes| {
        if let Some(splits) = agree::<private::vault::Splits, private::vault::Splits>(bytes) {
            if splits.0.len() <= patronage_core::splits::MAX_RECIPIENTS {
                fits(&splits);
            }
        }
    },
    |bytes| {
        if let Some(terms) = agree::<TierTerms<AccountId>, TierTerms<AccountId>>(bytes) {
            if terms.validate().is_ok() {
                fits(&terms);
            }
        }
    },
    |bytes| {
        if let Some(content) = agree::<Content, Content>(bytes) {
            if patronage_core::content::validate_file(&content.uri, &content.public_key).is_ok() {
                fits(&content);
            }
        }
    },
    |bytes| {
        if let Some(terms) = agree::<TokenTerms, TokenTerms>(bytes) {
            if terms.validate(&LIMITS).is_ok() {
                let TokenTerms { name, symbol, decimals, .. } = terms;
                fits(&private::token::Metadata { name, symbol, decimals });
            }
        }
    },
    |bytes| drop(agree::<VaultTerms<AccountId>, VaultTerms<AccountId>>(bytes)),
    |bytes| {
        // The same encoding as a text, which refuses what is not UTF-8.
        let bytes_only = agree::<Utf8Bytes, Utf8Bytes>(bytes);
        if let Ok(text) = <String as Decode>::decode(&mut &bytes[..]) {
            assert_eq!(bytes_only.map(|read| read.encode()), Some(text.encode()));
        }
    },
];

/// The first byte chooses the kind of record, and the rest is the record.
pub fn check(data: &[u8]) {
    let Some((first, rest)) = data.split_first() else { return };
    let first = usize::from(*first) % (FIXED.len() + LISTS.len());
    match first.checked_sub(FIXED.len()) {
        None => FIXED[first](rest),
        Some(list) => LISTS[list](rest),
    }
}
