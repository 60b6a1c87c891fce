// Launching a creator's contracts by a wallet, in the order and with the arguments of `patronage launch`
// (client/patronage/src/actions/launch.rs). Addresses follow from the creator, the codes, the terms and the salt, so a launch that was
// interrupted is planned again and goes on where it stopped.

import { accountOf, sameAccount, toAddress } from './address.js';
import { concat, toHex, utf8 } from './bytes.js';
import type { Patronage } from './client.js';
import { Contract, readCreated, type Call } from './contract.js';
import type { Deployment } from './deployment.js';
import { PatronageError } from './errors.js';
import { CODE_HASHES } from './generated/codes.js';
import { registryInterface } from './generated/registry.js';
import { tokenInterface, type TokenMessages, type TokenTerms } from './generated/token.js';
import { vaultInterface, type VaultTerms } from './generated/vault.js';
import { blake2 } from './hash.js';
import { hasCode, tryCall } from './making.js';
import { encodeCreate, list, type Interface } from './scale.js';
import type { Address, Width } from './types.js';
import type { Unit } from './units.js';

/** Codes of a contract: its own, and the one that it delegates rare messages to. */
export interface Codes { code: Uint8Array; cold: Uint8Array | null }
/** Names of the contracts, in the order in which they are made. */
const CONTRACTS = ['token', 'vault', 'registry'] as const;
type Name = (typeof CONTRACTS)[number];
/** Names of the bundles' files. */
const FILES: Record<Name, string> = { token: 'creator_token', vault: 'patronage_vault', registry: 'content_registry' };
const INTERFACES: Record<Name, Interface> = { token: tokenInterface, vault: vaultInterface, registry: registryInterface };

/** What is launched. */
export interface LaunchTerms {
  token: TokenTerms;
  /** The vault. It is made with the token's address. */
  vault: Omit<VaultTerms, 'token'>;
  /** Names of the tiers, for the deployment file. */
  tiers: string[];
}

/** Where and by whom it is launched. */
export interface LaunchOptions {
  /** Who signs, and owns the contracts. */
  creator: Address;
  codes: Record<Name, Codes>;
  /** Tells launches apart that are equal otherwise. */
  salt: string;
  /** Number of the newest block before the launch began: the contracts have no history up to there. */
  block: number;
}

/** What is left to do of a launch. */
export interface LaunchPlan {
  /** The transactions that are left, in order. Each can be tried once those before it are in a block. */
  calls: Call[];
  /** How many there are in all. */
  of: number;
  /** The deployment file, which holds once nothing is left to do. */
  deployment: Deployment;
}

/**
 * Reads the codes of this build, such as from a folder beside a page.
 *
 * @param read gives a file by its name, such as `u128/creator_token.wasm`
 * @throws PatronageError where a file is missing, or is not the code that this package was built with
 */
export async function codesFrom(width: Width, read: (file: string) => Promise<Uint8Array>): Promise<Record<Name, Codes>> {
  const one = async (name: Name): Promise<[Name, Codes]> => {
    const wanted = CODE_HASHES[width][name];
    const file = async (end: string, hash: string) => {
      const path = `${width}/${FILES[name]}${end}`;
      const bytes = await read(path);
      if (toHex(blake2(bytes, 32)) !== hash) throw new PatronageError('Code', `${path} is not the code of this release: serve the bundles of the same release`);
      return bytes;
    };
    return [name, { code: await file('.wasm', wanted.code), cold: wanted.cold ? await file('.cold.wasm', wanted.cold) : null }];
  };
  return Object.fromEntries(await Promise.all(CONTRACTS.map(one))) as Record<Name, Codes>;
}

/** Address of the contract that `deployer` makes of `code`, as the address generator of `pallet-contracts` computes it. */
function contractAddress(deployer: Address, code: Uint8Array, data: Uint8Array, salt: Uint8Array): Address {
  return toAddress(blake2(concat(utf8('contract_addr_v1'), accountOf(deployer), blake2(code, 32), list(data), list(salt)), 32));
}

/**
 * Plans what is left of a launch.
 *
 * @param of any creator on the chain: its node is asked
 * @throws ContractError where the terms are not possible; ChainError where the chain gives no answer
 */
export async function planLaunch(of: Patronage, terms: LaunchTerms, { creator, codes, salt, block }: LaunchOptions): Promise<LaunchPlan> {
  const { chain } = of;
  const salted = utf8(salt);
  const own: Unit = { symbol: terms.token.symbol, decimals: terms.token.decimals };
  const planned = (name: Name, args: Record<string, unknown>) => {
    const data = encodeCreate(INTERFACES[name], args);
    return { name, data, ...codes[name], address: contractAddress(creator, codes[name].code, data, salted) };
  };
  const token = planned('token', { terms: terms.token });
  const vault = planned('vault', { terms: { ...terms.vault, token: token.address } });
  const registry = planned('registry', { vault: vault.address });
  const units = { native: chain.unit, token: own, unit: chain.unit };
  const calls: Call[] = [];
  let total = 0;
  for (const { name, data, code, cold, address } of [token, vault, registry]) {
    total += cold ? 2 : 1;
    if (await chain.contractInfo(address)) continue;
    const missing = cold !== null && !(await hasCode(chain, blake2(cold, 32)));
    if (missing) {
      calls.push({ of: name, message: 'upload', contract: creator, value: 0n, data: new Uint8Array(), make: { code: cold, salt: null }, read: () => undefined });
    }
    const read = (output: Uint8Array) => readCreated(INTERFACES[name], output, units);
    // All constructors are tried before anything is sent. Without the cold code the contract can't be tried: the cold code alone
    // reverts, but answers what the constructor says of the terms.
    read((await tryCall(chain, creator, { contract: address, value: 0n, data, make: { code: missing ? cold : code, salt: salted } })).output);
    calls.push({ of: name, message: 'new', contract: address, value: 0n, data, make: { code, salt: salted }, read });
  }
  // The token's fees are income of the vault, as all other money.
  const sale = new Contract<TokenMessages>(chain, token.address, tokenInterface, () => units);
  const there = calls.every(({ of: name, message }) => !(name === 'token' && message === 'new'));
  if (!there || !sameAccount(await sale.query.feeRecipient(), vault.address)) calls.push(sale.call.setFeeRecipient({ recipient: vault.address }));
  const { width } = chain;
  return {
    calls, of: total + 1,
    deployment: {
      format: 1, genesis: chain.genesis, block, token: token.address, vault: vault.address, registry: registry.address,
      code: { token: CODE_HASHES[width].token.code, vault: CODE_HASHES[width].vault.code, registry: CODE_HASHES[width].registry.code },
      tiers: terms.tiers, content: [],
    },
  };
}
