import { useState } from 'preact/hooks';
import { accountOf, type NamedTier } from '@patronage/sdk';
import { cancelMembership, subscribe, switchTo, tierName, topUp } from '../actions.js';
import { amount, duration, number, t, time } from '../i18n.js';
import { me, profile, shop } from '../state.js';
import { Dialog, Field, TextField } from '../ui.js';

/** The membership that runs, and all tiers. */
export function Join() {
  return (
    <>
      <h1>{t('join.title')}</h1>
      <p class="muted">{t('home.how')}</p>
      <Membership />
      <Tiers heading="h2" />
    </>
  );
}

/** The running membership of the account that is connected. */
export function runningTier(): NamedTier | null {
  const [of, seen] = [me.value?.fan.subscription, shop.value];
  return of && seen && of.stream.end > seen.now ? (seen.tiers[of.tier] ?? null) : null;
}

/** The account's membership. */
export function Membership() {
  const [of, seen] = [me.value?.fan.subscription, shop.value!];
  const tier = of ? seen.tiers[of.tier] : undefined;
  if (!of || !tier) return null;
  const runs = of.stream.end > seen.now;
  return (
    <section class="card member" data-membership={runs ? 'runs' : 'ended'}>
      <h2>{t('join.current')}: {tierName(tier)}</h2>
      <p>{t(runs ? 'join.until' : 'join.ended', { time: time(of.stream.end) })}</p>
      {runs && of.stream.price > 0n && (
        <p class="actions">
          <button onClick={() => topUp(of.stream.price)}>{t('join.topup')}</button>
          <button onClick={cancelMembership}>{t('join.cancel')}</button>
        </p>
      )}
    </section>
  );
}

/** Seats that are left; null where there is no end of them. */
export function seatsLeft({ terms, taken }: NamedTier): number | null {
  return terms.seats === null ? null : Math.max(0, terms.seats - taken);
}

/** All tiers, with what can be done. */
export function Tiers({ heading: Heading = 'h3' }: { heading?: 'h2' | 'h3' }) {
  const { tiers } = shop.value!;
  const [giving, setGiving] = useState<NamedTier | null>(null);
  const mine = runningTier();
  if (tiers.length === 0) return <p class="muted">{t('join.none')}</p>;
  return (
    <>
      <ul class="cards">
        {tiers.map((tier) => {
          const { terms, unit, open } = tier;
          const left = seatsLeft(tier);
          const free = open && left !== 0;
          const stay = terms.minimumStay > 0n ? (terms.price * terms.minimumStay + terms.period - 1n) / terms.period : 0n;
          return (
            <li key={tier.id} class="card tier">
              <Heading>{tierName(tier)}</Heading>
              <p class="level">{t('join.level', { level: terms.level })}</p>
              {profile.value?.tiers[tier.id]?.description && <p class="words">{profile.value.tiers[tier.id]!.description}</p>}
              <p class="price"><b>{amount(terms.price, unit)}</b> <span class="muted">{t('join.per', { period: duration(terms.period) })}</span></p>
              <ul class="facts">
                <li>{!open ? t('join.closed') : left === null ? t('join.unlimited') : left === 0 ? t('join.full') : t('join.seats', { left: number(left), seats: number(terms.seats ?? 0) })}</li>
                <li>{stay > 0n ? t('join.stay', { stay: duration(terms.minimumStay), amount: amount(stay, unit, 4, true) }) : t('join.nostay')}</li>
              </ul>
              <p class="actions">
                {mine === null && <button class="primary" disabled={!free} onClick={() => subscribe(tier, terms.price)}>{t('join.do', { tier: tierName(tier) })}</button>}
                {mine !== null && mine.id !== tier.id && <button class="primary" disabled={!free} onClick={() => switchTo(tier)}>{t('join.switch', { tier: tierName(tier) })}</button>}
                <button disabled={!free} onClick={() => setGiving(tier)}>{t('join.give')}</button>
              </p>
            </li>
          );
        })}
      </ul>
      {giving && <Give tier={giving} onClose={() => setGiving(null)} />}
    </>
  );
}

/** What was typed as an address; null where it is none. */
export function readAddress(text: string): string | null {
  try {
    accountOf(text.trim());
    return text.trim();
  } catch {
    return null;
  }
}

function Give({ tier, onClose }: { tier: NamedTier; onClose: () => void }) {
  const [text, setText] = useState('');
  const [periods, setPeriods] = useState(1);
  const fan = readAddress(text);
  return (
    <Dialog title={t('join.give')} onClose={onClose}>
      <form class="sheet" onSubmit={(event) => { event.preventDefault(); if (fan) { onClose(); subscribe(tier, tier.terms.price * BigInt(periods), fan); } }}>
        <TextField label={t('join.recipient')} text={text} onText={setText} fault={text !== '' && !fan ? t('error.address') : null} />
        <Field label={t('join.periods')}>
          {(props) => <input {...props} type="number" min={1} max={120} value={periods} onInput={(event) => setPeriods(Math.max(1, Math.min(120, Math.trunc(event.currentTarget.valueAsNumber) || 1)))} />}
        </Field>
        <footer><button class="primary" disabled={!fan}>{t('tx.review')}</button></footer>
      </form>
    </Dialog>
  );
}
