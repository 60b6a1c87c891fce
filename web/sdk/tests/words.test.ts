import { describe, expect, test } from 'vitest';
import { deniedWords, missingWords } from '../src/access.js';
import { fromHex } from '../src/bytes.js';
import { ContractError } from '../src/errors.js';
import { registryInterface } from '../src/generated/registry.js';
import { tokenInterface } from '../src/generated/token.js';
import { vaultInterface } from '../src/generated/vault.js';
import { decode, Reader, type Interface } from '../src/scale.js';
import { fundsWords } from '../src/transact.js';
import { format, formatAmount, formatDuration, formatPercent, formatTime, parseAmount } from '../src/units.js';
import { chainWords, wordsFor } from '../src/words.js';
import { vectors } from './vectors.js';

const unit = (symbol: string, decimals: number) => ({ symbol, decimals });
const native = unit('NATIVE', 12);
const units = { native, token: unit('TOKEN', 9), unit: unit('UNIT', 7) };

/** Place of the type in a table, by the name of one of its variants. */
const typeWith = ({ types }: Interface, variant: string) =>
  types.findIndex((type) => typeof type === 'object' && 'enum' in type && type.enum.some(([, name]) => name === variant));

describe('every error has the words of the command', () => {
  const kinds: Record<string, [Interface, string]> = {
    TokenError: [tokenInterface, 'CapReached'],
    VaultError: [vaultInterface, 'SoldOut'],
    RegistryError: [registryInterface, 'UnknownContent'],
  };
  const all: [string, string, string][] = vectors('errors').errors;
  test('there are vectors of all', () => {
    for (const [kind, [abi, variant]] of Object.entries(kinds)) {
      const type: any = abi.types[typeWith(abi, variant)];
      const found = new Set(all.filter(([name]) => name === kind).map(([, hex]) => fromHex(hex)[0]));
      expect(found.size, kind).toBe(type.enum.length);
    }
  });
  test.each(all)('%s %s', (kind, hex, expected) => {
    const [abi, variant] = kinds[kind]!;
    const reader = new Reader(fromHex(hex));
    const error = decode(abi.types, typeWith(abi, variant), reader);
    expect(reader.left).toBe(0);
    expect(wordsFor(kind, error, units)).toBe(expected);
  });
});

test('what access takes has the words of the command', () => {
  const [hex, expected] = vectors('errors').denied;
  const { types } = registryInterface;
  const [, , ways] = (types[typeWith(registryInterface, 'Denied')] as any).enum.find(([, name]: any) => name === 'Denied');
  const value: any[][] = decode(types, ways, new Reader(fromHex(hex)));
  expect(deniedWords(value.map((way) => way.map((missing) => missingWords(missing, units, () => units.unit))))).toBe(expected);
  expect(deniedWords([])).toBe('nobody can get access to this content now');
});

test("what a stranger's text says is not read as a name or a placeholder", () => {
  const custom = (value: string) => wordsFor('PSP22Error', { type: 'Custom', value }, units);
  expect(custom('{value:native}')).toContain('"{value:native}"');
  expect(custom('SoldOut')).toContain('"SoldOut"');
  expect(chainWords('$& $1')).toContain('$& $1');
  expect(wordsFor('VaultError', { type: 'Brandnew' }, units)).toBe('Brandnew');
});

test('advice that names a command can be left out', () => {
  const error = new ContractError('vault', {}, 'SoldOut', wordsFor('VaultError', { type: 'SoldOut' }, units));
  expect(error.message).toContain('`patronage ');
  expect(error.reason).not.toContain('`');
  expect(error.message.startsWith(error.reason)).toBe(true);
  expect(error.reason.length).toBeGreaterThan(10);
});

test('missing money is told in the words of the command', () => {
  for (const { words, ...figures } of vectors('funds')) {
    const { free, kept, value, fee, deposit, beside } = Object.fromEntries(Object.entries(figures).map(([name, text]) => [name, BigInt(text as string)])) as Record<string, bigint>;
    const stays = kept! + beside!;
    const missing = value! + fee! + deposit! + stays - free!;
    expect(fundsWords({ free: free!, stays, value: value!, fee: fee!, deposit: deposit!, missing }, native)).toBe(words);
  }
});

describe('amounts, durations and times are written and read as by the command', () => {
  const table = vectors('units');
  test('formats', () => {
    for (const [amount, decimals, text] of table.formatAmount) expect(formatAmount(BigInt(amount), decimals)).toBe(text);
    for (const [time, text] of table.formatDuration) expect(formatDuration(BigInt(time))).toBe(text);
    for (const [time, text] of table.formatTime) expect(formatTime(BigInt(time))).toBe(text);
    for (const [points, text] of table.formatBasisPoints) expect(formatPercent(points)).toBe(text);
    expect(format(1_500_000_000_000n, native)).toBe('1.5 NATIVE');
  });
  test.each(table.parseAmount as [string, number, { ok?: string; error?: string }][])('%j with %i decimals', (text, decimals, { ok, error }) => {
    if (ok !== undefined) expect(parseAmount(text, decimals)).toBe(BigInt(ok));
    else expect(() => parseAmount(text, decimals)).toThrow(error!);
  });
});
