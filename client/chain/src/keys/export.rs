//! Exports of accounts in the format of polkadot.js, which most wallets use: JSON with the key as PKCS #8, encrypted by a password with
//! scrypt and XSalsa20-Poly1305. subxt's reader of this format supports neither ed25519 nor the parameters since 2023.

use std::borrow::Cow;

use base64::{engine::general_purpose::STANDARD, Engine};
use crypto_secretbox::{aead::Aead, KeyInit, XSalsa20Poly1305};
use serde::{de::IgnoredAny, Deserialize};
use sp_core::{ed25519, sr25519, Pair};
use zeroize::Zeroizing;

use super::Key;

/// Accepted cost parameters of scrypt, as used by wallets: logarithm of N, r and p. Other parameters could exhaust the memory.
const COSTS: [(u8, u32, u32); 6] = [(13, 8, 10), (14, 8, 5), (15, 8, 3), (15, 8, 1), (16, 8, 2), (17, 8, 1)];
/// The bytes before the secret key: PKCS #8 up to its octets.
const BEFORE_SECRET: [u8; 16] = [48, 83, 2, 1, 1, 48, 5, 6, 3, 43, 101, 112, 4, 34, 4, 32];
/// The bytes between the secret key and the public key.
const BEFORE_PUBLIC: [u8; 5] = [161, 35, 3, 33, 0];

/// Maximum length of a scheme's name in messages, in characters.
const MAX_SCHEME: usize = 16;

/// Why an export can't be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ExportError {
    /// It begins as JSON, but is not valid JSON.
    #[error("begins as a wallet's JSON, but is damaged or incomplete: export the account from the wallet again")]
    NotJson,
    /// Another kind of JSON.
    #[error("is {0}, not an export of an account: write the account's secret phrase into a file instead")]
    Foreign(&'static str),
    /// More than one account.
    #[error("has several accounts: export the single account that shall sign")]
    Several,
    /// Encrypted in an unsupported way.
    #[error("is encrypted in an unsupported way: restore the account in a current wallet, and export it from there")]
    OtherEncryption,
    /// A key of an unsupported scheme.
    #[error("has a key of the scheme {0}: use an sr25519 or ed25519 key")]
    OtherScheme(String),
    /// Encrypted with another password.
    #[error("does not open with this password: check the password")]
    WrongPassword,
    /// The decrypted content is malformed.
    #[error("is damaged: export the account from the wallet again")]
    Damaged,
}

/// An exported account, not decrypted.
#[derive(Deserialize)]
pub struct Export<'a> {
    #[serde(borrow)]
    encoded: Cow<'a, str>,
    encoding: Encoding,
    accounts: Option<IgnoredAny>,
}

#[derive(Deserialize)]
struct Encoding {
    content: Vec<String>,
    #[serde(rename = "type")]
    locks: Vec<String>,
    version: String,
}

impl<'a> Export<'a> {
    /// Parses an exported account, without decrypting it.
    ///
    /// # Errors
    ///
    /// If it is not an export, or is not supported.
    pub fn read(json: &'a str) -> Result<Self, ExportError> {
        let export: Self = serde_json::from_str(json).map_err(|_| foreign(json))?;
        let Encoding { content, locks, version } = &export.encoding;
        let locks: Vec<&str> = locks.iter().map(String::as_str).collect();
        match &content[..] {
            _ if export.accounts.is_some() => Err(ExportError::Several),
            _ if version != "3" || !matches!(locks[..], ["none"] | ["scrypt", "xsalsa20-poly1305"]) => {
                Err(ExportError::OtherEncryption)
            }
            [form, scheme] if form == "pkcs8" => match scheme.as_str() {
                "sr25519" | "ed25519" => Ok(export),
                other => Err(ExportError::OtherScheme(
                    other.chars().filter(char::is_ascii_alphanumeric).take(MAX_SCHEME).collect(),
                )),
            },
            _ => Err(foreign(json)),
        }
    }

    /// Whether it is encrypted with a password.
    pub fn is_locked(&self) -> bool {
        self.encoding.locks != ["none"]
    }

    /// Decrypts the key. For an encrypted export, this takes a second and 128 MiB of memory.
    ///
    /// # Errors
    ///
    /// If the password is wrong, or the content is malformed.
    pub fn open(&self, password: &str) -> Result<Key, ExportError> {
        let bytes = Zeroizing::new(STANDARD.decode(self.encoded.as_bytes()).map_err(|_| ExportError::Damaged)?);
        let plain = match self.is_locked() {
            true => unlocked(&bytes, password)?,
            false => bytes,
        };
        self.key(&plain).ok_or(ExportError::Damaged)
    }

    /// The key in `plain`. `None` if its secret and public halves do not match.
    fn key(&self, plain: &[u8]) -> Option<Key> {
        let (secret, public) = plain.strip_prefix(&BEFORE_SECRET)?.split_first_chunk::<64>()?;
        let public = public.strip_prefix(&BEFORE_PUBLIC)?;
        let key = match self.encoding.content.iter().any(|content| content == "ed25519") {
            // The second half of an ed25519 secret is the public key.
            true => Key::from(ed25519::Pair::from_seed_slice(secret.first_chunk::<32>()?).ok()?),
            false => {
                let secret = schnorrkel::SecretKey::from_ed25519_bytes(secret).ok()?;
                Key::from(sr25519::Pair::from(secret.to_keypair()))
            }
        };
        (AsRef::<[u8]>::as_ref(&key.account()) == public).then_some(key)
    }
}

/// The kind of JSON that is not an exported account.
fn foreign(json: &str) -> ExportError {
    #[derive(Deserialize)]
    struct Hints {
        #[serde(alias = "Crypto")]
        crypto: Option<IgnoredAny>,
        #[serde(rename = "secretPhrase", alias = "secretSeed")]
        secret: Option<IgnoredAny>,
        #[serde(alias = "seed", alias = "phrase")]
        mnemonic: Option<IgnoredAny>,
        kty: Option<IgnoredAny>,
        encoded: Option<IgnoredAny>,
    }
    if serde_json::from_str::<IgnoredAny>(json).is_err() {
        return ExportError::NotJson;
    }
    ExportError::Foreign(match serde_json::from_str(json) {
        Ok(Hints { crypto: Some(_), .. }) => "a keystore of Ethereum",
        Ok(Hints { secret: Some(_), .. }) => "JSON as subkey writes it",
        Ok(Hints { mnemonic: Some(_), .. }) => "JSON with a phrase in it",
        Ok(Hints { kty: Some(_), .. }) => "a JSON Web Key",
        Ok(Hints { encoded: Some(_), .. }) => "an export that is damaged",
        _ => "JSON of another kind",
    })
}

/// Decrypts the bytes after salt, cost parameters and nonce.
fn unlocked(bytes: &[u8], password: &str) -> Result<Zeroizing<Vec<u8>>, ExportError> {
    let read = || {
        let (salt, rest) = bytes.split_first_chunk::<32>()?;
        let (n, rest) = rest.split_first_chunk()?;
        let (p, rest) = rest.split_first_chunk()?;
        let (r, rest) = rest.split_first_chunk()?;
        let (nonce, sealed) = rest.split_first_chunk::<24>()?;
        Some((salt, [n, r, p].map(|bytes| u32::from_le_bytes(*bytes)), nonce, sealed))
    };
    let (salt, [n, r, p], nonce, sealed) = read().ok_or(ExportError::Damaged)?;
    let cost = COSTS.iter().find(|(log_n, its_r, its_p)| 1 << log_n == n && (*its_r, *its_p) == (r, p));
    let (log_n, r, p) = *cost.ok_or(ExportError::OtherEncryption)?;
    let mut key = Zeroizing::new([0; 32]);
    let cost = scrypt::Params::new(log_n, r, p, key.len()).map_err(|_| ExportError::OtherEncryption)?;
    scrypt::scrypt(password.as_bytes(), salt, &cost, &mut *key).map_err(|_| ExportError::OtherEncryption)?;
    let plain = XSalsa20Poly1305::new((&*key).into()).decrypt(nonce.into(), sealed);
    plain.map(Zeroizing::new).map_err(|_| ExportError::WrongPassword)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        accounts::{account, parse_address},
        keys::Signature,
    };

    // The development account //Ana, exported by @polkadot/keyring 14, and with the cost parameters of 2023.
    const SR25519: &str = include_str!("../../tests/vectors/ana-sr25519.json");
    const ED25519: &str = include_str!("../../tests/vectors/ana-ed25519.json");
    const OLDER: &str = include_str!("../../tests/vectors/ana-older.json");
    const OPEN: &str = include_str!("../../tests/vectors/ana-open.json");
    const ECDSA: &str = include_str!("../../tests/vectors/ana-ecdsa.json");
    const PASSWORD: &str = "correct hörse";

    fn open(json: &str, password: &str) -> Result<Key, ExportError> {
        Export::read(json)?.open(password)
    }

    fn changed(json: &str, from: &str, to: &str) -> String {
        assert!(json.contains(from));
        json.replace(from, to)
    }

    /// The export with changed bytes.
    fn with_bytes(json: &str, change: impl FnOnce(&mut Vec<u8>)) -> String {
        let export = Export::read(json).unwrap();
        let mut bytes = STANDARD.decode(export.encoded.as_bytes()).unwrap();
        change(&mut bytes);
        changed(json, &export.encoded, &STANDARD.encode(bytes))
    }

    /// Whether `account` has signed `message`.
    fn verifies(signature: Signature, account: &[u8; 32], message: &[u8]) -> bool {
        match signature {
            Signature::Sr25519(bytes) => {
                let (signature, public) = (sr25519::Signature::from_raw(bytes), sr25519::Public::from_raw(*account));
                sr25519::Pair::verify(&signature, message, &public)
            }
            Signature::Ed25519(bytes) => {
                let (signature, public) = (ed25519::Signature::from_raw(bytes), ed25519::Public::from_raw(*account));
                ed25519::Pair::verify(&signature, message, &public)
            }
        }
    }

    #[test]
    fn exports_of_wallets_give_the_key_that_signs_for_the_account() {
        let ana = account("ana").unwrap();
        let with_ed25519 = parse_address("5CNf3MEtw22A8V1b5jgSc4vaGjEaro4mmrLugBKYNN2xNpHN").unwrap();
        for (json, account) in [(SR25519, ana), (OLDER, ana), (OPEN, ana), (ED25519, with_ed25519)] {
            let key = open(json, PASSWORD).unwrap();
            assert_eq!(key.account(), account);
            assert!(verifies(key.sign(b"text"), account.as_ref(), b"text"));
        }
    }

    #[test]
    fn a_wrong_password_and_a_damaged_file_are_distinguished() {
        for password in ["", "correct horse", "correct hörse "] {
            assert_eq!(open(OLDER, password).err(), Some(ExportError::WrongPassword));
        }
        assert_eq!(open(&changed(OPEN, "MFMC", "MFMD"), "").err(), Some(ExportError::Damaged));
        assert_eq!(open(&changed(OPEN, "MFMC", "M!MC"), "").err(), Some(ExportError::Damaged));
        // The secret key does not belong to the public key.
        assert_eq!(open(&changed(OPEN, "KAsYq", "KAsYr"), "").err(), Some(ExportError::Damaged));
        assert_eq!(open(&changed(OPEN, "sr25519", "ed25519"), "").err(), Some(ExportError::Damaged));
        for length in [0, 1, 67, 68, 80] {
            let error = open(&with_bytes(OLDER, |bytes| bytes.truncate(length)), PASSWORD).err();
            assert!(matches!(error, Some(ExportError::Damaged | ExportError::WrongPassword)), "{error:?}");
        }
    }

    #[test]
    fn unsupported_exports_are_named() {
        assert_eq!(open(ECDSA, "").err(), Some(ExportError::OtherScheme("ecdsa".to_owned())));
        assert_eq!(open(&changed(SR25519, r#""3""#, r#""2""#), PASSWORD).err(), Some(ExportError::OtherEncryption));
        assert_eq!(open(&changed(SR25519, "scrypt", "rot13"), PASSWORD).err(), Some(ExportError::OtherEncryption));
        // N = 2^31, which would take 2 TiB.
        let costly = with_bytes(OLDER, |bytes| bytes[32..36].copy_from_slice(&[0, 0, 0, 128]));
        assert_eq!(open(&costly, PASSWORD).err(), Some(ExportError::OtherEncryption));
        let several = changed(SR25519, r#""meta""#, r#""accounts":[],"meta""#);
        assert_eq!(open(&several, PASSWORD).err(), Some(ExportError::Several));
        for (json, error) in [
            ("{}", ExportError::Foreign("JSON of another kind")),
            ("[]", ExportError::Foreign("JSON of another kind")),
            (r#"{"encoded":1}"#, ExportError::Foreign("an export that is damaged")),
            (r#"{"version":3,"crypto":{},"address":"ab"}"#, ExportError::Foreign("a keystore of Ethereum")),
            (r#"{"version":3,"Crypto":{}}"#, ExportError::Foreign("a keystore of Ethereum")),
            (r#"{"secretPhrase":"hunter2","ss58Address":"5"}"#, ExportError::Foreign("JSON as subkey writes it")),
            ("", ExportError::NotJson),
            ("{", ExportError::NotJson),
            (SR25519.get(..SR25519.len() / 2).unwrap(), ExportError::NotJson),
        ] {
            let got = open(json, "").err();
            assert_eq!(got, Some(error), "{json}");
            assert!(!got.unwrap().to_string().contains("hunter2"));
        }
    }
}
