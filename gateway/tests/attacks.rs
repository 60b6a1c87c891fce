//! Attempts of strangers, other fans and dishonest gateways.

mod common;

use std::{sync::Arc, time::Duration};

use axum::{
    routing::{get, post},
    Router,
};
use chrono::SubsecRound;
use common::{noise, Fan, GatewayFixture, REGISTRY};
use patronage_gateway::{
    challenge::{Challenge, ChallengeScope},
    client::{Client, ClientError, UnlockRequest},
    key::{KeyError, PublicKey, SecretKey},
    open::OpenError,
    protocol::{ChallengeAnswer, ChallengeRequest, KeyAnswer, KeyRequest, ProblemCode},
    registry::ContentInfo,
    signature::Scheme,
};

/// A fan with a signed challenge for content 0 of the gateway.
struct Case {
    client: Client,
    fan: Fan,
    one_time: SecretKey,
    registered: PublicKey,
    challenge: Challenge,
}

impl Case {
    fn of(fixture: &GatewayFixture) -> Self {
        let fan = Fan::sr25519(1);
        let one_time = SecretKey::generate();
        let registered = PublicKey::from_bytes(fixture.unlock_request(0, &fan).info.public_key).unwrap();
        let client = fixture.client();
        let recipient = one_time.public().unwrap();
        let challenge = client
            .challenge(&ChallengeScope { registry: REGISTRY, content: 0, account: fan.account(), recipient })
            .unwrap();
        Self { client, fan, one_time, registered, challenge }
    }

    /// Signs `challenge` and sends it, as our client does.
    fn redeem(&self, challenge: &Challenge) -> Result<SecretKey, ClientError> {
        let signature = self.fan.sign(&challenge.to_string());
        self.client.redeem(challenge, &signature, &self.one_time, &self.registered)
    }

    fn code(&self, challenge: &Challenge) -> Option<ProblemCode> {
        self.redeem(challenge).unwrap_err().code()
    }
}

fn fixture() -> GatewayFixture {
    let fixture = GatewayFixture::new();
    fixture.publish(0, b"words");
    fixture.publish(1, b"other words");
    fixture.registry.grant(0, Fan::sr25519(1).account());
    fixture
}

/// Sends a body to `path` unchanged. Returns status and code.
fn send(fixture: &GatewayFixture, path: &str, body: &[u8]) -> (u16, Option<ProblemCode>) {
    let agent = ureq::Agent::config_builder().http_status_as_error(false).build().new_agent();
    let response = agent.post(format!("{}{path}", fixture.url())).send(body).unwrap();
    let status = response.status().as_u16();
    let problem = serde_json::from_slice(&response.into_body().read_to_vec().unwrap());
    (status, problem.ok().map(|patronage_gateway::protocol::Problem { code, .. }| code))
}

#[test]
fn a_replayed_challenge_is_refused() {
    let fixture = fixture();
    let case = Case::of(&fixture);
    case.redeem(&case.challenge).unwrap();
    assert_eq!(case.code(&case.challenge), Some(ProblemCode::Used));
    assert_eq!(fixture.registry.asked(), 1, "the chain is not asked for it");
}

#[test]
fn of_many_who_replay_at_the_same_moment_one_gets_through() {
    let fixture = fixture();
    fixture.registry.set_delay(Duration::from_millis(50));
    let case = Arc::new(Case::of(&fixture));
    let tries: Vec<_> = (0..8)
        .map(|_| {
            let case = case.clone();
            std::thread::spawn(move || case.redeem(&case.challenge).is_ok())
        })
        .collect();
    assert_eq!(tries.into_iter().map(|each| each.join().unwrap()).filter(|ok| *ok).count(), 1);
}

#[test]
fn an_expired_challenge_is_refused() {
    let fixture = GatewayFixture::with(|config| config.challenge_lifetime = Duration::from_millis(100));
    fixture.publish(0, b"words");
    fixture.registry.grant(0, Fan::sr25519(1).account());
    let case = Case::of(&fixture);
    std::thread::sleep(Duration::from_millis(150));
    assert_eq!(case.code(&case.challenge), Some(ProblemCode::Expired));
}

#[test]
fn a_challenge_from_before_a_restart_is_refused_used_or_not() {
    let mut fixture = fixture();
    let case = Case::of(&fixture);
    let used = Case::of(&fixture);
    used.redeem(&used.challenge).unwrap();
    fixture.restart();
    assert_eq!(case.code(&case.challenge), Some(ProblemCode::UnknownChallenge));
    assert_eq!(used.code(&used.challenge), Some(ProblemCode::UnknownChallenge));
}

#[test]
fn forged_and_changed_challenges_are_refused_though_they_are_signed() {
    let fixture = fixture();
    let case = Case::of(&fixture);
    let change = |change: &dyn Fn(&mut Challenge)| {
        let mut changed = case.challenge.clone();
        change(&mut changed);
        case.code(&changed)
    };
    let unknown = Some(ProblemCode::UnknownChallenge);
    assert_eq!(change(&|challenge| challenge.nonce = [7; 48]), unknown);
    assert_eq!(change(&|challenge| challenge.expires += chrono::TimeDelta::days(365)), unknown);
    assert_eq!(change(&|challenge| challenge.scope.content = 1), unknown, "other content's");
    assert_eq!(change(&|challenge| challenge.scope.recipient = SecretKey::generate().public().unwrap()), unknown);
    let other = Some(ProblemCode::OtherRegistry);
    assert_eq!(change(&|challenge| challenge.scope.registry.registry = [9; 32]), other, "other registry's");
    assert_eq!(change(&|challenge| challenge.scope.registry.genesis = [9; 32]), other, "other chain's");
    // None of this has used it up.
    case.redeem(&case.challenge).unwrap();
}

#[test]
fn a_signature_of_someone_else_or_of_another_kind_is_refused() {
    let fixture = fixture();
    let case = Case::of(&fixture);
    let text = case.challenge.to_string();
    let mine = case.fan.sign(&text);
    let bodies = [
        KeyRequest::new(case.challenge.clone(), &Fan::sr25519(2).sign(&text)),
        KeyRequest::new(case.challenge.clone(), &Fan::ed25519(1).sign(&text)),
        KeyRequest { scheme: Scheme::Ed25519, ..KeyRequest::new(case.challenge.clone(), &mine) },
        KeyRequest::new(case.challenge.clone(), &case.fan.sign(&format!("{text} "))),
        KeyRequest::new(case.challenge.clone(), &case.fan.sign(&format!("<Bytes>{text}"))),
    ];
    for body in bodies {
        let answer = send(&fixture, "/key", &serde_json::to_vec(&body).unwrap());
        assert_eq!(answer, (401, Some(ProblemCode::BadSignature)), "{:?}", body.scheme);
    }
    let ecdsa = serde_json::to_string(&KeyRequest::new(case.challenge.clone(), &mine)).unwrap();
    let answer = send(&fixture, "/key", ecdsa.replace("sr25519", "ecdsa").as_bytes());
    assert_eq!(answer, (400, Some(ProblemCode::Malformed)));
    assert_eq!(fixture.registry.asked(), 0);
    case.redeem(&case.challenge).unwrap();
}

#[test]
fn our_client_does_not_even_send_a_signature_that_is_not_the_accounts() {
    let fixture = fixture();
    let fan = Fan::sr25519(1);
    let error =
        fixture.client().key(&fixture.unlock_request(0, &fan), |text| Ok(Fan::sr25519(2).sign(text))).unwrap_err();
    assert!(matches!(error, ClientError::WrongSignature));
}

#[test]
fn who_overhears_an_unlock_can_not_read_the_key() {
    let fixture = fixture();
    let case = Case::of(&fixture);
    let signature = case.fan.sign(&case.challenge.to_string());
    let body = serde_json::to_vec(&KeyRequest::new(case.challenge.clone(), &signature)).unwrap();
    let answer =
        ureq::post(format!("{}/key", fixture.url())).send(&body[..]).unwrap().into_body().read_to_vec().unwrap();
    let KeyAnswer { key } = serde_json::from_slice(&answer).unwrap();
    assert!(SecretKey::generate().decrypt_key(&key).is_err());
    assert_eq!(case.one_time.decrypt_key(&key).unwrap().public(), Ok(case.registered));
}

#[test]
fn a_tampered_ciphertext_is_not_opened() {
    let fixture = GatewayFixture::new();
    fixture.publish(0, &noise(200_000));
    let fan = Fan::sr25519(1);
    fixture.registry.grant(0, fan.account());
    let request = fixture.unlock_request(0, &fan);
    let file = fixture.path("content").join(&request.info.uri);
    let mut bytes = std::fs::read(&file).unwrap();
    bytes[150_000] ^= 1;
    std::fs::write(&file, bytes).unwrap();
    let output = fixture.path("opened");
    let error = fixture.client().unlock(&request, fan.signer(), &output, |_| ()).unwrap_err();
    assert!(matches!(error, ClientError::OtherFile { .. }), "{error}");
    assert!(!output.exists());
}

/// A gateway that asks for a signature of what `lie` makes of the requested challenge, and answers with what `key` makes of
/// the fan's one-time key.
fn liar(lie: fn(&mut Challenge), key: fn(&PublicKey) -> String) -> (tokio::runtime::Runtime, Client) {
    let challenge = move |body: String| async move {
        let asked: ChallengeRequest = serde_json::from_str(&body).unwrap();
        let ChallengeRequest { content, account, recipient } = asked;
        let mut challenge = Challenge {
            scope: ChallengeScope { registry: REGISTRY, content, account, recipient },
            expires: (chrono::Utc::now() + chrono::TimeDelta::minutes(1)).trunc_subsecs(3),
            nonce: [3; 48],
        };
        lie(&mut challenge);
        serde_json::to_string(&ChallengeAnswer { challenge: challenge.to_string() }).unwrap()
    };
    let key = move |body: String| async move {
        let request: KeyRequest = serde_json::from_str(&body).unwrap();
        serde_json::to_string(&KeyAnswer { key: key(&request.challenge.scope.recipient) }).unwrap()
    };
    serve(Router::new().route("/challenge", post(challenge)).route("/key", post(key)))
}

/// A server with these routes, and a client for it.
fn serve(routes: Router) -> (tokio::runtime::Runtime, Client) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
    let address = listener.local_addr().unwrap();
    runtime.spawn(async move { axum::serve(listener, routes).await });
    (runtime, Client::new(&format!("http://{address}")).unwrap())
}

fn unlock_request(fan: &Fan) -> UnlockRequest {
    let public_key = SecretKey::generate().public().unwrap().to_bytes();
    let info = ContentInfo { public_key, hash: [5; 32], uri: "a.age".to_owned() };
    UnlockRequest { registry: REGISTRY, content: 0, info, account: fan.account() }
}

#[test]
fn a_gateway_that_gives_a_wrong_key_is_caught() {
    let fan = Fan::sr25519(1);
    let (_runtime, client) = liar(|_| (), |recipient| SecretKey::generate().encrypted_to(recipient).unwrap());
    let error = client.key(&unlock_request(&fan), fan.signer()).unwrap_err();
    assert!(matches!(error, ClientError::Open(OpenError::OtherKey { .. })), "{error}");

    for nonsense in [|_: &PublicKey| String::new(), |_: &PublicKey| "-----BEGIN AGE ENCRYPTED FILE-----".to_owned()] {
        let (_runtime, client) = liar(|_| (), nonsense);
        let error = client.key(&unlock_request(&fan), fan.signer()).unwrap_err();
        assert!(matches!(error, ClientError::Key(KeyError::Sealed)), "{error}");
    }
}

#[test]
fn a_gateway_that_wants_something_else_signed_gets_no_signature() {
    type Lie = fn(&mut Challenge);
    let lies: [(Lie, &str); 6] = [
        (|challenge| challenge.scope.registry.genesis = [9; 32], "another chain"),
        (|challenge| challenge.scope.registry.registry = [9; 32], "another registry"),
        (|challenge| challenge.scope.content = 9, "another content"),
        (|challenge| challenge.scope.account = [9; 32], "another account"),
        (|challenge| challenge.scope.recipient = SecretKey::generate().public().unwrap(), "another one-time key"),
        (|challenge| challenge.expires += chrono::TimeDelta::days(30), "valid until"),
    ];
    let fan = Fan::sr25519(1);
    for (lie, words) in lies {
        let (_runtime, client) = liar(lie, |_| String::new());
        let error = client.key(&unlock_request(&fan), |_| panic!("nothing is to be signed")).unwrap_err().to_string();
        assert!(error.contains(words), "{words}: {error}");
    }
}

#[test]
fn a_gateway_that_wants_a_transaction_signed_gets_no_signature() {
    let answer = r#"{"challenge":"0x0a000090b5ab205c6974c9ea841be688864633dc9ca8a357843eeacf2314649965fe22"}"#;
    let (_runtime, client) = serve(Router::new().route("/challenge", post(move || async move { answer })));
    let fan = Fan::sr25519(1);
    let error = client.key(&unlock_request(&fan), |_| panic!("nothing is to be signed")).unwrap_err();
    assert!(matches!(error, ClientError::NoChallenge(_)), "{error}");
}

#[test]
fn a_server_that_sends_without_end_is_cut_off() {
    let fan = Fan::sr25519(1);
    let endless = || async { " ".repeat(10 << 20) };
    let (_runtime, client) =
        serve(Router::new().route("/challenge", post(endless)).route("/content/a.age", get(endless)));
    let error = client.key(&unlock_request(&fan), fan.signer()).unwrap_err();
    assert!(matches!(error, ClientError::NotAGateway { .. }), "{error}");
    let folder = tempfile::tempdir().unwrap();
    let client = client.with_most_download(1 << 20);
    let error = client.download(&unlock_request(&fan).info, &folder.path().join("file"), |_, _| ()).unwrap_err();
    assert!(matches!(error, ClientError::TooLarge { most: 1_048_576, .. }), "{error}");
    assert!(common::names(folder.path()).is_empty());
}
