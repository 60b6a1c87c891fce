//! Exports of accounts by wallets: JSON in the format of polkadot.js.

use base64::{engine::general_purpose::STANDARD, Engine};
use patronage_chain::keys::{from_file, Key, Signature};
use serde_json::Value;
use sp_core::{ed25519, sr25519, Pair};
use zeroize::Zeroizing;

use crate::world::with_scratch;

/// The cost parameters of wallets: N, p and r of scrypt. A decryption with one of them takes a second.
const COSTS: [[u32; 3]; 6] =
    [[1 << 13, 10, 8], [1 << 14, 5, 8], [1 << 15, 3, 8], [1 << 15, 1, 8], [1 << 16, 2, 8], [1 << 17, 1, 8]];

/// The input is the content of a key file that begins as JSON.
pub fn check(data: &[u8]) {
    if data.first() != Some(&b'{') {
        return;
    }
    let json = serde_json::from_slice::<Value>(data).ok();
    let encoded = json.as_ref().and_then(|json| json["encoded"].as_str());
    let bytes = encoded.and_then(|text| STANDARD.decode(text).ok());
    let costs = bytes.as_ref().and_then(|bytes| bytes.get(32..44)).map(|costs| {
        let number = |at: usize| u32::from_le_bytes([costs[at], costs[at + 1], costs[at + 2], costs[at + 3]]);
        [number(0), number(4), number(8)]
    });
    let costly = costs.is_some_and(|costs| COSTS.contains(&costs));
    let mut asked = false;
    let key = with_scratch(|file| {
        file.fill(data);
        from_file(&file.path(), |_| {
            asked = true;
            match costly {
                true => Err("nobody knows the password".to_owned()),
                false => Ok(Zeroizing::new("correct horse".to_owned())),
            }
        })
    });
    match key {
        Ok(key) => {
            // Only an export without a password opens here, and the end of its bytes is the account.
            assert!(!asked, "an export opened without the cost of scrypt");
            let json = json.expect("JSON");
            let bytes = bytes.expect("base64");
            let account = key.account();
            assert_eq!(bytes.last_chunk(), Some(AsRef::<[u8; 32]>::as_ref(&account)));
            assert_eq!(json["encoding"]["type"], serde_json::json!(["none"]));
            assert_eq!(json["encoding"]["version"], "3");
            let scheme = match &key {
                Key::Sr25519(_) => "sr25519",
                Key::Ed25519(_) => "ed25519",
            };
            assert_eq!(json["encoding"]["content"], serde_json::json!(["pkcs8", scheme]));
            assert!(signs(&key), "the key does not sign for its account");
        }
        Err(error) => {
            // Nothing of the secret is in the message.
            if let Some(secret) = encoded.and_then(|text| text.get(..24)) {
                assert!(!error.contains(secret), "{error}");
            }
        }
    }
}

fn signs(key: &Key) -> bool {
    let account = *AsRef::<[u8; 32]>::as_ref(&key.account());
    match key.sign(b"text") {
        Signature::Sr25519(bytes) => {
            sr25519::Pair::verify(&sr25519::Signature::from_raw(bytes), b"text", &sr25519::Public::from_raw(account))
        }
        Signature::Ed25519(bytes) => {
            ed25519::Pair::verify(&ed25519::Signature::from_raw(bytes), b"text", &ed25519::Public::from_raw(account))
        }
    }
}
