//! The stakers' part under changing splits.

use super::*;

#[test]
fn a_change_of_the_splits_changes_the_part_of_later_income() {
    let (mut fixture, _) = shared();
    let TestEnv { ana, creator, .. } = fixture.env;
    let vault = fixture.vault;
    stake(&mut fixture, ana, TOKEN);
    fixture.wait(DAY);
    tip(&mut fixture, 1_000);
    let receipt = change(&mut fixture, 6_000, 4_000);
    let shares = vec![Share { recipient: creator, bp: 6_000 }];
    let changed = SplitsChanged { version: 1, shares: shares.clone(), stakers: 4_000 };
    assert_events(&receipt, vault, &[event(&changed, &[])]);
    assert_eq!(fixture.env.ask(contracts::vault(vault).splits(1)), Splits { shares, stakers: 4_000 });
    tip(&mut fixture, 1_000);
    change(&mut fixture, 10_000, 0).value.unwrap();
    let all = Splits { shares: vec![Share { recipient: creator, bp: 10_000 }], stakers: 0 };
    assert_eq!(fixture.env.ask(contracts::vault(vault).splits(2)), all);
    assert_eq!(fixture.env.ask(contracts::vault(vault).splits(3)), Splits::default());
    tip(&mut fixture, 1_000);
    fixture.wait(DAY);
    assert_eq!([0, 1, 2].map(|version| of_creator(&mut fixture, Asset::Native, version)), [900, 600, 1_000]);
    assert_eq!(claim_as(&mut fixture, ana, Asset::Native), Ok(500));
}

#[test]
fn recipients_divide_the_rest_by_their_parts() {
    let (mut fixture, _) = shared();
    let TestEnv { ana, ben, creator, .. } = fixture.env;
    let shares = [(creator, 6_000), (ben, 3_000)].map(|(recipient, bp)| Share { recipient, bp });
    fixture.send(creator, 0, contracts::vault(fixture.vault).set_splits(shares.to_vec(), 1_000)).value.unwrap();
    let claimable = |fixture: &mut VaultFixture| {
        [creator, ben].map(|who| fixture.env.ask(contracts::vault(fixture.vault).claimable_of(who, Asset::Native, 1)))
    };
    // A third and two thirds of everything while nobody is staked, and of nine tenths otherwise.
    tip(&mut fixture, 900);
    assert_eq!(claimable(&mut fixture), [600, 300]);
    stake(&mut fixture, ana, TOKEN);
    fixture.wait(DAY);
    tip(&mut fixture, 1_000);
    assert_eq!(claimable(&mut fixture), [1_200, 600]);
    // Of 19, the stakers get 1 and not 2.
    tip(&mut fixture, 19);
    assert_eq!(claimable(&mut fixture), [1_212, 606]);
    fixture.wait(DAY);
    assert_eq!(claim_as(&mut fixture, ana, Asset::Native), Ok(101));
}

#[test]
fn invalid_splits_with_a_stakers_part_are_refused() {
    let (mut fixture, token) = shared();
    for (bp, stakers, error) in [
        (9_000, 10_000, SplitsError::OnlyStakers),
        (9_000, u16::MAX, SplitsError::OnlyStakers),
        (9_000, 999, SplitsError::NotWhole { sum_bp: 9_999 }),
        (9_000, 1_001, SplitsError::NotWhole { sum_bp: 10_001 }),
    ] {
        assert_eq!(change(&mut fixture, bp, stakers).value, Err(VaultError::Splits(error).into()));
    }
    assert_eq!(change(&mut fixture, 1, 9_999).value, Ok(()));
    let (only, whole) = (VaultError::Splits(SplitsError::OnlyStakers), vault_terms(vec![], &[]));
    assert_eq!(
        refused(&VaultTerms { token: Some(token), stakers: 10_000, ..whole.clone() }),
        only,
        "the creator needs a part"
    );
    let incomplete = vault_terms(vec![], &[(fixture.env.ana, 9_000)]);
    let error = VaultError::Splits(SplitsError::NotWhole { sum_bp: 9_500 });
    assert_eq!(refused(&VaultTerms { token: Some(token), stakers: 500, ..incomplete }), error);
    // Without a token that can be staked.
    assert_eq!(refused(&VaultTerms { stakers: 500, ..whole }), VaultError::NothingToStake);
    let mut without = VaultFixture::default();
    assert_eq!(change(&mut without, 9_500, 500).value, Err(VaultError::NothingToStake.into()));
    let ana = without.env.ana;
    assert_eq!(claim_as(&mut without, ana, Asset::Native), nothing());
}

fn refused(terms: &VaultTerms) -> VaultError {
    let mut env = TestEnv::default();
    match deploy_vault(&mut env.chain, &env.creator, terms) {
        Err(DeployError::Terms(error)) => error,
        other => panic!("{other:?}"),
    }
}
