// What people do on the page in many tests.

import assert from 'node:assert/strict';
import { Keyring } from '@polkadot/keyring';
import { keySigner, toAddress } from '@patronage/sdk';
import { visit } from './browser.mjs';

/** Opens a view of the page as a person whose wallet is connected. */
export async function opened(browser, url, view, who, options = {}) {
  const found = await visit(browser, { people: [who], ...options });
  await found.page.goto(`${url}#/${view}`);
  await found.page.waitForSelector('main h1');
  await connectWallet(found.page);
  return found;
}

/** Ends what `opened` began, if the browser had nothing to complain of. */
export async function check({ complaints, context }) {
  assert.deepEqual(complaints, []);
  await context.close();
}

/** Signs, and closes the sheet. */
export async function signAndClose(page) {
  await sign(page);
  await closeSheet(page);
}

/** Connects the wallet's only account. */
export async function connectWallet(page) {
  await page.click('header .who');
  await page.waitForSelector('a.who');
}

/** Waits until the sheet is ready, signs, and waits for the end. */
export async function sign(page) {
  await page.waitForSelector('[data-stage=ready], [data-stage=failed]');
  await page.click('.sheet footer .primary');
  await page.waitForSelector('[data-stage=done], [data-stage=failed]');
  assert.match(await page.textContent('.stage'), /Done/);
}

/** Closes the sheet after it is done. */
export async function closeSheet(page) {
  await page.click('.sheet footer button:last-child');
  await page.waitForSelector('dialog', { state: 'detached' });
}

/** What a line of the sheet says. */
export async function line(page, name) {
  return (await page.locator('.sheet .lines div', { has: page.locator('dt', { hasText: new RegExp(`^${name}$`) }) }).first().locator('dd').textContent()).trim();
}

/** An amount on the page in smallest units. */
export function units(text, decimals) {
  const [whole, fraction = ''] = text.split(' ')[0].replaceAll(',', '').split('.');
  return BigInt(whole + fraction.padEnd(decimals, '0'));
}

/** A development account that signs by itself, for what is not done on the page. */
export function person(name) {
  const pair = new Keyring({ type: 'sr25519' }).addFromUri(`//${name}`);
  return keySigner(toAddress(pair.publicKey), 'sr25519', (bytes) => pair.sign(bytes));
}

/** A field of the page by its label. */
export function field(scope, label) {
  return scope.getByLabel(label, { exact: true });
}
