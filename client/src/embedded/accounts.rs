use patronage_interfaces::AccountId;
use sp_core::{
    crypto::{AccountId32, Ss58Codec},
    sr25519, Pair,
};

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
    let path = format!("//{}{}", first.to_uppercase(), letters.as_str());
    let pair = sr25519::Pair::from_string(&path, None).map_err(|error| format!("\"{name}\": {error:?}"))?;
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
