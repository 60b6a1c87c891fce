// What is about to be done: a quote to show, and transactions that are tried first and sent when they are wanted.

import type { Chain } from './chain.js';
import type { Call } from './contract.js';
import type { Cost, Receipt, SendStep, Transactor } from './transact.js';
import type { Address } from './types.js';
import type { Signer } from './wallet.js';

/** Something to do, with what it brings and takes. */
export class Plan<Quote = unknown> {
  /**
   * @param quote what to show before it is done
   * @param calls the transactions, in order. Each but the first can depend on those before it
   */
  constructor(readonly quote: Quote, readonly calls: Call[], private readonly context: PlanContext) {}

  /** Native money that goes along, in planck. */
  get value(): bigint {
    return this.calls.reduce((sum, { value }) => sum + value, 0n);
  }

  /**
   * Tries the transactions without sending any. Only the first one can be tried where the others depend on it.
   *
   * @returns what they cost, and how many could not be tried
   * @throws ContractError where the contract refuses, in words; FundsError; ChainError
   */
  async preview(from: Address): Promise<Cost & { untried: number }> {
    const transactor = await this.context.transactor();
    const [first] = this.calls;
    if (!first) return { fee: 0n, deposit: 0n, value: 0n, untried: 0 };
    const { fee, deposit } = await transactor.prepare(from, first, first.read);
    return { fee, deposit, value: this.value, untried: this.calls.length - 1 };
  }

  /**
   * Does it: each transaction is tried, signed by the wallet, sent, and waited for. What is signed is what was tried.
   *
   * @returns a receipt for each transaction
   */
  async send(signer: Signer, options: SendOptions = {}): Promise<Receipt[]> {
    const transactor = await this.context.transactor();
    const receipts: Receipt[] = [];
    for (const [index, call] of this.calls.entries()) {
      const tell = (step: SendStep) => options.onStep?.({ ...step, transaction: index, of: this.calls.length });
      const prepared = await transactor.prepare(signer.address, call, call.read);
      try {
        receipts.push(await transactor.send(signer, prepared, options.until ?? 'included', tell));
      } catch (error) {
        await this.#why(error, signer.address, call);
        throw error;
      }
    }
    return receipts;
  }

  /** Where a contract has refused in a block, another trial tells why. */
  async #why(error: unknown, from: Address, call: Call): Promise<void> {
    if ((error as { code?: string }).code !== 'ContractReverted') return;
    call.read((await this.context.chain.dryRun(from, call)).output);
  }
}

/** How a plan is sent. */
export interface SendOptions {
  /** Whether a block is enough (the default), or only one that stays. */
  until?: 'included' | 'finalized';
  /** Told how far it is. */
  onStep?: (step: SendStep & { transaction: number; of: number }) => void;
}

/** What plans are tried and sent with. */
export interface PlanContext { chain: Chain; transactor: () => Promise<Transactor> }
