//! A proxy in front of a node that disturbs its answers, for tests. `devchain/src/proxy.js` lists the faults.

use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
};

/// A running proxy. It ends when this is dropped.
pub struct Proxy {
    process: Child,
    url: String,
}

impl Proxy {
    /// Starts a proxy with this `fault` in front of the node at `upstream`. The same `seed` disturbs the same messages.
    ///
    /// # Panics
    ///
    /// If it does not start. The packages of `devchain` must be installed: `scripts/test` does that.
    #[track_caller]
    pub fn start(upstream: &str, fault: &str, seed: u32) -> Self {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../../devchain/src/proxy.js");
        let mut command = Command::new("node");
        command.args([script, upstream, fault, &seed.to_string()]).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut process = command.spawn().expect("node is installed: scripts/setup --chain");
        let mut url = String::new();
        let output = process.stdout.take().expect("its output was asked for");
        BufReader::new(output).read_line(&mut url).expect("its output is text");
        assert!(url.starts_with("ws://"), "the proxy did not start");
        Self { process, url: url.trim().to_owned() }
    }

    /// Its URL.
    pub fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        // The process may have ended already.
        self.process.kill().unwrap_or(());
        self.process.wait().map(|_| ()).unwrap_or(());
    }
}
