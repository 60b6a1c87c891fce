// Contracts from their `.contract` files alone, as polkadot.js's api-contract handles them.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { Abi, CodePromise, ContractPromise } from '@polkadot/api-contract';
import { u8aToHex } from '@polkadot/util';
import { blake2AsHex } from '@polkadot/util-crypto';
import { built } from './harness.js';
import { send } from './client.js';

/** Folder of the bundles for each width of the balance, as scripts/build lays them out. */
const FOLDERS = { u128: 'ink', u64: 'ink-u64' };

/** Most gas of a dry run: more than any message takes, and what a block has. */
const MOST_GAS = { refTime: 1_000_000_000_000n, proofSize: 10_000_000n };

/** The bundle of the contract `name`, with its cold code where it has one, which must be the one that the bundle names. */
export async function bundle(name, balance = 'u128') {
  const path = `${FOLDERS[balance]}/${name}/${name}`;
  const metadata = JSON.parse(await readFile(built(`${path}.contract`), 'utf8'));
  const hash = metadata.source.build_info.cold_code_hash;
  if (!hash) return metadata;
  const cold = u8aToHex(await readFile(built(`${path}.cold.wasm`)));
  assert.equal(blake2AsHex(cold), hash);
  return { ...metadata, cold };
}

/** Uploads the cold code of a bundle, where it has one and the chain does not have it yet. */
export async function uploadCold(api, who, metadata) {
  if (!metadata.cold) return;
  if ((await api.query.contracts.codeInfoOf(blake2AsHex(metadata.cold))).isSome) return;
  const { failed } = await send(api.tx.contracts.uploadCode(metadata.cold, null, 'Enforced'), who);
  assert.equal(failed, undefined);
}

/**
 * Uploads and instantiates a contract by its constructor `new`, with what a dry run says that it needs. Its cold code goes first.
 *
 * @returns {Promise<{ contract: ContractPromise, fee: bigint, deposit: bigint, events: object[] }>}
 */
export async function deploy(api, who, metadata, ...args) {
  await uploadCold(api, who, metadata);
  const abi = new Abi(metadata, api.registry.getChainProperties());
  const data = abi.findConstructor('new').toU8a(args);
  const { gasRequired, storageDeposit, result } = await api.call.contractsApi.instantiate(
    who.address, 0, null, null, { Upload: metadata.source.wasm }, data, '0x',
  );
  assert.ok(result.isOk && !result.asOk.result.flags.isRevert, `${metadata.contract.name}: ${result}`);
  const code = new CodePromise(api, abi, metadata.source.wasm);
  const options = { gasLimit: gasRequired, storageDepositLimit: storageDeposit.asCharge };
  const receipt = await send(code.tx.new(options, ...args), who);
  assert.equal(receipt.failed, undefined);
  const made = receipt.records.find(({ event }) => api.events.contracts.Instantiated.is(event));
  const contract = new ContractPromise(api, abi, made.event.data.contract);
  return { ...receipt, contract, deposit: storageDeposit.asCharge.toBigInt() };
}

/** The contract at `address`, with the messages of the bundle. */
export function at(api, metadata, address) {
  return new ContractPromise(api, new Abi(metadata, api.registry.getChainProperties()), address);
}

/** What a message would answer `who` if it was sent now with `value`; with what that would take. */
export async function dryRun(contract, who, name, args = [], value = 0n) {
  const gasLimit = contract.registry.createType('WeightV2', MOST_GAS);
  const outcome = await contract.query[name](who.address, { gasLimit, value }, ...args);
  assert.ok(outcome.result.isOk, `${name}: ${outcome.result.isErr && contract.api.registry.findMetaError(outcome.result.asErr.asModule).name}`);
  // ink! wraps each answer in a result that says whether the message was found.
  return { ...outcome, answer: plain(outcome.output.asOk) };
}

/** The answer of a message that only reads. */
export async function ask(contract, who, name, ...args) {
  return (await dryRun(contract, who, name, args)).answer;
}

/**
 * Sends a message with the gas and the deposit that a dry run says it takes.
 *
 * @returns what `send` gives, and the message's `answer`
 */
export async function tell(contract, who, name, args = [], value = 0n) {
  const { gasRequired, storageDeposit, answer } = await dryRun(contract, who, name, args, value);
  const storageDepositLimit = storageDeposit.isCharge ? storageDeposit.asCharge : null;
  const options = { gasLimit: gasRequired, storageDepositLimit, value };
  return { ...(await send(contract.tx[name](options, ...args), who)), answer };
}

/** The fields of the only event of this name, with its topics. */
export function eventOf(receipt, name) {
  const found = receipt.events.filter(({ event }) => event.identifier.endsWith(`::${name}`));
  assert.equal(found.length, 1, `${name} among ${receipt.events.map(({ event }) => event.identifier)}`);
  const [{ event, args }] = found;
  return Object.fromEntries(event.args.map(({ name: field }, index) => [field, plain(args[index])]));
}

/** Plain values, with numbers as bigints. */
export function plain(codec) {
  const simple = (value) => {
    if (typeof value === 'number') return BigInt(value);
    if (typeof value === 'string' && /^\d+$/.test(value)) return BigInt(value);
    if (Array.isArray(value)) return value.map(simple);
    if (value && typeof value === 'object') {
      return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, simple(inner)]));
    }
    return value;
  };
  return simple(codec.toPrimitive());
}
