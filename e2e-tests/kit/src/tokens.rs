//! PSP22 tokens of others: an honest one, and one that can be told to cheat.

use crooked_token::{Crooked, Trick};
use ink::{
    codegen::TraitCallBuilder,
    contract_ref,
    env::{call::FromAccountId, DefaultEnvironment},
};
use patronage_client::suite;
use patronage_interfaces::AccountId;
use psp22::PSP22;

use crate::World;

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
        let creator = self.creator;
        self.call(creator, 0, crooked(token).play(trick));
    }

    /// A crooked `token` destroys `amount` smallest units of `from`.
    #[track_caller]
    pub fn seize(&mut self, token: AccountId, from: AccountId, amount: u128) {
        let creator = self.creator;
        self.call(creator, 0, crooked(token).seize(from, amount));
    }
}
