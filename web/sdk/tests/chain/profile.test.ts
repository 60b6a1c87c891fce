// Profiles that the command has signed are accepted by the SDK, and those of the SDK by the command.

import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, inject as given, test } from 'vitest';
import { connect, type Patronage } from '../../src/client.js';
import { checkProfile, signProfile, type Profile } from '../../src/profile.js';
import { wallets } from '../../src/wallet.js';
import { inject, person } from '../people.js';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../../../', import.meta.url));
const { chains, command } = given('world');
const folder = mkdtempSync(join(tmpdir(), 'patronage-profile-'));
const mira = person('Mira');
let creator: Patronage;
let scope: { genesis: `0x${string}`; vault: string };

const patronage = (...args: string[]) => run(command.program, [...command.options, ...args], { cwd: root });
/** Signs that escapes and lengths could be wrong about. */
const odd = 'tab\t, "quote", \\, \u0001, \u007f, \u2028, é, 😀, </script><b>';
const profile: Profile = {
  name: 'Mira', words: `Songs.\n${odd}`, picture: 'https://mira.example/mira.jpg', links: [{ title: odd, url: 'https://mira.example/concerts' }],
  tiers: [{ name: 'Listener', description: odd }], content: [],
};

beforeAll(async () => {
  creator = await connect(chains.u128);
  scope = { genesis: creator.chain.genesis, vault: creator.deployment.vault };
});
afterAll(async () => {
  await creator?.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('a profile', () => {
  test('of the command is accepted', async () => {
    const path = join(folder, 'launch.toml');
    // What JSON escapes here, TOML escapes as well.
    const words = JSON.stringify('\t"q" \\ \u0001 é 😀 Songs');
    writeFileSync(path, readFileSync(join(root, 'examples/creator.toml'), 'utf8').replace(/^words = .*$/m, () => `words = ${words}`));
    await patronage('profile', 'write', path, '--as', 'mira', '--out', join(folder, 'theirs.json'));
    const written = readFileSync(join(folder, 'theirs.json'), 'utf8');
    const found = await checkProfile(written, scope, mira.address);
    expect(found.name).toBe('Mira');
    expect(found.words).toBe('\t"q" \\ \u0001 é 😀 Songs');
    expect(found.tiers.map(({ name }) => name)).toEqual(['Listener', 'Backstage']);
  });

  test('that a wallet or a key has signed here is accepted by the command', async () => {
    inject('profile', 'Mira');
    const [account] = await (await wallets('test')).find(({ name }) => name === 'profile')!.connect();
    for (const signer of [mira, account!]) {
      const file = await signProfile(profile, scope, signer);
      expect(await checkProfile(file, scope, mira.address)).toEqual(profile);
      writeFileSync(join(folder, 'ours.json'), file);
      const { stdout } = await patronage('profile', 'check', join(folder, 'ours.json'));
      expect(stdout).toMatch(/Mira/);
      writeFileSync(join(folder, 'changed.json'), file.replace('Songs.', 'Songs!'));
      await expect(patronage('profile', 'check', join(folder, 'changed.json'))).rejects.toThrow(/has not signed this profile/);
    }
  });

  test('of someone else is refused by both', async () => {
    const file = await signProfile(profile, scope, person('Juno'));
    await expect(checkProfile(file, scope, mira.address)).rejects.toThrow(/does not own the vault/);
    writeFileSync(join(folder, 'juno.json'), file);
    await expect(patronage('profile', 'check', join(folder, 'juno.json'))).rejects.toThrow();
  });
});
