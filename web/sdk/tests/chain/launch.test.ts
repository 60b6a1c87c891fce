// Launching by the SDK: the same addresses as the command computes, and codes that are uploaded.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, inject as given, test } from 'vitest';
import { connect, type Patronage } from '../../src/client.js';
import { codesFrom, planLaunch, type Codes, type LaunchTerms } from '../../src/launch.js';
import { blake2 } from '../../src/hash.js';
import { hasCode } from '../../src/making.js';
import { utf8 } from '../../src/bytes.js';
import { person } from '../people.js';

const { chains } = given('world');
const target = process.env['CARGO_TARGET_DIR'] ?? fileURLToPath(new URL('../../../../target/', import.meta.url));
const [mira, juno] = [person('Mira'), person('Juno')];
const DAY = 86_400_000n;

const bundle = async (file: string) => {
  const [width, name] = file.split('/') as [string, string];
  return new Uint8Array(readFileSync(join(target, width === 'u128' ? 'ink' : 'ink-u64', name.split('.')[0]!, name)));
};

/** examples/creator.toml. */
function terms(unit: bigint): LaunchTerms {
  const token = 10n ** 12n;
  const tier = { asset: { type: 'Native' as const }, period: 30n * DAY, minimumStay: 7n * DAY };
  return {
    token: {
      name: "Mira's Circle", symbol: 'MIRA', decimals: 12, basePrice: unit / 2n, slope: unit / 500n, cap: 100_000n * token,
      buyFeeBp: 300, sellFeeBp: 100, referralBp: 0, launchGuard: { until: 0n, maxTokens: 0n },
    },
    vault: {
      splits: [{ recipient: mira.address, bp: 7500 }, { recipient: juno.address, bp: 2000 }], stakers: 500, cooldown: 14n * DAY,
      tiers: [
        { ...tier, price: 5n * unit, level: 1, seats: null, uri: new Uint8Array() },
        { ...tier, price: (25n * unit) / 2n, level: 2, seats: 50, uri: utf8('https://mira.example/backstage') },
      ],
    },
    tiers: ['Listener', 'Backstage'],
  };
}

describe.each(['u128', 'u64'] as const)('on a chain with %s balances', (width) => {
  let creator: Patronage;
  let codes: Record<'token' | 'vault' | 'registry', Codes>;
  beforeAll(async () => {
    creator = await connect(chains[width]);
    codes = await codesFrom(width, bundle);
  });
  afterAll(() => creator?.close());

  test('the addresses are those of the command, so that nothing is left of its launch', async () => {
    const options = { creator: mira.address, codes, salt: '', block: chains[width].deployment.block };
    const { calls, deployment } = await planLaunch(creator, terms(10n ** BigInt(creator.nativeUnit.decimals)), options);
    const { format, genesis, block, token, vault, registry, code, tiers } = chains[width].deployment;
    expect(deployment).toEqual({ format, genesis, block, token, vault, registry, code, tiers, content: [] });
    expect(calls).toEqual([]);
  });

  test('another salt is another launch, whose constructors say what is not possible', async () => {
    const unit = 10n ** BigInt(creator.nativeUnit.decimals);
    const options = { creator: juno.address, codes, salt: 'other', block: 1 };
    const { calls } = await planLaunch(creator, terms(unit), options);
    expect(calls.map(({ of, message }) => `${of}.${message}`)).toEqual(['token.new', 'vault.new', 'registry.new', 'token.setFeeRecipient']);
    const { vault, ...rest } = terms(unit);
    await expect(planLaunch(creator, { ...rest, vault: { ...vault, stakers: 600 } }, options)).rejects.toThrow(/the shares add up to 101 %/);
    await expect(planLaunch(creator, { ...rest, vault, token: { ...rest.token, basePrice: 0n, slope: 0n } }, options)).rejects.toThrow(/the token would be free/);
  });

  test.runIf(width === 'u128')('a code is uploaded, and is there from then on', async () => {
    const code = await bundle('u128/flipper.wasm');
    expect(await hasCode(creator.chain, blake2(code, 32))).toBe(false);
    const upload = { of: 'token' as const, message: 'upload', contract: juno.address, value: 0n, data: new Uint8Array(), make: { code, salt: null }, read: () => undefined };
    const plan = creator.plan({}, upload);
    const { deposit } = await plan.preview(juno.address);
    const [receipt] = await plan.send(juno);
    expect(receipt!.deposit).toBe(deposit);
    expect(deposit).toBeGreaterThan(0n);
    expect(await hasCode(creator.chain, blake2(code, 32))).toBe(true);
  });

  test('a code of another release is refused', async () => {
    const changed = async (file: string) => (file.endsWith('.cold.wasm') ? Uint8Array.of(...(await bundle(file)), 0) : bundle(file));
    await expect(codesFrom(width, changed)).rejects.toThrow(/is not the code of this release/);
  });
});
