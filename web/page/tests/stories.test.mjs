// What fans do beside joining and reading: sell, give, top up, switch, stake, claim, and pages in two tabs or with several wallets.

import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { connect } from '@patronage/sdk';
import WebSocket from 'ws';
import { browse, decodeCall, little, visit } from './browser.mjs';
import { check, closeSheet, connectWallet, field, line, opened, person, sign, signAndClose, units } from './steps.mjs';
import { LETTER, world } from './world.mjs';

globalThis.WebSocket ??= WebSocket;
const shots = fileURLToPath(new URL('../../../target/screenshots/', import.meta.url));
mkdirSync(shots, { recursive: true });
const [letterId, DAY] = [3, 86_400_000];

describe('fans', () => {
  let browser, at, creator, decimals;
  before(async () => {
    browser = await browse();
    at = await world('u128');
    creator = await connect({ node: at.node, deployment: at.deployment, server: at.gateway });
    decimals = creator.nativeUnit.decimals;
  });
  after(async () => {
    await creator?.close();
    await at?.stop();
    await browser?.close();
  });
  const unit = (value) => BigInt(value) * 10n ** BigInt(decimals);
  const open = (view, who, options = {}) => opened(browser, at.url, view, who, options);
  const tierButton = (page, tier, name) => page.locator('.tier', { has: page.locator('h2', { hasText: tier }) }).getByRole('button', { name });

  test('tokens are sold back for at least what the sheet says', async () => {
    const ben = person('Ben');
    await (await creator.buy(ben.address, { tokens: unit(30) })).send(ben);
    const found = await open('token', 'Ben', { width: 320, height: 700 });
    const { page, asked } = found;
    await page.getByRole('button', { name: /^Sell all: 30 MIRA/ }).click();
    await page.waitForSelector('[data-quote=sell] dl');
    await page.getByRole('button', { name: 'Sell', exact: true }).click();
    await page.waitForSelector('[data-stage=ready]');
    const [get, least] = [units(await line(page, 'You get about'), decimals), units(await line(page, 'At least'), decimals)];
    const { native: had } = await creator.balances(ben.address);
    await sign(page);
    const call = decodeCall(asked.at(-1).request.method);
    assert.deepEqual([little(call.data.subarray(4, 20)), little(call.data.subarray(20, 36))], [unit(30), least]);
    const [fee, deposit] = [units(await line(page, 'Network fee'), decimals), units(await line(page, 'Storage deposit that comes back').catch(() => '0'), decimals)];
    const now = await creator.balances(ben.address);
    assert.deepEqual([now.tokens, now.native - had + fee - deposit], [0n, get]);
    await check(found);
  });

  test('a membership is given, topped up and moved to another tier', async () => {
    const [ana, finn] = [person('Ana'), person('Finn')];
    const giver = await open('join', 'Ana');
    await tierButton(giver.page, 'Listener', 'Give it to someone').click();
    const form = giver.page.locator('dialog form');
    await field(form, 'Address of the recipient').fill('5Nothing');
    assert.equal(await form.getByRole('button', { name: 'Review' }).isDisabled(), true);
    await field(form, 'Address of the recipient').fill(finn.address);
    await field(form, 'How many periods').fill('2');
    await form.getByRole('button', { name: 'Review' }).click();
    await giver.page.waitForSelector('[data-stage=ready]');
    assert.deepEqual([await line(giver.page, 'For'), await line(giver.page, 'You pay'), await line(giver.page, 'Lasts for')], [finn.address, '10 UNIT', '60 days']);
    await signAndClose(giver.page);
    assert.equal((await creator.fan(ana.address)).subscription, null);
    const { stream } = (await creator.fan(finn.address)).subscription;
    assert.equal(stream.end - stream.start, BigInt(60 * DAY));
    await check(giver);
    const found = await open('join', 'Finn', { width: 320, height: 700 });
    const { page } = found;
    await page.click('[data-membership=runs] >> text=Add a period');
    await page.waitForSelector('[data-stage=ready]');
    assert.equal(await line(page, 'Lasts for'), '30 days');
    await signAndClose(page);
    assert.equal((await creator.fan(finn.address)).subscription.stream.end - stream.end, BigInt(30 * DAY));
    await tierButton(page, 'Backstage', 'Switch to Backstage').click();
    await page.waitForSelector('[data-stage=ready]');
    assert.ok(units(await line(page, 'Moves over'), decimals) > unit(14));
    // What is left pays for more than a period.
    assert.equal(await line(page, 'You pay'), '0 UNIT');
    await signAndClose(page);
    assert.equal((await creator.vault.query.standingOf({ fan: finn.address })).level, 2);
    await page.waitForSelector('[data-membership=runs] >> text=Backstage');
    await check(found);
  });

  test('a tier that is paid in tokens takes them after an approval, and a cancel pays them back', async () => {
    const elia = person('Elia');
    await (await creator.buy(elia.address, { tokens: unit(25) })).send(elia);
    const found = await open('join', 'Elia');
    const { page, asked } = found;
    await tierButton(page, 'Insider', 'Join Insider').click();
    await page.waitForSelector('text=1 more transactions follow');
    await signAndClose(page);
    assert.equal(asked.filter(({ kind }) => kind === 'payload').length, 2);
    assert.equal((await creator.balances(elia.address)).tokens, unit(5));
    await page.click('text=Cancel membership');
    await page.waitForSelector('[data-stage=ready]');
    assert.match(await line(page, 'You get back now'), / MIRA$/);
    await signAndClose(page);
    const { tokens } = await creator.balances(elia.address);
    assert.ok(tokens > unit(24) && tokens < unit(25), String(tokens));
    await check(found);
  });

  test('content that is too old for the list opens by its link, and the list shows more', async () => {
    const finn = person('Finn');
    if (!(await creator.check(letterId, finn.address)).granted) await (await creator.subscribe(finn.address, 0, unit(5))).send(finn);
    const found = await visit(browser, { people: ['Finn'] });
    const { page } = found;
    await page.route('**/page.json', async (route) => {
      const response = await route.fetch();
      const json = await response.json();
      json.creators[0].newest = 2;
      await route.fulfill({ response, json });
    });
    await page.goto(`${at.url}#/content/${letterId}`);
    await page.waitForSelector('h1 >> text=A letter to members');
    await connectWallet(page);
    await page.click('[data-access=granted] button');
    await page.waitForSelector('[data-opened] .text');
    assert.equal(await page.textContent('[data-opened] .text'), LETTER);
    await page.goto(`${at.url}#/content`);
    await page.waitForSelector('.contents li');
    assert.equal(await page.locator('.contents li').count(), 2);
    await page.click('text=Show older content');
    await page.waitForFunction(() => document.querySelectorAll('.contents li').length === 4);
    await page.goto(`${at.url}#/content/99`);
    await page.waitForSelector('text=There is no such content.');
    await check(found);
  });

  test('two tabs show the same, and neither signs what the other has done', async () => {
    const found = await open('join', 'Dana');
    const { page, context } = found;
    const second = await context.newPage();
    second.setDefaultTimeout(60_000);
    await second.goto(`${at.url}#/join`);
    await second.waitForSelector('a.who');
    for (const tab of [page, second]) {
      await tierButton(tab, 'Listener', 'Join Listener').click();
      await tab.waitForSelector('[data-stage=ready]');
    }
    await sign(page);
    // What was quoted here is not possible any more: it is tried again before the wallet is asked.
    const before = found.asked.length;
    await second.click('.sheet footer .primary');
    await second.waitForSelector('[data-stage=failed]');
    assert.match(await second.textContent('.stage'), /Nothing was changed.*is subscribed until/s);
    assert.equal(found.asked.length, before);
    await second.click('.sheet footer button:last-child');
    await second.waitForSelector('[data-membership=runs]');
    // Receipts of both tabs are kept, and both show them.
    const titles = (tab) => tab.locator('.history').first().locator('li > b').allTextContents();
    for (const tab of [page, second]) await tab.goto(`${at.url}#/me`);
    assert.deepEqual(await titles(second), ['Join Listener']);
    await second.goto(`${at.url}#/join`);
    await second.click('[data-membership=runs] >> text=Add a period');
    await signAndClose(second);
    await page.waitForFunction(() => document.querySelectorAll('.history')[0]?.children.length === 2);
    assert.deepEqual(await titles(page), ['Add a period', 'Join Listener']);
    await check(found);
  });

  test('with several wallets and accounts the fan chooses, and the choice stays', async () => {
    const found = await visit(browser, { people: ['Cleo', 'Gil'], name: 'talisman' });
    const { page, context } = found;
    await context.addInitScript(() => {
      const none = { version: '2.0', enable: async () => ({ accounts: { get: async () => [] }, signer: {} }) };
      window.injectedWeb3 = { empty: none, ...window.injectedWeb3 };
    });
    await page.goto(`${at.url}#/me`);
    await page.click('header .who');
    await page.waitForSelector('.choice');
    assert.deepEqual(await page.locator('.choice b').allTextContents(), ['empty', 'talisman']);
    await page.click('.choice >> text=empty');
    await page.waitForSelector('[role=alert] .fault');
    await page.click('.choice >> text=talisman');
    await page.waitForSelector('h2 >> text=Choose an account');
    await page.click('.choice >> text=Gil');
    await page.waitForSelector('a.who >> text=Gil');
    await page.reload();
    await page.waitForSelector('a.who >> text=Gil');
    await page.click('text=Disconnect');
    await page.reload();
    await page.waitForSelector('[data-price], main h1');
    assert.equal(await page.locator('a.who').count(), 0);
    await check(found);
  });

  test('a refusal of a contract is said in the language of the page', async () => {
    const found = await open('studio/settings', 'Gil', { locale: 'de-DE' });
    await found.page.getByRole('button', { name: 'Kaufen anhalten' }).click();
    await found.page.waitForSelector('[data-stage=failed]');
    assert.match(await found.page.textContent('.stage'), /das darf nur die Inhaberin des Tokens/);
    await closeSheet(found.page);
    // The account has no money at all.
    await found.page.goto(`${at.url}#/mira`);
    await found.page.click('.chips button >> nth=0');
    await found.page.click('section.card form button.primary');
    await found.page.waitForSelector('[data-stage=failed]');
    assert.match(await found.page.textContent('.stage'), /das Guthaben reicht nicht: nötig sind 1 UNIT, und das Konto hat 0 UNIT/);
    await check(found);
  });

  // Last, as the time of the chain moves.
  test('a staker claims a share of the income a day later, and gets the stake back after its cooldown', async () => {
    const ben = person('Ben');
    const travel = async (days) => {
      await creator.chain.rpc.call('dev_timeTravel', Number(await creator.chain.time()) + days * DAY);
    };
    await (await creator.buy(ben.address, { tokens: unit(10) })).send(ben);
    const found = await open('me', 'Ben');
    const { page } = found;
    await field(page, 'Amount').fill('10');
    await page.getByRole('button', { name: 'Stake', exact: true }).click();
    await signAndClose(page);
    assert.equal((await creator.fan(ben.address)).stake.staked, unit(10));
    await travel(1);
    await creator.tip(unit(40), '').send(person('Ana'));
    await travel(2);
    await page.reload();
    await page.waitForSelector('[data-waiting="me.income"]');
    const waits = await creator.vault.query.stakeIncomeOf({ who: ben.address, asset: { type: 'Native' } });
    assert.ok(waits > 0n && waits <= unit(2), String(waits));
    await page.screenshot({ path: `${shots}stake.png`, fullPage: true });
    await page.locator('[data-waiting="me.income"] button').click();
    await signAndClose(page);
    assert.equal(await creator.vault.query.stakeIncomeOf({ who: ben.address, asset: { type: 'Native' } }), 0n);
    await field(page, 'Amount').fill('10');
    await page.getByRole('button', { name: 'Unstake' }).click();
    await signAndClose(page);
    await page.waitForSelector('text=10 MIRA are free on');
    await travel(15);
    await page.reload();
    await page.getByRole('button', { name: 'Withdraw 10 MIRA' }).click();
    await signAndClose(page);
    assert.equal((await creator.balances(ben.address)).tokens, unit(10));
    await check(found);
  });
});
