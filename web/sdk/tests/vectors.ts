// Vectors that the Rust side writes and checks: client/patronage/tests/web.

import { readFileSync } from 'node:fs';

export function vectors(name: string): any {
  return JSON.parse(readFileSync(new URL(`../vectors/${name}.json`, import.meta.url), 'utf8'));
}
