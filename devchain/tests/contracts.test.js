// What contracts rely on behaves here as on other chains.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { chainForTests, connect, keys, send } from './client.js';
import { ask, at, bundle, deploy, tell, uploadCold } from './contracts.js';

const UNIT = 10n ** 12n;
const { alice, bob, charlie, dave, eve, ferdie } = keys;
const { server, raw, api, close } = await chainForTests();
after(close);

const free = async (who) => (await api.query.system.account(who.address)).data.free.toBigInt();
const held = async (who) => (await api.query.system.account(who.address)).data.reserved.toBigInt();
const hostile = async (who, behaviour) => (await deploy(api, who, await bundle('hostile'), behaviour)).contract;
/** Any message: what it does was said when it was made. */
const poke = async (contract, who) => {
  const gasLimit = api.registry.createType('WeightV2', { refTime: 20_000_000_000n, proofSize: 2_000_000n });
  return send(api.tx.contracts.call(contract.address, 0, gasLimit, null, '0xdeadbeef'), who);
};
const vaultTerms = { splits: [], tiers: [], token: null, cooldown: 0 };

test('a large contract is uploaded, and its deposit and fee are all that it costs', async () => {
  const metadata = await bundle('patronage_vault');
  assert.ok(metadata.source.wasm.length / 2 > 10_000, 'larger than those of the other tests');
  await uploadCold(api, alice, metadata);
  const before = { free: await free(alice), held: await held(alice) };
  const { contract, fee, deposit, events, records } = await deploy(api, alice, metadata, vaultTerms);
  const existential = api.consts.balances.existentialDeposit.toBigInt();
  assert.ok(existential > 0n && fee > 0n && deposit > 0n);
  // The creator pays the existential deposit of a contract's account, as part of the deposit.
  const after = { free: await free(alice), held: await held(alice) };
  const spent = before.free + before.held - after.free - after.held;
  const given = (await free(contract)) + (await held(contract));
  assert.equal(spent, fee + given);
  const transferred = records.filter(({ event }) => event.section === 'contracts' && event.method.startsWith('StorageDeposit'));
  assert.ok(transferred.length > 0 && events);
  assert.equal(before.free - after.free, fee + deposit);
});

test('the storage of contracts is in child tries, and empty where nothing was written', async () => {
  const contract = await hostile(bob, { Store: { bytes: 100, answer: '0x00' } });
  const info = (await api.query.contracts.contractInfoOf(contract.address)).unwrap();
  const child = `0x${Buffer.from(':child_storage:default:').toString('hex')}${info.trieId.toHex(true).slice(2)}`;
  const keysOf = () => raw.call('childstate_getKeysPaged', child, '0x', 100, '0x', null);
  const fewer = await keysOf();
  assert.ok(fewer.length > 0);
  assert.equal((await poke(contract, bob)).failed, undefined);
  const more = await keysOf();
  assert.equal(more.length, fewer.length + 1);
  const [added] = more.filter((key) => !fewer.includes(key));
  const [value, none] = await raw.call('childstate_getStorageEntries', child, [added, '0x00'], null);
  assert.ok(value.endsWith('01'.repeat(100)));
  assert.equal(none, null);
  assert.equal(await raw.call('childstate_getStorage', child, added), value);
});

test('what a contract stores is paid by a deposit, which no transaction exceeds', async () => {
  const contract = await hostile(bob, { Store: { bytes: 1_000, answer: '0x00' } });
  const gasLimit = api.registry.createType('WeightV2', { refTime: 20_000_000_000n, proofSize: 2_000_000n });
  const call = (limit) => api.tx.contracts.call(contract.address, 0, gasLimit, limit, '0xdeadbeef');
  assert.equal((await send(call(1), dave)).failed, 'StorageDepositLimitExhausted');
  const before = await free(dave);
  const { fee, failed } = await send(call(null), dave);
  assert.equal(failed, undefined);
  const perByte = api.consts.contracts.depositPerByte.toBigInt();
  assert.ok(before - (await free(dave)) - fee >= 1_000n * perByte);
});

test('a terminated contract is gone, with its storage, and its deposit comes back', async () => {
  // The first uploader of a code pays its deposit. Here that is another account.
  await hostile(bob, 'Trap');
  const untouched = await held(eve);
  const contract = await hostile(eve, 'Terminate');
  const info = (await api.query.contracts.contractInfoOf(contract.address)).unwrap();
  const child = `0x${Buffer.from(':child_storage:default:').toString('hex')}${info.trieId.toHex(true).slice(2)}`;
  assert.equal((await raw.call('childstate_getKeysPaged', child, '0x', 10, '0x', null)).length, 1);
  const { failed, records } = await poke(contract, eve);
  assert.equal(failed, undefined);
  assert.ok(records.some(({ event }) => api.events.contracts.Terminated.is(event)));
  assert.ok((await api.query.contracts.contractInfoOf(contract.address)).isNone);
  assert.equal(await free(contract), 0n);
  // The pallet deletes the child trie in later blocks.
  await raw.call('dev_newBlock', { count: 2 });
  assert.deepEqual(await raw.call('childstate_getKeysPaged', child, '0x', 10, '0x', null), []);
  assert.equal((await poke(contract, eve)).failed, 'ContractNotFound');
  assert.equal(await held(eve), untouched);
});

test('contracts call contracts, to the depth that live chains have and no deeper', async () => {
  const last = await hostile(ferdie, { Answer: '0x0042' });
  let contract = last;
  for (let depth = 1; depth <= 5; depth++) {
    contract = await hostile(ferdie, { Ask: { contract: contract.address.toString(), input: '0xdeadbeef' } });
  }
  const run = async (to) => api.call.contractsApi.call(ferdie.address, to.address, 0, null, null, '0xdeadbeef');
  const deep = await run(contract);
  assert.ok(deep.result.isOk, deep.result.toString());
  assert.ok(deep.result.asOk.data.toHex().endsWith('42'), deep.result.toString());
  const tooDeep = await hostile(ferdie, { Ask: { contract: contract.address.toString(), input: '0xdeadbeef' } });
  assert.ok((await run(tooDeep)).result.isErr || (await run(tooDeep)).result.asOk.flags.isRevert);
});

test('a trap, too little gas and too little money are told apart', async () => {
  const trap = await hostile(charlie, 'Trap');
  assert.equal((await poke(trap, charlie)).failed, 'ContractTrapped');
  const burner = await hostile(charlie, 'BurnGas');
  assert.equal((await poke(burner, charlie)).failed, 'OutOfGas');
  const { contract } = await deploy(api, charlie, await bundle('patronage_vault'), vaultTerms);
  const { address, abi } = contract;
  const message = abi.findMessage('patronageVault::tip').toU8a(['0x']);
  const tip = (value) => api.call.contractsApi.call(charlie.address, address, value, null, null, message);
  assert.ok((await tip(UNIT)).result.isOk);
  const { result } = await tip(10n ** 30n);
  assert.equal(api.registry.findMetaError(result.asErr.asModule).name, 'TransferFailed');
});

test('many clients at once each get what is theirs', async () => {
  const metadata = await bundle('patronage_vault');
  const { contract } = await deploy(api, alice, metadata, vaultTerms);
  const fans = Object.values(keys);
  const tipped = await Promise.all(
    fans.map(async (fan, index) => {
      const own = await connect(server.url);
      try {
        const vault = at(own, metadata, contract.address);
        for (let round = 0; round < 2; round++) {
          const { failed } = await tell(vault, fan, 'patronageVault::tip', ['0x'], UNIT + BigInt(index));
          assert.equal(failed, undefined);
        }
        return (await ask(vault, fan, 'patronage::standingOf', fan.address)).tipped;
      } finally {
        await own.disconnect();
      }
    }),
  );
  assert.deepEqual(tipped, fans.map((_, index) => 2n * (UNIT + BigInt(index))));
});
