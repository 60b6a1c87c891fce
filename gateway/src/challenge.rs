//! The texts that a wallet signs: to open content, and to sign in.
//!
//! It is plain text, so that a wallet can show it. It names everything that the signature is valid for: the chain, the
//! registry, the content, the account, the one-time key that the answer is encrypted to, the expiry, and a nonce. So the
//! signature is useless for anything else. It is also useless to anyone else, as only the fan's program can decrypt the
//! answer.

use std::{fmt, str::FromStr};

use chrono::{DateTime, NaiveDateTime, Utc};

use crate::{
    issuer::ChallengeText,
    key::PublicKey,
    registry::{AccountId, ContentId, RegistryId},
};

/// First lines of every challenge. No transaction and no other program's text begins with them.
const OPENING: &str = "Patronage: open content with this account.\n\
    This moves no money and permits nothing else.\n\
    \n\
    Version: patronage-unlock-v1\n";
/// First lines of every text to sign in with.
const SIGN_IN: &str = "Patronage: sign in to this creator's server with this account.\n\
    For a quarter of an hour, it may list members and upload files. This moves no money.\n\
    \n\
    Version: patronage-sign-in-v1\n";
/// The maximum length of a text that is parsed, in bytes. A challenge has about 600.
pub const MOST_BYTES: usize = 1024;
/// Length of a nonce, in bytes.
pub const NONCE: usize = 48;
/// Makes each challenge unique.
pub type Nonce = [u8; NONCE];
const TIME: &str = "%Y-%m-%dT%H:%M:%S%.3fZ";

/// What a challenge is valid for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChallengeScope {
    /// Chain and registry.
    pub registry: RegistryId,
    /// Number of the content.
    pub content: ContentId,
    /// Account that opens it.
    pub account: AccountId,
    /// One-time key that the answer is encrypted to.
    pub recipient: PublicKey,
}

/// A challenge. `Display` writes its text, and `FromStr` accepts exactly that text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Challenge {
    /// What it is valid for.
    pub scope: ChallengeScope,
    /// Expiry, in whole milliseconds.
    pub expires: DateTime<Utc>,
    /// Makes the challenge unique.
    pub nonce: Nonce,
}

/// A text to sign in with, which proves that its signer has the account. `Display` writes it, and `FromStr` accepts exactly
/// that text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignIn {
    /// Chain and registry.
    pub registry: RegistryId,
    /// Account that signs in.
    pub account: AccountId,
    /// Expiry, in whole milliseconds.
    pub expires: DateTime<Utc>,
    /// Makes the text unique.
    pub nonce: Nonce,
}

/// The text is not a challenge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the text is not a challenge of this gateway: request one, and sign it unchanged")]
pub struct NotAChallenge;

impl fmt::Display for Challenge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ChallengeScope { registry: RegistryId { genesis, registry }, content, account, recipient } = &self.scope;
        f.write_str(OPENING)?;
        writeln!(f, "Chain: 0x{}", hex::encode(genesis))?;
        writeln!(f, "Registry: 0x{}", hex::encode(registry))?;
        writeln!(f, "Content: {content}")?;
        writeln!(f, "Account: 0x{}", hex::encode(account))?;
        writeln!(f, "Key for: {recipient}")?;
        writeln!(f, "Expires: {}", self.expires.format(TIME))?;
        write!(f, "Nonce: 0x{}", hex::encode(self.nonce))
    }
}

impl FromStr for Challenge {
    type Err = NotAChallenge;

    fn from_str(text: &str) -> Result<Self, NotAChallenge> {
        let read = || {
            let mut lines = text.strip_prefix(OPENING)?.split('\n');
            let mut field = |name: &str| lines.next()?.strip_prefix(name)?.strip_prefix(": ");
            let registry = RegistryId { genesis: bytes(field("Chain")?)?, registry: bytes(field("Registry")?)? };
            let content = field("Content")?.parse().ok()?;
            let account = bytes(field("Account")?)?;
            let recipient = field("Key for")?.parse().ok()?;
            let expires = NaiveDateTime::parse_from_str(field("Expires")?, TIME).ok()?.and_utc();
            let nonce = bytes(field("Nonce")?)?;
            Some(Self { scope: ChallengeScope { registry, content, account, recipient }, expires, nonce })
        };
        // Each challenge has one spelling. A gateway never wrote anything else.
        match read() {
            Some(challenge) if text.len() <= MOST_BYTES && challenge.to_string() == text => Ok(challenge),
            _ => Err(NotAChallenge),
        }
    }
}

impl ChallengeText for Challenge {
    fn registry(&self) -> RegistryId {
        self.scope.registry
    }

    fn account(&self) -> AccountId {
        self.scope.account
    }

    fn expires(&self) -> DateTime<Utc> {
        self.expires
    }

    fn nonce(&self) -> &Nonce {
        &self.nonce
    }

    fn nonce_mut(&mut self) -> &mut Nonce {
        &mut self.nonce
    }
}

impl fmt::Display for SignIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { registry: RegistryId { genesis, registry }, account, expires, nonce } = self;
        f.write_str(SIGN_IN)?;
        writeln!(f, "Chain: 0x{}", hex::encode(genesis))?;
        writeln!(f, "Registry: 0x{}", hex::encode(registry))?;
        writeln!(f, "Account: 0x{}", hex::encode(account))?;
        writeln!(f, "Expires: {}", expires.format(TIME))?;
        write!(f, "Nonce: 0x{}", hex::encode(nonce))
    }
}

impl FromStr for SignIn {
    type Err = NotAChallenge;

    fn from_str(text: &str) -> Result<Self, NotAChallenge> {
        let read = || {
            let mut lines = text.strip_prefix(SIGN_IN)?.split('\n');
            let mut field = |name: &str| lines.next()?.strip_prefix(name)?.strip_prefix(": ");
            let registry = RegistryId { genesis: bytes(field("Chain")?)?, registry: bytes(field("Registry")?)? };
            let account = bytes(field("Account")?)?;
            let expires = NaiveDateTime::parse_from_str(field("Expires")?, TIME).ok()?.and_utc();
            Some(Self { registry, account, expires, nonce: bytes(field("Nonce")?)? })
        };
        match read() {
            Some(text_read) if text.len() <= MOST_BYTES && text_read.to_string() == text => Ok(text_read),
            _ => Err(NotAChallenge),
        }
    }
}

impl ChallengeText for SignIn {
    fn registry(&self) -> RegistryId {
        self.registry
    }

    fn account(&self) -> AccountId {
        self.account
    }

    fn expires(&self) -> DateTime<Utc> {
        self.expires
    }

    fn nonce(&self) -> &Nonce {
        &self.nonce
    }

    fn nonce_mut(&mut self) -> &mut Nonce {
        &mut self.nonce
    }
}

/// Parses `N` bytes from `0x` and hexadecimal digits.
pub(crate) fn bytes<const N: usize>(text: &str) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    hex::decode_to_slice(text.strip_prefix("0x")?, &mut bytes).ok()?;
    Some(bytes)
}

#[cfg(test)]
pub(crate) mod tests {
    use chrono::TimeZone;
    use proptest::prelude::*;

    use super::*;
    use crate::key::SecretKey;

    pub fn challenges() -> impl Strategy<Value = Challenge> {
        let bytes = (any::<[[u8; 32]; 3]>(), prop::array::uniform::<_, NONCE>(any::<u8>()));
        let numbers = (any::<ContentId>(), 0..4_000_000_000_000_i64);
        (bytes, numbers).prop_map(|(([a, b, c], nonce), (content, millis))| Challenge {
            scope: ChallengeScope {
                registry: RegistryId { genesis: a, registry: b },
                content,
                account: c,
                recipient: SecretKey::generate().public().unwrap(),
            },
            expires: Utc.timestamp_millis_opt(millis).unwrap(),
            nonce,
        })
    }

    #[test]
    fn the_text_says_all_that_is_signed_for() {
        let challenge = Challenge {
            scope: ChallengeScope {
                registry: RegistryId { genesis: [0x11; 32], registry: [0x22; 32] },
                content: 7,
                account: [0x33; 32],
                recipient: "age1t7rxyev2z3rw82stdlrrepyc39nvn86l5078zqkf5uasdy86jp6svpy7pa".parse().unwrap(),
            },
            expires: Utc.timestamp_millis_opt(1_790_000_000_123).unwrap(),
            nonce: [0x44; NONCE],
        };
        let text = format!(
            "Patronage: open content with this account.\n\
             This moves no money and permits nothing else.\n\
             \n\
             Version: patronage-unlock-v1\n\
             Chain: 0x{}\n\
             Registry: 0x{}\n\
             Content: 7\n\
             Account: 0x{}\n\
             Key for: age1t7rxyev2z3rw82stdlrrepyc39nvn86l5078zqkf5uasdy86jp6svpy7pa\n\
             Expires: 2026-09-21T14:13:20.123Z\n\
             Nonce: 0x{}",
            "11".repeat(32),
            "22".repeat(32),
            "33".repeat(32),
            "44".repeat(NONCE)
        );
        assert_eq!(challenge.to_string(), text);
        assert_eq!(text.parse(), Ok(challenge));
    }

    proptest! {
        #[test]
        fn reading_gives_back_what_was_written(challenge in challenges()) {
            let text = challenge.to_string();
            prop_assert!(text.len() < 650);
            prop_assert_eq!(text.parse(), Ok(challenge));
        }

        #[test]
        fn a_sign_in_is_read_as_written_and_is_no_challenge(challenge in challenges()) {
            let Challenge { scope: ChallengeScope { registry, account, .. }, expires, nonce } = challenge;
            let sign_in = SignIn { registry, account, expires, nonce };
            let text = sign_in.to_string();
            prop_assert_eq!(text.parse::<Challenge>(), Err(NotAChallenge));
            prop_assert_eq!(format!("{text}\n").parse::<SignIn>(), Err(NotAChallenge));
            prop_assert_eq!(text.parse(), Ok(sign_in));
        }

        #[test]
        fn each_challenge_has_one_spelling(
            challenge in challenges(), at in any::<prop::sample::Index>(), with in any::<char>(), insert in any::<bool>(),
        ) {
            let text = challenge.to_string();
            let mut letters: Vec<char> = text.chars().collect();
            match insert {
                true => letters.insert(at.index(text.len()), with),
                false => letters[at.index(text.len())] = with,
            }
            let changed: String = letters.into_iter().collect();
            match changed.parse::<Challenge>() {
                Ok(read) => {
                    prop_assert_eq!(read.to_string(), changed.clone());
                    prop_assert_eq!(read == challenge, changed == text);
                }
                Err(NotAChallenge) => prop_assert_ne!(changed, text),
            }
        }

        #[test]
        fn no_text_makes_the_reader_panic(text in "(?s).{0,300}") {
            let _ = text.parse::<Challenge>();
            let _ = format!("{OPENING}{text}").parse::<Challenge>();
        }
    }
}
