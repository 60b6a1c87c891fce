//! PSP22 tokens of others: an honest one, and one that can be told to cheat.

use crooked_token::{Crooked, Trick};
use ink::{
    codegen::TraitCallBuilder,
    contract_ref,
    env::{call::FromAccountId, DefaultEnvironment},
    scale::Encode,
};
use patronage::{bundle, contracts as suite};
use patronage_chain::{accounts::account, Call, Chain, Messages, Signer, Target};
use patronage_embedded::FolderChain;
use patronage_interfaces::AccountId;
use psp22::PSP22;

use crate::{command::Home, World};

type CrookedMessages = <contract_ref!(Crooked, DefaultEnvironment) as TraitCallBuilder>::Builder;

fn crooked(token: AccountId) -> CrookedMessages {
    FromAccountId::<DefaultEnvironment>::from_account_id(token)
}

impl World {
    /// A token of which creator, ana, ben and cleo have `each` smallest units.
    #[track_caller]
    pub fn foreign_token(&mut self, each: u128) -> AccountId {
        let token = self.deploy("foreign_token", &(4 * each));
        self.hand_out(token, each);
        token
    }

    /// A token as [`World::foreign_token`] makes it, that plays no trick yet.
    #[track_caller]
    pub fn crooked_token(&mut self, each: u128) -> AccountId {
        let token = self.deploy("crooked_token", &(4 * each));
        self.hand_out(token, each);
        token
    }

    fn hand_out(&mut self, token: AccountId, each: u128) {
        let creator = self.creator;
        for who in [self.ana, self.ben, self.cleo] {
            let transfer = suite::psp22(token).transfer(who, each, vec![]);
            self.call(creator, 0, transfer).value.expect("the creator has them");
        }
    }

    /// Lets `spender` take all that the four people have of `token`.
    #[track_caller]
    pub fn allow_all(&mut self, token: AccountId, spender: AccountId) {
        for who in [self.creator, self.ana, self.ben, self.cleo] {
            self.call(who, 0, suite::psp22(token).approve(spender, u128::MAX)).value.expect("anyone can approve");
        }
    }

    /// What `who` has of `token`, in smallest units.
    #[track_caller]
    pub fn tokens(&mut self, token: AccountId, who: AccountId) -> u128 {
        self.ask(suite::psp22(token).balance_of(who))
    }

    /// From now on a crooked `token` plays `trick`.
    #[track_caller]
    pub fn play(&mut self, token: AccountId, trick: Trick) {
        play(&mut self.chain, &self.creator.into(), token, trick);
    }

    /// A crooked `token` destroys `amount` smallest units of `from`.
    #[track_caller]
    pub fn seize(&mut self, token: AccountId, from: AccountId, amount: u128) {
        let creator = self.creator;
        self.call(creator, 0, crooked(token).seize(from, amount));
    }
}

impl Home {
    /// The chain in its folder.
    pub fn opened(&self) -> FolderChain {
        FolderChain::open(&self.chain(), |_| ()).expect("the chain is there")
    }

    /// A token of mira's of which ana has 1,000,000 smallest units and ben as many.
    #[track_caller]
    pub fn token_of_others(&self, name: &str) -> AccountId {
        let token = deployed(&mut self.opened(), &development("mira"), name, &4_000_000_u128);
        for fan in ["ana", "ben"] {
            let transfer = suite::psp22(token).transfer(development(fan).account(), 1_000_000, Vec::new());
            self.opened().send(&development("mira"), 0, transfer).expect("it answers").value.expect("mira has them");
        }
        token
    }

    /// From now on a crooked `token` plays `trick`.
    #[track_caller]
    pub fn plays(&self, token: AccountId, trick: Trick) {
        play(&mut self.opened(), &development("mira"), token, trick);
    }
}

/// The development account `name`, as a chain in this process knows who sends.
fn development(name: &str) -> Signer {
    Signer::from(account(name).expect("a name"))
}

/// The new contract of the bundle `name` that `signer` makes with this argument, on any chain.
#[track_caller]
pub fn deployed(chain: &mut dyn Chain, signer: &Signer, name: &str, argument: &impl Encode) -> AccountId {
    let code = bundle::code(name).expect("the bundles are built: scripts/build --all");
    let data = [ink::selector_bytes!("new").as_slice(), &argument.encode()].concat();
    let target = Target::New { code: &code, salt: b"" };
    let made = chain.submit(signer, &Call { target, value: 0, data: &data });
    made.expect("the chain takes it").contract.expect("a new contract")
}

/// From now on a crooked `token` of `signer`'s plays `trick`, on any chain.
#[track_caller]
pub fn play(chain: &mut dyn Chain, signer: &Signer, token: AccountId, trick: Trick) {
    chain.send(signer, 0, crooked(token).play(trick)).expect("it answers");
}
