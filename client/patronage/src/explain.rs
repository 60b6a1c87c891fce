//! The contracts' errors in words, with what to do about them.

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

/// Why the chain gave no answer, in words.
pub fn chain(error: &ChainError) -> String {
    let ChainError::Refused(words) = error else { return error.to_string() };
    match words.as_str() {
        "ContractNotFound" => "there is no contract at that address on this chain: is it the right chain?".to_owned(),
        // A contract's own transfers end in the contract's error: here it is the amount that goes with the call.
        "TransferFailed" => "the account does not have the amount: send less, or get more money first".to_owned(),
        "StorageDepositNotEnoughFunds" | "StorageDepositLimitExhausted" => {
            "the account can't pay the storage deposit beside the amount: send less, or get more money first".to_owned()
        }
        "CodeRejected" => {
            "the chain does not accept the contract's code: is it a chain with pallet-contracts?".to_owned()
        }
        "DuplicateContract" => "the same contract is there already: launch with another --salt".to_owned(),
        "OutOfGas" => "the call takes more than a block has room for: do it in several parts".to_owned(),
        _ => error.to_string(),
    }
}

/// An error about the ownership of a contract, in words; `contract` is what people call it.
pub fn ownership(error: &OwnershipError, contract: &str) -> String {
    match error {
        OwnershipError::NotOwner => {
            format!("only the {contract}'s owner may do that: `patronage owner` says who it is")
        }
        OwnershipError::NotProposed => {
            "only the account that the owner has proposed may accept: `patronage owner` says which".to_owned()
        }
    }
}

const TRANSFER_FAILED: &str =
    "the chain refused the transfer: the receiving account does not exist, and the amount is below the \
     existential deposit: send it some money first";

/// A vault's error in words; `unit` is of what the message is about: the chain's own token, or that of a tier.
pub fn vault(error: &VaultError, unit: &Unit) -> String {
    match *error {
        VaultError::NotOwner => ownership(&OwnershipError::NotOwner, "vault"),
        VaultError::UnknownTier => "there is no such tier: `patronage tiers` lists them".to_owned(),
        VaultError::PriceOutOfRange { most } => {
            format!("a tier's price must be more than nothing and at most {}", unit.format(most))
        }
        VaultError::PeriodOutOfRange { least, most } => {
            format!("a tier's period must be from {} to {}", format_duration(least), format_duration(most))
        }
        VaultError::ZeroLevel => "a tier's level must be at least 1: without a subscription everyone has 0".to_owned(),
        VaultError::ZeroSeats => "a tier needs at least one seat, or no limit at all".to_owned(),
        VaultError::UriTooLong { most } => format!("a URI has at most {most} bytes: use a shorter one"),
        VaultError::TooManyTiers { most } => format!(
            "a vault has at most {most} tiers here: change one that is there, by `patronage tiers change`, or leave some out"
        ),
        VaultError::Splits(error) => splits(&error),
        VaultError::MemoTooLong { most } => format!("a memo has at most {most} bytes: make it shorter"),
        VaultError::NothingSent => "that needs an amount: give more than 0, of which some has to arrive".to_owned(),
        VaultError::PriceTooHigh { price } => format!(
            "the price of a period is {}: allow at least that, by --max-price {}",
            unit.format(price),
            unit.plain(price)
        ),
        VaultError::PaymentTooSmall { least } => {
            format!("a subscription takes at least one period: pay {} or more", unit.format(least))
        }
        VaultError::PaymentTooLarge { most: 0 } => {
            "what is left of the subscription would last for more than 100 years in that tier: get it back with `patronage cancel`, \
             then subscribe"
                .to_owned()
        }
        VaultError::PaymentTooLarge { most } => format!(
            "nobody can pay for more than 100 years ahead: pay at most {}, by --pay {}",
            unit.format(most),
            unit.plain(most)
        ),
        VaultError::AlreadySubscribed { until } => {
            format!("the fan is subscribed until {}: top up, switch, or cancel first", format_time(until))
        }
        VaultError::SoldOut => {
            "all seats of the tier are taken: `patronage seats list TIER` says whose can be freed, and `patronage tiers` lists others"
                .to_owned()
        }
        VaultError::NotSubscribed => {
            "there is no subscription that this could be done to: `patronage status ACCOUNT` says what an account has".to_owned()
        }
        VaultError::NothingToClaim => {
            "nothing waits for this account: `patronage status ACCOUNT` says what does for another".to_owned()
        }
        VaultError::TransferFailed => TRANSFER_FAILED.to_owned(),
        VaultError::Overflow => "the amount is larger than the vault can count".to_owned(),
        VaultError::Paused => {
            "the creator takes no new money now: wait until it goes on; leaving is always possible".to_owned()
        }
        VaultError::WrongAsset => "that is paid in another asset: `patronage tiers` says in which".to_owned(),
        VaultError::TokenFailed => {
            "the token did not move: check that the account has so much of it, and that the token does not hold it back".to_owned()
        }
        VaultError::TierClosed => {
            "the tier takes no new subscriptions: choose another, as `patronage tiers` lists them".to_owned()
        }
        VaultError::EndsInPast => "a grant has to end later than now".to_owned(),
        VaultError::NotExpired { from } => format!("the seat can be freed from {} on: wait", format_time(from)),
        VaultError::CollectFirst { tier } => {
            format!(
                "tier #{tier} has days to collect that belong to the present splits: `patronage collect '#{tier}'` first"
            )
        }
        VaultError::SplitsLocked { until } => {
            format!("the owner has promised not to change the splits before {}: wait", format_time(until))
        }
        VaultError::NoToken => "the vault was created without a creator token".to_owned(),
        VaultError::CooldownTooLong { most } => format!("a cooldown is at most {}", format_duration(most)),
        VaultError::InsufficientStake { staked: 0 } => {
            format!("{} are staked, so nothing can be unstaked", unit.format(0))
        }
        VaultError::InsufficientStake { staked } => {
            format!("{} are staked: unstake more than nothing and no more than that", unit.format(staked))
        }
        VaultError::CoolingDown { ready } => {
            format!("the unstaked tokens can be taken out from {} on: wait", format_time(ready))
        }
        VaultError::OtherTier { tier } => {
            format!("the fan's subscription is in tier {tier} by now: look again, and pay for that one if you like")
        }
        VaultError::NothingToStake => {
            "stakers can't have a part of the income here: the vault was created without a creator token, so nobody can stake"
                .to_owned()
        }
        VaultError::MinimumStayTooLong { most } => {
            format!("a minimum stay is at most one period, which is {}", format_duration(most))
        }
    }
}

/// A PSP22 token's own error in words.
pub fn psp22(error: &PSP22Error, unit: &Unit) -> String {
    match error {
        PSP22Error::InsufficientBalance => {
            format!("the account has fewer {}: that is more than it can part with", unit.symbol)
        }
        PSP22Error::InsufficientAllowance => {
            "the owner has not allowed so much: the owner does it by `patronage allowance approve`".to_owned()
        }
        PSP22Error::ZeroRecipientAddress => "the recipient is nobody: name an account".to_owned(),
        PSP22Error::ZeroSenderAddress => "the sender is nobody: name an account".to_owned(),
        PSP22Error::Custom(words) | PSP22Error::SafeTransferCheckFailed(words) => {
            format!("the token refused: \"{words}\"")
        }
    }
}

/// Why splits are not valid, in words.
pub fn splits(error: &SplitsError) -> String {
    match *error {
        SplitsError::TooMany { most } => format!("there can be at most {most} recipients"),
        SplitsError::ZeroShare => "a share must be more than 0".to_owned(),
        SplitsError::Duplicate => "an account is named twice: add its shares together".to_owned(),
        SplitsError::OnlyStakers => {
            "the stakers can't have all of it: give someone else a part, as nobody gets the stakers' while nobody is staked"
                .to_owned()
        }
        SplitsError::NotWhole { sum_bp } => {
            format!("the shares add up to {} and must add up to 100 %", format_percent(sum_bp))
        }
    }
}

/// As [`format_basis_points`], for a sum that may be too large for a part.
fn format_percent(basis_points: u32) -> String {
    format!("{} %", format_amount(u128::from(basis_points), 2))
}

/// A registry's error in words; `native` is the chain's own token.
pub fn registry(error: &RegistryError, native: &Unit) -> String {
    match *error {
        RegistryError::NotOwner => ownership(&OwnershipError::NotOwner, "registry"),
        RegistryError::UnknownContent => "there is no such content: `patronage content` lists it".to_owned(),
        RegistryError::UriEmpty => "content needs a URI".to_owned(),
        RegistryError::UriTooLong { most } => format!("a URI has at most {most} bytes: use a shorter one"),
        RegistryError::InvalidKey => "the public key is no key: make one with age-keygen".to_owned(),
        RegistryError::Audience(error) => audience(&error),
        RegistryError::NamesRegistry => "that names the registry itself, which is neither token nor vault".to_owned(),
        RegistryError::TooManyContents => {
            "the registry is full: give content that is there a new file, by `patronage rotate`".to_owned()
        }
        RegistryError::NotManager => {
            "only the registry's owner and its managers may do that: the owner appoints one by `patronage content appoint ACCOUNT`"
                .to_owned()
        }
        RegistryError::PriceOutOfRange { most } => {
            format!(
                "a price must be more than nothing and at most {}: what is free is for everyone, without a price",
                native.format(most)
            )
        }
        RegistryError::NoVault => {
            "a price needs a vault that the money goes to: name one first, by `patronage content set-vault own`".to_owned()
        }
        RegistryError::NotForSale => "that is not for sale: `patronage check` says what opens it".to_owned(),
        RegistryError::PriceTooHigh { price } => format!(
            "the price is {}: allow at least that, by --max-price {}",
            native.format(price),
            native.plain(price)
        ),
        RegistryError::PaymentTooSmall { least } => {
            format!("that costs {} now: send at least that", native.format(least))
        }
        RegistryError::AlreadyBought => "the account has bought that already: it can open it for good".to_owned(),
        RegistryError::Refused(PayError::Paused) => {
            "the creator takes no new money now: wait until it goes on".to_owned()
        }
        RegistryError::Refused(PayError::NothingSent) => "the vault wants an amount: nothing was sent".to_owned(),
        RegistryError::Refused(PayError::Overflow) => "the amount is larger than the vault can count".to_owned(),
        RegistryError::VaultFailed => {
            "the vault did not take the payment, and nothing was paid: tell the creator to name another".to_owned()
        }
        RegistryError::TransferFailed => {
            "the chain refused to return the rest of the payment: send exactly the price".to_owned()
        }
        RegistryError::TooManyAtOnce { most } => format!("that is possible for at most {most} at once: split it up"),
        RegistryError::AnswerTooLong { fit } => {
            format!("the answers are too long for one call: ask for at most {fit} at once")
        }
        RegistryError::ReleasedTooLate { release } => {
            format!("it can be opened from {} on: buy again if you agree to that", format_time(release))
        }
        RegistryError::ReleaseSold { latest } => {
            format!(
                "it was sold, and those who bought it can open it from {} on: choose no later time",
                format_time(latest)
            )
        }
        RegistryError::LimitsOutOfRange => {
            let QuestionLimits { ref_time, proof_size } = QuestionLimits::LEAST;
            let most = QuestionLimits::MOST;
            format!(
                "computing time must be from {ref_time} to {} ps, and the proof from {proof_size} to {} bytes",
                most.ref_time, most.proof_size
            )
        }
    }
}

/// Why access rules are not valid, in words. Rules are counted from 1.
pub fn audience(error: &InvalidAudience) -> String {
    // At most 8 rules are looked at.
    let number = |rule: u8| u16::from(rule).saturating_add(1);
    match *error {
        InvalidAudience::NoRules => "there are no rules: say that it is for everyone, or for nobody".to_owned(),
        InvalidAudience::TooManyRules => "there can be at most 8 rules".to_owned(),
        InvalidAudience::EmptyRule { rule } => {
            format!("rule {} has no condition, so it would open to all", number(rule))
        }
        InvalidAudience::TooManyConditions { rule } => {
            format!("rule {} has too many conditions: 8 are possible", number(rule))
        }
        InvalidAudience::ZeroAmount { rule } => format!("rule {} asks for an amount of 0", number(rule)),
        InvalidAudience::ZeroLevel { rule } => {
            format!("rule {} asks for level 0, which everyone has: levels begin at 1", number(rule))
        }
    }
}

/// Why access is denied, in words: `ways` as the registry gives them, one of which would do.
pub fn denied(ways: &[Vec<Missing>], units: &Units, unit_of: &mut dyn FnMut(AccountId) -> Unit) -> String {
    match ways {
        [] => "nobody can get access to this now".to_owned(),
        ways => {
            let ways: Vec<String> = ways.iter().map(|way| lacks(way, units, unit_of)).collect();
            format!("access takes {}", ways.join("; or "))
        }
    }
}

/// All that one way to access still lacks, in words.
pub fn lacks(way: &[Missing], units: &Units, unit_of: &mut dyn FnMut(AccountId) -> Unit) -> String {
    way.iter().map(|shortfall| missing(shortfall, units, unit_of)).collect::<Vec<_>>().join(" and ")
}

/// What an access rule still lacks, in words; `unit_of` gives the unit of the PSP22 token that a rule asks.
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
        (_, Shortfall::Purchase { price: Some(price) }) => format!("to buy it, for {}", native.format(*price)),
        (_, Shortfall::Purchase { price: None }) => "to have bought it, and it is not for sale now".to_owned(),
        (_, Shortfall::NotListed) => "to be on the creator's list".to_owned(),
        (_, Shortfall::Unavailable { .. }) => "an answer: a contract that the rule asks does not respond".to_owned(),
    }
}
