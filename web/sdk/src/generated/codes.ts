// Written by scripts/generate.mjs from the bundles and the words of the command: `scripts/web generate`. Not for editing.

import type { Hex } from '../types.js';

/** Hash of a contract's code, and of the code that it delegates rare messages to. */
export interface CodeHash { code: Hex; cold: Hex | null }

/** Hashes of the codes of this build, for each width of native balances. */
export const CODE_HASHES: Record<'u128' | 'u64', Record<'token' | 'vault' | 'registry', CodeHash>> = {
  "u128": {
    "token": {
      "code": "0x077f65a1387c84142f6b04c4d6ed827744ac8a0aed0357a42651059c4a14b7e9",
      "cold": "0x338e91924c219b63dcebb51fe6b561083bb308b2bbc891ef8b680ee2e5af8fd4"
    },
    "vault": {
      "code": "0x8bcea687711862d58c1b11f94c0b7544b85901a32339f2b0fccebfea6f5279bd",
      "cold": "0x30c4345f23c13f4ebad267893ea59b61db567404d7d31b66b1d7b53b6af9f2df"
    },
    "registry": {
      "code": "0xbdf9835f2f8771769f936e91d730900be0e45763b4a142ac8f00737aadce8df7",
      "cold": "0xb438392e67ea87d94a02b99d818cd1b15ac573bb9238524b438775d569efc14f"
    }
  },
  "u64": {
    "token": {
      "code": "0x8b4692aa3a1ad952148d8b3ecaa343ad8bf199a27f3e42ac6b01c392cd6110d7",
      "cold": "0xe5699d2429416e659fea5d19e742111107a72942b01e126c059edbc08d155b26"
    },
    "vault": {
      "code": "0xe378b80cb3e1bca05f2854f732a7c626d2005234162f1e26b7972016359fa0d8",
      "cold": "0x1493e9fa5e19a3c29400597f9d4aa93c7f2904e588a984d96c4b68aca3b381a2"
    },
    "registry": {
      "code": "0x221d3410f533bfe90bbcaea3f7556ec78176651d3a97a7c6ab47f84990df968f",
      "cold": "0x755fdd26f0d94df0e70decb7ed597cde33020552fd59aaf50726c932ba2cb604"
    }
  }
};
