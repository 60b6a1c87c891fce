//! The gateway: an HTTP server that answers signed challenges with keys, and serves the encrypted files.
//!
//! It stores only the creator's files: no accounts, no sessions. [`Services`] can share its state with other processes, and
//! add routes. It speaks HTTP/1.1 without TLS. On the public
//! network, put it behind a server that adds TLS.

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

use self::{forwarded::ProxyWarnings, limits::RateLimiter};
use crate::{
    files::{Files, FolderFiles},
    issuer::Issuer,
    key_folder::{KeyFolder, KeyFolderError},
    registry::Registry,
    state::{MemoryState, NoRandomness, State, StateUnreachable},
};

/// Configuration. The defaults suit one creator on a small machine.
#[derive(Debug, Clone)]
pub struct Config {
    /// Address to listen on. With port 0 the system chooses one.
    pub listen: SocketAddr,
    /// Folder of secret keys.
    pub keys: PathBuf,
    /// Folder of encrypted files, served under `/content/`. Only files directly in it are served.
    pub content: PathBuf,
    /// Lifetime of a challenge.
    pub challenge_lifetime: Duration,
    /// The maximum number of used challenges that the memory remembers. Beyond it none is redeemed until some expire. Each
    /// takes about 100 bytes.
    pub most_used_challenges: usize,
    /// The maximum rate of one address, in requests per second.
    pub requests_per_second: NonZeroU32,
    /// The maximum number of requests of one address at once.
    pub burst: NonZeroU32,
    /// The maximum number of connections. As many more wait, if the system allows it (`net.core.somaxconn` on Linux).
    pub most_connections: usize,
    /// The maximum number of connections of one address. Others are closed.
    pub most_connections_per_address: usize,
    /// The maximum number of concurrent queries to the chain. Others wait.
    pub most_chain_calls: usize,
    /// The maximum time until the answer to a request begins, including the time to receive the request.
    pub request_timeout: Duration,
    /// The maximum time for the head of a request, and of an idle connection.
    pub header_timeout: Duration,
    /// The maximum time in which a client reads nothing of an answer.
    pub write_timeout: Duration,
    /// How long open requests may continue after the stop.
    pub stop_timeout: Duration,
    /// Proxies whose `X-Forwarded-For` is trusted. Their own connections are not limited by address.
    pub trusted_proxies: Vec<IpAddr>,
}

impl Config {
    /// The default configuration, with these folders.
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
    /// The folder of keys is not usable.
    #[error(transparent)]
    Keys(#[from] KeyFolderError),
    /// The folder of encrypted files is not usable.
    #[error("the folder of encrypted files, {}, is not usable: {source}", .path.display())]
    Content {
        /// The folder.
        path: PathBuf,
        /// The system's error.
        source: io::Error,
    },
    /// One folder is inside the other, so secrets would be served or readable by others.
    #[error("neither of the folders of keys ({}) and of encrypted files ({}) may be inside the other: move one of them", .keys.display(), .content.display())]
    Nested {
        /// Folder of keys.
        keys: PathBuf,
        /// Folder of encrypted files.
        content: PathBuf,
    },
    /// The address is in use or not ours.
    #[error("can't listen on {address}: {source}. Choose another address or port")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// The system's error.
        source: io::Error,
    },
    /// The system has no randomness.
    #[error(transparent)]
    Random(#[from] NoRandomness),
    /// The shared state does not answer.
    #[error(transparent)]
    State(#[from] StateUnreachable),
    /// A limit is 0.
    #[error("{0} must be at least 1")]
    Zero(&'static str),
}

/// What a gateway uses beside its folders.
pub struct Services {
    /// What it shares with other processes.
    pub state: Arc<dyn State>,
    /// The encrypted files. Without it, those in [`Config::content`].
    pub files: Option<Arc<dyn Files>>,
    /// More routes. They pass the same limits as the gateway's own, and any page may send requests to them.
    pub routes: axum::Router,
}

impl Services {
    /// The state of a gateway of one process, with a place for at most `most_used` used challenges, and no more routes.
    ///
    /// # Errors
    /// `NoRandomness`.
    pub fn in_memory(most_used: usize) -> Result<Self, NoRandomness> {
        Ok(Self { state: Arc::new(MemoryState::new(most_used)?), files: None, routes: axum::Router::new() })
    }
}

/// State that all requests share.
struct Shared {
    config: Config,
    registry: Arc<dyn Registry>,
    issuer: Issuer,
    state: Arc<dyn State>,
    keys: KeyFolder,
    files: Arc<dyn Files>,
    rate: RateLimiter,
    proxy_warnings: ProxyWarnings,
    /// Each query to the chain holds a permit until it is answered, even if nobody waits for the answer any more.
    chain_calls: Arc<Semaphore>,
    health: Mutex<Option<api::KnownHealth>>,
}

/// A listening gateway.
pub struct Gateway {
    listener: TcpListener,
    shared: Arc<Shared>,
    routes: axum::Router,
}

impl Gateway {
    /// Checks the folders and starts to listen, with the state in memory. [`Self::run`] answers requests.
    ///
    /// # Errors
    /// See [`StartError`]; each says what to do.
    pub async fn bind(config: Config, registry: Arc<dyn Registry>) -> Result<Self, StartError> {
        let services = Services::in_memory(config.most_used_challenges)?;
        Self::bind_with(config, registry, services).await
    }

    /// As [`Self::bind`], with these `services`.
    ///
    /// # Errors
    /// See [`StartError`]; each says what to do.
    pub async fn bind_with(
        config: Config,
        registry: Arc<dyn Registry>,
        services: Services,
    ) -> Result<Self, StartError> {
        let Services { state, files, routes } = services;
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
        let key = state.challenge_key().await?;
        let shared = Shared {
            issuer: Issuer::new(registry.identity(), config.challenge_lifetime, &key, state.clone()),
            state,
            rate: RateLimiter::new(config.requests_per_second, config.burst),
            proxy_warnings: ProxyWarnings::default(),
            // Tokio panics on more permits than it supports.
            chain_calls: Arc::new(Semaphore::new(config.most_chain_calls.min(Semaphore::MAX_PERMITS))),
            health: Mutex::default(),
            registry,
            keys,
            files: files.unwrap_or_else(|| Arc::new(FolderFiles::new(&content))),
            config,
        };
        Ok(Self { listener, shared: Arc::new(shared), routes })
    }

    /// Returns the address that it listens on.
    ///
    /// # Errors
    /// If the system does not give it.
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Answers requests until `stop` is ready. Then it accepts no more, and lets open requests finish within
    /// `stop_timeout`.
    pub async fn run(self, stop: impl Future<Output = ()>) {
        let Self { listener, shared, routes } = self;
        info!(address = ?listener.local_addr().ok(), keys = shared.keys.public_keys().map_or(0, |keys| keys.len()), "listening");
        connections::serve(listener, shared, routes, stop).await;
        info!("stopped");
    }
}

/// Listens at `address`, with a queue of `waiting` connections. [`TcpListener::bind`] has a queue of 128 at most, and Linux
/// resets some of the connections beyond it.
fn listen(address: SocketAddr, waiting: usize) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    // As in `TcpListener::bind`: after a restart, connections of the previous process do not block the address.
    #[cfg(unix)]
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    // The system call takes a signed number.
    socket.listen(u32::try_from(waiting).unwrap_or(u32::MAX).min(i32::MAX as u32))
}

/// Returns the path without links and dots.
fn real_folder(path: &Path) -> Result<PathBuf, StartError> {
    let failed = |source| StartError::Content { path: path.to_owned(), source };
    let real = path.canonicalize().map_err(failed)?;
    match real.is_dir() {
        true => Ok(real),
        false => Err(failed(io::ErrorKind::NotADirectory.into())),
    }
}
