//! The gateway: an HTTP server that answers signed challenges with keys, and serves the encrypted files.
//!
//! It keeps nothing but the creator's files: no database, no accounts, no sessions. It speaks HTTP/1.1 without TLS; on the
//! open network it belongs behind a server that adds TLS, as any web server does.

mod api;
mod conditions;
mod connections;
mod content;
mod forwarded;
mod limits;
mod problem;
mod ranges;
mod target;

use std::{
    future::Future,
    io,
    net::{IpAddr, SocketAddr},
    num::NonZeroU32,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use tokio::{
    net::{TcpListener, TcpSocket},
    sync::{Mutex, Semaphore},
};
use tracing::info;

use self::{forwarded::Doubts, limits::RateLimiter};
use crate::{
    issuer::{Issuer, NoRandomness},
    key_folder::{KeyFolder, KeyFolderError},
    registry::Registry,
};

/// What an operator can set. The defaults fit one creator on a small machine.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where to listen. With port 0 the system chooses one.
    pub listen: SocketAddr,
    /// Folder of secret keys.
    pub keys: PathBuf,
    /// Folder of encrypted files, served under `/content/`. Only files directly in it are.
    pub content: PathBuf,
    /// How long a challenge is good for.
    pub challenge_lifetime: Duration,
    /// How many used challenges are remembered; past that, none is taken until some expire. Each takes about 100 bytes.
    pub most_used_challenges: usize,
    /// How many requests a second one address may make, in the long run.
    pub requests_per_second: NonZeroU32,
    /// How many it may make at once.
    pub burst: NonZeroU32,
    /// How many connections there are at most; as many more wait, if the system lets them (`net.core.somaxconn` on Linux).
    pub most_connections: usize,
    /// How many of them one address may have; others are closed.
    pub most_connections_per_address: usize,
    /// How many questions the chain is asked at the same time; others wait.
    pub most_chain_calls: usize,
    /// How long a request may take until the answer begins, including the time to send it.
    pub request_timeout: Duration,
    /// How long a client may take for the head of a request, and how long a connection may be idle.
    pub header_timeout: Duration,
    /// How long a client may read nothing of an answer.
    pub write_timeout: Duration,
    /// How long open requests may go on after the stop.
    pub stop_timeout: Duration,
    /// Servers whose `X-Forwarded-For` says who asks. Their own connections are not limited by address.
    pub trusted_proxies: Vec<IpAddr>,
}

impl Config {
    /// The defaults, with these folders.
    pub fn new(listen: SocketAddr, keys: &Path, content: &Path) -> Self {
        Self {
            listen,
            keys: keys.to_owned(),
            content: content.to_owned(),
            challenge_lifetime: Duration::from_secs(120),
            most_used_challenges: 100_000,
            requests_per_second: NonZeroU32::MIN.saturating_add(9),
            burst: NonZeroU32::MIN.saturating_add(39),
            most_connections: 1024,
            most_connections_per_address: 64,
            most_chain_calls: 8,
            request_timeout: Duration::from_secs(30),
            header_timeout: Duration::from_secs(15),
            write_timeout: Duration::from_secs(30),
            stop_timeout: Duration::from_secs(10),
            trusted_proxies: Vec::new(),
        }
    }
}

/// Why a gateway does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The folder of keys can't be used.
    #[error(transparent)]
    Keys(#[from] KeyFolderError),
    /// The folder of encrypted files can't be used.
    #[error("the folder of encrypted files, {}, can't be used: {source}", .path.display())]
    Content {
        /// The folder.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// Secrets would be in the folder that everyone can read, or the other way round.
    #[error("the folders of keys ({}) and of encrypted files ({}) must not be in each other: move one of them", .keys.display(), .content.display())]
    Nested {
        /// Folder of keys.
        keys: PathBuf,
        /// Folder of encrypted files.
        content: PathBuf,
    },
    /// The address is taken or not ours.
    #[error("can't listen on {address}: {source}. Choose another address or port")]
    Listen {
        /// Where.
        address: SocketAddr,
        /// What the system says.
        source: io::Error,
    },
    /// No randomness.
    #[error(transparent)]
    Random(#[from] NoRandomness),
    /// A limit lets nothing through.
    #[error("{0} must be at least 1")]
    Zero(&'static str),
}

/// What all requests share.
struct Shared {
    config: Config,
    registry: Arc<dyn Registry>,
    issuer: Issuer,
    keys: KeyFolder,
    content: PathBuf,
    rate: RateLimiter,
    doubts: Doubts,
    /// A permit goes with each question to the chain until it is answered, even when nobody waits for the answer any more.
    chain_calls: Arc<Semaphore>,
    health: Mutex<Option<api::KnownHealth>>,
}

/// A gateway that listens.
pub struct Gateway {
    listener: TcpListener,
    shared: Arc<Shared>,
}

impl Gateway {
    /// Checks the folders and begins to listen; requests are answered from [`Self::run`] on.
    ///
    /// # Errors
    /// See [`StartError`]; each says what to do.
    pub async fn bind(config: Config, registry: Arc<dyn Registry>) -> Result<Self, StartError> {
        for (limit, name) in [
            (config.most_connections, "most_connections"),
            (config.most_connections_per_address, "most_connections_per_address"),
            (config.most_chain_calls, "most_chain_calls"),
            (config.most_used_challenges, "most_used_challenges"),
        ] {
            if limit == 0 {
                return Err(StartError::Zero(name));
            }
        }
        let keys = KeyFolder::open(&config.keys)?;
        let content = real_folder(&config.content)?;
        let secret = real_folder(&config.keys)?;
        if content.starts_with(&secret) || secret.starts_with(&content) {
            return Err(StartError::Nested { keys: secret, content });
        }
        let address = config.listen;
        let listener =
            listen(address, config.most_connections).map_err(|source| StartError::Listen { address, source })?;
        let shared = Shared {
            issuer: Issuer::new(registry.identity(), config.challenge_lifetime, config.most_used_challenges)?,
            rate: RateLimiter::new(config.requests_per_second, config.burst),
            doubts: Doubts::default(),
            // Tokio panics on more permits than it can count.
            chain_calls: Arc::new(Semaphore::new(config.most_chain_calls.min(Semaphore::MAX_PERMITS))),
            health: Mutex::default(),
            registry,
            keys,
            content,
            config,
        };
        Ok(Self { listener, shared: Arc::new(shared) })
    }

    /// Where it listens.
    ///
    /// # Errors
    /// When the system does not say.
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Answers requests until `stop` is ready; then takes no more, and lets those that are open come to their end within
    /// `stop_timeout`.
    pub async fn run(self, stop: impl Future<Output = ()>) {
        let Self { listener, shared } = self;
        info!(address = ?listener.local_addr().ok(), keys = shared.keys.public_keys().map_or(0, |keys| keys.len()), "listening");
        connections::serve(listener, shared, stop).await;
        info!("stopped");
    }
}

/// Listens at `address`, with room for `waiting` connections that are not taken yet. [`TcpListener::bind`] has room for 128,
/// whatever the limit, and Linux resets some of those that find no room.
fn listen(address: SocketAddr, waiting: usize) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    // As `TcpListener::bind` does: a gateway that starts again need not wait for the connections of the last.
    #[cfg(unix)]
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    // The system's functions take a signed number.
    socket.listen(u32::try_from(waiting).unwrap_or(u32::MAX).min(i32::MAX as u32))
}

/// The folder without links and dots.
fn real_folder(path: &Path) -> Result<PathBuf, StartError> {
    let failed = |source| StartError::Content { path: path.to_owned(), source };
    let real = path.canonicalize().map_err(failed)?;
    match real.is_dir() {
        true => Ok(real),
        false => Err(failed(io::ErrorKind::NotADirectory.into())),
    }
}
