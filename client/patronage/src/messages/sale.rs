use patronage_chain::units::{format_basis_points, Unit, Units};
use patronage_interfaces::{
    ownable::OwnershipError,
    token::{TermsError, TokenError},
};

use super::{ownership, TRANSFER_FAILED};

/// Describes why a token's terms are not valid. `native` is the unit of the chain's own token.
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

/// Describes an error of a creator token.
pub fn sale(error: &TokenError, units: &Units) -> String {
    let Units { native, token: unit } = units;
    match error {
        TokenError::InvalidTerms(error) => terms(error, native),
        TokenError::CapReached { available: 0 } => format!(
            "all {} up to the cap are sold: wait until a holder sells; `patronage status` shows how many are available",
            unit.symbol
        ),
        TokenError::CapReached { available } => format!(
            "only {} are available: `patronage buy {}` buys them all",
            unit.format(*available),
            unit.plain(*available)
        ),
        TokenError::TooFewTokens { tokens: 0 } => format!(
            "the amount buys less than the smallest unit of {} now: spend more (`patronage status` shows the price)",
            unit.symbol
        ),
        TokenError::TooFewTokens { tokens } => {
            format!("the amount buys {} now: send more, or ask for fewer", unit.format(*tokens))
        }
        TokenError::LaunchLimit { room: 0 } => {
            "the buyer or the recipient has reached the limit of the launch guard; tokens that were sent on count: wait until the \
             guard ends (`patronage status` shows when)"
                .to_owned()
        }
        TokenError::LaunchLimit { room } => format!(
            "until the launch guard ends, the buyer or the recipient can buy {} more; tokens that were sent on count: buy at most \
             that, or wait until the guard ends (`patronage status` shows when)",
            unit.format(*room)
        ),
        TokenError::SelfReferral => "buyer and recipient can't be their own referrer: leave the referrer out".to_owned(),
        TokenError::InsufficientBalance { balance: 0 } => {
            format!("insufficient balance: the account has no {}; buy some with `patronage buy`", unit.symbol)
        }
        TokenError::InsufficientBalance { balance } => {
            format!("insufficient balance: the account has {}; use at most that", unit.format(*balance))
        }
        // The payout rounds down to 0, whatever the limit.
        TokenError::PayoutTooLow { payout: 0 } => format!(
            "the payout is less than {}, the smallest unit: sell more tokens at once",
            native.format(1)
        ),
        TokenError::PayoutTooLow { payout } => format!(
            "the payout is {} now, less than the minimum: accept it with --min-payout {}",
            native.format(*payout),
            native.plain(*payout)
        ),
        TokenError::NothingToClaim => {
            "this account has no fees of the token to claim: `patronage fees` shows who receives them".to_owned()
        }
        TokenError::TransferFailed => TRANSFER_FAILED.to_owned(),
        TokenError::Paused => {
            "the creator has paused buying: wait until it is resumed; selling is always possible".to_owned()
        }
        TokenError::PaymentTooSmall { least } => {
            format!("the price is {} now: send at least that", native.format(*least))
        }
        TokenError::InvalidSchedule => {
            "the vesting schedule is not valid: it needs more than 0 tokens, start, cliff and end in this order, and an end within 100 \
             years"
                .to_owned()
        }
        TokenError::AlreadyVesting => {
            "this account already vests tokens for that beneficiary: wait until all of them are released, or vest from another \
             account"
                .to_owned()
        }
        TokenError::NothingToRelease => {
            "no tokens to release: `patronage vesting` shows when more of them vest".to_owned()
        }
        TokenError::GuardActive => {
            "the records of the launch guard are needed until it ends: `patronage status` shows when".to_owned()
        }
        TokenError::NotOwner => ownership(&OwnershipError::NotOwner, "token"),
    }
}
