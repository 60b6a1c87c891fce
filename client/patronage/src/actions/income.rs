//! The creator's income: collecting, claiming and splits.

use patronage_chain::{
    units::{format_time, Unit},
    Messages,
};
use patronage_interfaces::{
    token::CreatorToken,
    vault::{Asset, PatronageVault, Share, StakeIncomeClaimed, TierId, VaultError},
    AccountId,
};

use super::skipped::Skipped;
use crate::{
    client::Client,
    contracts,
    error::Error,
    events::event_of,
    messages,
    plan::{Tx, TxPlan},
    recipients::{checked, Purpose},
    report::{Report, Value},
};

/// Days that one call of `collect` settles. Settling a year takes a small part of a block.
pub const MAX_DAYS_PER_CALL: u32 = 366;

/// The assets that the vault may hold: the chain's own token, the creator token, the assets of tiers, and `others`. Anyone can tip in
/// any token, and the vault keeps no list of tokens.
///
/// # Errors
///
/// If the vault returns no answer.
pub fn assets(client: &mut Client<'_>, others: &[AccountId]) -> Result<Vec<Asset>, Error> {
    let mut assets = vec![Asset::Native, Asset::Psp22(client.contracts().token)];
    let mut add = |asset| {
        if !assets.contains(&asset) {
            assets.push(asset);
        }
    };
    for id in 0..client.query(contracts::vault(client.contracts().vault).tier_count())? {
        add(client.tier(id)?.0.terms.asset);
    }
    others.iter().for_each(|token| add(Asset::Psp22(*token)));
    Ok(assets)
}

/// Claims the income of a stake in `asset`. Repeats until there is no more.
fn claim_stake_income(client: &Client<'_>, asset: Asset, unit: Unit) -> Tx {
    let vault = client.contracts().vault;
    let more = move |event: &_| event_of::<StakeIncomeClaimed>(event, vault).is_some_and(|event| event.more);
    Tx::repeated_by_events(
        0,
        contracts::vault(vault).claim_stake_income(asset),
        move |error| messages::vault(error, &unit),
        move |events| events.iter().any(more),
    )
}

/// Moves the earnings of `tiers` into the income. With no `tiers`, collects all tiers and the token's fees, and settles past days of
/// the stakers' share. Income of a day without stakers returns to the other recipients. Anyone may do this.
///
/// # Errors
///
/// If there is nothing to collect.
pub fn collect(client: &mut Client<'_>, from: AccountId, tiers: &[TierId]) -> Result<TxPlan, Error> {
    let vault = client.contracts().vault;
    let all: Vec<TierId> = match tiers {
        [] => (0..client.query(contracts::vault(vault).tier_count())?).collect(),
        some => some.to_vec(),
    };
    let (mut txs, mut parts) = (Vec::new(), Vec::new());
    for id in all {
        let (_, unit) = client.tier(id)?;
        let message = || contracts::vault(vault).collect(id, MAX_DAYS_PER_CALL);
        let sweep = client.chain.preview(&from, 0, message())?.value;
        let sweep = sweep.map_err(|error| Error::refused(&error, messages::vault(&error, &unit)))?;
        if sweep.amount == 0 && !sweep.more {
            continue;
        }
        let report = Report::new(format!("tier {}", client.tier_name(id))).amount("earned", sweep.amount, &unit);
        parts.push(report.with_some("and_more", sweep.more.then_some(Value::Flag(true))));
        txs.push(Tx::repeated(0, message(), move |error| messages::vault(error, &unit), |sweep| sweep.more));
    }
    let mut quote = Report::new("collect what is earned").with("tiers", Value::List(parts));
    let fees = client.query(contracts::sale(client.contracts().token).claimable(vault))?;
    if fees > 0 && tiers.is_empty() {
        let native = client.units.native.clone();
        quote = quote.amount("token_fees", fees, &native);
        let message = contracts::vault(vault).collect_sale_fees();
        txs.push(Tx::new(0, message, move |error| messages::vault(error, &native)));
    }
    let mut settled = Vec::new();
    for asset in if tiers.is_empty() { assets(client, &[])? } else { Vec::new() } {
        let message = contracts::vault(vault).claim_stake_income(asset);
        // Refused if there is no day to settle, or if the payment to the caller fails.
        let Ok(paid) = client.chain.preview(&from, 0, message)?.value else { continue };
        let unit = client.unit(&asset)?;
        settled.push(Report::default().amount("paid_to_this_account", paid, &unit));
        txs.push(claim_stake_income(client, asset, unit));
    }
    quote = quote.with_some("stakers_share_settled", (!settled.is_empty()).then_some(Value::List(settled)));
    match txs.is_empty() {
        true => Err(Error::Request("nothing to collect: wait until subscriptions have earned more".to_owned())),
        false => Ok(TxPlan::new(quote, txs)),
    }
}

/// `who` claims everything that is due: shares of the income of every version of the splits, the income of a stake in each of
/// [`assets`], and fees of the token.
///
/// # Errors
///
/// If there is nothing to claim.
pub fn claim(client: &mut Client<'_>, who: AccountId, others: &[AccountId]) -> Result<TxPlan, Error> {
    let vault = client.contracts().vault;
    let versions = client.query(contracts::vault(vault).splits_version())?;
    let (mut txs, mut parts, mut skipped) = (Vec::new(), Vec::new(), Skipped::default());
    for asset in assets(client, others)? {
        for version in 0..=versions {
            let waiting = client.query(contracts::vault(vault).claimable_of(who, asset, version))?;
            if waiting == 0 {
                continue;
            }
            let unit = client.unit(&asset)?;
            let error_unit = unit.clone();
            let part = Report::new("from the vault").amount("amount", waiting, &unit);
            let tx = Tx::new(0, contracts::vault(vault).claim(asset, version), move |error| {
                messages::vault(error, &error_unit)
            });
            if skipped.includes(client, who, asset, &tx, &part)? {
                parts.push(part);
                txs.push(tx);
            }
        }
        let waiting = client.query(contracts::vault(vault).stake_income_of(who, asset))?;
        if waiting > 0 {
            let unit = client.unit(&asset)?;
            let part = Report::new("from the stakers' share").amount("amount", waiting, &unit);
            let tx = claim_stake_income(client, asset, unit);
            if skipped.includes(client, who, asset, &tx, &part)? {
                parts.push(part);
                txs.push(tx);
            }
        }
    }
    let fees = client.query(contracts::sale(client.contracts().token).claimable(who))?;
    if fees > 0 {
        let units = client.units.clone();
        parts.push(Report::new("from the token").amount("amount", fees, &units.native));
        let message = contracts::sale(client.contracts().token).claim();
        txs.push(Tx::new(0, message, move |error| messages::sale(error, &units)));
    }
    let quote = skipped.add_to(Report::new("claim").account("recipient", who).with("waiting", Value::List(parts)));
    if !txs.is_empty() {
        return Ok(TxPlan::new(quote, txs));
    }
    if skipped.is_some() {
        return Err(skipped.into_error());
    }
    let splits = client.query(contracts::vault(vault).splits(versions))?;
    let staked = client.query(contracts::vault(vault).fan(who))?.stake.is_some_and(|stake| stake.staked > 0);
    if staked && splits.stakers > 0 {
        return Err(Error::Request(
            "nothing to claim for this account: a stake counts from the next midnight (UTC) on, and is paid after each day with \
             income: wait"
                .to_owned(),
        ));
    }
    let recipient = client.query(contracts::sale(client.contracts().token).fee_recipient())?;
    Err(Error::Request(match splits.shares.iter().any(|share| share.recipient == who) || recipient == who {
        true => "nothing to claim for this account: run `patronage collect` first, or wait".to_owned(),
        false => "nothing to claim for this account, and it has no share of the income now: `patronage splits` and `patronage fees` \
                  show who has"
            .to_owned(),
    }))
}

/// Shows the current splits.
///
/// # Errors
///
/// If the vault returns no answer.
pub fn splits(client: &mut Client<'_>) -> Result<Report, Error> {
    let vault = client.contracts().vault;
    let version = client.query(contracts::vault(vault).splits_version())?;
    let splits = client.query(contracts::vault(vault).splits(version))?;
    let settings = client.query(contracts::vault(vault).settings())?;
    let locked = settings.splits_locked_until > client.chain.time()?;
    Ok(Report::new("who shares the income")
        .with("version", Value::Number(version.into()))
        .with("shares", Value::List(listed(&splits.shares)))
        .with_some("stakers", stakers_part(splits.stakers))
        .with_some("locked_until", locked.then_some(Value::Time(settings.splits_locked_until))))
}

/// The stakers' share, if it is not 0.
pub(crate) fn stakers_part(part: u16) -> Option<Value> {
    (part > 0).then_some(Value::Part(part))
}

/// The owner changes the splits of later income. `stakers` is the stakers' share in basis points.
///
/// # Errors
///
/// If a recipient can't claim its share.
pub fn set_splits(client: &mut Client<'_>, shares: Vec<Share<AccountId>>, stakers: u16) -> Result<TxPlan, Error> {
    let native = client.units.native.clone();
    let mut quote = Report::new("change the splits")
        .with("shares", Value::List(listed(&shares)))
        .with_some("stakers", stakers_part(stakers));
    for share in &shares {
        quote = checked(client, share.recipient, Purpose::Split, quote)?;
    }
    let message = contracts::vault(client.contracts().vault).set_splits(shares, stakers);
    Ok(TxPlan::new(quote, vec![Tx::new(0, message, move |error| messages::vault(error, &native))]))
}

/// The owner locks the splits for `duration` ms from now.
///
/// # Errors
///
/// If the chain can't be queried.
pub fn lock_splits(client: &mut Client<'_>, duration: u64) -> Result<TxPlan, Error> {
    let native = client.units.native.clone();
    let until = client.chain.time()?.saturating_add(duration);
    let quote = Report::new("lock the splits").with("until", Value::Time(until));
    let message = contracts::vault(client.contracts().vault).lock_splits_until(until);
    let refused = move |error: &VaultError| match *error {
        VaultError::SplitsLocked { until } => {
            let until = format_time(until);
            format!("the splits are locked until {until} already, and a lock can't be shortened: choose a later time")
        }
        ref error => messages::vault(error, &native),
    };
    Ok(TxPlan::new(quote, vec![Tx::new(0, message, move |error| refused(error))]))
}

/// The recipients with their shares.
pub(crate) fn listed(shares: &[Share<AccountId>]) -> Vec<Report> {
    let one = |share: &Share<AccountId>| {
        Report::default().account("account", share.recipient).with("share", Value::Part(share.bp))
    };
    shares.iter().map(one).collect()
}
