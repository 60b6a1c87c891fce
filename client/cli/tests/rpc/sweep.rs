//! Every command that signs, by accounts that have just enough for it, and a planck less.

use std::panic::Location;

use patronage::{
    actions::{
        allowance::{self, Change},
        content, income, ownership, registry, stakes,
        subscriptions::{self, Payment},
        tiers, tips,
        token::{self, Wish},
        vesting,
    },
    batch::Batch,
    deployment::Deployment,
    plan::{Cost, Plan},
    session::{Failure, Session},
};
use patronage_chain::{
    accounts::{account, development_key},
    Chain, ChainError, Signer, Trial, Width,
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

/// A creator who has launched, on a chain that can go back.
struct Settlement<'a> {
    dev: &'a Dev,
    session: Session<'a>,
    /// Moves the clock, over the same connection.
    clock: RpcChain,
    existential_deposit: u128,
    /// A whole unit of the chain's own token.
    unit: u128,
    /// How many commands were swept.
    swept: usize,
}

fn who(name: &str) -> AccountId {
    account(name).expect("a name")
}

/// Sweeps all that `story` does, on a chain with balances of this width. Gives the number of its commands.
fn swept(width: Width, story: impl FnOnce(&mut Settlement<'_>)) -> usize {
    let node = Node::launched(width);
    let dev = Dev::connect(&node, width);
    let clock = RpcChain::connect(node.url()).expect("the node runs");
    let mut chain = clock.clone();
    let properties = chain.properties().clone();
    let deployment = Deployment::read(&node.suite(), &properties.genesis).expect("it was written");
    let session = Session::new(&mut chain, deployment).expect("it is launched");
    let (unit, existential_deposit) = (10_u128.pow(properties.decimals.into()), properties.existential_deposit);
    let mut sweep = Settlement { dev: &dev, session, clock, existential_deposit, unit, swept: 0 };
    story(&mut sweep);
    sweep.swept
}

impl Settlement<'_> {
    /// `name` does what `make` plans: with a planck too little it is refused and nothing is lost, with just enough it is done,
    /// and with a planck more.
    #[track_caller]
    fn acts(&mut self, name: &str, make: impl Fn(&mut Session<'_>, AccountId) -> Result<Plan, Failure>) {
        let place = Location::caller().line();
        let signer = Signer::from(development_key(name).expect("a name"));
        let from = signer.account();
        let failed = |failure: Failure| -> Plan { panic!("line {place}: {failure}") };
        let (rich, nonce) = self.dev.free_and_nonce(&from);
        let plan = make(&mut self.session, from).unwrap_or_else(failed);
        let said = plan.preview(&mut self.session, &from).unwrap_or_else(|failure| panic!("line {place}: {failure}"));

        // All that it costs, and what must stay.
        let beside = if said.deposit > 0 { 2 } else { 1 } * self.existential_deposit;
        let mut enough = plan.value() + said.fee + u128::try_from(said.deposit).unwrap_or(0) + beside;
        let missing = |sweep: &mut Self, free: u128| {
            sweep.dev.set_free(&from, free);
            let answer = plan.preview(&mut sweep.session, &from);
            assert_eq!(sweep.dev.free_and_nonce(&from), (free, nonce), "line {place}");
            match answer {
                Ok(_) => 0,
                Err(Failure::Chain(ChainError::Funds(shortfall))) if !shortfall.more => shortfall.missing(),
                Err(failure) => panic!("line {place}, with {free}: {failure}"),
            }
        };
        // What is approved first is all that can be tried.
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
            let plan = plan.take().unwrap_or_else(|| make(&mut self.session, from).unwrap_or_else(failed));
            let done = plan.preview(&mut self.session, &from).and_then(|_| plan.execute(&mut self.session, &signer));
            paid = done.unwrap_or_else(|failure| panic!("line {place}, with {free}: {failure}")).cost;
            // Of a payment in tokens, what is said before is the cost of the approval.
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
    let whole = 10_u128.pow(sweep.session.units.token.decimals.into());
    sweep.acts("ana", |session, ana| token::buy(session, ana, Wish::Tokens(100 * whole, None), None));
    sweep.acts("ben", |session, ben| token::buy(session, ben, Wish::Spend(50 * unit, None), Some(who("ana"))));
    sweep.acts("ben", |session, _| token::sell(session, whole, None));
    sweep.acts("ana", |session, _| token::send(session, who("ben"), whole));
}

fn tips_and_subscribes(sweep: &mut Settlement<'_>) {
    let unit = sweep.unit;
    let (periods, token) = (Payment::Periods(1), sweep.session.suite().token);
    sweep.acts("ana", |session, _| Ok(tips::tip(session, unit / 5, "for the encore")));
    sweep.acts("ana", |session, ana| tips::tip_token(session, ana, token, 1_000_000, ""));
    sweep.acts("ana", |session, ana| subscriptions::subscribe(session, ana, ana, 0, periods, None));
    sweep.acts("ana", |session, ana| subscriptions::top_up(session, ana, ana, periods));
    sweep.acts("ana", |session, ana| subscriptions::switch(session, ana, 1, 10 * unit, None));
    sweep.passes(1);
    sweep.acts("ana", subscriptions::cancel);
}

fn earns(sweep: &mut Settlement<'_>) {
    sweep.passes(40);
    sweep.acts("cleo", |session, cleo| income::collect(session, cleo, &[]));
    sweep.acts("mira", |session, mira| income::claim(session, mira, &[]));
}

fn rest_of_the_token(sweep: &mut Settlement<'_>) {
    let whole = 10_u128.pow(sweep.session.units.token.decimals.into());
    sweep.acts("ana", |session, ana| {
        token::send_many(session, ana, vec![(who("ben"), whole), (who("cleo"), whole)]).map(Batch::at_once)
    });
    for change in [Change::To(5 * whole), Change::More(2 * whole), Change::Fewer(whole)] {
        sweep.acts("ana", |session, ana| allowance::change(session, ana, who("cleo"), change));
    }
    sweep.acts("cleo", |session, cleo| token::send_from(session, cleo, who("ana"), who("ben"), 6 * whole));
    sweep.acts("ana", |session, _| token::burn(session, whole));
    let now = sweep.session.chain.time().expect("it answers");
    let schedule = Schedule { start: now, cliff: now, end: now + 10 * DAY };
    sweep.acts("ana", |session, _| vesting::grant(session, who("juno"), 10 * whole, schedule));
    sweep.passes(1);
    sweep.acts("ben", |session, _| vesting::release(session, who("ana"), who("juno")));
    sweep.acts("mira", |session, _| token::set_fee_recipient(session, who("juno")));
    sweep.acts("mira", |session, _| token::lower_fees(session, Some(100), None));
    for paused in [true, false] {
        sweep.acts("mira", |session, _| Ok(ownership::set_paused(session, None, paused)));
    }
}

fn rest_of_the_vault(sweep: &mut Settlement<'_>) {
    let token = sweep.session.suite().token;
    let whole = 10_u128.pow(sweep.session.units.token.decimals.into());
    let periods = Payment::Periods(1);
    sweep.acts("mira", |session, _| {
        let asset = Asset::Psp22(token);
        let terms =
            TierTerms { asset, price: 1_000_000, period: DAY, level: 1, seats: None, minimum_stay: 0, uri: Vec::new() };
        tiers::add(session, "Insider", terms)
    });
    let change = tiers::Change { seats: Some(Some(9)), ..tiers::Change::default() };
    sweep.acts("mira", |session, _| tiers::update(session, 2, &change));
    sweep.acts("ben", |session, ben| subscriptions::subscribe(session, ben, ben, 2, Payment::Periods(2), None));
    sweep.acts("ben", |session, ben| subscriptions::top_up(session, ben, ben, periods));
    sweep.acts("dana", |session, dana| subscriptions::subscribe(session, dana, dana, 0, periods, None));
    sweep.acts("mira", |session, _| subscriptions::end(session, who("dana")));
    sweep.acts("mira", |session, _| subscriptions::grant(session, who("dana"), 0, DAY));
    sweep.acts("mira", |session, _| subscriptions::revoke(session, who("dana")));
    sweep.acts("ana", |session, ana| stakes::stake(session, ana, 2 * whole));
    sweep.acts("ana", |session, _| stakes::unstake(session, whole));
    sweep.passes(14);
    sweep.acts("ana", |session, ana| stakes::withdraw(session, ana, &[]));
    sweep.acts("cleo", |session, _| subscriptions::prune(session, who("ben")));
    let all = Share { recipient: who("mira"), bp: 10_000 };
    sweep.acts("cleo", |session, cleo| income::collect(session, cleo, &[]));
    sweep.acts("mira", |session, _| income::set_splits(session, vec![all], 0));
    sweep.acts("mira", |session, _| income::lock_splits(session, DAY));
}

fn rest_of_the_registry(sweep: &mut Settlement<'_>) {
    let unit = sweep.unit;
    let file = Content { uri: b"song.age".to_vec(), hash: [1; 32], public_key: [9; 32] };
    let terms = || Terms { price: Some(unit), ..Terms::from(Audience::Nobody) };
    sweep.acts("mira", |session, _| Ok(content::publish(session, "Song", file.clone(), terms())));
    sweep.acts("mira", |session, _| content::replace_file(session, 3, file.clone()));
    sweep.acts("ana", |session, ana| content::purchase(session, 3, ana, None));
    sweep.acts("mira", |session, _| {
        content::change(session, 3, content::Change { retired: Some(true), ..content::Change::default() })
    });
    sweep.acts("mira", |session, _| registry::set_manager(session, who("juno"), true));
    sweep.acts("juno", |session, _| Ok(registry::set_listed(session, 7, vec![who("ana"), who("ben")], true).at_once()));
    sweep.acts("juno", |session, _| Ok(registry::set_listed(session, 7, vec![who("ben")], false).at_once()));
    sweep.acts("mira", |session, _| registry::set_vault(session, None));
    sweep.acts("mira", |session, _| ownership::propose(session, &ownership::Contract::ALL, who("juno")));
    sweep.acts("juno", |session, juno| ownership::accept(session, juno, &[]));
}

#[test]
fn one_planck_short_signs_nothing_and_just_enough_succeeds() {
    let swept = swept(Width::U128, |sweep| {
        buys_and_sells(sweep);
        tips_and_subscribes(sweep);
        earns(sweep);
        rest_of_the_token(sweep);
        rest_of_the_vault(sweep);
        rest_of_the_registry(sweep);
    });
    println!("{swept} commands");
}

#[test]
fn one_planck_short_signs_nothing_with_64_bit_balances() {
    swept(Width::U64, |sweep| {
        buys_and_sells(sweep);
        tips_and_subscribes(sweep);
        earns(sweep);
    });
}
