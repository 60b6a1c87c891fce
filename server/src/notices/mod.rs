//! Notices to the creator: a new member, a member whose time runs out, a tip.
//!
//! A notice is stored before it is sent, and in one transaction with the position in the index up to which notices were made. So
//! none is lost when the process stops at any time. A receiver may get a notice more than once, always with the same id.

pub mod feed;
mod make;
pub mod send;
pub mod store;
pub mod webhook;

use serde::{Deserialize, Serialize};

pub use make::{MakeError, Maker, Settings};

/// Kind of a notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Kind {
    /// An account became a member.
    #[serde(rename = "member.new")]
    NewMember,
    /// The time of a member runs out soon.
    #[serde(rename = "member.ending")]
    Ending,
    /// An account tipped.
    #[serde(rename = "tip")]
    Tip,
}

impl Kind {
    /// Its name in webhooks, feeds and the database.
    pub fn name(self) -> &'static str {
        match self {
            Self::NewMember => "member.new",
            Self::Ending => "member.ending",
            Self::Tip => "tip",
        }
    }
}

/// A notice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Unique, and the same each time it is made. A receiver drops a notice with an id that it has seen.
    pub id: String,
    /// Its kind.
    pub kind: Kind,
    /// Block time of what happened, in ms since 1970.
    pub time: i64,
    /// One line for people. It contains text of strangers.
    pub title: String,
    /// The data for programs, as JSON. Amounts are decimal numbers in texts, times are in ms.
    pub data: serde_json::Value,
}

impl Notice {
    /// Body of a webhook: JSON with `type`, `timestamp` and `data`.
    pub fn body(&self) -> String {
        serde_json::json!({ "type": self.kind.name(), "timestamp": rfc3339(self.time), "title": self.title, "data": self.data })
            .to_string()
    }
}

/// `time` in ms as in `2026-01-31T12:00:00.000Z`.
pub fn rfc3339(time: i64) -> String {
    let time = chrono::DateTime::from_timestamp_millis(time).unwrap_or_default();
    time.format("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
}
