// The subscriptions of one connection.

import { followEvent } from './follow.js';

/** Subscriptions by id. Each sends its notifications in order. */
export class Subscriptions {
  #chain;
  #send;
  #open = new Map();

  /**
   * @param chain the result of `startChain`
   * @param {(message: object) => void} send sends a message to the client
   */
  constructor(chain, send) {
    this.#chain = chain;
    this.#send = send;
  }

  /**
   * The subscriptions for one request. Notifications wait for `answered`, as clients drop notifications of a subscription whose id they
   * do not know yet.
   *
   * @param {Promise<void>} answered when the answer to the request has been sent
   */
  during(answered) {
    return {
      subscribe: (method, id, onCancel = () => {}) => {
        this.#open.set(id, onCancel);
        let last = answered;
        return (event) => {
          // Notifications before the end of a subscription are sent even if the end is processed first.
          if (!this.#open.has(id)) return;
          last = last.then(() => this.#notify(method, id, event)).catch((error) => console.error(error));
        };
      },
      unsubscribe: (id) => this.#cancel(id),
    };
  }

  /** Ends all of them. */
  close() {
    for (const id of [...this.#open.keys()]) this.#cancel(id);
  }

  async #notify(method, id, event) {
    const result = await this.#translate(method, event);
    this.#send({ jsonrpc: '2.0', method, params: { subscription: id, result } });
  }

  #translate(method, event) {
    if (method === 'chainHead_v1_followEvent') return followEvent(this.#chain, event);
    return method === 'author_extrinsicUpdate' ? status(event) : event;
  }

  #cancel(id) {
    const onCancel = this.#open.get(id);
    this.#open.delete(id);
    onCancel?.(id);
  }
}

/** The status of a transaction. Nodes send a status without fields as a plain string, which dedot and subxt expect. */
function status(event) {
  if ('ready' in event) return 'ready';
  return 'invalid' in event || 'unknown' in event ? 'invalid' : event;
}
