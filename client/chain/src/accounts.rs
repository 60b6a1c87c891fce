//! Accounts: SS58 addresses, and development accounts, whose keys are public.

use patronage_interfaces::AccountId;
use patronage_text::bare;
use sp_core::{
    crypto::{AccountId32, DeriveJunction, Ss58Codec},
    sr25519, Pair,
};

use crate::keys::resembles_secret;

/// Seed of the key of the development phrase ("bottom drive obey lake ..."), from which all development accounts are derived. It is a
/// constant because deriving it takes a tenth of a second.
const ROOT_SEED: [u8; 32] = [
    0xfa, 0xc7, 0x95, 0x9d, 0xbf, 0xe7, 0x2f, 0x05, 0x2e, 0x5a, 0x0c, 0x3c, 0x8d, 0x65, 0x30, 0xf2, 0x02, 0xb0, 0x2f,
    0xd8, 0xf9, 0xf5, 0xca, 0x35, 0x80, 0xec, 0x8d, 0xeb, 0x77, 0x97, 0x47, 0x9e,
];

/// Development accounts that the embedded chain funds, and that are shown by name.
pub const NAMES: [&str; 14] =
    ["alice", "bob", "charlie", "dave", "eve", "ferdie", "mira", "juno", "ana", "ben", "cleo", "dana", "elia", "finn"];

/// Key of the development account `name`. See [`account`].
///
/// # Errors
///
/// As for [`account`].
pub fn development_key(name: &str) -> Result<sr25519::Pair, String> {
    let mut letters = name.chars();
    let (Some(first), false) = (letters.next(), name.contains('/')) else {
        return Err(format!("\"{name}\" is not the name of a development account: write a name such as alice"));
    };
    let junction = DeriveJunction::hard(format!("{}{}", first.to_uppercase(), letters.as_str()).as_str());
    let root = sr25519::Pair::from_seed(&ROOT_SEED);
    let (key, _) = root.derive([junction].into_iter(), None).map_err(|error| format!("\"{name}\": {error:?}"))?;
    Ok(key)
}

/// The development account `name`. Its sr25519 key is derived from the development phrase and `//Name`, as in every Substrate tool, so
/// `account("alice")` is Alice of polkadot.js. These keys are public: use them on development chains only.
///
/// # Errors
///
/// If `name` is empty or contains a `/`, which would start another derivation.
pub fn account(name: &str) -> Result<AccountId, String> {
    development_key(name).map(|key| AccountId::from(key.public().0))
}

/// SS58 address of an account, with the generic prefix 42.
pub fn address(account: &AccountId) -> String {
    AccountId32::new(*AsRef::<[u8; 32]>::as_ref(account)).to_ss58check()
}

/// Parses an SS58 address with any prefix. Ignores surrounding white space and quotation marks.
///
/// # Errors
///
/// A message if `text` is not an address. The message contains `text`, unless it looks like a secret.
pub fn parse_address(text: &str) -> Result<AccountId, String> {
    match AccountId32::from_ss58check_with_version(bare(text)) {
        Ok((account, _)) => Ok(AccountId::from(<[u8; 32]>::from(account))),
        Err(_) if resembles_secret(text) => {
            let what = "this is not an address, and may be a secret";
            Err(format!("{what}: an address looks like 5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY"))
        }
        Err(_) => Err(format!(
            "\"{text}\" is not an address: write one like 5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY"
        )),
    }
}

/// The account that `text` names: an address, or if `development` is true, the name of a development account in lower case.
///
/// # Errors
///
/// A message if `text` is neither.
pub fn named_account(text: &str, development: bool) -> Result<AccountId, String> {
    // Names have no capitals. Otherwise, an address with a wrong letter would be read as a name.
    let text = bare(text);
    let letter = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-' || byte == b'_';
    let name = (1..=20).contains(&text.len()) && text.bytes().all(letter);
    match (parse_address(text), development) {
        (Ok(account), _) => Ok(account),
        (Err(_), true) if name => account(text),
        (Err(error), true) => Err(format!("{error}, or the name of a development account, such as alice")),
        (Err(error), false) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alice_is_the_alice_of_every_substrate_tool() {
        let alice = account("alice").unwrap();
        assert_eq!(address(&alice), "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY");
    }

    #[test]
    fn an_address_reads_back_whatever_its_network() {
        let alice = account("alice").unwrap();
        assert_eq!(parse_address(&address(&alice)), Ok(alice));
        assert_eq!(parse_address("15oF4uVJwmo4TdGW7VfQxNLavjCXviqxT9S1MgbjMNHr6Sp5"), Ok(alice));
        assert!(parse_address("alice").is_err());
        let plain = address(&alice);
        for text in [
            format!(" {plain}\r\n"),
            format!("\u{feff}{plain}"),
            format!("\"{plain}\""),
            format!("“{plain}”\u{a0}"),
            format!("\u{200b}'{plain}'"),
        ] {
            assert_eq!(parse_address(&text), Ok(alice), "{text:?}");
            assert_eq!(named_account(&text, false), Ok(alice), "{text:?}");
        }
    }

    #[test]
    fn a_secret_in_place_of_an_address_is_not_shown() {
        let phrase = "bottom drive obey lake curtain smoke basket hold race lonely fit walk//Alice";
        let seed = format!("0x{}", hex::encode(ROOT_SEED));
        for text in [phrase, &seed] {
            let error = named_account(text, true).unwrap_err();
            assert!(error.contains("may be a secret") && !error.contains(&text[..8]), "{error}");
        }
    }

    #[test]
    fn an_address_with_a_wrong_letter_is_not_a_name() {
        let alice = account("alice").unwrap();
        assert_eq!(named_account("alice", true), Ok(alice));
        assert_eq!(named_account(&address(&alice), false), Ok(alice));
        for (text, development) in [
            ("5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQZ", true),
            ("alice", false),
            ("", true),
            ("Alice", true),
            ("alice//stash", true),
            ("a-name-that-goes-on-and-on", true),
        ] {
            assert!(named_account(text, development).is_err(), "{text}");
        }
    }

    #[test]
    fn a_name_that_would_derive_another_key_is_refused() {
        assert!(account("").is_err());
        assert!(account("Alice//stash").is_err());
    }
}
