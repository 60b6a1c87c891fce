use std::time::Duration;

use drink::Weight;
use patronage_gateway::signature::{Scheme, Signature};
use patronage_interfaces::AccountId;
use subxt::{
    config::polkadot::PolkadotExtrinsicParamsBuilder as Params,
    dynamic::Value,
    error::TransactionError,
    ext::subxt_core::utils::{AccountId32, MultiAddress, MultiSignature},
    tx::{DynamicPayload, TxInBlock, TxStatus},
    Error, OnlineClient,
};

use super::{
    events::Told,
    node::{account_id, account_value, Kind, Node},
    runtime_api::Tried,
    words::{failed, is_rejection, name_of, not_taken},
};
use crate::{
    chain::{Call, ChainError, Outcome, Signer, Target},
    keys::Key,
    submission::{Record, Submission},
};

/// Blocks for which a transaction can be taken: six minutes on most chains. After that it can't happen any more.
pub(super) const MORTALITY: u64 = 64;

/// How long to wait for a block that stays. Longer than a transaction lives and a block takes to be final.
pub(super) const PATIENCE: Duration = Duration::from_secs(600);

impl subxt::tx::Signer<Kind> for Key {
    fn account_id(&self) -> AccountId32 {
        account_id(&self.account())
    }

    fn address(&self) -> MultiAddress<AccountId32, ()> {
        account_id(&self.account()).into()
    }

    fn sign(&self, payload: &[u8]) -> MultiSignature {
        let Signature { scheme, bytes } = self.sign(payload);
        match scheme {
            Scheme::Sr25519 => MultiSignature::Sr25519(bytes),
            Scheme::Ed25519 => MultiSignature::Ed25519(bytes),
        }
    }
}

impl Node {
    /// Tries `call`, and where the contract does not refuse it, sends it.
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
        let tried = self.try_out(&from, call).await?;
        if tried.outcome.reverted {
            return Ok(tried.outcome);
        }
        let payload = self.payload(call, tried.required, tried.outcome.deposit).await?;
        let told = self.send(key, &payload, record).await?;
        let Tried { outcome, .. } = tried;
        match told.error {
            None => Ok(Outcome {
                contract: told.contracts.last().copied().filter(|_| outcome.contract.is_some()),
                fee: told.fee,
                deposit: told.deposit,
                events: told.events,
                ..outcome
            }),
            Some(error) => match name_of(&error, &self.api.metadata()).as_str() {
                // Between the trial and the block something has changed: another trial tells why.
                "ContractReverted" => match self.try_out(&from, call).await? {
                    again if again.outcome.reverted => Ok(Outcome { fee: told.fee, ..again.outcome }),
                    _ => Err(ChainError::Refused("ContractReverted".to_owned())),
                },
                name => Err(ChainError::Refused(name.to_owned())),
            },
        }
    }

    /// Signs a transaction, gives it to `record`, sends it, and waits for a block that stays.
    pub(super) async fn send(
        &self,
        key: &Key,
        payload: &DynamicPayload,
        record: &mut dyn Record,
    ) -> Result<Told, ChainError> {
        let from = key.account();
        // Counts transactions that wait, too.
        let nonce = self.methods.system_account_next_index(&account_id(&from)).await.map_err(failed)?;
        let block = self.block_of_birth().await?;
        let params = Params::new().nonce(nonce).mortal(&block, MORTALITY).build();
        let signed = self.api.tx().create_signed_offline(payload, key, params).map_err(failed)?;
        record.sending(&Submission { transaction: signed.encoded().to_vec(), nonce, birth: block.number })?;
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
                crate::deployment::hexadecimal(&signed.hash().0)
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
                crate::deployment::hexadecimal(&block.block_hash().0)
            ))
        })?;
        Told::of(events.iter(), Some(from))
    }

    /// The block from which a transaction's life counts.
    async fn block_of_birth(&self) -> Result<<Kind as subxt::Config>::Header, ChainError> {
        let hash = self.methods.chain_get_finalized_head().await.map_err(failed)?;
        let header = self.methods.chain_get_header(Some(hash)).await.map_err(failed)?;
        header.ok_or_else(|| ChainError::Unavailable("the node does not have its own newest block".to_owned()))
    }

    /// The transaction of `call` with a signature that is none, to ask what it costs.
    pub(super) async fn unsigned(
        &self,
        from: &AccountId,
        call: &Call<'_>,
        required: Weight,
        deposit: i128,
    ) -> Result<Vec<u8>, ChainError> {
        let payload = self.payload(call, required, deposit).await?;
        let params = Params::new().nonce(0).build();
        let partial = self.api.tx().create_partial_signed_offline(&payload, params).map_err(failed)?;
        let signature = MultiSignature::Sr25519([1; 64]);
        Ok(partial.sign_with_address_and_signature(&account_id(from).into(), &signature).into_encoded())
    }

    /// `call` as the runtime has it, allowed a tenth more weight than it takes now, and a tenth and two records more of storage
    /// deposit: until it is in a block, others' transactions come before it.
    async fn payload(&self, call: &Call<'_>, required: Weight, deposit: i128) -> Result<DynamicPayload, ChainError> {
        let more = |figure: u64| Value::u128(u128::from(figure.saturating_add(figure / 10)));
        let weight = Value::named_composite([
            ("ref_time", more(required.ref_time())),
            ("proof_size", more(required.proof_size())),
        ]);
        let charge = u128::try_from(deposit).unwrap_or(0);
        let charge = charge.saturating_add(charge / 10).saturating_add(self.item_deposit.saturating_mul(2));
        let deposit = Value::unnamed_variant("Some", [Value::u128(charge)]);
        let (value, data) = (Value::u128(call.value), Value::from_bytes(call.data));
        Ok(match call.target {
            Target::Contract(contract) => {
                let dest = Value::unnamed_variant("Id", [account_value(&contract)]);
                subxt::dynamic::tx("Contracts", "call", vec![dest, value, weight, deposit, data])
            }
            Target::New { code, salt } => {
                let hash = sp_core::hashing::blake2_256(code);
                let (name, code) = match self.has_code(&hash).await? {
                    true => ("instantiate", Value::from_bytes(hash)),
                    false => ("instantiate_with_code", Value::from_bytes(code)),
                };
                let salt = Value::from_bytes(salt);
                subxt::dynamic::tx("Contracts", name, vec![value, weight, deposit, code, data, salt])
            }
        })
    }
}

fn transaction(error: TransactionError) -> Error {
    Error::Transaction(error)
}
