// Contracts with typed messages.

import type { Chain, RawCall } from './chain.js';
import { NOBODY } from './chain.js';
import { ChainError, ContractError } from './errors.js';
import { decode, encodeCall, Reader, type Interface } from './scale.js';
import type { Address, Hex } from './types.js';
import { nameOf, wordsFor, type RawError, type WordUnits } from './words.js';

/** What a generated interface says of a message. */
export interface MessageType { args: unknown; returns: unknown; error: unknown; mutates: boolean; payable: boolean }

/** A message that is ready to be tried and sent. `T` is what the contract answers. */
export interface Call<T = unknown> extends RawCall {
  /** Name of the contract for people. */
  of: 'token' | 'vault' | 'registry' | 'psp22';
  /** Name of the message. */
  message: string;
  /** Reads the answer of a trial. */
  read: (output: Uint8Array) => T;
}

type Args<M> = M extends { args: infer A } ? ([A] extends [void] ? [] : [args: A]) : never;
type Returns<M> = M extends { returns: infer R } ? R : never;

/** Options of a question. */
export interface QueryOptions {
  /** Block to ask at; the newest one unless it is said. */
  at?: Hex;
  /** Who asks. */
  from?: Address;
}

/** Asks messages of a contract without sending anything. */
export type Queries<Messages> = {
  [Name in keyof Messages]: (...args: [...Args<Messages[Name]>, options?: QueryOptions]) => Promise<Returns<Messages[Name]>>;
};

/** Makes calls of messages, to be tried and sent. The amount in planck that goes along is 0 unless it is said. */
export type Calls<Messages> = {
  [Name in keyof Messages]: (...args: [...Args<Messages[Name]>, value?: bigint]) => Call<Returns<Messages[Name]>>;
};

/** Units that the words of a contract's errors are about. */
export type UnitsFor = () => WordUnits;

/** A contract at an address. */
export class Contract<Messages> {
  /** Asks without sending: `await vault.query.tier({ id: 0 })`. */
  readonly query: Queries<Messages>;
  /** Calls to be tried and sent: `vault.call.tip({ memo }, amount)`. */
  readonly call: Calls<Messages>;

  constructor(readonly chain: Chain, readonly address: Address, readonly abi: Interface, units: UnitsFor) {
    const query: Record<string, unknown> = {};
    const call: Record<string, unknown> = {};
    for (const [name, [, fields]] of Object.entries(abi.messages)) {
      const make = (args: Record<string, unknown> | undefined, value = 0n): Call => ({
        of: abi.name,
        message: name,
        contract: address,
        value,
        data: encodeCall(abi, name, args),
        read: (output) => readAnswer(abi, name, output, units()),
      });
      // Without arguments the first parameter is the next one.
      const split = (parts: unknown[]) => (fields.length > 0 ? parts : [undefined, ...parts]);
      call[name] = (...parts: unknown[]) => {
        const [args, value] = split(parts);
        return make(args as Record<string, unknown> | undefined, value as bigint | undefined);
      };
      query[name] = async (...parts: unknown[]) => {
        const [args, options = {}] = split(parts) as [Record<string, unknown> | undefined, QueryOptions?];
        return ask(chain, make(args), options);
      };
    }
    this.query = query as Queries<Messages>;
    this.call = call as Calls<Messages>;
  }
}

/** Asks what `call` would answer. */
export async function ask<T>(chain: Chain, call: Call<T>, { at, from = NOBODY }: QueryOptions = {}): Promise<T> {
  return call.read((await chain.dryRun(from, call, {}, at)).output);
}

/** The errors of messages by the contract: what the table of words calls them. */
const KINDS: Record<string, string> = { token: 'TokenError', vault: 'VaultError', registry: 'RegistryError' };

function readAnswer(abi: Interface, message: string, output: Uint8Array, units: WordUnits): unknown {
  const [, , type] = abi.messages[message]!;
  let answer: any;
  let left: number;
  try {
    const reader = new Reader(output);
    // The outermost result is ink!'s own: whether the contract could read the call.
    if (reader.byte() !== 0) {
      throw new ChainError('Language', `the contract ${abi.name} does not know the message ${message}: is it another version?`);
    }
    answer = decode(abi.types, type, reader);
    left = reader.left;
  } catch (error) {
    if (error instanceof ChainError) throw error;
    throw new ChainError('Undecodable', `the answer of the contract ${abi.name} to ${message} can't be read: is it another version?`, { cause: error });
  }
  if (left > 0) throw new ChainError('Undecodable', `the answer of the contract ${abi.name} to ${message} is longer than it should be`);
  if (typeof abi.types[type] === 'string' || !('result' in (abi.types[type] as object))) return answer;
  if ('ok' in answer) return answer.ok;
  throw contractError(abi.name, kindOf(abi, message), answer.error, units);
}

/** What the error of a message is called: ownership and PSP22 have errors of their own. */
function kindOf(abi: Interface, message: string): string {
  if (message === 'proposeOwner' || message === 'acceptOwnership') return 'OwnershipError';
  if (abi.name === 'token' && ['transfer', 'transferFrom', 'approve', 'increaseAllowance', 'decreaseAllowance', 'burn'].includes(message)) {
    return 'PSP22Error';
  }
  if (abi.name === 'vault' && message === 'pay') return 'PayError';
  return KINDS[abi.name]!;
}

/** Reads what a constructor answers. */
export function readCreated(abi: Interface, output: Uint8Array, units: WordUnits): void {
  const reader = new Reader(output);
  if (reader.byte() !== 0) throw new ChainError('Language', `the code of the contract ${abi.name} does not know its constructor: is it another version?`);
  if (reader.byte() === 0) return;
  // Constructors have no type of their own in the table: messages fail with the same one.
  const result = Object.values(abi.messages).map(([, , type]) => abi.types[type]).find((type) => typeof type === 'object' && 'result' in type && isContractError(abi, type.result[1]!));
  const error = decode(abi.types, (result as { result: [number, number] }).result[1], reader);
  throw contractError(abi.name as 'token' | 'vault' | 'registry', KINDS[abi.name]!, error as RawError, units);
}

/** Whether a type is the contract's own error: it alone knows the owner among other variants with fields. */
function isContractError({ types }: Interface, type: number): boolean {
  const found = types[type];
  return typeof found === 'object' && 'enum' in found && found.enum.some(([, name]) => name === 'NotOwner');
}

/** A contract's own `error` with the command's words for it. */
export function contractError(contract: 'token' | 'vault' | 'registry' | 'psp22', kind: string, error: RawError, units: WordUnits): ContractError {
  // Errors of payments are those of the vault by another name.
  const words = wordsFor(kind === 'PayError' ? 'VaultError' : kind, error, units).replace('CONTRACT', contract);
  return new ContractError(contract, error, nameOf(error).path, words);
}
