//! The context of a command: the open chain, the deployment file and the global options. Runs plans with preview and confirmation.

use std::path::{Path, PathBuf};

use directories::ProjectDirs;
use patronage::{
    client::Client,
    deployment::Deployment,
    error::Error,
    events,
    plan::TxPlan,
    recipients::{self, Purpose},
    report::Report,
};
use patronage_chain::{
    accounts::{account, address, development_key, named_account, NAMES},
    hexadecimal,
    keys::{self, Key},
    Chain, ChainError, DevChain, Signer,
};
use patronage_embedded::FolderChain;
use patronage_interfaces::AccountId;
use patronage_rpc::RpcChain;
use serde_json::json;

use super::{
    output,
    transaction::{self, ReceiptView},
    Global,
};

/// The context of a command.
pub struct Context<'g> {
    /// Options of every command.
    pub global: &'g Global,
    /// The chain.
    pub chain: Box<dyn Chain>,
    deployment: PathBuf,
    backend: Backend,
}

/// The kind of chain.
#[derive(Clone)]
enum Backend {
    /// A chain behind a node. Its transactions are signed.
    Node(RpcChain),
    /// A chain in this folder. Its transactions are not signed.
    Folder(PathBuf),
}

impl<'g> Context<'g> {
    /// Opens the chain of --chain.
    ///
    /// # Errors
    ///
    /// If the chain can't be used.
    pub fn open(global: &'g Global) -> Result<Self, Error> {
        if let Some(url) = node(global) {
            let chain = RpcChain::connect(url)?;
            let deployment = match &global.deployment {
                Some(deployment) => deployment.clone(),
                None => data_folder()?
                    .join("deployments")
                    .join(format!("{}.json", hexadecimal(&chain.properties().genesis))),
            };
            return Ok(Self { global, chain: Box::new(chain.clone()), deployment, backend: Backend::Node(chain) });
        }
        let chain = open_folder(global)?;
        let deployment = global.deployment.clone().unwrap_or_else(|| chain.folder().join("deployment.json"));
        let backend = Backend::Folder(chain.folder().to_owned());
        Ok(Self { global, chain: Box::new(chain), deployment, backend })
    }

    /// A client for the creator's contracts.
    ///
    /// # Errors
    ///
    /// If there is no deployment file, or the contracts are not on the chain.
    pub fn client(&mut self) -> Result<Client<'_>, Error> {
        let genesis = self.chain.properties().genesis;
        let deployment = Deployment::read(&self.deployment, &genesis).map_err(Error::Request)?;
        Client::new(&mut *self.chain, deployment)
    }

    /// Path of the deployment file.
    pub fn deployment_path(&self) -> &Path {
        &self.deployment
    }

    /// The account that `text` names.
    ///
    /// # Errors
    ///
    /// If `text` is neither an address nor a name.
    pub fn account(&self, text: &str) -> Result<AccountId, Error> {
        named_account(text, self.chain.properties().development).map_err(Error::Request)
    }

    /// The account that sends.
    ///
    /// # Errors
    ///
    /// If neither an account nor a key is given.
    pub fn signer(&self) -> Result<Signer, Error> {
        if let Some(text) = &self.global.signer {
            return self.signer_named(text);
        }
        match self.global.own_key()? {
            Some(key) => Ok(key.into()),
            None if self.chain.properties().development => {
                Err(Error::Request("no account is given: name one with --as NAME".to_owned()))
            }
            None => Err(Error::Request(keys::MISSING_KEY.to_owned())),
        }
    }

    /// The account that `text` names, with its key if the chain needs signatures.
    ///
    /// # Errors
    ///
    /// If `text` names no account, or the key is missing.
    pub fn signer_named(&self, text: &str) -> Result<Signer, Error> {
        let account = self.account(text)?;
        let holds = |signer: &Signer| signer.account() == account;
        if let Some(signer) = self.global.own_key()?.map(Signer::from) {
            let other = address(&signer.account());
            return match holds(&signer) {
                true => Ok(signer),
                false => Err(Error::Request(format!(
                    "the key belongs to {other}, and not to {text}: name another one with --key"
                ))),
            };
        }
        // A dry run needs no signature.
        if matches!(self.backend, Backend::Folder(_)) || self.global.dry_run {
            return Ok(Signer::from(account));
        }
        let known = self.chain.properties().development.then(|| development_key(text).ok().map(Signer::from)).flatten();
        known.filter(holds).ok_or_else(|| Error::Request(keys::MISSING_KEY.to_owned()))
    }

    /// The key of the account of --as: the given key, or that of the development account with this name. `need` says what needs it.
    ///
    /// # Errors
    ///
    /// If there is no key.
    pub fn signing_key(&self, need: &str) -> Result<Key, Error> {
        let signer = self.signer()?;
        if let Some(key) = signer.key() {
            return Ok(key.clone());
        }
        let named = self.global.signer.as_deref().and_then(|name| development_key(name).ok()).map(Key::from);
        named.filter(|key| key.account() == signer.account()).ok_or_else(|| {
            Error::Request(format!(
                "{need}, and there is no key for this address: name the key with --key, or sign with a wallet by --sign-elsewhere"
            ))
        })
    }

    /// Returns a function that opens the chain again, for concurrent queries. All queries to a node share one connection.
    pub fn opener(&self) -> impl Fn() -> Result<Box<dyn Chain + Send>, ChainError> + use<> {
        let backend = self.backend.clone();
        move || match &backend {
            Backend::Node(chain) => Ok(Box::new(chain.clone())),
            // Readers never wait for the lock, so the callback is not used.
            Backend::Folder(folder) => Ok(Box::new(FolderChain::open(folder, |_| ())?)),
        }
    }

    /// Shows the plan that `make` returns for the signer, asks for confirmation, and executes it.
    ///
    /// # Errors
    ///
    /// If the plan fails, or the user declines.
    pub fn act(&mut self, make: impl FnOnce(&mut Client<'_>, AccountId) -> Result<TxPlan, Error>) -> Result<(), Error> {
        self.act_and(make, |_| Ok(()))
    }

    /// As [`act`](Self::act). Then applies `after` to the deployment.
    ///
    /// # Errors
    ///
    /// As for [`act`](Self::act).
    pub fn act_and(
        &mut self,
        make: impl FnOnce(&mut Client<'_>, AccountId) -> Result<TxPlan, Error>,
        after: impl FnOnce(&mut Deployment) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let asks = !self.global.yes;
        self.act_confirmed(asks, make, after)
    }

    /// As [`act_and`](Self::act_and). Asks for confirmation only if `asks` is true.
    ///
    /// # Errors
    ///
    /// As for [`act`](Self::act).
    pub fn act_confirmed(
        &mut self,
        asks: bool,
        make: impl FnOnce(&mut Client<'_>, AccountId) -> Result<TxPlan, Error>,
        after: impl FnOnce(&mut Deployment) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let signer = self.signer()?;
        let global = self.global;
        let path = self.deployment.clone();
        let mut client = self.client()?;
        recipients::check(&client.contracts(), signer.account(), Purpose::Sender).map_err(Error::Request)?;
        let plan = make(&mut client, signer.account())?;
        if !transaction::propose(global, &mut client, &signer, &plan, (None, asks))? {
            return Ok(());
        }
        let quote = plan.quote.clone();
        let receipt = transaction::execute(global, &mut client, &signer, plan)?;
        let events = events::describe(&receipt.events, &mut client);
        let view = ReceiptView { quote: &quote, cost: receipt.cost, fields: Vec::new(), summary: None, events };
        view.show(global, client.chain)?;
        let mut deployment = client.deployment.clone();
        after(&mut deployment)?;
        match deployment == client.deployment {
            true => Ok(()),
            false => deployment.write(&path).map_err(Error::Request),
        }
    }

    /// Prints `report`.
    ///
    /// # Errors
    ///
    /// If standard output can't be written.
    pub fn show(&self, report: &Report) -> Result<(), Error> {
        match self.global.json {
            true => output::document(&json!({ "ok": true, "report": report.json() })),
            false => output::text(&report.lines(&names(&*self.chain))),
        }
    }
}

/// Opens the chain of --chain as a development chain.
///
/// # Errors
///
/// If the chain can't be used.
pub fn open_dev_chain(global: &Global) -> Result<Box<dyn DevChain>, Error> {
    match node(global) {
        Some(url) => Ok(Box::new(RpcChain::connect(url)?)),
        None => Ok(Box::new(open_folder(global)?)),
    }
}

/// The URL in --chain, if it names a node.
fn node(global: &Global) -> Option<&str> {
    global.chain.as_deref().filter(|text| text.contains("://"))
}

fn data_folder() -> Result<PathBuf, Error> {
    let none =
        || Error::Request("no home folder found: name a folder with --chain, and a file with --deployment".to_owned());
    ProjectDirs::from("", "", "patronage").map(|folders| folders.data_dir().to_owned()).ok_or_else(none)
}

/// Opens the chain in the folder of --chain.
///
/// # Errors
///
/// If the folder can't be used.
pub fn open_folder(global: &Global) -> Result<FolderChain, Error> {
    let folder = match &global.chain {
        Some(text) if text.is_empty() => {
            return Err(Error::Request("--chain is empty: name a folder or a URL".to_owned()))
        }
        Some(text) => PathBuf::from(text),
        None => data_folder()?.join("chain"),
    };
    let waits = |folder: &Path| output::progress(&format!("another command is using {}: waiting", folder.display()));
    Ok(FolderChain::open(&folder, waits)?)
}

/// Returns the names of development accounts, if `chain` is a development chain.
pub fn names(chain: &dyn Chain) -> impl Fn(&AccountId) -> Option<String> + use<> {
    let known: Vec<(AccountId, &str)> = match chain.properties().development {
        true => NAMES.iter().filter_map(|name| Some((account(name).ok()?, *name))).collect(),
        false => Vec::new(),
    };
    move |who| known.iter().find(|(account, _)| account == who).map(|(_, name)| (*name).to_owned())
}

/// Adds the name of `argument` to an error.
pub fn at(argument: &'static str) -> impl Fn(String) -> Error {
    move |error| Error::Request(format!("{argument}: {error}"))
}
