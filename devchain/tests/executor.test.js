// Runtimes in V8: the host's functions, and the same answers as from the executor of chopsticks.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { Block } from '@acala-network/chopsticks-core';
import { destroyWorker, emptyTaskHandler, runTask } from '@acala-network/chopsticks-core/wasm-executor/index';
import { Keyring } from '@polkadot/api';
import { u8aToHex } from '@polkadot/util';
import { blake2AsU8a, cryptoWaitReady, randomAsU8a, secp256k1Expand, secp256k1PairFromSeed, secp256k1Sign } from '@polkadot/util-crypto';
import { startChain } from '../src/chain.js';
import { execute } from '../src/executor.js';
import { genesisOf } from '../src/genesis.js';
import { Heap } from '../src/heap.js';
import { halves, hostFunctions } from '../src/host.js';
import { Overlay } from '../src/overlay.js';
import { built } from './harness.js';

process.env.LOG_LEVEL ??= 'error';
const bytes = (...numbers) => Buffer.from(numbers);
const stateOf = (entries) => new Map(Object.entries(entries));

test('a nested transaction is kept or forgotten as a whole', () => {
  const overlay = new Overlay(stateOf({ aa: bytes(1), bb: bytes(2) }));
  overlay.begin();
  overlay.set('aa', null);
  overlay.begin();
  overlay.set('bb', bytes(3));
  overlay.set('cc', bytes(4));
  overlay.rollBack();
  assert.deepEqual([overlay.get('aa'), overlay.get('bb'), overlay.get('cc')], [undefined, bytes(2), undefined]);
  overlay.begin();
  overlay.set('cc', bytes());
  overlay.commit();
  overlay.commit();
  assert.deepEqual(overlay.diff(), [['0xaa', null], ['0xcc', '0x']]);
  assert.throws(() => overlay.commit(), /had not begun/);
});

test('the next key is found among old and new ones, and a deleted one is passed over', () => {
  const overlay = new Overlay(stateOf({ a1: bytes(1), a3: bytes(1), a5: bytes(1), b1: bytes(1) }));
  assert.equal(overlay.after('a1', 'a'), 'a3');
  overlay.set('a2', bytes(1));
  overlay.set('a3', null);
  assert.equal(overlay.after('a1', 'a'), 'a2');
  assert.equal(overlay.after('a2', 'a'), 'a5');
  assert.equal(overlay.after('a5', 'a'), undefined);
  assert.equal(overlay.after('a5', ''), 'b1');
});

test('a limit of deletions counts keys that were there before', () => {
  const overlay = new Overlay(stateOf({ a1: bytes(1), a2: bytes(1), a3: bytes(1), b1: bytes(1) }));
  overlay.set('a0', bytes(1));
  assert.deepEqual(overlay.clearPrefix('a', 2), { deleted: 2, all: false });
  assert.deepEqual([...overlay.withPrefix('a')], ['a3']);
  assert.deepEqual(overlay.clearPrefix('a'), { deleted: 1, all: true });
  assert.deepEqual(overlay.get('b1'), bytes(1));
});

test('freed memory is used again, and what is in use never overlaps', () => {
  const memory = new WebAssembly.Memory({ initial: 1 });
  const heap = new Heap(memory, 13);
  const live = new Map();
  for (let round = 0; round < 2_000; round++) {
    const size = randomAsU8a(2).reduce((sum, one) => sum * 256 + one, 0) % 5_000;
    const address = heap.allocate(size);
    assert.ok(address >= 13 && address + size <= memory.buffer.byteLength && address % 8 === 0);
    for (const [other, length] of live) assert.ok(address + size <= other || other + length <= address);
    live.set(address, size);
    if (live.size > 20) {
      const [first] = live.keys();
      heap.free(first);
      live.delete(first);
    }
  }
  assert.ok(heap.end < 1 << 20, `${heap.end} bytes for twenty allocations`);
  assert.throws(() => heap.allocate(1 << 28), RangeError);
});

test('the key of a signature is recovered in both forms', async () => {
  await cryptoWaitReady();
  const memory = new WebAssembly.Memory({ initial: 1 });
  const call = { memory, heap: new Heap(memory, 0) };
  const host = hostFunctions(call);
  const { publicKey, secretKey } = secp256k1PairFromSeed(randomAsU8a(32));
  const message = randomAsU8a(32);
  const signature = secp256k1Sign(message, { publicKey, secretKey }, 'blake2');
  const put = (value) => {
    const address = call.heap.allocate(value.length);
    Buffer.from(memory.buffer, address, value.length).set(value);
    return address;
  };
  const answer = (list) => Buffer.from(memory.buffer, ...halves(list));
  const [at, of] = [put(signature), put(blake2AsU8a(message, 256))];
  assert.deepEqual([...answer(host.ext_crypto_secp256k1_ecdsa_recover_compressed(at, of))], [0, ...publicKey]);
  assert.deepEqual([...answer(host.ext_crypto_secp256k1_ecdsa_recover(at, of))], [0, ...secp256k1Expand(publicKey)]);
  const wrong = put(new Uint8Array(65));
  assert.deepEqual([...answer(host.ext_crypto_secp256k1_ecdsa_recover(wrong, of))], [1, 2]);
});

test('every block of a story is the same from both executors', { timeout: 120_000 }, async (t) => {
  await cryptoWaitReady();
  const chain = await startChain(await genesisOf(built('devchain/runtime-u128.wasm')));
  t.after(() => destroyWorker());
  const ours = Block.prototype.call;
  const seen = new Map();
  // Runs each call in both executors before the block goes on.
  Block.prototype.call = async function (name, args, anySignature) {
    const mine = await ours.call(this, name, args, anySignature).catch((error) => error);
    const task = { wasm: await this.wasm, calls: [[name, args]], mockSignatureHost: false, allowUnresolvedImports: false, runtimeLogLevel: 0 };
    const handler = {
      ...emptyTaskHandler,
      getStorage: (key) => this.get(key),
      getNextKey: async (prefix, key) => (await this.getKeysPaged({ prefix, pageSize: 1, startKey: key }))[0],
    };
    const theirs = await runTask(task, handler, anySignature);
    if (mine instanceof Error) {
      assert.ok('Error' in theirs, `${name}: ${mine.message}`);
      throw mine;
    }
    // A header has its roots behind the hash of the block before and a number of one byte. Ours has none.
    const comparable = (result) => (name === 'BlockBuilder_finalize_block' ? result.slice(0, 68) + result.slice(68 + 128) : result);
    assert.equal(comparable(mine.result), comparable(theirs.Call.result), name);
    // Only the other one keeps roots of child tries, which nothing reads, and says that what was never there is deleted.
    const changes = async (diff) => {
      const own = diff.filter(([key]) => key !== '0x3a6368696c645f73746f726167653a64656661756c743a');
      const real = await Promise.all(own.map(async ([key, value]) => [key, value ?? null, (await this.get(key)) ?? null]));
      return Object.fromEntries(real.filter(([, value, old]) => value !== old).map(([key, value]) => [key, value]));
    };
    assert.deepEqual(await changes(mine.storageDiff), await changes(theirs.Call.storageDiff), name);
    seen.set(name, (seen.get(name) ?? 0) + 1);
    return mine;
  };
  t.after(() => (Block.prototype.call = ours));
  const alice = new Keyring({ type: 'sr25519' }).addFromUri('//Alice');
  const wasm = await readFile(built('ink/flipper/flipper.wasm'));
  const registry = await chain.head.registry;
  const { tx } = await chain.head.meta;
  const limit = { refTime: 50_000_000_000n, proofSize: 1_000_000n };
  // `new(true)`, by its selector.
  const calls = [
    tx.system.remark('0x01'),
    tx.balances.transferKeepAlive('5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty', 5),
    tx.contracts.instantiateWithCode(0, limit, null, u8aToHex(wasm), '0x9bae9d5e01', '0x'),
  ];
  const { hash: genesis } = await chain.getBlockAt(0);
  for (const [nonce, call] of calls.entries()) {
    const head = chain.head;
    const options = {
      blockHash: genesis,
      genesisHash: genesis,
      nonce,
      runtimeVersion: await head.runtimeVersion,
      signedExtensions: registry.signedExtensions,
      tip: 0,
    };
    const signed = registry.createType('GenericExtrinsic', call).sign(alice, options);
    await chain.submitExtrinsic(signed.toHex());
    await chain.upcomingBlocks();
    assert.ok((await chain.head.extrinsics).includes(signed.toHex()), call.method);
  }
  assert.ok(seen.get('BlockBuilder_apply_extrinsic') >= 6, JSON.stringify([...seen]));
});

test('a panic has its reason, and the next call is not touched by it', async () => {
  await cryptoWaitReady();
  const wasm = u8aToHex(await readFile(built('devchain/runtime-u128.wasm')));
  const nothing = { get: () => undefined, keys: () => [] };
  const version = await execute(wasm, 'Core_version', [], nothing);
  // Bytes that are no block.
  await assert.rejects(execute(wasm, 'Core_execute_block', ['0x00'], nothing), /the runtime failed in Core_execute_block: /);
  await assert.rejects(execute(wasm, 'no_such_function', [], nothing), /there is no such function/);
  assert.deepEqual(await execute(wasm, 'Core_version', [], nothing), version);
});
