//! The signed profile of a creator: JSON from any host.

use arbitrary::{Arbitrary, Unstructured};
use patronage::{
    launch::LaunchProfile,
    profile::{Link, Profile, SignedProfile, MAX_FILE},
};
use patronage_chain::keys::Key;
use sp_core::{ed25519, Pair};

use crate::world::deployment;

/// Reads the input as a file, and as the parts of a profile to sign, to write, and to read again with a changed byte.
pub fn check(data: &[u8]) {
    if let Ok(profile) = SignedProfile::parse(data) {
        round_trip(&profile);
    }
    let mut input = Unstructured::new(data);
    let Ok((launch, at, change)) = parts(&mut input) else { return };
    let Ok(profile) = Profile::new(&launch, &deployment()) else { return };
    thread_local!(static KEY: Key = ed25519::Pair::from_seed(&[7; 32]).into());
    let signed = KEY.with(|key| SignedProfile::sign(profile, &deployment(), key));
    let Some(json) = round_trip(&signed) else { return };
    let mut changed = json.into_bytes();
    let at = at % changed.len();
    changed[at] ^= change.max(1);
    // The signature is over all that is read.
    if let Ok(read) = SignedProfile::parse(&changed) {
        assert_eq!(read, signed, "a changed byte {at} is not noticed");
    }
}

/// Writes the profile and reads it again.
fn round_trip(profile: &SignedProfile) -> Option<String> {
    let json = profile.json().ok()?;
    assert!(json.len() as u64 <= MAX_FILE);
    assert_eq!(SignedProfile::parse(json.as_bytes()).as_ref(), Ok(profile));
    Some(json)
}

fn parts(input: &mut Unstructured<'_>) -> arbitrary::Result<(LaunchProfile, usize, u8)> {
    let (at, change) = (u16::arbitrary(input)?.into(), u8::arbitrary(input)?);
    let mut links = Vec::new();
    for _ in 0..input.int_in_range(0..=2)? {
        links.push(Link { title: String::arbitrary(input)?, url: format!("https://{}", String::arbitrary(input)?) });
    }
    let (name, words) = (String::arbitrary(input)?, String::arbitrary(input)?);
    let tiers = [("Listener".to_owned(), String::arbitrary(input)?)].into();
    let content = [("1984".to_owned(), String::arbitrary(input)?)].into();
    Ok((LaunchProfile { name, picture: String::new(), words, links, tiers, content }, at, change))
}
