// A fan with the polkadot.js extension: authorises the page, refuses, buys, joins and opens content.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { accountOf, connect, toHex } from '@patronage/sdk';
import WebSocket from 'ws';
import { decodeCall } from './browser.mjs';
import { browseWithExtension } from './extension.mjs';
import { closeSheet, person } from './steps.mjs';
import { LETTER, world } from './world.mjs';

globalThis.WebSocket ??= WebSocket;

describe('with the polkadot.js extension', () => {
  let at, creator, wallet;
  const { address } = person('Ana');
  before(async () => {
    at = await world('u128');
    creator = await connect({ node: at.node, deployment: at.deployment, server: at.gateway });
    wallet = await browseWithExtension('Ana');
  });
  after(async () => {
    await wallet?.close();
    await creator?.close();
    await at?.stop();
  });

  test('a fan authorises the page, refuses once, joins, and opens what members may', async () => {
    const page = await wallet.context.newPage();
    page.setDefaultTimeout(60_000);
    await page.goto(`${at.url}#/join`);
    await page.waitForSelector('main h1');
    await page.click('header .who');
    await wallet.authorize(address);
    await page.waitForSelector('a.who');

    await page.click('.tier button >> text=Join Listener');
    await page.waitForSelector('[data-stage=ready]');
    const { native: had } = await creator.balances(address);
    await page.click('.sheet footer .primary');
    // What the extension shows is what the page asked for.
    const { request } = await wallet.requested('signing');
    const { contract, value } = decodeCall(request.payload.method);
    assert.equal(contract, toHex(accountOf(at.deployment.vault)));
    assert.equal(value, 5n * 10n ** 12n);
    assert.equal(request.payload.genesisHash, creator.chain.genesis);
    await wallet.refuse();
    await page.waitForSelector('[data-stage=failed]');
    assert.equal((await creator.balances(address)).native, had);
    await page.click('.sheet footer .primary');
    await page.waitForSelector('[data-stage=ready]');
    await page.click('.sheet footer .primary');
    await wallet.approve();
    await page.waitForSelector('[data-stage=done]');
    await closeSheet(page);
    await page.waitForSelector('[data-membership=runs]');

    await page.goto(`${at.url}#/content/3`);
    // polkadot.js refuses a second request within three seconds: the page waits.
    await page.click('[data-access=granted] button');
    await wallet.approve();
    await page.waitForSelector('[data-opened] .text');
    assert.equal(await page.textContent('[data-opened] .text'), LETTER);
  });
});
