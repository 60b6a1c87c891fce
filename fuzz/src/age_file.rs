//! Encrypted files, as a host could send them to a fan.

use std::io::Read;

use age::{x25519::Identity, Decryptor};
use patronage_gateway::open::{open_file, OpenError, Published};
use ring::digest::{digest, SHA256};
use tempfile::TempDir;

use crate::{
    age_key::{one_time, ONE_TIME},
    world::{folder, with_scratch},
};

/// The input is an encrypted file, for the one-time key of [`crate::age_key`].
pub fn check(data: &[u8]) {
    thread_local!(static FOLDER: TempDir = folder());
    let secret = one_time();
    let public_key = secret.public().expect("a public half");
    let mut hash: [u8; 32] = digest(&SHA256, data).as_ref().try_into().expect("32 bytes");
    FOLDER.with(|folder| {
        let output = folder.path().join("output");
        let open = |hash| {
            let mut shown = 0;
            let opened = with_scratch(|file| {
                file.fill(data);
                open_file(&file.path(), &secret, &Published { public_key, hash }, &output, |done| shown = done)
            });
            let plain = std::fs::read(&output).ok();
            let _ = std::fs::remove_file(&output);
            assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 0, "something is left behind");
            if let Ok(size) = opened {
                assert!(shown <= size);
            }
            (opened, plain)
        };
        match open(hash) {
            (Ok(size), plain) => {
                let plain = plain.expect("an output");
                assert_eq!(plain.len() as u64, size);
                assert_eq!(Some(plain), by_age(data), "age reads another text");
            }
            (Err(error), plain) => {
                assert_eq!(plain, None, "an output, although {error}");
                assert!(matches!(error, OpenError::Unreadable(_)), "{error}");
                // This reader refuses longer heads than age, and nothing else.
                assert!(by_age(data).is_none() || data.len() > 64 * 1024, "age opens it, but {error}");
            }
        }
        // Another file than the published one is never opened.
        hash[0] ^= 1;
        let (opened, plain) = open(hash);
        assert!(matches!(opened, Err(OpenError::OtherFile { .. })) && plain.is_none());
    });
}

/// What age itself decrypts.
fn by_age(data: &[u8]) -> Option<Vec<u8>> {
    let identity: Identity = ONE_TIME.parse().ok()?;
    let mut plain = Vec::new();
    let decryptor = Decryptor::new_buffered(data).ok()?;
    decryptor.decrypt(std::iter::once(&identity as &dyn age::Identity)).ok()?.read_to_end(&mut plain).ok()?;
    Some(plain)
}
