//! Arguments of messages, as the contracts decode them: what ink! accepts they read in the same way, and what ink! refuses
//! they refuse.
#![no_main]

use ink_lite::{testing::read, Decode};
use libfuzzer_sys::fuzz_target;
use parity_scale_codec::Decode as Scale;
use patronage_core::{
    access::Audience,
    content::Terms,
    ledger::Asset,
    sale::TokenTerms,
    splits::Share,
    vault_terms::{TierTerms, VaultTerms},
    vesting::Schedule,
};

type Account = [u8; 32];

fn compare<T: Decode + Scale + PartialEq + std::fmt::Debug>(bytes: &[u8]) {
    let mut rest = bytes;
    let expected = <T as Scale>::decode(&mut rest).ok().map(|value| (value, rest.len()));
    assert_eq!(read::<T>(bytes), expected);
}

fuzz_target!(|data: &[u8]| {
    let Some((kind, bytes)) = data.split_first() else { return };
    match kind % 9 {
        0 => compare::<Terms<Account>>(bytes),
        1 => compare::<Audience<Account>>(bytes),
        2 => compare::<TierTerms<Account>>(bytes),
        3 => compare::<VaultTerms<Account>>(bytes),
        4 => compare::<TokenTerms>(bytes),
        5 => compare::<Vec<Share<Account>>>(bytes),
        6 => compare::<Asset<Account>>(bytes),
        7 => compare::<Schedule>(bytes),
        _ => compare::<(Option<u128>, Vec<u8>, u32, bool)>(bytes),
    }
});
