// The creator's server: history, members and sums over time, which no state of a chain has. It can mislead about the past, and
// about nothing that is signed.

import { ServerError } from './errors.js';
import type { Address, Hex } from './types.js';

/** A member, as the index has it. Amounts are in smallest units of the tier's asset; times in ms since 1970. */
export interface Member {
  account: Address;
  tier: number;
  since: bigint;
  until: bigint;
  running: boolean;
  granted: boolean;
  price: bigint;
  paid: bigint;
  payer: Address | null;
}

/** A line of an account's history, or of the creator's statement. */
export interface HistoryLine {
  block: number;
  time: bigint;
  kind: string;
  account: Address | null;
  /** `native`, or the address of a token. */
  asset: string;
  amount: bigint;
  content: number | null;
  tier: number | null;
  memo: string | null;
}

/** A page of a list. */
export interface Page<T> { items: T[]; next: string | null }

/** Which members are asked for. */
export interface MemberQuery { tier?: number; state?: 'running' | 'lapsed'; sort?: 'until' | 'since' | 'price'; limit?: number; after?: string }

const MOST_ANSWER = 4 << 20;

/** A creator's server, by its `/v1`. */
export class CreatorServer {
  readonly url: string;

  /** @param url address of the server, with or without a slash at its end */
  constructor(url: string, private readonly ask: typeof fetch = (...args) => fetch(...args)) {
    this.url = url.replace(/\/+$/, '');
    if (!/^https?:\/\//.test(this.url)) throw new TypeError(`"${url}" is no http(s) address of a server`);
  }

  /** Members, by pages. The server may want the owner's signature: then it answers `forbidden`. */
  async members(query: MemberQuery = {}): Promise<Page<Member>> {
    const page = await this.#get('members', { ...query });
    return { items: list(page['items']).map(member), next: text(page['next']) };
  }

  /** What happened that concerns an account, newest first. */
  async history(account: Address, query: { limit?: number; after?: string } = {}): Promise<Page<HistoryLine>> {
    const page = await this.#get(`accounts/${encodeURIComponent(account)}/history`, { ...query });
    return { items: list(page['items']).map(line), next: text(page['next']) };
  }

  /** What came in and went out, by day or month. */
  async income(query: { from?: bigint; to?: bigint; by?: 'day' | 'month' } = {}): Promise<{ start: bigint; kind: string; asset: string; amount: bigint }[]> {
    const answer = await this.#get('income', { ...query });
    return list(answer['items']).map((item) => ({ start: whole(item['start']), kind: String(item['kind']), asset: String(item['asset']), amount: whole(item['amount']) }));
  }

  /** What the server knows of itself: chain, contracts, and up to which block its index is. */
  async creator(): Promise<{ genesis: Hex; token: Address; vault: Address; registry: Address; block: number }> {
    const answer = await this.#get('creator', {});
    return { genesis: String(answer['genesis']) as Hex, token: String(answer['token']), vault: String(answer['vault']), registry: String(answer['registry']), block: Number(answer['block']) };
  }

  async #get(path: string, query: Record<string, unknown>): Promise<Record<string, unknown>> {
    const url = new URL(`${this.url}/v1/${path}`);
    for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, String(value));
    let response: Response;
    try {
      response = await this.ask(url, { headers: { Accept: 'application/json' } });
    } catch {
      throw new ServerError('Unreachable', `the server at ${this.url} can't be reached: try again later`);
    }
    const body = await response.text();
    let answer: any;
    try {
      if (body.length > MOST_ANSWER) throw new RangeError('too long');
      answer = JSON.parse(body);
    } catch {
      throw new ServerError('Answer', `the server at ${this.url} has no history: its answer can't be read`, response.status);
    }
    if (!response.ok) throw new ServerError(String(answer?.code ?? 'Refused'), String(answer?.message ?? `the server refused (${response.status})`), response.status);
    return answer;
  }
}

function list(value: unknown): Record<string, unknown>[] {
  if (!Array.isArray(value)) throw new ServerError('Answer', "the server's answer has no list where there must be one");
  return value;
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

/** Amounts and times are decimal numbers in texts, or whole numbers that JSON keeps exactly. */
function whole(value: unknown): bigint {
  if (typeof value === 'string' && /^-?[0-9]{1,40}$/.test(value)) return BigInt(value);
  if (typeof value === 'number' && Number.isSafeInteger(value)) return BigInt(value);
  throw new ServerError('Answer', "the server's answer has no number where there must be one");
}

function member(item: Record<string, unknown>): Member {
  return {
    account: String(item['account']), tier: Number(item['tier']), since: whole(item['since']), until: whole(item['until']),
    running: item['running'] === true, granted: item['granted'] === true, price: whole(item['price']), paid: whole(item['paid']),
    payer: text(item['payer']),
  };
}

function line(item: Record<string, unknown>): HistoryLine {
  const number = (value: unknown) => (typeof value === 'number' ? value : null);
  return {
    block: Number(item['block']), time: whole(item['time']), kind: String(item['kind']), account: text(item['account']),
    asset: String(item['asset'] ?? 'native'), amount: whole(item['amount'] ?? 0), content: number(item['content']),
    tier: number(item['tier']), memo: text(item['memo']),
  };
}
