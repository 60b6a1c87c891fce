//! The fan's side: asks a gateway for a key, believes nothing of what it says, and opens the file.

mod download;

use std::{
    io::ErrorKind,
    path::Path,
    time::{Duration, Instant},
};

use backon::{BackoffBuilder, ExponentialBuilder};
use chrono::{TimeDelta, Utc};
use serde::{de::DeserializeOwned, Serialize};
use ureq::{http::Uri, Agent};

use crate::{
    challenge::{ChallengeScope, Challenge, NotAChallenge},
    file::{failed, folder_of, FileError, NewFile},
    key::{KeyError, PublicKey, SecretKey},
    open::{check_key, open_checked, OpenError},
    protocol::{ChallengeAnswer, ChallengeRequest, Health, KeyAnswer, KeyRequest, Problem, ProblemCode, MOST_ANSWER},
    registry::{AccountId, ContentId, ContentInfo, RegistryId},
    signature::Signature,
};

/// A challenge that is good for longer by our clock is not signed: a signature should not lie around.
const LONGEST_CHALLENGE: TimeDelta = TimeDelta::hours(1);
/// Until a connection stands.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(15);
/// Until something is heard, which for a key is once the gateway has asked its chain.
const READ_TIMEOUT: Duration = Duration::from_secs(60);
/// For a whole question to a gateway.
const CALL_TIMEOUT: Duration = Duration::from_secs(90);
/// Before the second try of what broke off; before each further one, twice as long.
const FIRST_WAIT: Duration = Duration::from_millis(250);
/// How often what broke off is tried again.
const MOST_RETRIES: usize = 4;
/// How much of a gateway's words is shown, in characters.
const MOST_WORDS: usize = 2000;
/// Downloads are at most so large unless said otherwise, in bytes.
const MOST_DOWNLOAD: u64 = 64 << 30;

/// Anything that can go wrong when signing.
pub type SigningError = Box<dyn std::error::Error + Send + Sync>;

/// Why content was not opened. There is no output then, and nothing is lost by trying again.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// Not the address of a gateway.
    #[error(
        "{0} is not the address of a gateway: it begins with http:// or https://, as in https://content.example.org"
    )]
    Address(String),
    /// No answer.
    #[error("no answer from {url}: {source}. Check the address and the connection, and try again")]
    Network {
        /// Who was asked.
        url: String,
        /// What happened.
        source: Box<ureq::Error>,
    },
    /// The gateway says no; its code says why to programs.
    #[error("the gateway says: {}", .0.message)]
    Refused(Problem),
    /// An answer that no gateway gives.
    #[error("{url} answers as no gateway does (status {status}): check the address")]
    NotAGateway {
        /// Who was asked.
        url: String,
        /// HTTP status.
        status: u16,
    },
    /// The gateway wants a signature under something else.
    #[error(
        "the gateway wants a signature for another {0} than was asked for: nothing was signed; don't use this gateway"
    )]
    OtherChallenge(&'static str),
    /// The gateway wants a signature under a text that is no challenge.
    #[error(
        "the gateway wants a signature under a text that is no challenge: nothing was signed; don't use this gateway"
    )]
    NoChallenge(#[from] NotAChallenge),
    /// The gateway wants a signature that is good for too long.
    #[error("the gateway wants a signature that is good until {0}: nothing was signed; check this machine's clock, or don't use this gateway")]
    LongChallenge(chrono::DateTime<Utc>),
    /// Signing failed.
    #[error("signing failed: {0}")]
    Signing(SigningError),
    /// The signature that was made is not the account's.
    #[error("what was signed is not signed by the account: use the account's own key, and its scheme")]
    WrongSignature,
    /// The key that came can't be used.
    #[error("the gateway has sent a key that can't be used: {0}")]
    Key(#[from] KeyError),
    /// Wrong key, or the file can't be decrypted.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// A file can't be written.
    #[error(transparent)]
    File(#[from] FileError),
    /// Nothing to download from.
    #[error("the file is at {0}, which can't be downloaded from here: get it with the program for that, and open it from the disk")]
    Uri(String),
    /// The file's server has no such file, or does not give it.
    #[error("{url} does not give the file (status {status}): tell the creator, or try again later")]
    NoFile {
        /// Where.
        url: String,
        /// HTTP status.
        status: u16,
    },
    /// The server can't continue a download.
    #[error(
        "the download broke off after {done} bytes, and {url} can't continue one: try again with a better connection"
    )]
    NotContinued {
        /// Where.
        url: String,
        /// Bytes that had come.
        done: u64,
    },
    /// Larger than allowed.
    #[error("the file at {url} is larger than {most} bytes: allow more if you expect that")]
    TooLarge {
        /// Where.
        url: String,
        /// The limit.
        most: u64,
    },
    /// Not the published file.
    #[error("what {url} gives is not the published file: its SHA-256 is {}, the registry names {}. Tell the creator", hex::encode(.hash), hex::encode(.registered))]
    OtherFile {
        /// Where.
        url: String,
        /// Hash of what came.
        hash: [u8; 32],
        /// The registry's.
        registered: [u8; 32],
    },
}

impl ClientError {
    /// The gateway's code, where the gateway said no.
    pub fn code(&self) -> Option<ProblemCode> {
        match self {
            ClientError::Refused(problem) => Some(problem.code),
            _ => None,
        }
    }

    /// Whether there was a connection, which the other side or something between has closed. That nobody listens at an address
    /// is another error, and does not change by asking again.
    fn broke_off(&self) -> bool {
        let ClientError::Network { source, .. } = self else { return false };
        let ureq::Error::Io(error) = &**source else { return false };
        matches!(
            error.kind(),
            ErrorKind::ConnectionReset
                | ErrorKind::ConnectionAborted
                | ErrorKind::BrokenPipe
                | ErrorKind::NotConnected
                | ErrorKind::UnexpectedEof
        )
    }
}

/// The waits between tries of what breaks off, each with a part of chance, so that those who failed together do not come back
/// together.
fn waits() -> impl Iterator<Item = Duration> {
    ExponentialBuilder::default().with_min_delay(FIRST_WAIT).with_max_times(MOST_RETRIES).with_jitter().build()
}

/// What a fan wants to open. All of it but the account is read from the chain, never taken from a gateway.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnlockRequest {
    /// Chain and registry.
    pub registry: RegistryId,
    /// Number of the content.
    pub content: ContentId,
    /// What the registry says of it.
    pub info: ContentInfo,
    /// Who opens it.
    pub account: AccountId,
}

/// How far an unlock is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// Bytes of the ciphertext that have come, and of how many.
    Downloading {
        /// So many.
        done: u64,
        /// Of so many, where the server says.
        total: Option<u64>,
    },
    /// Bytes of the file that are decrypted.
    Opening {
        /// So many.
        done: u64,
    },
}

/// What was opened.
#[derive(Debug)]
pub struct Unlocked {
    /// Size of the opened file in bytes.
    pub size: u64,
    /// The content's key, checked against the registry: opens the file again with any age tool.
    pub key: SecretKey,
    /// How long getting the key took.
    pub key_time: Duration,
}

/// A fan's connection to one gateway.
#[derive(Debug, Clone)]
pub struct Client {
    gateway: String,
    agent: Agent,
    most_download: u64,
}

impl Client {
    /// For the gateway at `address`, as `https://content.example.org`.
    ///
    /// # Errors
    /// `Address`.
    pub fn new(address: &str) -> Result<Self, ClientError> {
        let wrong = || ClientError::Address(shortened(address));
        let uri: Uri = address.parse().map_err(|_| wrong())?;
        if !matches!(uri.scheme_str(), Some("http" | "https")) || uri.host().is_none_or(str::is_empty) {
            return Err(wrong());
        }
        if uri.query().is_some() {
            return Err(wrong());
        }
        let agent = Agent::config_builder()
            .http_status_as_error(false)
            .user_agent(concat!("patronage/", env!("CARGO_PKG_VERSION")))
            .timeout_connect(Some(CONNECT_TIMEOUT))
            .timeout_per_read(Some(READ_TIMEOUT))
            .timeout_per_write(Some(READ_TIMEOUT))
            .build()
            .new_agent();
        Ok(Self { gateway: address.trim_end_matches('/').to_owned(), agent, most_download: MOST_DOWNLOAD })
    }

    /// The same with another limit for downloads, in bytes. The default is 64 GiB.
    pub fn with_most_download(self, most_download: u64) -> Self {
        Self { most_download, ..self }
    }

    /// Which chain and registry the gateway says it serves, and whether it can reach them.
    ///
    /// # Errors
    /// `Network`, `Refused`, `NotAGateway`.
    pub fn health(&self) -> Result<Health, ClientError> {
        let url = format!("{}/health", self.gateway);
        let response = self.agent.get(&url).config().timeout_global(Some(CALL_TIMEOUT)).build().call();
        self.read(&url, response, &[200, 503])
    }

    /// Opens content: gets its key, with a signature that `sign` makes of the text it is given; downloads the file; writes
    /// what is in it to `output`, which must not exist yet.
    ///
    /// # Errors
    /// See [`ClientError`].
    pub fn unlock(
        &self,
        wanted: &UnlockRequest,
        sign: impl FnOnce(&str) -> Result<Signature, SigningError>,
        output: &Path,
        mut progress: impl FnMut(Progress),
    ) -> Result<Unlocked, ClientError> {
        // First of all, so that nobody signs for nothing.
        let sink = NewFile::create(output, 0o666)?;
        let url = self.url_of(&wanted.info.uri)?;
        let begin = Instant::now();
        let key = self.key(wanted, sign)?;
        let key_time = begin.elapsed();
        // Has no name, and is gone with its last user.
        let folder = folder_of(output);
        let mut file = tempfile::tempfile_in(folder).map_err(failed("write into", folder))?;
        self.fetch(&url, &wanted.info.hash, &mut file, output, &mut |done, total| {
            progress(Progress::Downloading { done, total });
        })?;
        let size =
            open_checked(file, Path::new(&url), &key, sink, output, |done| progress(Progress::Opening { done }))?;
        Ok(Unlocked { size, key, key_time })
    }

    /// The content's secret key, checked against the registry's public key.
    ///
    /// # Errors
    /// See [`ClientError`].
    pub fn key(
        &self,
        wanted: &UnlockRequest,
        sign: impl FnOnce(&str) -> Result<Signature, SigningError>,
    ) -> Result<SecretKey, ClientError> {
        let registered = PublicKey::from_bytes(wanted.info.public_key)?;
        let one_time = SecretKey::generate();
        let UnlockRequest { registry, content, account, .. } = *wanted;
        let challenge = self.challenge(&ChallengeScope { registry, content, account, recipient: one_time.public()? })?;
        let signature = sign(&challenge.to_string()).map_err(ClientError::Signing)?;
        self.redeem(&challenge, &signature, &one_time, &registered)
    }

    /// A challenge that asks for a signature under exactly `ask`. For programs whose wallet is elsewhere; others use
    /// [`Self::unlock`].
    ///
    /// # Errors
    /// `OtherChallenge`, `NoChallenge`, `LongChallenge` when the gateway wants something else signed; `Network`, `Refused`,
    /// `NotAGateway`.
    pub fn challenge(&self, ask: &ChallengeScope) -> Result<Challenge, ClientError> {
        let request = ChallengeRequest { content: ask.content, account: ask.account, recipient: ask.recipient };
        let ChallengeAnswer { challenge } = self.post("challenge", &request)?;
        let challenge: Challenge = challenge.parse()?;
        let ChallengeScope { registry, content, account, recipient } = &challenge.ask;
        for (same, what) in [
            (registry.genesis == ask.registry.genesis, "chain"),
            (registry.registry == ask.registry.registry, "registry"),
            (*content == ask.content, "content"),
            (*account == ask.account, "account"),
            (*recipient == ask.recipient, "one-time key"),
        ] {
            if !same {
                return Err(ClientError::OtherChallenge(what));
            }
        }
        match Utc::now().checked_add_signed(LONGEST_CHALLENGE) {
            Some(latest) if challenge.expires <= latest => Ok(challenge),
            _ => Err(ClientError::LongChallenge(challenge.expires)),
        }
    }

    /// The secret key of the content whose `registered` public key this is, for a signed challenge. `one_time` is the secret
    /// half of the challenge's recipient.
    ///
    /// # Errors
    /// `WrongSignature` without asking the gateway, `Refused` with what is missing, `Key`, `Open` with `OtherKey` when the
    /// gateway gives a wrong one; `Network`, `NotAGateway`.
    pub fn redeem(
        &self,
        challenge: &Challenge,
        signature: &Signature,
        one_time: &SecretKey,
        registered: &PublicKey,
    ) -> Result<SecretKey, ClientError> {
        if !signature.verifies(&challenge.ask.account, &challenge.to_string()) {
            return Err(ClientError::WrongSignature);
        }
        let KeyAnswer { key } = self.post("key", &KeyRequest::new(challenge.clone(), signature))?;
        let key = one_time.decrypt_key(&key)?;
        check_key(&key, registered)?;
        Ok(key)
    }

    /// The answer to `body`, which is sent again where the connection breaks off: a gateway with too much to do closes some.
    fn post<T: DeserializeOwned>(&self, path: &str, body: &impl Serialize) -> Result<T, ClientError> {
        let url = format!("{}/{path}", self.gateway);
        // Our requests are structs of numbers and strings, which always have a JSON form.
        let body = serde_json::to_vec(body).unwrap_or_default();
        let mut pauses = waits();
        let mut broken = None;
        loop {
            match self.post_once(&url, &body) {
                Err(error) if error.broke_off() => {
                    let Some(pause) = pauses.next() else { return Err(error) };
                    broken = Some(error);
                    std::thread::sleep(pause);
                }
                // Used by ourselves: the first try had come there, and its answer is lost.
                Err(error) if error.code() == Some(ProblemCode::Used) => return Err(broken.unwrap_or(error)),
                answer => return answer,
            }
        }
    }

    fn post_once<T: DeserializeOwned>(&self, url: &str, body: &[u8]) -> Result<T, ClientError> {
        let request = self.agent.post(url).config().timeout_global(Some(CALL_TIMEOUT)).max_redirects(0).build();
        let response = request.content_type("application/json").send(body);
        self.read(url, response, &[200])
    }

    /// The answer, where the status is one of `good`; or what the gateway says is wrong.
    fn read<T: DeserializeOwned>(
        &self,
        url: &str,
        response: Result<ureq::http::Response<ureq::Body>, ureq::Error>,
        good: &[u16],
    ) -> Result<T, ClientError> {
        let network = |source| ClientError::Network { url: url.to_owned(), source: Box::new(source) };
        let response = response.map_err(network)?;
        let status = response.status().as_u16();
        let body = response.into_body().into_with_config().limit(MOST_ANSWER).read_to_vec();
        let strange = || ClientError::NotAGateway { url: url.to_owned(), status };
        let body = match body {
            Ok(body) => body,
            Err(ureq::Error::BodyExceedsLimit(_)) => return Err(strange()),
            Err(error) => return Err(network(error)),
        };
        if good.contains(&status) {
            return serde_json::from_slice(&body).map_err(|_| strange());
        }
        let Problem { code, message } = serde_json::from_slice(&body).map_err(|_| strange())?;
        Err(ClientError::Refused(Problem { code, message: shortened(&message) }))
    }
}

/// Not too much of what others say. It is as they sent it: whoever shows it on a terminal escapes it there.
fn shortened(words: &str) -> String {
    words.chars().take(MOST_WORDS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_that_are_none_are_refused_in_words() {
        for address in ["", "localhost:80", "ftp://a", "http://", "file:///etc/passwd", "http://a/?b", "http://a b"] {
            let error = Client::new(address).unwrap_err().to_string();
            assert!(error.contains("begins with http://"), "{address}: {error}");
        }
        for address in ["http://localhost:8080", "https://a.example/gateway/", "http://[::1]:80"] {
            Client::new(address).unwrap();
        }
    }

    #[test]
    fn of_a_gateways_words_so_many_are_kept() {
        assert_eq!(shortened(&"a".repeat(10_000)).len(), MOST_WORDS);
    }
}
