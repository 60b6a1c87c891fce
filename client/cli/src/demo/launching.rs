//! The first step: the creator launches.

use patronage::{
    actions::launch::Launching,
    contracts::Contracts,
    deployment::{CodeHashes, Deployment},
    launch::Launch,
};
use patronage_chain::{
    accounts::address,
    units::{format_basis_points, format_duration, Unit, Units},
    Chain, Width,
};
use patronage_embedded::{format_native, EmbeddedChain, NATIVE_DECIMALS, NATIVE_SYMBOL};
use patronage_interfaces::{vault::Asset, AccountId};

use super::{
    env::{error_text, expect, DemoEnv, StepResult},
    people::People,
    story::StoryWriter,
};

pub fn deploy(launch: &Launch, story: &mut StoryWriter) -> StepResult<DemoEnv> {
    let people = People::of(launch)?;
    let creator = people.creator;
    let native = Unit::of_token(NATIVE_SYMBOL, NATIVE_DECIMALS);
    let token = Unit::of_token(launch.token.symbol.to_string(), launch.token.decimals);
    let units = Units { native, token };
    let nowhere = AccountId::from([0; 32]);
    let contracts = Contracts { token: nowhere, vault: nowhere, registry: nowhere };
    let deployment = Deployment {
        genesis: [0; 32],
        block: 0,
        contracts,
        code: CodeHashes::default(),
        tiers: Vec::new(),
        content: Vec::new(),
    };
    let mut env = DemoEnv { chain: EmbeddedChain::default(), people, deployment, units };
    for who in env.people.everyone() {
        env.fund(who, 0)?;
    }
    let launching = Launching::new(launch, creator, "", Width::U128).map_err(error_text)?;
    let before = env.balance(creator);
    env.deployment = launching.deployment(env.chain.properties().genesis, 0);
    let mut client = launching.client(&mut env.chain, env.deployment.clone());
    let plan = launching.plan(&mut client).map_err(error_text)?;
    let quoted = plan.preview(&mut client, &creator).map_err(error_text)?;
    let cost = plan.execute(&mut client, &creator.into()).map_err(error_text)?.cost;
    let paid = before.saturating_sub(env.balance(creator));
    expect("a launch costs its deposits", i128::try_from(paid).map_err(error_text)?, cost.deposit)?;
    expect("contracts cost no more than was quoted", quoted.deposit <= cost.deposit, true)?;

    story.chapter(&format!("{} launches", env.people.name(&creator)));
    let terms = &launch.token;
    let slope = match terms.slope {
        0 => "always".to_owned(),
        slope => format!("for the first, {} more with each one sold", format_native(slope)),
    };
    story.step(
        format!(
            "the token \"{}\" ({}): {} {slope}; fees {} on buying, {} on selling",
            terms.name,
            terms.symbol,
            format_native(terms.base_price),
            format_basis_points(terms.buy_fee_bp),
            format_basis_points(terms.sell_fee_bp)
        ),
        &[("base_price", terms.base_price), ("slope", terms.slope)],
    );
    story.step("its fees go to the vault, where they are split like all income".to_owned(), &[]);
    if launch.vault.stakers > 0 {
        let share = format_basis_points(launch.vault.stakers);
        let text = format!("{share} of the vault's income are shared by stakers, by stake and time");
        story.step(text, &[("basis_points", launch.vault.stakers.into())]);
    }
    for (name, tier) in launch.tiers.iter().zip(&launch.vault.tiers) {
        story.step(
            format!(
                "the tier \"{name}\", level {}: {} for {}",
                tier.level,
                match tier.asset {
                    Asset::Native => format_native(tier.price),
                    // On a new chain, there is no other token.
                    Asset::Psp22(_) => env.units.token.format(tier.price),
                },
                format_duration(tier.period)
            ),
            &[("price", tier.price)],
        );
        if tier.minimum_stay > 0 {
            let stay = format_duration(tier.minimum_stay);
            let text = format!("  with a minimum stay: the price of {stay} is not refunded");
            story.step(text, &[("milliseconds", tier.minimum_stay.into())]);
        }
    }
    for content in &launch.content {
        story.step(format!("published: \"{}\"", content.title), &[]);
    }
    let Contracts { token, vault, registry } = env.contracts();
    for (name, contract) in [("token", token), ("vault", vault), ("registry", registry)] {
        story.step(format!("{name}: {}", address(&contract)), &[]);
    }
    Ok(env)
}
