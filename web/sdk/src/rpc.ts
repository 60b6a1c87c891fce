// JSON-RPC 2.0 over a WebSocket, which is opened again where it was lost.

import { ChainError } from './errors.js';

interface Waiting { resolve: (value: any) => void; reject: (error: Error) => void; timer: ReturnType<typeof setTimeout> }

/** A connection to a node. */
export class Rpc {
  #socket: WebSocket | null = null;
  #opening: Promise<WebSocket> | null = null;
  #next = 1;
  #waiting = new Map<number, Waiting>();
  #subscriptions = new Map<string, (result: any, error?: Error) => void>();
  /** What came for a subscription whose id was not known yet. */
  #early: [string, any][] = [];
  #closed = false;

  /**
   * @param url ws:// or wss:// address of the node
   * @param patience how long an answer may take, in ms
   */
  constructor(readonly url: string, readonly patience = 30_000) {
    if (!/^wss?:\/\//.test(url)) throw new TypeError(`"${url}" is no ws:// or wss:// address of a node`);
  }

  /** Asks `method`. */
  async call<T = any>(method: string, ...params: unknown[]): Promise<T> {
    const socket = await this.#open();
    return this.#ask(socket, method, params);
  }

  /**
   * Subscribes by `method`; gives what ends it.
   *
   * @param onResult gets each notification, or an error where the connection is lost
   */
  async subscribe(method: string, end: string, params: unknown[], onResult: (result: any, error?: Error) => void): Promise<() => void> {
    const id: string = await this.call(method, ...params);
    this.#subscriptions.set(id, onResult);
    const early = this.#early.filter(([subscription]) => subscription === id);
    this.#early = this.#early.filter(([subscription]) => subscription !== id);
    for (const [, result] of early) onResult(result);
    return () => {
      if (this.#subscriptions.delete(id)) this.call(end, id).catch(() => {});
    };
  }

  /** Ends the connection for good. */
  close(): void {
    this.#closed = true;
    this.#socket?.close();
    this.#lost(new ChainError('Closed', 'the connection was closed'));
  }

  #ask(socket: WebSocket, method: string, params: unknown[]): Promise<any> {
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(id);
        reject(new ChainError('Timeout', `the node at ${this.url} does not answer: try again, or choose another node`));
      }, this.patience);
      this.#waiting.set(id, { resolve, reject, timer });
      socket.send(JSON.stringify({ jsonrpc: '2.0', id, method, params }));
    });
  }

  #open(): Promise<WebSocket> {
    if (this.#closed) return Promise.reject(new ChainError('Closed', 'the connection was closed'));
    if (this.#socket?.readyState === WebSocket.OPEN) return Promise.resolve(this.#socket);
    this.#opening ??= new Promise<WebSocket>((resolve, reject) => {
      const socket = new WebSocket(this.url);
      const unreachable = () => reject(new ChainError('Unreachable', `the node at ${this.url} can't be reached: try again, or choose another node`));
      const timer = setTimeout(() => {
        unreachable();
        socket.close();
      }, this.patience);
      socket.onopen = () => {
        clearTimeout(timer);
        this.#socket = socket;
        resolve(socket);
      };
      socket.onerror = unreachable;
      socket.onclose = () => {
        clearTimeout(timer);
        unreachable();
        if (this.#socket === socket) {
          this.#socket = null;
          this.#lost(new ChainError('Lost', `the connection to the node at ${this.url} was lost: try again`));
        }
      };
      socket.onmessage = ({ data }) => this.#receive(String(data));
    }).finally(() => (this.#opening = null));
    return this.#opening;
  }

  #receive(text: string): void {
    let message: any;
    try {
      message = JSON.parse(text);
    } catch {
      return;
    }
    const subscription = message.params?.subscription;
    if (message.method && subscription !== undefined) {
      const listener = this.#subscriptions.get(subscription);
      if (listener) listener(message.params.result);
      else this.#early = [...this.#early.slice(-99), [subscription, message.params.result]];
      return;
    }
    const waiting = this.#waiting.get(message.id);
    if (!waiting) return;
    this.#waiting.delete(message.id);
    clearTimeout(waiting.timer);
    if (message.error) waiting.reject(new RpcError(message.error.code, message.error.message, message.error.data));
    else waiting.resolve(message.result);
  }

  #lost(error: ChainError): void {
    for (const { reject, timer } of this.#waiting.values()) {
      clearTimeout(timer);
      reject(error);
    }
    this.#waiting.clear();
    const subscriptions = [...this.#subscriptions.values()];
    this.#subscriptions.clear();
    for (const tell of subscriptions) tell(undefined, error);
  }
}

/** A node's own error. */
export class RpcError extends ChainError {
  constructor(readonly rpcCode: number, message: string, readonly data?: unknown) {
    super('Rpc', `the node says: ${message}${typeof data === 'string' ? ` (${data})` : ''}`);
  }
}
