// The sheet that every transaction passes: what it brings and takes, a trial on the chain, the wallet, the receipt.

import type { ComponentChildren } from 'preact';
import { signal } from '@preact/signals';
import { useEffect, useState } from 'preact/hooks';
import type { Cost, Pending, Plan, Receipt, WalletAccount } from '@patronage/sdk';
import { askForAccount } from './accounts.js';
import { amount, t } from './i18n.js';
import { keep, keepReceipt, settle } from './pending.js';
import { account, creator, refresh } from './state.js';
import { Account, Dialog, Lines, wordsOf } from './ui.js';

/** Something to do. */
export interface Action<Quote = any> {
  title: string;
  /** Makes the plan for the account that is connected. It is made anew whenever it is tried again. */
  plan: (who: WalletAccount) => Promise<Plan<Quote>> | Plan<Quote>;
  /** What the plan's quote says. */
  lines?: (quote: Quote, who: WalletAccount) => (readonly [string, ComponentChildren])[];
  /** Called once it is in a block. */
  done?: (receipts: Receipt[]) => void;
}

const current = signal<Action | null>(null);

/** Opens the sheet, after the wallet where none is connected. */
export function act<Quote>(action: Action<Quote>): void {
  if (account.value) current.value = action;
  else void askForAccount(() => (current.value = action));
}

type Stage =
  | { at: 'trying' }
  | { at: 'ready'; plan: Plan; cost: Cost & { untried: number } }
  | { at: 'signing' | 'sent'; n: number; of: number }
  | { at: 'done'; receipts: Receipt[] }
  | { at: 'failed'; words: string; unsure: boolean };

/** The sheet, where there is something to do. */
export function Sheet() {
  const action = current.value;
  return action && account.value && creator.value ? <Open key={action.title} action={action} who={account.value} /> : null;
}

function Open({ action, who }: { action: Action; who: WalletAccount }) {
  const [stage, setStage] = useState<Stage>({ at: 'trying' });
  const [plan, setPlan] = useState<Plan | null>(null);
  const unit = creator.value!.nativeUnit;

  const fail = (error: unknown) => setStage({ at: 'failed', words: wordsOf(error), unsure: (error as { code?: string }).code === 'Unsure' });
  const attempt = async () => {
    setStage({ at: 'trying' });
    try {
      const made = await action.plan(who);
      setPlan(made);
      setStage({ at: 'ready', plan: made, cost: await made.preview(who.address) });
    } catch (error) {
      fail(error);
    }
  };
  useEffect(() => void attempt(), []);

  const send = async (ready: Plan) => {
    let waiting: Pending | null = null;
    const settled = () => {
      if (waiting) settle(waiting);
      waiting = null;
    };
    setStage({ at: 'signing', n: 1, of: ready.calls.length });
    try {
      const receipts = await ready.send(who, {
        onStep: (step) => {
          const at = { n: step.transaction + 1, of: step.of };
          if (step.step === 'signing') {
            settled();
            setStage({ at: 'signing', ...at });
          }
          if (step.step !== 'sent') return;
          waiting = step.pending;
          keep(step.pending, action.title);
          setStage({ at: 'sent', ...at });
        },
      });
      settled();
      for (const receipt of receipts) keepReceipt(receipt, action.title, who.address);
      setStage({ at: 'done', receipts });
      action.done?.(receipts);
    } catch (error) {
      // What may still come into a block is looked for when the page is opened again.
      if ((error as { code?: string }).code !== 'Unsure') settled();
      fail(error);
    }
    void refresh();
  };

  const close = () => {
    if (stage.at !== 'signing') current.value = null;
  };
  const money = (value: bigint) => amount(value, unit);
  return (
    <Dialog title={action.title} onClose={close}>
      <div class="sheet">
        <p class="muted">{t('tx.from')} {who.name && <b>{who.name}</b>} <Account address={who.address} /></p>
        {plan && stage.at !== 'done' && <Lines lines={action.lines?.(plan.quote, who) ?? []} />}
        {stage.at === 'ready' && (
          <>
            <Lines lines={[
              [t('tx.fee'), money(stage.cost.fee)],
              ...(stage.cost.deposit === 0n ? [] : [[t(stage.cost.deposit > 0n ? 'tx.deposit' : 'tx.deposit.back'), money(stage.cost.deposit > 0n ? stage.cost.deposit : -stage.cost.deposit)] as const]),
            ]} />
            <p class="total"><span>{t('tx.total')}</span> <b data-total>{money(stage.cost.value + stage.cost.fee + (stage.cost.deposit > 0n ? stage.cost.deposit : 0n))}</b></p>
            {stage.cost.untried > 0 && <p class="help">{t('tx.untried', { n: stage.cost.untried })}</p>}
            <details>
              <summary>{t('tx.contract')}</summary>
              {stage.plan.calls.map((call, index) => <Lines key={index} lines={[[t('tx.message'), `${call.of}.${call.message}`], [t('tx.contract'), <Account address={call.contract} />]]} />)}
            </details>
          </>
        )}
        <div role="status" class="stage" data-stage={stage.at}>
          {stage.at === 'trying' && <p class="busy">{t('tx.trying')}</p>}
          {stage.at === 'signing' && <p class="busy">{t('tx.signing')}{stage.of > 1 && ` · ${t('tx.of', { n: stage.n, of: stage.of })}`}</p>}
          {stage.at === 'sent' && <p class="busy">{t('tx.sent')}{stage.of > 1 && ` · ${t('tx.of', { n: stage.n, of: stage.of })}`}</p>}
          {stage.at === 'done' && <p class="good"><b>✓ {t('tx.done')}</b></p>}
          {stage.at === 'failed' && <p class="fault"><b>{stage.unsure ? t('tx.unsure') : t('tx.failed')}</b><br />{stage.words}</p>}
        </div>
        {stage.at === 'done' && stage.receipts.map((receipt) => (
          <Lines key={receipt.block} lines={[
            [t('tx.feepaid'), money(receipt.fee)],
            ...(receipt.deposit === 0n ? [] : [[t(receipt.deposit > 0n ? 'tx.deposit' : 'tx.deposit.back'), money(receipt.deposit > 0n ? receipt.deposit : -receipt.deposit)] as const]),
            [t('tx.block'), <code class="cut">{receipt.block}</code>],
          ]} />
        ))}
        <footer>
          {stage.at === 'ready' && <button class="primary" onClick={() => void send(stage.plan)}>{t('tx.sign')}</button>}
          {stage.at === 'failed' && !stage.unsure && <button class="primary" onClick={() => void attempt()}>{t('tx.again')}</button>}
          {stage.at !== 'signing' && <button onClick={close}>{t(stage.at === 'done' || stage.at === 'failed' ? 'close' : 'cancel')}</button>}
        </footer>
      </div>
    </Dialog>
  );
}
