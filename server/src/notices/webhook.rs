//! Signs webhooks as [Standard Webhooks](https://www.standardwebhooks.com) does, and sends them.

use std::{fmt, time::Duration};

use base64::{engine::general_purpose::STANDARD, Engine};
use ring::hmac;
use url::Url;

use crate::error::ServerError;

/// The beginning of a secret.
const PREFIX: &str = "whsec_";
/// The maximum time of a request.
const TIMEOUT: Duration = Duration::from_secs(15);

/// Where notices are sent to.
pub struct Webhook {
    url: String,
    key: hmac::Key,
    agent: ureq::Agent,
}

/// The answer of a receiver.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It has taken the notice: a status of 2xx.
    Taken,
    /// It wants no more: 410.
    Gone,
    /// It has not taken it, for this reason.
    Failed(String),
}

impl Webhook {
    /// The webhook at `url`, signed with `secret`: `whsec_` and the base64 of 24 to 64 bytes.
    ///
    /// # Errors
    ///
    /// If `url` is not an http(s) address, or `secret` is malformed.
    pub fn new(url: &str, secret: &str) -> Result<Self, ServerError> {
        let fail = |why: &str| Err(ServerError::Webhook(why.to_owned()));
        let http = |url: &Url| matches!(url.scheme(), "http" | "https") && url.fragment().is_none();
        if !url.parse().is_ok_and(|url| http(&url)) || url.parse::<ureq::http::Uri>().is_err() {
            return fail("this is not an address of a receiver: write one that begins with https:// and has no #");
        }
        let secret = secret.trim();
        let bytes = secret.strip_prefix(PREFIX).and_then(|text| STANDARD.decode(text).ok());
        let Some(bytes) = bytes.filter(|bytes| (24..=64).contains(&bytes.len())) else {
            return fail(
                "the secret must be whsec_ and the base64 of 24 to 64 bytes: make one with \
                 `echo whsec_$(head -c 32 /dev/urandom | base64)`",
            );
        };
        let agent = ureq::Agent::config_builder()
            .timeout_global(Some(TIMEOUT))
            // A redirect could lead the notice to somebody else.
            .max_redirects(0)
            .http_status_as_error(false)
            .build()
            .new_agent();
        Ok(Self { url: url.to_owned(), key: hmac::Key::new(hmac::HMAC_SHA256, &bytes), agent })
    }

    /// The address, which identifies the receiver in the database.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Returns the value of the header `webhook-signature` for a body that is sent at `timestamp`, in seconds since 1970.
    pub fn signature(&self, id: &str, timestamp: i64, body: &str) -> String {
        let code = hmac::sign(&self.key, format!("{id}.{timestamp}.{body}").as_bytes());
        format!("v1,{}", STANDARD.encode(code))
    }

    /// Sends a notice with `id` and `body` at `timestamp`, in seconds since 1970. Blocks until it is answered.
    pub fn send(&self, id: &str, timestamp: i64, body: &str) -> Outcome {
        let sent = self
            .agent
            .post(&self.url)
            .header("content-type", "application/json")
            .header("user-agent", concat!("patronage/", env!("CARGO_PKG_VERSION")))
            .header("webhook-id", id)
            .header("webhook-timestamp", timestamp.to_string())
            .header("webhook-signature", self.signature(id, timestamp, body))
            .send(body);
        match sent {
            Ok(answer) if answer.status().is_success() => Outcome::Taken,
            Ok(answer) if answer.status() == ureq::http::StatusCode::GONE => Outcome::Gone,
            Ok(answer) => Outcome::Failed(format!("the receiver answers {}", answer.status().as_u16())),
            Err(error) => Outcome::Failed(error.to_string()),
        }
    }
}

impl fmt::Debug for Webhook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Webhook").field("url", &self.url).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of the specification of Standard Webhooks.
    const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    #[test]
    fn the_signature_is_that_of_standard_webhooks() {
        let webhook = Webhook::new("https://mira.example/hook", SECRET).unwrap();
        let signature = webhook.signature("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, "{\"test\": 2432232314}");
        assert_eq!(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn bad_addresses_and_secrets_are_refused_and_no_secret_is_shown() {
        for url in ["", "mira.example", "ftp://mira.example", "https://", "https://a b", "https://a#b", "https://a#\0"]
        {
            assert!(Webhook::new(url, SECRET).unwrap_err().to_string().contains("https://"), "{url}");
        }
        for secret in ["", "whsec_", "whsec_AAAA", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_!"] {
            let error = Webhook::new("https://mira.example", secret).unwrap_err().to_string();
            assert!(error.contains("whsec_ and the base64"), "{error}");
        }
        let webhook = Webhook::new("https://mira.example", &format!(" {SECRET}\n")).unwrap();
        assert_eq!(format!("{webhook:?}"), "Webhook { url: \"https://mira.example\", .. }");
    }
}
