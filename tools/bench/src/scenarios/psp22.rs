use anyhow::Result;
use patronage::contracts::{psp22, psp22_metadata};
use patronage_interfaces::AccountId;
use psp22::{PSP22Metadata as _, PSP22 as _};

use crate::bench_env::BenchEnv;

/// Measures the messages of every PSP22 token. Ana and ben have tokens. Cleo has none, before and after.
pub fn measure(env: &mut BenchEnv<'_>, token: AccountId) -> Result<()> {
    let (ana, ben, cleo) = (env.env.ana, env.env.ben, env.env.cleo);
    env.measure("", ana, 0, psp22(token).total_supply())?;
    env.measure("", ana, 0, psp22(token).balance_of(ana))?;
    env.measure("new holder", ana, 0, psp22(token).transfer(cleo, 1_000, vec![]))?;
    env.measure("existing holder", ana, 0, psp22(token).transfer(ben, 1_000, vec![]))?;
    env.measure("all that one has", cleo, 0, psp22(token).transfer(ben, 1_000, vec![]))?;
    env.measure("new allowance", ana, 0, psp22(token).approve(cleo, 10_000))?;
    env.measure("changed allowance", ana, 0, psp22(token).approve(cleo, 20_000))?;
    env.measure("", ana, 0, psp22(token).allowance(ana, cleo))?;
    env.measure("", ana, 0, psp22(token).increase_allowance(cleo, 2_000))?;
    env.measure("", ana, 0, psp22(token).decrease_allowance(cleo, 1_000))?;
    env.measure("part of the allowance", cleo, 0, psp22(token).transfer_from(ana, ben, 1_000, vec![]))?;
    env.measure("all of the allowance", cleo, 0, psp22(token).transfer_from(ana, ben, 20_000, vec![]))?;
    env.measure("", ana, 0, psp22_metadata(token).token_name())?;
    env.measure("", ana, 0, psp22_metadata(token).token_symbol())?;
    env.measure("", ana, 0, psp22_metadata(token).token_decimals())?;
    Ok(())
}
