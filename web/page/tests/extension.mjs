// Chromium with the real background of the polkadot.js extension, whose windows are replaced by their messages. The extension on npm is of
// Manifest V2, which Chromium does not load any more, so one of Manifest V3 is built around its background.

import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { chromium } from 'playwright-core';
import { ARGS } from './browser.mjs';

const sources = fileURLToPath(new URL('./extension/', import.meta.url));
/** The phrase of all development accounts. */
const PHRASE = 'bottom drive obey lake curtain smoke basket hold race lonely fit walk';
const PASSWORD = 'correct horse';

/** A background can't wait at its top level as a script of Manifest V3. */
const withoutWaiting = {
  name: 'without-waiting',
  setup: (one) =>
    one.onLoad({ filter: /extension-base\/background\/handlers\/index\.js$/ }, async ({ path }) => ({
      contents: (await readFile(path, 'utf8')).replace('await state.init();', 'state.init();'),
    })),
};

async function built(folder) {
  await build({
    entryPoints: ['background', 'content', 'page', 'popup'].map((name) => join(sources, `${name}.js`)),
    bundle: true,
    format: 'iife',
    target: 'es2022',
    outdir: folder,
    plugins: [withoutWaiting],
    define: { 'process.env': '{"EXTENSION_PREFIX":"pjs","PORT_PREFIX":"test"}', global: 'globalThis' },
    logLevel: 'error',
  });
  await cp(join(sources, 'manifest.json'), join(folder, 'manifest.json'));
  await writeFile(join(folder, 'popup.html'), '<!doctype html><meta charset="utf-8"><title>wallet</title><script src="popup.js"></script>');
  // The background opens it for each request.
  await writeFile(join(folder, 'notification.html'), '<!doctype html><meta charset="utf-8"><title>wallet</title>');
}

/** Starts Chromium with the extension, and an account of it for this person. */
export async function browseWithExtension(who) {
  const folder = await mkdtemp(join(tmpdir(), 'patronage-extension-'));
  await built(join(folder, 'extension'));
  const loaded = [`--load-extension=${join(folder, 'extension')}`, `--disable-extensions-except=${join(folder, 'extension')}`];
  const context = await chromium.launchPersistentContext(join(folder, 'profile'), {
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    headless: true,
    ignoreDefaultArgs: ['--disable-extensions'],
    args: [...ARGS, ...loaded],
    reducedMotion: 'reduce',
  });
  const worker = context.serviceWorkers()[0] ?? (await context.waitForEvent('serviceworker'));
  const popup = await context.newPage();
  await popup.goto(`chrome-extension://${new URL(worker.url()).host}/popup.html`);
  const send = (message, request) => popup.evaluate(([one, of]) => window.wallet.send(one, of), [message, request]);
  /** The first request of this kind, once there is one. */
  const requested = async (kind) => {
    const found = await popup.waitForFunction((of) => window.wallet.requests[`pri(${of}.requests)`]?.[0], kind);
    return found.jsonValue();
  };
  await send('pri(accounts.create.suri)', { name: who, password: PASSWORD, suri: `${PHRASE}//${who}`, genesisHash: null, type: 'sr25519' });
  return {
    context,
    requested,
    authorize: async (address) => send('pri(authorize.approve)', { id: (await requested('authorize')).id, authorizedAccounts: [address] }),
    approve: async () => send('pri(signing.approve.password)', { id: (await requested('signing')).id, password: PASSWORD, savePass: false }),
    refuse: async () => send('pri(signing.cancel)', { id: (await requested('signing')).id }),
    close: async () => {
      await context.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
