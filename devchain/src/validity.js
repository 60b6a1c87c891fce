// A node's errors for rejected transactions.

import { ResponseError } from '@acala-network/chopsticks-core';

/** Code of the error, from sc-rpc-api's `author::error`. */
const INVALID = 1010;

/** The texts of sp-runtime's `InvalidTransaction`. */
const WORDS = {
  ancientBirthBlock: 'Transaction has an ancient birth block',
  badProof: 'Transaction has a bad signature',
  badSigner: 'Invalid signing address',
  call: 'Transaction call is not expected',
  exhaustsResources: 'Transaction would exhaust the block limits',
  future: 'Transaction will be valid in the future',
  payment: 'Inability to pay some fees (e.g. account balance too low)',
  stale: 'Transaction is outdated',
};

/**
 * Refuses a transaction whose nonce is too high. A node would keep it in its pool. Here it would be dropped from its block without an
 * error.
 *
 * @param chain the result of `startChain`, with no block being built
 * @param {string} transaction in hexadecimal digits
 */
export async function refuseEarly(chain, transaction) {
  // Earlier nonces may be in the pool. The pool has transactions only while blocks are built on request.
  if (chain.txPool.pendingExtrinsics.length > 0) return;
  const validity = await chain.validateExtrinsic(transaction);
  if (validity.isOk && validity.asOk.requires.length > 0) throw refusal('future');
}

/**
 * Converts the rejection of a transaction, which chopsticks reports as JSON, to a node's error. Returns other errors unchanged.
 *
 * @param {Error} error
 */
export function invalidTransaction(error) {
  if (!(error instanceof ResponseError) || error.code !== INVALID) return error;
  let reason;
  try {
    [reason] = Object.keys(JSON.parse(error.message).invalid);
  } catch {
    return error;
  }
  return refusal(reason);
}

function refusal(reason) {
  const error = new ResponseError(INVALID, 'Invalid Transaction');
  error.data = WORDS[reason] ?? reason;
  return error;
}
