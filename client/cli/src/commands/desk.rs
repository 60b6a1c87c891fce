//! Where a command meets the library: opens the chain and the creator's file, shows a plan, asks, and carries it out.

use std::path::{Path, PathBuf};

use directories::ProjectDirs;
use patronage::{
    deployment::Deployment,
    happenings,
    plan::Plan,
    recipients::{self, Purpose},
    report::Report,
    session::{Failure, Session},
};
use patronage_chain::{
    accounts::{account, address, development_key, named_account, NAMES},
    hexadecimal, keys, Chain, ChainError, Signer, Trial,
};
use patronage_embedded::FolderChain;
use patronage_interfaces::AccountId;
use patronage_rpc::RpcChain;
use serde_json::json;

use super::{
    out,
    transaction::{self, Receipt},
    Global,
};

/// An open chain, and what the command line says about it.
pub struct Desk<'g> {
    /// Options of every command.
    pub global: &'g Global,
    /// The chain.
    pub chain: Box<dyn Chain>,
    suite: PathBuf,
    place: Place,
}

/// Where the chain is.
#[derive(Clone)]
enum Place {
    /// Behind a node. As there is not only one user, transactions are signed.
    Node(RpcChain),
    /// In this folder.
    Folder(PathBuf),
}

impl<'g> Desk<'g> {
    /// Opens the chain that is asked for.
    ///
    /// # Errors
    ///
    /// When it can't be used.
    pub fn open(global: &'g Global) -> Result<Self, Failure> {
        if let Some(url) = node(global) {
            let chain = RpcChain::connect(url)?;
            let suite = match &global.suite {
                Some(suite) => suite.clone(),
                None => {
                    data_folder()?.join("suites").join(format!("{}.json", hexadecimal(&chain.properties().genesis)))
                }
            };
            return Ok(Self { global, chain: Box::new(chain.clone()), suite, place: Place::Node(chain) });
        }
        let chain = open_folder(global)?;
        let suite = global.suite.clone().unwrap_or_else(|| chain.folder().join("suite.json"));
        let place = Place::Folder(chain.folder().to_owned());
        Ok(Self { global, chain: Box::new(chain), suite, place })
    }

    /// The creator's contracts on it.
    ///
    /// # Errors
    ///
    /// When nobody has launched there.
    pub fn session(&mut self) -> Result<Session<'_>, Failure> {
        let genesis = self.chain.properties().genesis;
        let deployment = Deployment::read(&self.suite, &genesis).map_err(Failure::Request)?;
        Session::new(&mut *self.chain, deployment)
    }

    /// The creator's file.
    pub fn suite(&self) -> &Path {
        &self.suite
    }

    /// The account that `text` names.
    ///
    /// # Errors
    ///
    /// When it names none.
    pub fn account(&self, text: &str) -> Result<AccountId, Failure> {
        named_account(text, self.chain.properties().development).map_err(Failure::Request)
    }

    /// Who does it.
    ///
    /// # Errors
    ///
    /// When nobody is named.
    pub fn signer(&self) -> Result<Signer, Failure> {
        if let Some(text) = &self.global.signer {
            return self.signer_named(text);
        }
        match self.global.own_key()? {
            Some(key) => Ok(key.into()),
            None if self.chain.properties().development => {
                Err(Failure::Request("say who does it: --as NAME".to_owned()))
            }
            None => Err(Failure::Request(keys::NONE.to_owned())),
        }
    }

    /// The account that `text` names, with its key where this chain needs one.
    ///
    /// # Errors
    ///
    /// When it names none, or its key is not at hand.
    pub fn signer_named(&self, text: &str) -> Result<Signer, Failure> {
        let account = self.account(text)?;
        let holds = |signer: &Signer| signer.account() == account;
        if let Some(signer) = self.global.own_key()?.map(Signer::from) {
            let other = address(&signer.account());
            return match holds(&signer) {
                true => Ok(signer),
                false => Err(Failure::Request(format!(
                    "the key is that of {other}, and not that of {text}: name another one with --key"
                ))),
            };
        }
        // Nobody signs what is only tried.
        if matches!(self.place, Place::Folder(_)) || self.global.dry_run {
            return Ok(Signer::from(account));
        }
        let known = self.chain.properties().development.then(|| development_key(text).ok().map(Signer::from)).flatten();
        known.filter(holds).ok_or_else(|| Failure::Request(keys::NONE.to_owned()))
    }

    /// How to open the chain once more, for questions that are asked at the same time. A node is asked over one connection.
    pub fn opener(&self) -> impl Fn() -> Result<Box<dyn Chain + Send>, ChainError> + use<> {
        let place = self.place.clone();
        move || match &place {
            Place::Node(chain) => Ok(Box::new(chain.clone())),
            // Nobody is there to be told that another command is at work, and readers wait for none.
            Place::Folder(folder) => Ok(Box::new(FolderChain::open(folder, |_| ())?)),
        }
    }

    /// Shows what `make` plans for the signer, asks, and carries it out.
    ///
    /// # Errors
    ///
    /// When it can't be done, or the answer is no.
    pub fn act(
        &mut self,
        make: impl FnOnce(&mut Session<'_>, AccountId) -> Result<Plan, Failure>,
    ) -> Result<(), Failure> {
        self.act_and(make, |_| Ok(()))
    }

    /// As [`act`](Self::act), and `after` when it is done.
    ///
    /// # Errors
    ///
    /// As for [`act`](Self::act).
    pub fn act_and(
        &mut self,
        make: impl FnOnce(&mut Session<'_>, AccountId) -> Result<Plan, Failure>,
        after: impl FnOnce(&mut Deployment) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let asks = !self.global.yes;
        self.carry(asks, make, after)
    }

    /// As [`act_and`](Self::act_and), and asks only where `asks` says so.
    ///
    /// # Errors
    ///
    /// As for [`act`](Self::act).
    pub fn carry(
        &mut self,
        asks: bool,
        make: impl FnOnce(&mut Session<'_>, AccountId) -> Result<Plan, Failure>,
        after: impl FnOnce(&mut Deployment) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let signer = self.signer()?;
        let global = self.global;
        let path = self.suite.clone();
        let mut session = self.session()?;
        recipients::check(&session.suite(), signer.account(), Purpose::Sender).map_err(Failure::Request)?;
        let plan = make(&mut session, signer.account())?;
        if !transaction::propose(global, &mut session, &signer, &plan, (None, asks))? {
            return Ok(());
        }
        let quote = plan.quote.clone();
        let done = transaction::carry_out(global, &mut session, &signer, plan)?;
        let told = happenings::told(&done.events, &mut session);
        let receipt = Receipt { quote: &quote, cost: done.cost, fields: Vec::new(), summary: None, told };
        receipt.show(global, session.chain)?;
        let mut deployment = session.deployment.clone();
        after(&mut deployment)?;
        match deployment == session.deployment {
            true => Ok(()),
            false => deployment.write(&path).map_err(Failure::Request),
        }
    }

    /// Prints `report`.
    ///
    /// # Errors
    ///
    /// When nobody takes it.
    pub fn show(&self, report: &Report) -> Result<(), Failure> {
        match self.global.json {
            true => out::document(&json!({ "ok": true, "report": report.json() })),
            false => out::text(&report.lines(&names(&*self.chain))),
        }
    }
}

/// Opens the chain that is asked for as one for trying things.
///
/// # Errors
///
/// When it can't be used.
pub fn open_trial(global: &Global) -> Result<Box<dyn Trial>, Failure> {
    match node(global) {
        Some(url) => Ok(Box::new(RpcChain::connect(url)?)),
        None => Ok(Box::new(open_folder(global)?)),
    }
}

/// The address of the node that is asked for, if it is one.
fn node(global: &Global) -> Option<&str> {
    global.chain.as_deref().filter(|text| text.contains("://"))
}

fn data_folder() -> Result<PathBuf, Failure> {
    let none =
        || Failure::Request("there is no home folder: name a folder with --chain, or a file with --suite".to_owned());
    ProjectDirs::from("", "", "patronage").map(|folders| folders.data_dir().to_owned()).ok_or_else(none)
}

/// Opens the chain in a folder.
///
/// # Errors
///
/// When the folder can't be used.
pub fn open_folder(global: &Global) -> Result<FolderChain, Failure> {
    let folder = match &global.chain {
        Some(text) if text.is_empty() => return Err(Failure::Request("--chain: name a folder".to_owned())),
        Some(text) => PathBuf::from(text),
        None => data_folder()?.join("chain"),
    };
    let waits = |folder: &Path| out::progress(&format!("another command uses {}: waiting", folder.display()));
    Ok(FolderChain::open(&folder, waits)?)
}

/// Names of the development accounts, on a chain where they are used.
pub fn names(chain: &dyn Chain) -> impl Fn(&AccountId) -> Option<String> + use<> {
    let known: Vec<(AccountId, &str)> = match chain.properties().development {
        true => NAMES.iter().filter_map(|name| Some((account(name).ok()?, *name))).collect(),
        false => Vec::new(),
    };
    move |who| known.iter().find(|(account, _)| account == who).map(|(_, name)| (*name).to_owned())
}

/// The failure that names the argument `place`.
pub fn at(place: &'static str) -> impl Fn(String) -> Failure {
    move |error| Failure::Request(format!("{place}: {error}"))
}
