use patronage_chain::ChainError;
use subxt::{error::RpcError, Error};

/// Describes an error of the connection, or of decoding the node's answer.
pub(super) fn failed(error: Error) -> ChainError {
    ChainError::Unavailable(match error {
        Error::Rpc(RpcError::ClientError(cause)) => {
            format!("the node does not answer: check that it is running, and run the command again ({cause})")
        }
        error => format!("the node's answer can't be used: {error}"),
    })
}

/// Describes why there is no connection to the node at `url`.
pub(super) fn unreachable(url: &str, error: Error) -> ChainError {
    ChainError::Unavailable(match error {
        Error::Rpc(RpcError::InsecureUrl(_)) => {
            format!("{url} is not encrypted and not on this machine: use wss:// in place of ws://")
        }
        error => format!("no node answers at {url}: check the address, and that the node is running ({error})"),
    })
}

/// The error for a chain without a required pallet.
pub(super) fn foreign(url: &str, pallet: &str) -> ChainError {
    ChainError::Unavailable(format!(
        "{url}: the chain has no pallet \"{pallet}\": choose a chain with pallet-contracts"
    ))
}

/// Describes why the node's pool rejected a transaction. A rejected transaction costs nothing. The node's message contains the name of an
/// `InvalidTransaction` of `sp-runtime`.
pub(super) fn rejected(error: &Error) -> ChainError {
    let cause = error.to_string();
    let has = |part: &str| cause.to_lowercase().contains(part);
    let message = if has("inability to pay") || has("payment") {
        "the account can't pay the fee of the transaction: get more money first"
    } else if has("outdated") || has("stale") || has("bad nonce") {
        "another transaction of this account came first: check `patronage status`, and run the command again"
    } else if has("in the future") {
        "an earlier transaction of this account is pending: wait until it is in a block, and run the command again"
    } else if has("priority is too low") || has("already imported") {
        "another transaction of this account is pending: wait until it is in a block, and run the command again"
    } else if has("ancient birth block") {
        "the transaction has expired: run the command again"
    } else if has("bad signature") || has("bad proof") || has("badproof") {
        "the chain rejected the signature: this command does not support its signed extensions"
    } else if has("exhaust") {
        "the transaction needs more weight than a block has: split it into several transactions"
    } else {
        return match error {
            Error::Rpc(RpcError::ClientError(_)) if !has("invalid") && !has("1010") => failed_to_send(&cause),
            _ => ChainError::Refused(cause),
        };
    };
    ChainError::Refused(message.to_owned())
}

/// Whether the node's pool rejected a transaction. In this case, it was not propagated to other nodes. The codes of `sc-rpc-api` are for an
/// invalid transaction, and for one whose nonce is taken.
pub(super) fn is_rejection(error: &Error) -> bool {
    let cause = error.to_string();
    matches!(error, Error::Rpc(_)) && ["1010", "1014"].iter().any(|code| cause.contains(code))
}

/// Whether no block can include a transaction for which subxt reports `Invalid` with this message. subxt also reports it for a transaction
/// whose block is not final in time, and for one that was replaced in the node's pool.
pub(super) fn is_invalid(message: &str) -> bool {
    message.starts_with("Transaction is invalid")
}

fn failed_to_send(cause: &str) -> ChainError {
    ChainError::Unavailable(format!(
        "the connection was lost while the transaction was sent: check `patronage status` before you run the command again ({cause})"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(cause: &str) -> String {
        // The error of subxt for a node's message.
        rejected(&Error::Rpc(RpcError::RequestRejected(cause.to_owned()))).to_string()
    }

    #[test]
    fn rejections_are_described_with_what_to_do() {
        assert!(message("1010: Invalid Transaction: Transaction is outdated").contains("came first"));
        assert!(message("Transaction is invalid (eg because of a bad nonce, signature etc)").contains("came first"));
        let poor = "1010: Invalid Transaction: Inability to pay some fees (e.g. account balance too low)";
        assert!(message(poor).contains("get more money"));
        assert!(message("1014: Priority is too low: (18 vs 18)").contains("is pending"));
        assert!(message("1010: Invalid Transaction: Transaction has an ancient birth block").contains("has expired"));
    }

    #[test]
    fn a_transaction_that_a_block_may_include_is_not_called_invalid() {
        assert!(is_invalid("Transaction is invalid (eg because of a bad nonce, signature etc)"));
        for message in ["Finality timeout", "Transaction was usurped by another with the same nonce"] {
            assert!(!is_invalid(message), "{message}");
        }
    }

    #[test]
    fn unknown_rejections_are_shown_unchanged() {
        assert!(message("1016: the moon is full").contains("the moon is full"));
    }
}
