// Trying uploads of codes and the making of contracts, apart from `Chain`: pages of fans need none of it.

import { accountOf, sameAccount } from './address.js';
import { concat, toHex } from './bytes.js';
import type { Chain, RawCall, Trial, Weight } from './chain.js';
import { ChainError } from './errors.js';
import { mapKey } from './hash.js';
import { list, Reader } from './scale.js';
import type { Address } from './types.js';

/** Whether the chain has a code with this hash. */
export async function hasCode(chain: Chain, hash: Uint8Array): Promise<boolean> {
  return (await chain.storage(mapKey('Contracts', 'CodeInfoOf', 'identity', hash))) !== null;
}

/**
 * Tries a call, an upload, or the making of a contract, without sending it.
 *
 * @throws ChainError where the chain refuses or stops it, or a contract would have another address
 */
export async function tryCall(chain: Chain, from: Address, call: RawCall, limits: { weight?: Weight; deposit?: bigint } = {}): Promise<Trial> {
  const { make } = call;
  if (!make) return chain.dryRun(from, call, limits);
  const sender = accountOf(from);
  if (make.salt === null) {
    // `Some` deposit without a weight, and `Determinism::Enforced`.
    const deposit = chain.limits(limits.deposit === undefined ? {} : { deposit: limits.deposit }).subarray(1);
    const answer = new Reader(await chain.runtime('ContractsApi_upload_code', concat(sender, list(make.code), deposit, Uint8Array.of(0))));
    if (answer.byte() !== 0) throw await chain.refusal(answer);
    answer.take(32);
    return { output: new Uint8Array(), reverted: false, required: { refTime: 0n, proofSize: 0n }, deposit: answer.uint(chain.balanceSize) };
  }
  const code = concat(Uint8Array.of(0), list(make.code));
  const { trial, rest } = await chain.trial('ContractsApi_instantiate', concat(sender, chain.balance(call.value), chain.limits(limits), code, list(call.data), list(make.salt)));
  if (!trial.reverted && !sameAccount(toHex(rest.take(32)), call.contract)) {
    throw new ChainError('Address', 'this chain computes the addresses of contracts in another way: choose another chain');
  }
  return trial;
}
