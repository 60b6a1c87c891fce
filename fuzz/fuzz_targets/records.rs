//! Stored records: what the contracts read back is what SCALE says, and its encoding is what was read.
#![no_main]

use ink_lite::{testing::read, Decode};
use libfuzzer_sys::fuzz_target;
use parity_scale_codec::{Decode as Scale, Encode};
use patronage_core::{
    access::Standing, content::Entry, ledger::Ledger, sale::Sale, stakes::Stake, streams::Stream, tiers::Fan, tiers::Tier,
    vesting::Vesting, wide::U256,
};

type Account = [u8; 32];

fn compare<T: Decode + Scale + Encode + PartialEq + std::fmt::Debug>(bytes: &[u8]) {
    let mut rest = bytes;
    let expected = <T as Scale>::decode(&mut rest).ok().map(|value| (value, rest.len()));
    let found = read::<T>(bytes);
    assert_eq!(found, expected);
    if let Some((value, _)) = found {
        assert_eq!(read::<T>(&value.encode()), Some((value, 0)));
    }
}

fuzz_target!(|data: &[u8]| {
    let Some((kind, bytes)) = data.split_first() else { return };
    match kind % 10 {
        0 => compare::<Entry<Account>>(bytes),
        1 => compare::<Fan>(bytes),
        2 => compare::<Tier<Account>>(bytes),
        3 => compare::<Sale>(bytes),
        4 => compare::<Ledger>(bytes),
        5 => compare::<Stake>(bytes),
        6 => compare::<Stream>(bytes),
        7 => compare::<Vesting>(bytes),
        8 => compare::<Standing>(bytes),
        _ => compare::<U256>(bytes),
    }
});
