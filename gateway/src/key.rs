//! Keys of content: X25519 key pairs in the text formats of [age](https://age-encryption.org/v1).

use std::{
    fmt,
    io::{Read, Write},
    str::FromStr,
};

use age::{
    armor::{ArmoredReader, ArmoredWriter, Format},
    secrecy::{ExposeSecret, SecretString},
    x25519, Decryptor, Encryptor,
};
use bech32::{Bech32, Hrp};
use patronage_text::bare;
use zeroize::Zeroizing;

/// The maximum length of an armored key that is parsed, in bytes. A key has about 500.
const MOST_ARMOR: u64 = 16 * 1024;
/// The maximum length of a text with a secret key that is parsed, in bytes.
const MOST_IDENTITY: u64 = 4 * 1024;

/// Why a key is not usable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// It is not an age recipient.
    #[error("the text is not an age recipient, which starts with \"age1\" and has 62 characters")]
    Recipient,
    /// It is a point of small order, with which everyone would derive the same secret.
    #[error("the public key is weak: everyone could decrypt what is encrypted to it. Generate another one")]
    Weak,
    /// It is not an age identity.
    #[error("the text is not an age identity, which is one line that starts with \"AGE-SECRET-KEY-1\"")]
    Identity,
    /// It is not text.
    #[error("the bytes are not an age identity, nor any text in UTF-8 or UTF-16")]
    NotText,
    /// No line could be a key.
    #[error("there is no age identity in it: it is empty, or has only comments")]
    NoIdentity,
    /// There is more than one key.
    #[error("there are {0} lines in it besides comments: an age identity is one line")]
    Identities(usize),
    /// It is the public half.
    #[error("the text is an age recipient, which is public: the secret half starts with \"AGE-SECRET-KEY-1\"")]
    PublicHalf,
    /// It is a key of another program or kind.
    #[error("the text is {0}, not an age identity of X25519, which is one line that starts with \"AGE-SECRET-KEY-1\"")]
    Foreign(&'static str),
    /// It is a damaged key.
    #[error("the age identity is mistyped: its checksum does not match")]
    Mistyped,
    /// The encrypted key cannot be decrypted.
    #[error("the encrypted key cannot be decrypted with the one-time key")]
    Sealed,
    /// Encryption failed: the system has no memory or no randomness.
    #[error("encrypting a key failed")]
    Encrypting,
}

/// The public half, as in the registry. Never a weak point.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PublicKey([u8; 32]);

impl PublicKey {
    /// The key with these bytes.
    ///
    /// # Errors
    /// `Weak` if everyone would derive the same secret from it (RFC 7748, section 6.1).
    pub fn from_bytes(bytes: [u8; 32]) -> Result<Self, KeyError> {
        // Any scalar shows it: a clamped scalar is a multiple of the cofactor, so it maps points of small order to zero.
        match x25519_dalek::x25519([1; 32], bytes) == [0; 32] {
            true => Err(KeyError::Weak),
            false => Ok(Self(bytes)),
        }
    }

    /// Returns its bytes.
    pub fn to_bytes(self) -> [u8; 32] {
        self.0
    }

    /// Converts it to the type of the age library.
    ///
    /// # Errors
    /// `Recipient`, which cannot happen for keys that this type's functions have made.
    pub(crate) fn recipient(&self) -> Result<x25519::Recipient, KeyError> {
        self.to_string().parse().map_err(|_| KeyError::Recipient)
    }
}

/// age's text format: Bech32 with the prefix `age`.
impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let prefix = Hrp::parse("age").map_err(|_| fmt::Error)?;
        f.write_str(&bech32::encode::<Bech32>(prefix, &self.0).map_err(|_| fmt::Error)?)
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl FromStr for PublicKey {
    type Err = KeyError;

    /// Parses age's text format, exactly as `Display` writes it.
    fn from_str(text: &str) -> Result<Self, KeyError> {
        let (_, bytes) = bech32::decode(text).map_err(|_| KeyError::Recipient)?;
        let key = Self::from_bytes(bytes.try_into().map_err(|_| KeyError::Recipient)?)?;
        // Bech32 also allows capitals and a second checksum, and other prefixes mean other things.
        match key.to_string() == text {
            true => Ok(key),
            false => Err(KeyError::Recipient),
        }
    }
}

/// The secret half. Its memory is wiped on drop, and nothing prints it.
#[derive(Clone)]
pub struct SecretKey(x25519::Identity);

impl SecretKey {
    /// Generates a key from the system's randomness.
    pub fn generate() -> Self {
        Self(x25519::Identity::generate())
    }

    /// Parses the only secret key in a text of age's identity format. Ignores empty lines, lines with `#`, and the case of
    /// letters. Ignores quotation marks, white space and byte-order marks around the key.
    ///
    /// # Errors
    /// `NoIdentity`, `Identities` for no key or several; `PublicHalf`, `Foreign`, `Mistyped`, `Identity` for other content.
    /// The error names the kind of content, and contains nothing of it.
    pub fn from_identity_text(text: &str) -> Result<Self, KeyError> {
        let lines = || text.lines().map(bare).filter(|line| !line.is_empty() && !line.starts_with('#'));
        let line = lines().next().ok_or(KeyError::NoIdentity)?;
        // Armor has several lines.
        if line.starts_with("-----BEGIN") {
            return Err(KeyError::Foreign(armored_kind(line)));
        }
        match lines().count() {
            1 => {}
            count => return Err(KeyError::Identities(count)),
        }
        let has_prefix =
            |prefix: &str| line.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix));
        for (prefix, error) in [
            ("age1", KeyError::PublicHalf),
            ("AGE-PLUGIN-", KeyError::Foreign("an identity of a plugin of age")),
            ("AGE-SECRET-KEY-PQ-", KeyError::Foreign("a post-quantum identity of age")),
            ("ssh-", KeyError::Foreign("a public SSH key")),
        ] {
            if has_prefix(prefix) {
                return Err(error);
            }
        }
        let error = if has_prefix("AGE-SECRET-KEY-1") { KeyError::Mistyped } else { KeyError::Identity };
        // Mixed case is not valid in this encoding, but programs that "correct" text produce it.
        let line = Zeroizing::new(line.to_ascii_uppercase());
        line.parse().map(Self).map_err(|_| error)
    }

    /// Parses the only secret key in the bytes of a file, as [`Self::from_identity_text`] does, in UTF-8 or UTF-16.
    ///
    /// # Errors
    /// `NotText`, and those of [`Self::from_identity_text`].
    pub fn from_identity_bytes(bytes: &[u8]) -> Result<Self, KeyError> {
        Self::from_identity_text(&patronage_text::decode(bytes).map_err(|_| KeyError::NotText)?)
    }

    /// Returns age's identity format, which `age -d -i FILE` and [`Self::from_identity_text`] accept. Secret.
    pub fn to_identity_text(&self) -> SecretString {
        let created = chrono::Utc::now().format("%Y-%m-%dT%H:%M:%SZ");
        let secret = self.0.to_string();
        let text = format!("# created: {created}\n# public key: {}\n{}\n", self.0.to_public(), secret.expose_secret());
        SecretString::from(text)
    }

    /// Returns its public half.
    ///
    /// # Errors
    /// `Recipient` or `Weak`, which cannot happen for the public half of a secret key.
    pub fn public(&self) -> Result<PublicKey, KeyError> {
        self.0.to_public().to_string().parse()
    }

    /// Encrypts this key to `recipient`. Returns an armored age file.
    ///
    /// # Errors
    /// `Encrypting`.
    pub fn encrypted_to(&self, recipient: &PublicKey) -> Result<String, KeyError> {
        let recipient = recipient.recipient()?;
        let armored = || -> Result<Vec<u8>, Box<dyn std::error::Error>> {
            let encryptor = Encryptor::with_recipients(std::iter::once(&recipient as &dyn age::Recipient))?;
            let armor = ArmoredWriter::wrap_output(Vec::new(), Format::AsciiArmor)?;
            let mut sink = encryptor.wrap_output(armor)?;
            sink.write_all(self.to_identity_text().expose_secret().as_bytes())?;
            Ok(sink.finish()?.finish()?)
        };
        let bytes = armored().map_err(|_| KeyError::Encrypting)?;
        String::from_utf8(bytes).map_err(|_| KeyError::Encrypting)
    }

    /// Decrypts the key in an armored age file with this one-time key.
    ///
    /// # Errors
    /// `Sealed` if it cannot be decrypted, `Identity` if the content is not a secret key.
    pub fn decrypt_key(&self, armored: &str) -> Result<SecretKey, KeyError> {
        if armored.len() as u64 > MOST_ARMOR {
            return Err(KeyError::Sealed);
        }
        let opened = || -> Option<SecretString> {
            let decryptor = Decryptor::new_buffered(ArmoredReader::new(armored.as_bytes())).ok()?;
            let source = decryptor.decrypt(std::iter::once(self.identity())).ok()?;
            let mut text = String::with_capacity(MOST_IDENTITY as usize);
            source.take(MOST_IDENTITY).read_to_string(&mut text).ok()?;
            Some(SecretString::from(text))
        };
        Self::from_identity_text(opened().ok_or(KeyError::Sealed)?.expose_secret())
    }

    pub(crate) fn identity(&self) -> &dyn age::Identity {
        &self.0
    }
}

/// Returns the kind of a text that begins with this line.
fn armored_kind(line: &str) -> &'static str {
    match line {
        _ if line.contains("AGE ENCRYPTED FILE") => "an encrypted age file",
        _ if line.contains("SSH") => "an SSH key",
        _ if line.contains("PGP") => "an OpenPGP file",
        _ => "a key in PEM",
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretKey(..)")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The points of small order and their other encodings (RFC 7748; the list that libsodium rejects).
    const WEAK: [&str; 7] = [
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
        "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    ];

    #[test]
    fn weak_public_keys_are_refused_in_both_forms() {
        for hex in WEAK {
            let bytes: [u8; 32] = hex::decode(hex).unwrap().try_into().unwrap();
            assert_eq!(PublicKey::from_bytes(bytes), Err(KeyError::Weak), "{hex}");
            let text = bech32::encode::<Bech32>(Hrp::parse("age").unwrap(), &bytes).unwrap();
            assert_eq!(text.parse::<PublicKey>(), Err(KeyError::Weak), "{hex}");
        }
    }

    #[test]
    fn public_keys_have_one_spelling() {
        let key = SecretKey::generate().public().unwrap();
        let text = key.to_string();
        assert_eq!(text.parse(), Ok(key));
        assert_eq!(text.to_uppercase().parse::<PublicKey>(), Err(KeyError::Recipient));
        let other = bech32::encode::<bech32::Bech32m>(Hrp::parse("age").unwrap(), &key.to_bytes()).unwrap();
        assert_eq!(other.parse::<PublicKey>(), Err(KeyError::Recipient));
        let other = bech32::encode::<Bech32>(Hrp::parse("agf").unwrap(), &key.to_bytes()).unwrap();
        assert_eq!(other.parse::<PublicKey>(), Err(KeyError::Recipient));
    }

    #[test]
    fn a_key_travels_encrypted_and_only_its_recipient_opens_it() {
        let (content, fan, other) = (SecretKey::generate(), SecretKey::generate(), SecretKey::generate());
        let armored = content.encrypted_to(&fan.public().unwrap()).unwrap();
        assert!(!armored.contains("AGE-SECRET-KEY"));
        assert_eq!(fan.decrypt_key(&armored).unwrap().public(), content.public());
        assert_eq!(other.decrypt_key(&armored).unwrap_err(), KeyError::Sealed);
    }

    #[test]
    fn an_identity_is_the_same_key_however_it_is_saved() {
        let key = SecretKey::generate();
        let written = key.to_identity_text().expose_secret().to_owned();
        let line = written.lines().last().unwrap();
        for text in [
            written.replace('\n', "\r\n"),
            format!("\u{feff}{written}"),
            format!("\u{feff}\"{line}\"\r\n\r\n"),
            format!("# comment\r\n\r\n\t{line}\u{a0}"),
            line.to_lowercase(),
            format!("“{}”", line.to_lowercase().replacen("age", "Age", 1)),
        ] {
            assert_eq!(SecretKey::from_identity_text(&text).unwrap().public(), key.public(), "{text:?}");
            let units = text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
            let read = SecretKey::from_identity_bytes(&[&b"\xff\xfe"[..], &units].concat());
            assert_eq!(read.unwrap().public(), key.public(), "{text:?} in UTF-16");
        }
    }

    #[test]
    fn what_is_no_identity_is_named_and_not_shown() {
        let key = SecretKey::generate();
        let written = key.to_identity_text().expose_secret().to_owned();
        let line = written.lines().last().unwrap().to_owned();
        let mut typo = line.clone().into_bytes();
        typo[30] = if typo[30] == b'Q' { b'P' } else { b'Q' };
        for (text, error) in [
            (String::new(), KeyError::NoIdentity),
            ("\u{feff}# comment\n\n".to_owned(), KeyError::NoIdentity),
            (format!("{line}\n{line}\n"), KeyError::Identities(2)),
            (key.public().unwrap().to_string(), KeyError::PublicHalf),
            (String::from_utf8(typo).unwrap(), KeyError::Mistyped),
            (line[..40].to_owned(), KeyError::Mistyped),
            ("hunter2".to_owned(), KeyError::Identity),
            (format!("-----BEGIN OPENSSH PRIVATE KEY-----\n{line}\n"), KeyError::Foreign("an SSH key")),
        ] {
            let got = SecretKey::from_identity_text(&text).unwrap_err();
            assert_eq!(got, error, "{text}");
            let words = format!("{got} {got:?}");
            assert!(!words.contains("hunter2") && !words.contains(&line[16..24]), "{words}");
        }
        assert_eq!(SecretKey::from_identity_bytes(b"AGE\xe9").unwrap_err(), KeyError::NotText);
    }

    #[test]
    fn a_secret_key_is_not_printed() {
        assert_eq!(format!("{:?}", SecretKey::generate()), "SecretKey(..)");
    }

    proptest! {
        #[test]
        fn reading_keys_never_panics(text in ".{0,200}", armor in "(?s).{0,400}") {
            let _ = text.parse::<PublicKey>();
            let _ = SecretKey::from_identity_text(&text);
            prop_assert!(SecretKey::generate().decrypt_key(&armor).is_err());
        }
    }
}
