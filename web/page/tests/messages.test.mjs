import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

const read = (language) => JSON.parse(readFileSync(new URL(`../src/messages/${language}.json`, import.meta.url), 'utf8'));
const english = read('en');
const places = (text) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();

for (const language of ['de', 'es']) {
  test(`${language} has every text of the page with the same values in it`, () => {
    const own = read(language);
    assert.deepEqual(Object.keys(own).sort(), Object.keys(english).sort());
    for (const [key, text] of Object.entries(english)) {
      assert.notEqual(own[key].trim(), '', key);
      assert.deepEqual(places(own[key]), places(text), key);
    }
  });
}

test('every text is used somewhere', () => {
  const files = (folder) => readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const at = new URL(`${entry.name}${entry.isDirectory() ? '/' : ''}`, folder);
    return entry.isDirectory() ? (entry.name === 'messages' ? [] : files(at)) : [readFileSync(at, 'utf8')];
  });
  const source = files(new URL('../src/', import.meta.url)).join('\n');
  const made = [...source.matchAll(/`([a-z.]+\.)\$\{/g)].map(([, start]) => start);
  const unused = Object.keys(english).filter((key) => !source.includes(`'${key}'`) && !made.some((start) => key.startsWith(start)));
  assert.deepEqual(unused, []);
});

const source = readFileSync(new URL('../../sdk/src/generated/words.ts', import.meta.url), 'utf8');
/** The command's words, as the SDK has them. */
const words = JSON.parse(source.slice(source.indexOf('{', source.indexOf('WORDS: WordTable')), source.lastIndexOf('}') + 1));

/** All texts of a table by their paths. Cases are numbered; what they depend on stands in the path. */
function texts(value, path = '') {
  if (typeof value === 'string') return [[path, value]];
  if (Array.isArray(value)) return value.flatMap(({ zero, text }, index) => texts(text, `${path}[${index}${zero ? ` ${zero}` : ''}]`));
  return Object.entries(value).flatMap(([name, inner]) => texts(inner, path === '' ? name : `${path}.${name}`));
}

const values = (text) => new Set([...text.matchAll(/\{(\w*):(\w+)\}/g)].map(([whole]) => whole));
/** What the page shows of a text: without advice for a terminal. */
const shown = (text) => text.replace(/: [^:]*`patronage .*$/s, '');

for (const language of ['de', 'es']) {
  const own = JSON.parse(readFileSync(new URL(`../src/messages/errors.${language}.json`, import.meta.url), 'utf8'));
  test(`${language} has words for every error of the contracts and the chain, with the same values in them`, () => {
    const { codes, ...table } = own;
    const [theirs, ours] = [new Map(texts(words)), new Map(texts(table))];
    assert.ok(theirs.size > 100);
    assert.deepEqual([...ours.keys()].sort(), [...theirs.keys()].sort());
    for (const [path, text] of theirs) {
      assert.doesNotMatch(ours.get(path), /`|--\w/, `${path} names a command, which a page has not`);
      if (!path.startsWith('access.joins')) assert.notEqual(ours.get(path), text, path);
      for (const one of values(ours.get(path))) assert.ok(values(text).has(one), `${path}: ${one} is no value of it`);
      for (const one of values(shown(text))) if (!/Plain\}$/.test(one)) assert.ok(values(ours.get(path)).has(one), `${path} lacks ${one}`);
    }
  });

  test(`${language} has words for every error of the SDK`, () => {
    const folder = new URL('../../sdk/src/', import.meta.url);
    const files = readdirSync(folder).filter((name) => name.endsWith('.ts') && name !== 'upload.ts');
    const made = files.flatMap((name) => [...readFileSync(new URL(name, folder), 'utf8').matchAll(/new (\w+Error)\('(\w+)'/g)].map(([, kind, code]) => `${kind}.${code}`));
    assert.ok(made.length > 30);
    // Made by a function of their own.
    const wanted = new Set([...made.filter((name) => !name.startsWith('InputError') && !name.startsWith('RpcError'))]);
    assert.deepEqual([...wanted].filter((name) => !own.codes[name]), []);
  });
}
