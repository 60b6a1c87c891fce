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
