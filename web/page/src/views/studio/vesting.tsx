// Vesting: putting own tokens under a schedule for someone, and releasing what has vested.

import { useEffect, useState } from 'preact/hooks';
import type { Address, TokenTypes } from '@patronage/sdk';
import { release } from '../../actions.js';
import { amount, t, time } from '../../i18n.js';
import { account, creator, me, shop } from '../../state.js';
import { AmountField, Lines, readAmount, TextField, wordsOf } from '../../ui.js';
import { readAddress } from '../join.js';
import { call, readDay } from './shared.js';

/** Grants a schedule, and shows one. */
export function Vestings() {
  return <div class="columns"><Grant /><Look /></div>;
}

function Grant() {
  const of = creator.value!;
  const [fields, setFields] = useState({ who: '', tokens: '', start: '', cliff: '', end: '' });
  const set = (name: keyof typeof fields) => (text: string) => setFields({ ...fields, [name]: text });
  const [beneficiary, tokens, start, end] = [readAddress(fields.who), readAmount(fields.tokens, of.tokenUnit), readDay(fields.start), readDay(fields.end)];
  const cliff = fields.cliff === '' ? start : readDay(fields.cliff);
  const inOrder = start !== null && cliff !== null && end !== null && start <= cliff && cliff <= end && start < end;
  const fault = fields.end !== '' && !inOrder ? t('studio.vesting.order') : null;
  const grant = () => {
    if (beneficiary && tokens && inOrder) call(t('studio.vest'), of.token.call.vest({ beneficiary, tokens, schedule: { start, cliff, end } }));
  };
  return (
    <section class="card" data-vest>
      <h2>{t('studio.vest')}</h2>
      <p class="muted">{t('studio.vest.help', { tokens: amount(me.value?.tokens ?? 0n, of.tokenUnit) })}</p>
      <TextField label={t('studio.beneficiary')} text={fields.who} onText={set('who')} fault={fields.who !== '' && !beneficiary ? t('error.address') : null} />
      <AmountField label={t('me.amount')} unit={of.tokenUnit} text={fields.tokens} onText={set('tokens')} />
      <TextField label={t('studio.vesting.start')} type="date" text={fields.start} onText={set('start')} />
      <TextField label={t('studio.vesting.cliff')} type="date" text={fields.cliff} onText={set('cliff')} />
      <TextField label={t('studio.vesting.end')} type="date" text={fields.end} onText={set('end')} fault={fault} />
      <button class="primary" disabled={!beneficiary || !tokens || !inOrder} onClick={grant}>{t('studio.vest')}</button>
    </section>
  );
}

function Look() {
  const [from, setFrom] = useState('');
  const [to, setTo] = useState('');
  const grantor = from === '' ? (account.value?.address ?? shop.value!.owner) : readAddress(from);
  const beneficiary = readAddress(to);
  return (
    <section class="card" data-vesting>
      <h2>{t('studio.vesting.look')}</h2>
      <TextField label={t('studio.beneficiary')} text={to} onText={setTo} fault={to !== '' && !beneficiary ? t('error.address') : null} />
      <TextField label={t('studio.grantor')} text={from} onText={setFrom} fault={from !== '' && !grantor ? t('error.address') : null} />
      {grantor && beneficiary && <Found key={`${grantor} ${beneficiary}`} grantor={grantor} beneficiary={beneficiary} />}
    </section>
  );
}

function Found({ grantor, beneficiary }: { grantor: Address; beneficiary: Address }) {
  const of = creator.value!;
  const [found, setFound] = useState<TokenTypes.Vesting | null | undefined>(undefined);
  const [fault, setFault] = useState<string | null>(null);
  useEffect(() => {
    let wanted = true;
    of.token.query.vestingOf({ grantor, beneficiary }).then((one) => wanted && setFound(one), (error: unknown) => wanted && setFault(wordsOf(error)));
    return () => { wanted = false; };
  }, [shop.value]);
  if (fault) return <p class="fault" role="alert">{fault}</p>;
  if (found === undefined) return <p class="busy" role="status">{t('loading')}</p>;
  if (found === null) return <p class="muted" role="status">{t('studio.vesting.none')}</p>;
  return (
    <div role="status">
      <Schedule vesting={found} />
      <p><button onClick={() => release(grantor, beneficiary)}>{t('me.release')}</button></p>
    </div>
  );
}

function Schedule({ vesting: { tokens, released, schedule } }: { vesting: TokenTypes.Vesting }) {
  const unit = creator.value!.tokenUnit;
  return (
    <Lines lines={[
      [t('me.amount'), amount(tokens, unit)], [t('me.released'), amount(released, unit)],
      [t('studio.vesting.start'), time(schedule.start)], [t('studio.vesting.cliff'), time(schedule.cliff)], [t('studio.vesting.end'), time(schedule.end)],
    ]} />
  );
}
