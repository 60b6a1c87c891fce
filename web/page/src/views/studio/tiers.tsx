// Tiers: prices, seats, new ones.

import { useState } from 'preact/hooks';
import { plain, utf8, type NamedTier, type VaultTypes } from '@patronage/sdk';
import { tierName } from '../../actions.js';
import { t } from '../../i18n.js';
import { creator, shop } from '../../state.js';
import { AmountField, readAmount, TextField } from '../../ui.js';
import { call, DAY, NATIVE } from './shared.js';

/** All tiers with what can be changed, and a new one. */
export function Tiers() {
  const of = creator.value!;
  const [fields, setFields] = useState({ price: '', days: '30', stay: '0', level: '1', seats: '', uri: '' });
  const set = (name: keyof typeof fields) => (text: string) => setFields({ ...fields, [name]: text });
  const price = readAmount(fields.price, of.nativeUnit);
  const days = /^\d{1,5}$/;
  const add = () => {
    if (!price) return;
    const terms: VaultTypes.TierTerms = {
      asset: NATIVE, price, period: BigInt(fields.days) * DAY, level: Number(fields.level), seats: fields.seats === '' ? null : Number(fields.seats),
      minimumStay: BigInt(fields.stay) * DAY, uri: utf8(fields.uri),
    };
    call(t('studio.addtier'), of.vault.call.addTier({ terms }));
  };
  const fine = price && days.test(fields.days) && days.test(fields.stay) && days.test(fields.level) && (fields.seats === '' || /^\d{1,9}$/.test(fields.seats));
  return (
    <>
      <div class="columns">{shop.value!.tiers.map((tier) => <TierForm key={tier.id} tier={tier} />)}</div>
      <section class="card">
        <h2>{t('studio.addtier')}</h2>
        <AmountField label={t('studio.price')} unit={of.nativeUnit} text={fields.price} onText={set('price')} />
        <TextField label={t('studio.period')} text={fields.days} onText={set('days')} />
        <TextField label={t('studio.stay')} text={fields.stay} onText={set('stay')} />
        <TextField label={t('studio.level')} text={fields.level} onText={set('level')} />
        <TextField label={t('studio.seats')} text={fields.seats} onText={set('seats')} />
        <TextField label={t('studio.uri')} text={fields.uri} onText={set('uri')} />
        <button class="primary" disabled={!fine} onClick={add}>{t('studio.addtier')}</button>
      </section>
    </>
  );
}

function TierForm({ tier }: { tier: NamedTier }) {
  const of = creator.value!;
  const [price, setPrice] = useState(plain(tier.terms.price, tier.unit));
  const [seats, setSeats] = useState(tier.terms.seats === null ? '' : String(tier.terms.seats));
  const [open, setOpen] = useState(tier.open);
  const value = readAmount(price, tier.unit);
  const change = () => value && call(`${t('studio.change')}: ${tierName(tier)}`, of.vault.call.updateTier({ tier: tier.id, price: value, seats: seats === '' ? null : Number(seats), open, uri: tier.terms.uri }));
  return (
    <section class="card">
      <h2>{tierName(tier)}</h2>
      <AmountField label={t('studio.price')} unit={tier.unit} text={price} onText={setPrice} />
      <TextField label={t('studio.seats')} text={seats} onText={setSeats} />
      <p><label><input type="checkbox" checked={open} onChange={(event) => setOpen(event.currentTarget.checked)} /> {t('studio.open')}</label></p>
      <button disabled={!value || !/^\d{0,9}$/.test(seats)} onClick={change}>{t('studio.change')}</button>
    </section>
  );
}
