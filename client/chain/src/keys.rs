//! Keys of accounts, for chains with signed transactions.
//!
//! A key is read from a file that only its owner can read, or from the environment. It is never read from the command line, which other
//! users can see and shells record. It is never printed.

mod export;
mod secret;

use std::{
    fs::File,
    io::{self, Read},
    path::Path,
};

use patronage_interfaces::AccountId;
use patronage_text::{bare, decode, is_blank};
use sp_core::{ed25519, sr25519, Pair};
use zeroize::Zeroizing;

use export::Export;
pub use secret::resembles as resembles_secret;

/// The message for a missing key.
pub const MISSING_KEY: &str =
    "there is no key to sign with: put the account's secret phrase, or the JSON file that a wallet exports, into a \
     file that only you can read (chmod 600 FILE) and name it with --key, or set PATRONAGE_SURI";

/// The environment variable with a secret.
const VARIABLE: &str = "PATRONAGE_SURI";

/// The environment variable with the password of a wallet's export.
const PASSWORD: &str = "PATRONAGE_PASSWORD";

/// Maximum size of a file with secrets, in bytes.
const MAX_BYTES: u64 = 1 << 16;

/// A text that is wiped from memory on drop.
pub type Secret = Zeroizing<String>;

/// A key pair of an account.
#[derive(Clone)]
pub enum Key {
    /// sr25519 (Schnorr on Ristretto), the default of wallets.
    Sr25519(Box<sr25519::Pair>),
    /// Ed25519 (RFC 8032).
    Ed25519(Box<ed25519::Pair>),
}

/// A signature of 64 bytes, with its scheme.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signature {
    /// A signature of [`Key::Sr25519`].
    Sr25519([u8; 64]),
    /// A signature of [`Key::Ed25519`].
    Ed25519([u8; 64]),
}

impl Key {
    /// The account of the key.
    pub fn account(&self) -> AccountId {
        AccountId::from(match self {
            Self::Sr25519(pair) => pair.public().0,
            Self::Ed25519(pair) => pair.public().0,
        })
    }

    /// Signs `message`.
    pub fn sign(&self, message: &[u8]) -> Signature {
        match self {
            Self::Sr25519(pair) => Signature::Sr25519(pair.sign(message).0),
            Self::Ed25519(pair) => Signature::Ed25519(pair.sign(message).0),
        }
    }
}

impl From<sr25519::Pair> for Key {
    fn from(pair: sr25519::Pair) -> Self {
        Self::Sr25519(Box::new(pair))
    }
}

impl From<ed25519::Pair> for Key {
    fn from(pair: ed25519::Pair) -> Self {
        Self::Ed25519(Box::new(pair))
    }
}

/// Reads the key from `file`, or from `PATRONAGE_SURI`. Returns `None` if there is neither. `password` returns the password of a wallet's
/// export.
///
/// # Errors
///
/// A message if the key can't be used.
pub fn given(
    file: Option<&Path>,
    password: impl FnOnce(&Path) -> Result<Secret, String>,
) -> Result<Option<Key>, String> {
    if let Some(file) = file {
        return from_file(file, password).map(Some);
    }
    match variable(VARIABLE)? {
        Some(secret) if !bare(&secret).is_empty() => parse(&secret, VARIABLE).map(Some),
        _ => Ok(None),
    }
}

/// Reads the password from the first line of `file`, or from `PATRONAGE_PASSWORD`. Returns `None` if there is neither. The line break and
/// a byte-order mark are removed. All other characters are part of the password, including surrounding spaces and quotation marks.
///
/// # Errors
///
/// A message if the file can't be read, its first line is empty, or other users can read it.
pub fn password_given(file: Option<&Path>) -> Result<Option<Secret>, String> {
    let Some(file) = file else { return variable(PASSWORD) };
    let text = read_secret(file, "password file")?;
    match text.lines().next() {
        Some(line) if !line.is_empty() => Ok(Some(Zeroizing::new(line.to_owned()))),
        _ => Err(format!("the password file {} has no password in its first line", file.display())),
    }
}

/// Reads the key from the file at `path`. The file contains a wallet's export, which `password` decrypts, or the secret URI of an sr25519
/// key: a phrase of 12 to 24 words, or 0x and 64 hexadecimal digits, optionally with `//derivations` and `///password`.
///
/// # Errors
///
/// A message if the file can't be read, other users can read it, it contains no secret, or the password is missing or wrong.
pub fn from_file(path: &Path, password: impl FnOnce(&Path) -> Result<Secret, String>) -> Result<Key, String> {
    let text = read_secret(path, "key file")?;
    let place = format!("the key file {}", path.display());
    let json = text.trim_start_matches(is_blank);
    if !json.starts_with('{') {
        return parse(&text, &place);
    }
    let wrong = |error: export::ExportError| format!("{place} {error}");
    let export = Export::read(json.trim_end_matches(is_blank)).map_err(wrong)?;
    let password = if export.is_locked() { password(path)? } else { Secret::default() };
    export.open(&password).map_err(wrong)
}

fn variable(name: &str) -> Result<Option<Secret>, String> {
    match std::env::var(name) {
        Ok(text) => Ok(Some(Zeroizing::new(text))),
        Err(std::env::VarError::NotPresent) => Ok(None),
        Err(std::env::VarError::NotUnicode(_)) => Err(format!("{name} is not valid UTF-8: set it again")),
    }
}

/// Reads the file at `path`, which messages call `what`.
fn read_secret(path: &Path, what: &str) -> Result<Secret, String> {
    let shown = path.display();
    let failed = |error: io::Error| format!("the {what} {shown} can't be read: {error}");
    let file = File::open(path).map_err(failed)?;
    let metadata = file.metadata().map_err(failed)?;
    if metadata.is_dir() {
        return Err(format!("the {what} {shown} is a folder: name a file in it"));
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        if metadata.permissions().mode() & 0o077 != 0 {
            return Err(format!("other users can read the {what} {shown}: run `chmod 600 {shown}`"));
        }
    }
    // The capacity is enough, so the bytes are never moved and leave no copies behind.
    let most = MAX_BYTES.saturating_add(1);
    let mut bytes = Zeroizing::new(Vec::with_capacity(most as usize));
    file.take(most).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(format!("the {what} {shown} has more than {MAX_BYTES} bytes: name another file"));
    }
    decode(&bytes).map_err(|error| format!("the {what} {shown} {error}"))
}

fn parse(text: &str, place: &str) -> Result<Key, String> {
    secret::key(text).map(Key::from).map_err(|error| format!("{place} {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::accounts::account;

    const PHRASE: &str = "bottom drive obey lake curtain smoke basket hold race lonely fit walk//Alice";

    #[cfg(unix)]
    fn file(text: impl AsRef<[u8]>, mode: u32) -> tempfile::NamedTempFile {
        use std::os::unix::fs::PermissionsExt;
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(&file, text).unwrap();
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(mode)).unwrap();
        file
    }

    fn no_password(_: &Path) -> Result<Secret, String> {
        Err("nobody knows it".to_owned())
    }

    #[cfg(unix)]
    #[test]
    fn a_key_file_that_only_its_owner_reads_gives_the_key_of_its_phrase() {
        let key = from_file(file(format!("{PHRASE}\n"), 0o600).path(), no_password).unwrap();
        assert_eq!(key.account(), account("alice").unwrap());
    }

    #[cfg(unix)]
    #[test]
    fn a_wallets_export_opens_with_the_password_file_and_never_without() {
        let export = file(include_str!("../tests/vectors/ana-older.json"), 0o600);
        let with = |text: &str| {
            let password = file(text, 0o600);
            from_file(export.path(), |_| Ok(password_given(Some(password.path()))?.unwrap()))
        };
        assert_eq!(with("correct hörse\n").unwrap().account(), account("ana").unwrap());
        let error = with("correct horse").err().unwrap();
        assert!(error.contains("does not open with this password") && !error.contains("horse"), "{error}");
        assert_eq!(from_file(export.path(), no_password).err().unwrap(), "nobody knows it");
    }

    /// `text` in UTF-16, as Windows saves it, with the byte-order mark.
    fn utf16(text: &str) -> Vec<u8> {
        [0xfeff].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
    }

    #[cfg(unix)]
    #[test]
    fn files_are_read_in_the_encodings_in_which_editors_save_them() {
        let alice = account("alice").unwrap();
        for bytes in [format!("\u{feff}{PHRASE}\r\n").into_bytes(), utf16(&format!("{PHRASE}\r\n"))] {
            assert_eq!(from_file(file(bytes, 0o600).path(), no_password).unwrap().account(), alice);
        }
        let export = include_str!("../tests/vectors/ana-open.json");
        for bytes in [format!("\u{feff}\r\n{export}\r\n ").into_bytes(), utf16(export)] {
            assert_eq!(from_file(file(bytes, 0o600).path(), no_password).unwrap().account(), account("ana").unwrap());
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_password_is_exactly_the_first_line() {
        let read = |bytes: &[u8]| {
            password_given(Some(file(bytes, 0o600).path())).map(|password| password.unwrap().to_string())
        };
        for (bytes, password) in [
            ("hörse".as_bytes().to_vec(), "hörse"),
            ("hörse\n".as_bytes().to_vec(), "hörse"),
            ("\u{feff}hörse\r\n".as_bytes().to_vec(), "hörse"),
            (utf16("hörse\r\nmore"), "hörse"),
            (b"  two  words\t\r\n".to_vec(), "  two  words\t"),
            (b"\"quoted\"\n".to_vec(), "\"quoted\""),
            (b" \n".to_vec(), " "),
        ] {
            assert_eq!(read(&bytes).as_deref(), Ok(password));
        }
        for bytes in [&b""[..], b"\n", b"\xef\xbb\xbf\r\n", b"\nhunter2"] {
            let error = read(bytes).unwrap_err();
            assert!(error.contains("no password in its first line") && !error.contains("hunter2"), "{error}");
        }
        let error = read(b"hunter2\xf6\n").unwrap_err();
        assert!(error.contains("save it as UTF-8") && !error.contains("hunter2"), "{error}");
    }

    #[cfg(unix)]
    #[test]
    fn an_invalid_key_file_is_refused_with_the_kind_of_its_content() {
        use std::os::unix::fs::PermissionsExt;
        let error = |path: &Path| from_file(path, no_password).err().unwrap();
        let folder = tempfile::tempdir().unwrap();
        std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o700)).unwrap();
        assert!(error(folder.path()).contains("is a folder"));
        assert!(error(&folder.path().join("absent")).contains("can't be read"));
        for (bytes, says) in [
            (vec![], "is empty"),
            (vec![b'a'; 70_000], "more than 65536 bytes"),
            (format!("{PHRASE}///hunter2\u{f6}").chars().map(|letter| letter as u8).collect(), "save it as UTF-8"),
            (vec![0x7f, b'E', b'L', b'F', 0, 0, 1], "not text"),
            (b"{\"encoded\":\"hunter2".to_vec(), "damaged or incomplete"),
            (b"{\"crypto\":{\"hunter2\":1},\"version\":3}".to_vec(), "a keystore of Ethereum"),
            (b"hunter2 hunter2 hunter2".to_vec(), "a phrase of 3 words"),
        ] {
            let told = error(file(&bytes, 0o600).path());
            assert!(told.contains(says) && !told.contains("hunter2") && !told.contains("bottom"), "{told}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_file_of_secrets_that_others_can_read_is_refused() {
        for mode in [0o640, 0o604, 0o660] {
            for text in [PHRASE, include_str!("../tests/vectors/ana-open.json")] {
                let error = from_file(file(text, mode).path(), no_password).err().unwrap();
                assert!(error.contains("chmod 600"), "{error}");
            }
            let error = password_given(Some(file("hunter2", mode).path())).unwrap_err();
            assert!(error.contains("chmod 600") && !error.contains("hunter2"), "{error}");
        }
    }

    #[test]
    fn invalid_secrets_are_refused_without_being_shown() {
        for text in ["", " \n", "hunter2 hunter2", "0x1234hunter2"] {
            let error = parse(text, "it").err().unwrap();
            assert!(!error.contains("hunter2"), "{error}");
        }
    }
}
