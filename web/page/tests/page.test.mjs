// The page in Chromium on local chains of both widths: what a fan does, what can go wrong, and how it looks.

import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { accountOf, connect, formatAmount, toHex } from '@patronage/sdk';
import { encode } from 'uqr';
import WebSocket from 'ws';
import { serveFolder } from '../scripts/serve.mjs';
import { browse, decodeCall, little, visit } from './browser.mjs';
import { closeSheet, connectWallet, line, sign, units } from './steps.mjs';
import { LETTER, world } from './world.mjs';

globalThis.WebSocket ??= WebSocket;
const shots = fileURLToPath(new URL('../../../target/screenshots/', import.meta.url));
mkdirSync(shots, { recursive: true });
const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const letterId = 3;
const coverId = 4;
const tapeId = 5;

let browser;
before(async () => {
  browser = await browse();
});
after(() => browser?.close());

for (const width of ['u128', 'u64']) {
  describe(`on a chain with ${width} balances`, () => {
    let at, creator, decimals;
    before(async () => {
      at = await world(width);
      creator = await connect({ node: at.node, deployment: at.deployment });
      decimals = creator.nativeUnit.decimals;
    });
    after(async () => {
      await creator?.close();
      await at?.stop();
    });
    const open = (view, options) => visit(browser, options).then(async (found) => {
      await found.page.goto(`${at.url}#/${view}`);
      await found.page.waitForSelector('main h1');
      return found;
    });
    const check = async ({ complaints, context }) => {
      assert.deepEqual(complaints, []);
      await context.close();
    };

    test('without a wallet a fan sees the creator, tiers, price and what opens content', async () => {
      const found = await open('mira');
      const { page } = found;
      const price = await creator.token.query.spotPrice();
      assert.equal(await page.textContent('[data-price]'), `${formatAmount(price, decimals)} ${creator.nativeUnit.symbol}`);
      assert.match(await page.textContent('main'), /Listener.*50 of 50 seats left.*A letter to members.*be a member at level 1/s);
      assert.match(await page.textContent('.badge'), /Verified code/);
      await page.click('header .who');
      await page.waitForSelector('text=There is no wallet in this browser.');
      // Phones open this very page in the wallet's own browser, by a link or by its code.
      const links = page.locator('dialog li', { has: page.locator('svg.qr') }).locator('a');
      await links.nth(1).waitFor();
      for (const link of await links.all()) {
        const opens = await link.getAttribute('href');
        assert.equal(new URL(opens).searchParams.get('url'), page.url());
        const code = link.locator('xpath=..').locator('svg.qr path');
        const dark = encode(opens, { border: 4 }).data.flatMap((row, y) => row.flatMap((is, x) => (is ? [`${x} ${y}`] : [])));
        assert.deepEqual([...(await code.getAttribute('d')).matchAll(/M(\d+ \d+)h/g)].map(([, at]) => at), dark);
      }
      await page.screenshot({ path: `${shots}no-wallet-${width}.png` });
      await check(found);
    });

    test('what the wallet signs is what the sheet shows, and a refusal changes nothing', async () => {
      const found = await open('token', { people: ['Cleo'] });
      const { page, asked, behaviour } = found;
      await connectWallet(page);
      await page.waitForSelector('[data-quote=buy] dl');
      await page.click('main form button.primary');
      await page.waitForSelector('[data-stage=ready]');
      const shown = { least: units(await line(page, 'At least'), creator.tokenUnit.decimals), most: units(await line(page, 'At most'), decimals), total: units(await page.textContent('[data-total]'), decimals) };
      behaviour.refuses = true;
      const before = await creator.balances(asked[0]?.request.address ?? '5Gw3s7q4QLkSWwknsiPtjujPv3XM4Trxi5d4PgKMMk3gfGTE').catch(() => null);
      await page.click('.sheet footer .primary');
      await page.waitForSelector('[data-stage=failed]');
      assert.match(await page.textContent('.stage'), /Nothing was changed.*you refused it in the wallet/s);
      const who = asked[0].request.address;
      assert.equal((await creator.balances(who)).tokens, 0n);
      assert.ok(before === null || before.tokens === 0n);
      behaviour.refuses = false;
      await page.click('.sheet footer .primary');
      await sign(page);
      const { request } = asked.at(-1);
      const call = decodeCall(request.method);
      assert.equal(call.contract, toHex(accountOf(at.deployment.token)));
      assert.equal(call.value, shown.most);
      assert.equal(toHex(call.data.subarray(0, 4)), creator.token.abi.messages.buy[0]);
      assert.equal(toHex(call.data.subarray(4, 36)), toHex(accountOf(who)));
      assert.equal(little(call.data.subarray(36, 52)), shown.least);
      assert.equal(call.data[52], 0);
      assert.ok(shown.total > shown.most);
      assert.equal(request.genesisHash, creator.chain.genesis);
      assert.ok((await creator.balances(who)).tokens >= shown.least);
      await closeSheet(page);
      await page.goto(`${at.url}#/me`);
      await page.waitForSelector('.history li');
      assert.match(await page.textContent('.history'), /Buy/);
      await check(found);
    });

    test('a member joins, reads a letter as text, and cancels with the refund that was shown', async () => {
      const found = await open('join', { people: ['Elia'], width: 320, height: 700 });
      const { page, asked } = found;
      await connectWallet(page);
      await page.click('.tier button >> text=Join Listener');
      await page.waitForSelector('[data-stage=ready]');
      assert.equal(units(await line(page, 'Never refunded'), decimals), (5n * 10n ** BigInt(decimals) * 7n + 29n) / 30n);
      await page.screenshot({ path: `${shots}sheet-320-${width}.png` });
      await sign(page);
      await closeSheet(page);
      await page.waitForSelector('[data-membership=runs]');
      await page.goto(`${at.url}#/content/${letterId}`);
      await page.click('[data-access=granted] button');
      await page.waitForSelector('[data-opened] .text');
      assert.equal(await page.textContent('[data-opened] .text'), LETTER);
      assert.equal(await page.locator('[data-opened] b').count(), 0);
      await page.goto(`${at.url}#/join`);
      await page.click('text=Cancel membership');
      await page.waitForSelector('[data-stage=ready]');
      const refund = units(await line(page, 'You get back now'), decimals);
      assert.ok(refund > 0n);
      const who = asked[0].request.address;
      const { native: had } = await creator.balances(who);
      await sign(page);
      const [fee, deposit] = [units(await line(page, 'Network fee'), decimals), units(await line(page, 'Storage deposit that comes back'), decimals)];
      const got = (await creator.balances(who)).native - had + fee - deposit;
      // Time earns by the millisecond, also between the sheet and the block.
      assert.ok(got <= refund && refund - got < 10n ** BigInt(decimals - 2), `${got} of ${refund}`);
      await closeSheet(page);
      await page.waitForSelector('[data-membership=runs]', { state: 'detached' });
      assert.equal((await creator.vault.query.standingOf({ fan: who })).level, 0);
      await check(found);
    });

    // What follows does not depend on the width.
    if (width !== 'u128') return;

    test('each unmet condition is a button, and what was bought, tipped or staked opens', async () => {
      const found = await open(`content/${coverId}`, { people: ['Dana'] });
      const { page, asked } = found;
      await connectWallet(page);
      await page.waitForSelector('[data-access=denied]');
      assert.match(await page.textContent('[data-access=denied]'), /Tip 2 .*or.*Buy 3 MIRA/s);
      await page.screenshot({ path: `${shots}denied-${width}.png`, fullPage: true });
      await page.click('.way button >> text=Tip 2');
      await sign(page);
      assert.equal(decodeCall(asked.at(-1).request.method).value, 2n * 10n ** BigInt(decimals));
      await closeSheet(page);
      await page.click('[data-access=granted] button');
      await page.waitForSelector('[data-opened] img');
      assert.equal(await page.evaluate(() => document.querySelector('[data-opened] img').decode().then(() => document.querySelector('[data-opened] img').naturalWidth)), 320);
      await page.screenshot({ path: `${shots}picture-${width}.png`, fullPage: true });
      const [download] = await Promise.all([page.waitForEvent('download'), page.click('text=Export the key')]);
      assert.match(readFileSync(await download.path(), 'utf8'), /^AGE-SECRET-KEY-1/);
      await page.goto(`${at.url}#/content/${tapeId}`);
      await page.waitForSelector('[data-access=denied]');
      await page.click('text=Buy for 1');
      await sign(page);
      await closeSheet(page);
      await page.click('[data-access=granted] button');
      await page.waitForSelector('[data-opened] audio');
      await check(found);
    });

    test('a fan who has no account on this chain learns why', async () => {
      const found = await open('mira', { people: ['Finn'], genesis: `0x${'11'.repeat(32)}` });
      const { page } = found;
      await page.click('header .who');
      await page.waitForSelector('[role=alert] .fault');
      assert.match(await page.textContent('[role=alert] .fault'), /are for another chain/);
      await check(found);
    });

    test('a transaction of a page that was closed is found again', async () => {
      const found = await open('mira', { people: ['Finn'] });
      const { page } = found;
      await connectWallet(page);
      await page.click('.chips button >> nth=0');
      await page.fill('textarea', 'for the demo');
      await page.click('section.card form button.primary');
      await page.waitForSelector('[data-stage=ready]');
      // What was sent is kept from the moment that the node has it, until its end is known. Here the page never learns it.
      await page.evaluate(() => {
        const set = Storage.prototype.setItem;
        Storage.prototype.setItem = function (name, value) {
          if (name === 'pending' && value === '[]') return;
          set.call(this, name, value);
        };
      });
      await sign(page);
      await page.reload();
      await page.waitForSelector('[data-resumed=found]');
      assert.match(await page.textContent('[data-resumed=found]'), /Leave a tip.*It is in a block/s);
      await page.reload();
      await page.waitForSelector('[data-price]');
      assert.equal(await page.locator('[data-resumed]').count(), 0);
      await check(found);
    });

    test('the owner grants a membership in the studio', async () => {
      const found = await open('studio/members', { people: ['Mira'] });
      const { page } = found;
      await connectWallet(page);
      await page.waitForSelector('text=Grant a membership');
      const who = '5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty';
      await page.fill('section.card input >> nth=0', who);
      await page.fill('section.card input[type=date]', '2099-01-01');
      await page.click('section.card button.primary');
      await sign(page);
      await closeSheet(page);
      await page.waitForSelector('tbody >> text=Revoke');
      assert.equal((await creator.vault.query.standingOf({ fan: who })).level, 1);
      await page.screenshot({ path: `${shots}members.png`, fullPage: true });
      await check(found);
    });

    test('the keyboard alone buys tokens', async () => {
      const found = await open('token', { people: ['Cleo'] });
      const { page } = found;
      const reach = async (selector) => {
        for (let steps = 0; steps < 60; steps++) {
          await page.keyboard.press('Tab');
          if (await page.evaluate((wanted) => document.activeElement?.matches(wanted) ?? false, selector)) return;
        }
        assert.fail(`Tab does not reach ${selector}`);
      };
      await reach('header .who');
      await page.keyboard.press('Enter');
      await page.waitForSelector('a.who');
      await reach('main form input');
      await page.keyboard.press('Control+A');
      await page.keyboard.type('2');
      await page.waitForSelector('[data-quote=buy] dl');
      await page.keyboard.press('Enter');
      await page.waitForSelector('[data-stage=ready]');
      await reach('.sheet footer .primary');
      await page.keyboard.press('Enter');
      await page.waitForSelector('[data-stage=done]');
      await page.keyboard.press('Escape');
      await page.waitForSelector('dialog', { state: 'detached' });
      await check(found);
    });

    test('every view is accessible in both themes at 320 and 1280 pixels', async () => {
      const views = ['mira', 'join', 'token', 'content', `content/${letterId}`, 'me', 'studio', 'studio/members', 'studio/tiers', 'studio/splits', 'studio/publish', 'studio/people', 'studio/vesting', 'studio/profile', 'studio/settings', 'studio/server', 'launch'];
      for (const [scheme, size] of [['light', 320], ['light', 1280], ['dark', 320], ['dark', 1280]]) {
        const found = await open('mira', { people: ['Cleo'], width: size, height: 800, scheme });
        const { page } = found;
        await connectWallet(page);
        // Outside of the page's own policy for scripts, which would refuse it.
        await page.evaluate(readFileSync(axe, 'utf8'));
        for (const view of views) {
          await page.evaluate((hash) => (location.hash = hash), `#/${view}`);
          await page.waitForFunction(() => document.querySelector('main h1') && !document.querySelector('main .busy'));
          // What is folded is looked at too.
          await page.evaluate(() => { for (const one of document.querySelectorAll('main details')) one.open = true; document.querySelector('[data-content="3"] [aria-expanded]')?.click(); });
          const { violations } = await page.evaluate(() => window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }));
          assert.deepEqual(violations.map(({ id, nodes }) => `${view} ${scheme} ${size}: ${id} ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`), []);
          assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${view} is wider than ${size} pixels`);
          await page.screenshot({ path: `${shots}${view.replaceAll('/', '-')}-${scheme}-${size}.png`, fullPage: true });
        }
        await check(found);
      }
    });

    test('it speaks German and Spanish, with their numbers', async () => {
      for (const [locale, join, price] of [['de-DE', 'Mitgliedschaft', '0,5'], ['es-ES', 'Membresía', '0,5']]) {
        const found = await open('mira', { locale });
        assert.match(await found.page.textContent('main'), new RegExp(`${join}`));
        assert.ok((await found.page.textContent('[data-price]')).startsWith(price.slice(0, 2)));
        assert.equal(await found.page.evaluate(() => document.documentElement.lang), locale.slice(0, 2));
        await found.page.screenshot({ path: `${shots}home-${locale}.png`, fullPage: true });
        await check(found);
      }
    });

    test('a gate on another site opens for who has access, and its buttons open the page', async () => {
      const folder = mkdtempSync(join(tmpdir(), 'patronage-embed-'));
      copyFileSync(fileURLToPath(new URL('../../embed/dist/patronage.js', import.meta.url)), join(folder, 'patronage.js'));
      const example = readFileSync(new URL('../../embed/examples/plain.html', import.meta.url), 'utf8');
      writeFileSync(join(folder, 'index.html'), example.replace('https://mira.example/', at.url).replace('<patronage-support>', '<patronage-gate content="2"><p id="free">Free</p></patronage-gate><patronage-support>'));
      const { server, url } = await serveFolder(folder);
      const found = await visit(browser, { people: ['Finn'] });
      const { page, context, asked } = found;
      try {
        await page.goto(url);
        assert.equal(await page.isVisible('#secret'), false);
        assert.equal(await page.isVisible('#free'), false);
        await page.click('patronage-gate[content="2"] >> text=Check my access');
        await page.waitForSelector('patronage-gate[content="2"][open]');
        assert.equal(await page.isVisible('#free'), true);
        await page.click('patronage-gate[content="3"] >> text=Check my access');
        await page.waitForSelector('patronage-gate[content="3"] >> text=This part is for supporters.');
        assert.equal(await page.isVisible('#secret'), false);
        await page.screenshot({ path: `${shots}embed.png` });
        for (const [click, view] of [['patronage-gate[content="3"] >> text=See how to open it', '#/mira/content/3'], ['patronage-support >> text=Support Mira', '#/mira/join']]) {
          const [popup] = await Promise.all([context.waitForEvent('page'), page.click(click)]);
          await popup.waitForSelector('main h1');
          assert.ok(popup.url().endsWith(view), popup.url());
          await popup.close();
        }
        assert.deepEqual(asked, []);
      } finally {
        server.closeAllConnections();
        server.close();
        rmSync(folder, { recursive: true, force: true });
      }
      await check(found);
    });

    // Last, as it ends the chain.
    test('a node that is lost is told, and no request goes elsewhere', async () => {
      const found = await open('mira');
      const { page } = found;
      const elsewhere = [];
      page.on('request', (request) => {
        if (!request.url().startsWith(at.url) && !request.url().startsWith(at.gateway) && !request.url().startsWith('blob:')) elsewhere.push(request.url());
      });
      await page.click('nav >> text=Token');
      at.chain.kill();
      await page.waitForSelector('text=The node does not answer');
      await page.reload();
      await page.waitForSelector('[role=alert] h1');
      assert.match(await page.textContent('[role=alert]'), /can't be reached/);
      assert.deepEqual(elsewhere, []);
      await page.screenshot({ path: `${shots}lost.png` });
      await check(found);
    });
  });
}
