//! What the web SDK has from the Rust side: the words for errors, and vectors that both sides are tested with. The files are
//! committed in `web/sdk/vectors`. This test fails where they are not what the code says; with `PATRONAGE_WRITE_VECTORS=1` it
//! writes them.

mod messages;
mod samples;
mod vectors;

use std::{fs, path::PathBuf};

use patronage_interfaces::AccountId;

/// An account whose bytes are all the same.
pub fn account(byte: u8) -> AccountId {
    AccountId::from([byte; 32])
}

#[test]
fn the_web_sdk_has_the_words_and_vectors_of_this_side() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../web/sdk/vectors");
    let files = [
        ("messages.json", messages::messages()),
        ("errors.json", vectors::error_vectors()),
        ("units.json", vectors::unit_vectors()),
        ("codec.json", vectors::codec_vectors()),
        ("funds.json", vectors::funds_vectors()),
    ];
    for (name, value) in files {
        let text = serde_json::to_string_pretty(&value).unwrap() + "\n";
        let path = folder.join(name);
        if std::env::var_os("PATRONAGE_WRITE_VECTORS").is_some() {
            fs::write(&path, text).unwrap();
        } else {
            let present = fs::read_to_string(&path).unwrap_or_default();
            assert_eq!(present, text, "run `scripts/web vectors` and commit web/sdk/vectors/{name}");
        }
    }
}
