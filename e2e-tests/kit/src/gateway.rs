//! A gateway process, for tests.

use std::{
    fs::{read_to_string, File},
    io::{BufRead, BufReader},
    path::PathBuf,
    process::{Child, Command, Stdio},
};

use serde_json::Value;

/// Arguments that start a gateway on a free port of this machine.
pub const SERVE: [&str; 6] = ["serve", "--listen", "127.0.0.1:0", "--rate", "1000", "--json"];

/// A running gateway.
pub struct Gateway {
    /// Its process.
    pub process: Child,
    /// Its address.
    pub url: String,
    /// Its report at the start.
    pub report: Value,
    log: PathBuf,
}

impl Gateway {
    /// Starts a gateway with `command`, which ends in [`SERVE`]. Its log goes to the file `log`.
    #[track_caller]
    pub fn start(mut command: Command, log: PathBuf) -> Self {
        let written = File::create(&log).expect("a new file");
        let mut process = command.stdout(Stdio::piped()).stderr(written).spawn().expect("the command starts");
        let mut said = String::new();
        let lines = BufReader::new(process.stdout.take().expect("its output was asked for")).lines();
        for line in lines.map_while(Result::ok) {
            said.push_str(&line);
            if line == "}" {
                break;
            }
        }
        let document: Value = serde_json::from_str(&said).expect("it says where it listens");
        let report = document["report"].clone();
        let url = report["address"].as_str().expect("an address").to_owned();
        Self { process, url, report, log }
    }

    /// Stops the gateway by a signal, as a service manager does. Returns its log.
    #[track_caller]
    pub fn stop(mut self) -> String {
        let signal = Command::new("kill").arg(self.process.id().to_string()).status();
        assert!(signal.expect("kill starts").success());
        assert!(self.process.wait().expect("it was started").success(), "a stop is no failure");
        read_to_string(&self.log).expect("it was written")
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        // The process may have ended already.
        self.process.kill().unwrap_or(());
        self.process.wait().map(|_| ()).unwrap_or(());
    }
}
