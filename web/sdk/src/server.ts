// The creator's server by its `/v1`: history, members and sums over time, which no state of a chain has. It can mislead about the
// past, and about nothing that is signed.

import { accountOf } from './address.js';
import { baseUrl } from './base-url.js';
import { toHex } from './bytes.js';
import { ServerError } from './errors.js';
import type { Address, Hex } from './types.js';
import type { Unit } from './units.js';
import type { Signer } from './wallet.js';

/** Up to where the server knows the chain. */
export interface AsOf { block: number; time: bigint }

/** A page of a list. */
export interface Page<T> {
  items: T[];
  /** To be given for the next page; null after the last one. */
  next: string | null;
  asOf: AsOf;
}

/** An amount; `asset` is the address of a token, or null for the chain's own. */
export interface AssetAmount { asset: Address | null; amount: bigint }

/** A member. Amounts are in smallest units of what the tier is paid in; times in ms since 1970. */
export interface Member {
  account: Address;
  tier: number;
  tierName: string | null;
  running: boolean;
  since: bigint;
  until: bigint;
  /** When it was ended by someone. */
  ended: bigint | null;
  asset: Address | null;
  /** Agreed price of a period; 0 for a grant. */
  price: bigint;
  paid: bigint;
  refundable: bigint;
  granted: boolean;
  /** Who paid, where that was someone else. */
  giftOf: Address | null;
}

/** What the server knows of an account. */
export interface AccountView {
  account: Address;
  membership: Member | null;
  tokens: bigint;
  staked: bigint;
  unstaking: bigint;
  tipped: AssetAmount[];
  /** Numbers of the content that was bought for it. */
  bought: number[];
}

/** Something that an account did, or that was done for it. */
export interface Happened { block: number; time: bigint; kind: string; details: Record<string, unknown> }

/** A sum of income or of what was claimed in a day, a month or a year. */
export interface IncomeSum extends AssetAmount { period: string; kind: string; comesIn: boolean; lines: number }

/** What the server says of the creator. */
export interface CreatorView { genesis: Hex; token: Address; vault: Address; registry: Address; native: Unit; creatorToken: Unit; members: number; asOf: AsOf }

/** What a gateway says of itself. */
export interface GatewayHealth {
  /** Whether the chain answers it. */
  reachable: boolean;
  genesis: Hex;
  registry: Hex;
}

/** Which members are asked for. */
export interface MemberQuery { tier?: number; lapsed?: boolean; before?: bigint; sort?: 'until' | 'since' | 'paid'; limit?: number; after?: string }

type Json = Record<string, unknown>;

/** The longest answer, in bytes. */
const MOST_ANSWER = 8 << 20;
const OPENING = "Patronage: sign in to this creator's server with this account.\nFor a quarter of an hour, it may list members and upload files. This moves no money.\n\nVersion: patronage-sign-in-v1\n";
const TAIL = /^Expires: \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z\nNonce: 0x([0-9a-f]{2})+$/;

/** A creator's server. */
export class CreatorServer {
  readonly url: string;
  #token: string | null = null;

  /**
   * @param url address of the server, with or without a slash at its end
   * @throws TypeError where it is no http(s) address, or has a query or a fragment
   */
  constructor(url: string, private readonly ask: typeof fetch = (...args) => fetch(...args)) {
    this.url = baseUrl(url);
  }

  /**
   * Whether the gateway answers, and for which registry. An answer that the chain is away is no error.
   *
   * @throws ServerError where it can't be reached, or is no gateway
   */
  async health(): Promise<GatewayHealth> {
    const { status, answer } = await this.#fetch('health');
    const hex = (value: unknown) => (typeof value === 'string' && /^0x[0-9a-f]{64}$/.test(value) ? (value as Hex) : null);
    const [genesis, registry] = [hex(answer['genesis']), hex(answer['registry'])];
    if (!genesis || !registry || (status !== 200 && status !== 503)) throw new ServerError('Answer', `${this.url} is no gateway: its answer names no registry`, status);
    return { reachable: status === 200 && answer['status'] === 'ok', genesis, registry };
  }

  /** Chain, contracts, units, and how many members there are. */
  async creator(): Promise<CreatorView> {
    const answer = await this.#get('creator');
    const unit = (value: unknown): Unit => ({ symbol: String((value as Json)?.['symbol']), decimals: Number((value as Json)?.['decimals']) });
    const [token, vault, registry] = ['token', 'vault', 'registry'].map((name) => String(answer[name])) as [string, string, string];
    return {
      genesis: String(answer['genesis']) as Hex, token, vault, registry, native: unit(answer['native']),
      creatorToken: unit(answer['creator_token']), members: Number(answer['members']), asOf: asOf(answer),
    };
  }

  /** The file of the signed profile, which is to be checked; null where the creator has none here. */
  async profile(): Promise<string | null> {
    const { status, ok, text } = await this.#ask('v1/profile', { headers: { Accept: 'application/json' } });
    if (status === 404) return null;
    if (!ok) throw new ServerError('Refused', `the server refused (${status})`, status);
    return text;
  }

  /** What the server knows of an account: membership, tokens, stake, tips. */
  async account(account: Address): Promise<AccountView> {
    const answer = await this.#get(`accounts/${encodeURIComponent(account)}`);
    return {
      account: String(answer['account']), membership: answer['membership'] ? member(answer['membership'] as Json) : null,
      tokens: whole(answer['tokens']), staked: whole(answer['staked']), unstaking: whole(answer['unstaking']),
      tipped: list(answer['tipped']).map(amount), bought: list(answer['bought']).map(Number),
    };
  }

  /** What an account has done, newest first, by pages. */
  async history(account: Address, query: { limit?: number; before?: string } = {}): Promise<Page<Happened>> {
    return page(await this.#get(`accounts/${encodeURIComponent(account)}/history`, { ...query }), (item) => ({
      block: Number(item['block']), time: whole(item['time']), kind: String(item['kind']), details: (item['details'] ?? {}) as Json,
    }));
  }

  /** Who tips most, by asset, or holds or stakes most, by pages. */
  async top(by: 'tippers' | 'holders' | 'stakers', query: { asset?: Address; limit?: number; after?: string } = {}): Promise<Page<{ account: Address; amount: bigint }>> {
    return page(await this.#get(`top/${by}`, { ...query }), (item) => ({ account: String(item['account']), amount: whole(item['amount']) }));
  }

  /** What came in and was claimed, by day, month or year; days are of UTC, such as `2026-01-31`. */
  async income(query: { from?: string; to?: string; by?: 'day' | 'month' | 'year' } = {}): Promise<IncomeSum[]> {
    return list((await this.#get('income', { ...query }))['items']).map((item) => ({
      ...amount(item), period: String(item['period']), kind: String(item['kind']), comesIn: item['comes_in'] === true,
      lines: Number(item['lines']),
    }));
  }

  /** Members by pages, for the owner: `signIn` first. */
  async members(query: MemberQuery = {}): Promise<Page<Member>> {
    return page(await this.#get('members', { ...query }), member);
  }

  /**
   * Signs in for a quarter of an hour: the vault's owner for the list of members, the registry's owner and its managers for uploads. The text is checked byte by byte before the wallet gets it.
   *
   * @throws ServerError where the account is none of these, or the server asks to sign something else
   */
  async signIn(signer: Signer, of: { genesis: Hex; registry: Address }): Promise<void> {
    const account = toHex(accountOf(signer.address));
    const { challenge } = await this.#request('sign-in/challenge', { account: signer.address });
    const expected = `${OPENING}Chain: ${of.genesis}\nRegistry: ${toHex(accountOf(of.registry))}\nAccount: ${account}\n`;
    if (typeof challenge !== 'string' || !challenge.startsWith(expected) || !TAIL.test(challenge.slice(expected.length))) {
      throw new ServerError('Challenge', 'the server wants something else signed than what was asked for: nothing was signed');
    }
    const signature = await signer.signText(challenge);
    const { token } = await this.#request('sign-in', { challenge, scheme: signer.scheme, signature });
    if (typeof token !== 'string' || !/^[\x21-\x7e]{1,4096}$/.test(token)) throw new ServerError('Answer', "the server's answer has no token");
    this.#token = token;
  }

  /**
   * Sends a request with the token of `signIn`. The answer may be a refusal.
   *
   * @param path under `/v1/`
   * @throws ServerError where the server can't be reached, or nobody has signed in
   */
  async send(path: string, init: RequestInit & { headers?: Record<string, string> }): Promise<Response> {
    if (!this.#token) throw new ServerError('SignIn', 'nobody has signed in at the server: sign in first');
    try {
      return await this.ask(`${this.url}/v1/${path}`, { ...init, headers: { ...init.headers, Authorization: `Bearer ${this.#token}` } });
    } catch (error) {
      if (init.signal?.aborted) throw error;
      throw new ServerError('Unreachable', `the server at ${this.url} can't be reached: try again later`);
    }
  }

  async #get(path: string, query: Json = {}): Promise<Json> {
    const asked = Object.entries(query).filter(([, value]) => value !== undefined).map(([name, value]) => [name, String(value)]);
    const text = new URLSearchParams(asked).toString();
    return this.#request(text === '' ? path : `${path}?${text}`);
  }

  async #request(path: string, body?: unknown): Promise<Json> {
    const headers: Record<string, string> = {};
    // Only what needs the owner is asked with the token.
    if (this.#token && /^members(\?|$)/.test(path)) headers['Authorization'] = `Bearer ${this.#token}`;
    const { status, ok, answer } = await this.#fetch(`v1/${path}`, headers, body);
    if (!ok) throw new ServerError(String(answer['code'] ?? 'Refused'), String(answer['message'] ?? `the server refused (${status})`), status);
    return answer;
  }

  async #fetch(path: string, more: Record<string, string> = {}, body?: unknown): Promise<{ status: number; ok: boolean; answer: Json }> {
    const headers: Record<string, string> = { Accept: 'application/json', ...more };
    if (body !== undefined) headers['Content-Type'] = 'application/json';
    const { status, ok, text } = await this.#ask(path, { headers, ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }) });
    try {
      return { status, ok, answer: (JSON.parse(text) ?? {}) as Json };
    } catch {
      throw this.#unreadable(status);
    }
  }

  async #ask(path: string, init: RequestInit): Promise<{ status: number; ok: boolean; text: string }> {
    let response: Response;
    try {
      response = await this.ask(`${this.url}/${path}`, init);
    } catch {
      throw new ServerError('Unreachable', `the server at ${this.url} can't be reached: try again later`);
    }
    const text = await response.text();
    if (text.length > MOST_ANSWER) throw this.#unreadable(response.status);
    return { status: response.status, ok: response.ok, text };
  }

  #unreadable(status: number): ServerError {
    return new ServerError('Answer', `the server at ${this.url} has no history: its answer can't be read`, status);
  }
}

function list(value: unknown): any[] {
  if (!Array.isArray(value)) throw new ServerError('Answer', "the server's answer has no list where there must be one");
  return value;
}

function page<T>(answer: Json, read: (item: Json) => T): Page<T> {
  return { items: list(answer['items']).map(read), next: text(answer['next']), asOf: asOf(answer) };
}

function asOf(answer: Json): AsOf {
  const { block, time } = (answer['as_of'] ?? {}) as Json;
  return { block: Number(block ?? 0), time: whole(time ?? 0) };
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

/** Amounts are decimal numbers in texts, times whole numbers that JSON keeps exactly. */
function whole(value: unknown): bigint {
  if (typeof value === 'string' && /^[0-9]{1,40}$/.test(value)) return BigInt(value);
  if (typeof value === 'number' && Number.isSafeInteger(value)) return BigInt(value);
  throw new ServerError('Answer', "the server's answer has no number where there must be one");
}

function amount(item: Json): AssetAmount {
  return { asset: text(item['asset']), amount: whole(item['amount']) };
}

function member(item: Json): Member {
  return {
    account: String(item['account']), tier: Number(item['tier']), tierName: text(item['tier_name']), running: item['running'] === true,
    since: whole(item['since']), until: whole(item['until']), ended: item['ended'] == null ? null : whole(item['ended']),
    asset: text(item['asset']), price: whole(item['price']), paid: whole(item['paid']), refundable: whole(item['refundable']),
    granted: item['granted'] === true, giftOf: text(item['gift_of']),
  };
}
