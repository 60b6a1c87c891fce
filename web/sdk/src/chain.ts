// What is asked of a chain without its metadata, which weighs more than all else a page loads. Layouts are those of
// `pallet-contracts` 31 and of every runtime with it: `ContractsApi`, `System.Account`, `Contracts.ContractInfoOf`.

import { accountOf } from './address.js';
import { concat, fromHex, toHex, utf8 } from './bytes.js';
import { ChainError } from './errors.js';
import { mapKey, valueKey } from './hash.js';
import { Rpc, RpcError } from './rpc.js';
import { compact, list, Reader, uint } from './scale.js';
import type { Address, Hex, Width } from './types.js';
import type { Unit } from './units.js';
import { chainWords } from './words.js';

/** What a call takes of a block. */
export interface Weight { refTime: bigint; proofSize: bigint }

/** A call of a contract, before it is tried; or the making of one, or the upload of a code. */
export interface RawCall {
  /** The contract. Of one that is made, the address that it will have; of an upload, the account that pays. */
  contract: Address;
  value: bigint;
  data: Uint8Array;
  /** Code that is uploaded, and with it the salt of a contract that is made of it. Then `data` is the call of its constructor. */
  make?: { code: Uint8Array; salt: Uint8Array | null };
}

/** What a call would do. */
export interface Trial {
  /** What the contract answers. */
  output: Uint8Array;
  /** Whether the contract refuses: nothing would change. */
  reverted: boolean;
  /** Weight at its highest point. */
  required: Weight;
  /** Storage deposit in planck that the caller pays; negative for what comes back. */
  deposit: bigint;
}

/** Native money of an account, in planck. */
export interface Funds {
  /** What is not on hold. */
  free: bigint;
  /** What of it can't leave the account. Without what keeps the account itself in existence. */
  frozen: bigint;
}

/** How many keys are listed at once. */
const PAGE = 500;
/** Placeholder caller of queries. It can't pay, and no contract knows it. */
export const NOBODY: Address = `0x${'00'.repeat(32)}`;
const SIZE = { u64: 8, u128: 16 } as const;
const CHILD = utf8(':child_storage:default:');
/** Names of `sp-runtime`'s `DispatchError` and of its parts, in their order. */
const DISPATCH = ['Other', 'CannotLookup', 'BadOrigin', 'Module', 'ConsumerRemaining', 'NoProviders', 'TooManyConsumers', 'Token',
  'Arithmetic', 'Transactional', 'Exhausted', 'Corruption', 'Unavailable', 'RootNotAllowed', 'Trie'];
const PARTS: Record<string, string[]> = {
  Token: ['FundsUnavailable', 'OnlyProvider', 'BelowMinimum', 'CannotCreate', 'UnknownAsset', 'Frozen', 'Unsupported',
    'CannotCreateHold', 'NotExpendable', 'Blocked'],
  Arithmetic: ['Underflow', 'Overflow', 'DivisionByZero'],
  Transactional: ['LimitReached', 'NoLayer'],
};

/** A chain behind a node. */
export class Chain {
  /** Hash of the first block. */
  readonly genesis: Hex;
  /** Width of native balances. */
  readonly width: Width;
  /** The chain's own token. */
  readonly unit: Unit;
  /** Names an error of a pallet; set by what has the chain's metadata. */
  nameError: (index: number, error: number) => Promise<string> = async (index, error) => `Module(${index}, ${error})`;

  private constructor(readonly rpc: Rpc, genesis: Hex, width: Width, unit: Unit) {
    this.genesis = genesis;
    this.width = width;
    this.unit = unit;
  }

  /**
   * Asks the node what never changes about its chain.
   *
   * @param contract any contract on it, whose account says how wide balances are
   * @throws ChainError where the node can't be reached, or there is no such contract
   */
  static async connect(rpc: Rpc, contract: Address): Promise<Chain> {
    const [genesis, properties, account] = await Promise.all([
      rpc.call<Hex>('chain_getBlockHash', 0),
      rpc.call('system_properties'),
      rpc.call<Hex | null>('state_getStorage', toHex(mapKey('System', 'Account', 'blake2', accountOf(contract)))),
    ]);
    if (account === null) throw noContract(contract);
    // Four counters, three balances, and flags of 16 bytes.
    const width = ({ 80: 'u128', 56: 'u64' } as const)[fromHex(account).length];
    if (!width) throw new ChainError('Width', 'the chain keeps its balances in a way that is not known here');
    const first = (value: any) => (Array.isArray(value) ? value[0] : value);
    const decimals = first(properties?.tokenDecimals);
    const symbol = first(properties?.tokenSymbol);
    return new Chain(rpc, genesis, width, {
      symbol: typeof symbol === 'string' && symbol !== '' ? symbol : 'UNIT',
      decimals: Number.isInteger(decimals) && decimals >= 0 && decimals <= 38 ? decimals : width === 'u64' ? 9 : 12,
    });
  }

  /** Size of a native balance in bytes. */
  get balanceSize(): number {
    return SIZE[this.width];
  }

  /** Hash of the newest block. */
  async head(): Promise<Hex> {
    return this.rpc.call('chain_getBlockHash');
  }

  /** Number of the newest block. */
  async height(): Promise<number> {
    return Number((await this.rpc.call<{ number: Hex }>('chain_getHeader')).number);
  }

  /** Time of the newest block, in ms since 1970. */
  async time(at?: Hex): Promise<bigint> {
    const value = await this.storage(valueKey('Timestamp', 'Now'), at);
    return value ? new Reader(value).uint(8) : 0n;
  }

  /** A value of the chain's storage. */
  async storage(key: Uint8Array, at?: Hex): Promise<Uint8Array | null> {
    const value = await this.rpc.call<Hex | null>('state_getStorage', toHex(key), at ?? null);
    return value === null ? null : fromHex(value);
  }

  /** Native money of an account. */
  async funds(who: Address, at?: Hex): Promise<Funds> {
    const value = await this.storage(mapKey('System', 'Account', 'blake2', accountOf(who)), at);
    if (!value) return { free: 0n, frozen: 0n };
    const reader = new Reader(value);
    reader.take(16);
    const [free, reserved, frozen] = [0, 1, 2].map(() => reader.uint(this.balanceSize)) as [bigint, bigint, bigint];
    return { free, frozen: frozen > reserved ? frozen - reserved : 0n };
  }

  /** Hash of a contract's code and the name of its storage; null where there is no contract. */
  async contractInfo(contract: Address, at?: Hex): Promise<{ codeHash: Hex; trie: Hex } | null> {
    const value = await this.storage(mapKey('Contracts', 'ContractInfoOf', 'twox', accountOf(contract)), at);
    if (!value) return null;
    const reader = new Reader(value);
    return { trie: toHex(reader.list()), codeHash: toHex(reader.take(32)) };
  }

  /**
   * Lists a mapping of a contract without asking it: keys of a child trie are hashed, and end in what was hashed.
   *
   * @param root key of the mapping
   * @param after a key to go on behind
   * @returns full keys, the rest of each behind the root, and whether there may be more
   */
  async contractKeys(trie: Hex, root: Hex, count: number, after: Hex | null = null, at?: Hex): Promise<{ keys: { key: Hex; rest: Uint8Array }[]; last: Hex | null }> {
    const name = toHex(concat(CHILD, fromHex(trie)));
    const wanted = fromHex(root);
    const found: { key: Hex; rest: Uint8Array }[] = [];
    let last = after;
    for (;;) {
      const keys = await this.rpc.call<Hex[]>('childstate_getKeysPaged', name, '0x', PAGE, last ?? '0x', at ?? null);
      for (const key of keys) {
        last = key;
        const bytes = fromHex(key);
        if (bytes.length < 20 || !wanted.every((byte, index) => bytes[16 + index] === byte)) continue;
        found.push({ key, rest: bytes.slice(20) });
        if (found.length === count) return { keys: found, last };
      }
      if (keys.length < PAGE) return { keys: found, last: null };
    }
  }

  /** Values of a contract's storage. */
  async contractValues(trie: Hex, keys: Hex[], at?: Hex): Promise<(Uint8Array | null)[]> {
    const name = toHex(concat(CHILD, fromHex(trie)));
    const values = await Promise.all(keys.map((key) => this.rpc.call<Hex | null>('childstate_getStorage', name, key, at ?? null)));
    return values.map((value) => (value === null ? null : fromHex(value)));
  }

  /**
   * Tries a call without sending it.
   *
   * @throws ChainError where the chain refuses or stops it
   */
  async dryRun(from: Address, call: RawCall, limits: { weight?: Weight; deposit?: bigint } = {}, at?: Hex): Promise<Trial> {
    const input = concat(accountOf(from), accountOf(call.contract), this.balance(call.value), this.limits(limits), list(call.data));
    return (await this.trial('ContractsApi_call', input, at)).trial;
  }

  /** Limits as a trial takes them. */
  limits({ weight, deposit }: { weight?: Weight; deposit?: bigint }): Uint8Array {
    const some = (bytes: Uint8Array | undefined) => (bytes ? concat(Uint8Array.of(1), bytes) : Uint8Array.of(0));
    return concat(
      some(weight && concat(compact(weight.refTime), compact(weight.proofSize))),
      some(deposit === undefined ? undefined : this.balance(deposit)),
    );
  }

  /** Tries a call or the making of a contract; also gives what stands behind the output. */
  async trial(name: string, input: Uint8Array, at?: Hex): Promise<{ trial: Trial; rest: Reader }> {
    const answer = new Reader(await this.runtime(name, input, at));
    const weight = (): Weight => ({ refTime: answer.compact(), proofSize: answer.compact() });
    weight();
    const required = weight();
    const refund = answer.byte() === 0;
    const deposit = answer.uint(this.balanceSize);
    answer.list();
    if (answer.byte() !== 0) throw await this.refusal(answer);
    const reverted = (answer.uint(4) & 1n) === 1n;
    return { trial: { output: answer.list(), reverted, required, deposit: refund ? -deposit : deposit }, rest: answer };
  }

  /** The error of a `DispatchError`, in words. */
  async refusal(answer: Reader): Promise<ChainError> {
    const name = await this.dispatchError(answer);
    return new ChainError(name, chainWords(name));
  }

  /** A native amount as the chain encodes it. */
  balance(amount: bigint): Uint8Array {
    return uint(amount, this.balanceSize);
  }

  /** Calls a function of the runtime. */
  async runtime(name: string, input: Uint8Array, at?: Hex): Promise<Uint8Array> {
    try {
      return fromHex(await this.rpc.call<Hex>('state_call', name, toHex(input), at ?? null));
    } catch (error) {
      if (error instanceof RpcError && /ContractsApi/.test(name) && /not found|does not exist/i.test(error.message)) {
        throw new ChainError('NoContracts', 'this chain has no pallet-contracts: is it the right chain?', { cause: error });
      }
      throw error;
    }
  }

  /** Reads the name of a `DispatchError`. */
  async dispatchError(answer: Reader): Promise<string> {
    const name = DISPATCH[answer.byte()] ?? 'Unknown';
    if (name === 'Module') {
      const [index, error] = [answer.byte(), answer.take(4)[0]!];
      return this.nameError(index, error);
    }
    const parts = PARTS[name];
    return parts ? `${name}(${parts[answer.byte()] ?? 'Unknown'})` : name;
  }
}

/** That there is no contract where one was named. */
export function noContract(contract: Address): ChainError {
  return new ChainError(
    'ContractNotFound',
    `there is no contract at ${contract} on this chain: is it another chain that the creator launched on?`,
  );
}
