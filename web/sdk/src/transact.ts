// Signing and sending, with dedot for what needs the chain's metadata. It is loaded when something is sent for the first time.
// No type of dedot leaves this file.

import { ExtraSignedExtension, LegacyClient, WsProvider } from 'dedot';
import { accountOf, sameAccount, toAddress } from './address.js';
import { concat, fromHex, toHex } from './bytes.js';
import type { Chain, RawCall, Weight } from './chain.js';
import { ChainError, FundsError } from './errors.js';
import { decodeEvent, type DecodedEvent, type Interface } from './scale.js';
import { blake2 } from './hash.js';
import { tryCall } from './making.js';
import type { Address, Hex } from './types.js';
import { fill, wordOf } from './words.js';
import { guarded, type Signer, type SignerPayload } from './wallet.js';

/** What a transaction takes, in planck. */
export interface Cost {
  /** Fee at most. */
  fee: bigint;
  /** Storage deposit; negative for what comes back. */
  deposit: bigint;
  /** What goes along with the call. */
  value: bigint;
}

/** A call with the limits that it is signed with. */
export interface Prepared extends Cost {
  call: RawCall;
  weight: Weight;
  depositLimit: bigint;
  output: Uint8Array;
}

/** A transaction that was signed, to be found again where the page was closed meanwhile. */
export interface Pending {
  /** The signed transaction. */
  transaction: Hex;
  from: Address;
  nonce: number;
  /** Number of the newest block when it was signed. */
  birth: number;
}

/** How far a transaction is. */
export type SendStep = { step: 'signing' } | { step: 'sent'; pending: Pending } | { step: 'included' | 'finalized'; block: Hex };

/** What became of a transaction. */
export interface Receipt {
  block: Hex;
  /** Number of the transaction in its block. */
  index: number;
  fee: bigint;
  deposit: bigint;
  events: ContractEvent[];
}

/** An event of one of the contracts. */
export interface ContractEvent extends DecodedEvent { contract: Address; of: 'token' | 'vault' | 'registry' }

/** How many blocks a signed transaction lives. */
const MORTALITY = 64;
/** How long to wait for a block, in ms: longer than a transaction lives. */
const PATIENCE = 600_000;

/** What signs and sends on one chain. */
export class Transactor {
  private constructor(readonly chain: Chain, private readonly client: any, private readonly abis: Map<Address, Interface>) {}

  /**
   * Loads the chain's metadata.
   *
   * @param abis interfaces of the contracts whose events are told, by address
   * @param cache whether the browser keeps the metadata for the next time
   */
  static async of(chain: Chain, abis: Map<Address, Interface>, cache: boolean): Promise<Transactor> {
    const client: any = await LegacyClient.new({
      provider: new WsProvider(chain.rpc.url),
      cacheMetadata: cache,
      // A chain may have no blocks for a while; a lost connection is found by the requests themselves.
      stalingDetectionTimeout: 0,
    });
    const found = new Transactor(chain, client, new Map([...abis].map(([address, abi]) => [toAddress(accountOf(address)), abi])));
    chain.nameError = async (index, error) => found.#errorName(index, error);
    return found;
  }

  /** Ends the connection. */
  async close(): Promise<void> {
    await this.client.disconnect();
  }

  /** What keeps an account in existence, in planck. */
  get existentialDeposit(): bigint {
    return BigInt(this.client.consts.balances.existentialDeposit);
  }

  /**
   * Tries `call` and sets the limits that it is signed with; then tries exactly that.
   *
   * @param accept looks at the answer of the contract, and throws where that is an error
   * @throws FundsError where the account does not have what it takes; ChainError where the chain refuses
   */
  async prepare(from: Address, call: RawCall, accept: (output: Uint8Array) => unknown): Promise<Prepared> {
    const { free, frozen } = await this.chain.funds(from);
    const existential = this.existentialDeposit;
    const kept = frozen > existential ? frozen : existential;
    const check = (fee: bigint, deposit: bigint) => {
      const beside = deposit > 0n ? existential : 0n;
      const leaves = call.value + fee + deposit;
      const missing = leaves + kept + beside - free;
      if (missing > 0n) throw new FundsError(missing, this.#fundsWords(free, kept + beside, call.value, fee, deposit, missing));
    };
    // Without an amount, the fee is the first thing to lack: the contract is asked before.
    if (call.value > 0n) check(0n, 0n);
    const room = free - kept - call.value - existential;
    const first = await tryCall(this.chain, from, call, { deposit: room > 0n ? room : 0n });
    accept(first.output);
    const needed = first.deposit > 0n ? first.deposit : 0n;
    const weight = { refTime: more(first.required.refTime), proofSize: more(first.required.proofSize) };
    const most = more(needed) + 2n * BigInt(this.client.consts.contracts.depositPerItem);
    const fee = await this.#fee(from, this.#transaction(call, weight, most));
    check(fee, needed);
    const left = free - kept - call.value - fee - existential;
    const depositLimit = left < most ? (left > needed ? left : needed) : most;
    // Exactly what will be signed.
    const { output, deposit } = await tryCall(this.chain, from, call, { weight, deposit: depositLimit });
    accept(output);
    return { call, weight, depositLimit, output, fee, deposit, value: call.value };
  }

  /**
   * Signs and sends what was prepared, and waits for a block.
   *
   * @param until whether a block is enough, or only one that stays
   */
  async send(signer: Signer, prepared: Prepared, until: 'included' | 'finalized', tell: (step: SendStep) => void): Promise<Receipt> {
    tell({ step: 'signing' });
    const tx = this.#transaction(prepared.call, prepared.weight, prepared.depositLimit);
    const [nonce, header] = await Promise.all([
      this.chain.rpc.call<number>('system_accountNextIndex', toAddress(accountOf(signer.address))),
      this.chain.rpc.call<{ number: Hex }>('chain_getHeader'),
    ]);
    const by = signer.signBytes ? { ...signer, signPayload: (payload: SignerPayload) => this.#signWithKey(signer, payload) } : signer;
    await tx.sign(signer.address, { nonce, signer: { signPayload: guarded(by, this.chain.genesis, tx.callHex) } });
    const pending: Pending = { transaction: tx.toHex(), from: signer.address, nonce, birth: Number(header.number) };
    // Only once the node has it, as nothing is to be found of what was never sent.
    return this.#watch(pending, until, tell);
  }

  /**
   * Looks for a transaction that was signed before, such as by a page that was closed. It is sent again where it can still come
   * into a block: the same transaction counts once.
   *
   * @returns null where it can never come into a block any more
   */
  async find(pending: Pending): Promise<Receipt | null> {
    const used = await this.chain.rpc.call<number>('system_accountNextIndex', pending.from);
    const newest = Number((await this.chain.rpc.call<{ number: Hex }>('chain_getHeader')).number);
    const last = Math.min(newest, pending.birth + MORTALITY);
    for (let number = pending.birth; number <= last; number++) {
      const block = await this.chain.rpc.call<Hex>('chain_getBlockHash', number);
      const index = await this.#indexIn(block, pending.transaction);
      if (index >= 0) return this.#receipt(block, index, pending.from);
    }
    if (newest >= pending.birth + MORTALITY || used > pending.nonce) return null;
    return this.#watch(pending, 'included', () => {});
  }

  /** Signs as a wallet would, with the key of a script. */
  async #signWithKey(signer: Signer, payload: SignerPayload): Promise<{ signature: Hex }> {
    const extra = new ExtraSignedExtension(this.client, { signerAddress: payload.address });
    await extra.fromPayload(payload as any);
    const bytes = fromHex(extra.toRawPayload(payload.method as Hex).data);
    // Long payloads are signed by their hash.
    const signature = await signer.signBytes!(bytes.length > 256 ? blake2(bytes, 32) : bytes);
    return { signature: toHex(concat(Uint8Array.of(signer.scheme === 'ed25519' ? 0 : 1), signature)) };
  }

  #transaction({ contract, value, data, make }: RawCall, weight: Weight, deposit: bigint): any {
    if (make?.salt) return this.client.tx.contracts.instantiateWithCode(value, weight, deposit, toHex(make.code), toHex(data), toHex(make.salt));
    if (make) return this.client.tx.contracts.uploadCode(toHex(make.code), deposit, 'Enforced');
    return this.client.tx.contracts.call(toAddress(accountOf(contract)), value, weight, deposit, toHex(data));
  }

  async #fee(from: Address, tx: any): Promise<bigint> {
    const { partialFee } = await tx.paymentInfo(toAddress(accountOf(from)));
    return BigInt(partialFee);
  }

  async #watch(pending: Pending, until: 'included' | 'finalized', tell: (step: SendStep) => void): Promise<Receipt> {
    let end = () => {};
    let timer: ReturnType<typeof setTimeout> | undefined;
    const unsure = (why: string) => new ChainError('Unsure', `the transaction was sent, and ${why}: look at how things stand before you try again`);
    try {
      const block = await new Promise<Hex>((resolve, reject) => {
        timer = setTimeout(() => reject(unsure('no block has it yet')), PATIENCE);
        this.chain.rpc.subscribe('author_submitAndWatchExtrinsic', 'author_unwatchExtrinsic', [pending.transaction], (status, error) => {
          if (error) return reject(unsure('the connection was lost'));
          if (status?.inBlock) tell({ step: 'included', block: status.inBlock });
          if (status?.finalized) tell({ step: 'finalized', block: status.finalized });
          if (status?.finalized || (until === 'included' && status?.inBlock)) return resolve(status.finalized ?? status.inBlock);
          const name = typeof status === 'string' ? status : Object.keys(status ?? {})[0] ?? '';
          if (['invalid', 'dropped', 'usurped', 'finalityTimeout'].includes(name)) {
            reject(new ChainError('NotTaken', `the chain did not take the transaction (${name}): try again`));
          }
        }).then((stop) => {
          end = stop;
          tell({ step: 'sent', pending });
        }, reject);
      });
      const index = await this.#indexIn(block, pending.transaction);
      if (index < 0) throw unsure('the block that should have it does not');
      return await this.#receipt(block, index, pending.from);
    } finally {
      clearTimeout(timer);
      end();
    }
  }

  async #indexIn(block: Hex, transaction: Hex): Promise<number> {
    const found = await this.chain.rpc.call<{ block: { extrinsics: Hex[] } } | null>('chain_getBlock', block);
    return found?.block.extrinsics.indexOf(transaction) ?? -1;
  }

  async #receipt(block: Hex, index: number, from: Address): Promise<Receipt> {
    const records = (await this.#records(block)).filter(({ phase }: any) => phase.type === 'ApplyExtrinsic' && phase.value === index);
    const receipt: Receipt = { block, index, fee: 0n, deposit: 0n, events: [] };
    for (const { event, topics } of records) {
      const { pallet, palletEvent } = event;
      const [name, data] = typeof palletEvent === 'string' ? [palletEvent, {}] : [palletEvent.name, palletEvent.data ?? {}];
      const mine = (account: any) => sameAccount(addressOf(account), from);
      if (pallet === 'System' && name === 'ExtrinsicFailed') {
        const error = await this.#dispatchName(data.dispatchError);
        throw new ChainError(error, `the transaction is in a block and failed (${error}): something changed since it was tried. Only its fee was paid`);
      } else if (pallet === 'TransactionPayment' && name === 'TransactionFeePaid') {
        receipt.fee += BigInt(data.actualFee);
      } else if (pallet === 'Contracts' && name === 'StorageDepositTransferredAndHeld' && mine(data.from)) {
        receipt.deposit += BigInt(data.amount);
      } else if (pallet === 'Contracts' && name === 'StorageDepositTransferredAndReleased' && mine(data.to)) {
        receipt.deposit -= BigInt(data.amount);
      } else if (pallet === 'Contracts' && name === 'CodeStored' && mine(data.uploader)) {
        receipt.deposit += BigInt(data.depositHeld);
      } else {
        const told = this.#told(event, topics);
        if (told) receipt.events.push(told);
      }
    }
    return receipt;
  }

  /** All events of a block. */
  async #records(block: Hex): Promise<any[]> {
    const at: any = await this.client.at(block);
    return at.query.system.events();
  }

  /** An event of one of the contracts; null for any other. */
  #told({ pallet, palletEvent }: any, topics: any[]): ContractEvent | null {
    if (pallet !== 'Contracts' || palletEvent?.name !== 'ContractEmitted' || topics.length === 0) return null;
    const contract = addressOf(palletEvent.data.contract);
    const abi = this.abis.get(contract);
    const told = abi ? decodeEvent(abi, toHexOf(topics[0]), fromHex(toHexOf(palletEvent.data.data))) : null;
    return abi && told ? { contract, of: abi.name, ...told } : null;
  }

  /** The contracts' events in a block, in order. */
  async eventsIn(block: Hex): Promise<ContractEvent[]> {
    return (await this.#records(block)).flatMap(({ event, topics }) => this.#told(event, topics) ?? []);
  }

  /**
   * Tells the contracts' events of every block from now on, in order, until it is stopped or fails.
   *
   * @param onEvents gets the events of a block that has any
   * @param onError told once, where the connection is lost or a block can't be read; then nothing more comes
   * @param kind whether blocks count once they stay (the default), or as soon as they are there
   * @returns what stops it
   */
  async watch(onEvents: (events: ContractEvent[], block: Hex) => void, onError: (error: Error) => void, kind: 'finalized' | 'best'): Promise<() => void> {
    const [begin, end] = kind === 'finalized' ? ['chain_subscribeFinalizedHeads', 'chain_unsubscribeFinalizedHeads'] : ['chain_subscribeNewHeads', 'chain_unsubscribeNewHeads'];
    // Asked before the subscription: the first head that it tells can be a new one.
    const known = kind === 'finalized' ? await this.chain.rpc.call<Hex>('chain_getFinalizedHead') : null;
    let last = Number((await this.chain.rpc.call<{ number: Hex }>('chain_getHeader', ...(known ? [known] : []))).number);
    let queue = Promise.resolve();
    let stopped = false;
    let stop = () => {};
    const fail = (error: Error) => {
      if (!stopped) onError(error);
      stopped = true;
      stop();
    };
    const read = async (newest: number) => {
      // Several blocks can be final at once, of which only the newest is told.
      for (let number = last + 1; number <= newest && !stopped; number++) {
        const block = await this.chain.rpc.call<Hex>('chain_getBlockHash', number);
        const events = await this.eventsIn(block);
        last = number;
        if (events.length > 0 && !stopped) onEvents(events, block);
      }
    };
    stop = await this.chain.rpc.subscribe(begin!, end!, [], (header, error) => {
      if (error) return fail(error);
      queue = queue.then(() => read(Number(header.number))).catch(fail);
    });
    if (stopped) stop();
    return () => {
      stopped = true;
      stop();
    };
  }

  async #dispatchName(error: any): Promise<string> {
    if (error?.type === 'Module') return this.#errorName(error.value.index, fromHex(toHexOf(error.value.error))[0]!);
    return typeof error?.value === 'string' ? `${error.type}(${error.value})` : String(error?.type ?? error);
  }

  #errorName(index: number, error: number): string {
    const meta = this.client.registry.findErrorMeta({ index, error: toHex(Uint8Array.of(error, 0, 0, 0)) });
    return meta?.name ?? `Module(${index}, ${error})`;
  }

  #fundsWords(free: bigint, stays: bigint, value: bigint, fee: bigint, deposit: bigint, missing: bigint): string {
    return fundsWords({ free, stays, value, fee, deposit, missing }, this.chain.unit);
  }
}

/** That an account has too little, in the command's words. Amounts are in planck. */
export function fundsWords(
  { free, stays, value, fee, deposit, missing }: { free: bigint; stays: bigint; value: bigint; fee: bigint; deposit: bigint; missing: bigint },
  unit: { symbol: string; decimals: number },
): string {
  const amounts = { value, fee, deposit, stays };
  const parts = (['value', 'fee', 'deposit', 'stays'] as const).filter((name) => amounts[name] > (name === 'stays' ? 1n : 0n));
  const text: string = wordOf('funds', parts.map((name) => name[0]).join('')) ?? '';
  return fill(text, { ...amounts, free, missing, sum: value + fee + deposit }, { native: unit, token: unit, unit });
}

/** A tenth more, for what changes between the trial and the block. */
function more(figure: bigint): bigint {
  return figure + figure / 10n;
}

function addressOf(account: any): Address {
  return toAddress(accountOf(typeof account === 'string' ? account : account.address()));
}

function toHexOf(bytes: unknown): Hex {
  return bytes instanceof Uint8Array ? toHex(bytes) : (String(bytes) as Hex);
}

