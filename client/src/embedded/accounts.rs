use std::sync::LazyLock;

use patronage_interfaces::AccountId;
use sp_core::{
    crypto::{AccountId32, DeriveJunction, Ss58Codec, DEV_PHRASE},
    sr25519, Pair,
};

/// Key of the development phrase, which takes a tenth of a second to derive and is the root of all others.
static ROOT: LazyLock<Result<sr25519::Pair, String>> = LazyLock::new(|| {
    sr25519::Pair::from_phrase(DEV_PHRASE, None).map(|(pair, _)| pair).map_err(|error| format!("{error:?}"))
});

/// Development account of `name`: the sr25519 key that every Substrate tool derives from the development phrase and
/// `//Name`, so `account("alice")` is the Alice of polkadot.js. Everybody knows these keys: for trying things only.
///
/// # Errors
///
/// When `name` is empty or holds a `/`, which would derive another key than its letters say.
pub fn account(name: &str) -> Result<AccountId, String> {
    let mut letters = name.chars();
    let (Some(first), false) = (letters.next(), name.contains('/')) else {
        return Err(format!("\"{name}\" is no name of a development account"));
    };
    let junction = DeriveJunction::hard(format!("{}{}", first.to_uppercase(), letters.as_str()).as_str());
    let root = ROOT.as_ref().map_err(Clone::clone)?;
    let (pair, _) = root.derive([junction].into_iter(), None).map_err(|error| format!("\"{name}\": {error:?}"))?;
    Ok(AccountId::from(pair.public().0))
}

/// Address of an account in SS58, the text form that wallets show (generic prefix 42).
pub fn address(account: &AccountId) -> String {
    AccountId32::new(*AsRef::<[u8; 32]>::as_ref(account)).to_ss58check()
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
    fn a_name_that_would_derive_another_key_is_refused() {
        assert!(account("").is_err());
        assert!(account("Alice//stash").is_err());
    }
}
