use anyhow::Result;
use patronage::contracts::{psp22, psp22_metadata};
use patronage_interfaces::AccountId;
use psp22::{PSP22Metadata as _, PSP22 as _};

use crate::stage::Stage;

/// Measures what every PSP22 token can do. Ana and ben have tokens, cleo has none, before and after.
pub fn measure(stage: &mut Stage<'_>, token: AccountId) -> Result<()> {
    let (ana, ben, cleo) = (stage.world.ana, stage.world.ben, stage.world.cleo);
    stage.measure("", ana, 0, psp22(token).total_supply())?;
    stage.measure("", ana, 0, psp22(token).balance_of(ana))?;
    stage.measure("new holder", ana, 0, psp22(token).transfer(cleo, 1_000, vec![]))?;
    stage.measure("existing holder", ana, 0, psp22(token).transfer(ben, 1_000, vec![]))?;
    stage.measure("all that one has", cleo, 0, psp22(token).transfer(ben, 1_000, vec![]))?;
    stage.measure("new allowance", ana, 0, psp22(token).approve(cleo, 10_000))?;
    stage.measure("changed allowance", ana, 0, psp22(token).approve(cleo, 20_000))?;
    stage.measure("", ana, 0, psp22(token).allowance(ana, cleo))?;
    stage.measure("", ana, 0, psp22(token).increase_allowance(cleo, 2_000))?;
    stage.measure("", ana, 0, psp22(token).decrease_allowance(cleo, 1_000))?;
    stage.measure("part of the allowance", cleo, 0, psp22(token).transfer_from(ana, ben, 1_000, vec![]))?;
    stage.measure("all of the allowance", cleo, 0, psp22(token).transfer_from(ana, ben, 20_000, vec![]))?;
    stage.measure("", ana, 0, psp22_metadata(token).token_name())?;
    stage.measure("", ana, 0, psp22_metadata(token).token_symbol())?;
    stage.measure("", ana, 0, psp22_metadata(token).token_decimals())?;
    Ok(())
}
