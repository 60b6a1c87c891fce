use anyhow::Result;
use patronage::contracts::{ownable, psp22_burnable, sale};
use patronage_interfaces::{
    ownable::Ownable as _,
    token::{CreatorToken as _, Schedule},
};
use psp22::PSP22Burnable as _;
use test_kit::{stranger, DAY, TOKEN, UNIT};

use super::{psp22 as standard, token_terms};
use crate::stage::{Record, Stage};

/// Measures the creator token.
pub fn measure(record: &mut Record) -> Result<()> {
    let mut stage = Stage::new(record);
    let token = stage.deploy("creator_token", &token_terms())?;
    let (ana, ben, cleo, creator) = (stage.world.ana, stage.world.ben, stage.world.cleo, stage.world.creator);

    stage.measure("new holder", ana, 100 * UNIT, sale(token).buy(ana, 0, None))?;
    stage.measure("existing holder", ana, 100 * UNIT, sale(token).buy(ana, 0, None))?;
    stage.measure("new holder, new referrer", ben, 100 * UNIT, sale(token).buy(ben, 0, Some(cleo)))?;
    stage.measure("existing holder and referrer", ben, 100 * UNIT, sale(token).buy(ben, 0, Some(cleo)))?;
    stage.measure("new holder", cleo, 100 * UNIT, sale(token).buy_exact(cleo, 5 * TOKEN, None))?;
    stage.measure("existing holder", cleo, 100 * UNIT, sale(token).buy_exact(cleo, 5 * TOKEN, None))?;
    stage.measure("", ana, 0, sale(token).quote_buy(10 * UNIT))?;
    stage.measure("", ana, 0, sale(token).quote_buy_exact(TOKEN))?;
    stage.measure("", ana, 0, sale(token).quote_sell(TOKEN))?;
    stage.measure("part of what one has", cleo, 0, sale(token).sell(4 * TOKEN, 0))?;
    stage.measure("all that one has", cleo, 0, sale(token).sell(6 * TOKEN, 0))?;
    stage.measure("", ana, 0, sale(token).spot_price())?;
    stage.measure("", ana, 0, sale(token).reserve())?;
    stage.measure("", ana, 0, sale(token).curve())?;

    standard::measure(&mut stage, token)?;
    stage.measure("", ana, 0, psp22_burnable(token).burn(1_000))?;
    for number in [1, 10] {
        let transfers = (0..number).map(|fan| (stranger(number * 100 + fan), 1_000)).collect();
        stage.measure(&format!("to {number}, new holders"), ana, 0, sale(token).transfer_many(transfers))?;
    }

    stage.measure("of the creator", ana, 0, sale(token).claimable(creator))?;
    stage.measure("of a referrer", ana, 0, sale(token).claimable(cleo))?;
    stage.measure("of the creator", creator, 0, sale(token).claim())?;
    stage.measure("of a referrer", cleo, 0, sale(token).claim())?;

    let start = stage.world.chain.now();
    let schedule = Schedule { start, cliff: start, end: start + 10 * DAY };
    stage.measure("", ana, 0, sale(token).vest(cleo, 10 * TOKEN, schedule))?;
    stage.measure("", ana, 0, sale(token).vesting_of(ana, cleo))?;
    stage.world.chain.advance(DAY);
    stage.measure("a part, new holder", cleo, 0, sale(token).release(ana, cleo))?;
    stage.world.chain.advance(DAY);
    stage.measure("a part", cleo, 0, sale(token).release(ana, cleo))?;
    stage.world.chain.advance(8 * DAY);
    stage.measure("the rest", cleo, 0, sale(token).release(ana, cleo))?;

    stage.measure("nothing is kept", ana, 0, sale(token).prune_bought(ben))?;
    stage.measure("", creator, 0, sale(token).lower_fees(200, 50))?;
    stage.measure("", creator, 0, sale(token).set_paused(true))?;
    stage.run(creator, 0, sale(token).set_paused(false))?;
    stage.measure("", creator, 0, ownable(token).propose_owner(ana))?;
    stage.measure("", ana, 0, ownable(token).pending_owner())?;
    stage.measure("", ana, 0, ownable(token).accept_ownership())?;
    stage.measure("", ana, 0, ownable(token).owner())?;
    stage.run(ben, 10 * UNIT, sale(token).buy(ben, 0, None))?;
    stage.measure("with fees that wait", ana, 0, sale(token).set_fee_recipient(creator))?;
    stage.measure("", ana, 0, sale(token).fee_recipient())?;
    Ok(())
}
