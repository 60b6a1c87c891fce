//! The first scene: a creator launches.

use patronage::{
    actions::launch::Launching,
    deployment::{CodeHashes, Deployment},
    launch::Launch,
    suite::Suite,
};
use patronage_chain::{
    accounts::address,
    units::{format_basis_points, format_duration, Unit, Units},
    Chain, Width,
};
use patronage_embedded::{format_native, EmbeddedChain, NATIVE_DECIMALS, NATIVE_SYMBOL};
use patronage_interfaces::{vault::Asset, AccountId};

use super::{
    people::People,
    stage::{expect, words, Stage, Told},
    story::Teller,
};

pub fn deploy(launch: &Launch, teller: &mut Teller) -> Told<Stage> {
    let people = People::of(launch)?;
    let creator = people.creator;
    let native = Unit::of_token(NATIVE_SYMBOL, NATIVE_DECIMALS);
    let token = Unit::of_token(launch.token.symbol.to_string(), launch.token.decimals);
    let units = Units { native, token };
    let nowhere = AccountId::from([0; 32]);
    let suite = Suite { token: nowhere, vault: nowhere, registry: nowhere };
    let deployment = Deployment {
        genesis: [0; 32],
        block: 0,
        suite,
        code: CodeHashes::default(),
        tiers: Vec::new(),
        content: Vec::new(),
    };
    let mut stage = Stage { chain: EmbeddedChain::default(), people, deployment, units };
    for who in stage.people.everyone() {
        stage.give(who, 0)?;
    }
    let launching = Launching::new(launch, creator, "", Width::U128).map_err(words)?;
    let before = stage.balance(creator);
    stage.deployment = launching.deployment(stage.chain.properties().genesis, 0);
    let mut session = launching.session(&mut stage.chain, stage.deployment.clone());
    let plan = launching.plan(&mut session).map_err(words)?;
    let quoted = plan.preview(&mut session, &creator).map_err(words)?;
    let cost = plan.execute(&mut session, &creator.into()).map_err(words)?.cost;
    let paid = before.saturating_sub(stage.balance(creator));
    expect("a launch costs its deposits", i128::try_from(paid).map_err(words)?, cost.deposit)?;
    expect("contracts cost no more than was quoted", quoted.deposit <= cost.deposit, true)?;

    teller.chapter(&format!("{} launches", stage.people.name(&creator)));
    let terms = &launch.token;
    let slope = match terms.slope {
        0 => "always".to_owned(),
        slope => format!("for the first, {} more with each one sold", format_native(slope)),
    };
    teller.step(
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
    teller.step("its fees go to the vault, where they are shared like all income".to_owned(), &[]);
    if launch.vault.stakers > 0 {
        let share = format_basis_points(launch.vault.stakers);
        let text = format!("{share} of the vault's income are for the fans who stake, by stake and time");
        teller.step(text, &[("basis_points", launch.vault.stakers.into())]);
    }
    for (name, tier) in launch.tiers.iter().zip(&launch.vault.tiers) {
        teller.step(
            format!(
                "the tier \"{name}\", level {}: {} for {}",
                tier.level,
                match tier.asset {
                    Asset::Native => format_native(tier.price),
                    // On a new chain there is no other.
                    Asset::Psp22(_) => stage.units.token.format(tier.price),
                },
                format_duration(tier.period)
            ),
            &[("price", tier.price)],
        );
        if tier.minimum_stay > 0 {
            let stay = format_duration(tier.minimum_stay);
            let text = format!("  with a minimum stay: what {stay} cost is not refunded to who cancels before");
            teller.step(text, &[("milliseconds", tier.minimum_stay.into())]);
        }
    }
    for content in &launch.content {
        teller.step(format!("published: \"{}\"", content.title), &[]);
    }
    let Suite { token, vault, registry } = stage.suite();
    for (name, contract) in [("token", token), ("vault", vault), ("registry", registry)] {
        teller.step(format!("{name}: {}", address(&contract)), &[]);
    }
    Ok(stage)
}
