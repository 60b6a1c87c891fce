// What clients ask of a node's archive and of the storage of contracts, and the hash of the first block.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { u8aToHex } from '@polkadot/util';
import { blake2AsHex } from '@polkadot/util-crypto';
import { Raw } from './harness.js';
import { chainForTests, keys, send } from './client.js';
import { bundle, deploy } from './contracts.js';

const { server, raw, api, close } = await chainForTests();
after(close);

/** All events of an archive's answer about storage, which ends with the last. */
const archived = async (...params) => {
  const subscription = await raw.call('archive_v1_storage', ...params);
  const mine = ({ params }) => params.subscription === subscription;
  await raw.notified((params) => params.subscription === subscription && params.result.event !== 'storage');
  const notifications = raw.notifications.filter(mine);
  assert.ok(notifications.every(({ method }) => method === 'archive_v1_storageEvent'));
  return notifications.map(({ params }) => params.result);
};
/** All items of a follower's answer about storage. */
const followed = async (...params) => {
  const subscription = await raw.call('chainHead_v1_follow', false);
  const { operationId } = await raw.call('chainHead_v1_storage', subscription, ...params);
  const mine = (params) => params.subscription === subscription && params.result.operationId === operationId;
  const last = await raw.notified((params) => mine(params) && params.result.event !== 'operationStorageItems');
  const items = raw.notifications.filter(({ params }) => mine(params)).flatMap(({ params }) => params.result.items ?? []);
  return { items, last: last.result.event };
};
const contract = await (async () => {
  const { contract } = await deploy(api, keys.alice, await bundle('hostile'), { Store: { bytes: 100, answer: '0x00' } });
  const gasLimit = api.registry.createType('WeightV2', { refTime: 20_000_000_000n, proofSize: 2_000_000n });
  await send(api.tx.contracts.call(contract.address, 0, gasLimit, null, '0xdeadbeef'), keys.alice);
  return contract;
})();
const trie = (await api.query.contracts.contractInfoOf(contract.address)).unwrap().trieId.toHex(true);
const head = await raw.call('chain_getBlockHash');

test('only the group of methods that is whole is listed', async () => {
  const { methods } = await raw.call('rpc_methods');
  const archive = methods.filter((name) => name.startsWith('archive_'));
  const names = ['body', 'call', 'finalizedHeight', 'genesisHash', 'hashByHeight', 'header', 'stopStorage', 'storage'];
  assert.deepEqual(archive, names.map((name) => `archive_v1_${name}`));
});

test('the hash of the first block is that of its header, by every way to ask', async () => {
  const hash = await raw.call('archive_v1_genesisHash');
  assert.equal(await raw.call('chain_getBlockHash', 0), hash);
  assert.equal(await raw.call('chainSpec_v1_genesisHash'), hash);
  assert.equal(blake2AsHex(await raw.call('archive_v1_header', hash), 256), hash);
  assert.match((await raw.call('chain_getHeader', hash)).parentHash, /^0x0{64}$/);
  const first = await raw.call('chain_getBlockHash', 1);
  assert.equal((await raw.call('chain_getHeader', first)).parentHash, hash);
  // Nodes check transactions against this hash.
  assert.equal((await api.query.system.blockHash(0)).toHex(), hash);
});

test('each width has a hash of its own, which is the same at every start', async () => {
  const here = await raw.call('archive_v1_genesisHash');
  const [again, narrow] = await Promise.all([chainForTests('u128'), chainForTests('u64')]);
  try {
    assert.equal(await again.raw.call('archive_v1_genesisHash'), here);
    assert.notEqual(await narrow.raw.call('archive_v1_genesisHash'), here);
    // A transaction for one chain is invalid on the other.
    const transfer = again.api.tx.balances.transferKeepAlive(keys.bob.address, 1);
    const signed = await transfer.signAsync(keys.alice, { nonce: 0 });
    await assert.rejects(narrow.raw.call('author_submitExtrinsic', signed.toHex()), { data: 'Transaction has a bad signature' });
  } finally {
    await Promise.all([again.close(), narrow.close()]);
  }
});

test('an unknown block is null or an error, and not the first one', async () => {
  const unknown = `0x${'ab'.repeat(32)}`;
  assert.equal(await raw.call('archive_v1_header', unknown), null);
  assert.equal(await raw.call('archive_v1_body', unknown), null);
  assert.equal(await raw.call('archive_v1_call', unknown, 'Core_version', '0x'), null);
  assert.deepEqual(await raw.call('archive_v1_hashByHeight', 1_000_000), []);
  await assert.rejects(raw.call('chain_getHeader', unknown), /not found/);
  const [error] = await archived(unknown, [{ key: '0x', type: 'value' }], null);
  assert.equal(error.event, 'storageError');
});

test('an archive answers calls, and says why one failed', async () => {
  const answer = await raw.call('archive_v1_call', head, 'Core_version', '0x');
  assert.equal(answer.success, true);
  assert.match(answer.value, /^0x/);
  const failed = await raw.call('archive_v1_call', head, 'No_such', '0x');
  assert.equal(failed.success, false);
  assert.equal(typeof failed.error, 'string');
});

test('an archive gives values, hashes and descendants of the storage of the chain', async () => {
  const key = api.query.timestamp.now.key();
  const [value, hash, done] = await archived(head, [{ key, type: 'value' }, { key, type: 'hash' }], null);
  assert.equal(value.key, key);
  assert.equal(blake2AsHex(value.value, 256), hash.hash);
  assert.deepEqual(Object.keys(hash).sort(), ['event', 'hash', 'key']);
  assert.deepEqual(done, { event: 'storageDone' });
  const accounts = await archived(head, [{ key: api.query.system.account.keyPrefix(), type: 'descendantsValues' }], null);
  const found = accounts.slice(0, -1).map(({ key }) => key);
  assert.deepEqual(found, [...found].sort());
  assert.ok(found.includes(api.query.system.account.key(keys.alice.address)));
  const rest = await archived(head, [
    { key: api.query.system.account.keyPrefix(), type: 'descendantsHashes', paginationStartKey: found[1] },
  ], null);
  assert.deepEqual(rest.slice(0, -1).map(({ key }) => key), found.slice(2));
  const missing = await archived(head, [{ key: '0x1234', type: 'value' }], null);
  assert.deepEqual(missing, [{ event: 'storageDone' }]);
});

test('the storage of a contract is found by the name of its child trie, in an archive and by a follower', async () => {
  const child = `0x${Buffer.from(':child_storage:default:').toString('hex')}${trie.slice(2)}`;
  const expected = await raw.call('childstate_getKeysPaged', child, '0x', 100, '0x', null);
  assert.ok(expected.length > 1);
  const all = [{ key: '0x', type: 'descendantsValues' }];
  const events = await archived(head, all, trie);
  assert.deepEqual(events.slice(0, -1).map(({ key }) => key), expected);
  assert.ok(events.slice(0, -1).every(({ childTrieKey }) => childTrieKey === trie));
  const { items, last } = await followed(head, all, trie);
  assert.equal(last, 'operationStorageDone');
  assert.deepEqual(items.map(({ key, value }) => ({ key, value })), events.slice(0, -1).map(({ key, value }) => ({ key, value })));
  for (const key of expected) {
    const [one] = await archived(head, [{ key, type: 'value' }], trie);
    assert.equal(one.value, await raw.call('childstate_getStorage', child, key));
    // The same key means something else, or nothing, in the storage of the chain.
    assert.deepEqual(await archived(head, [{ key, type: 'value' }], null), [{ event: 'storageDone' }]);
  }
  const other = `0x${'77'.repeat(32)}`;
  assert.deepEqual((await followed(head, all, other)).items, []);
});

test('what was in a contract before is found at the block of then', async () => {
  const before = await raw.call('chain_getBlockHash');
  const many = async (at) => (await archived(at, [{ key: '0x', type: 'descendantsHashes' }], trie)).length;
  const gasLimit = api.registry.createType('WeightV2', { refTime: 20_000_000_000n, proofSize: 2_000_000n });
  const { blockHash } = await send(api.tx.contracts.call(contract.address, 0, gasLimit, null, '0xdeadbeef'), keys.bob);
  const count = await many(before);
  assert.ok((await many(blockHash)) >= count);
  assert.equal(await many(await raw.call('chain_getBlockHash', 0)), 1);
});

test('an early block is there after hundreds of others, whichever is asked first', async () => {
  const early = await raw.call('chain_getBlockHash', 3);
  const nonce = async (hash) => raw.call('state_call', 'AccountNonceApi_account_nonce', u8aToHex(keys.alice.publicKey), hash);
  const before = await nonce(early);
  for (let round = 0; round < 6; round++) await raw.call('dev_newBlock', { count: 100 });
  await send(api.tx.system.remark('0x01'), keys.alice);
  assert.equal(await nonce(early), before);
  const hashes = await Promise.all([200, 400, 601].map((number) => raw.call('chain_getBlockHash', number)));
  const [first, second, third] = await Promise.all(hashes.map(nonce));
  assert.equal(first, second);
  assert.equal(second, third);
  assert.notEqual(await nonce(await raw.call('chain_getBlockHash')), first);
  assert.equal((await raw.call('state_getRuntimeVersion', early)).specName, 'patronage-devchain');
});

test('questions about storage that can not be answered are refused', async () => {
  const ask = (...params) => raw.call('archive_v1_storage', ...params);
  await assert.rejects(ask(head, [{ key: '0x', type: 'closestDescendantMerkleValue' }], null), { code: -32602 });
  await assert.rejects(ask(head, [{ key: 'x', type: 'value' }], null), { code: -32602 });
  await assert.rejects(ask(head, [{ key: '0x', type: 'value' }], 'trie'), { code: -32602 });
  await assert.rejects(ask(head, 7, null), { code: -32602 });
  const gone = await Raw.to(server.url);
  assert.deepEqual(await gone.call('chainHead_v1_storage', 'none', head, [], null), { result: 'limitReached' });
  gone.close();
});
