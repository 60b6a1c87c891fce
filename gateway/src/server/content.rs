//! `GET /content/NAME`: the encrypted files, whole or in ranges.

use std::{path::PathBuf, sync::Arc};

use axum::{
    body::Body,
    extract::{Path, State},
    http::{header, HeaderValue, Request, Uri},
    response::{IntoResponse, Response},
};
use tower::ServiceExt;
use tower_http::services::ServeFile;

use super::Shared;
use crate::protocol::{Problem, ProblemCode};

/// Longest name of a file, in bytes.
const MOST_NAME: usize = 128;

/// Whether a file of that name can be served: letters, digits, `.`, `-` and `_`, not beginning with a dot. Such a name is the
/// same in a URI and in a folder, and is in no other folder.
pub fn servable(name: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
    !name.is_empty() && name.len() <= MOST_NAME && !name.starts_with('.') && name.bytes().all(plain)
}

pub(super) async fn get(
    State(shared): State<Arc<Shared>>,
    name: Result<Path<String>, axum::extract::rejection::PathRejection>,
    request: Request<Body>,
) -> Response {
    let file = match name {
        Ok(Path(name)) if servable(&name) => regular_file(shared.content.join(name)).await,
        _ => None,
    };
    let Some(file) = file else {
        return Problem::new(ProblemCode::NotFound, "there is no such file here").into_response();
    };
    // A fresh request with no more than what serving a file looks at.
    let mut plain = Request::new(());
    *plain.method_mut() = request.method().clone();
    *plain.uri_mut() = Uri::from_static("/");
    *plain.headers_mut() = request.headers().clone();
    let Ok(response) = ServeFile::new(file).oneshot(plain).await;
    let mut response = response.map(Body::new);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/octet-stream"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

/// The path, where a plain file is. Links could lead anywhere, also to the keys.
async fn regular_file(path: PathBuf) -> Option<PathBuf> {
    let metadata = tokio::fs::symlink_metadata(&path).await.ok()?;
    metadata.is_file().then_some(path)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn only_plain_names_are_served() {
        for name in ["a", "episode-1.mp3.age", "A_b.9"] {
            assert!(servable(name), "{name}");
        }
        for name in ["", ".", "..", ".hidden", "a/b", "../a", "a\\b", "a b", "ä", "a\0", "%2e%2e", "a%2fb"] {
            assert!(!servable(name), "{name}");
        }
        assert!(!servable(&"a".repeat(MOST_NAME + 1)));
    }

    proptest! {
        #[test]
        fn a_name_that_is_served_stays_in_its_folder(name in "(?s)[./\\\\a-c%\0 -]{0,8}|.{0,8}") {
            if servable(&name) {
                let folder = std::path::Path::new("/content");
                let path = folder.join(&name);
                prop_assert_eq!(path.parent(), Some(folder));
                prop_assert_eq!(path.components().count(), 3);
            }
        }
    }
}
