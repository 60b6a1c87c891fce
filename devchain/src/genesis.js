// The genesis state of the chain, which the runtime builds.

import { createHash } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { compactStripLength, compactToU8a, hexToU8a, stringToHex, stringToU8a, u8aConcat, u8aToHex, u8aToString } from '@polkadot/util';
import { cryptoWaitReady } from '@polkadot/util-crypto';
import { execute } from './executor.js';

/** SCALE encoding of the runtime's name for the state with development accounts: `Some` of a string. */
const PRESET = u8aConcat([1], withLength(stringToU8a('development')));

/**
 * Reads a runtime and builds its genesis state. This takes half of the start, so the result is cached in the runtime's folder.
 *
 * @param {string} path the runtime's Wasm
 * @returns {Promise<object>} a chain specification with raw storage, in the format of nodes
 * @throws if the file can't be read, or is not a runtime with these functions
 */
export async function genesisOf(path) {
  const code = await readFile(path);
  const wasm = u8aToHex(code);
  const hash = createHash('sha256').update(code).digest('hex');
  const file = `${path}.genesis.json`;
  let kept;
  try {
    kept = JSON.parse(await readFile(file, 'utf8'));
  } catch {
    // Missing or incomplete: it is built again.
  }
  if (kept?.hash !== hash) {
    kept = { hash, ...(await makeGenesis(wasm)) };
    // Atomic, as another chain may be starting. If it can't be written, the next start takes longer.
    const partial = `${file}.${process.pid}`;
    await writeFile(partial, JSON.stringify(kept)).then(() => rename(partial, file)).catch((error) => console.error(error));
  }
  const top = [...Object.entries(kept.top), [stringToHex(':code'), wasm]];
  return {
    name: 'Patronage devchain',
    id: 'patronage-devchain',
    properties: kept.properties,
    // The server looks for the key after another one by going through them.
    genesis: { raw: { top: Object.fromEntries(top.sort(([a], [b]) => (a < b ? -1 : 1))) } },
  };
}

/** The properties of the chain, and its genesis state without the runtime. */
async function makeGenesis(wasm) {
  await cryptoWaitReady();
  const [properties, preset] = await Promise.all([
    call(wasm, 'ChainProperties_properties'),
    call(wasm, 'GenesisBuilder_get_preset', PRESET),
  ]);
  // After the byte for `Some`.
  const config = hexToU8a(preset.result).subarray(1);
  const built = await call(wasm, 'GenesisBuilder_build_state', config);
  return {
    properties: JSON.parse(u8aToString(withoutLength(hexToU8a(properties.result)))),
    top: Object.fromEntries(built.storageDiff.filter(([, value]) => value != null)),
  };
}

function call(wasm, name, input = new Uint8Array()) {
  const nothing = { get: () => undefined, keys: () => [] };
  return execute(wasm, name, [u8aToHex(input)], nothing);
}

function withLength(bytes) {
  return u8aConcat(compactToU8a(bytes.length), bytes);
}

function withoutLength(bytes) {
  return compactStripLength(bytes)[1];
}
