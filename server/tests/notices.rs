//! The store of notices, on SQLite: none twice, none lost, one attempt at a time.

use patronage_server::notices::{
    store::{End, Position, Store},
    Kind, Notice,
};
use serde_json::json;

fn notice(number: i64) -> Notice {
    let data = json!({ "memo": "a\u{0}b", "amount": "5" });
    Notice { id: format!("tip_{number}"), kind: Kind::Tip, time: number, title: format!("tip\u{0} {number}"), data }
}

async fn store(folder: &tempfile::TempDir) -> Store {
    Store::open(&format!("sqlite://{}?mode=rwc", folder.path().join("index.sqlite").display())).await.unwrap()
}

const URLS: [&str; 2] = ["https://a.example", "https://b.example"];

fn urls() -> Vec<String> {
    URLS.map(str::to_owned).to_vec()
}

#[tokio::test]
async fn a_notice_that_is_made_twice_is_kept_and_sent_once() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(&folder).await;
    assert_eq!(store.position("mira").await.unwrap(), None);
    let position = |event| Position { event, since: 7 };
    store.add("mira", &[notice(1), notice(2)], &urls(), position(2), 100).await.unwrap();
    // Another process is behind.
    store.add("mira", &[notice(1)], &urls(), position(1), 100).await.unwrap();
    assert_eq!(store.position("mira").await.unwrap(), Some(position(2)));
    assert_eq!(store.position("juno").await.unwrap(), None);
    let newest = store.newest("mira", 50).await.unwrap();
    assert_eq!(newest.iter().map(|one| one.id.as_str()).collect::<Vec<_>>(), ["tip_2", "tip_1"]);
    assert_eq!(newest[0].data, notice(2).data);
    assert_eq!(store.newest("juno", 50).await.unwrap(), []);
    for url in URLS {
        assert_eq!(store.due(url, 100, 50).await.unwrap().len(), 2);
        assert_eq!(store.due(url, 99, 50).await.unwrap().len(), 0);
    }
}

#[tokio::test]
async fn one_process_makes_an_attempt_and_an_interrupted_one_comes_again() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(&folder).await;
    store.add("mira", &[notice(1)], &urls(), Position { event: 1, since: 0 }, 100).await.unwrap();
    let due = store.due(URLS[0], 100, 50).await.unwrap();
    let (mut one, mut other) = (due[0].clone(), due[0].clone());
    assert!(store.begin(&mut one, 200).await.unwrap());
    assert!(!store.begin(&mut other, 200).await.unwrap());
    // The process was killed. After a restart of the database, too, it is due when the attempt would have ended.
    drop(store);
    let store = self::store(&folder).await;
    assert_eq!(store.due(URLS[0], 199, 50).await.unwrap(), []);
    let mut again = store.due(URLS[0], 200, 50).await.unwrap().remove(0);
    assert_eq!(again.attempts, 1);
    assert!(store.begin(&mut again, 300).await.unwrap());
    store.failed(&again, "the receiver answers 503", 250).await.unwrap();
    let mut again = store.due(URLS[0], 250, 50).await.unwrap().remove(0);
    assert!(store.begin(&mut again, 400).await.unwrap());
    store.end(&again, End::Taken).await.unwrap();
    assert_eq!(store.due(URLS[0], i64::MAX, 50).await.unwrap(), []);
    assert_eq!(store.due(URLS[1], i64::MAX, 50).await.unwrap().len(), 1);
}
