//! Publishing content, selling it, and who may publish.

use clap::{Args, Subcommand};
use patronage_client::{
    actions::content,
    launch::{parse_age_recipient, parse_hash},
    session::Failure,
    units::parse_duration,
};
use patronage_interfaces::registry::{Audience, Condition, Content, Terms};

use super::{
    desk::{at, Desk},
    fan::optional,
    Global,
};

/// A piece of content.
#[derive(Args)]
#[command(after_help = "\
Example, for subscribers at level 1 and for whoever holds 20 tokens:
  patronage publish \"New song\" --uri https://mira.example/song.age --hash 17cba8... --public-key age1... \\
      --level 1 --holds 20 --as mira")]
pub struct Publish {
    /// Its title, for people.
    title: String,
    /// Where the encrypted file is.
    #[arg(long)]
    uri: String,
    /// SHA-256 of the encrypted file: 64 hexadecimal digits.
    #[arg(long)]
    hash: String,
    /// The age key that it is encrypted to, age1...
    #[arg(long)]
    public_key: String,
    /// Opens to subscribers at this level or higher.
    #[arg(long, conflicts_with = "everyone")]
    level: Option<u8>,
    /// Opens to whoever holds so many tokens.
    #[arg(long, value_name = "TOKENS", conflicts_with = "everyone")]
    holds: Option<String>,
    /// Opens to everyone.
    #[arg(long, required_unless_present_any = ["level", "holds", "price"])]
    everyone: bool,
    /// Sells access for good at this price, beside the rules.
    #[arg(long, value_name = "AMOUNT", conflicts_with = "everyone")]
    price: Option<String>,
    /// Opens to nobody before so long from now, such as 7d.
    #[arg(long, value_name = "DURATION")]
    release: Option<String>,
}

impl Publish {
    /// Runs it.
    pub fn run(self, global: &Global) -> Result<(), Failure> {
        let mut desk = Desk::open(global)?;
        let hash = parse_hash(&self.hash).map_err(at("--hash"))?;
        let public_key = parse_age_recipient(&self.public_key).map_err(at("--public-key"))?;
        let (title, uri) = (self.title.clone(), self.uri.clone().into_bytes());
        desk.act_and(
            |session, _| {
                let (token, vault) = (session.suite().token, session.suite().vault);
                let mut rules = Vec::new();
                if let Some(level) = self.level {
                    rules.push(vec![Condition::Subscribed { vault, level, grace: 0 }]);
                }
                if let Some(holds) = &self.holds {
                    let amount = session.units.token.parse(holds).map_err(at("--holds"))?;
                    rules.push(vec![Condition::Holds { token, amount }]);
                }
                let audience = match (self.everyone, rules.is_empty()) {
                    (true, _) => Audience::Everyone,
                    (false, true) => Audience::Nobody,
                    (false, false) => Audience::AnyOf(rules),
                };
                let native = &session.units.native;
                let price = self.price.as_ref().map(|price| native.parse(price)).transpose().map_err(at("--price"))?;
                let wait = self.release.as_ref().map(|wait| parse_duration(wait)).transpose();
                let release = match wait.map_err(at("--release"))? {
                    Some(wait) => session.chain.time()?.saturating_add(wait),
                    None => 0,
                };
                let file = Content { uri, hash, public_key };
                let terms = Terms { audience, price, release, retired: false };
                let count = content::count(session)? as usize;
                // Content that others have published since has no title here.
                while session.deployment.content.len() < count {
                    session.deployment.content.push(session.deployment.content.len().to_string());
                }
                Ok(content::publish(session, &self.title, file, terms))
            },
            |deployment| {
                deployment.content.push(title);
                Ok(())
            },
        )
    }
}

/// What is published.
#[derive(Args)]
#[command(after_help = "\
Examples:
  patronage content
  patronage content change \"New song\" --price 3 --as mira
  patronage content change \"New song\" --retire --as mira       those who bought it keep it
  patronage content appoint juno --as mira                      juno may publish")]
pub struct Contents {
    #[command(subcommand)]
    command: Option<ContentsCommand>,
}

#[derive(Subcommand)]
enum ContentsCommand {
    /// Changes the terms of content. Nobody who has bought it loses it.
    Change {
        /// Its number or title.
        content: String,
        /// What access for good costs, or `none` for not for sale.
        #[arg(long)]
        price: Option<String>,
        /// Withdraws it.
        #[arg(long, conflicts_with = "offer")]
        retire: bool,
        /// Offers it again.
        #[arg(long)]
        offer: bool,
    },
    /// Appoints a manager, who may publish and change what is published.
    Appoint {
        /// Who.
        account: String,
    },
    /// Dismisses a manager.
    Dismiss {
        /// Who.
        account: String,
    },
}

impl Contents {
    /// Runs it.
    pub fn run(self, global: &Global) -> Result<(), Failure> {
        let mut desk = Desk::open(global)?;
        match self.command {
            None => {
                let report = content::list(&mut desk.session()?)?;
                desk.show(&report)
            }
            Some(ContentsCommand::Change { content: text, price, retire, offer }) => desk.act(|session, _| {
                let price = match price.as_deref() {
                    None => None,
                    Some("none") => Some(None),
                    Some(text) => Some(Some(session.units.native.parse(text).map_err(at("--price"))?)),
                };
                let change = content::Change { price, retired: (retire || offer).then_some(retire) };
                if change == content::Change::default() {
                    return Err(Failure::Request("say what to change: --price, --retire or --offer".to_owned()));
                }
                let id = session.find_content(&text)?;
                content::change(session, id, change)
            }),
            Some(ContentsCommand::Appoint { account }) => {
                let account = desk.account(&account)?;
                desk.act(|session, _| Ok(content::set_manager(session, account, true)))
            }
            Some(ContentsCommand::Dismiss { account }) => {
                let account = desk.account(&account)?;
                desk.act(|session, _| Ok(content::set_manager(session, account, false)))
            }
        }
    }
}

/// Access for good.
#[derive(Args)]
#[command(after_help = "\
Examples:
  patronage purchase \"New song\" --as ana
  patronage purchase 3 --max-price 2 --for ben --as ana")]
pub struct Purchase {
    /// Number or title of the content.
    content: String,
    /// Who gets access, if it is someone else.
    #[arg(long = "for", value_name = "ACCOUNT")]
    recipient: Option<String>,
    /// The most to pay. Without it, the price now.
    #[arg(long, value_name = "AMOUNT")]
    max_price: Option<String>,
}

impl Purchase {
    /// Runs it.
    pub fn run(self, global: &Global) -> Result<(), Failure> {
        let mut desk = Desk::open(global)?;
        let recipient = self.recipient.as_deref().map(|text| desk.account(text)).transpose()?;
        desk.act(|session, buyer| {
            let id = session.find_content(&self.content)?;
            let limit = optional(self.max_price.as_ref(), &session.units.native, "--max-price")?;
            content::purchase(session, id, recipient.unwrap_or(buyer), limit)
        })
    }
}
