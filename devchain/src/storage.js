// Storage look-ups as the specification has them, of the chain's own storage and of child tries, which hold that of contracts.

import { ResponseError } from '@acala-network/chopsticks-core';
import { stringToHex } from '@polkadot/util';
import { blake2AsHex } from '@polkadot/util-crypto';

/** Before the name of a child trie, in the keys of the chain's storage. */
const CHILD = stringToHex(':child_storage:default:');
/** How many keys are read at once. */
const PAGE = 500;
/** Error code of JSON-RPC for parameters that can't be used. */
const INVALID_PARAMS = -32602;
/** What can be asked of a key. `closestDescendantMerkleValue` is refused: there is no trie here. */
const TYPES = ['value', 'hash', 'descendantsValues', 'descendantsHashes'];

/**
 * Checks what a client asks for.
 *
 * @param {unknown} items list of `{ key, type }`
 * @param {unknown} childTrie name of a child trie, or null
 * @throws {ResponseError} where it can't be answered
 */
export function checkItems(items, childTrie) {
  const wrong = (what) => new ResponseError(INVALID_PARAMS, `Invalid params: ${what}`);
  const isHex = (text) => typeof text === 'string' && /^0x([0-9a-f]{2})*$/i.test(text);
  if (!Array.isArray(items)) throw wrong('items must be a list');
  if (childTrie != null && !isHex(childTrie)) throw wrong('childTrie must be hexadecimal digits or null');
  for (const item of items) {
    if (!isHex(item?.key)) throw wrong('each item needs a key in hexadecimal digits');
    if (!TYPES.includes(item.type)) throw wrong(`the type ${item.type} is not answered here, but ${TYPES.join(', ')}`);
  }
}

/**
 * Looks `item` up in the state of `block`.
 *
 * @param block what chopsticks has of it
 * @param {{ key: string, type: string, paginationStartKey?: string }} item
 * @param {string | null} [childTrie] name of the child trie, without the prefix of all of them
 * @returns {AsyncGenerator<{ key: string, value?: string, hash?: string, childTrieKey?: string }>} what is there, in the order of
 *   the keys
 */
export async function* lookUp(block, { key, type, paginationStartKey }, childTrie) {
  const prefix = childTrie == null ? '0x' : CHILD + childTrie.slice(2).toLowerCase();
  const full = (one) => prefix + one.slice(2).toLowerCase();
  const hashed = type === 'hash' || type === 'descendantsHashes';
  const entry = (name, value) => ({
    key: `0x${name.slice(prefix.length)}`,
    ...(hashed ? { hash: blake2AsHex(value, 256) } : { value }),
    ...(childTrie == null ? {} : { childTrieKey: childTrie }),
  });
  if (type === 'value' || type === 'hash') {
    const value = full(key) === prefix ? undefined : await block.get(full(key));
    if (value != null) yield { ...entry(full(key), value), key };
    return;
  }
  let startKey = full(paginationStartKey ?? key);
  // The key itself counts among its descendants. The empty key of a child trie is where the chain keeps the trie's root.
  if (paginationStartKey == null && startKey !== prefix) {
    const own = await block.get(startKey);
    if (own != null) yield entry(startKey, own);
  }
  for (let keys = [startKey]; keys.length > 0; startKey = keys.at(-1)) {
    keys = await block.getKeysPaged({ prefix: full(key), pageSize: PAGE, startKey });
    if (keys.length === 0) return;
    const values = await block.getMany(keys);
    for (const [index, name] of keys.entries()) {
      // Keys that a prefix ends with are in the answer already.
      if (values[index] != null && name !== full(paginationStartKey ?? key)) yield entry(name, values[index]);
    }
  }
}
