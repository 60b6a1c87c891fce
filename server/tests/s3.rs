//! Files of an S3-compatible store: whole, in parts, missing, replaced, and a store that refuses.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{
    body::Body,
    extract::{Query, Request, State},
    http::{header, HeaderMap, Method, StatusCode},
    response::{IntoResponse, Response},
    Router,
};
use patronage_gateway::{
    files::{Files, StoredFile},
    key_folder::KeyFolder,
    protocol::ProblemCode,
};
use patronage_server::{
    s3::{Access, S3Files},
    upload::Uploads,
};

const MIB: usize = 1024 * 1024;

/// Objects by their paths, each with a tag.
type Objects = Arc<Mutex<HashMap<String, (String, Vec<u8>)>>>;

/// Answers as a store does, to signed requests only.
async fn object(
    State(objects): State<Objects>,
    Query(query): Query<HashMap<String, String>>,
    request: Request,
) -> Response {
    let credential = query.get("X-Amz-Credential").map(String::as_str).unwrap_or_default();
    if !credential.starts_with("key/") || !credential.contains("/here/s3/") || !query.contains_key("X-Amz-Signature") {
        return StatusCode::FORBIDDEN.into_response();
    }
    let path = request.uri().path().to_owned();
    if request.method() == Method::PUT {
        let bytes = axum::body::to_bytes(request.into_body(), usize::MAX).await.unwrap();
        if path.contains("slow") {
            tokio::time::sleep(Duration::from_millis(600)).await;
        }
        assert!(!objects.lock().unwrap().contains_key(&path), "nothing is sent twice");
        objects.lock().unwrap().insert(path, ("\"t-3\"".to_owned(), bytes.to_vec()));
        return StatusCode::OK.into_response();
    }
    let Some((tag, bytes)) = objects.lock().unwrap().get(&path).cloned() else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let text = |name| request.headers().get(name).and_then(|value| value.to_str().ok());
    if text(header::IF_MATCH).is_some_and(|wanted| wanted != tag) {
        return StatusCode::PRECONDITION_FAILED.into_response();
    }
    let mut headers = HeaderMap::new();
    headers.insert(header::ETAG, tag.parse().unwrap());
    headers.insert(header::LAST_MODIFIED, "Mon, 21 Sep 2026 14:13:20 GMT".parse().unwrap());
    let Some(range) = text(header::RANGE).and_then(|range| range.strip_prefix("bytes=")?.split_once('-')) else {
        return (headers, bytes).into_response();
    };
    let (first, last): (usize, usize) = (range.0.parse().unwrap(), range.1.parse().unwrap());
    headers.insert(header::CONTENT_RANGE, format!("bytes {first}-{last}/{}", bytes.len()).parse().unwrap());
    (StatusCode::PARTIAL_CONTENT, headers, bytes[first..=last].to_vec()).into_response()
}

/// A store with these objects, and how to reach it.
async fn store(objects: &Objects) -> Access {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let router = Router::new().fallback(object).with_state(objects.clone());
    tokio::spawn(async { axum::serve(listener, router).await });
    let text = str::to_owned;
    Access { key: text("key"), secret: text("secret"), token: None, region: text("here"), endpoint: Some(endpoint) }
}

/// Reads part after part.
async fn read(file: &mut StoredFile, mut first: u64, end: u64) -> std::io::Result<Vec<u8>> {
    let mut all = Vec::new();
    while first < end {
        let part = file.bytes.read(first..end).await?;
        assert!(!part.is_empty() && part.len() <= MIB);
        first += part.len() as u64;
        all.extend(part);
    }
    Ok(all)
}

#[tokio::test]
async fn files_of_a_store_are_read_in_parts_and_never_mixed() {
    let bytes: Vec<u8> = (0..2 * MIB + 77).map(|at| (at % 251) as u8).collect();
    let objects = Objects::default();
    objects.lock().unwrap().insert("/songs/of mira/a.age".to_owned(), ("\"t-1\"".to_owned(), bytes.clone()));
    objects.lock().unwrap().insert("/songs/of%20mira/a.age".to_owned(), ("\"t-1\"".to_owned(), bytes.clone()));
    let files = S3Files::new("s3://songs/of mira/", store(&objects).await).unwrap();
    assert!(files.open("b.age").await.unwrap().is_none());
    let mut file = files.open("a.age").await.unwrap().unwrap();
    assert_eq!(file.size, bytes.len() as u64);
    assert_eq!(file.tag, "t-1");
    assert!(file.strong);
    assert!(file.modified.is_some());
    assert_eq!(read(&mut file, 0, bytes.len() as u64).await.unwrap(), bytes);
    assert_eq!(read(&mut file, 5, 9).await.unwrap(), bytes[5..9]);

    for (tag, bytes) in objects.lock().unwrap().values_mut() {
        (*tag, bytes[0]) = ("\"t-2\"".to_owned(), 9);
    }
    assert!(read(&mut file, 0, 4).await.is_err(), "it was replaced");
    let mut file = files.open("a.age").await.unwrap().unwrap();
    assert_eq!(read(&mut file, 0, 1).await.unwrap(), [9]);
}

#[tokio::test]
async fn a_store_that_refuses_or_is_away_is_an_error_and_no_missing_file() {
    let objects = Objects::default();
    let access = store(&objects).await;
    let wrong = Access { key: "other".to_owned(), ..access.clone() };
    assert!(S3Files::new("s3://songs", wrong).unwrap().open("a.age").await.is_err());
    let away = Access { endpoint: Some("http://127.0.0.1:1".to_owned()), ..access };
    assert!(S3Files::new("s3://songs", away).unwrap().open("a.age").await.is_err());
}

#[tokio::test]
async fn an_upload_ends_in_the_store_and_goes_on_after_the_store_was_away() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("files");
    std::fs::create_dir(&folder).unwrap();
    let keys = KeyFolder::open(&home.path().join("keys")).unwrap();
    let objects = Objects::default();
    let access = store(&objects).await;
    let away = Access { endpoint: Some("http://127.0.0.1:1".to_owned()), ..access.clone() };
    let uploads = |access: Access| {
        let files = Arc::new(S3Files::new("s3://songs/mira", access).unwrap());
        (Uploads::new(folder.clone(), keys.clone(), Some(files.clone())), files)
    };
    let bytes = [b"age-encryption.org/v1\n".as_slice(), &vec![7; MIB]].concat();
    let length = bytes.len() as u64;
    let (first, files) = uploads(access.clone());
    first.begin("a.age", length).await.unwrap();
    first.append("a.age", 0, Body::from(bytes[..100].to_vec())).await.unwrap();
    assert!(files.open("a.age").await.unwrap().is_none());
    uploads(away).0.append("a.age", 100, Body::from(bytes[100..].to_vec())).await.unwrap_err();
    // All bytes are here: an empty part completes it.
    let (again, files) = uploads(access);
    assert_eq!(again.begin("a.age", length).await.unwrap().offset, length);
    again.append("a.age", length, Body::empty()).await.unwrap();
    let mut file = files.open("a.age").await.unwrap().unwrap();
    assert_eq!(read(&mut file, 0, length).await.unwrap(), bytes);
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 0, "nothing is left of the upload");
}

#[tokio::test]
async fn a_copy_that_takes_longer_than_its_request_is_made_once() {
    let home = tempfile::tempdir().unwrap();
    let keys = KeyFolder::open(&home.path().join("keys")).unwrap();
    let files = Arc::new(S3Files::new("s3://songs", store(&Objects::default()).await).unwrap());
    let uploads = Uploads::new(home.path().join("."), keys, Some(files));
    let bytes = b"age-encryption.org/v1\n".as_slice();
    let length = bytes.len() as u64;
    uploads.begin("slow.age", length).await.unwrap();
    // The server ends a request after its time.
    let request = uploads.append("slow.age", 0, Body::from(bytes));
    tokio::time::timeout(Duration::from_millis(200), request).await.unwrap_err();
    let meanwhile = uploads.append("slow.age", length, Body::empty()).await.unwrap_err();
    assert_eq!(meanwhile.code, ProblemCode::Conflict);
    while uploads.begin("slow.age", length).await.is_ok()
        || home.path().join(format!(".slow.age.{length}.upload")).exists()
    {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(uploads.progress("slow.age").await.unwrap().offset, length);
    assert_eq!(uploads.begin("large", S3Files::MAX_PUT + 1).await.unwrap_err().code, ProblemCode::TooLarge);
}

#[test]
fn addresses_that_are_no_store_are_refused() {
    let text = str::to_owned;
    let access = Access { key: text("k"), secret: text("s"), token: None, region: text("r"), endpoint: None };
    for url in ["", "songs", "https://songs", "s3://", "s3:///folder"] {
        let error = S3Files::new(url, access.clone()).err().unwrap().to_string();
        assert!(error.contains("write s3://BUCKET"), "{error}");
    }
    let bad = Access { endpoint: Some(text("no address")), ..access };
    assert!(S3Files::new("s3://songs", bad).err().unwrap().to_string().contains("AWS_ENDPOINT_URL"));
}
