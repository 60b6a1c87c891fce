//! The command line: parses arguments, calls the library, and prints text or JSON.

mod batch;
mod chain;
mod content;
mod context;
mod creator;
mod currency;
mod fan;
mod field;
mod history;
mod indexed;
mod lists;
mod managers;
mod members;
mod output;
mod owner;
mod profile;
mod progress;
mod publish;
mod query;
mod serve;
mod table;
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
use patronage::{error::Error, escape, launch::Launch};
use patronage_chain::keys::{self, Key};
use patronage_embedded::EmbeddedChain;

use crate::demo;

/// Payments from fans to creators, without a platform in between.
#[derive(Parser)]
#[command(name = "patronage", version, about, after_help = EXAMPLES, propagate_version = true)]
struct Arguments {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

const EXAMPLES: &str = "\
Try it on a local chain, which needs no node:
  patronage launch examples/creator.toml      launches the creator in the file
  patronage status                            shows the creator's offers and income
  patronage buy 25 --as ana                   a fan buys 25 tokens
  patronage subscribe Listener --as ben       another fan subscribes for one period
  patronage chain time +10d                   moves the clock by ten days
  patronage cancel --as ben                   refunds what is not yet earned, less a minimum stay
  patronage collect --as mira && patronage claim --as mira

Amounts are whole units, such as 12 or 0.05. Durations are 30d, 12h or 90min. Shares are 2.5% or 250bp. Refer to tiers and content
by name or number: Listener, 1, or '#1' if another one is called 1. Quote the # for the shell. Every command that moves money first
shows the costs and asks for confirmation. With --json, amounts are strings of smallest units and times are milliseconds.";

/// Options of every command.
#[derive(Args, Clone)]
struct Global {
    /// The chain: a folder, which is created if it does not exist, or the URL of a node, such as ws://127.0.0.1:9944. Without it, a
    /// folder in the user's data folder.
    #[arg(long, global = true, value_name = "FOLDER|URL", env = "PATRONAGE_CHAIN")]
    chain: Option<String>,
    /// The deployment file of the creator, which `launch` writes. Without it, deployment.json in the chain's folder.
    #[arg(long, global = true, value_name = "FILE", env = "PATRONAGE_DEPLOYMENT")]
    deployment: Option<PathBuf>,
    /// The account that sends: the name of a development account, such as alice, or an address.
    #[arg(long = "as", global = true, value_name = "ACCOUNT", env = "PATRONAGE_ACCOUNT")]
    signer: Option<String>,
    /// A file with the secret phrase of the account, or the JSON file that a wallet exports. Only you may be able to read it. Without
    /// it, the phrase in PATRONAGE_SURI is used.
    #[arg(long, global = true, value_name = "FILE", env = "PATRONAGE_KEY_FILE")]
    key: Option<PathBuf>,
    /// A file with the password of the wallet's JSON file. Only you may be able to read it. Without it, the password in
    /// PATRONAGE_PASSWORD is used, or a prompt asks for it.
    #[arg(long, global = true, value_name = "FILE", env = "PATRONAGE_PASSWORD_FILE")]
    password_file: Option<PathBuf>,
    /// The key from --key or the environment, after it was read.
    #[arg(skip)]
    own_key: Rc<OnceCell<Option<Key>>>,
    /// Skips the confirmation before money moves.
    #[arg(long, short, global = true)]
    yes: bool,
    /// Shows the effects and the costs, and sends nothing.
    #[arg(long, global = true)]
    dry_run: bool,
    /// Prints one JSON document instead of text, also for errors.
    #[arg(long, global = true)]
    json: bool,
}

impl Global {
    /// The key from --key or the environment, if there is one. It is read once, so that the password is asked for once.
    ///
    /// # Errors
    ///
    /// If the key can't be used.
    fn own_key(&self) -> Result<Option<Key>, Error> {
        if let Some(known) = self.own_key.get() {
            return Ok(known.clone());
        }
        let password = |path: &Path| match keys::password_given(self.password_file.as_deref())? {
            Some(password) => Ok(password),
            None => output::password(path, self.json),
        };
        let key = keys::given(self.key.as_deref(), password).map_err(Error::Request)?;
        Ok(self.own_key.get_or_init(|| key).clone())
    }
}

#[derive(Subcommand)]
enum Command {
    /// Launches a creator: token, vault, registry, tiers and content from one file.
    Launch(creator::Launch),
    /// Shows the status of the creator, or of an account.
    Status(query::Status),
    /// Buys creator tokens.
    Buy(fan::Buy),
    /// Sells creator tokens back to the contract.
    Sell(fan::Sell),
    /// Sends creator tokens to an account.
    Send(token::Send),
    /// Sends creator tokens to many accounts.
    SendMany(token::SendMany),
    /// Burns creator tokens. Nothing is paid for them.
    Burn(token::Burn),
    /// Shows or changes how many of your creator tokens another account may transfer.
    Allowance(token::Allowance),
    /// Lists vestings of creator tokens, adds one, or releases vested tokens.
    Vesting(vesting::Vestings),
    /// Tips the creator.
    Tip(fan::Tip),
    /// Subscribes to a tier. Cancelling refunds what is not yet earned, less a minimum stay.
    Subscribe(fan::Subscribe),
    /// Tops up a subscription at the agreed price.
    TopUp(fan::TopUp),
    /// Switches a subscription to another tier. The rest of it moves over.
    Switch(fan::Switch),
    /// Cancels a subscription. Refunds what is not yet earned, less the rest of a minimum stay.
    Cancel,
    /// Stakes creator tokens in the vault. Access rules can count staked tokens.
    Stake(fan::Stake),
    /// Unstakes tokens. They can be withdrawn after the cooldown.
    Unstake(fan::Stake),
    /// Withdraws refunds, and unstaked tokens after their cooldown.
    Withdraw(fan::Withdraw),
    /// Checks access to content, and shows the unmet conditions.
    Check(query::Check),
    /// Buys permanent access to content.
    Purchase(content::Purchase),
    /// Encrypts a file and publishes it.
    Publish(publish::Publish),
    /// Replaces the file and the key of content.
    Rotate(publish::Rotate),
    /// Writes or checks the signed profile of the creator: name, picture, words, links, titles and descriptions.
    Profile(profile::Profile),
    /// Runs the gateway: gives keys of content to accounts with access, and serves the encrypted files.
    Serve(serve::Serve),
    /// Gets the key of content from the creator's gateway, downloads the file and decrypts it.
    Unlock(unlock::Unlock),
    /// Lists content, or changes its terms and the settings of the registry.
    Content(content::Contents),
    /// Adds accounts to a list, removes them, or shows the list. Access rules can require an entry.
    Lists(lists::Lists),
    /// Shows, adds or removes managers, who may publish content.
    Managers(managers::Managers),
    /// Moves earnings of subscriptions and fees of the token into the income. Anyone may.
    Collect(creator::Collect),
    /// Claims shares of the income, and fees.
    Claim(creator::Claim),
    /// Shows or changes how the income is split.
    Splits(creator::Splits),
    /// Lists, adds or changes tiers.
    Tiers(creator::Tiers),
    /// Lists the members; grants, revokes, ends or prunes memberships.
    Members(members::Members),
    /// Shows or changes the token's fees and their recipient.
    Fees(token::Fees),
    /// Pauses new money. Cancelling, selling and withdrawing are always possible.
    Pause(owner::Pause),
    /// Resumes new money.
    Resume(owner::Pause),
    /// Shows or transfers the ownership of the contracts.
    Owner(owner::Owner),
    /// Shows the statement of income: what came in, from whom, and what was paid out.
    Statement(history::Statement),
    /// Shows everything that concerns an account.
    History(history::History),
    /// Shows who tips, holds or stakes most.
    Top(history::Top),
    /// Controls a development chain: its clock and its accounts.
    Chain(chain::Chain),
    /// Runs a demo: launches a creator on a chain in this process, and plays fans.
    Demo {
        /// The creator's launch file. Without it, examples/creator.toml of the project.
        #[arg(long, value_name = "FILE")]
        config: Option<PathBuf>,
    },
    /// Prints a completion script, for example: patronage completions bash > ~/.local/share/bash-completion/completions/patronage
    Completions {
        /// The shell.
        shell: Shell,
    },
    /// Writes man pages into a folder.
    Man {
        /// The folder.
        folder: PathBuf,
    },
}

/// Exit code for invalid arguments.
const USAGE: u8 = 2;

/// Runs the command of this process.
pub fn run() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return usage(&error),
    };
    let Arguments { global, command } = arguments;
    if let Command::Demo { config } = command {
        return run_demo(config, global.json);
    }
    match act(command, &global) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            output::error(&error, global.json);
            ExitCode::FAILURE
        }
    }
}

fn act(command: Command, global: &Global) -> Result<(), Error> {
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
        Command::Profile(arguments) => arguments.run(global),
        Command::Serve(arguments) => arguments.run(global),
        Command::Unlock(arguments) => arguments.run(global),
        Command::Content(arguments) => arguments.run(global),
        Command::Lists(arguments) => arguments.run(global),
        Command::Managers(arguments) => arguments.run(global),
        Command::Collect(arguments) => arguments.run(global),
        Command::Claim(arguments) => arguments.run(global),
        Command::Splits(arguments) => arguments.run(global),
        Command::Tiers(arguments) => arguments.run(global),
        Command::Members(arguments) => arguments.run(global),
        Command::Fees(arguments) => arguments.run(global),
        Command::Pause(arguments) => arguments.run(global, true),
        Command::Resume(arguments) => arguments.run(global, false),
        Command::Owner(arguments) => arguments.run(global),
        Command::Statement(arguments) => arguments.run(global),
        Command::History(arguments) => arguments.run(global),
        Command::Top(arguments) => arguments.run(global),
        Command::Chain(arguments) => arguments.run(global),
        // Handled by `run`.
        Command::Demo { .. } => Ok(()),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Arguments::command(), "patronage", &mut script);
            output::raw(&script)
        }
        Command::Man { folder } => {
            let fail = |error| Error::Request(format!("{} can't be written: {error}", folder.display()));
            std::fs::create_dir_all(&folder).map_err(fail)?;
            clap_mangen::generate_to(Arguments::command(), &folder).map_err(fail)
        }
    }
}

/// Prints the error in the arguments, or the requested help.
fn usage(error: &clap::Error) -> ExitCode {
    let help = matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion);
    if !help && std::env::args_os().any(|argument| argument == "--json") {
        output::error_json("usage", None, &error.render().to_string());
    } else {
        let text = error.render().to_string();
        match text.lines().all(escape::is_plain) {
            // Prints it with colours. If that fails, the error can't be reported.
            true => error.print().unwrap_or(()),
            false => text.lines().for_each(output::progress_line),
        }
    }
    if help {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(USAGE)
    }
}

fn run_demo(config: Option<PathBuf>, json: bool) -> ExitCode {
    let example = || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/creator.toml"));
    let fail = |message: &str| {
        output::progress_line(&format!("error: {message}"));
        ExitCode::FAILURE
    };
    let launch = match Launch::read(&config.unwrap_or_else(example), &mut EmbeddedChain::default()) {
        Ok(launch) => launch,
        Err(error) => return fail(&error.to_string()),
    };
    let story = demo::run(&launch, !json);
    if json {
        let document = serde_json::to_value(&story).map_err(|error| Error::Request(error.to_string()));
        if let Err(error) = document.and_then(|document| output::document(&document)) {
            return fail(&error.to_string());
        }
    }
    match (&story.error, story.ok) {
        (_, true) => ExitCode::SUCCESS,
        (error, false) => fail(error.as_deref().unwrap_or("a contract holds less than it owes")),
    }
}
