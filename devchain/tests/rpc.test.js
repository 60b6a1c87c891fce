// What clients rely on in the JSON-RPC server, where plain chopsticks answers differently.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { Raw } from './harness.js';
import { chainForTests, keys, send } from './client.js';

const { server, raw, api, close } = await chainForTests();
after(close);

test('the development accounts have money, and the chain says how to show it', async () => {
  const { ss58Format, tokenDecimals, tokenSymbol } = await raw.call('system_properties');
  assert.deepEqual([ss58Format, tokenDecimals, tokenSymbol], [42, 12, 'UNIT']);
  for (const who of Object.values(keys)) {
    const { data } = await api.query.system.account(who.address);
    assert.ok(data.free.toBigInt() > 900_000n * 10n ** 12n, `${who.address} has ${data.free}`);
  }
});

test('two blocks are finalized before anyone connects, after the first one', async () => {
  const subscription = await raw.call('chainHead_v1_follow', true);
  const { result } = await raw.notified(({ subscription: id, result }) => id === subscription && result.event === 'initialized');
  assert.ok(result.finalizedBlockHashes.length >= 3);
  assert.equal(result.finalizedBlockHashes[0], await raw.call('chain_getBlockHash', 0));
  // Each hash is that of its header, which some clients check.
  for (const hash of result.finalizedBlockHashes) {
    const header = await raw.call('chainHead_v1_header', subscription, hash);
    assert.equal(api.registry.createType('Header', header).hash.toHex(), hash);
  }
  assert.equal(result.finalizedBlockRuntime.type, 'valid');
  const { apis, specName } = result.finalizedBlockRuntime.spec;
  assert.equal(specName, 'patronage-devchain');
  assert.ok(!Array.isArray(apis) && Object.keys(apis).every((key) => /^0x[0-9a-f]{16}$/.test(key)), JSON.stringify(apis));
});

test('a follower is told of a new block in the order of the specification', async () => {
  const subscription = await raw.call('chainHead_v1_follow', true);
  const mine = ({ subscription: id }) => id === subscription;
  // A block before this event is named in it.
  await raw.notified((params) => mine(params) && params.result.event === 'initialized');
  const hash = await raw.call('dev_newBlock', {});
  await raw.notified((params) => mine(params) && params.result.finalizedBlockHashes?.includes(hash) && params.result.event === 'finalized');
  const events = raw.notifications.map(({ params }) => params).filter(mine).map(({ result }) => result);
  const about = events.filter((e) => [e.blockHash, e.bestBlockHash, ...(e.event === 'finalized' ? e.finalizedBlockHashes : [])].includes(hash));
  assert.deepEqual(about.map(({ event }) => event), ['newBlock', 'bestBlockChanged', 'finalized']);
  assert.equal(about[0].newRuntime, null);
  assert.equal(events[0].event, 'initialized');
});

test('a follower who comes while blocks are built gets every block once, and in its place', async () => {
  const fresh = await Raw.to(server.url);
  const [subscription] = await Promise.all([
    fresh.call('chainHead_v1_follow', true),
    ...Array.from({ length: 8 }, () => fresh.call('dev_newBlock', {})),
  ]);
  const newest = await fresh.call('dev_newBlock', {});
  await fresh.notified(({ subscription: id, result }) => id === subscription && result.finalizedBlockHashes?.includes(newest));
  const events = fresh.notifications.map(({ params }) => params.result);
  assert.equal(events[0].event, 'initialized');
  const known = [...events[0].finalizedBlockHashes];
  for (const { event, blockHash, parentBlockHash, bestBlockHash } of events.slice(1)) {
    if (event === 'newBlock') {
      assert.ok(known.includes(parentBlockHash) && !known.includes(blockHash), blockHash);
      known.push(blockHash);
    }
    if (event === 'bestBlockChanged') assert.ok(known.includes(bestBlockHash), bestBlockHash);
  }
  assert.equal(known.at(-1), newest);
  fresh.close();
});

test('no notification comes before the answer that names its subscription', async () => {
  const fresh = await Raw.to(server.url);
  await fresh.call('chain_subscribeNewHeads');
  const storage = await fresh.call('state_subscribeStorage', [api.query.timestamp.now.key()]);
  await fresh.notified(({ subscription }) => subscription === storage);
  assert.ok(fresh.notifications.every(({ early }) => !early));
  assert.equal(await fresh.call('state_unsubscribeStorage', storage), true);
  fresh.close();
});

test('state_queryStorageAt gives pairs of key and value, at the first block too', async () => {
  const [key, missing] = [api.query.timestamp.now.key(), '0x00'];
  const code = '0x3a636f6465';
  for (const number of [0, 1, 2]) {
    const hash = await raw.call('chain_getBlockHash', number);
    const [{ block, changes }] = await raw.call('state_queryStorageAt', [key, missing, code], hash);
    assert.equal(block, hash);
    assert.deepEqual(changes.map(([name]) => name), [key, missing, code]);
    assert.equal(changes[0][1] === null, number === 0);
    assert.equal(changes[1][1], null);
    assert.match(changes[2][1], /^0x/);
  }
});

test('a transaction is followed from ready to finalized, in words that clients know', async () => {
  const transfer = api.tx.balances.transferKeepAlive(keys.bob.address, 1);
  const signed = await transfer.signAsync(keys.alice, { nonce: -1 });
  const subscription = await raw.call('author_submitAndWatchExtrinsic', signed.toHex());
  await raw.notified(({ subscription: id, result }) => id === subscription && result.finalized);
  const statuses = raw.notifications.map(({ params }) => params).filter(({ subscription: id }) => id === subscription);
  const names = statuses.map(({ result }) => (typeof result === 'string' ? result : Object.keys(result)[0]));
  assert.deepEqual(names.filter((name) => name !== 'broadcast'), ['ready', 'inBlock', 'finalized']);
});

test('a transaction that is not valid is refused in the words of a node', async () => {
  const transfer = api.tx.balances.transferKeepAlive(keys.bob.address, 1);
  const stale = await transfer.signAsync(keys.alice, { nonce: 0 });
  await send(transfer, keys.alice);
  await assert.rejects(raw.call('author_submitExtrinsic', stale.toHex()), {
    code: 1010,
    message: 'Invalid Transaction',
    data: 'Transaction is outdated',
  });
  const pauper = keys.alice.derive('//nobody');
  const unpaid = await transfer.signAsync(pauper, { nonce: 0 });
  await assert.rejects(raw.call('author_submitExtrinsic', unpaid.toHex()), {
    code: 1010,
    data: 'Inability to pay some fees (e.g. account balance too low)',
  });
  const forged = unpaid.toHex().replace(/.$/, (digit) => (digit === '0' ? '1' : '0'));
  await assert.rejects(raw.call('author_submitExtrinsic', forged), { code: 1010, data: 'Transaction has a bad signature' });
  await assert.rejects(raw.call('author_submitExtrinsic', '0x1234'));
  assert.ok(await raw.call('chain_getHeader'), 'the server lives on');
});

test('a transaction that comes before its turn is refused, and not lost without a word', async () => {
  const nonce = await raw.call('system_accountNextIndex', keys.one.address);
  const transfer = () => api.tx.balances.transferKeepAlive(keys.bob.address, 1);
  const [first, second] = await Promise.all([0, 1].map((more) => transfer().signAsync(keys.one, { nonce: nonce + more })));
  const early = raw.call('author_submitExtrinsic', second.toHex());
  await assert.rejects(early, { code: 1010, data: 'Transaction will be valid in the future' });
  await raw.call('author_submitExtrinsic', first.toHex());
  await raw.call('author_submitExtrinsic', second.toHex());
  assert.equal(await raw.call('system_accountNextIndex', keys.one.address), nonce + 2);
});

test('a mortal transaction is dead when its time is over', async () => {
  const transfer = api.tx.balances.transferKeepAlive(keys.bob.address, 1);
  const mortal = await transfer.signAsync(keys.eve, { nonce: -1, era: 4 });
  assert.ok(mortal.era.isMortalEra);
  await raw.call('dev_newBlock', { count: 5 });
  // Eras repeat: a signature for one block is now read as one for a later block.
  await assert.rejects(raw.call('author_submitExtrinsic', mortal.toHex()), { data: 'Transaction has a bad signature' });
});

test('the next nonce counts transactions that are on their way into a block', async () => {
  const transfer = api.tx.balances.transferKeepAlive(keys.bob.address, 1);
  const hashes = [];
  for (let count = 0; count < 4; count++) {
    const nonce = await raw.call('system_accountNextIndex', keys.ferdie.address);
    assert.equal(nonce, count);
    const signed = await transfer.signAsync(keys.ferdie, { nonce });
    hashes.push(await raw.call('author_submitExtrinsic', signed.toHex()));
  }
  assert.equal(new Set(hashes).size, 4);
});

test('a jump in time holds, whatever is being built meanwhile', async () => {
  const now = async () => (await api.query.timestamp.now()).toNumber();
  const transfer = () => api.tx.balances.transferKeepAlive(keys.bob.address, 1);
  const start = await now();
  const target = start + 86_400_000;
  const nonce = await raw.call('system_accountNextIndex', keys.dave.address);
  const signed = await Promise.all([0, 1, 2].map((more) => transfer().signAsync(keys.dave, { nonce: nonce + more })));
  // All at once: some are in a block that is being built, some come after the jump.
  const [, , travelled] = await Promise.all([
    raw.call('author_submitExtrinsic', signed[0].toHex()),
    raw.call('author_submitExtrinsic', signed[1].toHex()),
    raw.call('dev_timeTravel', target),
    raw.call('author_submitExtrinsic', signed[2].toHex()),
  ]);
  assert.equal(travelled, target);
  await raw.call('dev_newBlock', {});
  assert.ok((await now()) > target, 'the clock goes on from there');
  assert.equal(await raw.call('system_accountNextIndex', keys.dave.address), nonce + 3);
  assert.equal(await raw.call('dev_timeTravel', '2100-01-01'), Date.parse('2100-01-01'));
  await assert.rejects(raw.call('dev_timeTravel', 'some day'), { code: -32602 });
  await assert.rejects(raw.call('dev_timeTravel', 12), { message: /only goes forward/ });
});

test('computation has its price in every block', async () => {
  const call = api.tx.balances.transferKeepAlive(keys.bob.address, 1);
  for (let round = 0; round < 3; round++) {
    const { fee, weightFee } = await send(call, keys.charlie);
    // The fee for the bytes alone would be a few hundred planck.
    assert.ok(fee > 100_000_000n, `block ${round}: ${fee} planck`);
    assert.ok(weightFee > 0n);
  }
});

test('what is no request gets an error, and the connection lives on', async () => {
  assert.equal((await raw.say('{')).error.code, -32700);
  assert.equal((await raw.say('[]')).error.code, -32600);
  assert.equal((await raw.say('{"id":1}')).error.code, -32600);
  assert.equal((await raw.say('{"id":1,"method":"x","params":{}}')).error.code, -32601);
  assert.equal((await raw.say('{"id":1,"method":"chain_getHeader","params":{}}')).error.code, -32600);
  await assert.rejects(raw.call('no_such_method'), { code: -32601 });
  const { methods } = await raw.call('rpc_methods');
  for (const name of ['rpc_methods', 'state_call', 'childstate_getStorageEntries']) assert.ok(methods.includes(name), name);
});

test('HTTP answers too, but for subscriptions', async () => {
  const post = async (body) => (await fetch(server.http, { method: 'POST', body: JSON.stringify(body) })).json();
  const request = (method) => ({ jsonrpc: '2.0', id: 1, method, params: [] });
  assert.equal((await post(request('system_chain'))).result, 'patronage-devchain');
  const [first, second] = await post([request('system_name'), request('chain_subscribeNewHeads')]);
  assert.equal(first.result, 'Patronage devchain');
  assert.match(second.error.message, /WebSocket/);
  assert.equal((await fetch(server.http)).status, 405);
});
