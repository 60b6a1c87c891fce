//! The JSON bodies of requests and answers. Both sides parse strictly, and no input makes the parser panic.

use serde::{de::DeserializeOwned, Deserialize, Deserializer, Serialize, Serializer};

use crate::{
    challenge::{self, Challenge},
    key::PublicKey,
    registry::{AccountId, ContentId},
    signature::{Scheme, Signature},
};

/// The maximum length of a request's body, in bytes.
pub const MOST_REQUEST: usize = 8 * 1024;
/// The maximum length of an answer that is not a file, in bytes.
pub const MOST_ANSWER: u64 = 64 * 1024;

/// Why a body is malformed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the request can't be read: {0}")]
pub struct Malformed(pub String);

/// Body of `POST /challenge`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChallengeRequest {
    /// Number of the content.
    pub content: ContentId,
    /// Account that wants to open it: `0x` and 64 hexadecimal digits.
    #[serde(serialize_with = "write_account", deserialize_with = "read_account")]
    pub account: AccountId,
    /// One-time key that the answer will be encrypted to, as an age recipient.
    #[serde(serialize_with = "write_text", deserialize_with = "read_text")]
    pub recipient: PublicKey,
}

/// Answer to `POST /challenge`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChallengeAnswer {
    /// The text to sign, byte by byte.
    pub challenge: String,
}

/// Body of `POST /key`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyRequest {
    /// The text that was signed.
    #[serde(serialize_with = "write_text", deserialize_with = "read_text")]
    pub challenge: Challenge,
    /// Signature scheme: `sr25519` or `ed25519`.
    pub scheme: Scheme,
    /// The signature: `0x` and 128 hexadecimal digits.
    pub signature: String,
}

impl KeyRequest {
    /// A request with `signature` of `challenge`.
    pub fn new(challenge: Challenge, signature: &Signature) -> Self {
        Self { challenge, scheme: signature.scheme, signature: signature.to_hex() }
    }

    /// Parses the signature.
    ///
    /// # Errors
    /// If it is malformed.
    pub fn signature(&self) -> Result<Signature, Malformed> {
        Signature::from_hex(self.scheme, &self.signature)
            .ok_or_else(|| Malformed("signature must be 0x and 128 hexadecimal digits".to_owned()))
    }
}

/// Answer to `POST /key`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyAnswer {
    /// Armored age file, encrypted to the challenge's one-time key. It contains the content's key in age's identity format.
    pub key: String,
}

/// Answer to `GET /health`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Health {
    /// `ok`, or `unreachable` if the chain does not answer.
    pub status: String,
    /// Hash of the chain's first block: `0x` and 64 hexadecimal digits.
    pub genesis: String,
    /// Address of the registry: `0x` and 64 hexadecimal digits.
    pub registry: String,
}

/// Body of every error.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// The kind, for programs.
    pub code: ProblemCode,
    /// What is wrong and what to do, for people.
    pub message: String,
}

/// Kinds of errors. [docs/gateway.md](../../../docs/gateway.md) lists the HTTP status of each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProblemCode {
    /// The request is malformed.
    Malformed,
    /// The request is too large.
    TooLarge,
    /// There is nothing at this path.
    NotFound,
    /// The path does not support the method.
    Method,
    /// The body is compressed.
    ContentCoding,
    /// The precondition of the request does not hold for the file.
    Precondition,
    /// The file has none of the requested bytes.
    Range,
    /// There are too many requests from one address.
    RateLimited,
    /// The challenge is for another chain or registry.
    OtherRegistry,
    /// The challenge was not issued by this process.
    UnknownChallenge,
    /// The challenge has expired.
    Expired,
    /// The challenge was used before.
    Used,
    /// It does not fit to what is here: a file of this name, or the bytes of an upload.
    Conflict,
    /// The account has not signed the challenge.
    BadSignature,
    /// The registry has no such content.
    UnknownContent,
    /// The registry denies access. The message says what is missing.
    NoAccess,
    /// The gateway does not have the key.
    NoKey,
    /// The gateway is too busy.
    Busy,
    /// The chain does not answer.
    Unreachable,
    /// The request took too long.
    Timeout,
    /// An error of the gateway.
    Internal,
    /// A kind that this version does not know.
    #[serde(other)]
    Other,
}

/// Parses a body.
///
/// # Errors
/// If it is not JSON of this form. The error says where.
pub fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Malformed> {
    serde_json::from_slice(body).map_err(|error| Malformed(error.to_string()))
}

fn write_account<S: Serializer>(account: &AccountId, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&format!("0x{}", hex::encode(account)))
}

fn read_account<'de, D: Deserializer<'de>>(deserializer: D) -> Result<AccountId, D::Error> {
    let text = String::deserialize(deserializer)?;
    challenge::bytes(&text).ok_or_else(|| serde::de::Error::custom("account must be 0x and 64 hexadecimal digits"))
}

fn write_text<T: std::fmt::Display, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(value)
}

fn read_text<'de, T, D>(deserializer: D) -> Result<T, D::Error>
where
    T: std::str::FromStr<Err: std::fmt::Display>,
    D: Deserializer<'de>,
{
    String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::challenge::tests::challenges;

    /// JSON that is almost a request: known and unknown names with values of all kinds.
    fn nearly() -> impl Strategy<Value = String> {
        let name = prop_oneof![
            Just("content".to_owned()),
            Just("account".to_owned()),
            Just("recipient".to_owned()),
            Just("challenge".to_owned()),
            Just("scheme".to_owned()),
            Just("signature".to_owned()),
            ".{0,8}",
        ];
        let value = prop_oneof![
            any::<i64>().prop_map(|n| n.to_string()),
            Just("null".to_owned()),
            Just("[]".to_owned()),
            Just("{}".to_owned()),
            Just("1e999".to_owned()),
            Just("\"0x\"".to_owned()),
            "(?s).{0,40}".prop_map(|text| serde_json::to_string(&text).unwrap()),
            "[ -~]{0,20}",
        ];
        prop::collection::vec((name, value), 0..6).prop_map(|fields| {
            let fields: Vec<_> =
                fields.into_iter().map(|(n, v)| format!("{}:{v}", serde_json::to_string(&n).unwrap())).collect();
            format!("{{{}}}", fields.join(","))
        })
    }

    fn read_all(body: &[u8]) {
        let _ = read::<ChallengeRequest>(body);
        if let Ok(request) = read::<KeyRequest>(body) {
            let _ = request.signature();
        }
        let _ = read::<ChallengeAnswer>(body);
        let _ = read::<KeyAnswer>(body);
        let _ = read::<Problem>(body);
        let _ = read::<Health>(body);
    }

    proptest! {
        #[test]
        fn no_body_makes_a_reader_panic(body in prop::collection::vec(any::<u8>(), 0..500)) {
            read_all(&body);
        }

        #[test]
        fn no_json_makes_a_reader_panic(body in nearly()) {
            read_all(body.as_bytes());
        }

        #[test]
        fn requests_are_read_as_they_were_written(challenge in challenges(), bytes in any::<[[u8; 32]; 2]>()) {
            let signature = Signature { scheme: Scheme::Sr25519, bytes: bytes.concat().try_into().unwrap() };
            let request = KeyRequest::new(challenge.clone(), &signature);
            let read_back: KeyRequest = read(&serde_json::to_vec(&request).unwrap()).unwrap();
            prop_assert_eq!(read_back.signature().unwrap(), signature);
            prop_assert_eq!(read_back, request);

            let scope = challenge.scope;
            let request = ChallengeRequest { content: scope.content, account: scope.account, recipient: scope.recipient };
            prop_assert_eq!(read::<ChallengeRequest>(&serde_json::to_vec(&request).unwrap()).unwrap(), request);
        }

        #[test]
        fn a_request_that_lost_a_byte_is_not_taken_for_what_it_was(challenge in challenges(), at in any::<prop::sample::Index>()) {
            let signature = Signature { scheme: Scheme::Ed25519, bytes: [5; 64] };
            let request = KeyRequest::new(challenge, &signature);
            let mut body = serde_json::to_vec(&request).unwrap();
            body.remove(at.index(body.len()));
            if let Ok(changed) = read::<KeyRequest>(&body) {
                // Only a digit of the content's number can go, or one of the signature's, which is then too short.
                prop_assert!(changed.challenge != request.challenge || changed.signature().is_err());
            }
        }
    }

    #[test]
    fn deeply_nested_json_is_refused() {
        assert!(read::<KeyRequest>("[".repeat(MOST_REQUEST).as_bytes()).is_err());
    }

    #[test]
    fn errors_say_what_is_wrong() {
        let error = read::<ChallengeRequest>(br#"{"content":1,"account":"5Grw","recipient":"age1"}"#).unwrap_err();
        assert!(error.to_string().contains("account must be 0x and 64 hexadecimal digits"), "{error}");
        let error = read::<ChallengeRequest>(br#"{"content":-1}"#).unwrap_err();
        assert!(error.to_string().contains("-1"), "{error}");
    }
}
