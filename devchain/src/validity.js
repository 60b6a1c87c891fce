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
  const refusal = new ResponseError(INVALID, 'Invalid Transaction');
  refusal.data = WORDS[reason] ?? reason;
  return refusal;
}
