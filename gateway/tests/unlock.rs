//! The main path: published, refused with the reason, granted, decrypted, and refused again.

mod common;

use std::time::Duration;

use common::{noise, Fan, GatewayFixture, WHY};
use patronage_gateway::{
    client::{ClientError, Progress},
    protocol::ProblemCode,
};

#[test]
fn content_opens_while_the_registry_grants_and_only_then() {
    let fixture = GatewayFixture::new();
    let plain = noise(300_000);
    fixture.publish(7, &plain);
    let fan = Fan::sr25519(1);
    let request = fixture.unlock_request(7, &fan);
    let output = fixture.path("opened");
    let unlock = || fixture.client().unlock(&request, fan.signer(), &output, |_| ());

    let error = unlock().unwrap_err();
    assert_eq!(error.code(), Some(ProblemCode::NoAccess));
    assert!(error.to_string().contains(WHY), "{error}");
    assert!(!output.exists());

    fixture.registry.grant(7, fan.account());
    let mut steps = Vec::new();
    let unlocked = fixture.client().unlock(&request, fan.signer(), &output, |step| steps.push(step)).unwrap();
    assert_eq!(std::fs::read(&output).unwrap(), plain);
    assert_eq!(unlocked.size, plain.len() as u64);
    assert!(steps
        .iter()
        .any(|step| matches!(step, Progress::Downloading { done, total: Some(total) } if done == total)));
    assert_eq!(steps.last(), Some(&Progress::Opening { done: plain.len() as u64 }));

    std::fs::remove_file(&output).unwrap();
    fixture.registry.revoke(7, fan.account());
    assert_eq!(unlock().unwrap_err().code(), Some(ProblemCode::NoAccess));
    assert!(!output.exists());
}

#[test]
fn every_way_of_signing_opens() {
    let fixture = GatewayFixture::new();
    fixture.publish(0, b"words");
    for fan in [Fan::sr25519(1), Fan::ed25519(2)] {
        fixture.registry.grant(0, fan.account());
        let request = fixture.unlock_request(0, &fan);
        fixture.client().key(&request, |text| Ok(fan.sign(text))).unwrap();
        fixture.client().key(&request, |text| Ok(fan.sign_wrapped(text))).unwrap();
    }
}

#[test]
fn an_empty_file_opens_too() {
    let fixture = GatewayFixture::new();
    fixture.publish(0, b"");
    let fan = Fan::sr25519(1);
    fixture.registry.grant(0, fan.account());
    let output = fixture.path("opened");
    fixture.client().unlock(&fixture.unlock_request(0, &fan), fan.signer(), &output, |_| ()).unwrap();
    assert_eq!(std::fs::read(output).unwrap(), b"");
}

#[test]
fn a_file_that_is_there_is_not_overwritten_and_nothing_is_signed_for_it() {
    let fixture = GatewayFixture::new();
    fixture.publish(0, b"words");
    let fan = Fan::sr25519(1);
    fixture.registry.grant(0, fan.account());
    let output = fixture.path("opened");
    std::fs::write(&output, "mine").unwrap();
    let error = fixture
        .client()
        .unlock(&fixture.unlock_request(0, &fan), |_| panic!("nothing is to be signed"), &output, |_| ())
        .unwrap_err();
    assert!(error.to_string().contains("is there already"), "{error}");
    assert_eq!(std::fs::read(output).unwrap(), b"mine");
}

#[test]
fn changed_keys_go_to_new_readers_and_old_readers_keep_theirs() {
    let fixture = GatewayFixture::new();
    let (old, new) = (Fan::sr25519(1), Fan::sr25519(2));
    fixture.publish(3, b"first edition");
    let before = fixture.unlock_request(3, &old);
    fixture.registry.grant(3, old.account());
    let old_key = fixture.client().key(&before, old.signer()).unwrap();

    fixture.publish(3, b"second edition");
    fixture.registry.grant(3, new.account());
    let output = fixture.path("second");
    fixture.client().unlock(&fixture.unlock_request(3, &new), new.signer(), &output, |_| ()).unwrap();
    assert_eq!(std::fs::read(&output).unwrap(), b"second edition");

    // The first edition, which the old reader still has.
    let (first, opened) = (fixture.path("first.age"), fixture.path("first"));
    fixture.client().download(&before.info, &first, |_, _| ()).unwrap();
    let published =
        patronage_gateway::open::Published { public_key: old_key.public().unwrap(), hash: before.info.hash };
    patronage_gateway::open::open_file(&first, &old_key, &published, &opened, |_| ()).unwrap();
    assert_eq!(std::fs::read(&opened).unwrap(), b"first edition");
    // With the registry's old data the verification of the key fails, and the fan must read the registry again.
    let error = fixture.client().key(&before, old.signer()).unwrap_err();
    assert!(matches!(error, ClientError::Open(_)), "{error}");
}

#[test]
fn a_gateway_without_the_key_or_the_content_says_so() {
    let fixture = GatewayFixture::new();
    let sealed = fixture.publish(0, b"words");
    let fan = Fan::sr25519(1);
    fixture.registry.grant(0, fan.account());
    let mut request = fixture.unlock_request(0, &fan);
    std::fs::remove_file(sealed.key_path).unwrap();
    assert_eq!(fixture.client().key(&request, fan.signer()).unwrap_err().code(), Some(ProblemCode::NoKey));
    request.content = 99;
    assert_eq!(fixture.client().key(&request, fan.signer()).unwrap_err().code(), Some(ProblemCode::UnknownContent));
}

#[test]
fn while_the_chain_is_away_nobody_gets_in_and_the_challenge_stays_good() {
    let fixture = GatewayFixture::new();
    fixture.publish(0, b"words");
    let fan = Fan::sr25519(1);
    fixture.registry.grant(0, fan.account());
    let request = fixture.unlock_request(0, &fan);
    let one_time = patronage_gateway::key::SecretKey::generate();
    let scope = patronage_gateway::challenge::ChallengeScope {
        registry: request.registry,
        content: 0,
        account: fan.account(),
        recipient: one_time.public().unwrap(),
    };
    let client = fixture.client();
    let challenge = client.challenge(&scope).unwrap();
    let signature = fan.sign(&challenge.to_string());
    let registered = patronage_gateway::key::PublicKey::from_bytes(request.info.public_key).unwrap();
    let redeem = || client.redeem(&challenge, &signature, &one_time, &registered);

    fixture.registry.set_unreachable(true);
    let error = redeem().unwrap_err();
    assert_eq!(error.code(), Some(ProblemCode::Unreachable));
    assert!(!error.to_string().contains("10.1.2.3"), "what the chain's address is, is nobody's business: {error}");
    fixture.registry.set_unreachable(false);
    fixture.registry.set_panics(true);
    assert_eq!(redeem().unwrap_err().code(), Some(ProblemCode::Internal));
    fixture.registry.set_panics(false);
    redeem().unwrap();
    assert_eq!(redeem().unwrap_err().code(), Some(ProblemCode::Used));
}

#[test]
fn health_says_which_registry_this_is_and_whether_the_chain_answers() {
    let fixture = GatewayFixture::new();
    let health = fixture.client().health().unwrap();
    assert_eq!(health.status, "ok");
    assert_eq!(health.registry, format!("0x{}", "22".repeat(32)));

    let fixture = GatewayFixture::new();
    fixture.registry.set_unreachable(true);
    assert_eq!(fixture.client().health().unwrap().status, "unreachable");
}

#[test]
fn a_slow_chain_holds_up_nobody_else() {
    let fixture = GatewayFixture::with(|config| config.request_timeout = Duration::from_millis(500));
    fixture.publish(0, b"words");
    let fan = Fan::sr25519(1);
    fixture.registry.grant(0, fan.account());
    let request = fixture.unlock_request(0, &fan);
    fixture.registry.set_delay(Duration::from_secs(2));
    let begin = std::time::Instant::now();
    assert_eq!(fixture.client().key(&request, fan.signer()).unwrap_err().code(), Some(ProblemCode::Timeout));
    assert!(begin.elapsed() < Duration::from_secs(2));
    let output = fixture.path("file");
    fixture.client().download(&request.info, &output, |_, _| ()).unwrap();
}
