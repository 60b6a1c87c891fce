// A wallet of play money for development chains, so that the page can be tried without an extension. These keys are those of the
// public development accounts //Ana, //Ben and //Mira, which everybody knows.

import { sign } from '@scure/sr25519';
import { fromHex, keySigner, type Wallet, type WalletAccount } from '@patronage/sdk';

const NAME = 'test-wallet';
const ACCOUNTS = [
  ['Ana', '5FTjv9dTGbSBmK3WpWTm4RB49ihRKJm9pzCfTEHyNktSLjYw', '0xa02c62a4b3d9a908c1af2ce71caa42c8e1ec2c4615f78f0ba899345489ee1a685be7690ed484e99626636f9e28eec71fa78e53ae2cbf0dcff1d726e380750e87'],
  ['Ben', '5GeKHLPcLM4pdM1QddVSZrA9R4ZhMF4qY9k2yuALnFxhoGiy', '0x20ae7a1e9efb9114dbf6b375fb4efc86998037cbc71bae972806ceafa1cc2646899bdc1aa11e6c4dde4e5ac9e18905b189866d545f20340e0186d3e79f0575b5'],
  ['Mira', '5D7agEtnePVZuuuCN1ZJfwUxJVxZJ29DVeCM6reWrntg6i4K', '0x10ef44e285a94122ca4235b193a9bb88b5196eb2bc9a29083db5601241f33778b34cf353fb17e3a8c72d844fa578dced4f95fc68efa99d186c9e86d87548a104'],
] as const;

const accounts: WalletAccount[] = ACCOUNTS.map(([name, address, secret]) => ({
  ...keySigner(address, 'sr25519', (bytes) => sign(fromHex(secret), bytes)),
  name,
  wallet: NAME,
}));

/** The test wallet. */
export const testWallet: Wallet = { name: NAME, version: '1', connect: async () => accounts, watch: async () => () => {} };
