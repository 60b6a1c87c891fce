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
    let messages = || suite::vault(vault);
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
    let mut siege = Siege::new();
    let (ana, vault) = (siege.scene.world.ana, siege.scene.vault);
    siege.take_in();
    let (owed, held) = (siege.scene.owed(siege.bad()), siege.held());
    for input in intrusions(vault, siege.bad, ana) {
        siege.play(Trick::Calls { contract: vault, input });
        assert_eq!(siege.tip(ana, TOKEN).value, Err(VaultError::TokenFailed.into()));
        assert_eq!(siege.stake(ana, TOKEN).value, Err(VaultError::TokenFailed.into()));
        assert_eq!(siege.withdraw_stake(ana).value, Err(VaultError::TokenFailed.into()));
        assert_eq!(siege.claim().value, Err(VaultError::TokenFailed.into()));
        assert_eq!(siege.scene.owed(siege.bad()), owed);
        assert_eq!(siege.held(), held);
    }
    // The same calls succeed from outside, as for anyone.
    siege.scene.cancel(ana).value.unwrap();
    assert_eq!(siege.scene.credit(ana, siege.bad()), 57 * TOKEN);
    siege.everyone_else_leaves();
}

#[test]
fn a_contract_called_by_a_token_cannot_call_the_vault() {
    let mut siege = Siege::new();
    let World { ana, cleo, .. } = siege.scene.world;
    let vault = siege.scene.vault;
    for (round, input) in intrusions(vault, siege.bad, cleo).into_iter().enumerate() {
        // A member of the vault that sends it `input` when called, and ignores the failure.
        let accomplice = siege.scene.world.hostile(&Behaviour::Ask { contract: vault, input });
        siege.scene.gift(cleo, accomplice, 0, 12 * PRICE).value.unwrap();
        let paid = siege.scene.refund(accomplice);
        let spending = siege.scene.world.tokens(siege.bad, ana);
        siege.play(Trick::Calls { contract: accomplice, input: bytes(suite::vault(accomplice).cancel()) });
        // The token continues normally, so everything succeeds and happens once.
        siege.subscribe(ana, 60 * TOKEN).value.unwrap();
        siege.scene.send(ana, 0, suite::vault(vault).top_up(ana, CROOKED, 30 * TOKEN, u128::MAX)).value.unwrap();
        siege.tip(ana, 9 * TOKEN).value.unwrap();
        siege.stake(ana, 30 * TOKEN).value.unwrap();
        siege.scene.send(ana, 0, suite::vault(vault).unstake(30 * TOKEN)).value.unwrap();
        siege.scene.wait(COOLDOWN);
        assert_eq!(siege.scene.cancel(ana).value, Ok(87 * TOKEN));
        assert_eq!(siege.withdraw_stake(ana).value, Ok(30 * TOKEN));
        assert_eq!(siege.scene.collect(CROOKED, 9).value.unwrap().amount, 3 * TOKEN);
        assert_eq!(siege.claim().value, Ok(12 * TOKEN));
        assert_eq!(siege.scene.world.tokens(siege.bad, ana), spending - 12 * TOKEN);
        assert_eq!(siege.scene.owed(siege.bad()), Obligations::default());
        assert_eq!(siege.held(), 0);
        assert_eq!(siege.scene.refund(accomplice), paid - 3 * UNIT);
        assert_eq!(paid, 12 * PRICE);
        // Its calls succeed from outside. The first one cancels.
        if round == 0 {
            let had = siege.scene.world.balance(accomplice);
            let poke = suite::vault(accomplice).cancel();
            assert_eq!(siege.scene.world.call(cleo, 0, poke).value, Ok(12 * PRICE - 3 * UNIT));
            assert_eq!(siege.scene.world.balance(accomplice), had + 12 * PRICE - 3 * UNIT);
            siege.scene.assert_covered();
        }
    }
}

#[test]
fn a_token_cannot_act_as_a_fan_who_pays_in_itself() {
    let mut siege = Siege::new();
    let (ana, cleo, vault, bad) = (siege.scene.world.ana, siege.scene.world.cleo, siege.scene.vault, siege.bad);
    siege.take_in();
    let owed = siege.scene.owed(siege.bad());
    for input in intrusions(vault, bad, cleo) {
        siege.play(Trick::Calls { contract: vault, input });
        // The token is the caller: it holds nothing here, and the vault does not call it for its own balance.
        siege.scene.world.call(ana, 0, suite::psp22(bad).transfer(cleo, 1, vec![])).value.unwrap();
        assert_eq!(siege.scene.owed(siege.bad()), owed);
        siege.scene.assert_covered();
    }
    siege.everyone_else_leaves();
}

#[test]
fn contracts_are_paid_like_other_recipients_and_block_nobody() {
    let mut siege = Siege::new();
    let World { ana, cleo, creator, .. } = siege.scene.world;
    let (vault, bad) = (siege.scene.vault, siege.bad);
    let claim = |asset| bytes(suite::vault(vault).claim(asset, 1));
    let mut ask = |asset| siege.scene.world.hostile(&Behaviour::Ask { contract: vault, input: claim(asset) });
    let [native, tokens] = [ask(Asset::Native), ask(Asset::Psp22(bad))];
    let trapping = siege.scene.world.hostile(&Behaviour::Trap);
    let parts = [(creator, 2_500), (native, 2_500), (tokens, 2_500), (trapping, 2_500)];
    let shares = parts.map(|(recipient, bp)| Share { recipient, bp }).to_vec();
    siege.scene.send(creator, 0, suite::vault(vault).set_splits(shares, 0)).value.unwrap();
    siege.scene.tip(ana, 400, b"").value.unwrap();
    siege.tip(ana, 4_000).value.unwrap();
    // Whenever the token pays someone, it calls another recipient, who tries to claim during the payment.
    siege.play(Trick::Calls { contract: native, input: claim(Asset::Native) });
    let claimed = |siege: &mut Siege, recipient| {
        let poke = suite::vault(recipient).claim(Asset::Native, 0);
        let answer: Result<u128, Box<VaultError>> = siege.scene.world.call(cleo, 0, poke).value;
        siege.scene.assert_covered();
        answer
    };
    let had = siege.scene.world.balance(native);
    assert_eq!(claimed(&mut siege, tokens), Ok(1_000));
    assert_eq!(siege.scene.world.tokens(bad, tokens), 1_000);
    assert_eq!(siege.scene.world.balance(native), had);
    assert_eq!(claimed(&mut siege, tokens), Err(VaultError::NothingToClaim.into()));
    assert_eq!(claimed(&mut siege, native), Ok(100));
    assert_eq!(siege.scene.world.balance(native), had + 100);
    assert_eq!(claimed(&mut siege, native), Err(VaultError::NothingToClaim.into()));
    let own = siege.scene.send(creator, 0, suite::vault(vault).claim(Asset::Native, 1));
    assert_eq!(own.value, Ok(100));
    // A contract that is called while it claims would have to be reentered, so it cannot be paid like that.
    siege.tip(ana, 4_000).value.unwrap();
    siege.play(Trick::Calls { contract: tokens, input: claim(siege.bad()) });
    assert_eq!(claimed(&mut siege, tokens), Err(VaultError::TokenFailed.into()));
    // The claim of a contract that cannot call the vault waits for ever, and nobody else gets it.
    assert_eq!(siege.scene.world.ask(suite::vault(vault).claimable_of(trapping, Asset::Native, 1)), 100);
}

#[test]
fn contract_fans_are_refunded_and_without_a_payout_get_a_credit() {
    let mut scene = Scene::default();
    let (cleo, creator, vault) = (scene.world.cleo, scene.world.creator, scene.vault);
    let leaving = scene.world.hostile(&Behaviour::Ask { contract: vault, input: bytes(suite::vault(vault).cancel()) });
    let trapping = scene.world.hostile(&Behaviour::Trap);
    scene.gift(cleo, leaving, 0, PRICE).value.unwrap();
    scene.gift(cleo, trapping, 0, PRICE).value.unwrap();
    scene.wait(DAY);
    let had = scene.world.balance(leaving);
    assert_eq!(scene.world.call(cleo, 0, suite::vault(leaving).cancel()).value, Ok(29 * UNIT));
    assert_eq!(scene.world.balance(leaving), had + 29 * UNIT);
    scene.assert_covered();
    scene.send(creator, 0, suite::vault(vault).end_subscription(trapping)).value.unwrap();
    assert_eq!(scene.credit(trapping, Asset::Native), 29 * UNIT);
    assert_eq!(scene.obligations(), Obligations { streams: 2 * UNIT, credits: 29 * UNIT, ..Obligations::default() });
}
