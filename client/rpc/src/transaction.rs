use std::time::Duration;

use patronage_chain::{
    keys::{Key, Signature},
    submission::{Record, Submission},
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
    events::Told,
    node::{account_id, Kind, Node},
    prepared::{Prepared, Unsigned},
    request::TrialLimits,
    words::{is_rejection, not_taken},
};

/// How long to wait for a block that stays. Longer than a transaction lives and a block takes to be final.
pub(super) const PATIENCE: Duration = Duration::from_secs(600);

/// A key, as subxt asks for it.
struct Signing<'a>(&'a Key);

impl subxt::tx::Signer<Kind> for Signing<'_> {
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
    /// Tries `call`, and where the contract does not refuse it, signs, gives to `record`, and sends exactly what was tried.
    pub(super) async fn submit(
        &self,
        signer: &Signer,
        call: &Call<'_>,
        record: &mut dyn Record,
    ) -> Result<Outcome, ChainError> {
        let from = signer.account();
        let key = signer
            .key()
            .ok_or_else(|| ChainError::Refused("there is no key to sign with: name its file with --key".to_owned()))?;
        let Prepared { outcome, request, unsigned } = self.prepare(&from, call).await?;
        let Some(unsigned) = unsigned else { return Ok(outcome) };
        let told = self.send(key, &unsigned, record).await?;
        match told.error {
            None => Ok(Outcome {
                contract: told.contracts.last().copied().filter(|_| outcome.contract.is_some()),
                fee: told.fee,
                deposit: told.deposit,
                events: told.events,
                ..outcome
            }),
            Some(error) => match error.name(&self.api.metadata()).as_str() {
                // Between the trial and the block something has changed: another trial tells why.
                "ContractReverted" => {
                    match self.try_out(&request, TrialLimits::default(), self.hash_of(None).await?).await?.answered()? {
                        again if again.reverted => Ok(Outcome { fee: told.fee, ..again }),
                        _ => Err(ChainError::Refused("ContractReverted".to_owned())),
                    }
                }
                name => Err(ChainError::Refused(name.to_owned())),
            },
        }
    }

    /// Signs a transaction, gives it to `record`, sends it, and waits for a block that stays.
    pub(super) async fn send(
        &self,
        key: &Key,
        unsigned: &Unsigned,
        record: &mut dyn Record,
    ) -> Result<Told, ChainError> {
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
                return Err(not_taken(&error));
            }
        };
        let unsure = |why: &str| {
            ChainError::Unavailable(format!(
                "the transaction {} was sent, and {why}: look at how things stand before you run the command again",
                patronage_chain::hexadecimal(&signed.hash().0)
            ))
        };
        let last = async {
            while let Some(status) = progress.next().await {
                match status {
                    Ok(TxStatus::InFinalizedBlock(block)) => return Ok(block),
                    Ok(TxStatus::Invalid { message } | TxStatus::Error { message } | TxStatus::Dropped { message }) => {
                        return Err(not_taken(&Error::Other(message)));
                    }
                    Ok(_) => {}
                    Err(Error::Transaction(error)) => return Err(not_taken(&transaction(error))),
                    Err(error) => return Err(unsure(&format!("the node was gone before a block had it ({error})"))),
                }
            }
            Err(unsure("the node said no more about it"))
        };
        let block = tokio::time::timeout(PATIENCE, last).await.map_err(|_| unsure("no block has it yet"))??;
        self.told_of(&block, &from).await
    }

    async fn told_of(&self, block: &TxInBlock<Kind, OnlineClient<Kind>>, from: &AccountId) -> Result<Told, ChainError> {
        let events = block.fetch_events().await.map_err(|error| {
            ChainError::Unavailable(format!(
                "the transaction is in block {}, whose events can't be read: look at how things stand ({error})",
                patronage_chain::hexadecimal(&block.block_hash().0)
            ))
        })?;
        Told::of(events.iter(), Some(from))
    }
}

fn transaction(error: TransactionError) -> Error {
    Error::Transaction(error)
}
