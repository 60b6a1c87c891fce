//! The JSON bodies of the gateway, and signatures in them.

use std::fmt::Debug;

use patronage_gateway::{
    protocol::{read, ChallengeAnswer, ChallengeRequest, Health, KeyAnswer, KeyRequest, Problem},
    signature::{Scheme, Signature},
};
use serde_json::Value;

/// Reads the body as a `T`, and what was read as it is written.
fn round_trip<T>(body: &[u8], fields: &[&str]) -> Option<T>
where
    T: serde::Serialize + serde::de::DeserializeOwned + PartialEq + Debug,
{
    let value = read::<T>(body).ok()?;
    let written = serde_json::to_vec(&value).expect("a body can be written");
    assert_eq!(read::<T>(&written).as_ref(), Ok(&value));
    // A second reader finds each of these fields, and the same text in them. It also reads what the first one ignores, and refuses
    // some of that.
    let (Ok(given), Ok(again)) = (serde_json::from_slice::<Value>(body), serde_json::from_slice::<Value>(&written))
    else {
        return Some(value);
    };
    for field in fields {
        // Structs can also be read from lists.
        if let (Some(given), Some(again)) = (given.get(field), again.get(field)) {
            match (given.as_str(), again.as_str()) {
                (Some(given), Some(again)) => assert!(given.eq_ignore_ascii_case(again), "{field}: {given} is {again}"),
                _ => assert_eq!(given, again, "{field}"),
            }
        }
    }
    Some(value)
}

/// The input is the body of a request or of an answer.
pub fn check(data: &[u8]) {
    if let Some(request) = round_trip::<ChallengeRequest>(data, &["content", "account", "recipient"]) {
        if let Ok(Value::Object(fields)) = serde_json::from_slice(data) {
            assert_eq!(fields.len(), 3, "{request:?}: unknown fields are refused");
        }
        // An account has one form but for the case of its digits.
        let digits = hex::encode(request.account);
        let body = |account: &str| {
            let (content, recipient) = (request.content, request.recipient.to_string());
            serde_json::json!({ "content": content, "account": account, "recipient": recipient }).to_string()
        };
        let own = body(&format!("0x{}", digits.to_uppercase()));
        assert_eq!(read::<ChallengeRequest>(own.as_bytes()).as_ref(), Ok(&request));
        for other in [
            digits.clone(),
            format!("0X{digits}"),
            format!(" 0x{digits}"),
            format!("0x{digits}0"),
            format!("0x{digits}00"),
        ] {
            assert!(read::<ChallengeRequest>(body(&other).as_bytes()).is_err(), "{other} is an account");
        }
    }
    if let Some(request) = round_trip::<KeyRequest>(data, &["challenge", "scheme", "signature"]) {
        if let Ok(signature) = request.signature() {
            assert_eq!(signature.scheme, request.scheme);
            let text = request.challenge.to_string();
            assert!(!signature.verifies(&[0; 32], &text), "the zero account signs nothing");
            let _ = signature.verifies(&request.challenge.scope.account, &text);
            let again = KeyRequest::new(request.challenge, &signature);
            assert!(again.signature.eq_ignore_ascii_case(&request.signature));
        }
    }
    let _ = round_trip::<ChallengeAnswer>(data, &["challenge"]);
    let _ = round_trip::<KeyAnswer>(data, &["key"]);
    let _ = round_trip::<Problem>(data, &["message"]);
    let _ = round_trip::<Health>(data, &["status", "genesis", "registry"]);
    let Ok(text) = std::str::from_utf8(data) else { return };
    let digits = text.strip_prefix("0x").filter(|digits| digits.len() == 128);
    let valid = digits.is_some_and(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()));
    for scheme in [Scheme::Sr25519, Scheme::Ed25519] {
        let signature = Signature::from_hex(scheme, text);
        assert_eq!(signature.is_some(), valid, "{text}");
        if let Some(signature) = signature {
            assert_eq!(signature.to_hex(), text.to_ascii_lowercase());
            assert!(!signature.verifies(&[0; 32], text), "the zero account signs nothing");
            // A point of order 8, with which anybody could sign in both schemes.
            let weak = hex_bytes("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05");
            assert!(!signature.verifies(&weak, text), "a weak account signs nothing");
        }
    }
}

fn hex_bytes(digits: &str) -> [u8; 32] {
    let mut bytes = [0; 32];
    hex::decode_to_slice(digits, &mut bytes).expect("digits");
    bytes
}
