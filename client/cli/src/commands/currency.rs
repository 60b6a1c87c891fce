//! What something is paid in, as the command line says it.

use clap::Args;
use patronage::{
    foreign,
    session::{Failure, Session},
};
use patronage_chain::accounts::parse_address;
use patronage_interfaces::{vault::Asset, AccountId};

use super::desk::at;

/// What it is paid in, if not in the chain's own token.
#[derive(Args)]
#[group(multiple = false)]
pub struct Currency {
    /// In creator tokens instead of the chain's own.
    #[arg(long)]
    in_tokens: bool,
    /// In the PSP22 token at this address.
    #[arg(long, value_name = "ADDRESS")]
    token: Option<String>,
}

impl Currency {
    /// The asset.
    ///
    /// # Errors
    ///
    /// In words, when there is no such token.
    pub fn asset(&self, session: &mut Session<'_>) -> Result<Asset, Failure> {
        match (&self.token, self.in_tokens) {
            (Some(text), _) => {
                let token = parse_address(text).map_err(at("--token"))?;
                match foreign::is_token(session.chain, token)? {
                    true => Ok(Asset::Psp22(token)),
                    false => Err(Failure::Request(format!(
                        "--token: there is no PSP22 token at {text}: it does not say what an account has"
                    ))),
                }
            }
            (None, true) => Ok(Asset::Psp22(session.suite().token)),
            (None, false) => Ok(Asset::Native),
        }
    }
}

/// Tokens that the vault does not know of by its tiers.
#[derive(Args)]
pub struct Others {
    /// Also in the PSP22 token at this address, in which someone has tipped; can be given several times.
    #[arg(long = "token", value_name = "ADDRESS")]
    tokens: Vec<String>,
}

impl Others {
    /// Their addresses. Nobody has to answer there: what the vault owes in a token that is gone is still owed.
    ///
    /// # Errors
    ///
    /// In words, for what is no address.
    pub fn tokens(&self) -> Result<Vec<AccountId>, Failure> {
        self.tokens.iter().map(|text| parse_address(text).map_err(at("--token"))).collect()
    }
}
