//! What fans do.

use clap::Args;
use patronage::{
    actions::{stakes, subscriptions, subscriptions::Payment, tips, token, token::Wish},
    session::Failure,
};
use patronage_chain::units::{parse_duration, Unit};
use patronage_interfaces::vault::Asset;

use super::{
    currency::{Currency, Others},
    desk::{at, Desk},
    Global,
};

/// An amount that need not be given.
pub fn optional(text: Option<&String>, unit: &Unit, place: &'static str) -> Result<Option<u128>, Failure> {
    text.map(|text| unit.parse(text)).transpose().map_err(at(place))
}

/// Buys creator tokens.
#[derive(Args)]
#[command(after_help = "\
Examples:
  patronage buy 25 --as ana                        25 tokens, at 1 % above today's price at the most
  patronage buy 25 --max-price 14 --as ana         for 14 at the most
  patronage buy --spend 100 --as ana               as many as 100 buy")]
pub struct Buy {
    /// How many tokens.
    #[arg(required_unless_present = "spend", conflicts_with = "spend")]
    tokens: Option<String>,
    /// The most to pay for all of them, fee included. Without it, 1 % above the price now.
    #[arg(long, value_name = "AMOUNT", conflicts_with = "spend")]
    max_price: Option<String>,
    /// Buys as many tokens as this amount pays for.
    #[arg(long, value_name = "AMOUNT")]
    spend: Option<String>,
    /// The fewest tokens that are acceptable. Without it, 1 % fewer than now.
    #[arg(long, value_name = "TOKENS", requires = "spend")]
    min_tokens: Option<String>,
    /// Who gets the tokens, if it is someone else.
    #[arg(long = "for", value_name = "ACCOUNT")]
    recipient: Option<String>,
    /// Who gets a share of the creator's fee for it.
    #[arg(long, value_name = "ACCOUNT")]
    referrer: Option<String>,
}

impl Buy {
    /// Runs it.
    pub fn run(self, global: &Global) -> Result<(), Failure> {
        let mut desk = Desk::open(global)?;
        let recipient = self.recipient.as_deref().map(|text| desk.account(text)).transpose()?;
        let referrer = self.referrer.as_deref().map(|text| desk.account(text)).transpose()?;
        desk.act(|session, buyer| {
            let units = session.units.clone();
            let limit = optional(self.max_price.as_ref(), &units.native, "--max-price")?;
            let least = optional(self.min_tokens.as_ref(), &units.token, "--min-tokens")?;
            let wish = match (&self.tokens, &self.spend) {
                (Some(tokens), _) => Wish::Tokens(units.token.parse(tokens).map_err(Failure::Request)?, limit),
                (None, Some(spend)) => Wish::Spend(units.native.parse(spend).map_err(at("--spend"))?, least),
                (None, None) => return Err(Failure::Request("say how many tokens, or what to --spend".to_owned())),
            };
            token::buy(session, recipient.unwrap_or(buyer), wish, referrer)
        })
    }
}

/// Sells creator tokens.
#[derive(Args)]
#[command(after_help = "\
Examples:
  patronage sell 10 --as ana                       for 1 % less than now at the least
  patronage sell 10 --min-payout 4.9 --as ana
  patronage sell all --as ana")]
pub struct Sell {
    /// How many tokens, or `all`.
    tokens: String,
    /// The least to accept, after the fee. Without it, 1 % less than now.
    #[arg(long, value_name = "AMOUNT")]
    min_payout: Option<String>,
}

impl Sell {
    /// Runs it.
    pub fn run(self, global: &Global) -> Result<(), Failure> {
        Desk::open(global)?.act(|session, seller| {
            let units = session.units.clone();
            let held = session.tokens_of(seller)?;
            let tokens = match self.tokens.as_str() {
                "all" if held == 0 => {
                    let symbol = &units.token.symbol;
                    return Err(Failure::Request(format!("the account has no {symbol}, so there is nothing to sell")));
                }
                "all" => held,
                text => units.token.parse(text).map_err(Failure::Request)?,
            };
            if tokens > held {
                let held = units.token.format(held);
                return Err(Failure::Request(format!("the account has only {held}: sell no more than that")));
            }
            token::sell(session, tokens, optional(self.min_payout.as_ref(), &units.native, "--min-payout")?)
        })
    }
}

/// A tip.
#[derive(Args)]
#[command(after_help = "\
Examples:
  patronage tip 2 --memo \"for the encore\" --as ana
  patronage tip 5 --in-tokens --as ana
  patronage tip 5 --token 5Ea9... --as ana         in any PSP22 token")]
pub struct Tip {
    /// How much.
    amount: String,
    /// What to say with it, in public: at most 256 bytes.
    #[arg(long, default_value = "")]
    memo: String,
    #[command(flatten)]
    currency: Currency,
}

impl Tip {
    /// Runs it.
    pub fn run(self, global: &Global) -> Result<(), Failure> {
        Desk::open(global)?.act(|session, fan| {
            let asset = self.currency.asset(session)?;
            let amount = session.unit(&asset)?.parse(&self.amount).map_err(at("AMOUNT"))?;
            match asset {
                Asset::Native => Ok(tips::tip(session, amount, &self.memo)),
                Asset::Psp22(token) => tips::tip_token(session, fan, token, amount, &self.memo),
            }
        })
    }
}

/// How long to pay for.
#[derive(Args)]
#[group(multiple = false)]
struct HowLong {
    /// So many periods.
    #[arg(long, value_name = "NUMBER")]
    periods: Option<u64>,
    /// At least so long, such as 90d.
    #[arg(long, value_name = "DURATION")]
    last: Option<String>,
    /// So much, of what the tier is paid in.
    #[arg(long, value_name = "AMOUNT")]
    pay: Option<String>,
}

impl HowLong {
    fn payment(&self, unit: &Unit) -> Result<Payment, Failure> {
        Ok(match (self.periods, &self.last, &self.pay) {
            (_, Some(last), _) => Payment::Duration(parse_duration(last).map_err(at("--last"))?),
            (_, _, Some(pay)) => Payment::Amount(unit.parse(pay).map_err(at("--pay"))?),
            (periods, None, None) => Payment::Periods(periods.unwrap_or(1)),
        })
    }
}

/// A subscription.
#[derive(Args)]
#[command(after_help = "\
Examples:
  patronage subscribe Listener --as ben                     for one period
  patronage subscribe 1 --last 90d --as ben                 tier number 1, for 90 days
  patronage subscribe Backstage --for cleo --as ben         a gift: cleo owns it, and gets the refund")]
pub struct Subscribe {
    /// Name or number of the tier, such as Listener, 1, or '#1' where another tier is called 1.
    tier: String,
    /// Who is subscribed, if it is someone else.
    #[arg(long = "for", value_name = "ACCOUNT")]
    fan: Option<String>,
    #[command(flatten)]
    how_long: HowLong,
    /// The highest price of a period to agree to. Without it, the price now.
    #[arg(long, value_name = "AMOUNT")]
    max_price: Option<String>,
}

impl Subscribe {
    /// Runs it.
    pub fn run(self, global: &Global) -> Result<(), Failure> {
        let mut desk = Desk::open(global)?;
        let fan = self.fan.as_deref().map(|text| desk.account(text)).transpose()?;
        desk.act(|session, payer| {
            let tier = session.find_tier(&self.tier)?;
            let (_, unit) = session.tier(tier)?;
            let limit = optional(self.max_price.as_ref(), &unit, "--max-price")?;
            let payment = self.how_long.payment(&unit)?;
            subscriptions::subscribe(session, payer, fan.unwrap_or(payer), tier, payment, limit)
        })
    }
}

/// More for a subscription.
#[derive(Args)]
#[command(after_help = "Examples:\n  patronage top-up --as ben\n  patronage top-up --periods 3 --for cleo --as ben")]
pub struct TopUp {
    /// Whose subscription, if it is someone else's.
    #[arg(long = "for", value_name = "ACCOUNT")]
    fan: Option<String>,
    #[command(flatten)]
    how_long: HowLong,
}

impl TopUp {
    /// Runs it.
    pub fn run(self, global: &Global) -> Result<(), Failure> {
        let mut desk = Desk::open(global)?;
        let fan = self.fan.as_deref().map(|text| desk.account(text)).transpose()?;
        desk.act(|session, payer| {
            let fan = fan.unwrap_or(payer);
            let unit = subscriptions::unit_of(session, payer, fan)?;
            subscriptions::top_up(session, payer, fan, self.how_long.payment(&unit)?)
        })
    }
}

/// Another tier.
#[derive(Args)]
#[command(after_help = "Example:\n  patronage switch Backstage --pay 10 --as ben")]
pub struct Switch {
    /// Name or number of the tier, such as Listener, 1, or '#1' where another tier is called 1.
    tier: String,
    /// What to pay beside what is left.
    #[arg(long, value_name = "AMOUNT")]
    pay: Option<String>,
    /// The highest price of a period to agree to. Without it, the price now.
    #[arg(long, value_name = "AMOUNT")]
    max_price: Option<String>,
}

impl Switch {
    /// Runs it.
    pub fn run(self, global: &Global) -> Result<(), Failure> {
        Desk::open(global)?.act(|session, fan| {
            let tier = session.find_tier(&self.tier)?;
            let (_, unit) = session.tier(tier)?;
            let amount = optional(self.pay.as_ref(), &unit, "--pay")?.unwrap_or(0);
            let limit = optional(self.max_price.as_ref(), &unit, "--max-price")?;
            subscriptions::switch(session, fan, tier, amount, limit)
        })
    }
}

/// Cancels.
pub fn cancel(global: &Global) -> Result<(), Failure> {
    Desk::open(global)?.act(subscriptions::cancel)
}

/// Tokens to stake or unstake.
#[derive(Args)]
#[command(after_help = "Example:\n  patronage stake 10 --as ana\n  patronage unstake 10 --as ana")]
pub struct Stake {
    /// How many tokens.
    tokens: String,
}

impl Stake {
    /// Stakes them.
    pub fn stake(self, global: &Global) -> Result<(), Failure> {
        Desk::open(global)?.act(|session, fan| {
            let tokens = session.units.token.parse(&self.tokens).map_err(Failure::Request)?;
            stakes::stake(session, fan, tokens)
        })
    }

    /// Unstakes them.
    pub fn unstake(self, global: &Global) -> Result<(), Failure> {
        Desk::open(global)?.act(|session, _| {
            let tokens = session.units.token.parse(&self.tokens).map_err(Failure::Request)?;
            stakes::unstake(session, tokens)
        })
    }
}

/// What waits to be taken out.
#[derive(Args)]
#[command(after_help = "Examples:\n  patronage withdraw --as ana\n  patronage withdraw --token 5Ea9... --as ana")]
pub struct Withdraw {
    #[command(flatten)]
    others: Others,
}

impl Withdraw {
    /// Runs it.
    pub fn run(self, global: &Global) -> Result<(), Failure> {
        Desk::open(global)?.act(|session, fan| {
            let others = self.others.tokens()?;
            stakes::withdraw(session, fan, &others)
        })
    }
}
