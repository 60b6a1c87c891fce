//! A gateway with a registry in memory, creators who publish there, and fans who can sign.
#![allow(dead_code, reason = "each file of tests uses a part")]

use std::{
    collections::{HashMap, HashSet},
    io,
    net::SocketAddr,
    num::NonZeroU32,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use patronage_gateway::{
    client::{Client, SigningError, UnlockRequest},
    key_folder::KeyFolder,
    open::Published,
    registry::{Access, AccountId, ContentId, ContentInfo, Registry, RegistryId, Unreachable},
    seal::{seal_file, Sealed},
    server::{Config, Gateway},
    signature::{Scheme, Signature},
};
use tempfile::TempDir;
use tokio::{runtime::Runtime, sync::oneshot, task::JoinHandle};
use tracing_subscriber::fmt::MakeWriter;

pub const REGISTRY: RegistryId = RegistryId { genesis: [0x11; 32], registry: [0x22; 32] };
pub const WHY: &str = "hold 10 FAN more";

/// A registry that answers as configured.
#[derive(Debug, Default)]
pub struct TestRegistry {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    contents: HashMap<ContentId, ContentInfo>,
    granted: HashSet<(ContentId, AccountId)>,
    unreachable: bool,
    panics: bool,
    delay: Duration,
    begun: usize,
    asked: HashMap<AccountId, usize>,
}

impl TestRegistry {
    pub fn publish(&self, id: ContentId, info: ContentInfo) {
        self.state.lock().unwrap().contents.insert(id, info);
    }

    pub fn grant(&self, id: ContentId, account: AccountId) {
        self.state.lock().unwrap().granted.insert((id, account));
    }

    pub fn revoke(&self, id: ContentId, account: AccountId) {
        self.state.lock().unwrap().granted.remove(&(id, account));
    }

    pub fn set_unreachable(&self, unreachable: bool) {
        self.state.lock().unwrap().unreachable = unreachable;
    }

    pub fn set_panics(&self, panics: bool) {
        self.state.lock().unwrap().panics = panics;
    }

    pub fn set_delay(&self, delay: Duration) {
        self.state.lock().unwrap().delay = delay;
    }

    /// Number of queries, answered or not.
    pub fn begun(&self) -> usize {
        self.state.lock().unwrap().begun
    }

    /// Number of queries about access.
    pub fn asked(&self) -> usize {
        self.state.lock().unwrap().asked.values().sum()
    }

    /// How often it was asked about the access of this account.
    pub fn asked_about(&self, account: &AccountId) -> usize {
        self.state.lock().unwrap().asked.get(account).copied().unwrap_or(0)
    }

    fn ensure_reachable(&self) -> Result<(), Unreachable> {
        let (delay, panics, unreachable) = {
            let mut state = self.state.lock().unwrap();
            state.begun += 1;
            (state.delay, state.panics, state.unreachable)
        };
        std::thread::sleep(delay);
        assert!(!panics, "a registry with a mistake");
        match unreachable {
            true => Err(Unreachable("the node at ws://10.1.2.3:9944 is away".to_owned())),
            false => Ok(()),
        }
    }
}

impl Registry for TestRegistry {
    fn identity(&self) -> RegistryId {
        REGISTRY
    }

    fn content(&self, id: ContentId) -> Result<Option<ContentInfo>, Unreachable> {
        self.ensure_reachable()?;
        Ok(self.state.lock().unwrap().contents.get(&id).cloned())
    }

    fn access(&self, id: ContentId, account: &AccountId) -> Result<Access, Unreachable> {
        self.ensure_reachable()?;
        let mut state = self.state.lock().unwrap();
        *state.asked.entry(*account).or_default() += 1;
        match state.granted.contains(&(id, *account)) {
            true => Ok(Access::Granted),
            false => Ok(Access::Refused { why: WHY.to_owned() }),
        }
    }
}

/// Waits until the condition holds, also on a busy machine.
pub fn until(what: &str, mut so: impl FnMut() -> bool) {
    let begin = Instant::now();
    while !so() {
        assert!(begin.elapsed() < Duration::from_secs(30), "{what}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// A creator's machine with a running gateway.
pub struct GatewayFixture {
    pub folder: TempDir,
    pub registry: Arc<TestRegistry>,
    pub address: SocketAddr,
    runtime: Option<Runtime>,
    stop: Option<oneshot::Sender<()>>,
    running: Option<JoinHandle<()>>,
}

impl GatewayFixture {
    pub fn new() -> Self {
        Self::with(|_| ())
    }

    /// With changes to a configuration that does not limit one machine.
    pub fn with(change: impl FnOnce(&mut Config)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("content")).unwrap();
        let mut fixture = Self {
            registry: Arc::default(),
            address: ([127, 0, 0, 1], 0).into(),
            runtime: None,
            stop: None,
            running: None,
            folder,
        };
        fixture.start(change);
        fixture
    }

    pub fn start(&mut self, change: impl FnOnce(&mut Config)) {
        let mut config = Config::new(self.address, &self.path("keys"), &self.path("content"));
        config.requests_per_second = NonZeroU32::new(1_000_000).unwrap();
        config.burst = config.requests_per_second;
        config.most_connections_per_address = 10_000;
        config.most_connections = 10_000;
        change(&mut config);
        let runtime = Runtime::new().unwrap();
        let gateway = runtime.block_on(Gateway::bind(config, self.registry.clone())).unwrap();
        self.address = gateway.address().unwrap();
        let (stop, stopped) = oneshot::channel();
        self.running = Some(runtime.spawn(gateway.run(async {
            let _ = stopped.await;
        })));
        self.stop = Some(stop);
        self.runtime = Some(runtime);
    }

    /// Asks the gateway to stop, and does not wait.
    pub fn ask_to_stop(&mut self) {
        self.stop.take().unwrap().send(()).unwrap();
    }

    /// Waits until it has stopped.
    pub fn wait(&mut self) {
        self.runtime.as_ref().unwrap().block_on(self.running.take().unwrap()).unwrap();
        self.runtime = None;
    }

    /// Stops the gateway and starts it again at the same address.
    pub fn restart(&mut self) {
        self.ask_to_stop();
        self.wait();
        self.start(|_| ());
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub fn client(&self) -> Client {
        Client::new(&self.url()).unwrap()
    }

    pub fn keys(&self) -> KeyFolder {
        KeyFolder::open(&self.path("keys")).unwrap()
    }

    /// Encrypts `plain` and publishes it as content `id`.
    pub fn publish(&self, id: ContentId, plain: &[u8]) -> Sealed {
        let source = self.path("plain");
        std::fs::write(&source, plain).unwrap();
        let name = format!("{id}-{}.age", self.keys().public_keys().unwrap().len());
        let sealed = seal_file(&source, &self.path("content").join(&name), &self.keys(), |_, _| ()).unwrap();
        let info = ContentInfo { public_key: sealed.public_key.to_bytes(), hash: sealed.hash, uri: name };
        self.registry.publish(id, info);
        sealed
    }

    /// The request of a fan who has read the chain.
    pub fn unlock_request(&self, content: ContentId, fan: &Fan) -> UnlockRequest {
        let info = self.registry.content(content).unwrap().unwrap();
        UnlockRequest { registry: REGISTRY, content, info, account: fan.account() }
    }
}

impl Drop for GatewayFixture {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// A person with a wallet.
#[derive(Clone)]
pub enum Fan {
    Sr25519(Box<schnorrkel::Keypair>),
    Ed25519(Box<ed25519_dalek::SigningKey>),
}

impl Fan {
    pub fn sr25519(seed: u8) -> Self {
        let secret = schnorrkel::MiniSecretKey::from_bytes(&[seed; 32]).unwrap();
        Self::Sr25519(Box::new(secret.expand_to_keypair(schnorrkel::ExpansionMode::Ed25519)))
    }

    pub fn ed25519(seed: u8) -> Self {
        Self::Ed25519(Box::new(ed25519_dalek::SigningKey::from_bytes(&[seed; 32])))
    }

    pub fn account(&self) -> AccountId {
        match self {
            Fan::Sr25519(pair) => pair.public.to_bytes(),
            Fan::Ed25519(key) => key.verifying_key().to_bytes(),
        }
    }

    pub fn sign(&self, text: &str) -> Signature {
        match self {
            Fan::Sr25519(pair) => {
                Signature { scheme: Scheme::Sr25519, bytes: pair.sign_simple(b"substrate", text.as_bytes()).to_bytes() }
            }
            Fan::Ed25519(key) => {
                use ed25519_dalek::Signer;
                Signature { scheme: Scheme::Ed25519, bytes: key.sign(text.as_bytes()).to_bytes() }
            }
        }
    }

    /// Signs as a browser extension does.
    pub fn sign_wrapped(&self, text: &str) -> Signature {
        self.sign(&format!("<Bytes>{text}</Bytes>"))
    }

    pub fn signer(&self) -> impl FnOnce(&str) -> Result<Signature, SigningError> + '_ {
        |text| Ok(self.sign(text))
    }
}

/// What the registry has about a sealed file.
pub fn published(sealed: &Sealed) -> Published {
    Published { public_key: sealed.public_key, hash: sealed.hash }
}

/// Random bytes.
pub fn noise(size: usize) -> Vec<u8> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let step = |_| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state as u8
    };
    (0..size).map(step).collect()
}

/// Names of the files in a folder.
pub fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> =
        folder.read_dir().unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// The log of this program.
#[derive(Debug, Clone, Default)]
pub struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Log;

    fn make_writer(&'a self) -> Log {
        self.clone()
    }
}

impl Log {
    /// From now on, the log of this program goes here. Possible once per program.
    pub fn take_all(&self) {
        tracing_subscriber::fmt()
            .with_max_level(tracing::Level::TRACE)
            .with_writer(self.clone())
            .with_ansi(false)
            .init();
    }

    pub fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}
