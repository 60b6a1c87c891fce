//! Keys of accounts, for chains where transactions are signed. A key comes from a file that nobody else can read, or from the
//! environment; never from the command line, which others see and shells remember. It is never printed.

use std::{fs, path::Path};

use sp_core::{sr25519, Pair};

/// What to do where there is no key.
pub const NONE: &str =
    "there is no key to sign with: put the account's secret phrase into a file that only you can read \
                        (chmod 600 FILE) and name it with --key, or set PATRONAGE_SURI";

/// The variable that may hold a secret.
const VARIABLE: &str = "PATRONAGE_SURI";

/// The key in `file`, or else that in `PATRONAGE_SURI`, if there is one.
///
/// # Errors
///
/// In words, when it can't be used.
pub fn given(file: Option<&Path>) -> Result<Option<sr25519::Pair>, String> {
    if let Some(file) = file {
        return from_file(file).map(Some);
    }
    match std::env::var(VARIABLE) {
        Ok(secret) if !secret.trim().is_empty() => parse(&secret, VARIABLE).map(Some),
        Err(std::env::VarError::NotUnicode(_)) => Err(format!("{VARIABLE} is no text")),
        _ => Ok(None),
    }
}

/// The sr25519 key whose secret URI is in the file at `path`: a phrase of 12 or 24 words or 0x and 64 hexadecimal digits,
/// with `//derivations` and `///password` where there are any.
///
/// # Errors
///
/// In words, when it can't be read, others can read it too, or it holds no secret.
pub fn from_file(path: &Path) -> Result<sr25519::Pair, String> {
    let shown = path.display();
    let text = fs::read_to_string(path).map_err(|error| format!("the key file {shown} can't be read: {error}"))?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let metadata = fs::metadata(path).map_err(|error| format!("the key file {shown} can't be read: {error}"))?;
        if metadata.permissions().mode() & 0o077 != 0 {
            return Err(format!("others can read the key file {shown}: run `chmod 600 {shown}`"));
        }
    }
    if text.trim_start().starts_with('{') {
        return Err(format!("{shown} is a wallet's export: write the account's secret phrase into a file instead"));
    }
    parse(&text, &format!("the key file {shown}"))
}

fn parse(secret: &str, place: &str) -> Result<sr25519::Pair, String> {
    let secret = secret.trim();
    let wrong = || format!("{place} holds no secret: a phrase of 12 or 24 words, or 0x and 64 hexadecimal digits");
    // Without a word, the library takes the development phrase, whose money is everybody's.
    if secret.is_empty() {
        return Err(wrong());
    }
    // What is wrong with it would show parts of it.
    sr25519::Pair::from_string(secret, None).map_err(|_| wrong())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::embedded::development_key;

    const PHRASE: &str = "bottom drive obey lake curtain smoke basket hold race lonely fit walk//Alice";

    #[cfg(unix)]
    fn file(text: &str, mode: u32) -> tempfile::NamedTempFile {
        use std::os::unix::fs::PermissionsExt;
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(&file, text).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
        file
    }

    #[cfg(unix)]
    #[test]
    fn a_key_file_that_only_its_owner_reads_gives_the_key_of_its_phrase() {
        let key = from_file(file(&format!("{PHRASE}\n"), 0o600).path()).unwrap();
        assert_eq!(key.public(), development_key("alice").unwrap().public());
    }

    #[cfg(unix)]
    #[test]
    fn a_key_file_that_others_can_read_is_refused() {
        for mode in [0o640, 0o604, 0o660] {
            let error = from_file(file(PHRASE, mode).path()).err().unwrap();
            assert!(error.contains("chmod 600"), "{error}");
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
