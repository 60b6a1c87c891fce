use patronage_chain::ChainError;
use subxt::{error::RpcError, Error};

/// A failure of the connection, or of what the client understands of the chain.
pub(super) fn failed(error: Error) -> ChainError {
    ChainError::Unavailable(match error {
        Error::Rpc(RpcError::ClientError(cause)) => {
            format!("the node does not answer: is it running? Run the command again when it is. ({cause})")
        }
        error => format!("the node's answer can't be used: {error}"),
    })
}

/// A chain without what the suite needs.
pub(super) fn foreign(url: &str, pallet: &str) -> ChainError {
    ChainError::Unavailable(format!(
        "{url}: the chain has no pallet \"{pallet}\": choose a chain with pallet-contracts"
    ))
}

/// Why the node's pool did not take a transaction, which then has cost nothing. Nodes put numbers and words around the cause,
/// as `sp-runtime` has them in `InvalidTransaction`.
pub(super) fn not_taken(error: &Error) -> ChainError {
    let cause = error.to_string();
    let has = |part: &str| cause.to_lowercase().contains(part);
    let words = if has("inability to pay") || has("payment") {
        "the account can't pay the fee of the transaction: get more money first"
    } else if has("outdated") || has("stale") || has("bad nonce") {
        "another transaction of this account came first: look at how things stand, and run the command again"
    } else if has("in the future") {
        "an earlier transaction of this account is still on its way: wait until it is done, and run the command again"
    } else if has("priority is too low") || has("already imported") {
        "the node has another transaction of this account that waits: run the command again when it is done"
    } else if has("ancient birth block") {
        "the transaction came too late: run the command again"
    } else if has("bad signature") || has("bad proof") || has("badproof") {
        "the chain does not accept the signature: it signs transactions in another way than this command knows"
    } else if has("exhaust") {
        "the transaction takes more than a block has room for"
    } else {
        return match error {
            Error::Rpc(RpcError::ClientError(_)) if !has("invalid") && !has("1010") => failed_to_send(&cause),
            _ => ChainError::Refused(cause),
        };
    };
    ChainError::Refused(words.to_owned())
}

/// Whether the node's pool has said that it does not take a transaction. Then no other node has heard of it. Codes as
/// `sc-rpc-api` has them: it is not valid, or its place is taken.
pub(super) fn is_rejection(error: &Error) -> bool {
    let cause = error.to_string();
    matches!(error, Error::Rpc(_)) && ["1010", "1014"].iter().any(|code| cause.contains(code))
}

fn failed_to_send(cause: &str) -> ChainError {
    ChainError::Unavailable(format!(
        "the node was gone before it took the transaction: look whether it happened before you run the command again ({cause})"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(cause: &str) -> String {
        // As the client library gives what a node says.
        not_taken(&Error::Rpc(RpcError::RequestRejected(cause.to_owned()))).to_string()
    }

    #[test]
    fn what_nodes_say_of_a_transaction_is_told_in_words_that_help() {
        assert!(told("1010: Invalid Transaction: Transaction is outdated").contains("came first"));
        assert!(told("Transaction is invalid (eg because of a bad nonce, signature etc)").contains("came first"));
        let poor = "1010: Invalid Transaction: Inability to pay some fees (e.g. account balance too low)";
        assert!(told(poor).contains("get more money"));
        assert!(told("1014: Priority is too low: (18 vs 18)").contains("that waits"));
        assert!(told("1010: Invalid Transaction: Transaction has an ancient birth block").contains("too late"));
    }

    #[test]
    fn what_nobody_knows_is_told_as_the_node_says_it() {
        assert!(told("1016: the moon is full").contains("the moon is full"));
    }
}
