import { useEffect, useState } from 'preact/hooks';
import type { Address, Happened, TokenTypes } from '@patronage/sdk';
import { askForAccount, disconnect } from '../accounts.js';
import { release, stake, take, unstake } from '../actions.js';
import { amount, duration, percent, t, time } from '../i18n.js';
import { receipts } from '../pending.js';
import { account, creator, creatorConfig, me, shop } from '../state.js';
import { Account, AmountField, Lines, readAmount } from '../ui.js';
import { Membership } from './join.js';

/** What the account has here, and what it did. */
export function Me() {
  const [who, mine, of] = [account.value, me.value, creator.value!];
  if (!who) return <><h1>{t('me.title')}</h1><p>{t('me.connect')}</p><p><button class="primary" onClick={() => void askForAccount()}>{t('wallet.connect')}</button></p></>;
  const native = (value: bigint) => amount(value, of.nativeUnit);
  const waiting = mine ? [
    ...mine.stakeIncome.map((one) => ['me.income', amount(one.amount, one.unit), () => take.income(one)] as const),
    ...mine.credits.map((one) => ['me.refund', amount(one.amount, one.unit), () => take.refund(one)] as const),
    ...(mine.referral > 0n ? [['me.referral', native(mine.referral), take.referral] as const] : []),
  ] : [];
  return (
    <>
      <h1>{t('me.title')}</h1>
      <p>{who.name && <b>{who.name} </b>}<Account address={who.address} /> <button class="small" onClick={disconnect}>{t('wallet.disconnect')}</button></p>
      {mine && (
        <Lines lines={[
          [t('me.money'), native(mine.native)], [t('me.tokens'), amount(mine.tokens, of.tokenUnit)],
          [t('me.staked'), amount(mine.fan.stake?.staked ?? 0n, of.tokenUnit)], [t('me.tipped'), native(mine.fan.tipped)],
        ]} />
      )}
      <Membership />
      {waiting.map(([name, value, run]) => (
        <section key={name + value} class="card row" data-waiting={name}><div><h2>{t(name)}</h2><p><b>{value}</b></p></div><button class="primary" onClick={run}>{t('me.claim', { amount: value })}</button></section>
      ))}
      {mine && <Stakes />}
      {mine?.vesting && <Vesting vesting={mine.vesting} beneficiary={who.address} />}
      <History />
    </>
  );
}

function Stakes() {
  const [of, mine, { settings, stakers, now }] = [creator.value!, me.value!, shop.value!];
  const [text, setText] = useState('');
  const value = readAmount(text, of.tokenUnit);
  const held = mine.fan.stake;
  const cooldown = duration(settings.cooldown);
  if (!settings.token) return null;
  return (
    <section class="card">
      <h2>{t('me.stake')}</h2>
      <p class="muted">{stakers > 0 ? t('me.stake.help', { rate: percent(stakers), cooldown }) : t('me.stake.noincome', { cooldown })}</p>
      <AmountField label={t('me.amount')} unit={of.tokenUnit} text={text} onText={setText} />
      <p class="actions">
        <button class="primary" disabled={!value} onClick={() => value && stake(value)}>{t('me.stake')}</button>
        <button disabled={!value || !held || held.staked < value} onClick={() => value && unstake(value)}>{t('me.unstake')}</button>
      </p>
      {held && held.unstaking > 0n && (held.ready > now
        ? <p>{t('me.unstaking', { amount: amount(held.unstaking, of.tokenUnit), time: time(held.ready) })}</p>
        : <p><button class="primary" onClick={take.stake}>{t('me.withdraw', { amount: amount(held.unstaking, of.tokenUnit) })}</button></p>)}
    </section>
  );
}

function Vesting({ vesting: { tokens, released, schedule }, beneficiary }: { vesting: TokenTypes.Vesting; beneficiary: Address }) {
  const [of, { owner, now }] = [creator.value!, shop.value!];
  return (
    <section class="card" data-myvesting>
      <h2>{t('me.vesting')}</h2>
      <Lines lines={[
        [t('me.amount'), amount(tokens, of.tokenUnit)], [t('me.released'), amount(released, of.tokenUnit)],
        [t('me.vesting.first'), time(schedule.cliff > schedule.start ? schedule.cliff : schedule.start)], [t('me.vesting.all'), time(schedule.end)],
      ]} />
      <p><button class="primary" disabled={now < schedule.cliff} onClick={() => release(owner, beneficiary)}>{t('me.release')}</button></p>
    </section>
  );
}

function History() {
  const [of, who] = [creator.value!, account.value!];
  const [items, setItems] = useState<Happened[]>([]);
  const mine = receipts.value.filter(({ from }) => from === who.address);
  useEffect(() => {
    if (!creatorConfig.value?.history || !of.server) return;
    of.server.history(who.address).then((page) => setItems(page.items), (error: unknown) => console.warn(error));
  }, [who.address, receipts.value.length]);
  return (
    <section>
      <h2>{t('me.history')}</h2>
      {mine.length === 0 && <p class="muted">{t('me.nohistory')}</p>}
      <ul class="history">
        {mine.map((one) => (
          <li key={`${one.block}${one.index}`}>
            <b>{one.title}</b> <span class="muted">{time(BigInt(one.time))} · {t('tx.feepaid')} {amount(BigInt(one.fee), of.nativeUnit)}</span>
            <details><summary>{t('tx.receipt')}</summary><Lines lines={[[t('tx.block'), <code class="cut">{one.block}</code>], [t('tx.deposit'), amount(BigInt(one.deposit), of.nativeUnit)]]} /></details>
          </li>
        ))}
      </ul>
      {items.length > 0 && (
        <>
          <h2>{t('me.history.chain')}</h2>
          <ul class="history">{items.map((one, index) => <li key={index}><b>{one.kind}</b> <span class="muted">{time(one.time)} · {t('tx.block')} {one.block}</span></li>)}</ul>
        </>
      )}
    </section>
  );
}
