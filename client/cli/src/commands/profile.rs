//! Writes and checks the signed profile of the creator.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use patronage::{
    contracts,
    error::Error,
    launch::LaunchProfile,
    profile::{Profile as Content, SignedProfile},
    report::Report,
};
use patronage_chain::accounts::address;
use patronage_interfaces::ownable::Ownable;

use super::{context::Context, Global};

/// The profile of the creator.
#[derive(Args)]
#[command(after_help = "\
Examples:
  patronage profile write creator.toml --as mira      writes profile.json beside the deployment file
  patronage profile check profile.json                checks whose it is
The launch file has the profile in [profile]: name, picture, words, and links with title and url. Tiers and content have a
description. `patronage serve` answers with the file at /v1/profile, and any other web server can serve it.")]
pub struct Profile {
    #[command(subcommand)]
    command: ProfileCommand,
}

#[derive(Subcommand)]
enum ProfileCommand {
    /// Writes the profile in a launch file, signed by the owner. Names and titles are those of the deployment file.
    Write {
        /// The launch file.
        launch: PathBuf,
        /// The file to write. Without it, profile.json beside the deployment file.
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// Checks the signature of a profile, and that the owner of the vault has signed it.
    Check {
        /// The file. Without it, profile.json beside the deployment file.
        file: Option<PathBuf>,
    },
}

impl Profile {
    /// Runs it.
    pub fn run(self, global: &Global) -> Result<(), Error> {
        let mut context = Context::open(global)?;
        let beside = context.deployment_path().with_file_name("profile.json");
        let (verb, signed, path) = match self.command {
            ProfileCommand::Write { launch, out } => {
                let launch = LaunchProfile::read(&launch).map_err(|error| Error::Request(error.to_string()))?;
                let key = context.signing_key("a profile needs a signature")?;
                let deployment = context.client()?.deployment;
                let profile = Content::new(&launch, &deployment).map_err(Error::Request)?;
                ("profile written", SignedProfile::sign(profile, &deployment, &key), out.unwrap_or(beside))
            }
            ProfileCommand::Check { file } => {
                let path = file.unwrap_or(beside);
                ("profile is valid", SignedProfile::read(&path).map_err(Error::Request)?, path)
            }
        };
        check(&mut context, &signed)?;
        if verb == "profile written" && !global.dry_run {
            signed.write(&path).map_err(Error::Request)?;
        }
        context.show(
            &Report::new(verb)
                .text("name", signed.profile.name)
                .account("owner", signed.account)
                .text("file", path.display().to_string()),
        )
    }
}

/// Checks that `signed` is of the creator's vault, and by its owner.
///
/// # Errors
///
/// If it is not.
pub fn check(context: &mut Context<'_>, signed: &SignedProfile) -> Result<(), Error> {
    let mut client = context.client()?;
    if (signed.genesis, signed.vault) != (client.deployment.genesis, client.contracts().vault) {
        return Err(Error::Request("the profile is for another creator or another chain".to_owned()));
    }
    let vault = client.contracts().vault;
    match client.query(contracts::ownable(vault).owner())? {
        owner if owner == signed.account => Ok(()),
        owner => Err(Error::Request(format!(
            "the profile is signed by {}, but the owner is {}: let the owner write it",
            address(&signed.account),
            address(&owner)
        ))),
    }
}
