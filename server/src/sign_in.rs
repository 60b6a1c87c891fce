//! Sign-in of the owner: a challenge of the gateway is signed, and answered with a token for a quarter of an hour.
//!
//! Tokens are not stored. Each is authenticated with a key that is derived from the key of challenges, so every process that
//! shares the state accepts it.

use std::{sync::Arc, time::Duration};

use base64::{engine::general_purpose::URL_SAFE_NO_PAD, Engine};
use chrono::Utc;
use patronage_gateway::{
    challenge::SignIn,
    issuer::{ChallengeError, Issuer},
    registry::{AccountId, RegistryId},
    signature::Signature,
    state::{ChallengeKey, State},
};
use ring::hmac;

/// Lifetime of a token, in ms.
const LIFETIME: i64 = 15 * 60 * 1000;
/// Lifetime of a challenge.
const CHALLENGE_LIFETIME: Duration = Duration::from_secs(120);
/// Length of a token's account and expiry, in bytes.
const CLAIMS: usize = 40;

/// Issues and checks challenges and tokens.
pub struct Sessions {
    issuer: Issuer,
    key: hmac::Key,
}

impl Sessions {
    /// Sessions for the creator of `registry`, with the key of challenges and the state of the gateway.
    pub fn new(registry: RegistryId, key: &ChallengeKey, state: Arc<dyn State>) -> Self {
        let master = hmac::Key::new(hmac::HMAC_SHA256, key.bytes());
        // A token is valid for one creator, even if several share a state.
        let purpose = [b"patronage session v1".as_slice(), &registry.genesis, &registry.registry].concat();
        let derived = hmac::sign(&master, &purpose);
        Self {
            issuer: Issuer::new(registry, CHALLENGE_LIFETIME, key, state),
            key: hmac::Key::new(hmac::HMAC_SHA256, derived.as_ref()),
        }
    }

    /// Returns the text that `account` signs; `None` if the system has no randomness.
    pub fn challenge(&self, account: AccountId) -> Option<SignIn> {
        self.issuer.issue_sign_in(account)
    }

    /// Redeems a signed challenge. Returns the token of its account.
    ///
    /// # Errors
    ///
    /// See [`ChallengeError`].
    pub async fn sign_in(&self, challenge: &SignIn, signature: &Signature) -> Result<String, ChallengeError> {
        self.issuer.redeem(challenge, signature).await?.spend().await?;
        Ok(self.token(&challenge.account, Utc::now().timestamp_millis().saturating_add(LIFETIME)))
    }

    fn token(&self, account: &AccountId, expires: i64) -> String {
        let claims = [account.as_slice(), &expires.to_be_bytes()].concat();
        let code = hmac::sign(&self.key, &claims);
        URL_SAFE_NO_PAD.encode([&claims, code.as_ref()].concat())
    }

    /// Returns the account of a valid token.
    pub fn account(&self, token: &str) -> Option<AccountId> {
        let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
        let (claims, code) = bytes.split_at_checked(CLAIMS)?;
        // Compares in constant time.
        hmac::verify(&self.key, claims, code).ok()?;
        let (account, expires) = claims.split_first_chunk::<32>()?;
        let expires = i64::from_be_bytes(expires.try_into().ok()?);
        (Utc::now().timestamp_millis() < expires).then_some(*account)
    }
}

#[cfg(test)]
mod tests {
    use patronage_gateway::state::MemoryState;

    use super::*;

    fn sessions(registry: u8, key: &ChallengeKey) -> Sessions {
        let registry = RegistryId { genesis: [1; 32], registry: [registry; 32] };
        Sessions::new(registry, key, Arc::new(MemoryState::new(10).unwrap()))
    }

    #[test]
    fn a_token_is_good_in_each_process_until_it_expires_and_unchanged_only() {
        let key = ChallengeKey::generate().unwrap();
        let (one, other, stranger) = (sessions(1, &key), sessions(1, &key), sessions(2, &key));
        let now = Utc::now().timestamp_millis();
        let token = one.token(&[7; 32], now + 60_000);
        assert_eq!(other.account(&token), Some([7; 32]));
        assert_eq!(stranger.account(&token), None);
        assert_eq!(one.account(&one.token(&[7; 32], now)), None);
        for at in 0..token.len() {
            let mut changed = token.clone().into_bytes();
            changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
            assert_eq!(one.account(&String::from_utf8(changed).unwrap()), None, "{at}");
        }
        for text in ["", "AAAA", "é", &token[1..]] {
            assert_eq!(one.account(text), None, "{text}");
        }
    }
}
