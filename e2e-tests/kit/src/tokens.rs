//! PSP22 tokens of other projects: an honest one, and one that cheats on request.

use crooked_token::{Crooked, Trick};
use ink::{
    codegen::TraitCallBuilder,
    contract_ref,
    env::{call::FromAccountId, DefaultEnvironment},
    scale::Encode,
};
use patronage::{bundle, contracts};
use patronage_chain::{accounts::account, Call, Chain, Messages, Signer, Target};
use patronage_embedded::FolderChain;
use patronage_interfaces::AccountId;
use psp22::PSP22;

use crate::{command::ChainFolder, TestEnv};

type CrookedMessages = <contract_ref!(Crooked, DefaultEnvironment) as TraitCallBuilder>::Builder;

fn crooked(token: AccountId) -> CrookedMessages {
    FromAccountId::<DefaultEnvironment>::from_account_id(token)
}

impl TestEnv {
    /// Deploys a token. Creator, ana, ben and cleo have `each` smallest units.
    #[track_caller]
    pub fn foreign_token(&mut self, each: u128) -> AccountId {
        let token = self.deploy("foreign_token", &(4 * each));
        self.hand_out(token, each);
        token
    }

    /// Deploys a token as [`TestEnv::foreign_token`] does, which can cheat later.
    #[track_caller]
    pub fn crooked_token(&mut self, each: u128) -> AccountId {
        let token = self.deploy("crooked_token", &(4 * each));
        self.hand_out(token, each);
        token
    }

    fn hand_out(&mut self, token: AccountId, each: u128) {
        let creator = self.creator;
        for who in [self.ana, self.ben, self.cleo] {
            let transfer = contracts::psp22(token).transfer(who, each, vec![]);
            self.call(creator, 0, transfer).value.expect("the creator has them");
        }
    }

    /// Approves `spender` for all tokens of the four accounts.
    #[track_caller]
    pub fn allow_all(&mut self, token: AccountId, spender: AccountId) {
        for who in [self.creator, self.ana, self.ben, self.cleo] {
            self.call(who, 0, contracts::psp22(token).approve(spender, u128::MAX)).value.expect("anyone can approve");
        }
    }

    /// Token balance of `who`, in smallest units.
    #[track_caller]
    pub fn tokens(&mut self, token: AccountId, who: AccountId) -> u128 {
        self.ask(contracts::psp22(token).balance_of(who))
    }

    /// Sets the trick of a crooked `token`.
    #[track_caller]
    pub fn play(&mut self, token: AccountId, trick: Trick) {
        play(&mut self.chain, &self.creator.into(), token, trick);
    }

    /// Destroys `amount` smallest units of `from` in a crooked `token`.
    #[track_caller]
    pub fn seize(&mut self, token: AccountId, from: AccountId, amount: u128) {
        let creator = self.creator;
        self.call(creator, 0, crooked(token).seize(from, amount));
    }
}

impl ChainFolder {
    /// Opens the chain in the folder.
    pub fn opened(&self) -> FolderChain {
        FolderChain::open(&self.chain(), |_| ()).expect("the chain is there")
    }

    /// Deploys a token as mira. Ana and ben get 1,000,000 smallest units each.
    #[track_caller]
    pub fn token_of_others(&self, name: &str) -> AccountId {
        let token = deployed(&mut self.opened(), &development("mira"), name, &4_000_000_u128);
        for fan in ["ana", "ben"] {
            let transfer = contracts::psp22(token).transfer(development(fan).account(), 1_000_000, Vec::new());
            self.opened().send(&development("mira"), 0, transfer).expect("it answers").value.expect("mira has them");
        }
        token
    }

    /// Sets the trick of a crooked `token`.
    #[track_caller]
    pub fn plays(&self, token: AccountId, trick: Trick) {
        play(&mut self.opened(), &development("mira"), token, trick);
    }
}

/// Signer of the development account `name` on an embedded chain.
fn development(name: &str) -> Signer {
    Signer::from(account(name).expect("a name"))
}

/// Deploys the bundle `name` as `signer` with this argument, on any chain.
#[track_caller]
pub fn deployed(chain: &mut dyn Chain, signer: &Signer, name: &str, argument: &impl Encode) -> AccountId {
    let code = bundle::code(name).expect("the bundles are built: scripts/build --all");
    let data = [ink::selector_bytes!("new").as_slice(), &argument.encode()].concat();
    let target = Target::New { code: &code, salt: b"" };
    let made = chain.submit(signer, &Call { target, value: 0, data: &data });
    made.expect("the chain takes it").contract.expect("a new contract")
}

/// Sets the trick of `signer`'s crooked `token`, on any chain.
#[track_caller]
pub fn play(chain: &mut dyn Chain, signer: &Signer, token: AccountId, trick: Trick) {
    chain.send(signer, 0, crooked(token).play(trick)).expect("it answers");
}
