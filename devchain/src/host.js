// The functions that a runtime imports: those of Substrate's `sp_io` (https://docs.rs/sp-io), as far as runtimes of this kind use them.

import { compactFromU8a, compactToU8a, u8aConcat } from '@polkadot/util';
import {
  blake2AsU8a,
  ed25519Verify,
  keccakAsU8a,
  secp256k1Recover,
  secp256k1Verify,
  sha256AsU8a,
  sr25519Verify,
  xxhashAsU8a,
} from '@polkadot/util-crypto';

/** Before the name of a child trie, in the keys of the state. */
const CHILD = Buffer.from(':child_storage:default:').toString('hex');
/** The level of errors in a runtime's log. */
const ERROR = 0;
const NONE = Uint8Array.of(0);
/** The one error of recovering a public key: the signature is wrong. */
const BAD_SIGNATURE = Uint8Array.of(1, 2);

/**
 * The imports of a runtime.
 *
 * @param {object} call what belongs to the call that runs: it is replaced with each
 * @param {WebAssembly.Memory} call.memory of the runtime
 * @param {import('./heap.js').Heap} call.heap
 * @param {import('./overlay.js').Overlay} call.overlay the state, which the call changes
 * @param {boolean} call.anySignature whether all signatures count as right
 * @param {string} [call.panic] gets what the runtime logs as an error, such as the reason of a panic
 * @returns {Record<string, Function>} by name without its version
 */
export function hostFunctions(call) {
  const view = (address, length) => Buffer.from(call.memory.buffer, address, length);
  const bytes = (list) => view(...halves(list));
  const copy = (list) => Buffer.from(bytes(list));
  const hex = (list) => bytes(list).toString('hex');
  const fixed = (value) => {
    const address = call.heap.allocate(value.length);
    view(address, value.length).set(value);
    return address;
  };
  const list = (value) => (BigInt(value.length) << 32n) | BigInt(fixed(value));
  const option = (value) => list(value === undefined ? NONE : u8aConcat([1], value));
  const optionOfBytes = (value) => option(value && u8aConcat(compactToU8a(value.length), value));
  const optionOfNumber = (value) => option(value === undefined ? undefined : u32(value));
  const child = (name, key) => CHILD + hex(name) + (key === undefined ? '' : hex(key));

  const read = (key, out, offset) => {
    const value = call.overlay.get(key);
    if (value === undefined) return optionOfNumber(undefined);
    const rest = value.subarray(offset >>> 0);
    const target = bytes(out);
    target.set(rest.subarray(0, target.length));
    return optionOfNumber(rest.length);
  };
  const clear = (prefix, limit) => {
    const most = limit === undefined ? NONE : bytes(limit);
    const { deleted, all } = call.overlay.clearPrefix(prefix, most[0] === 1 ? most.readUInt32LE(1) : Infinity);
    return list(u8aConcat([all ? 0 : 1], u32(deleted)));
  };
  const next = (key, prefix) => {
    const found = call.overlay.after(key, prefix);
    return optionOfBytes(found && Buffer.from(found.slice(prefix.length), 'hex'));
  };
  const append = (key, item) => {
    const value = call.overlay.get(key);
    // A value that is no list is replaced, as nodes do.
    const [size, count] = value?.length ? compactFromU8a(value) : [0, 0];
    const rest = value?.subarray(size) ?? NONE.subarray(1);
    call.overlay.set(key, Buffer.concat([compactToU8a(Number(count) + 1), rest, item]));
  };
  const right = (verify) => {
    if (call.anySignature) return 1;
    try {
      return Number(verify());
    } catch {
      // A key that is no point of the curve.
      return 0;
    }
  };
  // The hash decides the form of the key alone: 33 bytes for `blake2`, 64 for `keccak`.
  const recover = (signature, message, form) => {
    const bytesOf = view(signature, 65);
    try {
      // Ethereum's numbers of the recovery begin at 27.
      const id = bytesOf[64] >= 27 ? bytesOf[64] - 27 : bytesOf[64];
      const key = secp256k1Recover(view(message, 32), bytesOf.subarray(0, 64), id, form);
      return list(u8aConcat([0], key));
    } catch {
      return list(BAD_SIGNATURE);
    }
  };
  // Nobody reads the roots: chopsticks gives headers without them.
  const noRoot = () => list(new Uint8Array(32));

  return {
    ext_allocator_malloc: (size) => call.heap.allocate(size >>> 0),
    ext_allocator_free: (address) => call.heap.free(address),

    ext_storage_get: (key) => optionOfBytes(call.overlay.get(hex(key))),
    ext_storage_read: (key, out, offset) => read(hex(key), out, offset),
    ext_storage_set: (key, value) => call.overlay.set(hex(key), copy(value)),
    ext_storage_clear: (key) => call.overlay.set(hex(key), null),
    ext_storage_exists: (key) => Number(call.overlay.get(hex(key)) !== undefined),
    ext_storage_clear_prefix: (prefix, limit) => clear(hex(prefix), limit),
    ext_storage_append: (key, value) => append(hex(key), copy(value)),
    ext_storage_next_key: (key) => next(hex(key), ''),
    ext_storage_root: noRoot,
    ext_storage_start_transaction: () => call.overlay.begin(),
    ext_storage_commit_transaction: () => call.overlay.commit(),
    ext_storage_rollback_transaction: () => call.overlay.rollBack(),

    ext_default_child_storage_get: (name, key) => optionOfBytes(call.overlay.get(child(name, key))),
    ext_default_child_storage_read: (name, key, out, offset) => read(child(name, key), out, offset),
    ext_default_child_storage_set: (name, key, value) => call.overlay.set(child(name, key), copy(value)),
    ext_default_child_storage_clear: (name, key) => call.overlay.set(child(name, key), null),
    ext_default_child_storage_exists: (name, key) => Number(call.overlay.get(child(name, key)) !== undefined),
    ext_default_child_storage_clear_prefix: (name, prefix, limit) => clear(child(name, prefix), limit),
    ext_default_child_storage_storage_kill: (name, limit) => clear(child(name), limit),
    ext_default_child_storage_next_key: (name, key) => next(child(name, key), child(name)),
    ext_default_child_storage_root: noRoot,

    ext_hashing_blake2_128: (data) => fixed(blake2AsU8a(bytes(data), 128)),
    ext_hashing_blake2_256: (data) => fixed(blake2AsU8a(bytes(data), 256)),
    ext_hashing_keccak_256: (data) => fixed(keccakAsU8a(bytes(data), 256)),
    ext_hashing_keccak_512: (data) => fixed(keccakAsU8a(bytes(data), 512)),
    ext_hashing_sha2_256: (data) => fixed(sha256AsU8a(bytes(data))),
    ext_hashing_twox_64: (data) => fixed(xxhashAsU8a(bytes(data), 64)),
    ext_hashing_twox_128: (data) => fixed(xxhashAsU8a(bytes(data), 128)),
    ext_hashing_twox_256: (data) => fixed(xxhashAsU8a(bytes(data), 256)),

    ext_crypto_sr25519_verify: (signature, message, key) =>
      right(() => sr25519Verify(copy(message), view(signature, 64), view(key, 32))),
    ext_crypto_ed25519_verify: (signature, message, key) =>
      right(() => ed25519Verify(copy(message), view(signature, 64), view(key, 32))),
    ext_crypto_ecdsa_verify: (signature, message, key) =>
      right(() => secp256k1Verify(copy(message), view(signature, 65), view(key, 33), 'blake2')),
    ext_crypto_secp256k1_ecdsa_recover: (signature, message) => recover(signature, message, 'keccak'),
    ext_crypto_secp256k1_ecdsa_recover_compressed: (signature, message) => recover(signature, message, 'blake2'),
    ext_crypto_start_batch_verify: () => {},
    ext_crypto_finish_batch_verify: () => 1,

    ext_trie_blake2_256_root: () => fixed(new Uint8Array(32)),
    ext_trie_blake2_256_ordered_root: () => fixed(new Uint8Array(32)),
    // The chain refuses every upgrade of its runtime, as it can't read a version.
    ext_misc_runtime_version: () => optionOfBytes(undefined),
    ext_misc_print_num: (number) => console.error(`runtime: ${number}`),
    ext_misc_print_utf8: (text) => console.error(`runtime: ${bytes(text)}`),
    ext_misc_print_hex: (data) => console.error(`runtime: 0x${hex(data)}`),
    ext_logging_max_level: () => 0,
    ext_logging_log: (level, _target, message) => {
      if (level === ERROR) call.panic = bytes(message).toString();
    },
    ext_offchain_index_set: () => {},
    ext_offchain_index_clear: () => {},
    ext_transaction_index_index: () => {},
    ext_transaction_index_renew: () => {},
    ext_wasm_tracing_enabled: () => 0,
    ext_panic_handler_abort_on_panic: (message) => {
      throw new Error(`the runtime panicked: ${bytes(message)}`);
    },
  };
}

/** The address and the length of a list of bytes, from the 64 bits that stand for it. */
export function halves(list) {
  return [Number(list & 0xffffffffn), Number((list >> 32n) & 0xffffffffn)];
}

function u32(number) {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(number);
  return bytes;
}
