//! Private readers of the gateway's server, from its own source files.
#![allow(dead_code, missing_docs, unreachable_pub)]

#[path = "../../gateway/src/server/conditions.rs"]
mod conditions;
#[path = "../../gateway/src/server/forwarded.rs"]
mod forwarded;
#[path = "../../gateway/src/server/ranges.rs"]
mod ranges;
#[path = "../../gateway/src/server/target.rs"]
mod target;

/// What the files above share with the checks.
pub mod readers {
    use axum::{
        extract::Request,
        http::{HeaderMap, Method, Uri},
    };
    use std::{net::IpAddr, ops::Range, time::SystemTime};

    use crate::files::StoredFile;

    /// [`super::ranges::Selection`].
    #[derive(Debug, PartialEq, Eq)]
    pub enum Selection {
        Whole,
        Parts(Vec<Range<u64>>),
        Unsatisfiable,
    }

    pub fn select(headers: &HeaderMap, size: u64) -> Selection {
        match super::ranges::select(headers, size) {
            super::ranges::Selection::Whole => Selection::Whole,
            super::ranges::Selection::Parts(parts) => Selection::Parts(parts),
            super::ranges::Selection::Unsatisfiable => Selection::Unsatisfiable,
        }
    }

    /// [`super::forwarded::Named`].
    #[derive(Debug, PartialEq, Eq)]
    pub enum Named {
        Address(IpAddr),
        Other(String),
        Nobody,
    }

    pub fn named(headers: &HeaderMap, trusted: &[IpAddr]) -> Named {
        match super::forwarded::named(headers, trusted) {
            super::forwarded::Named::Address(address) => Named::Address(address),
            super::forwarded::Named::Other(text) => Named::Other(text),
            super::forwarded::Named::Nobody => Named::Nobody,
        }
    }

    pub fn normalize(uri: &mut Uri) {
        super::target::normalize(uri);
    }

    pub fn names_its_host(request: &Request) -> bool {
        super::target::names_its_host(request)
    }

    /// [`super::conditions::Verdict`].
    #[derive(Debug, PartialEq, Eq)]
    pub enum Verdict {
        Proceed { ranges: bool },
        NotModified,
        Failed,
    }

    pub fn evaluate(method: &Method, headers: &HeaderMap, file: &StoredFile, now: SystemTime) -> Verdict {
        let validators = super::conditions::Validators::of(file, now);
        match super::conditions::evaluate(method, headers, &validators) {
            super::conditions::Verdict::Proceed { ranges } => Verdict::Proceed { ranges },
            super::conditions::Verdict::NotModified => Verdict::NotModified,
            super::conditions::Verdict::Failed => Verdict::Failed,
        }
    }
}
