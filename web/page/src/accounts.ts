// Which account is connected, and how one comes to it.

import { signal } from '@preact/signals';
import { wallets, WalletError, type Hex, type Wallet, type WalletAccount } from '@patronage/sdk';
import { errorWords, t } from './i18n.js';
import { account, config, creator } from './state.js';

/** The wallets that were found; null while they are looked for. */
export const found = signal<Wallet[] | null>(null);
/** The accounts to choose from. */
export const choices = signal<WalletAccount[]>([]);
/** Why connecting failed. */
export const refused = signal<string | null>(null);
/** Whether the dialog is open. */
export const connecting = signal(false);
let after: (() => void) | null = null;

const KEPT = 'account';

/** Opens the dialog; `then` is called once an account is there. */
export async function askForAccount(then?: () => void): Promise<void> {
  after = then ?? null;
  [found.value, choices.value, refused.value, connecting.value] = [null, [], null, true];
  found.value = await all();
  if (found.value.length === 1 && !config.value?.development) await useWallet(found.value[0]!);
}

async function all(): Promise<Wallet[]> {
  const injected = await wallets(document.title);
  if (!config.value?.development) return injected;
  const { testWallet } = await import('./test-wallet.js');
  return [...injected, testWallet];
}

/** Asks a wallet for accounts. */
export async function useWallet(wallet: Wallet): Promise<void> {
  refused.value = null;
  const genesis = creator.value?.chain.genesis;
  try {
    choices.value = await wallet.connect(genesis);
    if (choices.value.length === 1) choose(choices.value[0]!);
  } catch (error) {
    refused.value = (await isElsewhere(wallet, error)) ? t('wallet.other', { wallet: wallet.name }) : errorWords(error);
  }
}

async function isElsewhere(wallet: Wallet, error: unknown): Promise<boolean> {
  if (!(error instanceof WalletError) || error.code !== 'NoAccount') return false;
  return wallet.connect().then((list) => list.length > 0, () => false);
}

/** Connects an account. */
export function choose(chosen: WalletAccount): void {
  account.value = chosen;
  connecting.value = false;
  localStorage.setItem(KEPT, JSON.stringify([chosen.wallet, chosen.address]));
  after?.();
  after = null;
}

/** Forgets the account. */
export function disconnect(): void {
  account.value = null;
  localStorage.removeItem(KEPT);
}

/** Connects the account of the last time, where its wallet still shows it. */
export async function reconnect(genesis: Hex): Promise<void> {
  const kept = localStorage.getItem(KEPT);
  if (!kept || account.value) return;
  const [name, address] = JSON.parse(kept) as [string, string];
  const wallet = (await all()).find((one) => one.name === name);
  const again = await wallet?.connect(genesis).catch(() => []);
  const same = again?.find((one) => one.address === address);
  if (same && !account.value) account.value = same;
}
