//! Issues challenges, and redeems each of them once.
//!
//! An issued challenge takes no memory. Most of its nonce is a code over all of its text, made with a key that only the
//! processes of this gateway have (HMAC-SHA256, RFC 2104). So requests for challenges cannot fill the memory, and a changed
//! text is not accepted. The [`State`] has the key, and remembers used challenges until they expire.

use std::{
    collections::BTreeSet,
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use chrono::{DateTime, SubsecRound, Utc};
use ring::{
    hmac,
    rand::{SecureRandom, SystemRandom},
};

use crate::{
    challenge::{Challenge, ChallengeScope, Nonce, SignIn, NONCE},
    key::PublicKey,
    registry::{AccountId, ContentId, RegistryId},
    signature::Signature,
    state::{ChallengeKey, Mark, State, StateUnreachable},
};

/// Number of random bytes in a nonce. The others are the code.
const CHANCE: usize = NONCE - 32;

/// Why a signed challenge is not redeemed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChallengeError {
    /// It was issued for another chain or registry.
    #[error("the challenge is for another registry or another chain")]
    OtherRegistry,
    /// It was not issued by this gateway, or was changed.
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
    /// Too many used challenges are remembered.
    #[error("the gateway is too busy: try again in a minute")]
    Full,
    /// Whether it was used can't be read.
    #[error(transparent)]
    State(#[from] StateUnreachable),
}

/// A text that an issuer issues: [`Challenge`] or [`SignIn`]. `Display` writes all of it.
pub trait ChallengeText: Clone + fmt::Display {
    /// Chain and registry that it is for.
    fn registry(&self) -> RegistryId;
    /// Account that signs it.
    fn account(&self) -> AccountId;
    /// Its expiry, in whole milliseconds.
    fn expires(&self) -> DateTime<Utc>;
    /// Its nonce.
    fn nonce(&self) -> &Nonce;
    /// Its nonce, to be filled in.
    fn nonce_mut(&mut self) -> &mut Nonce;
}

/// Issues and redeems challenges.
pub struct Issuer {
    registry: RegistryId,
    /// Secret of this gateway. Nothing prints it.
    key: hmac::Key,
    random: SystemRandom,
    lifetime: Duration,
    clock: Clock,
    /// Challenges that this process is answering.
    pending: Mutex<BTreeSet<Nonce>>,
    state: Arc<dyn State>,
}

impl Issuer {
    /// An issuer for `registry`. Challenges are valid for `lifetime`, authenticated with `key`, and `state` remembers used
    /// ones. Issuers with the same key and state redeem each other's challenges.
    pub fn new(registry: RegistryId, lifetime: Duration, key: &ChallengeKey, state: Arc<dyn State>) -> Self {
        let key = hmac::Key::new(hmac::HMAC_SHA256, key.bytes());
        let random = SystemRandom::new();
        Self { registry, key, random, lifetime, clock: Clock::new(), pending: Mutex::default(), state }
    }

    /// Issues a challenge for `account` to open `content`, with the answer encrypted to `recipient`. `None` if the system
    /// has no randomness, or if the expiry overflows.
    pub fn issue(&self, content: ContentId, account: AccountId, recipient: PublicKey) -> Option<Challenge> {
        let scope = ChallengeScope { registry: self.registry, content, account, recipient };
        self.sealed(Challenge { scope, expires: self.expiry()?, nonce: [0; NONCE] })
    }

    /// Issues a text with which `account` signs in. `None` as for [`Self::issue`].
    pub fn issue_sign_in(&self, account: AccountId) -> Option<SignIn> {
        self.sealed(SignIn { registry: self.registry, account, expires: self.expiry()?, nonce: [0; NONCE] })
    }

    /// The expiry of what is issued now.
    fn expiry(&self) -> Option<DateTime<Utc>> {
        let lifetime = chrono::TimeDelta::from_std(self.lifetime).ok()?;
        // The text has whole milliseconds.
        Some(self.clock.now()?.checked_add_signed(lifetime)?.trunc_subsecs(3))
    }

    /// Fills in the nonce.
    fn sealed<C: ChallengeText>(&self, mut challenge: C) -> Option<C> {
        self.random.fill(challenge.nonce_mut().first_chunk_mut::<CHANCE>()?).ok()?;
        let code = hmac::sign(&self.key, blank(&challenge).as_bytes());
        challenge.nonce_mut().last_chunk_mut::<32>()?.copy_from_slice(code.as_ref());
        Some(challenge)
    }

    /// Redeems a challenge: checks that this gateway issued it, that it has not expired, that the account signed it, and
    /// that it was not used. [`PendingRedemption::spend`] makes it used. If the [`PendingRedemption`] is dropped before, it
    /// becomes usable again.
    ///
    /// # Errors
    /// See [`ChallengeError`].
    pub async fn redeem(
        &self,
        challenge: &impl ChallengeText,
        signature: &Signature,
    ) -> Result<PendingRedemption<'_>, ChallengeError> {
        if challenge.registry() != self.registry {
            return Err(ChallengeError::OtherRegistry);
        }
        let (_, code) = challenge.nonce().split_at(CHANCE);
        // Compares in constant time.
        hmac::verify(&self.key, blank(challenge).as_bytes(), code).map_err(|_| ChallengeError::Unknown)?;
        let now = self.clock.now().ok_or(ChallengeError::Expired)?;
        if challenge.expires() <= now {
            return Err(ChallengeError::Expired);
        }
        if !signature.verifies(&challenge.account(), &challenge.to_string()) {
            return Err(ChallengeError::Signature);
        }
        let (nonce, expires) = (*challenge.nonce(), challenge.expires());
        if !self.pending().insert(nonce) {
            return Err(ChallengeError::Used);
        }
        let pending = PendingRedemption { issuer: self, nonce, expires };
        usable(self.state.look(nonce, expires, now).await?)?;
        Ok(pending)
    }

    /// A panic elsewhere leaves the set consistent: each change is one call.
    fn pending(&self) -> MutexGuard<'_, BTreeSet<Nonce>> {
        self.pending.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Issuer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Issuer").field("registry", &self.registry).finish_non_exhaustive()
    }
}

fn usable(mark: Mark) -> Result<(), ChallengeError> {
    match mark {
        Mark::Fresh => Ok(()),
        Mark::Used => Err(ChallengeError::Used),
        Mark::Full => Err(ChallengeError::Full),
    }
}

/// The text that the code is over: the random part of the nonce, and zeros for the code.
fn blank(challenge: &impl ChallengeText) -> String {
    let mut blank = challenge.clone();
    let (_, code) = blank.nonce_mut().split_at_mut(CHANCE);
    code.fill(0);
    blank.to_string()
}

/// A challenge that is being answered.
#[derive(Debug)]
pub struct PendingRedemption<'a> {
    issuer: &'a Issuer,
    nonce: Nonce,
    expires: DateTime<Utc>,
}

impl PendingRedemption<'_> {
    /// Ends the redemption: the challenge is used. Only after `Ok` may it be answered.
    ///
    /// # Errors
    /// If another process has used it since, or the state can't be written.
    pub async fn spend(self) -> Result<(), ChallengeError> {
        let now = self.issuer.clock.now().ok_or(ChallengeError::Expired)?;
        usable(self.issuer.state.mark(self.nonce, self.expires, now).await?)
    }
}

impl Drop for PendingRedemption<'_> {
    fn drop(&mut self) {
        self.issuer.pending().remove(&self.nonce);
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
    use std::future::Future;

    use futures_util::FutureExt;
    use proptest::prelude::*;

    use super::*;
    use crate::{key::SecretKey, signature::Scheme, state::MemoryState};

    const REGISTRY: RegistryId = RegistryId { genesis: [1; 32], registry: [2; 32] };

    fn issuer() -> Issuer {
        with(REGISTRY, Duration::from_secs(60), 100).0
    }

    fn with(registry: RegistryId, lifetime: Duration, most_used: usize) -> (Issuer, Arc<MemoryState>) {
        let state = Arc::new(MemoryState::new(most_used).unwrap());
        (Issuer::new(registry, lifetime, &now(state.challenge_key()).unwrap(), state.clone()), state)
    }

    /// The memory answers at once.
    fn now<T>(answer: impl Future<Output = T>) -> T {
        answer.now_or_never().unwrap()
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
        now(async { issuer.redeem(challenge, &sign(challenge)).await?.spend().await })
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
        let redemption = now(issuer.redeem(&challenge, &sign(&challenge))).unwrap();
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
        let (issuer, state) = with(REGISTRY, Duration::from_millis(200), 2);
        let first = issue(&issuer);
        assert_eq!(take(&issuer, &first), Ok(()));
        std::thread::sleep(Duration::from_millis(250));
        assert_eq!(take(&issuer, &first), Err(ChallengeError::Expired));
        assert_eq!(take(&issuer, &issue(&issuer)), Ok(()));
        assert_eq!(state.used().len(), 1, "the first one is forgotten");
    }

    #[test]
    fn what_is_remembered_is_bounded_and_nothing_fresh_is_forgotten() {
        let (issuer, _) = with(REGISTRY, Duration::from_secs(60), 2);
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
            let (other, _) = with(registry, Duration::from_secs(60), 100);
            assert_eq!(take(&issuer, &issue(&other)), Err(ChallengeError::OtherRegistry));
        }
    }

    #[test]
    fn issuers_with_one_state_redeem_each_others_challenges_once() {
        let (one, state) = with(REGISTRY, Duration::from_secs(60), 100);
        let other = Issuer::new(REGISTRY, Duration::from_secs(60), &now(state.challenge_key()).unwrap(), state);
        let challenge = issue(&one);
        // Both have begun before either has answered.
        let first = now(one.redeem(&challenge, &sign(&challenge))).unwrap();
        let second = now(other.redeem(&challenge, &sign(&challenge))).unwrap();
        assert_eq!(now(second.spend()), Ok(()));
        assert_eq!(now(first.spend()), Err(ChallengeError::Used));
        assert_eq!(take(&one, &challenge), Err(ChallengeError::Used));
        assert_eq!(take(&other, &challenge), Err(ChallengeError::Used));
    }

    #[test]
    fn a_sign_in_is_redeemed_once_and_not_when_changed() {
        use ed25519_dalek::Signer;
        let issuer = issuer();
        let ours = issuer.issue_sign_in(fan().verifying_key().to_bytes()).unwrap();
        let take = |text: &SignIn| {
            let bytes = fan().sign(text.to_string().as_bytes()).to_bytes();
            let signature = Signature { scheme: Scheme::Ed25519, bytes };
            now(async { issuer.redeem(text, &signature).await?.spend().await })
        };
        let later = SignIn { expires: ours.expires + chrono::TimeDelta::seconds(1), ..ours.clone() };
        assert_eq!(take(&later), Err(ChallengeError::Unknown));
        assert_eq!(take(&ours), Ok(()));
        assert_eq!(take(&ours), Err(ChallengeError::Used));
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
