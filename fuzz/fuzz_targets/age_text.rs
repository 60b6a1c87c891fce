//! Keys and small files in the age format, as a creator's folder or a gateway gives them.
#![no_main]

use libfuzzer_sys::fuzz_target;
use patronage_gateway::key::{PublicKey, SecretKey};

fuzz_target!(|data: &[u8]| {
    let Some((kind, bytes)) = data.split_first() else { return };
    let Ok(text) = std::str::from_utf8(bytes) else { return drop(SecretKey::from_identity_bytes(bytes)) };
    match kind % 3 {
        0 => {
            if let Ok(key) = text.parse::<PublicKey>() {
                assert_eq!(key.to_string().parse::<PublicKey>().map(PublicKey::to_bytes).ok(), Some(key.to_bytes()));
            }
        }
        1 => drop(SecretKey::from_identity_text(text)),
        _ => drop(SecretKey::generate().decrypt_key(text)),
    }
});
