//! Keys of accounts, for chains where transactions are signed. A key comes from a file that nobody else can read, or from the
//! environment; never from the command line, which others see and shells remember. It is never printed.

mod export;

use std::{
    fs::File,
    io::{self, Read},
    path::Path,
};

use patronage_gateway::signature::{Scheme, Signature};
use patronage_interfaces::AccountId;
use sp_core::{ed25519, sr25519, Pair};
use zeroize::Zeroizing;

use export::Export;

/// What to do where there is no key.
pub const NONE: &str =
    "there is no key to sign with: put the account's secret phrase, or its JSON file as the wallet exports \
                        it, where only you can read it (chmod 600 FILE) and name it with --key, or set PATRONAGE_SURI";

/// The variable that may hold a secret.
const VARIABLE: &str = "PATRONAGE_SURI";

/// The variable that may hold the password of a wallet's export.
const PASSWORD: &str = "PATRONAGE_PASSWORD";

/// Files of secrets are at most so large, in bytes.
const MOST_BYTES: u64 = 1 << 16;

/// A text that is wiped from memory once nobody needs it.
pub type Secret = Zeroizing<String>;

/// A key that signs for its account.
#[derive(Clone)]
pub enum Key {
    /// Schnorr on Ristretto, the usual one of wallets.
    Sr25519(Box<sr25519::Pair>),
    /// RFC 8032.
    Ed25519(Box<ed25519::Pair>),
}

impl Key {
    /// The account that it signs for.
    pub fn account(&self) -> AccountId {
        AccountId::from(match self {
            Self::Sr25519(pair) => pair.public().0,
            Self::Ed25519(pair) => pair.public().0,
        })
    }

    /// Signs `message`.
    pub fn sign(&self, message: &[u8]) -> Signature {
        match self {
            Self::Sr25519(pair) => Signature { scheme: Scheme::Sr25519, bytes: pair.sign(message).0 },
            Self::Ed25519(pair) => Signature { scheme: Scheme::Ed25519, bytes: pair.sign(message).0 },
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

/// The key in `file`, or else that in `PATRONAGE_SURI`, if there is one. `password` gives that of a wallet's export.
///
/// # Errors
///
/// In words, when it can't be used.
pub fn given(
    file: Option<&Path>,
    password: impl FnOnce(&Path) -> Result<Secret, String>,
) -> Result<Option<Key>, String> {
    if let Some(file) = file {
        return from_file(file, password).map(Some);
    }
    match variable(VARIABLE)? {
        Some(secret) if !secret.trim().is_empty() => parse(&secret, VARIABLE).map(Some),
        _ => Ok(None),
    }
}

/// The password in the first line of `file`, or else that in `PATRONAGE_PASSWORD`, if there is one.
///
/// # Errors
///
/// In words, when it can't be read, or others can read the file too.
pub fn password_given(file: Option<&Path>) -> Result<Option<Secret>, String> {
    let Some(file) = file else { return variable(PASSWORD) };
    let text = read_secret(file, "password file")?;
    Ok(Some(Zeroizing::new(text.lines().next().unwrap_or_default().to_owned())))
}

/// The key in the file at `path`: a wallet's export of the account, which `password` opens, or the secret URI of an sr25519
/// key: a phrase of 12 or 24 words or 0x and 64 hexadecimal digits, with `//derivations` and `///password` where there are
/// any.
///
/// # Errors
///
/// In words, when it can't be read, others can read it too, it holds no secret, or there is no or a wrong password.
pub fn from_file(path: &Path, password: impl FnOnce(&Path) -> Result<Secret, String>) -> Result<Key, String> {
    let text = read_secret(path, "key file")?;
    let place = format!("the key file {}", path.display());
    if !text.trim_start().starts_with('{') {
        return parse(&text, &place);
    }
    let wrong = |error: export::ExportError| format!("{place} {error}");
    let export = Export::read(&text).map_err(wrong)?;
    let password = if export.is_locked() { password(path)? } else { Secret::default() };
    export.open(&password).map_err(wrong)
}

fn variable(name: &str) -> Result<Option<Secret>, String> {
    match std::env::var(name) {
        Ok(text) => Ok(Some(Zeroizing::new(text))),
        Err(std::env::VarError::NotPresent) => Ok(None),
        Err(std::env::VarError::NotUnicode(_)) => Err(format!("{name} is no text")),
    }
}

/// The text in the file at `path`, which is called `what`.
fn read_secret(path: &Path, what: &str) -> Result<Secret, String> {
    let shown = path.display();
    let failed = |error: io::Error| format!("the {what} {shown} can't be read: {error}");
    let file = File::open(path).map_err(failed)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        if file.metadata().map_err(failed)?.permissions().mode() & 0o077 != 0 {
            return Err(format!("others can read the {what} {shown}: run `chmod 600 {shown}`"));
        }
    }
    let mut text = Secret::default();
    // So that the text never moves, and leaves no copies behind.
    text.reserve(MOST_BYTES as usize);
    file.take(MOST_BYTES).read_to_string(&mut text).map_err(failed)?;
    Ok(text)
}

fn parse(secret: &str, place: &str) -> Result<Key, String> {
    let secret = secret.trim();
    let wrong = || format!("{place} holds no secret: a phrase of 12 or 24 words, or 0x and 64 hexadecimal digits");
    // Without a word, the library takes the development phrase, whose money is everybody's.
    if secret.is_empty() {
        return Err(wrong());
    }
    // What is wrong with it would show parts of it.
    sr25519::Pair::from_string(secret, None).map(Key::from).map_err(|_| wrong())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::embedded::account;

    const PHRASE: &str = "bottom drive obey lake curtain smoke basket hold race lonely fit walk//Alice";

    #[cfg(unix)]
    fn file(text: &str, mode: u32) -> tempfile::NamedTempFile {
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
        let key = from_file(file(&format!("{PHRASE}\n"), 0o600).path(), no_password).unwrap();
        assert_eq!(key.account(), account("alice").unwrap());
    }

    #[cfg(unix)]
    #[test]
    fn a_wallets_export_is_opened_with_the_password_from_a_file_and_never_without() {
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
    fn what_is_no_secret_is_refused_without_being_shown() {
        for text in ["", " \n", "hunter2 hunter2", "0x1234hunter2"] {
            let error = parse(text, "it").err().unwrap();
            assert!(!error.contains("hunter2"), "{error}");
        }
    }
}
