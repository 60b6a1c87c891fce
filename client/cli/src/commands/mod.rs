//! The command line: arguments in, text or JSON out. What is done is in the library.

mod chain;
mod content;
mod creator;
mod currency;
mod desk;
mod fan;
mod field;
mod many;
mod out;
mod owner;
mod progress;
mod publish;
mod seats;
mod serve;
mod tell;
mod token;
mod transaction;
mod unlock;
mod vesting;

use std::{
    cell::OnceCell,
    path::{Path, PathBuf},
    process::ExitCode,
    rc::Rc,
};

use clap::{error::ErrorKind, Args, CommandFactory, Parser, Subcommand};
use clap_complete::Shell;
use patronage::{escape, launch::Launch, session::Failure};
use patronage_chain::keys::{self, Key};
use patronage_embedded::EmbeddedChain;

use crate::demo;

/// Creators get paid by their fans, without a gatekeeper.
#[derive(Parser)]
#[command(name = "patronage", version, about, after_help = EXAMPLES, propagate_version = true)]
struct Arguments {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

const EXAMPLES: &str = "\
Try it, on a chain of your own that needs no node:
  patronage launch examples/creator.toml      the creator in the file launches
  patronage status                            what is on offer
  patronage buy 25 --as ana                   a fan buys 25 tokens
  patronage subscribe Listener --as ben       another subscribes for a period
  patronage chain time +10d                   ten days pass
  patronage cancel --as ben                   what is not yet earned comes back, less a minimum stay
  patronage collect --as mira && patronage claim --as mira

Amounts are whole units, such as 12 or 0.05; durations are 30d, 12h or 90min; parts are 2.5% or 250bp. Tiers and content go by
name or number: Listener, 1, or '#1' where another is called 1, in quotes as shells take # for a comment. Every command that moves money shows
first what it costs, and asks. With --json, amounts are strings of smallest units and times are milliseconds.";

/// Options of every command.
#[derive(Args, Clone)]
struct Global {
    /// The chain: a folder that keeps one, made where it is new, or the address of a node, such as ws://127.0.0.1:9944. Without
    /// it, a folder among the user's data.
    #[arg(long, global = true, value_name = "FOLDER|URL", env = "PATRONAGE_CHAIN")]
    chain: Option<String>,
    /// The file that says where the creator's contracts are, as `launch` writes it. Without it, suite.json in the chain's
    /// folder.
    #[arg(long, global = true, value_name = "FILE", env = "PATRONAGE_SUITE")]
    suite: Option<PathBuf>,
    /// Who does it: the name of a development account, such as alice, or an address.
    #[arg(long = "as", global = true, value_name = "ACCOUNT", env = "PATRONAGE_ACCOUNT")]
    signer: Option<String>,
    /// A file that only you can read, with the secret phrase of the account, or the JSON file that a wallet exports. Without
    /// it, PATRONAGE_SURI may hold the phrase.
    #[arg(long, global = true, value_name = "FILE", env = "PATRONAGE_KEY_FILE")]
    key: Option<PathBuf>,
    /// A file that only you can read, with the password of the wallet's JSON file. Without it, PATRONAGE_PASSWORD may hold the
    /// password, and otherwise it is asked for.
    #[arg(long, global = true, value_name = "FILE", env = "PATRONAGE_PASSWORD_FILE")]
    password_file: Option<PathBuf>,
    /// What --key or the environment gave, once it was asked for.
    #[arg(skip)]
    own_key: Rc<OnceCell<Option<Key>>>,
    /// Does not ask before money moves.
    #[arg(long, short, global = true)]
    yes: bool,
    /// Shows what would be done and what it would cost, and does nothing.
    #[arg(long, global = true)]
    dry_run: bool,
    /// Prints one JSON document instead of text, also for errors.
    #[arg(long, global = true)]
    json: bool,
}

impl Global {
    /// The key of --key or of the environment, if there is one. It is read once, so that nobody is asked twice for a password.
    ///
    /// # Errors
    ///
    /// When it can't be used.
    fn own_key(&self) -> Result<Option<Key>, Failure> {
        if let Some(known) = self.own_key.get() {
            return Ok(known.clone());
        }
        let password = |path: &Path| match keys::password_given(self.password_file.as_deref())? {
            Some(password) => Ok(password),
            None => out::password(path, self.json),
        };
        let key = keys::given(self.key.as_deref(), password).map_err(Failure::Request)?;
        Ok(self.own_key.get_or_init(|| key).clone())
    }
}

#[derive(Subcommand)]
enum Command {
    /// Launches a creator: token, vault, registry, tiers and content from one file.
    Launch(creator::Launch),
    /// Shows how things stand for the creator, or for an account.
    Status(tell::Status),
    /// Buys creator tokens.
    Buy(fan::Buy),
    /// Sells creator tokens back to the contract.
    Sell(fan::Sell),
    /// Gives creator tokens to someone.
    Send(token::Send),
    /// Gives creator tokens to many, to all of them or to none.
    SendMany(token::SendMany),
    /// Destroys creator tokens, for nothing.
    Burn(token::Burn),
    /// Shows or changes how many of your creator tokens others may take.
    Allowance(token::Allowance),
    /// Lists creator tokens that become free with time, puts some away, or releases them.
    Vesting(vesting::Vestings),
    /// Gives money to the creator.
    Tip(fan::Tip),
    /// Subscribes to a tier; what is not yet earned comes back on cancelling, less a minimum stay.
    Subscribe(fan::Subscribe),
    /// Pays a subscription further ahead, at the price that was agreed to.
    TopUp(fan::TopUp),
    /// Moves a subscription to another tier, with what is left of it.
    Switch(fan::Switch),
    /// Cancels a subscription and gets back what is not yet earned, less what is left of a minimum stay.
    Cancel,
    /// Locks creator tokens in the vault, which counts for access.
    Stake(fan::Stake),
    /// Begins to unlock staked tokens.
    Unstake(fan::Stake),
    /// Takes out refunds that wait and unstaked tokens that are ready.
    Withdraw(fan::Withdraw),
    /// Says who may open content and what is missing.
    Check(tell::Check),
    /// Buys access to content for good.
    Purchase(content::Purchase),
    /// Encrypts a file and publishes it.
    Publish(publish::Publish),
    /// Gives content a new file and a new key, for those who get access from now on.
    Rotate(publish::Rotate),
    /// Hands out keys of content to whom the registry lets in, and serves the encrypted files.
    Serve(serve::Serve),
    /// Gets the key of content from the creator's gateway, downloads the file and opens it.
    Unlock(unlock::Unlock),
    /// Lists what is published, or changes its terms and who may publish.
    Content(content::Contents),
    /// Moves what subscriptions have earned, and the token's fees, into the income. Anyone may.
    Collect(creator::Collect),
    /// Takes what waits for the account: shares of the income, and fees.
    Claim(creator::Claim),
    /// Shows who shares the income, or changes it.
    Splits(creator::Splits),
    /// Lists the tiers, or changes what is on offer.
    Tiers(creator::Tiers),
    /// Lists who is subscribed to a tier; ends, gives or takes back subscriptions of fans.
    Seats(seats::Seats),
    /// Shows the token's fees and who gets them, or changes that.
    Fees(token::Fees),
    /// Suspends new money. Leaving is always possible.
    Pause(owner::Pause),
    /// Lets new money in again.
    Resume(owner::Pause),
    /// Shows who owns the contracts, or hands them over.
    Owner(owner::Owner),
    /// Prints a statement of income as CSV.
    Export(tell::Export),
    /// A chain for trying things: its clock and its accounts.
    Chain(chain::Chain),
    /// Launches a creator on a chain in this process and tells what fans do there.
    Demo {
        /// The creator's launch file; without it, examples/creator.toml of the project.
        #[arg(long, value_name = "FILE")]
        config: Option<PathBuf>,
    },
    /// Prints a completion script, for example: patronage completions bash > ~/.local/share/bash-completion/completions/patronage
    Completions {
        /// The shell.
        shell: Shell,
    },
    /// Writes manual pages into a folder.
    Manual {
        /// The folder.
        folder: PathBuf,
    },
}

/// Exit code of arguments that make no sense.
const USAGE: u8 = 2;

/// Runs the command of this process.
pub fn run() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return misused(&error),
    };
    let Arguments { global, command } = arguments;
    if let Command::Demo { config } = command {
        return run_demo(config, global.json);
    }
    match act(command, &global) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            out::failure(&failure, global.json);
            ExitCode::FAILURE
        }
    }
}

fn act(command: Command, global: &Global) -> Result<(), Failure> {
    match command {
        Command::Launch(arguments) => arguments.run(global),
        Command::Status(arguments) => arguments.run(global),
        Command::Buy(arguments) => arguments.run(global),
        Command::Sell(arguments) => arguments.run(global),
        Command::Send(arguments) => arguments.run(global),
        Command::SendMany(arguments) => arguments.run(global),
        Command::Burn(arguments) => arguments.run(global),
        Command::Allowance(arguments) => arguments.run(global),
        Command::Vesting(arguments) => arguments.run(global),
        Command::Tip(arguments) => arguments.run(global),
        Command::Subscribe(arguments) => arguments.run(global),
        Command::TopUp(arguments) => arguments.run(global),
        Command::Switch(arguments) => arguments.run(global),
        Command::Cancel => fan::cancel(global),
        Command::Stake(arguments) => arguments.stake(global),
        Command::Unstake(arguments) => arguments.unstake(global),
        Command::Withdraw(arguments) => arguments.run(global),
        Command::Check(arguments) => arguments.run(global),
        Command::Purchase(arguments) => arguments.run(global),
        Command::Publish(arguments) => arguments.run(global),
        Command::Rotate(arguments) => arguments.run(global),
        Command::Serve(arguments) => arguments.run(global),
        Command::Unlock(arguments) => arguments.run(global),
        Command::Content(arguments) => arguments.run(global),
        Command::Collect(arguments) => arguments.run(global),
        Command::Claim(arguments) => arguments.run(global),
        Command::Splits(arguments) => arguments.run(global),
        Command::Tiers(arguments) => arguments.run(global),
        Command::Seats(arguments) => arguments.run(global),
        Command::Fees(arguments) => arguments.run(global),
        Command::Pause(arguments) => arguments.run(global, true),
        Command::Resume(arguments) => arguments.run(global, false),
        Command::Owner(arguments) => arguments.run(global),
        Command::Export(arguments) => arguments.run(global),
        Command::Chain(arguments) => arguments.run(global),
        // `run` has told it already.
        Command::Demo { .. } => Ok(()),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Arguments::command(), "patronage", &mut script);
            out::raw(&script)
        }
        Command::Manual { folder } => {
            let fail = |error| Failure::Request(format!("{} can't be written: {error}", folder.display()));
            std::fs::create_dir_all(&folder).map_err(fail)?;
            clap_mangen::generate_to(Arguments::command(), &folder).map_err(fail)
        }
    }
}

/// Says what is wrong with the arguments, or gives the help that was asked for.
fn misused(error: &clap::Error) -> ExitCode {
    let asked = matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion);
    if !asked && std::env::args_os().any(|argument| argument == "--json") {
        out::error_json("usage", None, &error.render().to_string());
    } else {
        let words = error.render().to_string();
        match words.lines().all(escape::is_plain) {
            // With its colours. Nowhere to say it if this fails.
            true => error.print().unwrap_or(()),
            false => words.lines().for_each(out::progress_line),
        }
    }
    if asked {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(USAGE)
    }
}

fn run_demo(config: Option<PathBuf>, json: bool) -> ExitCode {
    let example = || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/creator.toml"));
    let fail = |words: &str| {
        out::progress_line(&format!("error: {words}"));
        ExitCode::FAILURE
    };
    let launch = match Launch::read(&config.unwrap_or_else(example), &mut EmbeddedChain::default()) {
        Ok(launch) => launch,
        Err(error) => return fail(&error.to_string()),
    };
    let story = demo::tell(&launch, !json);
    if json {
        let told = serde_json::to_value(&story).map_err(|error| Failure::Request(error.to_string()));
        if let Err(failure) = told.and_then(|document| out::document(&document)) {
            return fail(&failure.to_string());
        }
    }
    match (&story.error, story.ok) {
        (_, true) => ExitCode::SUCCESS,
        (error, false) => fail(error.as_deref().unwrap_or("a contract does not hold what it owes")),
    }
}
