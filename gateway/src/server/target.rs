//! Host and path of a request.

use axum::{
    extract::Request,
    http::{
        header,
        uri::{Authority, PathAndQuery},
        Uri, Version,
    },
};

/// Normalizes the path of `uri`: percent-encoded letters, digits, `-`, `.`, `_` and `~` are decoded (RFC 9110, section
/// 4.2.3). Other octets stay encoded; an encoded slash separates nothing. A path with a `%` that encodes nothing stays as it is:
/// otherwise it could become one that encodes something.
pub(super) fn normalize(uri: &mut Uri) {
    let Some(path) = decoded(uri.path()) else { return };
    let path = match uri.query() {
        Some(query) => format!("{path}?{query}"),
        None => path,
    };
    let Ok(path) = PathAndQuery::try_from(path) else { return };
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = Some(path);
    if let Ok(normal) = Uri::from_parts(parts) {
        *uri = normal;
    }
}

/// Returns the path with such octets decoded; `None` if there are none, or the path is malformed.
fn decoded(path: &str) -> Option<String> {
    let mut parts = path.split('%');
    let mut decoded = parts.next()?.to_owned();
    let mut changed = false;
    for part in parts {
        let octet = part.get(..2).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let letter = char::from(octet.and_then(|digits| u8::from_str_radix(digits, 16).ok())?);
        match letter.is_ascii_alphanumeric() || "-._~".contains(letter) {
            true => {
                decoded.push(letter);
                decoded.push_str(part.get(2..)?);
                changed = true;
            }
            false => {
                decoded.push('%');
                decoded.push_str(part);
            }
        }
    }
    changed.then_some(decoded)
}

/// Whether an HTTP/1.1 request has exactly one valid `Host` (RFC 9112, section 3.2).
pub(super) fn names_its_host(request: &Request) -> bool {
    if request.version() < Version::HTTP_11 {
        return true;
    }
    let mut values = request.headers().get_all(header::HOST).iter();
    let (Some(value), None) = (values.next(), values.next()) else { return false };
    // It is empty if the target has no host.
    value.is_empty() || Authority::try_from(value.as_bytes()).is_ok_and(|host| !host.as_str().contains('@'))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn only_octets_that_mean_the_same_are_decoded() {
        for (path, expected) in [
            ("/%61b%2E%7e?%61", "/ab.~?%61"),
            ("/%2f%25%00%ff%41", "/%2f%25%00%ffA"),
            ("/a%", "/a%"),
            ("/a%6", "/a%6"),
            ("/%+1%zz%41", "/%+1%zz%41"),
            ("/%%36%31", "/%%36%31"),
            ("/%2561", "/%2561"),
        ] {
            let mut uri: Uri = path.parse().unwrap();
            normalize(&mut uri);
            assert_eq!(uri.to_string(), expected);
        }
    }

    proptest! {
        #[test]
        fn no_path_makes_it_panic(path in "/[%0-9a-f/.?~]{0,20}") {
            if let Ok(mut uri) = path.parse() {
                normalize(&mut uri);
            }
        }
    }
}
