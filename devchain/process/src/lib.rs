//! The local chain behind JSON-RPC of `scripts/chain`, for as long as a test needs one. What it needs must be built: `scripts/test`
//! does that before, as compiling the chain's runtime takes minutes.

use std::{
    net::TcpListener,
    process::{Command, Output, Stdio},
};

/// A chain on a port of its own, which ends when this is dropped. On it the development accounts have a million units each, and
/// nothing has happened yet.
pub struct Devchain {
    balance: String,
    port: u16,
    url: String,
}

impl Devchain {
    /// Starts one whose native balances are as wide as `balance` says: `u128` or `u64`.
    ///
    /// # Panics
    ///
    /// When it does not start, with what the script said.
    pub fn start(balance: &str) -> Self {
        let port = free_port();
        let url = start(port, balance);
        Self { balance: balance.to_owned(), port, url }
    }

    /// Where it answers, such as `ws://127.0.0.1:9944`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The port that it listens on.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Stops it. Its state is gone with it.
    pub fn stop(&self) {
        script(&["stop", "--port", &self.port.to_string()]);
    }

    /// Starts it again where it was, with a new chain that begins as the old one did.
    ///
    /// # Panics
    ///
    /// As [`start`](Self::start).
    pub fn start_again(&self) {
        assert_eq!(start(self.port, &self.balance), self.url);
    }
}

impl Drop for Devchain {
    fn drop(&mut self) {
        self.stop();
    }
}

fn start(port: u16, balance: &str) -> String {
    let output = script(&["start", "--port", &port.to_string(), "--balance", balance]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("its address is text").trim().to_owned()
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    listener.local_addr().expect("it has an address").port()
}

fn script(arguments: &[&str]) -> Output {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../../scripts/chain");
    // Its server must not hold on to what the tests are read from.
    Command::new(script).args(arguments).stdin(Stdio::null()).output().expect("the script starts")
}
