//! What the log contains, and what it must not. The only test of its program, as the log is global.

mod common;

use age::secrecy::ExposeSecret;
use common::{Fan, GatewayFixture, Log};
use patronage_gateway::key::SecretKey;

#[test]
fn the_log_says_who_opened_what_and_no_secret() {
    let log = Log::default();
    log.take_all();
    let fixture = GatewayFixture::new();
    let sealed = fixture.publish(4, b"words");
    let fan = Fan::sr25519(1);
    let request = fixture.unlock_request(4, &fan);
    let (mut text, mut signature) = (String::new(), String::new());
    fixture.client().key(&request, fan.signer()).unwrap_err();
    fixture.registry.grant(4, fan.account());
    let mut sign = |challenge: &str| {
        text = challenge.to_owned();
        let signed = fan.sign(challenge);
        signature = signed.to_hex();
        Ok(signed)
    };
    let key = fixture.client().key(&request, &mut sign).unwrap();
    assert_eq!(key.public(), Ok(sealed.public_key));

    let log = log.text();
    let ours: String =
        log.lines().filter(|line| line.contains("patronage_gateway")).map(|line| format!("{line}\n")).collect();
    let account = hex::encode(fan.account());
    assert!(ours.contains(&format!("key content=4 account=\"{account}\" refused=Some(NoAccess)")), "{ours}");
    assert!(ours.contains(&format!("key content=4 account=\"{account}\" refused=None")), "{ours}");
    assert!(ours.contains("request method=POST path=\"/key\" status=200"), "{ours}");
    let identity = key.to_identity_text();
    let secret = identity.expose_secret().lines().last().unwrap();
    let nonce = text.lines().last().unwrap().strip_prefix("Nonce: ").unwrap();
    let line = text.lines().find_map(|line| line.strip_prefix("Key for: ")).unwrap();
    for hidden in [secret, "AGE-SECRET-KEY", nonce, line, &signature] {
        assert!(!ours.contains(hidden), "{hidden} is in the log: {ours}");
    }
    assert!(!log.contains("AGE-SECRET-KEY"), "nor in what libraries write");
    SecretKey::from_identity_text(identity.expose_secret()).unwrap();
}
