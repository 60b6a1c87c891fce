//! Requests under `/v1`, to a server with an index.

use std::{
    cell::RefCell,
    fs,
    sync::{atomic::AtomicI64, Arc},
    time::{Duration, Instant},
};

use axum::{
    body::{to_bytes, Body},
    http::{header, HeaderMap, HeaderName, HeaderValue, Method, Request, StatusCode, Uri},
    Router,
};
use ink::env::Event;
use parity_scale_codec::Encode;
use patronage_chain::{ContractEvent, PastEvent};
use patronage_gateway::{
    key_folder::KeyFolder,
    registry::{AccountId, RegistryId, Unreachable},
    signature::{Scheme, Signature},
    state::{ChallengeKey, MemoryState},
};
use patronage_indexer::{follow::Batch, sqlite_url, Cursor, Index};
use patronage_interfaces::{
    registry, token,
    vault::{self, Asset},
};
use patronage_server::{
    api::{self, shapes, Shared},
    creator::{CreatorChain, Offers},
    identity::Identity,
    indexed::Indexed,
    notices::store::Store,
    sign_in::Sessions,
    upload::Uploads,
};
use ring::signature::{Ed25519KeyPair, KeyPair};
use serde_json::Value;
use tempfile::TempDir;
use tokio::runtime::{Builder, Runtime};
use tower::ServiceExt;

use crate::world::{account, contracts, folder, units, GENESIS, NOW};

/// The owner's key. The owner may see members and send files.
const SEED: [u8; 32] = [9; 32];
/// A token is replaced before its quarter of an hour is over.
const RENEWED_AFTER: Duration = Duration::from_secs(600);
/// First line of an encrypted file.
const AGE: &[u8] = b"age-encryption.org/v1\n";
/// Stands for a valid token.
const TOKEN: &str = "@token";
/// Requests of an input.
const MOST_REQUESTS: usize = 8;
/// More than an answer has.
const MOST_BODY: usize = 1 << 20;

/// The contracts of an owner on a chain, with some content.
struct OnChain(AccountId);

impl CreatorChain for OnChain {
    fn owner(&self) -> Result<AccountId, Unreachable> {
        Ok(self.0)
    }

    fn may_publish(&self, account: AccountId) -> Result<bool, Unreachable> {
        Ok(account == self.0)
    }

    fn tiers(&self) -> Result<Vec<shapes::Tier>, Unreachable> {
        Ok(Vec::new())
    }

    fn content(&self, first: u32, most: u32) -> Result<Vec<shapes::Content>, Unreachable> {
        let content = |content| shapes::Content {
            content,
            title: None,
            uri: "diary.age".to_owned(),
            hash: String::new(),
            price: None,
            release: 0,
            retired: false,
            everyone: false,
        };
        Ok((first..first.saturating_add(most).min(7)).map(content).collect())
    }
}

fn event<T: Event + Encode>(contract: u8, value: &T) -> ContractEvent {
    let topics = T::SIGNATURE_TOPIC.into_iter().collect();
    ContractEvent { contract: account(contract), topics, data: value.encode() }
}

/// What has happened: a few of everything that is listed.
fn history() -> Vec<PastEvent> {
    let mut events = Vec::new();
    let terms = vault::TierTerms {
        asset: Asset::Native,
        price: 1_000,
        period: 86_400_000,
        level: 1,
        seats: None,
        minimum_stay: 0,
        uri: Vec::new(),
    };
    events.push(event(2, &vault::TierOffered { tier: 0, terms, open: true }));
    for number in 10..15 {
        let (fan, amount) = (account(number), u128::from(number));
        let tip = |asset, memo: &[u8]| vault::Tipped { fan, asset, amount, memo: memo.to_vec() };
        events.push(event(2, &tip(Asset::Native, b"thanks")));
        events.push(event(2, &tip(Asset::Psp22(account(7)), b"\xff<b>")));
        let until = NOW + u64::from(number % 2) * 86_400_000;
        let (price, paid, carried, minimum) = (1_000, 1_000 + amount, 0, 0);
        events.push(event(2, &vault::Subscribed { fan, tier: 0, payer: fan, price, paid, carried, minimum, until }));
        events.push(event(1, &psp22::Transfer { from: None, to: Some(fan), value: amount }));
        events.push(event(2, &vault::StakeChanged { fan, staked: amount, unstaking: 0, ready: 0 }));
        events.push(event(3, &registry::Purchased { id: 1, recipient: fan, payer: fan, price: amount }));
        events.push(event(1, &token::Claimed { account: fan, amount }));
    }
    let past = |(number, event)| PastEvent { block: number as u32 / 4 + 1, time: NOW - 1_000, event };
    events.into_iter().enumerate().map(past).collect()
}

/// The token for a signed challenge.
fn sign_in(runtime: &Runtime, sessions: &Sessions, owner: &Ed25519KeyPair) -> String {
    let account = owner.public_key().as_ref().try_into().expect("an account");
    let challenge = sessions.challenge(account).expect("a challenge");
    let bytes = owner.sign(challenge.to_string().as_bytes()).as_ref().try_into().expect("a signature");
    let signature = Signature { scheme: Scheme::Ed25519, bytes };
    runtime.block_on(sessions.sign_in(&challenge, &signature)).expect("a token")
}

struct Setup {
    home: TempDir,
    runtime: Runtime,
    router: Router,
    /// Another process that shares the key of tokens.
    sessions: Sessions,
    owner: Ed25519KeyPair,
    token: RefCell<(Instant, String)>,
}

impl Setup {
    fn new() -> Self {
        let (home, registry) = (folder(), RegistryId { genesis: GENESIS, registry: [3; 32] });
        fs::create_dir(home.path().join("files")).expect("a folder");
        let runtime = Builder::new_current_thread().enable_all().max_blocking_threads(1).build().expect("a runtime");
        let identity = Identity {
            registry,
            token: [1; 32],
            vault: [2; 32],
            native: units().native,
            creator_token: units().token,
            tiers: vec!["Listener".to_owned()],
            content: vec!["Album".to_owned()],
        };
        let (index, notices) = runtime.block_on(async {
            // Not in memory alone, as a pool replaces its connections after half an hour.
            let index = Index::open(&sqlite_url(&home.path().join("index"))).await.expect("a database");
            let creator = index.creator(&GENESIS, &contracts(), 0).await.expect("a creator");
            let begin = Cursor { block: 0, hash: String::new() };
            let batch = Batch { events: history(), block: 100, hash: [7; 32] };
            index.apply(creator, &contracts(), &begin, &batch).await.expect("it is stored");
            let now = Arc::new(AtomicI64::new(NOW as i64));
            let file = format!("{}?mode=rwc", sqlite_url(&home.path().join("notices")));
            let notices = Store::open(&file).await.expect("a database");
            (Indexed::new(index, creator, identity.clone(), now), notices)
        });
        let key = ChallengeKey::new([7; 32]);
        let state = Arc::new(MemoryState::new(1_000).expect("a state"));
        let owner = Ed25519KeyPair::from_seed_unchecked(&SEED).expect("a key");
        let account = owner.public_key().as_ref().try_into().expect("an account");
        let keys = KeyFolder::open(&home.path().join("keys")).expect("a folder of keys");
        let router = api::routes(Arc::new(Shared {
            identity,
            index: Arc::new(index),
            offers: Offers::new(Arc::new(OnChain(account))),
            notices,
            sessions: Sessions::new(registry, &key, state.clone()),
            uploads: Uploads::new(home.path().join("files"), keys, None),
            profile: None,
        }));
        let sessions = Sessions::new(registry, &key, state);
        let token = RefCell::new((Instant::now(), sign_in(&runtime, &sessions, &owner)));
        Self { home, runtime, router, sessions, owner, token }
    }

    /// A valid token of the owner.
    fn token(&self) -> String {
        let mut token = self.token.borrow_mut();
        if token.0.elapsed() > RENEWED_AFTER {
            *token = (Instant::now(), sign_in(&self.runtime, &self.sessions, &self.owner));
        }
        token.1.clone()
    }

    fn send(&self, request: Request<Body>) -> (StatusCode, HeaderMap, Vec<u8>) {
        let router = self.router.clone();
        self.runtime.block_on(async {
            let response = router.oneshot(request).await.expect("an answer");
            let (head, body) = response.into_parts();
            let body = to_bytes(body, MOST_BODY).await.expect("a short answer");
            (head.status, head.headers, body.to_vec())
        })
    }

    /// Files that are served begin as encrypted files do. Everything is removed.
    fn end(&self) {
        for name in ["files", "keys"] {
            for entry in fs::read_dir(self.home.path().join(name)).expect("a folder") {
                let path = entry.expect("an entry").path();
                let served = !path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."));
                let bytes = fs::read(&path).expect("a file");
                assert!(name != "files" || !served || bytes.starts_with(AGE), "{path:?} is not encrypted");
                fs::remove_file(path).expect("a file");
            }
        }
    }
}

/// A request, which can be made more than once.
#[derive(Debug, Clone)]
struct Sent {
    method: Method,
    target: Uri,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Sent {
    /// A line with method and target, lines of headers, an empty line, the body.
    fn parse(text: &[u8], token: &str) -> Option<Self> {
        let end = text.windows(2).position(|pair| pair == b"\n\n");
        let (head, body) = end.map_or((text, &[][..]), |end| (&text[..end], &text[end + 2..]));
        let mut lines = head.split(|byte| *byte == b'\n');
        let first = std::str::from_utf8(lines.next()?).ok()?;
        let (method, target) = first.split_once(' ')?;
        let mut headers = HeaderMap::new();
        for line in lines.take(16) {
            let colon = line.iter().position(|byte| *byte == b':')?;
            let value = String::from_utf8_lossy(&line[colon + 1..]).trim().replace(TOKEN, token);
            headers.append(HeaderName::from_bytes(&line[..colon]).ok()?, HeaderValue::from_str(&value).ok()?);
        }
        let method = Method::from_bytes(method.as_bytes()).ok()?;
        Some(Self { method, target: target.parse().ok()?, headers, body: body.to_vec() })
    }

    fn request(&self) -> Request<Body> {
        let mut request = Request::new(Body::from(self.body.clone()));
        *request.method_mut() = self.method.clone();
        *request.uri_mut() = self.target.clone();
        *request.headers_mut() = self.headers.clone();
        request
    }

    /// Whether the only token is `token`, in its only spelling.
    fn signed_in(&self, token: &str) -> bool {
        let value = self.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let its = value.split_once(' ').filter(|(kind, _)| kind.eq_ignore_ascii_case("bearer"));
        its.is_some_and(|(_, its)| its.trim() == token)
    }
}

/// The input is a list of requests, separated by lines with a dot.
pub fn check(data: &[u8]) {
    thread_local!(static SETUP: Setup = Setup::new());
    SETUP.with(|setup| {
        let (mut rest, token) = (data, setup.token());
        for _ in 0..MOST_REQUESTS {
            let end = rest.windows(3).position(|bytes| bytes == b"\n.\n");
            let (one, after) = end.map_or((rest, &[][..]), |end| (&rest[..end], &rest[end + 3..]));
            if let Some(sent) = Sent::parse(one, &token) {
                exchange(setup, &sent, &token);
            }
            rest = after;
        }
        setup.end();
    });
}

/// Paths that only the owner may use.
fn is_private(path: &str) -> bool {
    path == "/v1/members" || path.starts_with("/v1/uploads") || path.starts_with("/v1/keys")
}

fn exchange(setup: &Setup, sent: &Sent, token: &str) {
    let (status, headers, body) = setup.send(sent.request());
    assert!(!status.is_server_error(), "{status} {}", String::from_utf8_lossy(&body));
    let path = sent.target.path();
    let signed_in = sent.signed_in(token);
    let capabilities = sent.method == Method::OPTIONS;
    if is_private(path) && !signed_in && !capabilities {
        assert!(!status.is_success() && status != StatusCode::NOT_MODIFIED, "{status} for {sent:?} without a token");
    }
    assert!(path != "/v1/sign-in" || !status.is_success(), "nobody has signed");
    let [offset, length] = ["upload-offset", "upload-length"].map(|name| number(&headers, name));
    assert!(offset <= length, "{offset:?} of {length:?}");
    if status.is_client_error() && !body.is_empty() && headers.get(header::CONTENT_TYPE) == Some(&JSON) {
        let problem: Value = serde_json::from_slice(&body).expect("JSON");
        let message = problem["message"].as_str().expect("a message");
        assert!(problem["code"].is_string() && !message.contains('\n') && !message.is_empty(), "{problem}");
        assert!(!message.contains(token), "a token is shown");
    }
    if status != StatusCode::OK || sent.method != Method::GET {
        return;
    }
    assert_eq!(headers.get(header::X_CONTENT_TYPE_OPTIONS).map(HeaderValue::as_bytes), Some(&b"nosniff"[..]));
    let control = headers.get(header::CACHE_CONTROL).and_then(|value| value.to_str().ok()).expect("a rule");
    assert_eq!(control.contains("private"), is_private(path), "{path}: {control}");
    // Who has the answer does not get it again.
    let mut again = sent.clone();
    again.headers.insert(header::IF_NONE_MATCH, headers[header::ETAG].clone());
    assert_eq!(setup.send(again.request()).0, StatusCode::NOT_MODIFIED);
    if headers.get(header::CONTENT_TYPE) == Some(&JSON) {
        let page: Value = serde_json::from_slice(&body).expect("JSON");
        next_page(setup, sent, &page);
    }
}

const JSON: HeaderValue = HeaderValue::from_static("application/json");

fn number(headers: &HeaderMap, name: &str) -> Option<u64> {
    headers.get(name).map(|value| value.to_str().ok().and_then(|text| text.parse().ok()).expect("a number"))
}

/// A page has as many items as were asked for at most, and names the next one in a form that the server takes.
fn next_page(setup: &Setup, sent: &Sent, page: &Value) {
    let Some(items) = page["items"].as_array() else { return };
    let query = sent.target.query().unwrap_or_default();
    // Names and values can be escaped; then this check is left out.
    let limit = query.split('&').filter_map(|pair| pair.strip_prefix("limit=")).find_map(|text| text.parse().ok());
    if let Some(limit) = limit {
        assert!(items.len() <= limit, "{} items of {query}", items.len());
    }
    assert!(items.len() <= 100 || page.get("next").is_none(), "{} items", items.len());
    let Some(next) = page["next"].as_str() else { return };
    assert!(!items.is_empty(), "a page without items before the last one");
    let name = if sent.target.path().ends_with("/history") { "before" } else { "after" };
    let plain = query.split('&').filter(|pair| !pair.is_empty() && pair.split('=').next() != Some(name));
    let mut pairs: Vec<String> = plain.map(str::to_owned).collect();
    if query.contains('%') || query.contains('+') {
        return;
    }
    pairs.push(format!("{name}={next}"));
    let target = format!("{}?{}", sent.target.path(), pairs.join("&"));
    let follow = Sent { target: target.parse().expect("a target"), ..sent.clone() };
    let (status, _, body) = setup.send(follow.request());
    assert_eq!(status, StatusCode::OK, "{target}: {}", String::from_utf8_lossy(&body));
    let after: Value = serde_json::from_slice(&body).expect("JSON");
    let first = after["items"].as_array().and_then(|items| items.first());
    assert!(first.is_none_or(|first| !items.contains(first)), "{target} repeats {first:?}");
}
