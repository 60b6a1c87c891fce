//! Who holds the seats of a tier, and which of them can be freed. The vault keeps no list: this reads the chain's history.

use patronage_chain::units::format_time;
use patronage_interfaces::{
    vault::{PatronageVault, Subscribed, Subscription, Tier, TierId},
    AccountId,
};

use crate::{
    happenings::event_of,
    report::{Report, Value},
    session::{Failure, Session},
    suite,
};

/// Through how many blocks a refusal goes to say whose seat can be freed: a node is asked for each of them. Through more, only
/// who asks for the list.
const MOST_BLOCKS: u32 = 10_000;

/// Everyone who holds a seat of `tier`, by the time when it ends.
///
/// # Errors
///
/// When the chain does not tell its history.
pub fn list(session: &mut Session<'_>, tier: TierId) -> Result<Report, Failure> {
    let now = session.chain.time()?;
    let (offer, _) = session.tier(tier)?;
    let seats = holders(session, tier)?.into_iter().map(|(fan, held)| {
        let from = offer.prunable_from(&held);
        let report = Report::default().account("fan", fan).with("until", Value::Time(held.stream.end));
        report
            .with_some("given", held.is_grant().then_some(Value::Flag(true)))
            .with("can_be_freed", Value::Flag(from <= now))
            .with_some("from", (from > now).then_some(Value::Time(from)))
    });
    let seats = seats.collect();
    Ok(Report::new(format!("seats of tier {}", session.tier_name(tier)))
        .with("taken", Value::Number(offer.taken.into()))
        .with_some("of", offer.terms.seats.map(|seats| Value::Number(seats.into())))
        .with("seats", Value::List(seats)))
}

/// What to do about `tier` with these terms where all its seats are taken: whose can be freed, and how; `None` where there is one
/// for `fan`.
///
/// # Errors
///
/// When the vault gives no answer.
pub(super) fn full(
    session: &mut Session<'_>,
    fan: AccountId,
    tier: TierId,
    offer: &Tier,
) -> Result<Option<String>, Failure> {
    let Some(seats) = offer.terms.seats.filter(|seats| offer.taken >= *seats) else { return Ok(None) };
    // A fan's own seat is freed first.
    let held = session.ask(suite::vault(session.suite().vault).fan(fan))?.subscription;
    if held.is_some_and(|held| held.tier == tier) {
        return Ok(None);
    }
    let (name, typed) = (session.tier_name(tier), session.tier_argument(tier));
    let full = format!("all {seats} seats of tier {name} are taken");
    let blocks = session.chain.block()?.saturating_sub(session.deployment.block);
    let holders = match blocks > MOST_BLOCKS {
        true => None,
        // Whoever can't be told whose it is can still be told how to find out.
        false => holders(session, tier).ok(),
    };
    let Some(holders) = holders else {
        return Ok(Some(format!(
            "{full}: `patronage seats list {typed}` reads the chain's history and says whose can be freed, which `patronage \
             seats free ACCOUNT` does; `patronage tiers` lists other tiers"
        )));
    };
    let now = session.chain.time()?;
    let others = "`patronage tiers` lists other tiers";
    Ok(Some(match holders.first() {
        Some((fan, held)) if offer.prunable_from(held) <= now => {
            let who = session.account_argument(fan);
            let ended = format_time(held.stream.end);
            format!("{full}, and that of {who} ended on {ended}: `patronage seats free {who}` frees it, then subscribe again")
        }
        Some((fan, held)) if held.stream.end <= now => {
            let who = session.account_argument(fan);
            let (ended, from) = (format_time(held.stream.end), format_time(offer.prunable_from(held)));
            format!(
                "{full}, and that of {who} ended on {ended}: `patronage seats free {who}` frees it from {from} on; \
                 {others}"
            )
        }
        Some((_, held)) => {
            let (end, from) = (format_time(held.stream.end), format_time(offer.prunable_from(held)));
            format!(
                "{full} and run: the first to end does on {end}, and can be freed from {from} on unless it is paid further; \
                 `patronage seats list {typed}` says whose; {others}"
            )
        }
        None => format!("{full}: {others}"),
    }))
}

/// Who holds a seat of `tier`, and what; the first to end comes first.
fn holders(session: &mut Session<'_>, tier: TierId) -> Result<Vec<(AccountId, Subscription)>, Failure> {
    let vault = session.suite().vault;
    let mut fans = Vec::new();
    for past in session.chain.history(&[vault], session.deployment.block)? {
        let subscribed = event_of::<Subscribed>(&past.event, vault).filter(|event| event.tier == tier);
        fans.extend(subscribed.map(|event| event.fan).filter(|fan| !fans.contains(fan)));
    }
    let mut holders = Vec::new();
    for fan in fans {
        let held = session.ask(suite::vault(vault).fan(fan))?.subscription;
        holders.extend(held.filter(|held| held.tier == tier).map(|held| (fan, held)));
    }
    holders.sort_by_key(|(_, held)| held.stream.end);
    Ok(holders)
}
