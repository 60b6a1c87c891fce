//! Options for the asset of a payment.

use clap::Args;
use patronage::{client::Client, error::Error, foreign};
use patronage_chain::accounts::parse_address;
use patronage_interfaces::{vault::Asset, AccountId};

use super::context::at;

/// The asset, if it is not the chain's own token.
#[derive(Args)]
#[group(multiple = false)]
pub struct Currency {
    /// Uses creator tokens.
    #[arg(long)]
    in_tokens: bool,
    /// Uses the PSP22 token at this address.
    #[arg(long, value_name = "ADDRESS")]
    token: Option<String>,
}

impl Currency {
    /// The asset.
    ///
    /// # Errors
    ///
    /// If there is no such token.
    pub fn asset(&self, client: &mut Client<'_>) -> Result<Asset, Error> {
        match (&self.token, self.in_tokens) {
            (Some(text), _) => {
                let token = parse_address(text).map_err(at("--token"))?;
                match foreign::is_token(client.chain, token)? {
                    true => Ok(Asset::Psp22(token)),
                    false => {
                        Err(Error::Request(format!("--token: there is no PSP22 token at {text}: check the address")))
                    }
                }
            }
            (None, true) => Ok(Asset::Psp22(client.contracts().token)),
            (None, false) => Ok(Asset::Native),
        }
    }
}

/// Tokens in addition to those of the tiers.
#[derive(Args)]
pub struct Others {
    /// Includes the PSP22 token at this address, such as one of a tip. Can be given several times.
    #[arg(long = "token", value_name = "ADDRESS")]
    tokens: Vec<String>,
}

impl Others {
    /// Their addresses. They are not queried, because the vault can also owe amounts in a token that no longer answers.
    ///
    /// # Errors
    ///
    /// If one is not an address.
    pub fn tokens(&self) -> Result<Vec<AccountId>, Error> {
        self.tokens.iter().map(|text| parse_address(text).map_err(at("--token"))).collect()
    }
}
