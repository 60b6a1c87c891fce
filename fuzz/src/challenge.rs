//! The texts that a wallet signs: to open content, and to sign in.

use std::sync::Arc;

use patronage_gateway::{
    challenge::{Challenge, SignIn, MOST_BYTES},
    issuer::{ChallengeError, Issuer},
    registry::RegistryId,
    signature::{Scheme, Signature},
    state::{ChallengeKey, MemoryState},
};
use tokio::runtime::{Builder, Runtime};

/// The registry of this gateway.
pub const REGISTRY: RegistryId = RegistryId { genesis: [0x11; 32], registry: [0x22; 32] };

struct Gateway {
    issuer: Issuer,
    runtime: Runtime,
}

impl Gateway {
    fn new() -> Self {
        let state = MemoryState::new(1_000).expect("a state");
        let lifetime = std::time::Duration::from_secs(120);
        let issuer = Issuer::new(REGISTRY, lifetime, &ChallengeKey::new([7; 32]), Arc::new(state));
        Self { issuer, runtime: Builder::new_current_thread().build().expect("a runtime") }
    }
}

/// The input is a text that a client sends back.
pub fn check(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let (challenge, sign_in) = (text.parse::<Challenge>(), text.parse::<SignIn>());
    assert!(challenge.is_err() || sign_in.is_err(), "one text for two purposes");
    assert!(text.len() <= MOST_BYTES || (challenge.is_err() && sign_in.is_err()), "longer than any challenge");
    thread_local!(static GATEWAY: Gateway = Gateway::new());
    let signature = Signature { scheme: Scheme::Ed25519, bytes: [5; 64] };
    if let Ok(challenge) = challenge {
        assert_eq!(challenge.to_string(), text, "a challenge has one spelling");
        assert!(!signature.verifies(&challenge.scope.account, text), "nobody has signed it");
        let known = challenge.scope.registry == REGISTRY;
        GATEWAY.with(|gateway| {
            let redeemed = gateway.runtime.block_on(gateway.issuer.redeem(&challenge, &signature)).err();
            let expected = if known { ChallengeError::Unknown } else { ChallengeError::OtherRegistry };
            assert_eq!(redeemed, Some(expected), "it was never issued");
            // One that is issued for the same is read back, and differs from it.
            let scope = &challenge.scope;
            let issued = gateway.issuer.issue(scope.content, scope.account, scope.recipient).expect("a challenge");
            let written = issued.to_string();
            assert_eq!(written.parse(), Ok(issued));
            assert_ne!(written, text);
        });
    }
    if let Ok(sign_in) = sign_in {
        assert_eq!(sign_in.to_string(), text, "a sign-in has one spelling");
        GATEWAY.with(|gateway| {
            let redeemed = gateway.runtime.block_on(gateway.issuer.redeem(&sign_in, &signature)).err();
            let known = sign_in.registry == REGISTRY;
            let expected = if known { ChallengeError::Unknown } else { ChallengeError::OtherRegistry };
            assert_eq!(redeemed, Some(expected), "it was never issued");
        });
    }
}
