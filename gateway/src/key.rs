//! Keys of content: X25519 pairs in the text forms of [age](https://age-encryption.org/v1).

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

/// Longest armored key that is looked at, in bytes. A real one has about 500.
const MOST_ARMOR: u64 = 16 * 1024;
/// Longest text of a secret key with the lines around it, in bytes.
const MOST_IDENTITY: u64 = 4 * 1024;

/// Why a key is not usable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// Not an age recipient.
    #[error("that is not an age recipient: it starts with \"age1\" and has 62 characters")]
    Recipient,
    /// A point of small order, with which everyone would share the same secret.
    #[error("that public key is weak: what is encrypted to it, everyone can read. Make another one")]
    Weak,
    /// Not an age identity.
    #[error("that is not an age identity: one line that starts with \"AGE-SECRET-KEY-1\"")]
    Identity,
    /// Not a text.
    #[error("that is not an age identity but bytes that are no text in UTF-8 or UTF-16")]
    NotText,
    /// No line that could be a key.
    #[error("there is no age identity in it: it is empty, or has comments only")]
    NoIdentity,
    /// More than one key.
    #[error("there are {0} lines in it that are no comments: an age identity is one line")]
    Identities(usize),
    /// The public half.
    #[error("that is an age recipient, which is public: the secret half starts with \"AGE-SECRET-KEY-1\"")]
    PublicHalf,
    /// A key of another program or kind.
    #[error("that is {0}, not an age identity of X25519: one line that starts with \"AGE-SECRET-KEY-1\"")]
    Foreign(&'static str),
    /// A damaged key.
    #[error("that is an age identity with a mistake in it: its letters do not belong together")]
    Mistyped,
    /// An encrypted key does not open.
    #[error("the encrypted key does not open with the one-time key that it should be encrypted to")]
    Sealed,
    /// The system gave no memory or no randomness.
    #[error("encrypting a key failed")]
    Encrypting,
}

/// The public half, as the registry has it. Never a weak point.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PublicKey([u8; 32]);

impl PublicKey {
    /// The key with these bytes.
    ///
    /// # Errors
    /// `Weak` when the secret shared with it would be the same for everyone (RFC 7748, section 6.1).
    pub fn from_bytes(bytes: [u8; 32]) -> Result<Self, KeyError> {
        // Any scalar shows it: a clamped one is a multiple of the cofactor, and takes points of small order to zero.
        match x25519_dalek::x25519([1; 32], bytes) == [0; 32] {
            true => Err(KeyError::Weak),
            false => Ok(Self(bytes)),
        }
    }

    /// Its bytes.
    pub fn to_bytes(self) -> [u8; 32] {
        self.0
    }

    /// As the library that encrypts has it.
    ///
    /// # Errors
    /// `Recipient`, which a key that was made by this type's functions never meets.
    pub(crate) fn recipient(&self) -> Result<x25519::Recipient, KeyError> {
        self.to_string().parse().map_err(|_| KeyError::Recipient)
    }
}

/// age's text form: Bech32 with the prefix `age`.
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

    /// Reads age's text form, exactly as `Display` writes it.
    fn from_str(text: &str) -> Result<Self, KeyError> {
        let (_, bytes) = bech32::decode(text).map_err(|_| KeyError::Recipient)?;
        let key = Self::from_bytes(bytes.try_into().map_err(|_| KeyError::Recipient)?)?;
        // Bech32 also has capitals and a second checksum, and other prefixes are other things.
        match key.to_string() == text {
            true => Ok(key),
            false => Err(KeyError::Recipient),
        }
    }
}

/// The secret half. Its memory is wiped when it goes, and nothing prints it.
#[derive(Clone)]
pub struct SecretKey(x25519::Identity);

impl SecretKey {
    /// A fresh key from the system's randomness.
    pub fn generate() -> Self {
        Self(x25519::Identity::generate())
    }

    /// Reads the one secret key in a text of age's identity format. Empty lines and lines with `#` don't count, nor do capitals,
    /// quotation marks, white space and byte-order marks around it.
    ///
    /// # Errors
    /// `NoIdentity`, `Identities` when there is none or more than one; `PublicHalf`, `Foreign`, `Mistyped`, `Identity` for what
    /// else is there. The error says what was found, and has nothing of it.
    pub fn from_identity_text(text: &str) -> Result<Self, KeyError> {
        let lines = || text.lines().map(bare).filter(|line| !line.is_empty() && !line.starts_with('#'));
        let line = lines().next().ok_or(KeyError::NoIdentity)?;
        // Of several lines.
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
        // Some capitals are no form of this encoding, but what a program that "corrects" leaves.
        let line = Zeroizing::new(line.to_ascii_uppercase());
        line.parse().map(Self).map_err(|_| error)
    }

    /// Reads the one secret key in the bytes of a file, as [`Self::from_identity_text`] does, in UTF-8 or UTF-16.
    ///
    /// # Errors
    /// `NotText`, and as for [`Self::from_identity_text`].
    pub fn from_identity_bytes(bytes: &[u8]) -> Result<Self, KeyError> {
        Self::from_identity_text(&patronage_text::decode(bytes).map_err(|_| KeyError::NotText)?)
    }

    /// Age's identity format: what `age -d -i FILE` reads, and [`Self::from_identity_text`] too. Secret.
    pub fn to_identity_text(&self) -> SecretString {
        let created = chrono::Utc::now().format("%Y-%m-%dT%H:%M:%SZ");
        let secret = self.0.to_string();
        let text = format!("# created: {created}\n# public key: {}\n{}\n", self.0.to_public(), secret.expose_secret());
        SecretString::from(text)
    }

    /// Its public half.
    ///
    /// # Errors
    /// `Recipient` or `Weak`, which the public half of a secret key never is.
    pub fn public(&self) -> Result<PublicKey, KeyError> {
        self.0.to_public().to_string().parse()
    }

    /// This key as an armored age file that only the holder of `recipient`'s secret half can open.
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

    /// The key in an armored age file that is encrypted to this one-time key.
    ///
    /// # Errors
    /// `Sealed` when it does not open with this key, `Identity` when something else than a secret key is in it.
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

/// What a text is that begins with this line.
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

    /// The points of small order and their other spellings (RFC 7748; the list that libsodium refuses).
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
