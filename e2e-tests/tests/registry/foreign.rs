//! Contracts of other projects: any PSP22 token, and any vault that implements the trait.

use patronage::contracts;
use patronage_interfaces::{
    patronage::{Patronage, Standing},
    registry::{Condition, Shortfall},
};
use psp22::PSP22;
use test_kit::{
    access::{any_of, by_rule, denied, holds, subscribed, subscription},
    TestEnv,
};

#[test]
fn the_reference_psp22_token_decides_about_access() {
    let mut env = TestEnv::default();
    let (creator, ana, registry) = (env.creator, env.ana, env.registry());
    let token = env.deploy("foreign_token", &100_u128);
    let condition = holds(token, 60);
    let id = env.publish(registry, any_of(&[&[condition]]));
    assert_eq!(env.access(registry, id, creator), by_rule(0));
    assert_eq!(env.access(registry, id, ana), denied(condition, Shortfall::Amount { have: 0, short_by: 60 }));
    env.call(creator, 0, contracts::psp22(token).transfer(ana, 59, vec![])).value.unwrap();
    assert_eq!(env.access(registry, id, creator), denied(condition, Shortfall::Amount { have: 41, short_by: 19 }));
    assert_eq!(env.access(registry, id, ana), denied(condition, Shortfall::Amount { have: 59, short_by: 1 }));
    env.call(creator, 0, contracts::psp22(token).transfer(ana, 1, vec![])).value.unwrap();
    assert_eq!(env.access(registry, id, ana), by_rule(0));
}

#[test]
fn a_vault_of_another_project_decides_about_access() {
    let mut env = TestEnv::default();
    let (ana, ben, cleo, registry) = (env.ana, env.ben, env.cleo, env.registry());
    let now = env.chain.now();
    let member = Standing { tipped: 7, staked: 20, staked_since: now, ..subscription(2, now - 100, now + 10) };
    let members = vec![(ana, member), (ben, subscription(3, now - 1_000, now - 5))];
    let vault = env.deploy("foreign_vault", &(members, 0_u128));
    assert_eq!(env.ask(contracts::patronage(vault).standing_of(ana)), member);
    let token = env.deploy("foreign_token", &0_u128);

    let both = Condition::HoldsOrStaked { token, vault, amount: 20 };
    let long = Condition::SubscribedFor { vault, level: 2, lasting: 100 };
    let all = [
        subscribed(vault, 2),
        long,
        Condition::Tipped { vault, amount: 7 },
        Condition::Staked { vault, amount: 20 },
        both,
    ];
    let id = env.publish(registry, any_of(&[&all]));
    assert_eq!(env.access(registry, id, ana), by_rule(0));

    let shortfall = |level, ended, wait| Shortfall::Subscription { level, ended, wait };
    for (condition, of_ana, of_ben, of_cleo) in [
        (
            subscribed(vault, 3),
            Some(shortfall(2, None, 0)),
            Some(shortfall(0, Some(now - 5), 0)),
            Some(shortfall(0, None, 0)),
        ),
        (Condition::Subscribed { vault, level: 2, grace: 6 }, None, None, Some(shortfall(0, None, 0))),
        (
            Condition::SubscribedFor { vault, level: 1, lasting: 101 },
            Some(shortfall(2, None, 1)),
            Some(shortfall(0, Some(now - 5), 101)),
            Some(shortfall(0, None, 101)),
        ),
        (
            Condition::Staked { vault, amount: 21 },
            Some(Shortfall::Amount { have: 20, short_by: 1 }),
            Some(Shortfall::Amount { have: 0, short_by: 21 }),
            Some(Shortfall::Amount { have: 0, short_by: 21 }),
        ),
    ] {
        let id = env.publish(registry, any_of(&[&[condition]]));
        for (who, shortfall) in [(ana, of_ana), (ben, of_ben), (cleo, of_cleo)] {
            let expected = shortfall.map_or(by_rule(0), |shortfall| denied(condition, shortfall));
            assert_eq!(env.access(registry, id, who), expected);
        }
    }
}
