//! The scenes, in order. They hold for any valid launch file: amounts follow from its prices, and what it does not offer
//! is left out with a word.

use patronage::{
    actions::{subscriptions, subscriptions::Payment, tips, token, token::Wish},
    explain,
    launch::{Launch, Seen},
    session::{Failure, Session},
    suite::{self},
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
    books,
    launching::deploy,
    stage::{expect, signed, words, Stage, Told},
    stakers,
    story::Teller,
};

/// Plays everything, up to the books.
pub fn play(launch: &Launch, teller: &mut Teller) -> Told<()> {
    let mut stage = deploy(launch, teller)?;
    fans_buy(launch, &mut stage, teller)?;
    a_tip(&mut stage, teller)?;
    let staked = stakers::a_fan_stakes(launch, &mut stage, teller)?;
    let pause = subscriptions(launch, &mut stage, teller)?;
    who_may_open(launch, &mut stage, teller, "Who may open what")?;
    teller.chapter("Time passes");
    stage.chain.advance(pause);
    teller.step(format!("{} later", format_duration(pause)), &[("milliseconds", pause.into())]);
    who_may_open(launch, &mut stage, teller, "Who may open what now")?;
    let income = income(launch, &mut stage, teller)?;
    if let Some(day) = staked {
        stakers::a_staker_earns(launch, &mut stage, teller, day, &income)?;
    }
    a_gift(launch, &mut stage, teller)?;
    a_fan_cancels(launch, &mut stage, teller)?;
    a_fan_sells(&mut stage, teller)?;
    who_may_open(launch, &mut stage, teller, "Who may open what in the end")?;
    books::check(&mut stage, teller)?;
    books::everyone_leaves(launch, &mut stage, teller)
}

fn fans_buy(launch: &Launch, stage: &mut Stage, teller: &mut Teller) -> Told<()> {
    teller.chapter("Fans buy tokens");
    let (token, symbol) = (stage.suite().token, stage.units.token.symbol.clone());
    let [collector, regular, listener] = stage.people.fans();
    let sale = stage.ask(suite::sale(token).curve())?;
    let wish = launch.content.iter().map(|content| content.most_tokens()).max().unwrap_or(0);
    let wish = if wish == 0 { sale.curve.unit.saturating_mul(10) } else { wish };
    let guard = sale.launch_guard;
    // With room for what the same money buys beside.
    let most = if stage.chain.now() < guard.until { guard.max_tokens / 2 } else { u128::MAX };
    let wish = wish.min(sale.available() / 2).min(most).max(1);
    let price = sale.quote_buy_exact(wish).map_err(|error| explain::sale(&error, &stage.units))?.amount;
    let before =
        stage.ask(suite::sale(token).quote_buy(price))?.map_err(|error| explain::sale(&error, &stage.units))?;

    buy(stage, teller, collector, price)?;

    stage.give(listener, price)?;
    match stage.ask(suite::sale(token).quote_buy(price))? {
        Ok(now) if now.tokens < before.tokens => {
            let held = stage.balance(listener);
            let stale = Wish::Spend(price, Some(before.tokens));
            match stage.act(listener, |session| token::buy(session, listener, stale, None)) {
                Err(Failure::Refused { error, message }) if error == "TooFewTokens" => {
                    expect("a refused buy costs nothing", stage.balance(listener), held)?;
                    let text = format!(
                        "{} asks for as many {symbol} as {} got, and is refused: {message}. Nothing is taken",
                        stage.people.name(&listener),
                        stage.people.name(&collector),
                    );
                    teller.step(text, &[("asked", before.tokens), ("possible", now.tokens)]);
                }
                Err(failure) => return Err(words(failure)),
                Ok(_) => return Err("a buy below its slippage bound went through".to_owned()),
            }
        }
        _ => teller.step("the price is still the same: nobody can be surprised by it".to_owned(), &[]),
    }

    buy(stage, teller, regular, price / 2)
}

fn buy(stage: &mut Stage, teller: &mut Teller, who: AccountId, value: u128) -> Told<()> {
    stage.give(who, value)?;
    let token = stage.suite().token;
    let name = stage.people.name(&who).to_owned();
    let quote = match stage.ask(suite::sale(token).quote_buy(value))? {
        Ok(quote) => quote,
        Err(error) => {
            let text = format!("{name} comes too late: {}", explain::sale(&error, &stage.units));
            teller.step(text, &[]);
            return Ok(());
        }
    };
    let change = value.saturating_sub(quote.amount);
    let wish = Wish::Spend(value, Some(quote.tokens));
    let acted = match stage.act(who, |session| token::buy(session, who, wish, None)) {
        Err(Failure::Refused { error, message }) if error == "LaunchLimit" => {
            teller.step(format!("{name} can't have so many yet: {message}"), &[]);
            return Ok(());
        }
        other => other.map_err(words)?,
    };
    let bought: Bought = acted.event()?;
    expect("buying gives what was quoted", (bought.tokens, bought.paid), (quote.tokens, quote.amount))?;
    expect("the change comes back", acted.moved, -signed(quote.amount)?)?;
    expect("the tokens are there", stage.tokens(who)?, quote.tokens)?;
    let text = format!(
        "{name} sends {} and gets {} and {} of change; {} of it is the creator's fee",
        format_native(value),
        stage.units.token.format(bought.tokens),
        format_native(change),
        format_native(bought.fee)
    );
    teller.step(text, &[("sent", value), ("tokens", bought.tokens), ("change", change), ("fee", bought.fee)]);
    Ok(())
}

fn a_tip(stage: &mut Stage, teller: &mut Teller) -> Told<()> {
    teller.chapter("A tip");
    let (who, memo) = (stage.people.regular, "for the encore");
    let amount = 2 * 10_u128.pow(u32::from(NATIVE_DECIMALS));
    let acted = stage.act(who, |session| Ok(tips::tip(session, amount, memo))).map_err(words)?;
    expect("a tip costs what it is", acted.moved, -signed(amount)?)?;
    let standing = stage.ask(suite::patronage(stage.suite().vault).standing_of(who))?;
    expect("the vault remembers the tip", standing.tipped, amount)?;
    let text = format!("{} tips {}, \"{memo}\"", stage.people.name(&who), format_native(amount));
    teller.step(text, &[("amount", amount)]);
    Ok(())
}

/// The tiers that are paid in the chain's own token, which everyone in the story has. Nobody there takes another.
fn in_money(launch: &Launch) -> impl Iterator<Item = (TierId, &TierTerms)> {
    (0u32..).zip(&launch.vault.tiers).filter(|(_, tier)| tier.asset == Asset::Native)
}

/// Returns how long the story then waits.
fn subscriptions(launch: &Launch, stage: &mut Stage, teller: &mut Teller) -> Told<u64> {
    teller.chapter("Subscriptions");
    let tiers = || in_money(launch);
    let (Some(low), Some(high)) = (tiers().min_by_key(|tier| tier.1.level), tiers().max_by_key(|tier| tier.1.level))
    else {
        teller.step("there are no tiers on offer that are paid in the chain's own token".to_owned(), &[]);
        return Ok(30 * 86_400_000);
    };
    let pause = high.1.period.saturating_add(high.1.period / 4);
    // So that about half is left after the pause.
    let periods = (pause / low.1.period).saturating_mul(2).saturating_add(1).min(MAX_DURATION / low.1.period);
    subscribe(launch, stage, teller, stage.people.listener, low, periods.max(1))?;
    subscribe(launch, stage, teller, stage.people.regular, high, 1)?;
    Ok(pause)
}

fn subscribe(
    launch: &Launch,
    stage: &mut Stage,
    teller: &mut Teller,
    who: AccountId,
    (id, tier): (TierId, &TierTerms),
    periods: u64,
) -> Told<()> {
    let paid = tier.price.checked_mul(periods.into()).ok_or("the price of a subscription is too large")?;
    stage.give(who, paid)?;
    let name = stage.people.name(&who).to_owned();
    let tier_name = launch.tiers.get(id as usize).map_or("", String::as_str);
    let limit = Some(tier.price);
    let subscribe =
        |session: &mut Session<'_>| subscriptions::subscribe(session, who, who, id, Payment::Amount(paid), limit);
    before_paying(teller, &name, tier);
    match stage.act(who, subscribe) {
        Ok(acted) => {
            let Subscribed { until, minimum, .. } = acted.event()?;
            expect("what is not refundable is as quoted", minimum, stay(tier))?;
            let refund = stage.ask(suite::vault(stage.suite().vault).refund_of(who))?;
            expect("all but that is refundable at first", refund, paid.saturating_sub(minimum))?;
            expect("a subscription costs what is paid", acted.moved, -signed(paid)?)?;
            expect("the end is when the money runs out", until, stage.chain.now() + periods * tier.period)?;
            let text = format!(
                "{name} pays {} for \"{tier_name}\": it will last {}",
                format_native(paid),
                format_duration(periods * tier.period)
            );
            teller.step(text, &[("paid", paid), ("until", until.into())]);
        }
        Err(Failure::Refused { error, message }) if error == "SoldOut" => {
            teller.step(format!("{name} can't have \"{tier_name}\": {message}"), &[]);
        }
        Err(failure) => return Err(words(failure)),
    }
    Ok(())
}

/// What the minimum stay of `tier` costs at its price now.
fn stay(tier: &TierTerms) -> u128 {
    streams::cost(tier.price, tier.period, tier.minimum_stay)
}

/// `name` reads what would not be refunded.
fn before_paying(teller: &mut Teller, name: &str, tier: &TierTerms) {
    if tier.minimum_stay > 0 {
        let (least, time) = (format_native(stay(tier)), format_duration(tier.minimum_stay));
        let text =
            format!("{name} is told before paying: {least} are not refunded, however early one cancels ({time})");
        teller.step(text, &[("not_refundable", stay(tier))]);
    }
}

fn who_may_open(launch: &Launch, stage: &mut Stage, teller: &mut Teller, title: &str) -> Told<()> {
    teller.chapter(title);
    if launch.content.is_empty() {
        teller.step("nothing is published".to_owned(), &[]);
    }
    for (id, content) in (0u32..).zip(&launch.content) {
        let mut answers = Vec::new();
        for who in stage.people.fans() {
            let access = stage.access(id, who)?;
            let standing = stage.ask(suite::patronage(stage.suite().vault).standing_of(who))?;
            let opens = content.opens_to(&Seen { tokens: stage.tokens(who)?, standing, now: stage.chain.now() });
            let name = stage.people.name(&who).to_owned();
            expect(&format!("access of {name} to \"{}\"", content.title), access.is_granted(), opens)?;
            answers.push(match access {
                Access::Granted(_) => format!("{name}: yes"),
                Access::Denied(rules) => {
                    let lacks = |rule: &Vec<_>| {
                        // Its launch file names no contracts of others, as there are none on its chain.
                        explain::lacks(rule, &stage.units, &mut |_| stage.units.token.clone())
                    };
                    let ways = rules.iter().map(lacks).collect::<Vec<_>>().join(", or ");
                    format!("{name}: no, needs {ways}")
                }
            });
        }
        teller.step(format!("\"{}\"", content.title), &[]);
        for answer in answers {
            teller.step(format!("  {answer}"), &[]);
        }
    }
    Ok(())
}

/// Returns every amount that came in, in planck.
fn income(launch: &Launch, stage: &mut Stage, teller: &mut Teller) -> Told<Vec<u128>> {
    let mut income = Vec::new();
    teller.chapter(&format!("{} collects", stage.people.name(&stage.people.creator)));
    let creator = stage.people.creator;
    for (id, _) in in_money(launch) {
        let name = launch.tiers.get(id as usize).map_or("", String::as_str);
        let earned = stage.earned(id)?;
        let amount = stage.collect(creator, id)?;
        if amount > earned {
            return Err(format!("tier \"{name}\" gave {amount} planck, but only {earned} are earned"));
        }
        teller.step(format!("\"{name}\" has earned {}", format_native(amount)), &[("amount", amount)]);
        income.push(amount);
    }
    let fees = stage.collect_fees(creator)?;
    if fees > 0 {
        teller.step(format!("the token's fees are {}", format_native(fees)), &[("amount", fees)]);
        income.push(fees);
    }
    for recipient in stage.people.recipients.clone() {
        let name = stage.people.name(&recipient).to_owned();
        if recipient == creator {
            let amount = stage.claim(recipient)?;
            teller.step(format!("{name} claims {}", format_native(amount)), &[("amount", amount)]);
        } else {
            let amount = stage.claimable(recipient)?;
            let text = format!("{} waits for {name}, for as long as it takes", format_native(amount));
            teller.step(text, &[("amount", amount)]);
        }
    }
    Ok(income)
}

fn a_gift(launch: &Launch, stage: &mut Stage, teller: &mut Teller) -> Told<()> {
    let Some((id, tier)) = in_money(launch).max_by_key(|tier| tier.1.level) else { return Ok(()) };
    let (giver, fan) = (stage.people.collector, stage.people.regular);
    let names = [giver, fan].map(|who| stage.people.name(&who).to_owned());
    teller.chapter(&format!("{} makes {} a gift", names[0], names[1]));
    stage.give(giver, tier.price)?;
    let (payment, limit) = (Payment::Amount(tier.price), Some(tier.price));
    before_paying(teller, &names[0], tier);
    let answer = stage.act(giver, |session| subscriptions::subscribe(session, giver, fan, id, payment, limit));
    let text = match answer {
        Ok(_) => format!(
            "{} pays {} for another {} of {}'s; only {} can cancel it, and would get the refund",
            names[0],
            format_native(tier.price),
            format_duration(tier.period),
            names[1],
            names[1]
        ),
        Err(Failure::Refused { error, message }) if error == "SoldOut" => format!("not possible: {message}"),
        Err(failure) => return Err(words(failure)),
    };
    teller.step(text, &[("paid", tier.price)]);
    Ok(())
}

fn a_fan_cancels(launch: &Launch, stage: &mut Stage, teller: &mut Teller) -> Told<()> {
    if in_money(launch).next().is_none() {
        return Ok(());
    }
    let who = stage.people.listener;
    teller.chapter(&format!("{} has a change of heart", stage.people.name(&who)));
    let kept = stage.kept(who)?;
    let refund = stage.cancel(who)?;
    let mut text = format!(
        "{} cancels, and gets back at once the {} that are not yet earned",
        stage.people.name(&who),
        format_native(refund)
    );
    if kept > 0 {
        text.push_str(&format!(" and are not the minimum stay's, which keeps {}", format_native(kept)));
    }
    teller.step(text, &[("refund", refund)]);
    Ok(())
}

fn a_fan_sells(stage: &mut Stage, teller: &mut Teller) -> Told<()> {
    let who = stage.people.collector;
    teller.chapter(&format!("{} sells", stage.people.name(&who)));
    let tokens = stage.tokens(who)?;
    let sold = stage.sell(who, tokens)?;
    let text = format!(
        "{} sells {} back to the contract for {}",
        stage.people.name(&who),
        stage.units.token.format(sold.tokens),
        format_native(sold.payout)
    );
    teller.step(text, &[("tokens", sold.tokens), ("payout", sold.payout), ("fee", sold.fee)]);
    Ok(())
}
