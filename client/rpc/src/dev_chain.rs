use patronage_chain::{
    accounts::development_key,
    funds::{affords, Needs},
    keys::Key,
    Chain, ChainError, DevChain,
};
use patronage_interfaces::AccountId;
use subxt::{dynamic::Value, rpc_params};

use super::{
    node::{account_value, Node},
    RpcChain,
};

impl DevChain for RpcChain {
    fn advance(&mut self, milliseconds: u64) -> Result<(), ChainError> {
        let then = self.time()?.saturating_add(milliseconds);
        let node = self.node()?;
        self.wait(async {
            let moved: Result<serde_json::Value, _> = node.client.request("dev_timeTravel", rpc_params![then]).await;
            moved.map(|_| ()).map_err(|error| {
                ChainError::Unavailable(format!(
                    "the clock of this chain can't be moved: use a chain of `scripts/chain` ({error})"
                ))
            })
        })
    }

    fn fund(&mut self, who: &AccountId, amount: u128) -> Result<(), ChainError> {
        if !self.properties.development {
            let message = "accounts can't be funded on this chain: use a development chain";
            return Err(ChainError::Refused(message.to_owned()));
        }
        self.wait(self.node()?.transfer_from_alice(who, amount))
    }
}

impl Node {
    /// Transfers from the development account Alice, who has funds on every development chain.
    async fn transfer_from_alice(&self, who: &AccountId, amount: u128) -> Result<(), ChainError> {
        let alice = development_key("alice").map_err(ChainError::Unavailable)?.into();
        let at = self.hash_of(None).await?;
        // There is no dry run for transfers, so the preconditions are checked here.
        if self.funds(who, Some(at)).await?.free.saturating_add(amount) < self.existential_deposit {
            let least = self.unit.format(self.existential_deposit);
            let message = format!("the amount is below the existential deposit of {least}: choose a larger amount");
            return Err(ChainError::Refused(message));
        }
        let to = Value::unnamed_variant("Id", [account_value(who)]);
        let payload = subxt::dynamic::tx("Balances", "transfer_keep_alive", vec![to, Value::u128(amount)]);
        let key: &Key = &alice;
        let unsigned = self.unsigned(&payload, &self.position(&key.account()).await?)?;
        let fee = self.fee(&key.account(), &unsigned, at).await?;
        affords(self.funds(&key.account(), Some(at)).await?, Needs::new(amount, fee, 0, 0), &self.unit)?;
        match self.send(key, &unsigned, &mut ()).await?.error {
            None => Ok(()),
            Some(error) => Err(ChainError::Refused(error.name(&self.api.metadata()))),
        }
    }
}
