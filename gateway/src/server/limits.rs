//! Callers, and their limits.

use std::{
    collections::HashMap,
    fmt,
    hash::{DefaultHasher, Hash, Hasher},
    net::{IpAddr, Ipv6Addr},
    num::NonZeroU32,
    sync::{Arc, Mutex, PoisonError},
};

use governor::{DefaultKeyedRateLimiter, Quota};

use super::forwarded::Named;

/// The maximum number of addresses with a rate.
const MOST_ADDRESSES: usize = 100_000;

/// A unit of the limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Caller {
    /// An address. Of IPv6, the half that a provider assigns to one customer.
    Address(IpAddr),
    /// All clients for which a trusted proxy writes the same text in place of an address, by its hash.
    Text(u64),
}

impl Caller {
    pub fn new(address: IpAddr) -> Self {
        Self::Address(match address.to_canonical() {
            IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() >> 64 << 64).into(),
            address => address,
        })
    }

    /// The caller behind the trusted proxy `peer`, which gives this name.
    pub fn behind(peer: IpAddr, named: &Named) -> Self {
        match named {
            Named::Address(address) => Self::new(*address),
            Named::Other(text) => {
                let mut hash = DefaultHasher::new();
                text.hash(&mut hash);
                Self::Text(hash.finish())
            }
            Named::Nobody => Self::new(peer),
        }
    }
}

impl fmt::Display for Caller {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Address(address) => address.fmt(f),
            Self::Text(hash) => write!(f, "text {hash:x}"),
        }
    }
}

/// Limits the rate of each caller.
pub(super) struct RateLimiter(DefaultKeyedRateLimiter<Caller>);

impl RateLimiter {
    pub fn new(per_second: NonZeroU32, burst: NonZeroU32) -> Self {
        Self(DefaultKeyedRateLimiter::keyed(Quota::per_second(per_second).allow_burst(burst)))
    }

    /// Whether `caller` may send a request now. With too many known callers nobody may until [`Self::forget`].
    pub fn permits(&self, caller: Caller) -> bool {
        self.0.len() < MOST_ADDRESSES && self.0.check_key(&caller).is_ok()
    }

    /// Forgets callers without recent requests.
    pub fn forget(&self) {
        self.0.retain_recent();
        self.0.shrink_to_fit();
    }
}

/// Number of connections of each caller.
#[derive(Debug, Default)]
pub(super) struct Connections(Mutex<HashMap<Caller, usize>>);

impl Connections {
    /// Counts one more connection of `caller` until the returned value is dropped; `None` if there are `most` already.
    pub fn admit(self: &Arc<Self>, caller: Caller, most: usize) -> Option<Connection> {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry(caller).or_default();
        if *count >= most {
            return None;
        }
        *count = count.saturating_add(1);
        Some(Connection { all: self.clone(), caller })
    }
}

/// A counted connection.
#[derive(Debug)]
pub(super) struct Connection {
    all: Arc<Connections>,
    caller: Caller,
}

impl Drop for Connection {
    fn drop(&mut self) {
        let mut counts = self.all.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = counts.get_mut(&self.caller) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                counts.remove(&self.caller);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn those_whom_a_proxy_tells_apart_are_told_apart() {
        let proxy = address("10.0.0.1");
        let fan = |text: &str| Caller::behind(proxy, &Named::Address(address(text)));
        let hidden = |text: &str| Caller::behind(proxy, &Named::Other(text.to_owned()));
        assert_eq!(fan("::ffff:198.51.100.7"), Caller::new(address("198.51.100.7")));
        assert_ne!(fan("198.51.100.7"), fan("198.51.100.8"));
        assert_eq!(hidden("_a"), hidden("_a"));
        assert_ne!(hidden("_a"), hidden("_b"));
        assert_ne!(hidden("unknown"), Caller::new(proxy));
        assert_eq!(Caller::behind(proxy, &Named::Nobody), Caller::new(proxy));
    }

    #[test]
    fn the_half_of_an_ipv6_address_that_a_customer_chooses_does_not_count() {
        assert_eq!(Caller::new(address("2001:db8:1:2:3:4:5:6")), Caller::new(address("2001:db8:1:2::")));
        assert_ne!(Caller::new(address("2001:db8:1:2::")), Caller::new(address("2001:db8:1:3::")));
    }

    #[test]
    fn one_caller_asking_too_often_does_not_slow_down_others() {
        let limiter = RateLimiter::new(NonZeroU32::MIN, NonZeroU32::new(3).unwrap());
        let (one, other) = (Caller::new(address("192.0.2.1")), Caller::new(address("192.0.2.2")));
        assert_eq!((0..10).filter(|_| limiter.permits(one)).count(), 3);
        assert!(limiter.permits(other));
    }

    #[test]
    fn connections_are_counted_until_they_end() {
        let connections = Arc::new(Connections::default());
        let caller = Caller::new(address("192.0.2.1"));
        let first = connections.admit(caller, 2).unwrap();
        let _second = connections.admit(caller, 2).unwrap();
        assert!(connections.admit(caller, 2).is_none());
        drop(first);
        assert!(connections.admit(caller, 2).is_some());
        drop(_second);
        assert!(connections.0.lock().unwrap().is_empty(), "nothing is kept of those who left");
    }
}
