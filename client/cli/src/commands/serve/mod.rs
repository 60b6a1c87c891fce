//! Runs the gateway, and beside it the index, `/v1` and notices.

mod on_chain;
mod services;

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
    client::Client,
    content_store::ContentStore,
    error::Error,
    registry_adapter::ChainRegistry,
    report::{Report, Value},
};
use patronage_gateway::server::{Config, Gateway};
use patronage_server::background::Open;
use tokio::signal::unix::{signal, SignalKind};

use self::services::{Creator, ServiceArguments};
use super::{context::Context, output, publish::StoreArguments, Global};

/// A gateway.
#[derive(Args)]
#[command(after_help = "\
Examples:
  patronage serve                                            for this machine only
  patronage serve --listen 0.0.0.0:8484                      for the network
  patronage serve --trusted-proxy 127.0.0.1                  behind a web server on this machine that adds TLS
  patronage serve --index off                                the gateway alone
  patronage serve --webhook https://mailer.example/hook      with notices: new members, ends that are near, tips
  patronage serve --state postgres://patronage@db/patronage --index postgres://patronage@db/patronage
                                                             one of several processes behind one name
Ctrl-C or SIGTERM stops the gateway after it has answered open requests. The log goes to standard error. With --json, it has one
JSON document per line.")]
pub struct Serve {
    /// Address and port. With port 0, the system chooses the port.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8484")]
    listen: SocketAddr,
    /// Address of a proxy whose X-Forwarded-For header is trusted. Can be given several times.
    #[arg(long = "trusted-proxy", value_name = "IP")]
    trusted_proxies: Vec<IpAddr>,
    /// Requests per second for each client address. Bursts of four times as many are allowed.
    #[arg(long, value_name = "REQUESTS", default_value = "10")]
    rate: NonZeroU32,
    #[command(flatten)]
    store: StoreArguments,
    #[command(flatten)]
    services: ServiceArguments,
}

const FOUR: NonZeroU32 = NonZeroU32::MIN.saturating_add(3);

impl Serve {
    /// Runs it until a signal stops it.
    pub fn run(self, global: &Global) -> Result<(), Error> {
        let mut context = Context::open(global)?;
        let store = self.store.store(&context);
        store.create_files()?;
        let open = context.opener();
        let mut client = context.client()?;
        let open: Open = Arc::new(open);
        let again = open.clone();
        let registry = Arc::new(ChainRegistry::new(&client, move || again())?);
        // A chain may own a runtime, which must not be dropped inside another one. So the last references are dropped here.
        let held = (registry.clone(), open.clone());
        let incomplete = match self.store.store {
            // Its files are in a store, which is asked when a fan asks.
            Some(_) => Vec::new(),
            None => incomplete(&mut client, &store)?,
        };
        let creator = Creator { deployment: client.deployment.clone(), units: client.units.clone() };
        let plan = self.services.plan(&mut context, creator, registry.clone(), open, self.store.s3()?)?;
        log_to_standard_error(global.json);
        let mut config = Config::new(self.listen, &store.keys, &store.files);
        config.trusted_proxies = self.trusted_proxies;
        config.requests_per_second = self.rate;
        config.burst = self.rate.saturating_mul(FOUR);

        let files = self.store.store.clone().unwrap_or_else(|| store.files.display().to_string());
        let failed = |error: io::Error| Error::Request(format!("the gateway can't run: {error}"));
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(failed)?;
        let served = runtime.block_on(async {
            // The signal handlers are installed before the address is printed, as a reader of it may send a signal.
            let stop = stopped().map_err(failed)?;
            let index = plan.index_shown();
            let (services, background) = plan.start(&config).await?;
            let gateway = Gateway::bind_with(config, registry, services)
                .await
                .map_err(|error| Error::Request(error.to_string()))?;
            let report = Report::new("serving")
                .text("address", format!("http://{}", gateway.address().map_err(failed)?))
                .text("keys", store.keys.display().to_string())
                .text("files", files)
                .with_some("index", index.map(Value::Text))
                .with_some("incomplete", (!incomplete.is_empty()).then_some(Value::List(incomplete)));
            context.show(&report)?;
            // They end with the gateway. Each of their steps is a transaction, so they can end at any time.
            let background: Vec<_> = background.into_iter().map(tokio::spawn).collect();
            gateway.run(stop).await;
            background.iter().for_each(tokio::task::JoinHandle::abort);
            Ok(())
        });
        // Does not wait for pending queries to a node: their requests have been answered.
        runtime.shutdown_background();
        drop(held);
        served
    }
}

/// Content that the gateway can't serve, with the reasons.
fn incomplete(client: &mut Client<'_>, store: &ContentStore) -> Result<Vec<Report>, Error> {
    let keys = store.key_folder()?;
    let mut all = Vec::new();
    for id in 0..content::count(client)? {
        let file = content::file(client, id)?;
        if let Some(why) = store.missing(&keys, &file)? {
            all.push(Report::new(client.content_name(id)).text("because", why));
        }
    }
    Ok(all)
}

/// Completes when this process shall stop. From now on, SIGINT and SIGTERM do not end it.
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
    let log = tracing_subscriber::fmt().with_writer(move || output::Log { json }).with_target(false);
    // An error means that a log was set before, which does not happen here.
    match json {
        true => log.json().try_init().unwrap_or(()),
        false => log.try_init().unwrap_or(()),
    }
}
