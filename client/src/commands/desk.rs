//! Where a command meets the library: opens the chain and the creator's file, shows a plan, asks, and carries it out.

use std::path::{Path, PathBuf};

use directories::ProjectDirs;
use patronage_client::{
    chain::{Chain, Signer},
    deployment::Deployment,
    embedded::{account, named_account, FolderChain, NAMES},
    happenings,
    plan::{Cost, Plan},
    report::Report,
    session::{Failure, Session},
};
use patronage_interfaces::AccountId;
use serde_json::json;

use super::{out, Global};

/// An open chain, and what the command line says about it.
pub struct Desk<'g> {
    /// Options of every command.
    pub global: &'g Global,
    /// The chain.
    pub chain: Box<dyn Chain>,
    suite: PathBuf,
}

impl<'g> Desk<'g> {
    /// Opens the chain that is asked for.
    ///
    /// # Errors
    ///
    /// When it can't be used.
    pub fn open(global: &'g Global) -> Result<Self, Failure> {
        let chain = open_folder(global)?;
        let suite = global.suite.clone().unwrap_or_else(|| chain.folder().join("suite.json"));
        Ok(Self { global, chain: Box::new(chain), suite })
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
        let Some(text) = &self.global.signer else {
            return Err(Failure::Request("say who does it: --as NAME".to_owned()));
        };
        Ok(Signer::from(self.account(text)?))
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
        let signer = self.signer()?;
        let global = self.global;
        let path = self.suite.clone();
        let mut session = self.session()?;
        let plan = make(&mut session, signer.account())?;
        let cost = plan.preview(&mut session, &signer.account())?;
        let native = session.units.native.clone();
        let quote = plan.quote.clone();
        if !global.json {
            let shown = cost.report(quote.clone(), &native);
            out::text(&shown.lines(&names(session.chain)))?;
        }
        if global.dry_run {
            return match global.json {
                true => out::document(&json!({
                    "ok": true, "sent": false, "quote": quote.json(), "cost": cost.report(Report::default(), &native).json(),
                })),
                false => Ok(()),
            };
        }
        if !global.yes {
            out::confirm(global.json)?;
        }
        let done = plan.execute(&mut session, &signer)?;
        let told = happenings::told(&done.events, &mut session);
        if global.json {
            let events: Vec<_> = told.iter().map(Report::json).collect();
            out::document(&json!({
                "ok": true, "sent": true, "quote": quote.json(), "cost": paid(&done.cost, &native), "events": events,
            }))?;
        } else {
            let mut lines = vec![String::new(), "done".to_owned()];
            let names = names(session.chain);
            for report in told {
                lines.extend(report.lines(&names));
            }
            out::text(&lines)?;
        }
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

/// A cost for machines.
pub fn paid(cost: &Cost, native: &patronage_client::units::Unit) -> serde_json::Value {
    let mut json = cost.report(Report::default(), native).json();
    json["ref_time"] = json!(cost.weight.ref_time());
    json["proof_size"] = json!(cost.weight.proof_size());
    json
}

/// Opens the chain in a folder.
///
/// # Errors
///
/// When the folder can't be used.
pub fn open_folder(global: &Global) -> Result<FolderChain, Failure> {
    let folder = match &global.chain {
        Some(text) if text.contains("://") => {
            return Err(Failure::Request(format!("{text}: this command uses chains in folders only, not nodes")));
        }
        Some(text) if text.is_empty() => return Err(Failure::Request("--chain: name a folder".to_owned())),
        Some(text) => PathBuf::from(text),
        None => match ProjectDirs::from("", "", "patronage") {
            Some(folders) => folders.data_dir().join("chain"),
            None => return Err(Failure::Request("there is no home folder: name a folder with --chain".to_owned())),
        },
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
