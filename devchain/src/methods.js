// The JSON-RPC methods: those of chopsticks, with the answers of nodes.

import { allHandlers, ResponseError } from '@acala-network/chopsticks-core';
import { getCurrentTimestamp } from '@acala-network/chopsticks-core/utils/index';
import { addArchive } from './archive.js';
import { Queue, settled } from './chain.js';
import { invalidTransaction, refuseEarly } from './validity.js';
import { watchTransactions } from './watch.js';

/** Methods that submit a transaction, their first parameter. */
const SUBMITTING = ['author_submitExtrinsic', 'author_submitAndWatchExtrinsic', 'transaction_v1_broadcast'];
/**
 * Methods that change the chain. They run one after the other. Otherwise, a later transaction could be processed before an earlier one
 * and be lost. So could a change of the head while the next block is built on it.
 */
const CHANGING = [...SUBMITTING, 'dev_newBlock', 'dev_setHead', 'dev_setStorage', 'dev_timeTravel'];

/**
 * All methods of the server, by name. A method takes its parameters and the subscriptions of the connection.
 *
 * @param chain the result of `startChain`
 * @returns {Map<string, (params: unknown[], subscriptions: object) => Promise<unknown>>}
 */
export function methodsOf(chain) {
  const context = { chain };
  const methods = new Map();
  for (const [name, handler] of Object.entries(allHandlers)) {
    methods.set(name, async (params, subscriptions) => (await handler(context, params, subscriptions)) ?? null);
  }
  methods.set('author_submitAndWatchExtrinsic', watchTransactions(chain));
  for (const name of SUBMITTING) {
    const inherited = methods.get(name);
    methods.set(name, async (params, subscriptions) => {
      await refuseEarly(chain, params[0]);
      return inherited(params, subscriptions).catch((error) => Promise.reject(invalidTransaction(error)));
    });
  }
  const travel = methods.get('dev_timeTravel');
  methods.set('dev_timeTravel', async ([to]) => {
    const time = moment(to);
    // A block is never earlier than the one before.
    if (BigInt(time) < (await getCurrentTimestamp(chain.head))) {
      throw new ResponseError(-32602, 'the time of a chain only goes forward');
    }
    return travel([time]);
  });
  const setStorage = methods.get('dev_setStorage');
  methods.set('dev_setStorage', async (params) => {
    // The states for the executor are made of single keys.
    if (/"\$removePrefix"|"DeletedPrefix"/.test(JSON.stringify(params))) {
      throw new ResponseError(-32602, 'dev_setStorage takes no prefixes here: name the keys, with null to delete them');
    }
    return setStorage(params);
  });
  const queue = new Queue();
  for (const name of CHANGING) {
    const inherited = methods.get(name);
    methods.set(name, (params, subscriptions) =>
      queue.run(async () => {
        await settled(chain);
        return inherited(params, subscriptions);
      }),
    );
  }
  const nextIndex = methods.get('system_accountNextIndex');
  // Transactions of the block that is being built are neither in the pool nor in the state.
  methods.set('system_accountNextIndex', async (params) => {
    await settled(chain);
    return nextIndex(params);
  });
  methods.set('system_version', async () => '0.1.0');
  for (const name of methods.keys()) {
    if (/_un(subscribe|watch)/.test(name)) {
      const inherited = methods.get(name);
      methods.set(name, async (params, subscriptions) => {
        await inherited(params, subscriptions);
        return true;
      });
    }
  }
  methods.set('childstate_getStorageEntries', async ([child, keys, at]) => {
    const get = methods.get('childstate_getStorage');
    return Promise.all(keys.map((key) => get([child, key, at])));
  });
  addArchive(chain, methods);
  const names = [...methods.keys(), 'rpc_methods'].sort();
  methods.set('rpc_methods', async () => ({ version: 1, methods: names }));
  return methods;
}

/** A time in ms, from a number of ms or a date string. */
function moment(to) {
  const time = typeof to === 'string' ? Date.parse(to) : to;
  if (!Number.isSafeInteger(time) || time < 0) {
    throw new ResponseError(-32602, 'dev_timeTravel takes a time in ms since 1970, or a date such as "2030-01-01"');
  }
  return time;
}
