//! Contracts that call the vault during a payment, and contracts that are paid.

use super::*;
use patronage_interfaces::vault::Share;
use psp22::PSP22;

/// Input of `message`, as a contract sends it.
fn bytes<E: Environment<AccountId = AccountId>, Args: Encode, R>(message: Message<E, Args, R>) -> Vec<u8> {
    message.params().exec_input().encode()
}

/// Input of every message that moves money or tokens, for a contract to send during a payment.
fn intrusions(vault: AccountId, bad: AccountId, member: AccountId) -> Vec<Vec<u8>> {
    let messages = || contracts::vault(vault);
    vec![
        bytes(messages().cancel()),
        bytes(messages().claim(Asset::Native, 0)),
        bytes(messages().withdraw(Asset::Native)),
        bytes(messages().withdraw(Asset::Psp22(bad))),
        bytes(messages().withdraw_stake()),
        bytes(messages().collect(0, 9)),
        bytes(messages().tip_token(bad, 1, vec![])),
        bytes(messages().subscribe(CROOKED, member, 30 * TOKEN, u128::MAX)),
        bytes(messages().refund_of(member)),
    ]
}

#[test]
fn a_token_that_calls_the_vault_back_has_failed() {
    let mut attack = AttackFixture::new();
    let (ana, vault) = (attack.fixture.env.ana, attack.fixture.vault);
    attack.deposit_all();
    let (owed, held) = (attack.fixture.owed(attack.bad()), attack.held());
    for input in intrusions(vault, attack.bad, ana) {
        attack.play(Trick::Calls { contract: vault, input });
        assert_eq!(attack.tip(ana, TOKEN).value, Err(VaultError::TokenFailed.into()));
        assert_eq!(attack.stake(ana, TOKEN).value, Err(VaultError::TokenFailed.into()));
        assert_eq!(attack.withdraw_stake(ana).value, Err(VaultError::TokenFailed.into()));
        assert_eq!(attack.claim().value, Err(VaultError::TokenFailed.into()));
        assert_eq!(attack.fixture.owed(attack.bad()), owed);
        assert_eq!(attack.held(), held);
    }
    // The same calls succeed from outside, as for anyone.
    attack.fixture.cancel(ana).value.unwrap();
    assert_eq!(attack.fixture.credit(ana, attack.bad()), 57 * TOKEN);
    attack.everyone_else_leaves();
}

#[test]
fn a_contract_called_by_a_token_cannot_call_the_vault() {
    let mut attack = AttackFixture::new();
    let TestEnv { ana, cleo, .. } = attack.fixture.env;
    let vault = attack.fixture.vault;
    for (round, input) in intrusions(vault, attack.bad, cleo).into_iter().enumerate() {
        // A member of the vault that sends it `input` when called, and ignores the failure.
        let accomplice = attack.fixture.env.hostile(&Behaviour::Ask { contract: vault, input });
        attack.fixture.gift(cleo, accomplice, 0, 12 * PRICE).value.unwrap();
        let paid = attack.fixture.refund(accomplice);
        let spending = attack.fixture.env.tokens(attack.bad, ana);
        attack.play(Trick::Calls { contract: accomplice, input: bytes(contracts::vault(accomplice).cancel()) });
        // The token continues normally, so everything succeeds and happens once.
        attack.subscribe(ana, 60 * TOKEN).value.unwrap();
        attack.fixture.send(ana, 0, contracts::vault(vault).top_up(ana, CROOKED, 30 * TOKEN, u128::MAX)).value.unwrap();
        attack.tip(ana, 9 * TOKEN).value.unwrap();
        attack.stake(ana, 30 * TOKEN).value.unwrap();
        attack.fixture.send(ana, 0, contracts::vault(vault).unstake(30 * TOKEN)).value.unwrap();
        attack.fixture.wait(COOLDOWN);
        assert_eq!(attack.fixture.cancel(ana).value, Ok(87 * TOKEN));
        assert_eq!(attack.withdraw_stake(ana).value, Ok(30 * TOKEN));
        assert_eq!(attack.fixture.collect(CROOKED, 9).value.unwrap().amount, 3 * TOKEN);
        assert_eq!(attack.claim().value, Ok(12 * TOKEN));
        assert_eq!(attack.fixture.env.tokens(attack.bad, ana), spending - 12 * TOKEN);
        assert_eq!(attack.fixture.owed(attack.bad()), Obligations::default());
        assert_eq!(attack.held(), 0);
        assert_eq!(attack.fixture.refund(accomplice), paid - 3 * UNIT);
        assert_eq!(paid, 12 * PRICE);
        // Its calls succeed from outside. The first one cancels.
        if round == 0 {
            let had = attack.fixture.env.balance(accomplice);
            let poke = contracts::vault(accomplice).cancel();
            assert_eq!(attack.fixture.env.call(cleo, 0, poke).value, Ok(12 * PRICE - 3 * UNIT));
            assert_eq!(attack.fixture.env.balance(accomplice), had + 12 * PRICE - 3 * UNIT);
            attack.fixture.assert_covered();
        }
    }
}

#[test]
fn a_token_cannot_act_as_a_fan_who_pays_in_itself() {
    let mut attack = AttackFixture::new();
    let (ana, cleo, vault, bad) = (attack.fixture.env.ana, attack.fixture.env.cleo, attack.fixture.vault, attack.bad);
    attack.deposit_all();
    let owed = attack.fixture.owed(attack.bad());
    for input in intrusions(vault, bad, cleo) {
        attack.play(Trick::Calls { contract: vault, input });
        // The token is the caller: it holds nothing here, and the vault does not call it for its own balance.
        attack.fixture.env.call(ana, 0, contracts::psp22(bad).transfer(cleo, 1, vec![])).value.unwrap();
        assert_eq!(attack.fixture.owed(attack.bad()), owed);
        attack.fixture.assert_covered();
    }
    attack.everyone_else_leaves();
}

#[test]
fn contracts_are_paid_like_other_recipients_and_block_nobody() {
    let mut attack = AttackFixture::new();
    let TestEnv { ana, cleo, creator, .. } = attack.fixture.env;
    let (vault, bad) = (attack.fixture.vault, attack.bad);
    let claim = |asset| bytes(contracts::vault(vault).claim(asset, 1));
    let mut ask = |asset| attack.fixture.env.hostile(&Behaviour::Ask { contract: vault, input: claim(asset) });
    let [native, tokens] = [ask(Asset::Native), ask(Asset::Psp22(bad))];
    let trapping = attack.fixture.env.hostile(&Behaviour::Trap);
    let parts = [(creator, 2_500), (native, 2_500), (tokens, 2_500), (trapping, 2_500)];
    let shares = parts.map(|(recipient, bp)| Share { recipient, bp }).to_vec();
    attack.fixture.send(creator, 0, contracts::vault(vault).set_splits(shares, 0)).value.unwrap();
    attack.fixture.tip(ana, 400, b"").value.unwrap();
    attack.tip(ana, 4_000).value.unwrap();
    // Whenever the token pays someone, it calls another recipient, who tries to claim during the payment.
    attack.play(Trick::Calls { contract: native, input: claim(Asset::Native) });
    let claimed = |attack: &mut AttackFixture, recipient| {
        let poke = contracts::vault(recipient).claim(Asset::Native, 0);
        let answer: Result<u128, Box<VaultError>> = attack.fixture.env.call(cleo, 0, poke).value;
        attack.fixture.assert_covered();
        answer
    };
    let had = attack.fixture.env.balance(native);
    assert_eq!(claimed(&mut attack, tokens), Ok(1_000));
    assert_eq!(attack.fixture.env.tokens(bad, tokens), 1_000);
    assert_eq!(attack.fixture.env.balance(native), had);
    assert_eq!(claimed(&mut attack, tokens), Err(VaultError::NothingToClaim.into()));
    assert_eq!(claimed(&mut attack, native), Ok(100));
    assert_eq!(attack.fixture.env.balance(native), had + 100);
    assert_eq!(claimed(&mut attack, native), Err(VaultError::NothingToClaim.into()));
    let own = attack.fixture.send(creator, 0, contracts::vault(vault).claim(Asset::Native, 1));
    assert_eq!(own.value, Ok(100));
    // A contract that is called while it claims would have to be reentered, so it cannot be paid like that.
    attack.tip(ana, 4_000).value.unwrap();
    attack.play(Trick::Calls { contract: tokens, input: claim(attack.bad()) });
    assert_eq!(claimed(&mut attack, tokens), Err(VaultError::TokenFailed.into()));
    // The claim of a contract that cannot call the vault waits for ever, and nobody else gets it.
    assert_eq!(attack.fixture.env.ask(contracts::vault(vault).claimable_of(trapping, Asset::Native, 1)), 100);
}

#[test]
fn contract_fans_are_refunded_and_without_a_payout_get_a_credit() {
    let mut fixture = VaultFixture::default();
    let (cleo, creator, vault) = (fixture.env.cleo, fixture.env.creator, fixture.vault);
    let leaving =
        fixture.env.hostile(&Behaviour::Ask { contract: vault, input: bytes(contracts::vault(vault).cancel()) });
    let trapping = fixture.env.hostile(&Behaviour::Trap);
    fixture.gift(cleo, leaving, 0, PRICE).value.unwrap();
    fixture.gift(cleo, trapping, 0, PRICE).value.unwrap();
    fixture.wait(DAY);
    let had = fixture.env.balance(leaving);
    assert_eq!(fixture.env.call(cleo, 0, contracts::vault(leaving).cancel()).value, Ok(29 * UNIT));
    assert_eq!(fixture.env.balance(leaving), had + 29 * UNIT);
    fixture.assert_covered();
    fixture.send(creator, 0, contracts::vault(vault).end_subscription(trapping)).value.unwrap();
    assert_eq!(fixture.credit(trapping, Asset::Native), 29 * UNIT);
    assert_eq!(fixture.obligations(), Obligations { streams: 2 * UNIT, credits: 29 * UNIT, ..Obligations::default() });
}
