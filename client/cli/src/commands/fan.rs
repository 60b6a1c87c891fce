//! Commands of fans.

use clap::Args;
use patronage::{
    actions::{stakes, subscriptions, subscriptions::Payment, tips, token, token::BuyOrder},
    error::Error,
};
use patronage_chain::units::{parse_duration, Unit};
use patronage_interfaces::vault::Asset;

use super::{
    context::{at, Context},
    currency::{Currency, Others},
    Global,
};

/// Parses the amount of an optional `argument`.
pub fn optional(text: Option<&String>, unit: &Unit, argument: &'static str) -> Result<Option<u128>, Error> {
    text.map(|text| unit.parse(text)).transpose().map_err(at(argument))
}

/// Buys creator tokens.
#[derive(Args)]
#[command(after_help = "\
Examples:
  patronage buy 25 --as ana                        25 tokens, at most 1 % above the price now
  patronage buy 25 --max-price 14 --as ana         25 tokens for at most 14
  patronage buy --spend 100 --as ana               as many tokens as 100 pays for")]
pub struct Buy {
    /// Number of tokens.
    #[arg(required_unless_present = "spend", conflicts_with = "spend")]
    tokens: Option<String>,
    /// The maximum total price, including the fee. Without it, 1 % above the price now.
    #[arg(long, value_name = "AMOUNT", conflicts_with = "spend")]
    max_price: Option<String>,
    /// Spends this amount on tokens.
    #[arg(long, value_name = "AMOUNT")]
    spend: Option<String>,
    /// The minimum number of tokens. Without it, 1 % fewer than now.
    #[arg(long, value_name = "TOKENS", requires = "spend")]
    min_tokens: Option<String>,
    /// The account that receives the tokens. Without it, the sender.
    #[arg(long = "for", value_name = "ACCOUNT")]
    recipient: Option<String>,
    /// The referrer, who receives a share of the creator's fee.
    #[arg(long, value_name = "ACCOUNT")]
    referrer: Option<String>,
}

impl Buy {
    /// Runs it.
    pub fn run(self, global: &Global) -> Result<(), Error> {
        let mut context = Context::open(global)?;
        let recipient = self.recipient.as_deref().map(|text| context.account(text)).transpose()?;
        let referrer = self.referrer.as_deref().map(|text| context.account(text)).transpose()?;
        context.act(|client, buyer| {
            let units = client.units.clone();
            let limit = optional(self.max_price.as_ref(), &units.native, "--max-price")?;
            let least = optional(self.min_tokens.as_ref(), &units.token, "--min-tokens")?;
            let order = match (&self.tokens, &self.spend) {
                (Some(tokens), _) => BuyOrder::Tokens(units.token.parse(tokens).map_err(Error::Request)?, limit),
                (None, Some(spend)) => BuyOrder::Spend(units.native.parse(spend).map_err(at("--spend"))?, least),
                (None, None) => {
                    return Err(Error::Request("no amount: give a number of tokens, or --spend AMOUNT".to_owned()))
                }
            };
            token::buy(client, recipient.unwrap_or(buyer), order, referrer)
        })
    }
}

/// Sells creator tokens.
#[derive(Args)]
#[command(after_help = "\
Examples:
  patronage sell 10 --as ana                       for at least 1 % less than now
  patronage sell 10 --min-payout 4.9 --as ana
  patronage sell all --as ana")]
pub struct Sell {
    /// Number of tokens, or `all`.
    tokens: String,
    /// The minimum payout, after the fee. Without it, 1 % less than now.
    #[arg(long, value_name = "AMOUNT")]
    min_payout: Option<String>,
}

impl Sell {
    /// Runs it.
    pub fn run(self, global: &Global) -> Result<(), Error> {
        Context::open(global)?.act(|client, seller| {
            let units = client.units.clone();
            let held = client.tokens_of(seller)?;
            let tokens = match self.tokens.as_str() {
                "all" if held == 0 => {
                    let symbol = &units.token.symbol;
                    return Err(Error::Request(format!(
                        "insufficient balance: the account has no {symbol}; buy some first"
                    )));
                }
                "all" => held,
                text => units.token.parse(text).map_err(Error::Request)?,
            };
            if tokens > held {
                let held = units.token.format(held);
                return Err(Error::Request(format!("insufficient balance: the account has {held}; sell at most that")));
            }
            token::sell(client, tokens, optional(self.min_payout.as_ref(), &units.native, "--min-payout")?)
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
    /// The amount.
    amount: String,
    /// A public message of at most 256 bytes.
    #[arg(long, default_value = "")]
    memo: String,
    #[command(flatten)]
    currency: Currency,
}

impl Tip {
    /// Runs it.
    pub fn run(self, global: &Global) -> Result<(), Error> {
        Context::open(global)?.act(|client, fan| {
            let asset = self.currency.asset(client)?;
            let amount = client.unit(&asset)?.parse(&self.amount).map_err(at("AMOUNT"))?;
            match asset {
                Asset::Native => Ok(tips::tip(client, amount, &self.memo)),
                Asset::Psp22(token) => tips::tip_token(client, fan, token, amount, &self.memo),
            }
        })
    }
}

/// The amount of a payment.
#[derive(Args)]
#[group(multiple = false)]
struct HowLong {
    /// Pays for this number of periods. Default 1.
    #[arg(long, value_name = "NUMBER")]
    periods: Option<u64>,
    /// Pays for at least this time, such as 90d.
    #[arg(long, value_name = "DURATION")]
    last: Option<String>,
    /// Pays this amount, in the tier's asset.
    #[arg(long, value_name = "AMOUNT")]
    pay: Option<String>,
}

impl HowLong {
    fn payment(&self, unit: &Unit) -> Result<Payment, Error> {
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
  patronage subscribe Backstage --for cleo --as ben         a gift: cleo owns it, and receives refunds")]
pub struct Subscribe {
    /// Name or number of the tier, such as Listener, 1, or '#1' where another tier is called 1.
    tier: String,
    /// The account that is subscribed. Without it, the sender.
    #[arg(long = "for", value_name = "ACCOUNT")]
    fan: Option<String>,
    #[command(flatten)]
    how_long: HowLong,
    /// The maximum price of a period. Without it, the price now.
    #[arg(long, value_name = "AMOUNT")]
    max_price: Option<String>,
}

impl Subscribe {
    /// Runs it.
    pub fn run(self, global: &Global) -> Result<(), Error> {
        let mut context = Context::open(global)?;
        let fan = self.fan.as_deref().map(|text| context.account(text)).transpose()?;
        context.act(|client, payer| {
            let tier = client.find_tier(&self.tier)?;
            let (_, unit) = client.tier(tier)?;
            let limit = optional(self.max_price.as_ref(), &unit, "--max-price")?;
            let payment = self.how_long.payment(&unit)?;
            subscriptions::subscribe(client, payer, fan.unwrap_or(payer), tier, payment, limit)
        })
    }
}

/// A payment for a running subscription.
#[derive(Args)]
#[command(after_help = "Examples:\n  patronage top-up --as ben\n  patronage top-up --periods 3 --for cleo --as ben")]
pub struct TopUp {
    /// The account with the subscription. Without it, the sender.
    #[arg(long = "for", value_name = "ACCOUNT")]
    fan: Option<String>,
    #[command(flatten)]
    how_long: HowLong,
}

impl TopUp {
    /// Runs it.
    pub fn run(self, global: &Global) -> Result<(), Error> {
        let mut context = Context::open(global)?;
        let fan = self.fan.as_deref().map(|text| context.account(text)).transpose()?;
        context.act(|client, payer| {
            let fan = fan.unwrap_or(payer);
            let unit = subscriptions::unit_of(client, payer, fan)?;
            subscriptions::top_up(client, payer, fan, self.how_long.payment(&unit)?)
        })
    }
}

/// Another tier.
#[derive(Args)]
#[command(after_help = "Example:\n  patronage switch Backstage --pay 10 --as ben")]
pub struct Switch {
    /// Name or number of the tier, such as Listener, 1, or '#1' where another tier is called 1.
    tier: String,
    /// An amount to pay in addition to the rest of the subscription.
    #[arg(long, value_name = "AMOUNT")]
    pay: Option<String>,
    /// The maximum price of a period. Without it, the price now.
    #[arg(long, value_name = "AMOUNT")]
    max_price: Option<String>,
}

impl Switch {
    /// Runs it.
    pub fn run(self, global: &Global) -> Result<(), Error> {
        Context::open(global)?.act(|client, fan| {
            let tier = client.find_tier(&self.tier)?;
            let (_, unit) = client.tier(tier)?;
            let amount = optional(self.pay.as_ref(), &unit, "--pay")?.unwrap_or(0);
            let limit = optional(self.max_price.as_ref(), &unit, "--max-price")?;
            subscriptions::switch(client, fan, tier, amount, limit)
        })
    }
}

/// Cancels the subscription of the sender.
pub fn cancel(global: &Global) -> Result<(), Error> {
    Context::open(global)?.act(subscriptions::cancel)
}

/// Tokens to stake or unstake.
#[derive(Args)]
#[command(after_help = "Example:\n  patronage stake 10 --as ana\n  patronage unstake 10 --as ana")]
pub struct Stake {
    /// Number of tokens.
    tokens: String,
}

impl Stake {
    /// Stakes them.
    pub fn stake(self, global: &Global) -> Result<(), Error> {
        Context::open(global)?.act(|client, fan| {
            let tokens = client.units.token.parse(&self.tokens).map_err(Error::Request)?;
            stakes::stake(client, fan, tokens)
        })
    }

    /// Unstakes them.
    pub fn unstake(self, global: &Global) -> Result<(), Error> {
        Context::open(global)?.act(|client, _| {
            let tokens = client.units.token.parse(&self.tokens).map_err(Error::Request)?;
            stakes::unstake(client, tokens)
        })
    }
}

/// Amounts to withdraw.
#[derive(Args)]
#[command(after_help = "Examples:\n  patronage withdraw --as ana\n  patronage withdraw --token 5Ea9... --as ana")]
pub struct Withdraw {
    #[command(flatten)]
    others: Others,
}

impl Withdraw {
    /// Runs it.
    pub fn run(self, global: &Global) -> Result<(), Error> {
        Context::open(global)?.act(|client, fan| {
            let others = self.others.tokens()?;
            stakes::withdraw(client, fan, &others)
        })
    }
}
