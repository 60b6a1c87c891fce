// Launching by the wallet: uploads codes and makes the contracts, one signature each, and goes on after an interruption.

import { useEffect, useState } from 'preact/hooks';
import { parseAmount, sameAccount, type Address, type Hex, type LaunchPlan, type LaunchTerms, type Unit } from '@patronage/sdk';
import { codesFrom, planLaunch } from '@patronage/sdk/owner';
import { askForAccount } from '../accounts.js';
import { t } from '../i18n.js';
import { act } from '../sheet.js';
import { account, creator, shop } from '../state.js';
import { Account, saveFile, wordsOf } from '../ui.js';
import type { LaunchForm } from './launch.js';
import { DAY, readPercent } from './studio/shared.js';

/** What the browser keeps of a launch that has begun. Everything else follows from it. */
interface Begun { genesis: Hex; creator: Address; salt: string; block: number; form: LaunchForm }

const KEPT = 'launch';
/** Days that unstaked tokens wait, as the command has it. */
const COOLDOWN_DAYS = 7n;
const DECIMALS = 12;

function readKept(genesis: Hex): Begun | null {
  try {
    const kept = JSON.parse(localStorage.getItem(KEPT) ?? 'null') as Begun | null;
    return kept?.genesis === genesis ? kept : null;
  } catch {
    return null;
  }
}

/** What was typed as terms; null where a field is not as it must be. The contracts check the rest. */
export function termsOf(form: LaunchForm, by: Address, native: Unit): LaunchTerms | null {
  const amountOf = (text: string, decimals: number) => parseAmount(text.trim().replace(',', '.'), decimals);
  const whole = (text: string) => (/^\d{1,9}$/.test(text.trim()) ? Number(text) : null);
  const [buyFee, sellFee, stakers, level, days, stay] = [readPercent(form.buyFee), readPercent(form.sellFee), readPercent(form.stakers), whole(form.tierLevel), whole(form.tierDays), whole(form.tierStay)];
  const seats = form.tierSeats.trim() === '' ? null : whole(form.tierSeats);
  const named = [form.name, form.symbol, form.tierName].every((text) => text.trim() !== '');
  if (!named || buyFee === null || sellFee === null || stakers === null || level === null || level > 255 || days === null || stay === null) return null;
  if (form.tierSeats.trim() !== '' && seats === null) return null;
  try {
    return {
      token: {
        name: form.name, symbol: form.symbol, decimals: DECIMALS, basePrice: amountOf(form.base, native.decimals), slope: amountOf(form.slope, native.decimals),
        cap: form.cap.trim() === '' ? null : amountOf(form.cap, DECIMALS), buyFeeBp: buyFee, sellFeeBp: sellFee, referralBp: 0, launchGuard: { until: 0n, maxTokens: 0n },
      },
      vault: {
        splits: [{ recipient: by, bp: 10_000 - stakers }], stakers, cooldown: COOLDOWN_DAYS * DAY,
        tiers: [{
          asset: { type: 'Native' }, price: amountOf(form.tierPrice, native.decimals), period: BigInt(days) * DAY, level, seats,
          minimumStay: BigInt(stay) * DAY, uri: new Uint8Array(),
        }],
      },
      tiers: [form.tierName],
    };
  } catch {
    return null;
  }
}

async function readCode(file: string): Promise<Uint8Array> {
  const response = await fetch(`./contracts/${file}`);
  if (!response.ok) throw new Error(t('launch.nocodes'));
  return new Uint8Array(await response.arrayBuffer());
}

/** The transactions that are left of a launch. */
async function left({ creator: by, salt, block, form }: Begun): Promise<LaunchPlan> {
  const of = creator.value!;
  const terms = termsOf(form, by, of.nativeUnit);
  if (!terms) throw new Error(t('launch.badterms'));
  return planLaunch(of, terms, { creator: by, codes: await codesFrom(of.chain.width, readCode), salt, block });
}

/** Launches by the wallet, on the chain of this page. */
export function WalletLaunch({ form }: { form: LaunchForm }) {
  const of = creator.value!;
  const [begun, setBegun] = useState<Begun | null>(() => readKept(of.chain.genesis));
  const [plan, setPlan] = useState<LaunchPlan | null>(null);
  const [fault, setFault] = useState<string | null>(null);
  const who = account.value?.address ?? null;
  useEffect(() => {
    setFault(null);
    if (!begun) return setPlan(null);
    let wanted = true;
    left(begun).then((found) => wanted && setPlan(found), (error: unknown) => wanted && setFault(wordsOf(error)));
    return () => { wanted = false; };
  }, [begun, shop.value]);
  const keep = (next: Begun | null) => {
    if (next) localStorage.setItem(KEPT, JSON.stringify(next));
    else localStorage.removeItem(KEPT);
    setBegun(next);
  };
  const begin = async () => {
    if (!who) return;
    const salt = Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) => byte.toString(16).padStart(2, '0')).join('');
    const first: Begun = { genesis: of.chain.genesis, creator: who, salt, block: await of.chain.height(), form };
    try {
      // Terms that are not possible are told before anything is kept.
      await left(first);
      keep(first);
    } catch (error) {
      setFault(wordsOf(error));
    }
  };
  const goOn = (launch: Begun) => act({ title: t('launch.wallet'), plan: async () => of.plan({}, ...(await left(launch)).calls) });
  const mine = begun && who && sameAccount(who, begun.creator);
  return (
    <section class="card" data-launch={begun ? (plan?.calls.length === 0 ? 'done' : 'begun') : 'none'}>
      <h2>{t('launch.wallet')}</h2>
      <p class="muted">{t('launch.wallet.help')}</p>
      {!begun && (who
        ? <p><button class="primary" disabled={!termsOf(form, who, of.nativeUnit)} onClick={() => void begin()}>{t('launch.begin')}</button></p>
        : <p><button class="primary" onClick={() => void askForAccount()}>{t('wallet.connect')}</button></p>)}
      {begun && plan && plan.calls.length > 0 && (
        <>
          <p role="status">{t('launch.progress', { done: plan.of - plan.calls.length, of: plan.of })}</p>
          {!mine && <p class="note">{t('launch.other')} <Account address={begun.creator} /></p>}
          <p class="actions">
            <button class="primary" disabled={!mine} onClick={() => goOn(begun)}>{t('launch.next')}</button>
            <button onClick={() => keep(null)}>{t('launch.forget')}</button>
          </p>
        </>
      )}
      {begun && plan?.calls.length === 0 && (
        <>
          <p class="good" role="status">✓ {t('launch.done')}</p>
          <p class="actions">
            <button class="primary" onClick={() => saveFile('deployment.json', `${JSON.stringify(plan.deployment, null, 2)}\n`)}>{t('launch.file')}</button>
            <button onClick={() => keep(null)}>{t('launch.forget')}</button>
          </p>
        </>
      )}
      <div role="alert">{fault && <p class="fault">{fault}</p>}</div>
    </section>
  );
}
