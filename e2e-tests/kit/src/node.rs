//! Development nodes for tests. `scripts/chain` starts them.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use devchain::Devchain;
use patronage_chain::Width;
use tempfile::TempDir;

use crate::command::{argument, example, patronage, Shell};

/// A node that stops with this value, and a folder for files.
pub struct Node {
    folder: TempDir,
    devchain: Devchain,
}

impl Node {
    /// Starts a node with balances of this width.
    pub fn start(width: Width) -> Self {
        let folder = TempDir::new().expect("the folder for temporary files can be written");
        Self { folder, devchain: Devchain::start(width.name()) }
    }

    /// URL of its RPC server.
    pub fn url(&self) -> &str {
        self.devchain.url()
    }

    /// Stops the node. Its chain is lost.
    pub fn stop(&self) {
        self.devchain.stop();
    }

    /// Starts the node again at the same address, with a new chain.
    pub fn start_again(&self) {
        self.devchain.start_again();
    }

    /// Port of its RPC server.
    pub fn port(&self) -> u16 {
        self.devchain.port()
    }

    /// Starts a node, and launches the example on it as mira.
    pub fn launched(width: Width) -> Self {
        let node = Self::start(width);
        node.json_of(&["launch", &argument(&example())]);
        node
    }

    /// The deployment file of the creator on it.
    pub fn deployment(&self) -> PathBuf {
        self.folder.path().join("deployment.json")
    }
}

impl Shell for Node {
    fn folder(&self) -> &Path {
        self.folder.path()
    }

    fn command(&self, arguments: &[&str]) -> Command {
        on_node(self.url(), &self.deployment(), arguments)
    }
}

/// The command on the node at `url`, for the creator of the `deployment` file.
pub fn on_node(url: &str, deployment: &Path, arguments: &[&str]) -> Command {
    patronage(&[("--chain", url.as_ref()), ("--deployment", deployment.as_os_str())], arguments)
}
