//! Runs every command that signs with exactly the needed funds, and with one planck less.

use std::panic::Location;

use patronage::{
    actions::{
        allowance::{self, Change},
        content, income, ownership, registry, stakes,
        subscriptions::{self, Payment},
        tiers, tips,
        token::{self, BuyOrder},
        vesting,
    },
    batch::Batch,
    client::Client,
    deployment::Deployment,
    error::Error,
    plan::{Cost, TxPlan},
};
use patronage_chain::{
    accounts::{account, development_key},
    Chain, ChainError, DevChain, Signer, Width,
};
use patronage_interfaces::{
    registry::{Audience, Content, Terms},
    token::Schedule,
    vault::{Asset, Share, TierTerms},
    AccountId,
};
use patronage_rpc::RpcChain;
use test_kit::{dev::Dev, node::Node};

const DAY: u64 = 86_400_000;

/// A launched creator, on a chain that can be reset.
struct Settlement<'a> {
    dev: &'a Dev,
    client: Client<'a>,
    /// Moves the clock, over the same connection.
    clock: RpcChain,
    existential_deposit: u128,
    /// A whole unit of the chain's own token.
    unit: u128,
    /// Number of commands.
    swept: usize,
}

fn who(name: &str) -> AccountId {
    account(name).expect("a name")
}

/// Runs the commands of `story` on a chain with balances of this width. Returns their number.
fn swept(width: Width, story: impl FnOnce(&mut Settlement<'_>)) -> usize {
    let node = Node::launched(width);
    let dev = Dev::connect(&node, width);
    let clock = RpcChain::connect(node.url()).expect("the node runs");
    let mut chain = clock.clone();
    let properties = chain.properties().clone();
    let deployment = Deployment::read(&node.deployment(), &properties.genesis).expect("it was written");
    let client = Client::new(&mut chain, deployment).expect("it is launched");
    let (unit, existential_deposit) = (10_u128.pow(properties.decimals.into()), properties.existential_deposit);
    let mut sweep = Settlement { dev: &dev, client, clock, existential_deposit, unit, swept: 0 };
    story(&mut sweep);
    sweep.swept
}

impl Settlement<'_> {
    /// Executes the plan of `make` as `name`. With one planck less than needed, it is refused and nothing is lost. With the needed funds, or
    /// one planck more, it succeeds.
    #[track_caller]
    fn acts(&mut self, name: &str, make: impl Fn(&mut Client<'_>, AccountId) -> Result<TxPlan, Error>) {
        let place = Location::caller().line();
        let signer = Signer::from(development_key(name).expect("a name"));
        let from = signer.account();
        let failed = |failure: Error| -> TxPlan { panic!("line {place}: {failure}") };
        let (rich, nonce) = self.dev.free_and_nonce(&from);
        let plan = make(&mut self.client, from).unwrap_or_else(failed);
        let said = plan.preview(&mut self.client, &from).unwrap_or_else(|failure| panic!("line {place}: {failure}"));

        // All costs, and the amount that must stay.
        let beside = if said.deposit > 0 { 2 } else { 1 } * self.existential_deposit;
        let mut enough = plan.value() + said.fee + u128::try_from(said.deposit).unwrap_or(0) + beside;
        let missing = |sweep: &mut Self, free: u128| {
            sweep.dev.set_free(&from, free);
            let answer = plan.preview(&mut sweep.client, &from);
            assert_eq!(sweep.dev.free_and_nonce(&from), (free, nonce), "line {place}");
            match answer {
                Ok(_) => 0,
                Err(Error::Chain(ChainError::Funds(shortfall))) if !shortfall.unknown_deposit => shortfall.missing(),
                Err(failure) => panic!("line {place}, with {free}: {failure}"),
            }
        };
        // Only the approval can be dry-run.
        let is_prepared = plan.quote.json().get("approved_for_the_vault_first").is_some();
        if is_prepared {
            enough += missing(self, enough);
        }
        assert_eq!(missing(self, enough - 1), 1, "line {place}");

        let start = self.dev.head();
        let (mut plan, mut paid) = (Some(plan), Cost::default());
        for free in [enough, enough + 1] {
            self.dev.go_back(&start);
            self.dev.set_free(&from, free);
            let plan = plan.take().unwrap_or_else(|| make(&mut self.client, from).unwrap_or_else(failed));
            let done = plan.preview(&mut self.client, &from).and_then(|_| plan.execute(&mut self.client, &signer));
            paid = done.unwrap_or_else(|failure| panic!("line {place}, with {free}: {failure}")).cost;
            // For a payment in tokens, the quoted cost is that of the approval.
            let most = if is_prepared { enough } else { said.fee };
            assert!(paid.fee <= most, "line {place}: a fee of {most} was {}", paid.fee);
        }
        self.dev.set_free(&from, rich);
        self.swept += 1;
        println!("line {place}: {name} has {enough}, for {} of fees and {} of deposit", paid.fee, paid.deposit);
    }

    fn passes(&mut self, days: u64) {
        self.clock.advance(days * DAY).expect("it is a chain for tests");
    }
}

fn buys_and_sells(sweep: &mut Settlement<'_>) {
    let unit = sweep.unit;
    let whole = 10_u128.pow(sweep.client.units.token.decimals.into());
    sweep.acts("ana", |client, ana| token::buy(client, ana, BuyOrder::Tokens(100 * whole, None), None));
    sweep.acts("ben", |client, ben| token::buy(client, ben, BuyOrder::Spend(50 * unit, None), Some(who("ana"))));
    sweep.acts("ben", |client, _| token::sell(client, whole, None));
    sweep.acts("ana", |client, _| token::send(client, who("ben"), whole));
}

fn tips_and_subscribes(sweep: &mut Settlement<'_>) {
    let unit = sweep.unit;
    let (periods, token) = (Payment::Periods(1), sweep.client.contracts().token);
    sweep.acts("ana", |client, _| Ok(tips::tip(client, unit / 5, "for the encore")));
    sweep.acts("ana", |client, ana| tips::tip_token(client, ana, token, 1_000_000, ""));
    sweep.acts("ana", |client, ana| subscriptions::subscribe(client, ana, ana, 0, periods, None));
    sweep.acts("ana", |client, ana| subscriptions::top_up(client, ana, ana, periods));
    sweep.acts("ana", |client, ana| subscriptions::switch(client, ana, 1, 10 * unit, None));
    sweep.passes(1);
    sweep.acts("ana", subscriptions::cancel);
}

fn earns(sweep: &mut Settlement<'_>) {
    sweep.passes(40);
    sweep.acts("cleo", |client, cleo| income::collect(client, cleo, &[]));
    sweep.acts("mira", |client, mira| income::claim(client, mira, &[]));
}

fn rest_of_the_token(sweep: &mut Settlement<'_>) {
    let whole = 10_u128.pow(sweep.client.units.token.decimals.into());
    sweep.acts("ana", |client, ana| {
        token::send_many(client, ana, vec![(who("ben"), whole), (who("cleo"), whole)]).map(Batch::into_plan)
    });
    for change in [Change::To(5 * whole), Change::More(2 * whole), Change::Fewer(whole)] {
        sweep.acts("ana", |client, ana| allowance::change(client, ana, who("cleo"), change));
    }
    sweep.acts("cleo", |client, cleo| token::send_from(client, cleo, who("ana"), who("ben"), 6 * whole));
    sweep.acts("ana", |client, _| token::burn(client, whole));
    let now = sweep.client.chain.time().expect("it answers");
    let schedule = Schedule { start: now, cliff: now, end: now + 10 * DAY };
    sweep.acts("ana", |client, _| vesting::grant(client, who("juno"), 10 * whole, schedule));
    sweep.passes(1);
    sweep.acts("ben", |client, _| vesting::release(client, who("ana"), who("juno")));
    sweep.acts("mira", |client, _| token::set_fee_recipient(client, who("juno")));
    sweep.acts("mira", |client, _| token::lower_fees(client, Some(100), None));
    for paused in [true, false] {
        sweep.acts("mira", |client, _| Ok(ownership::set_paused(client, None, paused)));
    }
}

fn rest_of_the_vault(sweep: &mut Settlement<'_>) {
    let token = sweep.client.contracts().token;
    let whole = 10_u128.pow(sweep.client.units.token.decimals.into());
    let periods = Payment::Periods(1);
    sweep.acts("mira", |client, _| {
        let asset = Asset::Psp22(token);
        let terms =
            TierTerms { asset, price: 1_000_000, period: DAY, level: 1, seats: None, minimum_stay: 0, uri: Vec::new() };
        tiers::add(client, "Insider", terms)
    });
    let change = tiers::Change { seats: Some(Some(9)), ..tiers::Change::default() };
    sweep.acts("mira", |client, _| tiers::update(client, 2, &change));
    sweep.acts("ben", |client, ben| subscriptions::subscribe(client, ben, ben, 2, Payment::Periods(2), None));
    sweep.acts("ben", |client, ben| subscriptions::top_up(client, ben, ben, periods));
    sweep.acts("dana", |client, dana| subscriptions::subscribe(client, dana, dana, 0, periods, None));
    sweep.acts("mira", |client, _| subscriptions::end(client, who("dana")));
    sweep.acts("mira", |client, _| subscriptions::grant(client, who("dana"), 0, DAY));
    sweep.acts("mira", |client, _| subscriptions::revoke(client, who("dana")));
    sweep.acts("ana", |client, ana| stakes::stake(client, ana, 2 * whole));
    sweep.acts("ana", |client, _| stakes::unstake(client, whole));
    sweep.passes(14);
    sweep.acts("ana", |client, ana| stakes::withdraw(client, ana, &[]));
    sweep.acts("cleo", |client, _| subscriptions::prune(client, who("ben")));
    let all = Share { recipient: who("mira"), bp: 10_000 };
    sweep.acts("cleo", |client, cleo| income::collect(client, cleo, &[]));
    sweep.acts("mira", |client, _| income::set_splits(client, vec![all], 0));
    sweep.acts("mira", |client, _| income::lock_splits(client, DAY));
}

fn rest_of_the_registry(sweep: &mut Settlement<'_>) {
    let unit = sweep.unit;
    let file = Content { uri: b"song.age".to_vec(), hash: [1; 32], public_key: [9; 32] };
    let terms = || Terms { price: Some(unit), ..Terms::from(Audience::Nobody) };
    sweep.acts("mira", |client, _| Ok(content::publish(client, "Song", file.clone(), terms())));
    sweep.acts("mira", |client, _| content::replace_file(client, 3, file.clone()));
    sweep.acts("ana", |client, ana| content::purchase(client, 3, ana, None));
    sweep.acts("mira", |client, _| {
        content::change(client, 3, content::Change { retired: Some(true), ..content::Change::default() })
    });
    sweep.acts("mira", |client, _| registry::set_manager(client, who("juno"), true));
    sweep.acts("juno", |client, _| Ok(registry::set_listed(client, 7, vec![who("ana"), who("ben")], true).into_plan()));
    sweep.acts("juno", |client, _| Ok(registry::set_listed(client, 7, vec![who("ben")], false).into_plan()));
    sweep.acts("mira", |client, _| registry::set_vault(client, None));
    sweep.acts("mira", |client, _| ownership::propose(client, &ownership::Contract::ALL, who("juno")));
    sweep.acts("juno", |client, juno| ownership::accept(client, juno, &[]));
}

/// Every command that signs.
fn all_commands(sweep: &mut Settlement<'_>) {
    buys_and_sells(sweep);
    tips_and_subscribes(sweep);
    earns(sweep);
    rest_of_the_token(sweep);
    rest_of_the_vault(sweep);
    rest_of_the_registry(sweep);
}

#[test]
fn one_planck_short_signs_nothing_and_just_enough_succeeds() {
    let swept = swept(Width::U128, all_commands);
    println!("{swept} commands");
}

#[test]
fn one_planck_short_signs_nothing_with_64_bit_balances() {
    swept(Width::U64, all_commands);
}
