//! The fan's side: requests a key from a gateway, verifies everything that the gateway says, and decrypts the file.

mod download;
mod error;

use std::{
    path::Path,
    time::{Duration, Instant},
};

use backon::{BackoffBuilder, ExponentialBuilder};
use chrono::{TimeDelta, Utc};
use serde::{de::DeserializeOwned, Serialize};
use ureq::{http::Uri, Agent};

use crate::{
    challenge::{Challenge, ChallengeScope},
    file::{failed, folder_of, NewFile},
    key::{PublicKey, SecretKey},
    open::{check_key, open_checked},
    protocol::{ChallengeAnswer, ChallengeRequest, Health, KeyAnswer, KeyRequest, Problem, ProblemCode, MOST_ANSWER},
    registry::{AccountId, ContentId, ContentInfo, RegistryId},
    signature::Signature,
};

pub use error::{ClientError, SigningError};

/// The maximum remaining lifetime of a challenge, by our clock. A longer one is not signed.
const LONGEST_CHALLENGE: TimeDelta = TimeDelta::hours(1);
/// Timeout for a connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(15);
/// Timeout until the first byte. For a key, the gateway queries its chain before.
const READ_TIMEOUT: Duration = Duration::from_secs(60);
/// Timeout for a whole request to a gateway.
const CALL_TIMEOUT: Duration = Duration::from_secs(90);
/// Wait before the first retry. It doubles with each further one.
const FIRST_WAIT: Duration = Duration::from_millis(250);
/// The maximum number of retries after an interruption.
const MOST_RETRIES: usize = 4;
/// The maximum length of a gateway's message that is shown, in characters.
const MOST_WORDS: usize = 2000;
/// The default limit of a download, in bytes.
const MOST_DOWNLOAD: u64 = 64 << 30;

/// Returns the waits between retries, with a random part, so that clients that failed together do not retry together.
fn waits() -> impl Iterator<Item = Duration> {
    ExponentialBuilder::default().with_min_delay(FIRST_WAIT).with_max_times(MOST_RETRIES).with_jitter().build()
}

/// A request to open content. Everything but the account is read from the chain, never from a gateway.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnlockRequest {
    /// Chain and registry.
    pub registry: RegistryId,
    /// Number of the content.
    pub content: ContentId,
    /// What the registry has published about it.
    pub info: ContentInfo,
    /// Account that opens it.
    pub account: AccountId,
}

/// Progress of an unlock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// The ciphertext is being downloaded.
    Downloading {
        /// Bytes received.
        done: u64,
        /// Size of the ciphertext, if the server gives it.
        total: Option<u64>,
    },
    /// The file is being decrypted.
    Opening {
        /// Bytes decrypted.
        done: u64,
    },
}

/// Result of an unlock.
#[derive(Debug)]
pub struct Unlocked {
    /// Size of the decrypted file, in bytes.
    pub size: u64,
    /// The content's key, verified against the registry. Any age tool can open the file with it.
    pub key: SecretKey,
    /// Time that getting the key took.
    pub key_time: Duration,
}

/// A connection to one gateway.
#[derive(Debug, Clone)]
pub struct Client {
    gateway: String,
    agent: Agent,
    most_download: u64,
}

impl Client {
    /// Connects to the gateway at `address`, such as `https://content.example.org`.
    ///
    /// # Errors
    /// `Address`.
    pub fn new(address: &str) -> Result<Self, ClientError> {
        let wrong = || ClientError::Address(shortened(address));
        let uri: Uri = address.parse().map_err(|_| wrong())?;
        if !matches!(uri.scheme_str(), Some("http" | "https")) || uri.host().is_none_or(str::is_empty) {
            return Err(wrong());
        }
        // `Uri` drops a fragment, whatever it contains: paths that are added to `address` would be a part of it, and be dropped, too.
        if uri.query().is_some() || address.contains('#') {
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

    /// Sets the limit of a download, in bytes. The default is 64 GiB.
    pub fn with_most_download(self, most_download: u64) -> Self {
        Self { most_download, ..self }
    }

    /// Returns which chain and registry the gateway serves, and whether it can reach them.
    ///
    /// # Errors
    /// `Network`, `Refused`, `NotAGateway`.
    pub fn health(&self) -> Result<Health, ClientError> {
        let url = format!("{}/health", self.gateway);
        let response = self.agent.get(&url).config().timeout_global(Some(CALL_TIMEOUT)).build().call();
        self.read(&url, response, &[200, 503])
    }

    /// Opens content: gets its key with a signature that `sign` makes of the given text, downloads the file, and writes the
    /// decrypted file to the new file `output`.
    ///
    /// # Errors
    /// See [`ClientError`].
    pub fn unlock(
        &self,
        request: &UnlockRequest,
        sign: impl FnOnce(&str) -> Result<Signature, SigningError>,
        output: &Path,
        mut progress: impl FnMut(Progress),
    ) -> Result<Unlocked, ClientError> {
        // Checked first, so that nobody signs in vain.
        let sink = NewFile::create(output, 0o666)?;
        let url = self.url_of(&request.info.uri)?;
        let begin = Instant::now();
        let key = self.key(request, sign)?;
        let key_time = begin.elapsed();
        // It has no name, and disappears with its last user.
        let folder = folder_of(output);
        let mut file = tempfile::tempfile_in(folder).map_err(failed("write into", folder))?;
        self.fetch(&url, &request.info.hash, &mut file, output, &mut |done, total| {
            progress(Progress::Downloading { done, total });
        })?;
        let size =
            open_checked(file, Path::new(&url), &key, sink, output, |done| progress(Progress::Opening { done }))?;
        Ok(Unlocked { size, key, key_time })
    }

    /// Returns the content's secret key, verified against the registry's public key.
    ///
    /// # Errors
    /// See [`ClientError`].
    pub fn key(
        &self,
        request: &UnlockRequest,
        sign: impl FnOnce(&str) -> Result<Signature, SigningError>,
    ) -> Result<SecretKey, ClientError> {
        let registered = PublicKey::from_bytes(request.info.public_key)?;
        let one_time = SecretKey::generate();
        let UnlockRequest { registry, content, account, .. } = *request;
        let challenge =
            self.challenge(&ChallengeScope { registry, content, account, recipient: one_time.public()? })?;
        let signature = sign(&challenge.to_string()).map_err(ClientError::Signing)?;
        self.redeem(&challenge, &signature, &one_time, &registered)
    }

    /// Requests a challenge for exactly this `scope`. For programs whose wallet is elsewhere; others use [`Self::unlock`].
    ///
    /// # Errors
    /// `OtherChallenge`, `NoChallenge`, `LongChallenge` if the gateway asks for another signature; `Network`, `Refused`,
    /// `NotAGateway`.
    pub fn challenge(&self, scope: &ChallengeScope) -> Result<Challenge, ClientError> {
        let request = ChallengeRequest { content: scope.content, account: scope.account, recipient: scope.recipient };
        let ChallengeAnswer { challenge } = self.post("challenge", &request)?;
        let challenge: Challenge = challenge.parse()?;
        let ChallengeScope { registry, content, account, recipient } = &challenge.scope;
        for (same, what) in [
            (registry.genesis == scope.registry.genesis, "chain"),
            (registry.registry == scope.registry.registry, "registry"),
            (*content == scope.content, "content"),
            (*account == scope.account, "account"),
            (*recipient == scope.recipient, "one-time key"),
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

    /// Redeems a signed challenge for the secret key of the content with the `registered` public key. `one_time` is the
    /// secret half of the challenge's recipient.
    ///
    /// # Errors
    /// `WrongSignature` (without a request), `Refused` with what is missing, `Key`, `Open` with `OtherKey` if the gateway
    /// gives a wrong key; `Network`, `NotAGateway`.
    pub fn redeem(
        &self,
        challenge: &Challenge,
        signature: &Signature,
        one_time: &SecretKey,
        registered: &PublicKey,
    ) -> Result<SecretKey, ClientError> {
        if !signature.verifies(&challenge.scope.account, &challenge.to_string()) {
            return Err(ClientError::WrongSignature);
        }
        let KeyAnswer { key } = self.post("key", &KeyRequest::new(challenge.clone(), signature))?;
        let key = one_time.decrypt_key(&key)?;
        check_key(&key, registered)?;
        Ok(key)
    }

    /// Sends `body` and returns the answer. Retries after an interruption: a gateway that is too busy closes some
    /// connections.
    fn post<T: DeserializeOwned>(&self, path: &str, body: &impl Serialize) -> Result<T, ClientError> {
        let url = format!("{}/{path}", self.gateway);
        // Requests are structs of numbers and strings, which always serialize.
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
                // We have used it ourselves: the first attempt arrived, and its answer is lost.
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

    /// Parses the answer if its status is one of `good`, and otherwise the gateway's error.
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

/// Shortens a message of others. It is not escaped; whoever shows it on a terminal escapes it there.
fn shortened(words: &str) -> String {
    words.chars().take(MOST_WORDS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_that_are_none_are_refused_in_words() {
        let none = [
            "",
            "localhost:80",
            "ftp://a",
            "http://",
            "file:///etc/passwd",
            "http://a/?b",
            "http://a b",
            "http://a#",
            "http://a/#\0 b",
        ];
        for address in none {
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
