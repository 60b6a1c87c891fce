// `author_submitAndWatchExtrinsic`: what becomes of a transaction. That of chopsticks sends `ready` after a fixed time, which may be after
// the block, and delays each block.

import { APPLY_EXTRINSIC_ERROR } from '@acala-network/chopsticks-core/blockchain/txpool';
import { ResponseError } from '@acala-network/chopsticks-core';

/** Error codes of nodes for a transaction that is not valid, and one whose validity is unknown. */
const INVALID = 1010;
const UNKNOWN = 1011;

/**
 * The method, with a transaction in hexadecimal digits as its parameter. It notifies of `ready`, `inBlock` and `finalized`, or of `invalid`.
 *
 * @param chain the result of `startChain`
 */
export function watchTransactions(chain) {
  return async ([transaction], { subscribe, unsubscribe }) => {
    const { headState, txPool } = chain;
    let submitted;
    const done = () => {
      txPool.event.removeListener(APPLY_EXTRINSIC_ERROR, refused);
      unsubscribe(id);
    };
    const refused = async ([failed]) => {
      if (failed !== transaction) return;
      await submitted;
      // Nodes send a status without fields as a plain string, which dedot and subxt expect.
      notify('invalid');
      done();
    };
    const id = headState.subscribeHead(async (block) => {
      if (!(await block.extrinsics).includes(transaction)) return;
      await submitted;
      notify({ inBlock: block.hash });
      notify({ finalized: block.hash });
      done();
    });
    const notify = subscribe('author_extrinsicUpdate', id, () => headState.unsubscribeHead(id));
    txPool.event.on(APPLY_EXTRINSIC_ERROR, refused);
    submitted = chain.submitExtrinsic(transaction).then(() => notify('ready'));
    try {
      await submitted;
    } catch (error) {
      done();
      throw new ResponseError(error.isInvalid ? INVALID : UNKNOWN, error.toString());
    }
    return id;
  };
}
