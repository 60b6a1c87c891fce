//! Issues challenges, and redeems each of them once.
//!
//! An issued challenge takes no memory. Most of its nonce is a code over all of its text, made with a key that only this
//! process has (HMAC-SHA256, RFC 2104). So requests for challenges cannot fill the memory, a changed text is not accepted,
//! and after a restart old challenges are invalid. The issuer remembers used challenges until they expire.

use std::{
    collections::BTreeSet,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use chrono::{DateTime, SubsecRound, Utc};
use ring::{
    hmac,
    rand::{SecureRandom, SystemRandom},
};

use crate::{
    challenge::{Challenge, ChallengeScope, Nonce, NONCE},
    key::PublicKey,
    registry::{AccountId, ContentId, RegistryId},
    signature::Signature,
};

/// Number of random bytes in a nonce. The others are the code.
const CHANCE: usize = NONCE - 32;

/// The system has no randomness.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the system has no source of random numbers, which the gateway needs")]
pub struct NoRandomness;

/// Why a signed challenge is not redeemed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ChallengeError {
    /// It was issued for another chain or registry.
    #[error("the challenge is for another registry or another chain")]
    OtherRegistry,
    /// It was not issued by this process, or was changed.
    #[error("this gateway has not issued that challenge, or has been restarted since: request a new one")]
    Unknown,
    /// It has expired.
    #[error("the challenge has expired: request a new one")]
    Expired,
    /// The account has not signed it.
    #[error("the account has not signed the challenge: sign exactly its text, with the named account and scheme")]
    Signature,
    /// It was used before.
    #[error("the challenge was used already: request a new one")]
    Used,
    /// The issuer remembers too many used challenges.
    #[error("the gateway is too busy: try again in a minute")]
    Full,
}

/// Issues and redeems challenges.
#[derive(Debug)]
pub struct Issuer {
    registry: RegistryId,
    /// Secret of this process. Nothing prints it.
    key: hmac::Key,
    random: SystemRandom,
    lifetime: Duration,
    clock: Clock,
    most_used: usize,
    /// Used challenges by expiry and nonce, so the first are forgotten first.
    used: Mutex<BTreeSet<(DateTime<Utc>, Nonce)>>,
}

impl Issuer {
    /// An issuer for `registry`. Challenges are valid for `lifetime`, and at most `most_used` used ones are remembered.
    ///
    /// # Errors
    /// `NoRandomness`.
    pub fn new(registry: RegistryId, lifetime: Duration, most_used: usize) -> Result<Self, NoRandomness> {
        let random = SystemRandom::new();
        let key = hmac::Key::generate(hmac::HMAC_SHA256, &random).map_err(|_| NoRandomness)?;
        Ok(Self { registry, key, random, lifetime, clock: Clock::new(), most_used, used: Mutex::default() })
    }

    /// Issues a challenge for `account` to open `content`, with the answer encrypted to `recipient`. `None` if the system
    /// has no randomness, or if the expiry overflows.
    pub fn issue(&self, content: ContentId, account: AccountId, recipient: PublicKey) -> Option<Challenge> {
        let scope = ChallengeScope { registry: self.registry, content, account, recipient };
        let lifetime = chrono::TimeDelta::from_std(self.lifetime).ok()?;
        // The text has whole milliseconds.
        let expires = self.clock.now()?.checked_add_signed(lifetime)?.trunc_subsecs(3);
        let mut challenge = Challenge { scope, expires, nonce: [0; NONCE] };
        self.random.fill(challenge.nonce.first_chunk_mut::<CHANCE>()?).ok()?;
        let code = hmac::sign(&self.key, blank(&challenge).as_bytes());
        challenge.nonce.last_chunk_mut::<32>()?.copy_from_slice(code.as_ref());
        Some(challenge)
    }

    /// Redeems a challenge: checks that this process issued it, that it has not expired, that the account signed it, and
    /// that it was not used. It then counts as used. If the [`PendingRedemption`] is dropped without
    /// [`PendingRedemption::spend`], it becomes usable again.
    ///
    /// # Errors
    /// See [`ChallengeError`].
    pub fn redeem(
        &self,
        challenge: &Challenge,
        signature: &Signature,
    ) -> Result<PendingRedemption<'_>, ChallengeError> {
        if challenge.scope.registry != self.registry {
            return Err(ChallengeError::OtherRegistry);
        }
        let (_, code) = challenge.nonce.split_at(CHANCE);
        // Compares in constant time.
        hmac::verify(&self.key, blank(challenge).as_bytes(), code).map_err(|_| ChallengeError::Unknown)?;
        let now = self.clock.now().ok_or(ChallengeError::Expired)?;
        if challenge.expires <= now {
            return Err(ChallengeError::Expired);
        }
        if !signature.verifies(&challenge.scope.account, &challenge.to_string()) {
            return Err(ChallengeError::Signature);
        }
        let entry = (challenge.expires, challenge.nonce);
        let mut used = self.used();
        while used.first().is_some_and(|(expires, _)| *expires <= now) {
            used.pop_first();
        }
        if used.contains(&entry) {
            return Err(ChallengeError::Used);
        }
        if used.len() >= self.most_used {
            return Err(ChallengeError::Full);
        }
        used.insert(entry);
        Ok(PendingRedemption { issuer: self, entry, spent: false })
    }

    /// A panic elsewhere leaves the set consistent: each change is one call.
    fn used(&self) -> MutexGuard<'_, BTreeSet<(DateTime<Utc>, Nonce)>> {
        self.used.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The text that the code is over: the random part of the nonce, and zeros for the code.
fn blank(challenge: &Challenge) -> String {
    let mut blank = challenge.clone();
    let (_, code) = blank.nonce.split_at_mut(CHANCE);
    code.fill(0);
    blank.to_string()
}

/// A challenge that is being answered.
#[derive(Debug)]
pub struct PendingRedemption<'a> {
    issuer: &'a Issuer,
    entry: (DateTime<Utc>, Nonce),
    spent: bool,
}

impl PendingRedemption<'_> {
    /// Ends the redemption: the challenge stays used.
    pub fn spend(mut self) {
        self.spent = true;
    }
}

impl Drop for PendingRedemption<'_> {
    fn drop(&mut self) {
        if !self.spent {
            self.issuer.used().remove(&self.entry);
        }
    }
}

/// A monotonic clock that starts at the time of day. If the clock could be set back, a challenge could be forgotten as
/// expired and become valid again.
#[derive(Debug)]
struct Clock {
    wall: DateTime<Utc>,
    start: Instant,
}

impl Clock {
    fn new() -> Self {
        Self { wall: Utc::now(), start: Instant::now() }
    }

    fn now(&self) -> Option<DateTime<Utc>> {
        self.wall.checked_add_signed(chrono::TimeDelta::from_std(self.start.elapsed()).ok()?)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{key::SecretKey, signature::Scheme};

    const REGISTRY: RegistryId = RegistryId { genesis: [1; 32], registry: [2; 32] };

    fn issuer() -> Issuer {
        Issuer::new(REGISTRY, Duration::from_secs(60), 100).unwrap()
    }

    fn fan() -> ed25519_dalek::SigningKey {
        ed25519_dalek::SigningKey::from_bytes(&[7; 32])
    }

    fn issue(issuer: &Issuer) -> Challenge {
        issuer.issue(3, fan().verifying_key().to_bytes(), SecretKey::generate().public().unwrap()).unwrap()
    }

    fn sign(challenge: &Challenge) -> Signature {
        use ed25519_dalek::Signer;
        let bytes = fan().sign(challenge.to_string().as_bytes()).to_bytes();
        Signature { scheme: Scheme::Ed25519, bytes }
    }

    fn take(issuer: &Issuer, challenge: &Challenge) -> Result<(), ChallengeError> {
        issuer.redeem(challenge, &sign(challenge)).map(PendingRedemption::spend)
    }

    #[test]
    fn a_challenge_is_taken_once() {
        let issuer = issuer();
        let challenge = issue(&issuer);
        assert_eq!(take(&issuer, &challenge), Ok(()));
        assert_eq!(take(&issuer, &challenge), Err(ChallengeError::Used));
        assert_eq!(take(&issuer, &issue(&issuer)), Ok(()));
    }

    #[test]
    fn a_challenge_serves_one_answer_and_stays_good_without_one() {
        let issuer = issuer();
        let challenge = issue(&issuer);
        let redemption = issuer.redeem(&challenge, &sign(&challenge)).unwrap();
        assert_eq!(take(&issuer, &challenge), Err(ChallengeError::Used));
        drop(redemption);
        assert_eq!(take(&issuer, &challenge), Ok(()));
    }

    #[test]
    fn a_restarted_gateway_takes_no_old_challenge() {
        let challenge = issue(&issuer());
        assert_eq!(take(&issuer(), &challenge), Err(ChallengeError::Unknown));
    }

    #[test]
    fn challenges_expire_and_are_then_forgotten() {
        let issuer = Issuer::new(REGISTRY, Duration::from_millis(200), 2).unwrap();
        let first = issue(&issuer);
        assert_eq!(take(&issuer, &first), Ok(()));
        std::thread::sleep(Duration::from_millis(250));
        assert_eq!(take(&issuer, &first), Err(ChallengeError::Expired));
        assert_eq!(take(&issuer, &issue(&issuer)), Ok(()));
        assert_eq!(issuer.used().len(), 1, "the first one is forgotten");
    }

    #[test]
    fn what_is_remembered_is_bounded_and_nothing_fresh_is_forgotten() {
        let issuer = Issuer::new(REGISTRY, Duration::from_secs(60), 2).unwrap();
        let challenges: Vec<_> = (0..3).map(|_| issue(&issuer)).collect();
        assert_eq!(take(&issuer, &challenges[0]), Ok(()));
        assert_eq!(take(&issuer, &challenges[1]), Ok(()));
        assert_eq!(take(&issuer, &challenges[2]), Err(ChallengeError::Full));
        assert_eq!(take(&issuer, &challenges[0]), Err(ChallengeError::Used));
    }

    #[test]
    fn other_registries_and_chains_are_named_as_such() {
        let issuer = issuer();
        for registry in [RegistryId { genesis: [9; 32], ..REGISTRY }, RegistryId { registry: [9; 32], ..REGISTRY }] {
            let other = Issuer::new(registry, Duration::from_secs(60), 100).unwrap();
            assert_eq!(take(&issuer, &issue(&other)), Err(ChallengeError::OtherRegistry));
        }
    }

    proptest! {
        #[test]
        fn no_change_of_a_challenge_is_taken(
            content in any::<u32>(), account in any::<[u8; 32]>(), later in 1..1_000_000_i64, bit in 0..8 * NONCE,
        ) {
            let issuer = issuer();
            let ours = issue(&issuer);
            let mut changed = vec![ours.clone(); 5];
            changed[0].scope.content = content;
            changed[1].scope.account = account;
            changed[2].scope.recipient = SecretKey::generate().public().unwrap();
            changed[3].expires += chrono::TimeDelta::milliseconds(later);
            changed[4].nonce[bit / 8] ^= 1 << (bit % 8);
            for forged in changed.into_iter().filter(|forged| *forged != ours) {
                prop_assert_eq!(take(&issuer, &forged), Err(ChallengeError::Unknown));
            }
            prop_assert_eq!(take(&issuer, &ours), Ok(()));
        }
    }
}
