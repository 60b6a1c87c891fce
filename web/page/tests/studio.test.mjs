// The creator's side of the page in Chromium: what owner and managers do in the studio.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { accountOf, connect, sameAccount, textOf, toHex } from '@patronage/sdk';
import { signProfile } from '@patronage/sdk/owner';
import WebSocket from 'ws';
import { browse } from './browser.mjs';
import { check, field, opened, person, sign, signAndClose } from './steps.mjs';
import { world } from './world.mjs';

globalThis.WebSocket ??= WebSocket;
const shots = fileURLToPath(new URL('../../../target/screenshots/', import.meta.url));
mkdirSync(shots, { recursive: true });
const letterId = 3;

describe('in the studio', () => {
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

  test('the owner changes all terms of content, on a phone', async () => {
    const found = await open('studio/publish', 'Mira', { width: 320, height: 700 });
    const { page } = found;
    const item = page.locator(`[data-content="${letterId}"]`);
    await item.getByRole('button', { name: /^Change/ }).click();
    const terms = item.locator('[data-terms]');
    await field(terms, 'Level').fill('2');
    await terms.getByRole('button', { name: 'Add another rule' }).click();
    const second = terms.locator('fieldset').nth(1);
    await field(second, 'Condition').selectOption('Holds');
    assert.equal(await terms.getByRole('button', { name: 'Change the terms' }).isDisabled(), true);
    await field(second, 'Amount (MIRA)').fill('7.5');
    await field(terms, 'Price (empty: not for sale)').fill('2');
    await field(terms, 'Opens on (empty: at once)').fill('2030-01-02T03:04');
    await page.screenshot({ path: `${shots}studio-terms-320.png`, fullPage: true });
    await terms.getByRole('button', { name: 'Change the terms' }).click();
    await signAndClose(page);
    const release = BigInt(await page.evaluate(() => new Date('2030-01-02T03:04').getTime()));
    const { token, vault } = at.deployment;
    assert.deepEqual(await creator.registry.query.terms({ id: letterId }), {
      audience: { type: 'AnyOf', value: [[{ type: 'Subscribed', vault, level: 2, grace: 0n }], [{ type: 'Holds', token, amount: 75n * 10n ** 11n }]] },
      price: unit(2), release, retired: false,
    });
    await item.getByRole('button', { name: /^Retire/ }).click();
    await signAndClose(page);
    assert.equal((await creator.registry.query.terms({ id: letterId })).retired, true);
    await item.getByRole('button', { name: /^Bring back/ }).click();
    await signAndClose(page);
    await check(found);
  });

  test('a file that was published in the browser opens for a fan, and opens anew after it was replaced', async () => {
    const found = await open('studio/publish', 'Mira');
    const { page } = found;
    const section = page.locator('[data-publish]');
    const hand = async (scope) => {
      for (const [button, folder] of [[/^Encrypted file/, 'content'], [/^Secret key/, 'keys']]) {
        const [download] = await Promise.all([page.waitForEvent('download'), scope.getByRole('button', { name: button }).click()]);
        const file = join(at.folder, folder, download.suggestedFilename());
        copyFileSync(await download.path(), file);
        // The gateway refuses keys that other accounts of the machine can read.
        chmodSync(file, 0o600);
      }
    };
    const put = async (scope, name, text) => {
      await field(scope, 'File').setInputFiles({ name, mimeType: 'text/plain', buffer: Buffer.from(text) });
      await scope.getByRole('button', { name: 'Encrypt', exact: true }).click();
      await scope.locator('[data-sealed]').waitFor();
    };
    await put(section, 'Diary 7.txt', 'the seventh page');
    await field(section, 'Who may open it').selectOption('Everyone');
    await hand(section);
    await section.getByRole('button', { name: 'Register on the chain' }).click();
    await signAndClose(page);
    const id = (await creator.registry.query.contentCount()) - 1;
    const { content, terms } = await creator.content(id);
    assert.equal(content.uriText, 'Diary-7.txt.age');
    assert.equal(content.hash, `0x${createHash('sha256').update(readFileSync(join(at.folder, 'content/Diary-7.txt.age'))).digest('hex')}`);
    assert.deepEqual([terms.audience.type, terms.price], ['Everyone', null]);
    const fan = person('Finn');
    assert.equal(await (await creator.unlock(id, fan)).text(), 'the seventh page');
    const item = page.locator(`[data-content="${id}"]`);
    await item.getByRole('button', { name: /^Change/ }).click();
    const replace = item.locator('[data-replace]');
    assert.equal(await replace.getByRole('button', { name: 'Replace the file' }).isDisabled(), true);
    await put(replace, 'other.txt', 'the seventh page, corrected');
    // The second one is uploaded.
    await replace.getByRole('button', { name: 'Upload to the gateway' }).click();
    await replace.getByText('The gateway has the file and its key').waitFor();
    assert.ok(existsSync(join(at.folder, 'content/Diary-7.txt-2.age')));
    await replace.getByRole('button', { name: 'Replace the file' }).click();
    await signAndClose(page);
    const after = await creator.registry.query.content({ id });
    assert.equal(textOf(after.uri), 'Diary-7.txt-2.age');
    assert.notEqual(after.publicKey, content.publicKey);
    assert.equal(await (await creator.unlock(id, fan)).text(), 'the seventh page, corrected');
    await check(found);
  });

  test('a manager who was appointed changes content, and can do nothing else', async () => {
    const cleo = person('Cleo').address;
    const owner = await open('studio/people', 'Mira');
    await field(owner.page, 'Manager').fill(cleo);
    await owner.page.getByRole('button', { name: 'Appoint' }).click();
    await sign(owner.page);
    await check(owner);
    const found = await open('studio/publish', 'Cleo');
    const { page } = found;
    await page.waitForSelector('text=You are a manager');
    await page.locator(`[data-content="4"]`).getByRole('button', { name: /^Retire/ }).click();
    await signAndClose(page);
    assert.equal((await creator.registry.query.terms({ id: 4 })).retired, true);
    await page.locator(`[data-content="4"]`).getByRole('button', { name: /^Bring back/ }).click();
    await signAndClose(page);
    await page.goto(`${at.url}#/studio/people`);
    await field(page, 'Manager').fill(cleo);
    await page.getByRole('button', { name: 'Dismiss' }).click();
    await page.waitForSelector('[data-stage=failed]');
    assert.match(await page.textContent('.stage'), /only the owner of the registry may do that/);
    await check(found);
  });

  test('tokens by a schedule reach their recipient, who releases them', async () => {
    const mira = person('Mira');
    await (await creator.buy(mira.address, { tokens: unit(10) })).send(mira);
    const dana = person('Dana').address;
    const found = await open('studio/vesting', 'Mira');
    const { page } = found;
    const form = page.locator('[data-vest]');
    await field(form, 'Recipient').fill(dana);
    await field(form, 'Amount').fill('10');
    await field(form, 'Begins on').fill('2020-01-01');
    await field(form, 'Everything by').fill('2019-01-01');
    assert.equal(await form.getByRole('button').isDisabled(), true);
    await field(form, 'Everything by').fill('2040-01-01');
    await form.getByRole('button').click();
    await signAndClose(page);
    const look = page.locator('[data-vesting]');
    await field(look, 'Recipient').fill(dana);
    await look.locator('text=Released').first().waitFor();
    await check(found);
    const hers = await open('me', 'Dana');
    await hers.page.locator('[data-myvesting] button').click();
    await sign(hers.page);
    const { tokens } = await creator.balances(dana);
    assert.ok(tokens > unit(2) && tokens < unit(8), String(tokens));
    await check(hers);
  });

  test('income is shown by day and month, as a table and as CSV, and claimed in every asset', async () => {
    const ben = person('Ben');
    await creator.tip(unit(19) / 2n, 'for the demo').send(ben);
    await (await creator.buy(ben.address, { tokens: unit(50) })).send(ben);
    const { token, vault } = at.deployment;
    await creator.plan({}, creator.token.call.approve({ spender: vault, value: unit(19) / 5n }), creator.vault.call.tipToken({ token, amount: unit(19) / 5n, memo: new Uint8Array() })).send(ben);
    const found = await open('studio', 'Mira');
    const { page } = found;
    await page.waitForSelector('[data-income=month] svg');
    // The index follows finalized blocks: it has the tip soon.
    await page.waitForFunction(() => /9\.5 UNIT/.test(document.querySelector('[data-income] table')?.textContent ?? ''));
    await page.locator('[data-income] select').first().selectOption('day');
    await page.waitForSelector('[data-income=day] svg');
    assert.equal(await page.locator('[data-income=day] .bar').count(), 30);
    assert.match(await page.textContent('[data-income] table'), new RegExp(`${new Date().toISOString().slice(0, 10)}.*9\\.5 UNIT`));
    await page.locator('[data-income] select').last().selectOption(token);
    await page.waitForFunction(() => /3\.8 MIRA/.test(document.querySelector('[data-income] table').textContent));
    await page.screenshot({ path: `${shots}studio-income.png`, fullPage: true });
    const [download] = await Promise.all([page.waitForEvent('download'), page.locator('[data-income]').getByRole('button', { name: 'Download as CSV' }).click()]);
    const csv = readFileSync(await download.path(), 'utf8');
    assert.match(csv, /^period,kind,amount,symbol,asset,lines\r\n/);
    assert.match(csv, new RegExp(`^\\d{4}-\\d\\d-\\d\\d,\\w+,3\\.8,MIRA,${token},1\r?$`, 'm'));
    // Nobody is staked: 75 of 95 parts are hers.
    const { tokens: had } = await creator.balances(person('Mira').address);
    await page.locator(`[data-due="${token}"]`).getByRole('button', { name: 'Claim your share: 3 MIRA' }).click();
    await signAndClose(page);
    assert.equal((await creator.balances(person('Mira').address)).tokens - had, unit(3));
    await page.locator('[data-due=""]').getByRole('button', { name: /^Claim your share: 7\.5 UNIT/ }).waitFor();
    await check(found);
  });

  test('a profile that the owner signs in the studio is shown, and one that was changed is not', async () => {
    const found = await open('studio/profile', 'Mira');
    const { page, asked } = found;
    const form = page.locator('[data-profileform]');
    await field(form, 'What you say about yourself').fill('Songs.\n<img src=x onerror=alert(1)>');
    await field(form, 'Address of a picture').fill(`${at.url}face.png`);
    await field(form, 'Address').first().fill('javascript:alert(1)');
    assert.equal(await form.getByRole('button', { name: /^Sign/ }).isDisabled(), true);
    await field(form, 'Address').first().fill('https://mira.example/<b>');
    await form.locator('summary', { hasText: 'Tiers' }).click();
    await field(form.locator('details').first(), 'Description').first().fill('All songs, & <b>more</b>');
    const [download] = await Promise.all([page.waitForEvent('download'), form.getByRole('button', { name: /^Sign/ }).click()]);
    assert.equal(download.suggestedFilename(), 'profile.json');
    assert.match(Buffer.from(asked.at(-1).request.data.slice(2), 'hex').toString(), /^Patronage: publish this profile\.\nThis moves no money/);
    const file = readFileSync(await download.path(), 'utf8');
    writeFileSync(join(at.folder, 'profile.json'), file);
    copyFileSync(join(at.folder, 'cover.png'), join(at.site, 'face.png'));
    await at.command('profile', 'check', join(at.folder, 'profile.json'));
    await page.goto(`${at.url}#/mira`);
    await page.reload();
    await page.waitForSelector('[data-profile=signed]');
    assert.match(await page.textContent('.hero'), /Songs\.\n<img src=x onerror=alert\(1\)>/);
    await page.waitForSelector('img.avatar');
    assert.equal(await page.locator('main img').count(), 1);
    assert.match(await page.textContent('.tier'), /All songs, & <b>more<\/b>/);
    await page.screenshot({ path: `${shots}profile.png`, fullPage: true });
    // A picture elsewhere is not asked for: the policy of the page would complain.
    const { profile } = JSON.parse(file);
    const scope = { genesis: creator.chain.genesis, vault: at.deployment.vault };
    writeFileSync(join(at.folder, 'profile.json'), await signProfile({ ...profile, name: 'Mira M.', picture: 'https://elsewhere.example/face.png' }, scope, person('Mira')));
    await page.reload();
    await page.waitForSelector('h1 >> text=Mira M.');
    await page.waitForSelector('div.avatar');
    assert.equal(await page.locator('main img').count(), 0);
    writeFileSync(join(at.folder, 'profile.json'), file.replace('Songs.', 'Bongs.'));
    await page.reload();
    await page.waitForSelector('[data-profile=none]');
    await page.goto(`${at.url}#/studio/profile`);
    await page.waitForSelector('text=has not signed this profile');
    assert.ok(!(await page.textContent('main')).includes('Bongs'));
    await check(found);
  });

  test('a creator launches by the wallet alone, goes on after an interruption, and has the deployment file', async () => {
    const found = await open('launch', 'Juno');
    const { page, asked, behaviour } = found;
    const wallet = page.locator('[data-launch]');
    await field(page, 'Name of the token').fill('Juno & friends');
    await field(page, 'Symbol').fill('JUNO');
    await field(page, "Stakers' share in %").fill('100');
    // The contract refuses what the form permits, before anything is signed.
    await wallet.getByRole('button', { name: 'Begin the launch' }).click();
    await wallet.locator('[role=alert] .fault').waitFor();
    assert.match(await wallet.locator('[role=alert]').textContent(), /the stakers can't have all of it/);
    await field(page, "Stakers' share in %").fill('10');
    await wallet.getByRole('button', { name: 'Begin the launch' }).click();
    // Mira's launch has uploaded the three codes that are shared.
    await wallet.locator('text=3 of 7 transactions are done.').waitFor();
    await wallet.getByRole('button', { name: 'Go on' }).click();
    await page.waitForSelector('text=3 more transactions follow');
    await page.screenshot({ path: `${shots}launch.png`, fullPage: true });
    behaviour.after = 2;
    await page.click('.sheet footer .primary');
    await page.waitForSelector('[data-stage=failed]');
    assert.match(await page.textContent('.stage'), /you refused it in the wallet/);
    behaviour.after = Infinity;
    await page.reload();
    await wallet.locator('text=5 of 7 transactions are done.').waitFor();
    await wallet.getByRole('button', { name: 'Go on' }).click();
    await page.waitForSelector('text=1 more transactions follow');
    await signAndClose(page);
    await page.waitForSelector('[data-launch=done]');
    assert.equal(asked.length, 5);
    const [download] = await Promise.all([page.waitForEvent('download'), wallet.getByRole('button', { name: 'Download deployment.json' }).click()]);
    const file = join(at.folder, 'juno.json');
    copyFileSync(await download.path(), file);
    const deployment = JSON.parse(readFileSync(file, 'utf8'));
    const juno = await connect({ node: at.node, deployment });
    try {
      assert.ok(Object.values(await juno.verify()).every(({ ours }) => ours));
      assert.ok(sameAccount(await juno.token.query.feeRecipient(), deployment.vault));
      assert.ok(sameAccount(await juno.registry.query.vault(), deployment.vault));
      const { shares, stakers } = await juno.vault.query.splits({ version: 0 });
      assert.deepEqual([shares.map(({ bp }) => bp), stakers, juno.tokenUnit.symbol], [[9000], 1000, 'JUNO']);
      const [tier] = await juno.tiers();
      assert.deepEqual([tier.name, tier.terms.price, tier.terms.period], ['Member', unit(5), 30n * 86_400_000n]);
    } finally {
      await juno.close();
    }
    // The command reads it too.
    const { stdout } = await at.command('--deployment', file, 'status');
    assert.match(stdout, /JUNO/);
    await check(found);
  });

  test('the page says how the server is, and what to do where it is away', async () => {
    const found = await open('studio/server', 'Mira');
    const { page } = found;
    await page.waitForSelector('[data-server=asked] .good');
    const lines = await page.textContent('[data-server] .lines');
    assert.match(lines, /Block of the index\d+.*Newest block of the chain\d+/);
    at.server.kill('SIGSTOP');
    at.server.kill('SIGKILL');
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.waitForSelector('[data-server] [role=alert]');
    assert.match(await page.textContent('[data-server] [role=alert]'), /does not answer.*Fans can't open content until it is back/s);
    await check(found);
  });

  // Last, as the owner changes.
  test('the owner names a recipient of fees, and hands all contracts over', async () => {
    const juno = person('Juno').address;
    const found = await open('studio/settings', 'Mira');
    const { page } = found;
    await field(page, 'New recipient').fill(juno);
    await page.getByRole('button', { name: 'Change the recipient' }).click();
    await signAndClose(page);
    assert.ok(sameAccount(await creator.token.query.feeRecipient(), juno));
    await field(page, 'Account of the new owner').fill(juno);
    await page.getByRole('button', { name: /^Propose/ }).click();
    await page.waitForSelector('text=2 more transactions follow');
    await signAndClose(page);
    await check(found);
    assert.equal(toHex(accountOf(await creator.vault.query.pendingOwner())), toHex(accountOf(juno)));
    const next = await open('studio/settings', 'Juno');
    await next.page.getByRole('button', { name: 'Accept the ownership' }).click();
    await signAndClose(next.page);
    for (const contract of ['token', 'vault', 'registry']) assert.ok(sameAccount(await creator[contract].query.owner(), juno), contract);
    await next.page.waitForSelector('nav >> text=Studio');
    await check(next);
  });
});
