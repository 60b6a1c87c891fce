// Transactions that were signed on this page: those that wait, and receipts of those that are done.

import { signal } from '@preact/signals';
import type { Address, Pending, Receipt } from '@patronage/sdk';
import { creator, refresh } from './state.js';

/** A transaction that waits for a block. */
interface Waiting extends Pending { title: string; genesis: string }
/** A transaction of this browser that is in a block. Amounts are decimal numbers in planck. */
export interface Kept { title: string; from: Address; block: string; index: number; fee: string; deposit: string; time: number }

/** What was found out about transactions from before. */
export const resumed = signal<{ title: string; state: 'looking' | 'found' | 'lost' }[]>([]);
/** Receipts, newest first. */
export const receipts = signal<Kept[]>([]);

const MOST = 100;

function read<T>(name: string): T[] {
  try {
    const list = JSON.parse(localStorage.getItem(name) ?? '[]');
    return Array.isArray(list) ? list : [];
  } catch {
    return [];
  }
}

const waitingKey = 'pending';
const receiptsKey = () => `receipts:${creator.value?.chain.genesis ?? ''}:${creator.value?.deployment.vault ?? ''}`;

/** Keeps a transaction that was sent, until `settle`. */
export function keep(pending: Pending, title: string): void {
  const genesis = creator.value?.chain.genesis ?? '';
  localStorage.setItem(waitingKey, JSON.stringify([...read<Waiting>(waitingKey), { ...pending, title, genesis }]));
}

/** Forgets a transaction whose end is known. */
export function settle(pending: Pick<Pending, 'transaction'>): void {
  localStorage.setItem(waitingKey, JSON.stringify(read<Waiting>(waitingKey).filter(({ transaction }) => transaction !== pending.transaction)));
}

/** Keeps a receipt. */
export function keepReceipt(receipt: Receipt, title: string, from: Address): void {
  const { block, index, fee, deposit } = receipt;
  const kept: Kept = { title, from, block, index, fee: String(fee), deposit: String(deposit), time: Date.now() };
  // Another tab may have kept some meanwhile.
  receipts.value = [kept, ...read<Kept>(receiptsKey())].slice(0, MOST);
  localStorage.setItem(receiptsKey(), JSON.stringify(receipts.value));
}

addEventListener('storage', ({ key }) => {
  if (key === receiptsKey()) receipts.value = read<Kept>(receiptsKey());
});

/** Reads the receipts of this creator, and looks for the transactions that were signed before this page was closed. */
export async function resume(): Promise<void> {
  receipts.value = read<Kept>(receiptsKey());
  const of = creator.value;
  if (!of) return;
  const mine = read<Waiting>(waitingKey).filter(({ genesis }) => genesis === of.chain.genesis);
  resumed.value = mine.map(({ title }) => ({ title, state: 'looking' }));
  for (const [index, waiting] of mine.entries()) {
    const tell = (state: 'found' | 'lost') => (resumed.value = resumed.value.map((one, at) => (at === index ? { ...one, state } : one)));
    try {
      const receipt = await of.find(waiting);
      if (receipt) keepReceipt(receipt, waiting.title, waiting.from);
      settle(waiting);
      tell(receipt ? 'found' : 'lost');
    } catch (error) {
      // It is in a block and failed, or the node does not answer: then it is looked for the next time.
      if ((error as { code?: string }).code !== 'Lost' && (error as { code?: string }).code !== 'Unreachable') {
        settle(waiting);
        tell('lost');
      }
    }
  }
  if (mine.length > 0) await refresh();
}
