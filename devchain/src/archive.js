// The methods `archive_v1_*` and `chainHead_v1_storage`, where chopsticks answers otherwise than the specification says.

import { randomBytes } from 'node:crypto';
import { checkItems, lookUp } from './storage.js';

/** How many storage items go into one event of a follower. */
const AT_ONCE = 200;

/**
 * Replaces methods, and removes those of the group's older name: chopsticks has half of them, clients take the older name where
 * there is one, and miss the rest.
 *
 * @param chain what `startChain` gives
 * @param {Map<string, (params: unknown[], subscriptions: object) => Promise<unknown>>} methods all methods by name
 */
export function addArchive(chain, methods) {
  for (const name of [...methods.keys()].filter((name) => name.startsWith('archive_unstable_'))) methods.delete(name);

  methods.set('archive_v1_storage', async ([hash, items, childTrie], { subscribe, unsubscribe }) => {
    checkItems(items, childTrie);
    const id = randomBytes(8).toString('hex');
    let stopped = false;
    const send = subscribe('archive_v1_storageEvent', id, () => (stopped = true));
    const answer = async () => {
      const block = await chain.getBlock(hash);
      if (!block) throw new Error(`Block ${hash} not found`);
      for (const item of items) {
        for await (const entry of lookUp(block, item, childTrie)) {
          if (stopped) return;
          send({ event: 'storage', ...entry });
        }
      }
      send({ event: 'storageDone' });
    };
    answer()
      .catch((error) => send({ event: 'storageError', error: error.message }))
      .finally(() => unsubscribe(id));
    return id;
  });

  const call = methods.get('archive_v1_call');
  methods.set('archive_v1_call', async (params, subscriptions) => {
    const answer = await call(params, subscriptions);
    // An error itself has nothing that goes into JSON.
    return answer?.success === false ? { success: false, error: answer.error?.message ?? String(answer.error) } : answer;
  });

  followers(chain, methods);
}

/** `chainHead_v1_storage`, whose items come as events of the subscription that `chainHead_v1_follow` has begun. */
function followers(chain, methods) {
  const following = new Map();
  const follow = methods.get('chainHead_v1_follow');
  methods.set('chainHead_v1_follow', async (params, subscriptions) => {
    let send;
    const id = await follow(params, {
      ...subscriptions,
      subscribe: (method, subscription, onCancel) => {
        send = subscriptions.subscribe(method, subscription, (...args) => {
          following.delete(subscription);
          onCancel?.(...args);
        });
        return send;
      },
    });
    following.set(id, send);
    return id;
  });

  methods.set('chainHead_v1_storage', async ([subscription, hash, items, childTrie]) => {
    checkItems(items, childTrie);
    const send = following.get(subscription);
    if (!send) return { result: 'limitReached' };
    const operationId = randomBytes(8).toString('hex');
    const answer = async () => {
      const block = await chain.getBlock(hash);
      if (!block) throw new Error(`Block ${hash} not found`);
      let some = [];
      const flush = () => {
        if (some.length > 0) send({ event: 'operationStorageItems', operationId, items: some });
        some = [];
      };
      for (const item of items) {
        for await (const entry of lookUp(block, item, childTrie)) {
          some.push(entry);
          if (some.length === AT_ONCE) flush();
        }
      }
      flush();
      send({ event: 'operationStorageDone', operationId });
    };
    // After the answer, as clients do not know the operation before.
    setTimeout(() => {
      answer().catch((error) => send({ event: 'operationError', operationId, error: error.message }));
    }, 0);
    return { result: 'started', operationId, discardedItems: 0 };
  });
}
