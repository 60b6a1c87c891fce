use patronage_chain::{
    accounts::development_key,
    funds::{affords, Needs},
    keys::Key,
    Chain, ChainError, Trial,
};
use patronage_interfaces::AccountId;
use subxt::{dynamic::Value, rpc_params};

use super::{
    node::{account_value, Node},
    RpcChain,
};

impl Trial for RpcChain {
    fn advance(&mut self, milliseconds: u64) -> Result<(), ChainError> {
        let then = self.time()?.saturating_add(milliseconds);
        let node = self.node()?;
        self.wait(async {
            let moved: Result<serde_json::Value, _> = node.client.request("dev_timeTravel", rpc_params![then]).await;
            moved.map(|_| ()).map_err(|error| {
                let words =
                    format!("the time of this chain can't be moved: that is for chains of `scripts/chain` ({error})");
                ChainError::Unavailable(words)
            })
        })
    }

    fn fund(&mut self, who: &AccountId, amount: u128) -> Result<(), ChainError> {
        if !self.properties.development {
            let words = "there is no new money on this chain: only chains for trying things give it";
            return Err(ChainError::Refused(words.to_owned()));
        }
        self.wait(self.node()?.give(who, amount))
    }
}

impl Node {
    /// A gift of the development account that has money on every such chain.
    async fn give(&self, who: &AccountId, amount: u128) -> Result<(), ChainError> {
        let alice = development_key("alice").map_err(ChainError::Unavailable)?.into();
        let at = self.hash_of(None).await?;
        // No runtime tries a transfer, so what could make it fail is checked here.
        if self.funds(who, Some(at)).await?.free.saturating_add(amount) < self.existential_deposit {
            let least = self.unit.format(self.existential_deposit);
            let words = format!("an account has at least {least}, or it does not exist: give it more");
            return Err(ChainError::Refused(words));
        }
        let to = Value::unnamed_variant("Id", [account_value(who)]);
        let payload = subxt::dynamic::tx("Balances", "transfer_keep_alive", vec![to, Value::u128(amount)]);
        let key: &Key = &alice;
        let unsigned = self.unsigned(&payload, &self.place(&key.account()).await?)?;
        let fee = self.fee(&key.account(), &unsigned, at).await?;
        affords(self.funds(&key.account(), Some(at)).await?, Needs::new(amount, fee, 0, 0), &self.unit)?;
        match self.send(key, &unsigned, &mut ()).await?.error {
            None => Ok(()),
            Some(error) => Err(ChainError::Refused(error.name(&self.api.metadata()))),
        }
    }
}
