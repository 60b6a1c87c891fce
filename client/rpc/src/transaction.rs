use std::time::Duration;

use patronage_chain::{
    keys::{Key, Signature},
    submission::{Submission, SubmissionRecorder},
    Call, ChainError, Outcome, Signer,
};
use patronage_interfaces::AccountId;
use subxt::{
    error::TransactionError,
    ext::subxt_core::utils::{AccountId32, MultiAddress, MultiSignature},
    tx::{TxInBlock, TxStatus},
    Error, OnlineClient,
};

use super::{
    events::TxEvents,
    messages::{is_invalid, is_rejection, rejected},
    node::{account_id, ChainConfig, Node},
    prepared::{Prepared, Unsigned},
    request::DryRunLimits,
};

/// Maximum time to wait for a finalized block. It is longer than the mortal era and the finalization.
pub(super) const FINALITY_TIMEOUT: Duration = Duration::from_secs(600);

/// A key as a signer of subxt.
struct Signing<'a>(&'a Key);

impl subxt::tx::Signer<ChainConfig> for Signing<'_> {
    fn account_id(&self) -> AccountId32 {
        account_id(&self.0.account())
    }

    fn address(&self) -> MultiAddress<AccountId32, ()> {
        account_id(&self.0.account()).into()
    }

    fn sign(&self, payload: &[u8]) -> MultiSignature {
        match self.0.sign(payload) {
            Signature::Sr25519(bytes) => MultiSignature::Sr25519(bytes),
            Signature::Ed25519(bytes) => MultiSignature::Ed25519(bytes),
        }
    }
}

impl Node {
    /// Dry-runs `call`. If the contract does not revert, signs the same transaction, passes it to `record`, and sends it.
    pub(super) async fn submit(
        &self,
        signer: &Signer,
        call: &Call<'_>,
        record: &mut dyn SubmissionRecorder,
    ) -> Result<Outcome, ChainError> {
        let from = signer.account();
        let key = signer
            .key()
            .ok_or_else(|| ChainError::Refused("there is no key to sign with: name its file with --key".to_owned()))?;
        let Prepared { outcome, request, unsigned } = self.prepare(&from, call).await?;
        let Some(unsigned) = unsigned else { return Ok(outcome) };
        let events = self.send(key, &unsigned, record).await?;
        match events.error {
            None => Ok(Outcome {
                contract: events.contracts.last().copied().filter(|_| outcome.contract.is_some()),
                fee: events.fee,
                deposit: events.deposit,
                events: events.events,
                ..outcome
            }),
            Some(error) => match error.name(&self.api.metadata()).as_str() {
                // The state has changed since the dry run. Another dry run returns the contract's error.
                "ContractReverted" => {
                    match self
                        .run_dry(&request, DryRunLimits::default(), self.hash_of(None).await?)
                        .await?
                        .into_outcome()?
                    {
                        again if again.reverted => Ok(Outcome { fee: events.fee, ..again }),
                        _ => Err(ChainError::Refused("ContractReverted".to_owned())),
                    }
                }
                name => Err(ChainError::Refused(name.to_owned())),
            },
        }
    }

    /// Signs a transaction, passes it to `record`, sends it, and waits for a finalized block.
    pub(super) async fn send(
        &self,
        key: &Key,
        unsigned: &Unsigned,
        record: &mut dyn SubmissionRecorder,
    ) -> Result<TxEvents, ChainError> {
        let from = key.account();
        let signed = unsigned.transaction.sign(&Signing(key));
        let Unsigned { nonce, birth, .. } = *unsigned;
        record.sending(&Submission { transaction: signed.encoded().to_vec(), nonce, birth })?;
        let mut progress = match signed.submit_and_watch().await {
            Ok(progress) => progress,
            Err(error) => {
                if is_rejection(&error) {
                    record.rejected()?;
                }
                return Err(rejected(&error));
            }
        };
        let unsure = |why: &str| {
            ChainError::Unavailable(format!(
                "the transaction {} was sent, but {why}: check `patronage status` before you run the command again",
                patronage_chain::hexadecimal(&signed.hash().0)
            ))
        };
        let last = async {
            while let Some(status) = progress.next().await {
                match status {
                    Ok(TxStatus::InFinalizedBlock(block)) => return Ok(block),
                    Ok(TxStatus::Invalid { message }) if is_invalid(&message) => {
                        return Err(rejected(&Error::Other(message)));
                    }
                    // A block or another node may have the transaction, which can be included until it expires.
                    Ok(TxStatus::Invalid { message } | TxStatus::Error { message } | TxStatus::Dropped { message }) => {
                        return Err(unsure(&format!("the node gave it up ({message})")));
                    }
                    Ok(_) => {}
                    Err(Error::Transaction(error)) => return Err(rejected(&transaction(error))),
                    Err(error) => {
                        return Err(unsure(&format!("the connection was lost before it was in a block ({error})")))
                    }
                }
            }
            Err(unsure("the node stopped reporting its status"))
        };
        let block = tokio::time::timeout(FINALITY_TIMEOUT, last).await.map_err(|_| unsure("it is still pending"))??;
        self.events_of_block(&block, &from).await
    }

    async fn events_of_block(
        &self,
        block: &TxInBlock<ChainConfig, OnlineClient<ChainConfig>>,
        from: &AccountId,
    ) -> Result<TxEvents, ChainError> {
        let events = block.fetch_events().await.map_err(|error| {
            ChainError::Unavailable(format!(
                "the transaction is in block {}, whose events can't be read: check `patronage status` ({error})",
                patronage_chain::hexadecimal(&block.block_hash().0)
            ))
        })?;
        TxEvents::of(events.iter(), Some(from))
    }
}

fn transaction(error: TransactionError) -> Error {
    Error::Transaction(error)
}
