//! The creator's income: collecting, claiming, and who shares it.

use patronage_chain::{
    units::{format_time, Unit},
    Messages,
};
use patronage_interfaces::{
    token::CreatorToken,
    vault::{Asset, PatronageVault, Share, StakeIncomeClaimed, TierId, VaultError},
    AccountId,
};

use super::foreign_part::LeftOut;
use crate::{
    explain,
    happenings::event_of,
    plan::{Plan, Step},
    recipients::{checked, Purpose},
    report::{Report, Value},
    session::{Failure, Session},
    suite,
};

/// How many days one call of `collect` sweeps: a year fits a block many times over.
pub const DAYS_AT_ONCE: u32 = 366;

/// Every asset that the vault may hold as far as it knows: the chain's own token, the creator token, and what tiers are paid
/// in; and `others`, as anyone can tip in any token and the vault keeps no list.
///
/// # Errors
///
/// When the vault gives no answer.
pub fn assets(session: &mut Session<'_>, others: &[AccountId]) -> Result<Vec<Asset>, Failure> {
    let mut assets = vec![Asset::Native, Asset::Psp22(session.suite().token)];
    let mut add = |asset| {
        if !assets.contains(&asset) {
            assets.push(asset);
        }
    };
    for id in 0..session.ask(suite::vault(session.suite().vault).tier_count())? {
        add(session.tier(id)?.0.terms.asset);
    }
    others.iter().for_each(|token| add(Asset::Psp22(*token)));
    Ok(assets)
}

/// Claims what a stake has earned in `asset`, as often as there is more.
fn claim_stake_income(session: &Session<'_>, asset: Asset, unit: Unit) -> Step {
    let vault = session.suite().vault;
    let more = move |event: &_| event_of::<StakeIncomeClaimed>(event, vault).is_some_and(|event| event.more);
    Step::repeated_as_told(
        0,
        suite::vault(vault).claim_stake_income(asset),
        move |error| explain::vault(error, &unit),
        move |events| events.iter().any(more),
    )
}

/// Anyone moves what `tiers` (all where there are none) have earned, and the token's fees, into the income, and settles the days of
/// the stakers' share that are over: so what nobody staked for returns to the other recipients.
///
/// # Errors
///
/// When there is nothing to collect.
pub fn collect(session: &mut Session<'_>, from: AccountId, tiers: &[TierId]) -> Result<Plan, Failure> {
    let vault = session.suite().vault;
    let all: Vec<TierId> = match tiers {
        [] => (0..session.ask(suite::vault(vault).tier_count())?).collect(),
        some => some.to_vec(),
    };
    let (mut steps, mut parts) = (Vec::new(), Vec::new());
    for id in all {
        let (_, unit) = session.tier(id)?;
        let message = || suite::vault(vault).collect(id, DAYS_AT_ONCE);
        let sweep = session.chain.preview(&from, 0, message())?.value;
        let sweep = sweep.map_err(|error| Failure::refused(&error, explain::vault(&error, &unit)))?;
        if sweep.amount == 0 && !sweep.more {
            continue;
        }
        let report = Report::new(format!("tier {}", session.tier_name(id))).amount("earned", sweep.amount, &unit);
        parts.push(report.with_some("and_more", sweep.more.then_some(Value::Flag(true))));
        steps.push(Step::repeated(0, message(), move |error| explain::vault(error, &unit), |sweep| sweep.more));
    }
    let mut quote = Report::new("collect what is earned").with("tiers", Value::List(parts));
    let fees = session.ask(suite::sale(session.suite().token).claimable(vault))?;
    if fees > 0 && tiers.is_empty() {
        let native = session.units.native.clone();
        quote = quote.amount("token_fees", fees, &native);
        let message = suite::vault(vault).collect_sale_fees();
        steps.push(Step::new(0, message, move |error| explain::vault(error, &native)));
    }
    let mut settled = Vec::new();
    for asset in if tiers.is_empty() { assets(session, &[])? } else { Vec::new() } {
        let message = suite::vault(vault).claim_stake_income(asset);
        // It is refused where there is no day to settle, and where what it pays to the caller can't be paid.
        let Ok(paid) = session.chain.preview(&from, 0, message)?.value else { continue };
        let unit = session.unit(&asset)?;
        settled.push(Report::default().amount("paid_to_this_account", paid, &unit));
        steps.push(claim_stake_income(session, asset, unit));
    }
    quote = quote.with_some("stakers_share_settled", (!settled.is_empty()).then_some(Value::List(settled)));
    match steps.is_empty() {
        true => Err(Failure::Request("nothing is earned yet that is not collected: wait".to_owned())),
        false => Ok(Plan::new(quote, steps)),
    }
}

/// `who` takes everything that waits: shares of the income under every version of the splits and what a stake has earned, in every
/// asset that [`assets`] finds, and fees of the token.
///
/// # Errors
///
/// When nothing waits.
pub fn claim(session: &mut Session<'_>, who: AccountId, others: &[AccountId]) -> Result<Plan, Failure> {
    let vault = session.suite().vault;
    let versions = session.ask(suite::vault(vault).splits_version())?;
    let (mut steps, mut parts, mut left) = (Vec::new(), Vec::new(), LeftOut::default());
    for asset in assets(session, others)? {
        for version in 0..=versions {
            let waiting = session.ask(suite::vault(vault).claimable_of(who, asset, version))?;
            if waiting == 0 {
                continue;
            }
            let unit = session.unit(&asset)?;
            let words = unit.clone();
            let part = Report::new("from the vault").amount("amount", waiting, &unit);
            let step =
                Step::new(0, suite::vault(vault).claim(asset, version), move |error| explain::vault(error, &words));
            if left.takes(session, who, asset, &step, &part)? {
                parts.push(part);
                steps.push(step);
            }
        }
        let waiting = session.ask(suite::vault(vault).stake_income_of(who, asset))?;
        if waiting > 0 {
            let unit = session.unit(&asset)?;
            let part = Report::new("from the stakers' share").amount("amount", waiting, &unit);
            let step = claim_stake_income(session, asset, unit);
            if left.takes(session, who, asset, &step, &part)? {
                parts.push(part);
                steps.push(step);
            }
        }
    }
    let fees = session.ask(suite::sale(session.suite().token).claimable(who))?;
    if fees > 0 {
        let units = session.units.clone();
        parts.push(Report::new("from the token").amount("amount", fees, &units.native));
        let message = suite::sale(session.suite().token).claim();
        steps.push(Step::new(0, message, move |error| explain::sale(error, &units)));
    }
    let quote = left.told(Report::new("claim").account("recipient", who).with("waiting", Value::List(parts)));
    if !steps.is_empty() {
        return Ok(Plan::new(quote, steps));
    }
    if left.is_some() {
        return Err(left.failure());
    }
    let splits = session.ask(suite::vault(vault).splits(versions))?;
    let staked = session.ask(suite::vault(vault).fan(who))?.stake.is_some_and(|stake| stake.staked > 0);
    if staked && splits.stakers > 0 {
        return Err(Failure::Request(
            "nothing waits for this account: a stake counts from the next midnight (UTC) on, and earns when a day is over on which \
             income came in: wait"
                .to_owned(),
        ));
    }
    let recipient = session.ask(suite::sale(session.suite().token).fee_recipient())?;
    Err(Failure::Request(match splits.shares.iter().any(|share| share.recipient == who) || recipient == who {
        true => "nothing waits for this account: `patronage collect` first, or wait".to_owned(),
        false => "nothing waits for this account, and it has no share of the income now: `patronage splits` and `patronage fees` \
                  say who has"
            .to_owned(),
    }))
}

/// Who shares the income now.
///
/// # Errors
///
/// When the vault gives no answer.
pub fn splits(session: &mut Session<'_>) -> Result<Report, Failure> {
    let vault = session.suite().vault;
    let version = session.ask(suite::vault(vault).splits_version())?;
    let splits = session.ask(suite::vault(vault).splits(version))?;
    let settings = session.ask(suite::vault(vault).settings())?;
    let locked = settings.splits_locked_until > session.chain.time()?;
    Ok(Report::new("who shares the income")
        .with("version", Value::Number(version.into()))
        .with("shares", Value::List(listed(&splits.shares)))
        .with_some("stakers", stakers_part(splits.stakers))
        .with_some("locked_until", locked.then_some(Value::Time(settings.splits_locked_until))))
}

/// The stakers' part, where they have one.
pub(crate) fn stakers_part(part: u16) -> Option<Value> {
    (part > 0).then_some(Value::Part(part))
}

/// The owner shares income in a new way from now on, with a part for the `stakers` in basis points.
///
/// # Errors
///
/// When a share would be stuck.
pub fn set_splits(session: &mut Session<'_>, shares: Vec<Share<AccountId>>, stakers: u16) -> Result<Plan, Failure> {
    let native = session.units.native.clone();
    let mut quote = Report::new("share the income in a new way")
        .with("shares", Value::List(listed(&shares)))
        .with_some("stakers", stakers_part(stakers));
    for share in &shares {
        quote = checked(session, share.recipient, Purpose::Split, quote)?;
    }
    let message = suite::vault(session.suite().vault).set_splits(shares, stakers);
    Ok(Plan::new(quote, vec![Step::new(0, message, move |error| explain::vault(error, &native))]))
}

/// The owner promises not to change the splits for `duration` ms from now.
///
/// # Errors
///
/// When the chain can't be asked.
pub fn lock_splits(session: &mut Session<'_>, duration: u64) -> Result<Plan, Failure> {
    let native = session.units.native.clone();
    let until = session.chain.time()?.saturating_add(duration);
    let quote = Report::new("promise not to change who shares the income").with("until", Value::Time(until));
    let message = suite::vault(session.suite().vault).lock_splits_until(until);
    let refused = move |error: &VaultError| match *error {
        VaultError::SplitsLocked { until } => {
            let until = format_time(until);
            format!("the splits are locked until {until} already, and a lock can only be made longer: lock them for longer than that")
        }
        ref error => explain::vault(error, &native),
    };
    Ok(Plan::new(quote, vec![Step::new(0, message, move |error| refused(error))]))
}

/// Recipients with their parts.
pub(crate) fn listed(shares: &[Share<AccountId>]) -> Vec<Report> {
    let one = |share: &Share<AccountId>| {
        Report::default().account("account", share.recipient).with("share", Value::Part(share.bp))
    };
    shares.iter().map(one).collect()
}
