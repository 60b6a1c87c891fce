//! OpenBrush: a permit whose signed text had no chain id was valid on each chain with the same contract.

use std::{sync::Arc, time::Duration};

use patronage_chain::accounts::development_key;
use patronage_gateway::{
    challenge::Challenge,
    issuer::{ChallengeError, Issuer},
    key::SecretKey,
    registry::RegistryId,
    signature::{Scheme, Signature},
    state::{ChallengeKey, MemoryState},
};
use sp_core::Pair;

fn issuer(registry: RegistryId, key: &ChallengeKey) -> Issuer {
    Issuer::new(registry, Duration::from_secs(60), key, Arc::new(MemoryState::new(8).expect("there is randomness")))
}

/// The contracts take no signed messages at all. The only text that a fan signs is a gateway's challenge, and it names the
/// chain by its genesis hash, and the registry. Neither the text nor its signature is valid elsewhere, not even at a gateway
/// with the same key.
#[tokio::test]
async fn permit_a_signature_for_one_chain_is_refused_on_another() {
    let here = RegistryId { genesis: [1; 32], registry: [3; 32] };
    let key = development_key("ana").expect("a name");
    let once = SecretKey::generate().public().expect("a key");
    let sign = |challenge: &Challenge| Signature {
        scheme: Scheme::Sr25519,
        bytes: key.sign(challenge.to_string().as_bytes()).0,
    };
    let gateways = ChallengeKey::generate().expect("there is randomness");
    let own = issuer(here, &gateways);
    let challenge = own.issue(7, key.public().0, once).expect("there is randomness");
    let signature = sign(&challenge);
    for other in [RegistryId { genesis: [2; 32], ..here }, RegistryId { registry: [4; 32], ..here }] {
        let elsewhere = issuer(other, &gateways);
        let replayed = elsewhere.redeem(&challenge, &signature).await.map(|_| ());
        assert_eq!(replayed, Err(ChallengeError::OtherRegistry));
        // With the other chain written into the text, neither the issuer nor the signature accepts it.
        let mut changed = challenge.clone();
        changed.scope.registry = other;
        assert_eq!(elsewhere.redeem(&changed, &signature).await.map(|_| ()), Err(ChallengeError::Unknown));
        assert!(!signature.verifies(&changed.scope.account, &changed.to_string()));
    }
    own.redeem(&challenge, &signature)
        .await
        .map_err(|error| error.to_string())
        .expect("it is valid here")
        .spend()
        .await
        .expect("it was not used");
    assert_eq!(own.redeem(&challenge, &signature).await.map(|_| ()), Err(ChallengeError::Used));
}
