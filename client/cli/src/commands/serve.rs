//! The gateway, in front of a chain.

use std::{
    future::Future,
    io::{self, IsTerminal},
    net::{IpAddr, SocketAddr},
    num::NonZeroU32,
    sync::Arc,
};

use clap::Args;
use patronage::{
    actions::content,
    folders::Folders,
    gate::ChainRegistry,
    report::{Report, Value},
    session::{Failure, Session},
};
use patronage_gateway::server::{Config, Gateway};
use tokio::signal::unix::{signal, SignalKind};

use super::{desk::Desk, out, publish::FolderArguments, Global};

/// A gateway.
#[derive(Args)]
#[command(after_help = "\
Examples:
  patronage serve                                            for this machine alone
  patronage serve --listen 0.0.0.0:8484                      for the network
  patronage serve --trusted-proxy 127.0.0.1                  behind a web server on this machine that adds TLS
It stops at Ctrl-C or SIGTERM, once those are served who are being served. Its log goes to standard error, with --json one
JSON document a line.")]
pub struct Serve {
    /// Address and port; with port 0 the system chooses one.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8484")]
    listen: SocketAddr,
    /// A web server in front of this one, whose X-Forwarded-For says who asks; can be given several times.
    #[arg(long = "trusted-proxy", value_name = "IP")]
    trusted_proxies: Vec<IpAddr>,
    /// How many requests a second one address may make in the long run; at once it may make four times as many.
    #[arg(long, value_name = "REQUESTS", default_value = "10")]
    rate: NonZeroU32,
    #[command(flatten)]
    folders: FolderArguments,
}

const FOUR: NonZeroU32 = NonZeroU32::MIN.saturating_add(3);

impl Serve {
    /// Runs it, until a signal stops it.
    pub fn run(self, global: &Global) -> Result<(), Failure> {
        let mut desk = Desk::open(global)?;
        let folders = self.folders.folders(&desk);
        folders.make_files()?;
        let open = desk.opener();
        let mut session = desk.session()?;
        let registry = Arc::new(ChainRegistry::new(&session, open)?);
        // A chain may have a runtime of its own, which can't end inside another: the last to let go of it is out here.
        let held = registry.clone();
        let incomplete = incomplete(&mut session, &folders)?;
        log_to_standard_error(global.json);
        let mut config = Config::new(self.listen, &folders.keys, &folders.files);
        config.trusted_proxies = self.trusted_proxies;
        config.requests_per_second = self.rate;
        config.burst = self.rate.saturating_mul(FOUR);

        let failed = |error: io::Error| Failure::Request(format!("the gateway can't run: {error}"));
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(failed)?;
        let served = runtime.block_on(async {
            // Before anyone can know that it runs, and so might stop it.
            let stop = stopped().map_err(failed)?;
            let gateway = Gateway::bind(config, registry).await.map_err(|error| Failure::Request(error.to_string()))?;
            let report = Report::new("serving")
                .text("address", format!("http://{}", gateway.address().map_err(failed)?))
                .text("keys", folders.keys.display().to_string())
                .text("files", folders.files.display().to_string())
                .with_some("incomplete", (!incomplete.is_empty()).then_some(Value::List(incomplete)));
            desk.show(&report)?;
            gateway.run(stop).await;
            Ok(())
        });
        // A question to a node that hangs holds up no end: whoever asked was sent away.
        runtime.shutdown_background();
        drop(held);
        served
    }
}

/// Content that the gateway can't serve, and why.
fn incomplete(session: &mut Session<'_>, folders: &Folders) -> Result<Vec<Report>, Failure> {
    let keys = folders.key_folder()?;
    let mut all = Vec::new();
    for id in 0..content::count(session)? {
        let file = content::file(session, id)?;
        if let Some(why) = folders.lacks(&keys, &file)? {
            all.push(Report::new(session.content_name(id)).text("because", why));
        }
    }
    Ok(all)
}

/// Ready when this process shall stop. From now on signals do not end it.
fn stopped() -> io::Result<impl Future<Output = ()>> {
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

fn log_to_standard_error(json: bool) {
    let json = json || !io::stderr().is_terminal();
    let log = tracing_subscriber::fmt().with_writer(move || out::Log { json }).with_target(false);
    // There is one log in a process, and nothing has set another.
    match json {
        true => log.json().try_init().unwrap_or(()),
        false => log.try_init().unwrap_or(()),
    }
}
