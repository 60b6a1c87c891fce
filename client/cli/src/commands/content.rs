//! Content: listing it, changing its terms, settings of the registry, and purchases.

use clap::{Args, Subcommand};
use patronage::{
    actions::{content, registry},
    error::Error,
};
use patronage_chain::{accounts::parse_address, units::parse_time};
use patronage_interfaces::registry::Audience;

use super::{
    context::{at, Context},
    fan::optional,
    publish::parse_rules,
    Global,
};

/// Content.
#[derive(Args)]
#[command(after_help = "\
Examples:
  patronage content
  patronage content change \"New song\" --price 3 --as mira
  patronage content change \"New song\" --rule \"level 1\" --rule \"holds 20\" --as mira
  patronage content change \"New song\" --retire --as mira       buyers keep their access
  patronage content set-vault none --as mira                    nothing can be bought any more")]
pub struct Contents {
    #[command(subcommand)]
    command: Option<ContentsCommand>,
}

#[derive(Subcommand)]
enum ContentsCommand {
    /// Changes the terms of content. Buyers keep their access.
    Change {
        /// Title or number of the content, such as 3, or '#3' where another title is 3.
        content: String,
        /// Price of permanent access, or `none` for not for sale.
        #[arg(long)]
        price: Option<String>,
        /// An access rule, as in `publish`. Replaces all earlier rules. Can be given several times.
        #[arg(long = "rule", value_name = "CONDITIONS", conflicts_with = "everyone")]
        rules: Vec<String>,
        /// Opens to everyone.
        #[arg(long)]
        everyone: bool,
        /// Release time: a day, a duration from now, or `none`. Nobody can open the content before.
        #[arg(long, value_name = "TIME")]
        release: Option<String>,
        /// Retires it: it is no longer for sale, and rules do not open it.
        #[arg(long, conflicts_with = "offer")]
        retire: bool,
        /// Reverts --retire.
        #[arg(long)]
        offer: bool,
    },
    /// Shows or changes the weight limits for a query of the registry to another contract. Needed only if a chain changes its weights,
    /// so that rules with a token or a vault no longer hold.
    Limits {
        /// Computing time in picoseconds.
        #[arg(long, value_name = "PS")]
        computing_time: Option<u64>,
        /// Size of the proof in bytes.
        #[arg(long, value_name = "BYTES")]
        proof: Option<u64>,
    },
    /// Sets the vault that receives the money of later purchases.
    SetVault {
        /// Address of the vault, `own` for the vault of the launch, or `none`: then nothing can be bought.
        vault: String,
    },
}

impl Contents {
    /// Runs it.
    pub fn run(self, global: &Global) -> Result<(), Error> {
        let mut context = Context::open(global)?;
        match self.command {
            None => {
                let report = content::list(&mut context.client()?)?;
                context.show(&report)
            }
            Some(ContentsCommand::Change { content: text, price, rules, everyone, release, retire, offer }) => context
                .act(|client, _| {
                    let price = match price.as_deref() {
                        None => None,
                        Some("none") => Some(None),
                        Some(text) => Some(Some(client.units.native.parse(text).map_err(at("--price"))?)),
                    };
                    let audience = match (everyone, rules.is_empty()) {
                        (true, _) => Some(Audience::Everyone),
                        (false, true) => None,
                        (false, false) => Some(Audience::AnyOf(parse_rules(&rules, client)?)),
                    };
                    let now = client.chain.time()?;
                    let release = match release.as_deref() {
                        None => None,
                        Some("none") => Some(0),
                        Some(text) => Some(parse_time(text, now).map_err(at("--release"))?),
                    };
                    let retired = (retire || offer).then_some(retire);
                    let change = content::Change { audience, release, price, retired };
                    if change == content::Change::default() {
                        let fields = "--rule, --everyone, --price, --release, --retire or --offer";
                        return Err(Error::Request(format!("nothing to change: give {fields}")));
                    }
                    let id = client.find_content(&text)?;
                    content::change(client, id, change)
                }),
            Some(ContentsCommand::Limits { computing_time: None, proof: None }) => {
                let report = registry::question_limits(&mut context.client()?)?;
                context.show(&report)
            }
            Some(ContentsCommand::Limits { computing_time, proof }) => {
                context.act(|client, _| registry::set_question_limits(client, computing_time, proof))
            }
            Some(ContentsCommand::SetVault { vault }) => context.act(|client, _| {
                let vault = match vault.as_str() {
                    "none" => None,
                    "own" => Some(client.contracts().vault),
                    text => Some(parse_address(text).map_err(Error::Request)?),
                };
                registry::set_vault(client, vault)
            }),
        }
    }
}

/// Permanent access.
#[derive(Args)]
#[command(after_help = "\
Examples:
  patronage purchase \"New song\" --as ana
  patronage purchase 3 --max-price 2 --for ben --as ana")]
pub struct Purchase {
    /// Title or number of the content, such as 3, or '#3' where another title is 3.
    content: String,
    /// The account that receives access. Without it, the sender.
    #[arg(long = "for", value_name = "ACCOUNT")]
    recipient: Option<String>,
    /// The maximum price. Without it, the price now.
    #[arg(long, value_name = "AMOUNT")]
    max_price: Option<String>,
}

impl Purchase {
    /// Runs it.
    pub fn run(self, global: &Global) -> Result<(), Error> {
        let mut context = Context::open(global)?;
        let recipient = self.recipient.as_deref().map(|text| context.account(text)).transpose()?;
        context.act(|client, buyer| {
            let id = client.find_content(&self.content)?;
            let limit = optional(self.max_price.as_ref(), &client.units.native, "--max-price")?;
            content::purchase(client, id, recipient.unwrap_or(buyer), limit)
        })
    }
}
