//! Secrets of accounts as text: phrases, seeds and derivation paths, compared with the reader of `sp-core`.

use patronage_chain::keys::{from_file, resembles_secret, Key};
use patronage_text::{bare, decode};
use sp_core::{sr25519, Pair};

use crate::world::with_scratch;

/// A word that no message may contain.
const MARK: &str = "hunterzzz";

fn read(bytes: &[u8]) -> Result<Key, String> {
    with_scratch(|file| {
        file.fill(bytes);
        from_file(&file.path(), |_| Err("there is no password".to_owned()))
    })
}

/// The input is the content of a key file that does not begin as JSON.
pub fn check(data: &[u8]) {
    let Ok(text) = decode(data) else {
        assert!(read(data).is_err(), "a key from what is no text");
        return;
    };
    if text.trim_start_matches(patronage_text::is_blank).starts_with('{') {
        return;
    }
    let key = read(data);
    let general = sr25519::Pair::from_string(&text, None);
    match (&key, general) {
        (Ok(key), Ok(general)) if bare(&text) == &**text => {
            assert_eq!(AsRef::<[u8; 32]>::as_ref(&key.account()), &general.public().0, "another key");
        }
        // Without a phrase, `sp-core` uses a public one: accepted here for development accounts only.
        (Err(error), Ok(_)) if !text.is_empty() && !text.starts_with('/') && bare(&text) == &**text => {
            assert!(text.contains(char::is_control), "a key of other programs is refused: {error}");
        }
        _ => {}
    }
    match &key {
        Ok(key) => {
            let phrase = bare(bare(&text).split('/').next().unwrap_or_default());
            if !phrase.is_empty() {
                assert!(resembles_secret(&text), "a secret would be shown in messages");
            }
            // The encoding of the file does not matter.
            let utf16: Vec<u8> =
                std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(u16::to_be_bytes).collect();
            let same = read(&utf16).map(|key| key.account());
            assert_eq!(same, Ok(key.account()), "the same text in UTF-16");
            // Blanks and quotation marks around it do not matter.
            let quoted = format!("\u{feff} \"{}\"\r\n", bare(&text));
            assert_eq!(read(quoted.as_bytes()).map(|key| key.account()), Ok(key.account()), "the same text in quotes");
        }
        Err(error) => assert!(!error.is_empty()),
    }
    // A message never has a word of the secret.
    for marked in [format!("{MARK} {}", &**text), format!("{} {MARK}", &**text), format!("{}/{MARK}", &**text)] {
        if let Err(error) = read(marked.as_bytes()) {
            assert!(!error.contains(MARK), "{error}");
        }
    }
}
