use anyhow::Result;
use patronage::contracts::{ownable, psp22_burnable, sale};
use patronage_interfaces::{
    ownable::Ownable as _,
    token::{CreatorToken as _, Schedule},
};
use psp22::PSP22Burnable as _;
use test_kit::{stranger, DAY, TOKEN, UNIT};

use super::{psp22 as standard, token_terms};
use crate::bench_env::{BenchEnv, Record};

/// Measures the creator token.
pub fn measure(record: &mut Record) -> Result<()> {
    let mut env = BenchEnv::new(record);
    let token = env.deploy("creator_token", &token_terms())?;
    let (ana, ben, cleo, creator) = (env.env.ana, env.env.ben, env.env.cleo, env.env.creator);

    env.measure("new holder", ana, 100 * UNIT, sale(token).buy(ana, 0, None))?;
    env.measure("existing holder", ana, 100 * UNIT, sale(token).buy(ana, 0, None))?;
    env.measure("new holder, new referrer", ben, 100 * UNIT, sale(token).buy(ben, 0, Some(cleo)))?;
    env.measure("existing holder and referrer", ben, 100 * UNIT, sale(token).buy(ben, 0, Some(cleo)))?;
    env.measure("new holder", cleo, 100 * UNIT, sale(token).buy_exact(cleo, 5 * TOKEN, None))?;
    env.measure("existing holder", cleo, 100 * UNIT, sale(token).buy_exact(cleo, 5 * TOKEN, None))?;
    env.measure("", ana, 0, sale(token).quote_buy(10 * UNIT))?;
    env.measure("", ana, 0, sale(token).quote_buy_exact(TOKEN))?;
    env.measure("", ana, 0, sale(token).quote_sell(TOKEN))?;
    env.measure("part of what one has", cleo, 0, sale(token).sell(4 * TOKEN, 0))?;
    env.measure("all that one has", cleo, 0, sale(token).sell(6 * TOKEN, 0))?;
    env.measure("", ana, 0, sale(token).spot_price())?;
    env.measure("", ana, 0, sale(token).reserve())?;
    env.measure("", ana, 0, sale(token).curve())?;

    standard::measure(&mut env, token)?;
    env.measure("", ana, 0, psp22_burnable(token).burn(1_000))?;
    for number in [1, 10] {
        let transfers = (0..number).map(|fan| (stranger(number * 100 + fan), 1_000)).collect();
        env.measure(&format!("to {number}, new holders"), ana, 0, sale(token).transfer_many(transfers))?;
    }

    env.measure("of the creator", ana, 0, sale(token).claimable(creator))?;
    env.measure("of a referrer", ana, 0, sale(token).claimable(cleo))?;
    env.measure("of the creator", creator, 0, sale(token).claim())?;
    env.measure("of a referrer", cleo, 0, sale(token).claim())?;

    let start = env.env.chain.now();
    let schedule = Schedule { start, cliff: start, end: start + 10 * DAY };
    env.measure("", ana, 0, sale(token).vest(cleo, 10 * TOKEN, schedule))?;
    env.measure("", ana, 0, sale(token).vesting_of(ana, cleo))?;
    env.env.chain.advance(DAY);
    env.measure("a part, new holder", cleo, 0, sale(token).release(ana, cleo))?;
    env.env.chain.advance(DAY);
    env.measure("a part", cleo, 0, sale(token).release(ana, cleo))?;
    env.env.chain.advance(8 * DAY);
    env.measure("the rest", cleo, 0, sale(token).release(ana, cleo))?;

    env.measure("nothing is kept", ana, 0, sale(token).prune_bought(ben))?;
    env.measure("", creator, 0, sale(token).lower_fees(200, 50))?;
    env.measure("", creator, 0, sale(token).set_paused(true))?;
    env.run(creator, 0, sale(token).set_paused(false))?;
    env.measure("", creator, 0, ownable(token).propose_owner(ana))?;
    env.measure("", ana, 0, ownable(token).pending_owner())?;
    env.measure("", ana, 0, ownable(token).accept_ownership())?;
    env.measure("", ana, 0, ownable(token).owner())?;
    env.run(ben, 10 * UNIT, sale(token).buy(ben, 0, None))?;
    env.measure("with fees that wait", ana, 0, sale(token).set_fee_recipient(creator))?;
    env.measure("", ana, 0, sale(token).fee_recipient())?;
    Ok(())
}
