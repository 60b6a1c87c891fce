//! Keys of content: identities and recipients of age, in files, in launch files and in answers of a gateway.

use age::secrecy::ExposeSecret;
use patronage::launch::parse_age_recipient;
use patronage_gateway::key::{PublicKey, SecretKey};

/// The one-time key that an answer is encrypted to.
pub const ONE_TIME: &str = "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX";

/// The input is a file with a key, the text of a public key, or an armored key.
pub fn check(data: &[u8]) {
    if let Ok(key) = SecretKey::from_identity_bytes(data) {
        let written = key.to_identity_text();
        let again = SecretKey::from_identity_text(written.expose_secret()).expect("a key is read as it is written");
        assert_eq!(again.public(), key.public());
        // age itself reads the same line, in capitals.
        let text = patronage_text::decode(data).expect("text").to_ascii_uppercase();
        let lines = text.lines().map(patronage_text::bare);
        let mut found = lines.filter_map(|line| line.parse::<age::x25519::Identity>().ok());
        let general = found.next().expect("age reads it too");
        assert_eq!(general.to_public().to_string(), key.public().expect("a public half").to_string());
    }
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Err(error) = SecretKey::from_identity_text(text) {
        let words = format!("{error} {error:?}");
        let secret = text.lines().next().and_then(|line| line.get(17..41));
        assert!(secret.is_none_or(|secret| !words.contains(secret)), "{words}");
    }
    recipient(text);
    if let Ok(key) = one_time().decrypt_key(text) {
        assert!(text.len() <= 16 * 1024, "a longer answer than any key");
        assert!(key.public().is_ok());
    }
}

/// The one-time key.
pub fn one_time() -> SecretKey {
    SecretKey::from_identity_text(ONE_TIME).expect("a key")
}

/// Public keys have one spelling, which all readers read as the same bytes.
fn recipient(text: &str) {
    let general = text.parse::<age::x25519::Recipient>();
    let launch = parse_age_recipient(text);
    if let Ok(key) = text.parse::<PublicKey>() {
        assert_eq!(key.to_string(), text);
        assert_eq!(PublicKey::from_bytes(key.to_bytes()), Ok(key));
        assert_eq!(launch, Ok(key.to_bytes()));
        assert_eq!(general.as_ref().map(ToString::to_string), Ok(text.to_owned()));
    }
    if let Ok(bytes) = launch {
        assert!(general.is_ok(), "{text} is no recipient of age");
        assert_eq!(PublicKey::from_bytes(bytes).map(|key| key.to_string()), Ok(text.to_owned()));
    }
}
