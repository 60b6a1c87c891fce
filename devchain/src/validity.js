// How a node says that it does not take a transaction.

import { ResponseError } from '@acala-network/chopsticks-core';

/** Code of the error, as nodes have it (sc-rpc-api's `author::error`). */
const INVALID = 1010;

/** What is wrong, in the words of sp-runtime's `InvalidTransaction`. */
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
 * Refuses a transaction that waits for others of its account which are not there. Nodes keep it for them; here it would be
 * dropped from its block without a word.
 *
 * @param chain what `startChain` gives, with no block being built
 * @param {string} transaction in hexadecimal digits
 */
export async function refuseEarly(chain, transaction) {
  // What is in the pool may be what it waits for. There is something only while blocks are built on request.
  if (chain.txPool.pendingExtrinsics.length > 0) return;
  const validity = await chain.validateExtrinsic(transaction);
  if (validity.isOk && validity.asOk.requires.length > 0) throw refusal('future');
}

/**
 * The error in a node's words, where it is the refusal of a transaction, which chopsticks gives as JSON; else as it is.
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
