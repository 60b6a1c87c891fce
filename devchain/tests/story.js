// The story of the demo over JSON-RPC, by a client that has only the `.contract` files.

import assert from 'node:assert/strict';
import { ask, bundle, deploy, dryRun, eventOf, tell } from './contracts.js';
import { keys, send } from './client.js';

const { alice: creator, bob: collector, charlie: regular, dave: listener, eve: engineer, ferdie: stranger } = keys;
const DAY = 86_400_000n;
const MONTH = 30n * DAY;
const NO_LIMIT_PER_ACCOUNT = { until: 0, max_tokens: 0 };

/** A launched suite, and the chain it is on. */
class Stage {
  constructor(api, raw, contracts, unit) {
    Object.assign(this, { api, raw, unit, ...contracts });
  }

  /** Free balance in planck. */
  async balance({ address }) {
    return (await this.api.query.system.account(address)).data.free.toBigInt();
  }

  /** Block time in ms. */
  async now() {
    return (await this.api.query.timestamp.now()).toBigInt();
  }

  /** Whether `who` may open the content. */
  async opens(id, who) {
    return ask(this.registry, who, 'contentRegistry::hasAccess', id, who.address);
  }
}

/** Deploys the three contracts of a creator, each knowing those it needs. */
export async function launch(api, raw, balance) {
  const unit = 10n ** BigInt(api.registry.chainDecimals[0]);
  const terms = {
    name: "Mira's Circle", symbol: 'MIRA', decimals: 6, base_price: unit, slope: unit / 100n, cap: 1_000_000_000n,
    buy_fee_bp: 500, sell_fee_bp: 200, referral_bp: 0, launch_guard: NO_LIMIT_PER_ACCOUNT,
  };
  const { contract: token } = await deploy(api, creator, await bundle('creator_token', balance), terms);
  const tier = (price, level) => ({ asset: 'Native', price, period: MONTH, level, seats: null, minimum_stay: 0n, uri: '0x' });
  const { contract: vault } = await deploy(api, creator, await bundle('patronage_vault', balance), {
    splits: [{ recipient: creator.address, bp: 8_000 }, { recipient: engineer.address, bp: 2_000 }],
    tiers: [tier(3n * unit, 1), tier(9n * unit, 2)],
    token: token.address.toString(),
    cooldown: 7n * DAY,
  });
  const { contract: registry } = await deploy(api, creator, await bundle('content_registry', balance), vault.address.toString());
  const { failed } = await tell(token, creator, 'creatorToken::setFeeRecipient', [vault.address.toString()]);
  assert.equal(failed, undefined);
  return new Stage(api, raw, { token, vault, registry }, unit);
}

/** What everybody does, in the order of the demo; each is a test of its own. */
export const SCENES = {
  'fans buy tokens at the quoted price, and pay that and the fee and nothing else': async (stage) => {
    const { token, unit } = stage;
    const value = 30n * unit;
    const quote = await ask(token, collector, 'creatorToken::quoteBuy', value);
    assert.ok(quote.ok.tokens > 0n && quote.ok.amount <= value);
    const before = await stage.balance(collector);
    const bought = await tell(token, collector, 'creatorToken::buy', [collector.address, quote.ok.tokens, null], value);
    assert.deepEqual(bought.answer, quote);
    // A new holder's buyer pays the deposit for the balance record.
    const deposits = depositsOf(stage, bought, collector);
    assert.equal(before - (await stage.balance(collector)), quote.ok.amount + bought.fee + deposits);
    const event = eventOf(bought, 'Bought');
    assert.equal(event.buyer, collector.address);
    assert.deepEqual([event.tokens, event.paid, event.fee], [quote.ok.tokens, quote.ok.amount, quote.ok.fee]);
    const transfer = eventOf(bought, 'Transfer');
    assert.deepEqual([transfer.to, transfer.value], [collector.address, quote.ok.tokens]);
    assertTopics(stage.token, bought, 'Transfer', [null, collector.publicKey]);
    assert.equal(await ask(token, collector, 'psp22::balanceOf', collector.address), quote.ok.tokens);
    stage.wished = quote.ok.tokens;
  },

  'who would get fewer tokens than agreed is refused, and pays no more than the fee': async (stage) => {
    const { token, unit, wished } = stage;
    const value = 30n * unit;
    const { answer, gasRequired } = await dryRun(token, listener, 'creatorToken::buy', [listener.address, wished, null], value);
    assert.ok(answer.err.tooFewTokens, JSON.stringify(Object.keys(answer.err)));
    const before = await stage.balance(listener);
    const refused = await send(token.tx['creatorToken::buy']({ gasLimit: gasRequired, value }, listener.address, wished, null), listener);
    assert.equal(refused.failed, 'ContractReverted');
    assert.equal(before - (await stage.balance(listener)), refused.fee);
  },

  'a tip reaches the vault with its memo': async (stage) => {
    const { vault, unit } = stage;
    const memo = 'for the encore';
    const tipped = await tell(vault, regular, 'patronageVault::tip', [memo], 2n * unit);
    const event = eventOf(tipped, 'Tipped');
    assert.deepEqual([event.fan, event.amount, event.memo], [regular.address, 2n * unit, memo]);
    assertTopics(vault, tipped, 'Tipped', [regular.publicKey]);
    assert.equal((await ask(vault, regular, 'patronage::standingOf', regular.address)).tipped, 2n * unit);
  },

  'subscriptions last as long as was paid for': async (stage) => {
    const { vault, unit } = stage;
    const price = { 0: 3n * unit, 1: 9n * unit };
    for (const [fan, tier, periods] of [[listener, 0, 4n], [regular, 1, 1n]]) {
      const subscribed = await tell(vault, fan, 'patronageVault::subscribe', [tier, fan.address, 0, price[tier]], price[tier] * periods);
      const { until } = eventOf(subscribed, 'Subscribed');
      const at = await stage.api.at(subscribed.blockHash);
      assert.equal(until, (await at.query.timestamp.now()).toBigInt() + periods * MONTH);
      assertTopics(vault, subscribed, 'Subscribed', [fan.publicKey, Uint8Array.of(tier, 0, 0, 0)]);
    }
  },

  'content opens to those who hold or subscribe, and a no says what is missing': async (stage) => {
    const { registry, token, vault, wished } = stage;
    const content = { uri: '0x64', hash: `0x${'11'.repeat(32)}`, public_key: `0x${'22'.repeat(32)}` };
    const rules = [
      [{ Subscribed: { vault: vault.address.toString(), level: 2, grace: 0 } }],
      [{ Holds: { token: token.address.toString(), amount: wished } }],
    ];
    const terms = { audience: { AnyOf: rules }, price: null, release: 0, retired: false };
    const published = await tell(registry, creator, 'contentRegistry::publish', [content, terms]);
    assert.equal(eventOf(published, 'Published').id, 0n);
    const answers = await Promise.all([collector, regular, listener, stranger].map((who) => stage.opens(0, who)));
    assert.deepEqual(answers, [true, true, false, false]);
    const { ok: { denied } } = await ask(registry, listener, 'contentRegistry::check', 0, listener.address);
    assert.equal(denied.length, 2);
    assert.equal(denied[0][0].shortfall.subscription.level, 1n);
    assert.equal(denied[1][0].shortfall.amount.shortBy, wished);
  },

  'time ends what was paid for, and access with it': async (stage) => {
    const there = (await stage.now()) + 40n * DAY;
    await stage.raw.call('dev_timeTravel', Number(there));
    assert.equal(await stage.opens(0, regular), false);
    assert.equal(await stage.opens(0, collector), true);
  },

  'the creator collects what is earned, and who shares it claims a part': async (stage) => {
    const { vault, unit } = stage;
    const { answer } = await tell(vault, creator, 'patronageVault::collect', [1, 400]);
    assert.equal(answer.ok.amount, 9n * unit);
    await tell(vault, creator, 'patronageVault::collectSaleFees');
    for (const [who, bp] of [[creator, 8_000n], [engineer, 2_000n]]) {
      const waiting = await ask(vault, who, 'patronageVault::claimableOf', who.address, 'Native', 0);
      assert.ok(waiting >= (11n * unit * bp) / 10_000n, `${waiting}`);
      const before = await stage.balance(who);
      const claimed = await tell(vault, who, 'patronageVault::claim', ['Native', 0]);
      assert.equal(eventOf(claimed, 'Claimed').amount, waiting);
      assert.equal((await stage.balance(who)) - before, waiting - claimed.fee - depositsOf(stage, claimed, who));
    }
  },

  'a fan who cancels gets back what is not yet earned, and the deposit': async (stage) => {
    const { vault, unit } = stage;
    const before = await stage.balance(listener);
    const cancelled = await tell(vault, listener, 'patronageVault::cancel');
    const { refund } = eventOf(cancelled, 'Ended');
    // 80 of 120 days are left of 12 units, less the seconds that the story takes.
    assert.ok(refund <= 8n * unit && refund > (79n * unit) / 10n, `${refund}`);
    const deposits = depositsOf(stage, cancelled, listener);
    assert.ok(deposits < 0n, 'the record of the subscription is gone');
    assert.equal((await stage.balance(listener)) - before, refund - cancelled.fee - deposits);
  },

  'a fan sells everything back to the contract': async (stage) => {
    const { token, wished } = stage;
    const quote = await ask(token, collector, 'creatorToken::quoteSell', wished);
    const sold = await tell(token, collector, 'creatorToken::sell', [wished, quote.ok.amount]);
    assert.deepEqual(sold.answer, quote);
    assert.equal(await ask(token, collector, 'psp22::totalSupply'), 0n);
    assert.equal(await stage.opens(0, collector), false);
  },

  'the contracts hold what they owe': async (stage) => {
    for (const [contract, owed] of [
      [stage.vault, await ask(stage.vault, creator, 'patronageVault::obligations', 'Native')],
      [stage.token, { reserve: await ask(stage.token, creator, 'creatorToken::reserve') }],
    ]) {
      const sum = Object.values(owed).reduce((total, amount) => total + amount, 0n);
      assert.ok((await stage.balance(contract)) >= sum, JSON.stringify(Object.keys(owed)));
    }
  },
};

/** What a transaction made `who` pay for storage, in planck; below zero where it got deposits back. */
function depositsOf({ api }, { records }, who) {
  const { StorageDepositTransferredAndHeld: paid, StorageDepositTransferredAndReleased: returned } = api.events.contracts;
  let sum = 0n;
  for (const { event } of records) {
    const sign = paid.is(event) ? 1n : returned.is(event) ? -1n : 0n;
    const payer = sign > 0n ? event.data.from : event.data.to;
    if (sign !== 0n && payer.toString() === who.address) sum += sign * event.data.amount.toBigInt();
  }
  return sum;
}

/** That an event's topics are its signature and then these fields; `null` for one that is `None`. */
function assertTopics(contract, { events, records }, name, fields) {
  const { event } = events.find(({ event }) => event.identifier.endsWith(`::${name}`));
  const { topics } = records.find(({ event: record, topics }) => record.method === 'ContractEmitted' && topics[0]?.eq(event.signatureTopic));
  const expected = fields.map((field) => (field ? Buffer.from(field).toString('hex').padEnd(64, '0') : '0'.repeat(64)));
  assert.deepEqual(topics.slice(1).map((topic) => topic.toHex().slice(2)), expected, `${contract.address} ${name}`);
}
