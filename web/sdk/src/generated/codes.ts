// Written by scripts/generate.mjs from the bundles and the words of the command: `scripts/web generate`. Not for editing.

import type { Hex } from '../types.js';

/** Hash of a contract's code, and of the code that it delegates rare messages to. */
export interface CodeHash { code: Hex; cold: Hex | null }

/** Hashes of the codes of this build, for each width of native balances. */
export const CODE_HASHES: Record<'u128' | 'u64', Record<'token' | 'vault' | 'registry', CodeHash>> = {
  "u128": {
    "token": {
      "code": "0x73ac455561395d1ec127d69c10335af24143a764868a3bc41d3421fabf4662eb",
      "cold": "0x4b408d4f44622db682f2a632603fc477dce46dd61a8a2550941fa2bba93baca6"
    },
    "vault": {
      "code": "0xb77b0723bdef35c23a04316ccf86d3b578f854520fe161951e184f2b82ba028d",
      "cold": "0x5b38e4f5a81d6bdbe0360bb88eae1eb74e03feff48697c2e8f5a1800c86ffea8"
    },
    "registry": {
      "code": "0x4143c2d694144b8a896f0a792923c691b0d4d7da68416319ea8b6e6164be79b7",
      "cold": "0xa46cfe658a2db9ac525ff065b551410104c358d36c2e15330a04f2d10d3e30de"
    }
  },
  "u64": {
    "token": {
      "code": "0xc4647b49418466468e771a1958cd19c65e16a4384736433b1f96e1d6d1a15df0",
      "cold": "0x84262ad11a88150eb0430b0a7b2a45b62bb3cbc6c739a14e56fd3c68cbc7fe84"
    },
    "vault": {
      "code": "0x7874353ee3c3058dc8863a51faacd329a95b461d54be5fcaf4b9d4413ff032e6",
      "cold": "0xeffe4726f87f0dc8713537c2015fe6d2c3fcca431f866c0a010ab59f0491290a"
    },
    "registry": {
      "code": "0xaea5ac1237512f4d33653448cae1977246129bb4c6d1b7baaa4b4c8145802985",
      "cold": "0x7d00bf92be6c938172ccced87837171582d420ff66a051217bf2ef7cd465b9fa"
    }
  }
};
