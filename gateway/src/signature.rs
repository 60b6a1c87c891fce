//! Signatures of wallets: sr25519 and ed25519, of a text as it is or wrapped in `<Bytes>`, as browser extensions do.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::registry::AccountId;

/// Signing context of Substrate for sr25519.
const CONTEXT: &[u8] = b"substrate";

/// A signature scheme.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scheme {
    /// Schnorr signatures on Ristretto, which most wallets use.
    Sr25519,
    /// Ed25519 (RFC 8032).
    Ed25519,
}

impl fmt::Display for Scheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Scheme::Sr25519 => "sr25519",
            Scheme::Ed25519 => "ed25519",
        })
    }
}

/// A signature and its scheme.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Signature {
    /// The scheme.
    pub scheme: Scheme,
    /// The 64 bytes.
    pub bytes: [u8; 64],
}

impl Signature {
    /// Whether `account` has signed `text`, or `<Bytes>text</Bytes>`.
    ///
    /// Never true for an account without a secret. Weak public keys, such as all zeros, have signatures that anyone can
    /// make.
    pub fn verifies(&self, account: &AccountId, text: &str) -> bool {
        let wrapped = format!("<Bytes>{text}</Bytes>");
        [text.as_bytes(), wrapped.as_bytes()].iter().any(|message| self.verifies_exactly(account, message))
    }

    fn verifies_exactly(&self, account: &AccountId, message: &[u8]) -> bool {
        // The neutral element in the encodings of both groups: its secret is 0, which everyone knows.
        if *account == [0; 32] {
            return false;
        }
        match self.scheme {
            Scheme::Sr25519 => {
                let Ok(key) = schnorrkel::PublicKey::from_bytes(account) else { return false };
                let Ok(signature) = schnorrkel::Signature::from_bytes(&self.bytes) else { return false };
                key.verify_simple(CONTEXT, message, &signature).is_ok()
            }
            Scheme::Ed25519 => {
                let Ok(key) = ed25519_dalek::VerifyingKey::from_bytes(account) else { return false };
                // The strict check rejects keys of small order.
                key.verify_strict(message, &ed25519_dalek::Signature::from_bytes(&self.bytes)).is_ok()
            }
        }
    }

    /// Parses 128 hexadecimal digits after `0x`; `None` for anything else.
    pub fn from_hex(scheme: Scheme, text: &str) -> Option<Self> {
        let mut bytes = [0; 64];
        hex::decode_to_slice(text.strip_prefix("0x")?, &mut bytes).ok()?;
        Some(Self { scheme, bytes })
    }

    /// Returns `0x` and 128 hexadecimal digits.
    pub fn to_hex(&self) -> String {
        format!("0x{}", hex::encode(self.bytes))
    }
}

impl FromStr for Scheme {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "sr25519" => Ok(Scheme::Sr25519),
            "ed25519" => Ok(Scheme::Ed25519),
            other => Err(format!("{other} is no way of signing known here: use sr25519 or ed25519")),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const TEXT: &str = "Patronage: open content\nContent: 7\nhéllo";
    /// Public key of `//Alice` in each scheme, and signatures of the text, raw and wrapped, made with @polkadot/keyring 14.
    const VECTORS: [(Scheme, &str, [&str; 2]); 2] = [
        (
            Scheme::Sr25519,
            "d43593c715fdd31c61141abd04a99fd6822c8558854ccde39a5684e7a56da27d",
            [
                "0x28d2b2cd5dfe09c85aad24ec61d41a53cf64d12fc27b8d39934cdc7778e20e3e9b4ca603ef9d267226a4744a8d4323d7d26b90f01263ab89eb71f168aedfb088",
                "0x4664f1e705ab4ff94b64c44d0986851be86743687e024d8a4f6d1194b7975e17cc593612ec8641bce2623c2b9835a903dbb91a4269380ec480ca24d677d9c08b",
            ],
        ),
        (
            Scheme::Ed25519,
            "88dc3417d5058ec4b4503e0c12ea1a0a89be200fe98922423d4334014fa6b0ee",
            [
                "0xe5e416b70ca7b08d5fa00ff73a790bee32ca63534d08f82dea0a1d32781f933ca5d531ed6277625262258c7ee780cb1201604a77355cfb93f419ebd8effb950a",
                "0x5b16e505454b8d61a88ee787de6b610ae48bff0eb2ecffec57df4c3d3ee62cc909acc053727da88a32e00eb252082d72e9fe1063ec70488ff9f41b99441f7301",
            ],
        ),
    ];

    fn account(hex: &str) -> AccountId {
        hex::decode(hex).unwrap().try_into().unwrap()
    }

    #[test]
    fn signatures_of_a_wallet_verify_raw_and_wrapped() {
        for (scheme, signer, signatures) in VECTORS {
            for hex in signatures {
                let signature = Signature::from_hex(scheme, hex).unwrap();
                assert!(signature.verifies(&account(signer), TEXT), "{scheme} {hex}");
                assert!(!signature.verifies(&account(signer), "another text"));
                assert!(!signature.verifies(&account(VECTORS[0].1), TEXT) || scheme == Scheme::Sr25519);
            }
        }
    }

    #[test]
    fn a_signature_counts_only_as_what_it_says_it_is() {
        for (scheme, signer, signatures) in VECTORS {
            let other = if scheme == Scheme::Sr25519 { Scheme::Ed25519 } else { Scheme::Sr25519 };
            for hex in signatures {
                assert!(!Signature::from_hex(other, hex).unwrap().verifies(&account(signer), TEXT));
            }
        }
    }

    #[test]
    fn ed25519_agrees_with_rfc_8032() {
        // Section 7.1, test 2: the message is the byte 0x72.
        let signer = account("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
        let hex = "0x92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00";
        assert!(Signature::from_hex(Scheme::Ed25519, hex).unwrap().verifies(&signer, "r"));
    }

    #[test]
    fn accounts_that_anyone_can_sign_for_are_refused() {
        // With the neutral element as key and as R, and 0 as s, the equation of both schemes holds for every text.
        let mut one = [0; 32];
        one[0] = 1;
        for weak in [[0; 32], one] {
            for scheme in [Scheme::Sr25519, Scheme::Ed25519] {
                let mut bytes = [0; 64];
                bytes[..32].copy_from_slice(&weak);
                assert!(!Signature { scheme, bytes }.verifies(&weak, TEXT));
                // The marker bit of schnorrkel's signatures.
                bytes[63] |= 128;
                assert!(!Signature { scheme, bytes }.verifies(&weak, TEXT));
            }
        }
    }

    #[test]
    fn the_account_of_zeros_would_verify_without_our_check() {
        let mut bytes = [0; 64];
        bytes[63] = 128;
        let key = schnorrkel::PublicKey::from_bytes(&[0; 32]).unwrap();
        let signature = schnorrkel::Signature::from_bytes(&bytes).unwrap();
        assert!(key.verify_simple(CONTEXT, b"anything", &signature).is_ok());
    }

    proptest! {
        #[test]
        fn nothing_panics_and_no_chance_bytes_verify(
            signer in any::<[u8; 32]>(), bytes in any::<[[u8; 32]; 2]>(), text in ".*", hex in "(0x)?[0-9a-fA-F]{0,130}",
        ) {
            let bytes: [u8; 64] = bytes.concat().try_into().unwrap();
            for scheme in [Scheme::Sr25519, Scheme::Ed25519] {
                let signature = Signature { scheme, bytes };
                prop_assert!(!signature.verifies(&signer, &text));
                if let Some(signature) = Signature::from_hex(scheme, &hex) {
                    prop_assert_eq!(signature.to_hex(), hex.to_lowercase());
                }
            }
        }
    }
}
