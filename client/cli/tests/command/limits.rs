//! On the embedded chain, a refused command costs nothing, and a command succeeds if its dry run did.

use patronage::{
    actions::{
        subscriptions::{self, Payment},
        tips,
        token::{self, BuyOrder},
    },
    client::Client,
    deployment::Deployment,
    error::Error,
    plan::TxPlan,
};
use patronage_chain::{accounts::account, Signer};
use patronage_embedded::EmbeddedChain;
use patronage_interfaces::AccountId;
use test_kit::{command::launch_example, UNIT};

/// A chain on which the balance of the sender is set.
struct Settlement {
    chain: EmbeddedChain,
    deployment: Deployment,
    ana: AccountId,
}

impl Settlement {
    /// Executes the plan of `make` as Ana. One planck less than needed is refused, and the exact amount is enough.
    #[track_caller]
    fn acts(&mut self, make: impl Fn(&mut Client<'_>, AccountId) -> Result<TxPlan, Error>) {
        let ana = self.ana;
        let mut client = Client::new(&mut self.chain, self.deployment.clone()).expect("it is launched");
        let plan = make(&mut client, ana).unwrap_or_else(|failure| panic!("{failure}"));
        let cost = plan.preview(&mut client, &ana).unwrap_or_else(|failure| panic!("{failure}"));
        let deposit = u128::try_from(cost.deposit).unwrap_or(0);
        // The existential deposit is one planck, and is required again with a storage deposit.
        let enough = match plan.value() + deposit {
            0 => 0,
            leaves => leaves + 1 + u128::from(deposit > 0),
        };
        for free in enough.saturating_sub(1)..=enough {
            self.has(free);
            let mut client = Client::new(&mut self.chain, self.deployment.clone()).expect("it is launched");
            let plan = make(&mut client, ana).unwrap_or_else(|failure| panic!("{failure}"));
            let done =
                plan.preview(&mut client, &ana).and_then(|_| plan.execute(&mut client, &Signer::from(ana)).map(|_| ()));
            match (free == enough, done) {
                (true, done) => done.unwrap_or_else(|failure| panic!("{failure}")),
                (false, done) => {
                    let words = done.expect_err("a planck is missing").to_string();
                    assert!(words.contains("more"), "{words}");
                    assert_eq!(self.chain.balance(&ana), free);
                }
            }
        }
        self.has(1_000 * UNIT);
    }

    fn has(&mut self, free: u128) {
        let now = self.chain.balance(&self.ana);
        match free.checked_sub(now) {
            Some(more) => self.chain.fund(&self.ana, more).expect("the chain can count it"),
            None => self.chain.destroy(&self.ana, now - free).expect("it is there"),
        }
    }
}

#[test]
fn to_the_planck_it_is_done_or_refused_and_costs_nothing() {
    let who = |name| account(name).expect("a name");
    let mut chain = EmbeddedChain::default();
    for name in ["mira", "ana"] {
        chain.fund(&who(name), 1_000 * UNIT).expect("a new chain");
    }
    let deployment = launch_example(&mut chain);

    let mut sweep = Settlement { chain, deployment, ana: who("ana") };
    sweep.acts(|client, ana| token::buy(client, ana, BuyOrder::Spend(50 * UNIT, None), None));
    sweep.acts(|client, _| token::send(client, who("mira"), UNIT));
    sweep.acts(|client, _| Ok(tips::tip(client, UNIT, "for the encore")));
    sweep.acts(|client, ana| subscriptions::subscribe(client, ana, ana, 0, Payment::Periods(1), None));
    sweep.acts(|client, ana| subscriptions::switch(client, ana, 1, 10 * UNIT, None));
    sweep.acts(subscriptions::cancel);
    sweep.acts(|client, _| token::sell(client, UNIT, None));
}
