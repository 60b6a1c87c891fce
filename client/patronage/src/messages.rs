//! Messages for people: the errors of chain and contracts as text that says what to do.

mod sale;

use patronage_chain::{
    units::{format_amount, format_duration, format_time, Unit, Units},
    ChainError,
};
use patronage_core::access::InvalidAudience;
use patronage_interfaces::{
    ownable::OwnershipError,
    patronage::PayError,
    registry::{Condition, Missing, QuestionLimits, RegistryError, Shortfall},
    vault::{SplitsError, VaultError},
    AccountId,
};
use psp22::PSP22Error;

pub use sale::{sale, terms};

/// Describes why the chain returned no answer.
pub fn chain(error: &ChainError) -> String {
    let ChainError::Refused(name) = error else { return error.to_string() };
    match name.as_str() {
        "ContractNotFound" => {
            "there is no contract at that address on this chain: check the address and --chain".to_owned()
        }
        // A transfer by a contract fails with the contract's own error. This is the transfer of the call's value.
        "TransferFailed" => "the account does not have the amount: send less, or get more money first".to_owned(),
        "StorageDepositNotEnoughFunds" | "StorageDepositLimitExhausted" => {
            "the account can't pay the storage deposit in addition to the amount: send less, or get more money first"
                .to_owned()
        }
        "CodeRejected" => "the chain rejected the contract's code: choose a chain with pallet-contracts".to_owned(),
        "DuplicateContract" => "the contract exists already: launch with another --salt".to_owned(),
        "OutOfGas" => "the call needs more weight than a block has: split it into several calls".to_owned(),
        _ => error.to_string(),
    }
}

/// Describes an ownership error of `contract`, such as "vault".
pub fn ownership(error: &OwnershipError, contract: &str) -> String {
    match error {
        OwnershipError::NotOwner => {
            format!("only the owner of the {contract} may do that: `patronage owner` shows the owner")
        }
        OwnershipError::NotProposed => {
            "only the account that the owner has proposed may accept: `patronage owner` shows it".to_owned()
        }
    }
}

const TRANSFER_FAILED: &str =
    "the chain refused the transfer: the receiving account does not exist, and the amount is below the \
     existential deposit: send the account some money first";

/// Describes an error of a vault. `unit` is the unit of the amounts in the error: that of the chain's own token, or of a tier's price.
pub fn vault(error: &VaultError, unit: &Unit) -> String {
    match *error {
        VaultError::NotOwner => ownership(&OwnershipError::NotOwner, "vault"),
        VaultError::UnknownTier => "there is no such tier: `patronage tiers` lists them".to_owned(),
        VaultError::PriceOutOfRange { most } => {
            format!("a tier's price must be more than 0 and at most {}", unit.format(most))
        }
        VaultError::PeriodOutOfRange { least, most } => {
            format!("a tier's period must be from {} to {}", format_duration(least), format_duration(most))
        }
        VaultError::ZeroLevel => {
            "a tier's level must be at least 1: level 0 is that of accounts without a subscription".to_owned()
        }
        VaultError::ZeroSeats => "a tier needs at least one seat: set a higher number, or no limit".to_owned(),
        VaultError::UriTooLong { most } => format!("a URI has at most {most} bytes: use a shorter one"),
        VaultError::TooManyTiers { most } => format!(
            "a vault has at most {most} tiers here: change an existing one with `patronage tiers change`, or leave some out"
        ),
        VaultError::Splits(error) => splits(&error),
        VaultError::MemoTooLong { most } => format!("a memo has at most {most} bytes: make it shorter"),
        VaultError::NothingSent => "no amount arrived: send more than 0".to_owned(),
        VaultError::PriceTooHigh { price } => format!(
            "the price of a period is {}: allow at least that with --max-price {}",
            unit.format(price),
            unit.plain(price)
        ),
        VaultError::PaymentTooSmall { least } => {
            format!("a payment must cover at least one period: pay {} or more", unit.format(least))
        }
        VaultError::PaymentTooLarge { most: 0 } => {
            "the rest of the subscription would last for more than 100 years in that tier: get it back with `patronage cancel`, \
             then subscribe"
                .to_owned()
        }
        VaultError::PaymentTooLarge { most } => format!(
            "a subscription can be paid for at most 100 years ahead: pay at most {} with --pay {}",
            unit.format(most),
            unit.plain(most)
        ),
        VaultError::AlreadySubscribed { until } => {
            format!("the fan is subscribed until {}: top up, switch, or cancel first", format_time(until))
        }
        VaultError::SoldOut => {
            "all seats of the tier are taken: `patronage members list --lapsed --tier TIER` shows which members can be pruned, and `patronage \
             tiers` lists other tiers"
                .to_owned()
        }
        VaultError::NotSubscribed => {
            "the account has no such subscription: `patronage status ACCOUNT` shows what an account has".to_owned()
        }
        VaultError::NothingToClaim => {
            "there is nothing to claim for this account: `patronage status ACCOUNT` shows what an account can claim".to_owned()
        }
        VaultError::TransferFailed => TRANSFER_FAILED.to_owned(),
        VaultError::Overflow => "the amount is larger than the vault can count".to_owned(),
        VaultError::Paused => {
            "the creator has paused new money: wait until it is resumed; cancelling and withdrawing are always possible".to_owned()
        }
        VaultError::WrongAsset => "the tier is paid in another asset: `patronage tiers` shows it".to_owned(),
        VaultError::TokenFailed => {
            "the token transfer failed: check that the account has the amount, and that the token permits the transfer".to_owned()
        }
        VaultError::TierClosed => {
            "the tier takes no new subscriptions: choose another from `patronage tiers`".to_owned()
        }
        VaultError::EndsInPast => "a grant must end in the future: choose a later time".to_owned(),
        VaultError::NotExpired { from } => format!("the member can be pruned from {} on: wait", format_time(from)),
        VaultError::CollectFirst { tier } => {
            format!(
                "tier #{tier} has uncollected days that belong to the current splits: run `patronage collect '#{tier}'` first"
            )
        }
        VaultError::SplitsLocked { until } => {
            format!("the splits are locked until {}: wait", format_time(until))
        }
        VaultError::NoToken => "the vault was created without a creator token".to_owned(),
        VaultError::CooldownTooLong { most } => format!("a cooldown is at most {}", format_duration(most)),
        VaultError::InsufficientStake { staked: 0 } => {
            format!("staked {}, so nothing can be unstaked: stake first", unit.format(0))
        }
        VaultError::InsufficientStake { staked } => {
            format!("staked {}: unstake more than 0 and at most that", unit.format(staked))
        }
        VaultError::CoolingDown { ready } => {
            format!("the unstaked tokens can be withdrawn from {} on: wait", format_time(ready))
        }
        VaultError::OtherTier { tier } => {
            format!("the fan's subscription is in tier {tier} now: check `patronage status`, and pay for that tier")
        }
        VaultError::NothingToStake => {
            "stakers can't have a share of the income: the vault was created without a creator token, so nobody can stake"
                .to_owned()
        }
        VaultError::MinimumStayTooLong { most } => {
            format!("a minimum stay must be at most one period, which is {}", format_duration(most))
        }
    }
}

/// Describes an error of a PSP22 token.
pub fn psp22(error: &PSP22Error, unit: &Unit) -> String {
    match error {
        PSP22Error::InsufficientBalance => {
            format!("insufficient balance: the account has fewer {}; send fewer", unit.symbol)
        }
        PSP22Error::InsufficientAllowance => {
            "insufficient allowance: the owner raises it with `patronage allowance approve`".to_owned()
        }
        PSP22Error::ZeroRecipientAddress => "the recipient is the zero address: name an account".to_owned(),
        PSP22Error::ZeroSenderAddress => "the sender is the zero address: name an account".to_owned(),
        PSP22Error::Custom(text) | PSP22Error::SafeTransferCheckFailed(text) => {
            format!("the token refused: \"{text}\"")
        }
    }
}

/// Describes why splits are not valid.
pub fn splits(error: &SplitsError) -> String {
    match *error {
        SplitsError::TooMany { most } => format!("there can be at most {most} recipients"),
        SplitsError::ZeroShare => "a share must be more than 0".to_owned(),
        SplitsError::Duplicate => "an account is named twice: add its shares together".to_owned(),
        SplitsError::OnlyStakers => {
            "the stakers can't have all of it: give another account a share, which receives the income while nobody is staked"
                .to_owned()
        }
        SplitsError::NotWhole { sum_bp } => {
            format!("the shares add up to {} and must add up to 100 %", format_percent(sum_bp))
        }
    }
}

/// As [`format_basis_points`](patronage_chain::units::format_basis_points), for a sum that may exceed a `u16`.
fn format_percent(basis_points: u32) -> String {
    format!("{} %", format_amount(u128::from(basis_points), 2))
}

/// Describes an error of a registry. `native` is the unit of the chain's own token.
pub fn registry(error: &RegistryError, native: &Unit) -> String {
    match *error {
        RegistryError::NotOwner => ownership(&OwnershipError::NotOwner, "registry"),
        RegistryError::UnknownContent => "there is no such content: `patronage content` lists it".to_owned(),
        RegistryError::UriEmpty => "content needs a URI".to_owned(),
        RegistryError::UriTooLong { most } => format!("a URI has at most {most} bytes: use a shorter one"),
        RegistryError::InvalidKey => "the public key is not valid: make one with age-keygen".to_owned(),
        RegistryError::Audience(error) => audience(&error),
        RegistryError::NamesRegistry => {
            "the rule names the registry itself: name a token or a vault".to_owned()
        }
        RegistryError::TooManyContents => {
            "the registry is full: replace the file of existing content with `patronage rotate`".to_owned()
        }
        RegistryError::NotManager => {
            "only the owner and the managers of the registry may do that: the owner adds a manager with `patronage managers add \
             ACCOUNT`"
                .to_owned()
        }
        RegistryError::PriceOutOfRange { most } => {
            format!(
                "a price must be more than 0 and at most {}: to open content to everyone, leave the price out",
                native.format(most)
            )
        }
        RegistryError::NoVault => {
            "a price needs a vault that receives the money: set one first with `patronage content set-vault own`".to_owned()
        }
        RegistryError::NotForSale => "the content is not for sale: `patronage check` shows what opens it".to_owned(),
        RegistryError::PriceTooHigh { price } => format!(
            "the price is {}: allow at least that with --max-price {}",
            native.format(price),
            native.plain(price)
        ),
        RegistryError::PaymentTooSmall { least } => {
            format!("the price is {} now: send at least that", native.format(least))
        }
        RegistryError::AlreadyBought => {
            "the account has bought the content already, and keeps access to it: there is nothing to do".to_owned()
        }
        RegistryError::Refused(PayError::Paused) => {
            "the creator has paused new money: wait until it is resumed".to_owned()
        }
        RegistryError::Refused(PayError::NothingSent) => {
            "the vault refused a payment of 0: send more than 0".to_owned()
        }
        RegistryError::Refused(PayError::Overflow) => "the amount is larger than the vault can count".to_owned(),
        RegistryError::VaultFailed => {
            "the vault did not accept the payment, and nothing was paid: tell the creator to set another vault".to_owned()
        }
        RegistryError::TransferFailed => {
            "the chain refused to return the change: send exactly the price".to_owned()
        }
        RegistryError::TooManyAtOnce { most } => {
            format!("at most {most} entries are possible in one call: split the call")
        }
        RegistryError::AnswerTooLong { fit } => {
            format!("the answers are too long for one call: query at most {fit} at once")
        }
        RegistryError::ReleasedTooLate { release } => {
            format!("the content opens on {}, later than you agreed to: buy again to agree", format_time(release))
        }
        RegistryError::ReleaseSold { latest } => {
            format!(
                "the content was sold, and its buyers can open it from {} on: choose that time or an earlier one",
                format_time(latest)
            )
        }
        RegistryError::LimitsOutOfRange => {
            let QuestionLimits { ref_time, proof_size } = QuestionLimits::LEAST;
            let most = QuestionLimits::MOST;
            format!(
                "computing time must be from {ref_time} to {} ps, and the proof size from {proof_size} to {} bytes",
                most.ref_time, most.proof_size
            )
        }
    }
}

/// Describes why access rules are not valid. Rules are counted from 1.
pub fn audience(error: &InvalidAudience) -> String {
    // There are at most 8 rules, so this can't overflow.
    let number = |rule: u8| u16::from(rule).saturating_add(1);
    match *error {
        InvalidAudience::NoRules => {
            "there are no rules: add a rule, or open the content to everyone or nobody".to_owned()
        }
        InvalidAudience::TooManyRules => "there can be at most 8 rules".to_owned(),
        InvalidAudience::EmptyRule { rule } => {
            format!("rule {} has no condition and would open to everyone: add a condition", number(rule))
        }
        InvalidAudience::TooManyConditions { rule } => {
            format!("rule {} has too many conditions: use at most 8", number(rule))
        }
        InvalidAudience::ZeroAmount { rule } => format!("rule {} asks for an amount of 0", number(rule)),
        InvalidAudience::ZeroLevel { rule } => {
            format!("rule {} asks for level 0, which every account has: levels begin at 1", number(rule))
        }
    }
}

/// Describes why access is denied. `ways` are the alternatives that the registry returned: each lists its unmet conditions.
pub fn denied(ways: &[Vec<Missing>], units: &Units, unit_of: &mut dyn FnMut(AccountId) -> Unit) -> String {
    match ways {
        [] => "nobody can get access to this content now".to_owned(),
        ways => {
            let ways: Vec<String> = ways.iter().map(|way| missing_conditions(way, units, unit_of)).collect();
            format!("access takes {}", ways.join("; or "))
        }
    }
}

/// Describes the unmet conditions of one alternative.
pub fn missing_conditions(way: &[Missing], units: &Units, unit_of: &mut dyn FnMut(AccountId) -> Unit) -> String {
    way.iter().map(|shortfall| missing(shortfall, units, unit_of)).collect::<Vec<_>>().join(" and ")
}

/// Describes one unmet condition. `unit_of` returns the unit of the PSP22 token that the condition names.
pub fn missing(missing: &Missing, units: &Units, unit_of: &mut dyn FnMut(AccountId) -> Unit) -> String {
    let Units { native, token: unit } = units;
    let Missing { condition, shortfall } = missing;
    match (condition, shortfall) {
        (Condition::Tipped { .. }, Shortfall::Amount { short_by, .. }) => {
            format!("{} more in tips", native.format(*short_by))
        }
        (Condition::Staked { .. }, Shortfall::Amount { short_by, .. }) => {
            format!("{} more staked", unit.format(*short_by))
        }
        (Condition::HoldsOrStaked { .. }, Shortfall::Amount { short_by, .. }) => {
            format!("{} more, held or staked", unit.format(*short_by))
        }
        (Condition::Holds { token, .. }, Shortfall::Amount { have, short_by }) => {
            let unit = unit_of(*token);
            format!("{} more (holds {})", unit.format(*short_by), unit.format(*have))
        }
        (_, Shortfall::Amount { have, short_by }) => {
            format!("{} more (holds {})", unit.format(*short_by), unit.format(*have))
        }
        (
            Condition::Subscribed { level: needed, .. } | Condition::SubscribedFor { level: needed, .. },
            Shortfall::Subscription { level, ended, wait },
        ) => match (ended, *level, *wait) {
            (Some(_), ..) => format!("a subscription at level {needed} (the last one has ended)"),
            (None, 0, _) => format!("a subscription at level {needed}"),
            (None, level, _) if level < *needed => format!("a subscription at level {needed} (has level {level})"),
            (None, _, wait) => format!("{} more of subscription without a gap", format_duration(wait)),
        },
        (_, Shortfall::Subscription { .. }) => "a subscription".to_owned(),
        (_, Shortfall::Time { wait }) => format!("{} to wait", format_duration(*wait)),
        (_, Shortfall::Purchase { price: Some(price) }) => format!("a purchase, for {}", native.format(*price)),
        (_, Shortfall::Purchase { price: None }) => "a purchase, but the content is not for sale now".to_owned(),
        (_, Shortfall::NotListed) => "an entry on the creator's list".to_owned(),
        (_, Shortfall::Unavailable { .. }) => "an answer from a contract that does not respond".to_owned(),
    }
}
