//! The steps of the demo. They work for every valid launch file: amounts are derived from its prices, and steps for missing offers are
//! skipped with a note.

use patronage::{
    actions::{subscriptions, subscriptions::Payment, tips, token, token::BuyOrder},
    client::Client,
    contracts,
    error::Error,
    launch::{AccessSnapshot, Launch},
    messages,
};
use patronage_chain::units::format_duration;
use patronage_core::streams::{self, MAX_DURATION};
use patronage_embedded::{format_native, NATIVE_DECIMALS};
use patronage_interfaces::{
    patronage::Patronage,
    registry::Access,
    token::{Bought, CreatorToken},
    vault::{Asset, PatronageVault, Subscribed, TierId, TierTerms},
    AccountId,
};

use super::{
    env::{error_text, expect, signed, DemoEnv, StepResult},
    launching::deploy,
    solvency, stakers,
    story::StoryWriter,
};

/// Runs all steps.
pub fn run(launch: &Launch, story: &mut StoryWriter) -> StepResult<()> {
    let mut env = deploy(launch, story)?;
    fans_buy(launch, &mut env, story)?;
    a_tip(&mut env, story)?;
    let staked = stakers::a_fan_stakes(launch, &mut env, story)?;
    let pause = subscriptions(launch, &mut env, story)?;
    who_may_open(launch, &mut env, story, "Who may open what")?;
    story.chapter("Time passes");
    env.chain.advance(pause);
    story.step(format!("{} later", format_duration(pause)), &[("milliseconds", pause.into())]);
    who_may_open(launch, &mut env, story, "Who may open what now")?;
    let income = income(launch, &mut env, story)?;
    if let Some(day) = staked {
        stakers::a_staker_earns(launch, &mut env, story, day, &income)?;
    }
    a_gift(launch, &mut env, story)?;
    a_fan_cancels(launch, &mut env, story)?;
    a_fan_sells(&mut env, story)?;
    who_may_open(launch, &mut env, story, "Who may open what in the end")?;
    solvency::check(&mut env, story)?;
    solvency::everyone_leaves(launch, &mut env, story)
}

fn fans_buy(launch: &Launch, env: &mut DemoEnv, story: &mut StoryWriter) -> StepResult<()> {
    story.chapter("Fans buy tokens");
    let (token, symbol) = (env.contracts().token, env.units.token.symbol.clone());
    let [collector, regular, listener] = env.people.fans();
    let sale = env.query(contracts::sale(token).curve())?;
    let order = launch.content.iter().map(|content| content.most_tokens()).max().unwrap_or(0);
    let order = if order == 0 { sale.curve.unit.saturating_mul(10) } else { order };
    let guard = sale.launch_guard;
    // Half, so that another purchase for the same money stays below the limit.
    let most = if env.chain.now() < guard.until { guard.max_tokens / 2 } else { u128::MAX };
    let order = order.min(sale.available() / 2).min(most).max(1);
    let price = sale.quote_buy_exact(order).map_err(|error| messages::sale(&error, &env.units))?.amount;
    let before =
        env.query(contracts::sale(token).quote_buy(price))?.map_err(|error| messages::sale(&error, &env.units))?;

    buy(env, story, collector, price)?;

    env.fund(listener, price)?;
    match env.query(contracts::sale(token).quote_buy(price))? {
        Ok(now) if now.tokens < before.tokens => {
            let held = env.balance(listener);
            let stale = BuyOrder::Spend(price, Some(before.tokens));
            match env.act(listener, |client| token::buy(client, listener, stale, None)) {
                Err(Error::Refused { error, message }) if error == "TooFewTokens" => {
                    expect("a refused buy costs nothing", env.balance(listener), held)?;
                    let text = format!(
                        "{} asks for as many {symbol} as {} got, and is refused: {message}. Nothing is paid",
                        env.people.name(&listener),
                        env.people.name(&collector),
                    );
                    story.step(text, &[("asked", before.tokens), ("possible", now.tokens)]);
                }
                Err(error) => return Err(error_text(error)),
                Ok(_) => return Err("a buy below its slippage bound went through".to_owned()),
            }
        }
        _ => story.step("the price has not changed".to_owned(), &[]),
    }

    buy(env, story, regular, price / 2)
}

fn buy(env: &mut DemoEnv, story: &mut StoryWriter, who: AccountId, value: u128) -> StepResult<()> {
    env.fund(who, value)?;
    let token = env.contracts().token;
    let name = env.people.name(&who).to_owned();
    let quote = match env.query(contracts::sale(token).quote_buy(value))? {
        Ok(quote) => quote,
        Err(error) => {
            let text = format!("{name} can't buy: {}", messages::sale(&error, &env.units));
            story.step(text, &[]);
            return Ok(());
        }
    };
    let change = value.saturating_sub(quote.amount);
    let order = BuyOrder::Spend(value, Some(quote.tokens));
    let result = match env.act(who, |client| token::buy(client, who, order, None)) {
        Err(Error::Refused { error, message }) if error == "LaunchLimit" => {
            story.step(format!("{name} can't have so many yet: {message}"), &[]);
            return Ok(());
        }
        other => other.map_err(error_text)?,
    };
    let bought: Bought = result.event()?;
    expect("buying gives what was quoted", (bought.tokens, bought.paid), (quote.tokens, quote.amount))?;
    expect("the change comes back", result.moved, -signed(quote.amount)?)?;
    expect("the tokens are there", env.tokens(who)?, quote.tokens)?;
    let text = format!(
        "{name} sends {} and gets {} and {} of change; {} of it is the creator's fee",
        format_native(value),
        env.units.token.format(bought.tokens),
        format_native(change),
        format_native(bought.fee)
    );
    story.step(text, &[("sent", value), ("tokens", bought.tokens), ("change", change), ("fee", bought.fee)]);
    Ok(())
}

fn a_tip(env: &mut DemoEnv, story: &mut StoryWriter) -> StepResult<()> {
    story.chapter("A tip");
    let (who, memo) = (env.people.regular, "for the encore");
    let amount = 2 * 10_u128.pow(u32::from(NATIVE_DECIMALS));
    let result = env.act(who, |client| Ok(tips::tip(client, amount, memo))).map_err(error_text)?;
    expect("a tip costs what it is", result.moved, -signed(amount)?)?;
    let standing = env.query(contracts::patronage(env.contracts().vault).standing_of(who))?;
    expect("the vault remembers the tip", standing.tipped, amount)?;
    let text = format!("{} tips {}, \"{memo}\"", env.people.name(&who), format_native(amount));
    story.step(text, &[("amount", amount)]);
    Ok(())
}

/// The tiers that are paid in the chain's own token. Accounts of the demo have no other tokens.
fn in_money(launch: &Launch) -> impl Iterator<Item = (TierId, &TierTerms)> {
    (0u32..).zip(&launch.vault.tiers).filter(|(_, tier)| tier.asset == Asset::Native)
}

/// Returns the time that passes afterwards, in ms.
fn subscriptions(launch: &Launch, env: &mut DemoEnv, story: &mut StoryWriter) -> StepResult<u64> {
    story.chapter("Subscriptions");
    let tiers = || in_money(launch);
    let (Some(low), Some(high)) = (tiers().min_by_key(|tier| tier.1.level), tiers().max_by_key(|tier| tier.1.level))
    else {
        story.step("there are no tiers that are paid in the chain's own token".to_owned(), &[]);
        return Ok(30 * 86_400_000);
    };
    let pause = high.1.period.saturating_add(high.1.period / 4);
    // About half of the subscription is left after the pause.
    let periods = (pause / low.1.period).saturating_mul(2).saturating_add(1).min(MAX_DURATION / low.1.period);
    subscribe(launch, env, story, env.people.listener, low, periods.max(1))?;
    subscribe(launch, env, story, env.people.regular, high, 1)?;
    Ok(pause)
}

fn subscribe(
    launch: &Launch,
    env: &mut DemoEnv,
    story: &mut StoryWriter,
    who: AccountId,
    (id, tier): (TierId, &TierTerms),
    periods: u64,
) -> StepResult<()> {
    let paid = tier.price.checked_mul(periods.into()).ok_or("the price of a subscription is too large")?;
    env.fund(who, paid)?;
    let name = env.people.name(&who).to_owned();
    let tier_name = launch.tiers.get(id as usize).map_or("", String::as_str);
    let limit = Some(tier.price);
    let subscribe =
        |client: &mut Client<'_>| subscriptions::subscribe(client, who, who, id, Payment::Amount(paid), limit);
    before_paying(story, &name, tier);
    match env.act(who, subscribe) {
        Ok(result) => {
            let Subscribed { until, minimum, .. } = result.event()?;
            expect("what is not refundable is as quoted", minimum, stay(tier))?;
            let refund = env.query(contracts::vault(env.contracts().vault).refund_of(who))?;
            expect("all but that is refundable at first", refund, paid.saturating_sub(minimum))?;
            expect("a subscription costs what is paid", result.moved, -signed(paid)?)?;
            expect("the end is when the money runs out", until, env.chain.now() + periods * tier.period)?;
            let text = format!(
                "{name} pays {} for \"{tier_name}\": it will last {}",
                format_native(paid),
                format_duration(periods * tier.period)
            );
            story.step(text, &[("paid", paid), ("until", until.into())]);
        }
        Err(Error::Refused { error, message }) if error == "SoldOut" => {
            story.step(format!("{name} can't have \"{tier_name}\": {message}"), &[]);
        }
        Err(error) => return Err(error_text(error)),
    }
    Ok(())
}

/// The price of the minimum stay of `tier`.
fn stay(tier: &TierTerms) -> u128 {
    streams::cost(tier.price, tier.period, tier.minimum_stay)
}

/// Shows the amount that is not refunded, before `name` pays.
fn before_paying(story: &mut StoryWriter, name: &str, tier: &TierTerms) {
    if tier.minimum_stay > 0 {
        let (least, time) = (format_native(stay(tier)), format_duration(tier.minimum_stay));
        let text = format!("the quote shows {name} before paying that {least} are not refunded, the price of {time}");
        story.step(text, &[("not_refundable", stay(tier))]);
    }
}

fn who_may_open(launch: &Launch, env: &mut DemoEnv, story: &mut StoryWriter, title: &str) -> StepResult<()> {
    story.chapter(title);
    if launch.content.is_empty() {
        story.step("nothing is published".to_owned(), &[]);
    }
    for (id, content) in (0u32..).zip(&launch.content) {
        let mut answers = Vec::new();
        for who in env.people.fans() {
            let access = env.access(id, who)?;
            let standing = env.query(contracts::patronage(env.contracts().vault).standing_of(who))?;
            let opens = content.opens_to(&AccessSnapshot { tokens: env.tokens(who)?, standing, now: env.chain.now() });
            let name = env.people.name(&who).to_owned();
            expect(&format!("access of {name} to \"{}\"", content.title), access.is_granted(), opens)?;
            answers.push(match access {
                Access::Granted(_) => format!("{name}: yes"),
                Access::Denied(rules) => {
                    let lacks = |rule: &Vec<_>| {
                        // The chain of the demo has no foreign tokens.
                        messages::missing_conditions(rule, &env.units, &mut |_| env.units.token.clone())
                    };
                    let ways = rules.iter().map(lacks).collect::<Vec<_>>().join(", or ");
                    format!("{name}: no, needs {ways}")
                }
            });
        }
        story.step(format!("\"{}\"", content.title), &[]);
        for answer in answers {
            story.step(format!("  {answer}"), &[]);
        }
    }
    Ok(())
}

/// Returns each amount of income, in planck.
fn income(launch: &Launch, env: &mut DemoEnv, story: &mut StoryWriter) -> StepResult<Vec<u128>> {
    let mut income = Vec::new();
    story.chapter(&format!("{} collects", env.people.name(&env.people.creator)));
    let creator = env.people.creator;
    for (id, _) in in_money(launch) {
        let name = launch.tiers.get(id as usize).map_or("", String::as_str);
        let earned = env.earned(id)?;
        let amount = env.collect(creator, id)?;
        if amount > earned {
            return Err(format!("tier \"{name}\" gave {amount} planck, but only {earned} are earned"));
        }
        story.step(format!("\"{name}\" has earned {}", format_native(amount)), &[("amount", amount)]);
        income.push(amount);
    }
    let fees = env.collect_fees(creator)?;
    if fees > 0 {
        story.step(format!("the token's fees are {}", format_native(fees)), &[("amount", fees)]);
        income.push(fees);
    }
    for recipient in env.people.recipients.clone() {
        let name = env.people.name(&recipient).to_owned();
        if recipient == creator {
            let amount = env.claim(recipient)?;
            story.step(format!("{name} claims {}", format_native(amount)), &[("amount", amount)]);
        } else {
            let amount = env.claimable(recipient)?;
            let text = format!("{name} can claim {} at any time", format_native(amount));
            story.step(text, &[("amount", amount)]);
        }
    }
    Ok(income)
}

fn a_gift(launch: &Launch, env: &mut DemoEnv, story: &mut StoryWriter) -> StepResult<()> {
    let Some((id, tier)) = in_money(launch).max_by_key(|tier| tier.1.level) else { return Ok(()) };
    let (giver, fan) = (env.people.collector, env.people.regular);
    let names = [giver, fan].map(|who| env.people.name(&who).to_owned());
    story.chapter(&format!("{} makes {} a gift", names[0], names[1]));
    env.fund(giver, tier.price)?;
    let (payment, limit) = (Payment::Amount(tier.price), Some(tier.price));
    before_paying(story, &names[0], tier);
    let answer = env.act(giver, |client| subscriptions::subscribe(client, giver, fan, id, payment, limit));
    let text = match answer {
        Ok(_) => format!(
            "{} pays {} for another {} of {}'s subscription; only {} can cancel it, and receives the refund",
            names[0],
            format_native(tier.price),
            format_duration(tier.period),
            names[1],
            names[1]
        ),
        Err(Error::Refused { error, message }) if error == "SoldOut" => format!("not possible: {message}"),
        Err(error) => return Err(error_text(error)),
    };
    story.step(text, &[("paid", tier.price)]);
    Ok(())
}

fn a_fan_cancels(launch: &Launch, env: &mut DemoEnv, story: &mut StoryWriter) -> StepResult<()> {
    if in_money(launch).next().is_none() {
        return Ok(());
    }
    let who = env.people.listener;
    story.chapter(&format!("{} cancels", env.people.name(&who)));
    let kept = env.kept(who)?;
    let refund = env.cancel(who)?;
    let mut text = format!(
        "{} cancels, and is refunded {}, which is not yet earned",
        env.people.name(&who),
        format_native(refund)
    );
    if kept > 0 {
        text.push_str(&format!("; the minimum stay keeps {}", format_native(kept)));
    }
    story.step(text, &[("refund", refund)]);
    Ok(())
}

fn a_fan_sells(env: &mut DemoEnv, story: &mut StoryWriter) -> StepResult<()> {
    let who = env.people.collector;
    story.chapter(&format!("{} sells", env.people.name(&who)));
    let tokens = env.tokens(who)?;
    let sold = env.sell(who, tokens)?;
    let text = format!(
        "{} sells {} back to the contract for {}",
        env.people.name(&who),
        env.units.token.format(sold.tokens),
        format_native(sold.payout)
    );
    story.step(text, &[("tokens", sold.tokens), ("payout", sold.payout), ("fee", sold.fee)]);
    Ok(())
}
