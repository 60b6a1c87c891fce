// The subscriptions of one connection.

import { Follower } from './follow.js';

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
        const translate = this.#translation(method);
        let last = answered;
        return (event) => {
          // Notifications before the end of a subscription are sent even if the end is processed first.
          if (!this.#open.has(id)) return;
          last = last.then(() => this.#notify(method, id, translate(event))).catch((error) => console.error(error));
        };
      },
      unsubscribe: (id) => this.#cancel(id),
    };
  }

  /** Ends all of them. */
  close() {
    for (const id of [...this.#open.keys()]) this.#cancel(id);
  }

  async #notify(method, id, events) {
    for (const result of await events) this.#send({ jsonrpc: '2.0', method, params: { subscription: id, result } });
  }

  /** A function from an event of chopsticks to the list of those to send. */
  #translation(method) {
    if (method !== 'chainHead_v1_followEvent') return async (event) => [event];
    const follower = new Follower(this.#chain);
    return (event) => follower.translate(event);
  }

  #cancel(id) {
    const onCancel = this.#open.get(id);
    this.#open.delete(id);
    onCancel?.(id);
  }
}
