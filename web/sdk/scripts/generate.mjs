// Writes src/generated/ from the bundles of the contracts and from the words of the command, and with --check only compares.
//
//   node scripts/generate.mjs [--check]    reads target/ink, target/ink-u64 (see scripts/build) and vectors/messages.json
//
// dedot's own generator forgets the names of the fields of variants, and its types would become part of our interface.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';

const check = process.argv.includes('--check');
const here = new URL('../', import.meta.url);
const target = process.env.CARGO_TARGET_DIR ? new URL(`file://${process.env.CARGO_TARGET_DIR}/`) : new URL('../../target/', here);
const CONTRACTS = { token: 'creator_token', vault: 'patronage_vault', registry: 'content_registry' };
const WIDTHS = { u128: 'ink', u64: 'ink-u64' };

const stop = (words) => {
  console.error(`generate: ${words}`);
  process.exit(1);
};
const read = (url) => {
  try {
    return JSON.parse(readFileSync(url, 'utf8'));
  } catch (error) {
    return stop(`${url.pathname} can't be read (${error.message}): run scripts/build and scripts/build --balance u64`);
  }
};
const camel = (name) => name.replace(/^_+/, '').replace(/_(\w)/g, (_, letter) => letter.toUpperCase());
const bundle = (name, width) => read(new URL(`${WIDTHS[width]}/${name}/${name}.contract`, target));

/** The types of one contract that its interface needs: a compact table for the codec, and TypeScript for people. */
class Types {
  #types;
  #index = new Map();
  #names = new Map();
  table = [];
  declarations = [];

  constructor(types) {
    this.#types = new Map(types.map(({ id, type }) => [id, type]));
  }

  of(id) {
    return this.#types.get(id) ?? stop(`the metadata has no type ${id}`);
  }

  /** Number of a type in the table. */
  put(id) {
    if (this.#index.has(id)) return this.#index.get(id);
    const index = this.table.length;
    this.#index.set(id, index);
    this.table.push(null);
    this.table[index] = this.#entry(this.of(id));
    return index;
  }

  #entry({ path = [], def }) {
    const name = path.at(-1);
    if (name === 'AccountId') return 'account';
    if (def.primitive) return def.primitive;
    if (def.array) return this.#isByte(def.array.type) ? { bytes: def.array.len } : stop('an array of something else than bytes');
    if (def.sequence) return this.#isByte(def.sequence.type) ? 'bytes' : { list: this.put(def.sequence.type) };
    if (def.tuple) return { tuple: def.tuple.map((id) => this.put(id)) };
    if (def.composite) {
      const fields = def.composite.fields ?? [];
      if (fields.length === 1 && !fields[0].name) return this.#entry(this.of(fields[0].type));
      return { struct: fields.map((field) => [camel(field.name), this.put(field.type)]) };
    }
    const variants = def.variant?.variants ?? stop(`a type that is not known: ${JSON.stringify(def)}`);
    if (name === 'Option') return { option: this.put(variants[1].fields[0].type) };
    if (name === 'Result') return { result: ['Ok', 'Err'].map((one) => this.put(variants.find((v) => v.name === one).fields[0].type)) };
    const plain = variants.every(({ fields }) => !fields?.length);
    return {
      [plain ? 'names' : 'enum']: variants.map(({ name, index, fields = [] }) => {
        if (plain) return [index, name];
        if (fields.length === 1 && !fields[0].name) return [index, name, this.put(fields[0].type)];
        if (fields.some((field) => !field.name)) stop(`${name} has several fields without names`);
        return [index, name, fields.map((field) => [camel(field.name), this.put(field.type)])];
      }),
    };
  }

  #isByte(id) {
    return this.of(id).def.primitive === 'u8';
  }

  /** A type in TypeScript; named ones are declared once. */
  typescript(id) {
    const type = this.of(id);
    const { path = [], def } = type;
    const name = path.at(-1);
    if (name === 'AccountId') return 'Address';
    if (def.primitive) return { bool: 'boolean', str: 'string', u64: 'bigint', u128: 'bigint' }[def.primitive] ?? 'number';
    if (def.array) return 'Hex';
    if (def.sequence) {
      if (this.#isByte(def.sequence.type)) return 'Uint8Array';
      const item = this.typescript(def.sequence.type);
      return /^\w+$/.test(item) ? `${item}[]` : `(${item})[]`;
    }
    if (def.tuple) return def.tuple.length === 0 ? 'void' : `[${def.tuple.map((one) => this.typescript(one)).join(', ')}]`;
    if (name === 'Option') return `${this.typescript(def.variant.variants[1].fields[0].type)} | null`;
    if (def.composite) {
      const fields = def.composite.fields ?? [];
      if (fields.length === 1 && !fields[0].name) return this.typescript(fields[0].type);
    }
    return this.#declare(id, type, name);
  }

  #declare(id, { path, def, docs }, plainName) {
    if (this.#names.has(id)) return this.#names.get(id);
    // Two types of one name: that of the contracts' own records gets its crate before it.
    const taken = [...this.#names.values()].includes(plainName);
    const name = taken ? camel(`_${path.at(-2)}`).replace(/^./, (c) => c.toUpperCase()) + plainName : plainName;
    this.#names.set(id, name);
    const place = this.declarations.push('') - 1;
    const fields = (list) => list.map((field) => `${camel(field.name)}: ${this.typescript(field.type)}`).join('; ');
    let text;
    if (def.composite) {
      const members = def.composite.fields.map((field) => `${comment(field.docs, '  ')}  ${camel(field.name)}: ${this.typescript(field.type)};\n`);
      text = `export interface ${name} {\n${members.join('')}}`;
    } else if (def.variant.variants.every((variant) => !variant.fields?.length)) {
      text = `export type ${name} =${def.variant.variants.map((variant) => `\n${comment(variant.docs, '  ')}  | '${variant.name}'`).join('')};`;
    } else {
      const variants = def.variant.variants.map((variant) => {
        const { name: tag, fields: list = [] } = variant;
        const inner = list.length === 0 ? '' : list[0].name ? `; ${fields(list)}` : `; value: ${this.typescript(list[0].type)}`;
        return `\n${comment(variant.docs, '  ')}  | { type: '${tag}'${inner} }`;
      });
      text = `export type ${name} =${variants.join('')};`;
    }
    this.declarations[place] = `${comment(docs, '')}${text}\n`;
    return name;
  }
}

function comment(docs, indent) {
  const lines = (docs ?? []).map((line) => line.trimEnd());
  while (lines.length > 0 && lines.at(-1) === '') lines.pop();
  if (lines.length === 0) return '';
  const escaped = lines.map((line) => line.replace(/^ /, '').replace(/\*\//g, '* /').replace(/\[`([^`]+)`\](\([^)]*\))?/g, '`$1`'));
  if (escaped.length === 1) return `${indent}/** ${escaped[0]} */\n`;
  return `${indent}/**\n${escaped.map((line) => `${indent} * ${line}`.trimEnd() + '\n').join('')}${indent} */\n`;
}

function rootKeys(layout, path = [], found = {}) {
  if (layout.root) {
    if (path.length > 0) found[path.join('.')] = layout.root.root_key;
    rootKeys(layout.root.layout, path, found);
  } else if (layout.struct) {
    for (const field of layout.struct.fields) rootKeys(field.layout, [...path, field.name], found);
  }
  return found;
}

/** What is generated for one contract. */
function contract(key, name) {
  const { spec, types: list, storage } = bundle(name, 'u128');
  const types = new Types(list);
  const title = key[0].toUpperCase() + key.slice(1);
  const resultOf = (id) => {
    const [ok] = ['Ok'].map((one) => types.of(id).def.variant.variants.find((v) => v.name === one).fields[0].type);
    const inner = types.of(ok);
    if (inner.path?.at(-1) !== 'Result') return { ok, text: types.typescript(ok), error: 'never', index: types.put(ok) };
    const [good, bad] = ['Ok', 'Err'].map((one) => inner.def.variant.variants.find((v) => v.name === one).fields[0].type);
    return { text: types.typescript(good), error: types.typescript(bad), index: types.put(ok) };
  };
  const messages = {};
  let calls = '';
  for (const { label, selector, mutates, payable, args, returnType, docs } of spec.messages) {
    const method = camel(label.split('::').at(-1));
    if (messages[method]) stop(`${name} has two messages called ${method}`);
    const { text, error, index } = resultOf(returnType.type);
    messages[method] = [selector, args.map((arg) => [camel(arg.label), types.put(arg.type.type)]), index, (mutates ? 1 : 0) + (payable ? 2 : 0)];
    const named = args.map((arg) => `${camel(arg.label)}: ${types.typescript(arg.type.type)}`).join('; ');
    calls += `${comment(docs, '  ')}  ${method}: { args: ${named ? `{ ${named} }` : 'void'}; returns: ${text}; error: ${error}; mutates: ${mutates}; payable: ${payable} };\n`;
  }
  const [constructor] = spec.constructors;
  const made = [constructor.selector, constructor.args.map((arg) => [camel(arg.label), types.put(arg.type.type)])];
  const argsOfNew = constructor.args.map((arg) => `${camel(arg.label)}: ${types.typescript(arg.type.type)}`).join('; ');
  const events = {};
  let told = '';
  // The linker decides on their order in the metadata.
  const inOrder = [...spec.events].sort((one, other) => (one.label < other.label ? -1 : 1));
  for (const { label, signature_topic: topic, args, docs } of inOrder) {
    events[topic] = [label, args.map((arg) => [camel(arg.label), types.put(arg.type.type)])];
    const fields = args.map((arg) => `${comment(arg.docs, '    ')}    ${camel(arg.label)}: ${types.typescript(arg.type.type)};\n`).join('');
    told += `${comment(docs, '  ')}  ${label}: {\n${fields}  };\n`;
  }
  // What can be read from the state of a vault without asking it.
  const stored = {};
  const roots = rootKeys(storage.root.layout);
  const keep = { vault: { fans: ['members.fans', 'Fan'] }, token: {}, registry: {} }[key];
  for (const [what, [root, type]] of Object.entries(keep)) {
    const { id } = list.find((one) => one.type.path?.at(-1) === type && one.type.def.composite.fields.length > 1);
    types.typescript(id);
    stored[what] = [roots[root] ?? stop(`${name} keeps nothing in ${root}`), types.put(id)];
  }
  const json = (value) => JSON.stringify(value).replace(/"(\w+)":/g, '$1:').replace(/"/g, "'");
  return `${HEADER}import type { Address, Hex } from '../types.js';
import type { Interface } from '../scale.js';

${types.declarations.join('\n')}
/** Messages of the contract \`${name}\`: arguments, result and error of each. */
export interface ${title}Messages {
${calls}}

/** Arguments of the constructor of \`${name}\`. */
export interface ${title}Constructor { ${argsOfNew} }

/** Events of the contract \`${name}\`. */
export interface ${title}Events {
${told}}

/** What encodes and decodes the messages and events of \`${name}\`. */
export const ${key}Interface: Interface = {
  name: '${key}',
  types: [
${types.table.map((entry) => `    ${json(entry)},\n`).join('')}  ],
  create: ${json(made)},
  messages: {
${Object.entries(messages).map(([method, parts]) => `    ${method}: ${json(parts)},\n`).join('')}  },
  events: {
${Object.entries(events).map(([topic, parts]) => `    '${topic}': ${json(parts)},\n`).join('')}  },
  stored: ${json(stored)},
};
`;
}

/** Hashes of the codes of our build, by which a page sees that a contract is the one that it knows. */
function codes() {
  const hashes = {};
  for (const width of Object.keys(WIDTHS)) {
    hashes[width] = Object.fromEntries(Object.entries(CONTRACTS).map(([key, name]) => {
      const { source } = bundle(name, width);
      return [key, { code: source.hash, cold: source.build_info.cold_code_hash ?? null }];
    }));
  }
  return `${HEADER}import type { Hex } from '../types.js';

/** Hash of a contract's code, and of the code that it delegates rare messages to. */
export interface CodeHash { code: Hex; cold: Hex | null }

/** Hashes of the codes of this build, for each width of native balances. */
export const CODE_HASHES: Record<'u128' | 'u64', Record<'token' | 'vault' | 'registry', CodeHash>> = ${JSON.stringify(hashes, null, 2)};
`;
}

/** The words of the command for errors and for what access still takes. */
function words() {
  const { slippagePercent, mortality, ...table } = read(new URL('vectors/messages.json', here));
  // Every error that a contract can give must have words.
  for (const [key, name] of Object.entries(CONTRACTS)) {
    const { types } = bundle(name, 'u128');
    const error = { token: 'TokenError', vault: 'VaultError', registry: 'RegistryError' }[key];
    const { def } = types.find(({ type }) => type.path?.at(-1) === error).type;
    for (const variant of def.variant.variants) {
      if (!Object.keys(table.errors[error]).some((one) => one.split('.')[0] === variant.name)) {
        stop(`vectors/messages.json has no words for ${error}::${variant.name}: write it anew (see web/README.md)`);
      }
    }
  }
  // Most errors have one text, which then stands alone.
  for (const kind of Object.values(table.errors)) {
    for (const [name, cases] of Object.entries(kind)) if (cases.length === 1) kind[name] = cases[0].text;
  }
  return `${HEADER}import type { WordTable } from '../words.js';

/** How many percent a price may change to the worse between a quote and a block, unless the caller says otherwise. */
export const SLIPPAGE_PERCENT = ${slippagePercent}n;

/** The command's own words, as \`client/patronage/tests/web\` writes them. */
export const WORDS: WordTable = ${JSON.stringify(table, null, 1)};
`;
}

const HEADER = '// Written by scripts/generate.mjs from the bundles and the words of the command: `scripts/web generate`. Not for editing.\n\n';

const files = {
  ...Object.fromEntries(Object.entries(CONTRACTS).map(([key, name]) => [`${key}.ts`, contract(key, name)])),
  'codes.ts': codes(),
  'words.ts': words(),
};
mkdirSync(new URL('src/generated/', here), { recursive: true });
let differ = 0;
for (const [name, text] of Object.entries(files)) {
  const url = new URL(`src/generated/${name}`, here);
  let present = '';
  try {
    present = readFileSync(url, 'utf8');
  } catch {
    // Not there yet.
  }
  if (present === text) continue;
  if (check) {
    differ += 1;
    console.error(`generate: web/sdk/src/generated/${name} is not what the contracts and the command say`);
  } else {
    writeFileSync(url, text);
    console.log(`wrote src/generated/${name}`);
  }
}
if (differ > 0) stop('run `scripts/web generate` and commit what it writes');
