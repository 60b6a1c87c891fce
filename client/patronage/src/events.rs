//! Descriptions of the contracts' events, as reports.

use ink::{env::Event, scale::Decode};
use patronage_chain::{units::Unit, ContractEvent};
use patronage_interfaces::{
    ownable::{OwnerChanged, OwnerProposed},
    registry, token,
    vault::{self, Asset, PatronageVault, TierId},
    AccountId,
};

use crate::{
    actions::{
        income::{listed, stakers_part},
        tiers::minimum_stay,
        vesting::with_schedule,
    },
    client::Client,
    contracts,
    report::{Report, Value},
};

/// Describes `events` in order. Events of PSP22 are left out if the same transaction emitted other events of the creator's contracts.
pub fn describe(events: &[ContractEvent], client: &mut Client<'_>) -> Vec<Report> {
    let described: Vec<Report> = events.iter().filter_map(|event| describe_one(event, client)).collect();
    match described.is_empty() {
        true => events.iter().filter_map(|event| describe_psp22(event, client)).collect(),
        false => described,
    }
}

/// Decodes `event` as a `T` of `contract`. Returns `None` if it is another event, or of another contract.
pub fn event_of<T: Event + Decode>(event: &ContractEvent, contract: AccountId) -> Option<T> {
    (event.contract == contract).then(|| event.decode()).flatten()
}

/// Unit of `asset`.
fn unit_of(asset: &Asset, client: &mut Client<'_>) -> Unit {
    match asset {
        Asset::Native => client.units.native.clone(),
        Asset::Psp22(token) => client.token_unit(*token),
    }
}

/// Unit of the price of `tier`. Falls back to the chain's own token if the vault does not answer.
fn tier_unit(tier: TierId, client: &mut Client<'_>) -> Unit {
    client.tier(tier).map_or_else(|_| client.units.native.clone(), |(_, unit)| unit)
}

/// Bytes of a contract as text. The text is not escaped: the caller escapes it before printing ([`crate::escape`]).
pub fn text_of(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn describe_psp22(event: &ContractEvent, client: &mut Client<'_>) -> Option<Report> {
    let (token, unit) = (client.contracts().token, &client.units.token);
    if let Some(event) = event_of::<psp22::Transfer>(event, token) {
        return Some(
            Report::new(if event.to.is_some() { "transferred" } else { "burned" })
                .amount("tokens", event.value, unit)
                .with_some("from", event.from.map(Value::Account))
                .with_some("to", event.to.map(Value::Account)),
        );
    }
    let event = event_of::<psp22::Approval>(event, token)?;
    Some(Report::new("approved").account("spender", event.spender).amount("allowance", event.amount, unit))
}

fn describe_one(event: &ContractEvent, client: &mut Client<'_>) -> Option<Report> {
    describe_token(event, client).or_else(|| describe_vault(event, client)).or_else(|| describe_registry(event, client))
}

fn describe_token(event: &ContractEvent, client: &mut Client<'_>) -> Option<Report> {
    let (contract, native, unit) = (client.contracts().token, &client.units.native, &client.units.token);
    if let Some(event) = event_of::<token::Bought>(event, contract) {
        return Some(
            Report::new("bought")
                .account("recipient", event.recipient)
                .amount("tokens", event.tokens, unit)
                .amount("paid", event.paid, native)
                .amount("fee_in_it", event.fee, native)
                .with_some("referrer", event.referrer.map(Value::Account)),
        );
    }
    if let Some(event) = event_of::<token::Sold>(event, contract) {
        return Some(
            Report::new("sold")
                .account("seller", event.seller)
                .amount("tokens", event.tokens, unit)
                .amount("payout", event.payout, native)
                .amount("fee", event.fee, native),
        );
    }
    if let Some(event) = event_of::<token::Claimed>(event, contract) {
        return Some(Report::new("claimed from the token").account("recipient", event.account).amount(
            "amount",
            event.amount,
            native,
        ));
    }
    if let Some(event) = event_of::<token::FeeRecipientChanged>(event, contract) {
        return Some(Report::new("the token's fees have a new recipient").account("recipient", event.recipient));
    }
    if let Some(event) = event_of::<token::FeesLowered>(event, contract) {
        let report = Report::new("lowered the token's fees");
        return Some(
            report.with("buy_fee", Value::Part(event.buy_fee_bp)).with("sell_fee", Value::Part(event.sell_fee_bp)),
        );
    }
    if let Some(event) = event_of::<token::PauseChanged>(event, contract) {
        return Some(Report::new("buying").with("paused", Value::Flag(event.paused)));
    }
    if let Some(event) = event_of::<token::VestingStarted>(event, contract) {
        let report = Report::new("vesting started")
            .account("grantor", event.grantor)
            .account("beneficiary", event.beneficiary)
            .amount("tokens", event.tokens, unit);
        return Some(with_schedule(report, &event.schedule));
    }
    if let Some(event) = event_of::<token::VestingReleased>(event, contract) {
        return Some(
            Report::new("released").account("grantor", event.grantor).account("beneficiary", event.beneficiary).amount(
                "tokens",
                event.tokens,
                unit,
            ),
        );
    }
    describe_ownership(event, contract, "token")
}

/// Ownership events of the contract called `name`.
fn describe_ownership(event: &ContractEvent, contract: AccountId, name: &str) -> Option<Report> {
    if let Some(event) = event_of::<OwnerProposed>(event, contract) {
        return Some(Report::new(format!("proposed an owner of the {name}")).account("to", event.candidate));
    }
    let event = event_of::<OwnerChanged>(event, contract)?;
    Some(Report::new(format!("the {name} has a new owner")).account("owner", event.owner))
}

fn describe_vault(event: &ContractEvent, client: &mut Client<'_>) -> Option<Report> {
    let (contract, native) = (client.contracts().vault, client.units.native.clone());
    if let Some(event) = event_of::<vault::Tipped>(event, contract) {
        let unit = unit_of(&event.asset, client);
        return Some(
            Report::new("tipped")
                .account("fan", event.fan)
                .amount("amount", event.amount, &unit)
                .text("memo", text_of(&event.memo)),
        );
    }
    if let Some(event) = event_of::<vault::Paid>(event, contract) {
        return Some(Report::new("income paid in").account("payer", event.payer).amount(
            "amount",
            event.amount,
            &native,
        ));
    }
    if let Some(event) = event_of::<vault::Collected>(event, contract) {
        return Some(Report::new("collected").text("tier", client.tier_name(event.tier)).amount(
            "amount",
            event.amount,
            &tier_unit(event.tier, client),
        ));
    }
    if let Some(event) = event_of::<vault::Claimed>(event, contract) {
        let unit = unit_of(&event.asset, client);
        return Some(Report::new("claimed").account("recipient", event.recipient).amount(
            "amount",
            event.amount,
            &unit,
        ));
    }
    if let Some(event) = event_of::<vault::SplitsChanged>(event, contract) {
        return Some(
            Report::new("splits changed")
                .with("shares", Value::List(listed(&event.shares)))
                .with_some("stakers", stakers_part(event.stakers)),
        );
    }
    if let Some(event) = event_of::<vault::SplitsLocked>(event, contract) {
        return Some(Report::new("splits are locked").with("until", Value::Time(event.until)));
    }
    if let Some(event) = event_of::<vault::TierOffered>(event, contract) {
        let unit = unit_of(&event.terms.asset, client);
        return Some(
            Report::new("offered")
                .text("tier", client.tier_name(event.tier))
                .amount("price", event.terms.price, &unit)
                .with("period", Value::Duration(event.terms.period))
                .with_some("minimum_stay", minimum_stay(&event.terms))
                .with("open", Value::Flag(event.open)),
        );
    }
    if let Some(event) = event_of::<vault::PauseChanged>(event, contract) {
        return Some(Report::new("new money for the vault").with("paused", Value::Flag(event.paused)));
    }
    describe_ownership(event, contract, "vault").or_else(|| describe_fan(event, client))
}

/// Events of subscriptions and stakes.
fn describe_fan(event: &ContractEvent, client: &mut Client<'_>) -> Option<Report> {
    let contract = client.contracts().vault;
    if let Some(event) = event_of::<vault::Subscribed>(event, contract) {
        let unit = tier_unit(event.tier, client);
        return Some(
            Report::new("subscribed")
                .account("fan", event.fan)
                .text("tier", client.tier_name(event.tier))
                .amount("price", event.price, &unit)
                .amount("paid", event.paid, &unit)
                .amount("carried_over", event.carried, &unit)
                .with_some("not_refundable", (event.minimum > 0).then(|| Value::Amount(event.minimum, unit.clone())))
                .with("until", Value::Time(event.until)),
        );
    }
    if let Some(event) = event_of::<vault::ToppedUp>(event, contract) {
        let subscription =
            client.query(contracts::vault(contract).fan(event.fan)).ok().and_then(|fan| fan.subscription);
        let unit = match subscription {
            Some(found) => tier_unit(found.tier, client),
            None => client.units.native.clone(),
        };
        return Some(
            Report::new("topped up")
                .account("fan", event.fan)
                .amount("paid", event.paid, &unit)
                .with("until", Value::Time(event.until)),
        );
    }
    if let Some(event) = event_of::<vault::Ended>(event, contract) {
        return Some(
            Report::new("subscription ended")
                .account("fan", event.fan)
                .text("tier", client.tier_name(event.tier))
                .amount("refund", event.refund, &tier_unit(event.tier, client))
                .with("refund_waits", Value::Flag(event.credited)),
        );
    }
    if let Some(event) = event_of::<vault::Withdrawn>(event, contract) {
        let unit = unit_of(&event.asset, client);
        return Some(Report::new("withdrawn").account("fan", event.fan).amount("amount", event.amount, &unit));
    }
    if let Some(event) = event_of::<vault::StakeIncomeClaimed>(event, contract) {
        let unit = unit_of(&event.asset, client);
        return Some(
            Report::new("claimed from the stakers' share")
                .account("fan", event.fan)
                .amount("amount", event.amount, &unit)
                .with_some("and_more", event.more.then_some(Value::Flag(true))),
        );
    }
    if let Some(event) = event_of::<vault::StakeIncomeReturned>(event, contract) {
        let unit = unit_of(&event.asset, client);
        return Some(
            Report::new("income of a day without stakers, returned to the other recipients")
                .amount("amount", event.amount, &unit)
                .with("splits", Value::Number(event.version.into())),
        );
    }
    let event = event_of::<vault::StakeChanged>(event, contract)?;
    let unit = &client.units.token;
    Some(
        Report::new("stake")
            .account("fan", event.fan)
            .amount("staked", event.staked, unit)
            .amount("unstaking", event.unstaking, unit)
            .with_some("ready", (event.ready > 0).then_some(Value::Time(event.ready))),
    )
}

fn describe_registry(event: &ContractEvent, client: &mut Client<'_>) -> Option<Report> {
    let contract = client.contracts().registry;
    let native = client.units.native.clone();
    if let Some(event) = event_of::<registry::Published>(event, contract) {
        return Some(
            Report::new("published")
                .with("content", Value::Number(event.id.into()))
                .text("uri", text_of(&event.uri))
                .text("hash", patronage_chain::hexadecimal(&event.hash)),
        );
    }
    if let Some(event) = event_of::<registry::Purchased>(event, contract) {
        return Some(
            Report::new("purchased")
                .text("content", client.content_name(event.id))
                .account("recipient", event.recipient)
                .amount("price", event.price, &native),
        );
    }
    if let Some(event) = event_of::<registry::TermsChanged>(event, contract) {
        return Some(
            Report::new("new terms")
                .text("content", client.content_name(event.id))
                .with_some("price", event.price.map(|price| Value::Amount(price, native)))
                .with("retired", Value::Flag(event.retired)),
        );
    }
    if let Some(event) = event_of::<registry::FileReplaced>(event, contract) {
        return Some(
            Report::new("new file and key")
                .text("content", client.content_name(event.id))
                .text("uri", text_of(&event.uri))
                .text("hash", patronage_chain::hexadecimal(&event.hash)),
        );
    }
    if let Some(event) = event_of::<registry::ListChanged>(event, contract) {
        let count = u64::try_from(event.accounts.len()).unwrap_or(u64::MAX);
        return Some(
            Report::new("list changed")
                .with("list", Value::Number(event.list.into()))
                .with("accounts", Value::Number(count))
                .with("listed", Value::Flag(event.listed)),
        );
    }
    if let Some(event) = event_of::<registry::QuestionLimitsChanged>(event, contract) {
        return Some(
            Report::new("weight limits for a query to another contract")
                .with("computing_time_ps", Value::Number(event.ref_time))
                .with("proof_bytes", Value::Number(event.proof_size)),
        );
    }
    if let Some(event) = event_of::<registry::VaultChanged>(event, contract) {
        let paid = event.vault.map_or(Value::Text("nobody: nothing is for sale".to_owned()), Value::Account);
        return Some(Report::new("the money of purchases").with("goes_to", paid));
    }
    if let Some(report) = describe_ownership(event, contract, "registry") {
        return Some(report);
    }
    let event = event_of::<registry::ManagerChanged>(event, contract)?;
    Some(Report::new("manager").account("account", event.account).with("appointed", Value::Flag(event.appointed)))
}
