// The file that `patronage launch` writes: where a creator's contracts are.

import { accountOf } from './address.js';
import { isHex } from './bytes.js';
import { PatronageError } from './errors.js';
import type { Address, Hex } from './types.js';

/** Addresses of a creator's contracts. */
export interface Addresses { token: Address; vault: Address; registry: Address }

/** A deployment file, as the command writes it. */
export interface Deployment extends Addresses {
  format: 1;
  /** Hash of the chain's first block. */
  genesis: Hex;
  /** Number of the newest block before the launch. */
  block: number;
  /** Hashes of the contracts' codes. */
  code: { token: Hex; vault: Hex; registry: Hex };
  /** Names of the tiers by their numbers, which the chain does not know. */
  tiers: string[];
  /** Titles of the content by its numbers, which the chain does not know. */
  content: string[];
}

/** Reads `{ token, vault, registry }` and nothing else of it. */
function addresses(value: Record<string, unknown>): Addresses {
  const one = (name: string) => {
    const address = value[name];
    if (typeof address !== 'string') throw new PatronageError('Deployment', `the deployment names no ${name}`);
    accountOf(address);
    return address;
  };
  return { token: one('token'), vault: one('vault'), registry: one('registry') };
}

/**
 * Reads a deployment file, or three addresses, from what `JSON.parse` gave.
 *
 * @throws PatronageError or TypeError in words, where it is neither
 */
export function readDeployment(value: unknown): Deployment | Addresses {
  if (typeof value !== 'object' || value === null) throw new PatronageError('Deployment', 'that is no deployment file');
  const file = value as Record<string, unknown>;
  const contracts = addresses(file);
  if (!('format' in file)) return contracts;
  if (file['format'] !== 1) throw new PatronageError('Deployment', `the deployment file has format ${String(file['format'])}, and this SDK reads 1`);
  const names = (list: unknown) => (Array.isArray(list) ? list.map(String) : []);
  const hash = (text: unknown) => {
    if (typeof text !== 'string' || !isHex(text) || text.length !== 66) throw new PatronageError('Deployment', `"${String(text)}" is no hash`);
    return text;
  };
  const code = (file['code'] ?? {}) as Record<string, unknown>;
  return {
    ...contracts,
    format: 1,
    genesis: hash(file['genesis']),
    block: Number(file['block']),
    code: { token: hash(code['token']), vault: hash(code['vault']), registry: hash(code['registry']) },
    tiers: names(file['tiers']),
    content: names(file['content']),
  };
}
