//! A PostgreSQL server of a test, in a temporary folder. `scripts/setup --server` installs PostgreSQL.

use std::{
    fs,
    net::TcpListener,
    os::unix::fs::{MetadataExt, PermissionsExt},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Duration,
};

use tempfile::TempDir;

/// Account that runs the server when the test is root, which PostgreSQL refuses.
const USER: &str = "postgres";

/// A running server. It is stopped, and its folder is deleted, when this is dropped.
pub struct Postgres {
    folder: TempDir,
    programs: PathBuf,
    port: u16,
    as_user: bool,
}

/// The folder with the server's programs: the newest version of Debian's, or the one on the path.
fn programs() -> Option<PathBuf> {
    let debian =
        fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten().map(|entry| entry.path().join("bin"));
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut debian: Vec<_> = debian.collect();
    debian.sort();
    debian.reverse();
    debian.into_iter().chain(std::env::split_paths(&path)).find(|folder| folder.join("initdb").exists())
}

impl Postgres {
    /// Starts a server with an empty database. `None` if PostgreSQL is not installed here.
    #[track_caller]
    pub fn start() -> Option<Self> {
        let Some(programs) = programs() else {
            eprintln!("SKIPPED on PostgreSQL, as it is not installed: scripts/setup --server");
            return None;
        };
        let folder = TempDir::new().expect("the folder for temporary files can be written");
        let as_user = fs::metadata(folder.path()).expect("it was made").uid() == 0;
        if as_user {
            // The other account must reach it.
            fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o777)).expect("ours");
        }
        let port = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port").port();
        let server = Self { folder, programs, port, as_user };
        server.run(
            "initdb",
            &["--auth=trust", "--username=test", "--no-sync", "--encoding=UTF8", "--locale=C", "--pgdata"],
        );
        server.restart();
        Some(server)
    }

    /// Starts the server again, after [`crash`](Self::crash).
    #[track_caller]
    pub fn restart(&self) {
        let folder = self.folder.path().display();
        let options = format!("-p {} -h 127.0.0.1 -k {folder} -c fsync=off -c max_connections=100", self.port);
        let log = self.folder.path().join("log").display().to_string();
        self.run("pg_ctl", &["start", "-w", "-t", "60", "-l", &log, "-o", &options, "-D"]);
    }

    /// Ends the server at once, as a loss of power does.
    #[track_caller]
    pub fn crash(&self) {
        self.run("pg_ctl", &["stop", "-m", "immediate", "-w", "-D"]);
        std::thread::sleep(Duration::from_millis(50));
    }

    /// The URL of its database.
    pub fn url(&self) -> String {
        format!("postgres://test@127.0.0.1:{}/postgres", self.port)
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// Runs a program of the server, with the folder of its data as the last argument.
    #[track_caller]
    fn run(&self, program: &str, arguments: &[&str]) {
        let output = self.command(&self.programs.join(program)).args(arguments).arg(self.data()).output();
        let output = output.expect("it starts");
        assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
    }

    fn command(&self, program: &Path) -> Command {
        let mut command = match self.as_user {
            false => Command::new(program),
            true => {
                let mut command = Command::new("setpriv");
                command.args(["--reuid", USER, "--regid", USER, "--clear-groups"]).arg(program);
                command
            }
        };
        // The server keeps what it inherits open.
        command.current_dir(self.folder.path()).stdin(Stdio::null());
        if program.ends_with("pg_ctl") {
            command.stdout(Stdio::null());
        }
        command
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        let mut stop = self.command(&self.programs.join("pg_ctl"));
        // A test that fails has its own message.
        let _ = stop.args(["stop", "-m", "immediate", "-D"]).arg(self.data()).stderr(Stdio::null()).status();
    }
}
