use patronage_chain::units::{format_basis_points, Unit, Units};
use patronage_interfaces::{
    ownable::OwnershipError,
    token::{TermsError, TokenError},
};

use super::{ownership, TRANSFER_FAILED};

/// Why a token's terms are not possible, in words; `native` is the chain's own token.
pub fn terms(error: &TermsError, native: &Unit) -> String {
    match *error {
        TermsError::NameOrSymbolEmpty => "name and symbol must not be empty, as wallets show them".to_owned(),
        TermsError::NameOrSymbolTooLong { max } => {
            format!("name and symbol can have at most {max} bytes each: shorten them")
        }
        TermsError::TooManyDecimals { max } => format!("decimals must be at most {max}"),
        TermsError::PriceZero => "base_price and slope are both 0: the token would be free".to_owned(),
        TermsError::PriceTooHigh { max } => format!("the price must stay below {}", native.format(max)),
        TermsError::CapZero => "cap must be more than 0".to_owned(),
        TermsError::CapTooHigh { max } => {
            format!("at these prices at most {max} smallest units can be sold: lower cap, base_price or slope")
        }
        TermsError::FeeTooHigh { max_bp } => format!("a fee must be at most {}", format_basis_points(max_bp)),
    }
}

/// A token's error in words.
pub fn sale(error: &TokenError, units: &Units) -> String {
    let Units { native, token: unit } = units;
    match error {
        TokenError::InvalidTerms(error) => terms(error, native),
        TokenError::CapReached { available: 0 } => format!(
            "all {} that can be sold are sold: some can be bought again when a holder sells, and `patronage status` says how many",
            unit.symbol
        ),
        TokenError::CapReached { available } => format!(
            "only {} are left to sell: `patronage buy {}` buys them all",
            unit.format(*available),
            unit.plain(*available)
        ),
        TokenError::TooFewTokens { tokens: 0 } => format!(
            "that money buys less than the smallest part of a {} now: spend more (`patronage status` says the price)",
            unit.symbol
        ),
        TokenError::TooFewTokens { tokens } => {
            format!("that money buys {} now: send more, or ask for fewer", unit.format(*tokens))
        }
        TokenError::LaunchLimit { room: 0 } => {
            "until the launch guard ends, buyer or recipient can buy no more, as what was passed on counts: wait until then \
             (`patronage status` says when)"
                .to_owned()
        }
        TokenError::LaunchLimit { room } => format!(
            "until the launch guard ends, buyer or recipient can buy {} more, as what was passed on counts: ask for no more, or wait \
             until then (`patronage status` says when)",
            unit.format(*room)
        ),
        TokenError::SelfReferral => "nobody can refer themselves: leave the referrer out".to_owned(),
        TokenError::InsufficientBalance { balance: 0 } => {
            format!("the account has no {}: `patronage buy` gets some", unit.symbol)
        }
        TokenError::InsufficientBalance { balance } => {
            format!("the account has only {}: that is the most it can part with", unit.format(*balance))
        }
        // No limit was in the way: it rounds down to nothing.
        TokenError::PayoutTooLow { payout: 0 } => format!(
            "selling so few brings less than {}, the least that can be paid: they sell only together with more tokens",
            native.format(1)
        ),
        TokenError::PayoutTooLow { payout } => format!(
            "selling brings {} now, less than what was asked for: --min-payout {} accepts that",
            native.format(*payout),
            native.plain(*payout)
        ),
        TokenError::NothingToClaim => "no fees of the token wait for this account: `patronage fees` says who gets them".to_owned(),
        TokenError::TransferFailed => TRANSFER_FAILED.to_owned(),
        TokenError::Paused => {
            "the creator has suspended buying: wait until it goes on; selling is always possible".to_owned()
        }
        TokenError::PaymentTooSmall { least } => format!("that costs {} now: send at least that", native.format(*least)),
        TokenError::InvalidSchedule => {
            "vesting needs tokens, start, cliff and end in this order, and an end within 100 years".to_owned()
        }
        TokenError::AlreadyVesting => {
            "this account already vests tokens for that beneficiary: wait until all of them are released, or put tokens away from \
             another account"
                .to_owned()
        }
        TokenError::NothingToRelease => {
            "nothing has become free since the last release: `patronage vesting` says when the rest does".to_owned()
        }
        TokenError::GuardActive => {
            "what accounts have bought counts until the launch guard ends: `patronage status` says when".to_owned()
        }
        TokenError::NotOwner => ownership(&OwnershipError::NotOwner, "token"),
    }
}
