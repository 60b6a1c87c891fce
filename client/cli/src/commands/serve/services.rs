//! What a server does beside the gateway: the index, `/v1`, notices, and what it shares with other processes.

use std::{
    future::Future,
    path::PathBuf,
    pin::Pin,
    sync::{atomic::AtomicI64, Arc},
    time::Duration,
};

use clap::Args;
use patronage::{deployment::Deployment, error::Error, profile::SignedProfile, registry_adapter::ChainRegistry};
use patronage_chain::units::{parse_duration, Units};
use patronage_gateway::{
    key_folder::KeyFolder,
    registry::Registry,
    server::{Config, Services},
    state::{MemoryState, State},
};
use patronage_indexer::{follow::Followed, without_password, Index};
use patronage_server::{
    api::{self, Shared},
    background::{Follower, Open},
    creator::Offers,
    identity::Identity,
    indexed::Indexed,
    notices::{send, store::Store, webhook::Webhook, Maker, Settings},
    s3::S3Files,
    sign_in::Sessions,
    state::PostgresState,
    upload::Uploads,
    ServerError,
};

use super::on_chain::OnChain;
use crate::commands::{context::Context, indexed, profile};

/// How often due notices are looked for.
const SEND_EVERY: Duration = Duration::from_secs(2);
/// Value of --index for the gateway alone.
const OFF: &str = "off";
/// Environment variable with the secret of the webhooks.
const SECRET: &str = "PATRONAGE_WEBHOOK_SECRET";

/// What the server does beside the gateway.
#[derive(Args, Clone)]
pub struct ServiceArguments {
    /// The index of the history: a file, the URL of a PostgreSQL database, or off for the gateway alone. Without it, a file beside
    /// the deployment file.
    #[arg(long, value_name = "FILE|URL|off", env = "PATRONAGE_INDEX", hide_env_values = true)]
    index: Option<String>,
    /// A PostgreSQL database with what several processes share: used challenges, their key, and rates. Without it, the memory.
    #[arg(long, value_name = "URL", env = "PATRONAGE_STATE", hide_env_values = true)]
    state: Option<String>,
    /// A receiver of notices. Can be given several times. Each notice is signed with the secret in PATRONAGE_WEBHOOK_SECRET or in
    /// --webhook-secret.
    #[arg(long = "webhook", value_name = "URL")]
    webhooks: Vec<String>,
    /// A file with the secret of the webhooks: whsec_ and base64.
    #[arg(long, value_name = "FILE")]
    webhook_secret: Option<PathBuf>,
    /// How long before its end a membership is announced.
    #[arg(long, value_name = "DURATION", default_value = "3d")]
    notice_before: String,
    /// The signed profile. Without it, profile.json beside the deployment file, if there is one.
    #[arg(long, value_name = "FILE", env = "PATRONAGE_PROFILE")]
    profile: Option<PathBuf>,
}

/// A creator, as the command knows it.
pub struct Creator {
    pub deployment: Deployment,
    pub units: Units,
}

/// Checked arguments.
pub struct Plan {
    creator: Creator,
    registry: Arc<ChainRegistry>,
    open: Open,
    index: Option<String>,
    state: Option<String>,
    store: Option<Arc<S3Files>>,
    webhooks: Vec<Arc<Webhook>>,
    before_end: Duration,
    profile: Option<PathBuf>,
}

/// Work that ends with the gateway.
pub type Background = Pin<Box<dyn Future<Output = ()> + Send>>;

fn failed(error: ServerError) -> Error {
    Error::Request(error.to_string())
}

impl ServiceArguments {
    /// Checks the arguments before anything starts.
    ///
    /// # Errors
    ///
    /// If one can't be used.
    pub fn plan(
        &self,
        context: &mut Context<'_>,
        creator: Creator,
        registry: Arc<ChainRegistry>,
        open: Open,
        store: Option<Arc<S3Files>>,
    ) -> Result<Plan, Error> {
        let beside = |name| context.deployment_path().with_file_name(name);
        let index = match self.index.as_deref() {
            Some(OFF) => None,
            named => Some(indexed::url(named, context)),
        };
        if index.is_none() && !self.webhooks.is_empty() {
            return Err(Error::Request("--webhook needs an index: leave --index off out".to_owned()));
        }
        let profile = match &self.profile {
            Some(path) => Some(path.clone()),
            None => Some(beside("profile.json")).filter(|path| path.exists()),
        };
        let before_end =
            parse_duration(&self.notice_before).map_err(|error| Error::Request(format!("--notice-before: {error}")))?;
        let plan = Plan {
            creator,
            registry,
            open,
            index,
            state: self.state.clone(),
            store,
            webhooks: self.webhooks()?,
            before_end: Duration::from_millis(before_end),
            profile,
        };
        if let Some(path) = &plan.profile {
            profile::check(context, &SignedProfile::read(path).map_err(Error::Request)?)?;
        }
        Ok(plan)
    }

    fn webhooks(&self) -> Result<Vec<Arc<Webhook>>, Error> {
        if self.webhooks.is_empty() {
            return Ok(Vec::new());
        }
        let secret = match &self.webhook_secret {
            Some(path) => std::fs::read_to_string(path).map_err(|error| {
                Error::Request(format!("--webhook-secret: {} can't be read: {error}", path.display()))
            })?,
            None => std::env::var(SECRET).map_err(|_| {
                Error::Request(format!("--webhook needs a secret: set {SECRET}, or name a file with --webhook-secret"))
            })?,
        };
        let webhooks = self.webhooks.iter().map(|url| Webhook::new(url, &secret).map(Arc::new));
        webhooks.collect::<Result<_, _>>().map_err(failed)
    }
}

impl Plan {
    /// The index, for people, without a password.
    pub fn index_shown(&self) -> Option<String> {
        let shown = |url: &String| url.strip_prefix("sqlite://").map_or_else(|| without_password(url), str::to_owned);
        self.index.as_ref().map(shown)
    }

    /// Connects to the databases. Returns what the gateway uses, and work for the background.
    ///
    /// # Errors
    ///
    /// If a database can't be used.
    pub async fn start(self, config: &Config) -> Result<(Services, Vec<Background>), Error> {
        let state: Arc<dyn State> = match &self.state {
            Some(url) => {
                let (rate, burst) = (config.requests_per_second.get(), config.burst.get());
                Arc::new(PostgresState::connect(url, rate, burst).await.map_err(failed)?)
            }
            None => {
                let memory = MemoryState::new(config.most_used_challenges);
                Arc::new(memory.map_err(|error| Error::Request(error.to_string()))?)
            }
        };
        let mut services = Services {
            state: state.clone(),
            files: self.store.clone().map(|store| store as _),
            routes: Default::default(),
        };
        let Some(url) = self.index.clone() else { return Ok((services, Vec::new())) };
        let message = |error: &dyn std::fmt::Display| Error::Request(error.to_string());
        let index = Index::open(&url).await.map_err(|error| message(&error))?;
        let followed = Followed::new(&index, &self.creator.deployment).await.map_err(|error| message(&error))?;
        let notices = Store::open(&url).await.map_err(failed)?;
        let identity = self.identity();
        let now = Arc::new(AtomicI64::new(0));
        let history = Arc::new(Indexed::new(index.clone(), followed.id, identity.clone(), now.clone()));
        let keys = KeyFolder::open(&config.keys).map_err(|error| message(&error))?;
        let key = state.challenge_key().await.map_err(|error| message(&error))?;
        let on_chain = OnChain {
            registry: self.registry,
            tiers: self.creator.deployment.tiers,
            content: self.creator.deployment.content,
        };
        services.routes = api::routes(Arc::new(Shared {
            identity: identity.clone(),
            index: history.clone(),
            offers: Offers::new(Arc::new(on_chain)),
            notices: notices.clone(),
            sessions: Sessions::new(identity.registry, &key, state),
            uploads: Uploads::new(config.content.clone(), keys, self.store),
            profile: self.profile,
        }));
        let urls = self.webhooks.iter().map(|webhook| webhook.url().to_owned()).collect();
        let maker = Maker::new(identity, notices.clone(), Settings { before_end: self.before_end, urls });
        let follower = Follower { index, followed, open: self.open, now, history, maker };
        let mut background: Vec<Background> = vec![Box::pin(follower.run())];
        if !self.webhooks.is_empty() {
            background.push(Box::pin(send::run(notices, self.webhooks, SEND_EVERY)));
        }
        Ok((services, background))
    }

    fn identity(&self) -> Identity {
        let Creator { deployment, units } = &self.creator;
        Identity {
            registry: self.registry.identity(),
            token: *deployment.contracts.token.as_ref(),
            vault: *deployment.contracts.vault.as_ref(),
            native: units.native.clone(),
            creator_token: units.token.clone(),
            tiers: deployment.tiers.clone(),
            content: deployment.content.clone(),
        }
    }
}
