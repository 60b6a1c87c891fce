// What fans and a creator do, on a local chain, with contracts that the command has launched.

import { afterAll, beforeAll, describe, expect, inject as given, test } from 'vitest';
import { connect, Patronage } from '../../src/client.js';
import { ContractError } from '../../src/errors.js';
import { toHex, utf8 } from '../../src/bytes.js';
import { wallets } from '../../src/wallet.js';
import { inject, person } from '../people.js';

const UNIT = 10n ** 12n;

describe.each(['u128', 'u64'] as const)('a creator on a chain with %s balances', (width) => {
  const { node, deployment } = given('world').chains[width];
  // Native units differ between the chains; the launch file speaks in whole ones.
  let patronage: Patronage;
  let one: bigint;
  const [ana, ben, mira] = [person('Ana'), person('Ben'), person('Mira')];

  beforeAll(async () => {
    patronage = await connect({ node, deployment });
    one = 10n ** BigInt(patronage.nativeUnit.decimals);
  });
  afterAll(() => patronage.close());

  test('is found by the deployment file, or by three addresses', async () => {
    expect(patronage.chain.width).toBe(width);
    expect(patronage.tokenUnit).toEqual({ symbol: 'MIRA', decimals: 12 });
    expect(patronage.chain.genesis).toBe(deployment.genesis);
    const { token, vault, registry } = deployment;
    const other = await connect({ node, deployment: { token, vault, registry } });
    expect((await other.tiers()).map(({ name }) => name)).toEqual([null, null]);
    await other.close();
  });

  test('has the codes of our build, and names for tiers and content', async () => {
    const codes = await patronage.verify();
    for (const name of ['token', 'vault', 'registry'] as const) {
      expect(codes[name].codeHash, name).toBe(deployment.code[name]);
      expect(codes[name].ours, name).toBe(true);
    }
    const tiers = await patronage.tiers();
    expect(tiers.map(({ name, unit }) => [name, unit])).toEqual([['Listener', patronage.nativeUnit], ['Backstage', patronage.nativeUnit]]);
    expect(tiers[0]!.terms).toMatchObject({ asset: { type: 'Native' }, price: 5n * one, level: 1, seats: null, minimumStay: 604_800_000n });
    const contents = await patronage.contents();
    // What is published later has no title in the file.
    expect(contents.slice(0, deployment.content.length).map(({ title }) => title)).toEqual(deployment.content);
    expect(await patronage.contents(1, 1)).toEqual([contents[1]]);
  });

  test('sells tokens for what was quoted, and takes them back', async () => {
    const plan = await patronage.buy(ana.address, { spend: 10n * one });
    expect(plan.quote.sentAtMost).toBe(10n * one);
    expect(plan.quote.tokensAtLeast).toBe(plan.quote.tokens - ((plan.quote.tokens + 99n) / 100n));
    const cost = await plan.preview(ana.address);
    expect(cost).toMatchObject({ value: 10n * one, untried: 0 });
    expect(cost.fee).toBeGreaterThan(0n);
    expect(cost.deposit).toBeGreaterThan(0n);
    const before = await patronage.balances(ana.address);
    const steps: string[] = [];
    const [receipt] = await plan.send(ana, { onStep: ({ step }) => steps.push(step) });
    expect(steps.slice(0, 2)).toEqual(['signing', 'sent']);
    const after = await patronage.balances(ana.address);
    expect(after.tokens - before.tokens).toBe(plan.quote.tokens);
    const bought = receipt!.events.find(({ name }) => name === 'Bought')!;
    expect(bought).toMatchObject({ of: 'token', contract: deployment.token });
    expect(bought.data).toMatchObject({ buyer: ana.address, recipient: ana.address, referrer: null, tokens: plan.quote.tokens, paid: plan.quote.price });
    // Nothing is spent but price, fee and deposit.
    expect(before.native - after.native).toBe(plan.quote.price + receipt!.fee + receipt!.deposit);
    const sell = await patronage.sell(after.tokens / 2n);
    const [sold] = await sell.send(ana);
    expect(sold!.events.find(({ name }) => name === 'Sold')!.data).toMatchObject({ seller: ana.address, payout: sell.quote.payout });
  });

  test('gives exactly so many tokens where that is asked for, and the referrer a share of the fee', async () => {
    const plan = await patronage.buy(ben.address, { tokens: 5n * UNIT }, { referrer: ana.address, slippage: 2n });
    expect(plan.quote.sentAtMost).toBe(plan.quote.price + ((plan.quote.price + 99n) / 100n) * 2n);
    await plan.send(ben);
    expect((await patronage.balances(ben.address)).tokens).toBe(5n * UNIT);
  });

  test('refuses in the words of the command, before anything is signed', async () => {
    const refused = async (doing: Promise<unknown>) => doing.then(() => { throw new Error('it went through'); }, (error: unknown) => error as ContractError);
    const all = await refused(patronage.sell(0n).then((plan) => plan.preview(ben.address)));
    expect(all).toBeInstanceOf(ContractError);
    expect(all).toMatchObject({ contract: 'token', code: 'PayoutTooLow', error: { type: 'PayoutTooLow', payout: 0n } });
    const nobody = await refused(patronage.plan({}, patronage.vault.call.setPaused({ paused: true })).preview(ben.address));
    expect(nobody).toMatchObject({ contract: 'vault', code: 'NotOwner', reason: 'only the owner of the vault may do that' });
    const poor = await refused(patronage.tip(10n ** 30n % (1n << (width === 'u64' ? 64n : 128n)) || one).preview(ben.address));
    expect(['Funds', 'NothingSent']).toContain(poor.code);
    let signed = 0;
    const counting = { ...ben, signBytes: async (bytes: Uint8Array) => (signed++, ben.signBytes!(bytes)) };
    await refused((await patronage.subscribe(ben.address, 0, 1n)).send(counting));
    expect(signed).toBe(0);
  });

  test('says what is missing as data: each way in with what meets it', async () => {
    const listeners = deployment.content.length > 0 ? await patronage.checkMany([0, 1, 2, 99], ben.address) : [];
    expect(listeners.at(-1)).toBeNull();
    const denied = listeners.filter((answer) => answer && !answer.granted);
    expect(denied.length).toBeGreaterThan(0);
    for (const answer of denied) {
      if (!answer || answer.granted) continue;
      expect(answer.words).toMatch(/^access takes /);
      for (const unmet of answer.ways.flat()) {
        expect(unmet.words.length).toBeGreaterThan(3);
        expect(unmet.elsewhere).toBeNull();
      }
    }
    const remedies = denied.flatMap((answer) => (answer && !answer.granted ? answer.ways.flat().map(({ remedy }) => remedy?.do) : []));
    expect(remedies).toContain('subscribe');
  });

  test('takes tips, subscriptions and their ends, with the exact refund before signing', async () => {
    const [tipped] = await patronage.tip(2n * one, 'for the encore').send(ben);
    const { data } = tipped!.events.find(({ name }) => name === 'Tipped')!;
    expect(data).toMatchObject({ fan: ben.address, asset: { type: 'Native' }, amount: 2n * one, memo: utf8('for the encore') });
    const plan = await patronage.subscribe(ben.address, 0, 10n * one);
    expect(plan.quote).toMatchObject({ tier: 0, fan: ben.address, price: 5n * one, lasts: 60n * 86_400_000n, approvedFirst: false });
    // Seven days of thirty, rounded up.
    expect(plan.quote.notRefundable).toBe((5n * one * 7n + 29n) / 30n);
    await plan.send(ben);
    const { subscription } = await patronage.fan(ben.address);
    expect(subscription).toMatchObject({ tier: 0, level: 1 });
    await (await patronage.topUp(ben.address, 5n * one)).send(ben);
    const up = await patronage.switchTier(ben.address, 1, 20n * one);
    expect(up.quote.carriedOver).toBeGreaterThan(14n * one);
    await up.send(ben);
    const now = (await patronage.fan(ben.address)).subscription!;
    expect(now).toMatchObject({ tier: 1, level: 2 });
    // The quote counts from an earlier block than the switch.
    expect(now.stream.minimum).toBe(up.quote.notRefundable);
    const cancel = await patronage.cancel(ben.address);
    expect(cancel.quote.refund + cancel.quote.earned + cancel.quote.keptForMinimumStay).toBe(now.stream.paid);
    expect(cancel.quote.keptForMinimumStay).toBeGreaterThan(0n);
    const [ended] = await cancel.send(ben);
    const refund = ended!.events.find(({ name }) => name === 'Ended')!.data['refund'] as bigint;
    expect(refund).toBeLessThanOrEqual(cancel.quote.refund);
    expect(cancel.quote.refund - refund).toBeLessThan(one / 100n);
    expect((await patronage.fan(ben.address)).subscription).toBeNull();
  });

  test('keeps stakes, in two transactions of which the second is not tried before the first', async () => {
    const plan = patronage.stake(UNIT);
    expect((await plan.preview(ben.address)).untried).toBe(1);
    const receipts = await plan.send(ben);
    expect(receipts.map(({ events }) => events.map(({ name }) => name))).toEqual([['Approval'], expect.arrayContaining(['StakeChanged'])]);
    expect((await patronage.fan(ben.address)).stake).toMatchObject({ staked: UNIT });
  });

  test('lists fans from the state of the chain, by pages', async () => {
    await patronage.tip(one).send(ana);
    const all = await patronage.fans();
    expect(all.next).toBeNull();
    const accounts = all.fans.map(({ account }) => account);
    expect(accounts).toContain(ana.address);
    expect(accounts).toContain(ben.address);
    for (const { account, ...fan } of all.fans) expect(fan).toEqual(await patronage.fan(account));
    const first = await patronage.fans(1);
    expect(first.fans.length).toBe(1);
    const second = await patronage.fans(100, { next: first.next!, at: first.at });
    expect([...first.fans, ...second.fans].map(({ account }) => account)).toEqual(accounts);
  });

  test('publishes what was encrypted here, and sells it', async () => {
    const price = 3n * one;
    const hash = toHex(new Uint8Array(32).fill(9));
    const key = (await patronage.content(0)).content.publicKey;
    const plan = patronage.publish({ hash, publicKey: key }, 'new.age', { audience: { type: 'Nobody' }, price });
    const [receipt] = await plan.send(mira);
    const id = receipt!.events.find(({ name }) => name === 'Published')!.data['id'] as number;
    expect((await patronage.content(id)).content).toMatchObject({ hash, uriText: 'new.age' });
    const before = await patronage.check(id, ana.address);
    expect(before).toMatchObject({ granted: false, ways: [[{ remedy: { do: 'purchase', content: id, price }, elsewhere: null }]] });
    await (await patronage.purchase(id, ana.address)).send(ana);
    expect(await patronage.check(id, ana.address)).toEqual({ granted: true, by: 'purchase', rule: null });
    const denied = patronage.publish({ hash, publicKey: key }, 'x.age', { audience: { type: 'Everyone' } }).preview(ana.address);
    await expect(denied).rejects.toMatchObject({ code: 'NotManager' });
  });
});

test('another chain, a place without a contract and a node that is away are told apart', async () => {
  const { u128, u64 } = given('world').chains;
  await expect(connect({ node: u64.node, deployment: u128.deployment })).rejects.toMatchObject({ name: 'ChainError' });
  const nowhere = person('Nobody').address;
  const { token, vault } = u128.deployment;
  await expect(connect({ node: u128.node, deployment: { token, vault, registry: nowhere } })).rejects.toMatchObject({ code: 'ContractNotFound' });
  await expect(connect({ node: 'ws://127.0.0.1:9', deployment: u128.deployment })).rejects.toMatchObject({ code: 'Unreachable' });
  await expect(connect({ node: 'http://127.0.0.1:9', deployment: u128.deployment })).rejects.toThrow(/no ws/);
  await expect(connect({ node: u128.node, deployment: { ...u128.deployment, format: 2 } })).rejects.toMatchObject({ code: 'Deployment' });
  // A contract of another kind gives no answer that could be taken for one.
  await expect(connect({ node: u128.node, deployment: { token: vault, vault, registry: u128.deployment.registry } })).rejects.toThrow(/version/);
});

test('a wallet of a page signs what was tried, and a refusal leaves nothing behind', async () => {
  const { node, deployment } = given('world').chains.u128;
  const patronage = await connect({ node, deployment });
  const log = inject('page', 'Cleo');
  try {
    const [account] = await (await wallets('the page', 0))[0]!.connect(patronage.chain.genesis);
    const plan = patronage.tip(UNIT, 'from a wallet');
    const [receipt] = await plan.send(account!);
    expect(receipt!.events.map(({ name, data }) => [name, data['fan']])).toEqual([['Tipped', account!.address]]);
    const [payload] = log.payloads;
    expect(payload).toMatchObject({ address: account!.address, genesisHash: deployment.genesis, version: 4 });
    // The call of the pallet has the message in it, as it was tried, and the amount before it.
    expect(payload.method.endsWith(toHex(plan.calls[0]!.data).slice(2))).toBe(true);
    inject('page', 'Cleo', { refuses: true });
    const [refusing] = await (await wallets('the page', 0))[0]!.connect();
    const before = await patronage.balances(refusing!.address);
    await expect(plan.send(refusing!)).rejects.toMatchObject({ name: 'WalletError', code: 'Refused' });
    expect(await patronage.balances(refusing!.address)).toEqual(before);
  } finally {
    delete (globalThis as any).injectedWeb3;
    await patronage.close();
  }
});

test('events of others are told as they come, and no more once that is stopped', async () => {
  const { node, deployment } = given('world').chains.u128;
  const [watching, acting] = [await connect({ node, deployment }), await connect({ node, deployment })];
  const cleo = person('Cleo');
  try {
    const told: string[][] = [];
    const stop = await watching.watch((events) => told.push(events.map(({ name }) => name)));
    await acting.tip(UNIT, 'one').send(cleo, { until: 'finalized' });
    await acting.tip(UNIT, 'two').send(cleo, { until: 'finalized' });
    await expect.poll(() => told, { timeout: 60_000 }).toEqual([['Tipped'], ['Tipped']]);
    stop();
    await acting.tip(UNIT, 'three').send(cleo, { until: 'finalized' });
    expect(told.length).toBe(2);
    const lost = new Promise<Error>((resolve) => void watching.watch(() => {}, resolve).then(() => watching.close()));
    expect(await lost).toMatchObject({ code: 'Closed' });
  } finally {
    await Promise.all([watching.close(), acting.close()]);
  }
});

test('a transaction of a page that was closed is found again, and counts once', async () => {
  const { node, deployment } = given('world').chains.u128;
  const patronage = await connect({ node, deployment });
  const cleo = person('Cleo');
  try {
    let pending: any;
    await patronage.tip(UNIT, 'once').send(cleo, { onStep: (step) => step.step === 'sent' && (pending = step.pending) });
    const receipt = await patronage.find(pending);
    expect(receipt!.events.map(({ name }) => name)).toEqual(['Tipped']);
    const { tipped } = await patronage.fan(cleo.address);
    await patronage.find(pending);
    expect((await patronage.fan(cleo.address)).tipped).toBe(tipped);
    expect(await patronage.find({ ...pending, transaction: `${pending.transaction}00` })).toBeNull();
  } finally {
    await patronage.close();
  }
});
