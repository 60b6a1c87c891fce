// Editing who may open content: everyone, nobody, or who meets all conditions of one of several rules.

import { useState } from 'preact/hooks';
import { plain, sameAccount, type Patronage, type RegistryTypes } from '@patronage/sdk';
import { t } from '../../i18n.js';
import { conditionWords } from '../../rules.js';
import { creator } from '../../state.js';
import { Field, readAmount, TextField } from '../../ui.js';
import { DAY, localTime, readLocalTime } from './shared.js';

type Condition = RegistryTypes.Condition;
/** Kinds of conditions, in the order in which they are offered. */
export const KINDS = ['Subscribed', 'SubscribedFor', 'Holds', 'Staked', 'HoldsOrStaked', 'Tipped', 'Bought', 'Listed', 'NotBefore'] as const;
type Kind = (typeof KINDS)[number];

/** A condition as it is typed. One that asks another creator's contract is kept as it is. */
export interface Row {
  kind: Kind;
  value: string;
  /** Days of grace, or days in a row. */
  days: string;
  kept: Condition | null;
}

/** An audience as it is typed. */
export interface AudienceForm { type: 'Everyone' | 'Nobody' | 'AnyOf'; ways: Row[][] }

/** The most rules, and the most conditions of a rule. */
const MOST = 8;
const FIRST: Row = { kind: 'Subscribed', value: '1', days: '', kept: null };
/** What is offered for new content: members from level 1 on. */
export const MEMBERS: AudienceForm = { type: 'AnyOf', ways: [[FIRST]] };

function isOwn(condition: Condition, { token, vault }: Patronage['deployment']): boolean {
  return (!('token' in condition) || sameAccount(condition.token, token)) && (!('vault' in condition) || sameAccount(condition.vault, vault));
}

function rowOf(condition: Condition, of: Patronage): Row {
  const days = (time: bigint) => (time === 0n ? '' : String(Number(time) / Number(DAY)));
  const row = (value: string, more = ''): Row => ({ kind: condition.type, value, days: more, kept: isOwn(condition, of.deployment) ? null : condition });
  switch (condition.type) {
    case 'Holds':
    case 'Staked':
    case 'HoldsOrStaked': return row(plain(condition.amount, of.tokenUnit));
    case 'Subscribed': return row(String(condition.level), days(condition.grace));
    case 'SubscribedFor': return row(String(condition.level), days(condition.lasting));
    case 'Tipped': return row(plain(condition.amount, of.nativeUnit));
    case 'NotBefore': return row(localTime(condition.time));
    case 'Bought': return row(String(condition.content));
    case 'Listed': return row(String(condition.list));
  }
}

/** An audience of the chain as it is edited. */
export function formOf(audience: RegistryTypes.Audience): AudienceForm {
  const ways = audience.type === 'AnyOf' ? audience.value.map((way) => way.map((one) => rowOf(one, creator.value!))) : [];
  return { type: audience.type, ways: ways.length > 0 ? ways : MEMBERS.ways };
}

function whole(text: string, most: number): number | null {
  return /^\d{1,10}$/.test(text.trim()) && Number(text) <= most ? Number(text) : null;
}

/** Days with a fraction, in ms; an empty text is none. */
function readDays(text: string): bigint | null {
  if (text.trim() === '') return 0n;
  const found = Number(text.replace(',', '.'));
  return Number.isFinite(found) && found >= 0 && found <= 36_500 ? BigInt(Math.round(found * Number(DAY))) : null;
}

/** What was typed as a condition; null where it is none. */
export function readCondition({ kind, value, days, kept }: Row, of: Patronage): Condition | null {
  if (kept) return kept;
  const { token, vault } = of.deployment;
  const tokens = () => readAmount(value, of.tokenUnit);
  const level = () => whole(value, 255) || null;
  const time = readDays(days);
  switch (kind) {
    case 'Holds': return tokens() === null ? null : { type: kind, token, amount: tokens()! };
    case 'Staked': return tokens() === null ? null : { type: kind, vault, amount: tokens()! };
    case 'HoldsOrStaked': return tokens() === null ? null : { type: kind, token, vault, amount: tokens()! };
    case 'Subscribed': return level() === null || time === null ? null : { type: kind, vault, level: level()!, grace: time };
    case 'SubscribedFor': return level() === null || !time ? null : { type: kind, vault, level: level()!, lasting: time };
    case 'Tipped': {
      const amount = readAmount(value, of.nativeUnit);
      return amount === null ? null : { type: kind, vault, amount };
    }
    case 'NotBefore': {
      const at = readLocalTime(value);
      return at === null ? null : { type: kind, time: at };
    }
    case 'Bought': return whole(value, 0xffff_ffff) === null ? null : { type: kind, content: whole(value, 0xffff_ffff)! };
    case 'Listed': return whole(value, 0xffff_ffff) === null ? null : { type: kind, list: whole(value, 0xffff_ffff)! };
  }
}

/** What was typed as an audience; null where a condition is none. */
export function readAudience({ type, ways }: AudienceForm): RegistryTypes.Audience | null {
  if (type !== 'AnyOf') return { type };
  const read = ways.map((way) => way.map((row) => readCondition(row, creator.value!)));
  return read.length > 0 && read.every((way) => way.length > 0 && way.every(Boolean)) ? { type, value: read as Condition[][] } : null;
}

/** Fields of an audience. */
export function AudienceFields({ form, onForm }: { form: AudienceForm; onForm: (form: AudienceForm) => void }) {
  const { type, ways } = form;
  const put = (next: Row[][]) => onForm({ type, ways: next.filter((way) => way.length > 0) });
  const change = (way: number, at: number, row: Row | null) =>
    put(ways.map((rows, index) => (index !== way ? rows : rows.flatMap((one, place) => (place !== at ? [one] : row ? [row] : [])))));
  return (
    <>
      <Field label={t('studio.rule')}>
        {(props) => (
          <select {...props} value={type} onChange={(event) => onForm({ ...form, type: event.currentTarget.value as AudienceForm['type'] })}>
            {(['AnyOf', 'Everyone', 'Nobody'] as const).map((one) => <option key={one} value={one}>{t(`studio.audience.${one}`)}</option>)}
          </select>
        )}
      </Field>
      {type === 'AnyOf' && (
        <>
          {ways.map((rows, way) => (
            <fieldset key={way} class="rule">
              <legend>{t('studio.way', { n: way + 1 })}</legend>
              {rows.map((row, at) => <ConditionFields key={at} row={row} onRow={(next) => change(way, at, next)} last={ways.length === 1 && rows.length === 1} />)}
              {rows.length < MOST && <button type="button" class="small" onClick={() => put(ways.map((one, index) => (index === way ? [...one, FIRST] : one)))}>{t('studio.addcondition')}</button>}
            </fieldset>
          ))}
          {ways.length < MOST && <p><button type="button" class="small" onClick={() => put([...ways, [FIRST]])}>{t('studio.addway')}</button></p>}
        </>
      )}
    </>
  );
}

function ConditionFields({ row, onRow, last }: { row: Row; onRow: (row: Row | null) => void; last: boolean }) {
  const of = creator.value!;
  const [touched, setTouched] = useState(false);
  const remove = last ? null : <p><button type="button" class="small" onClick={() => onRow(null)}>{t('remove')}</button></p>;
  if (row.kept) return <div class="condition"><p>{conditionWords(row.kept)}</p>{remove}</div>;
  const { kind } = row;
  const unit = kind === 'Tipped' ? of.nativeUnit : ['Holds', 'Staked', 'HoldsOrStaked'].includes(kind) ? of.tokenUnit : null;
  const fault = touched && !readCondition(row, of) ? t('error.condition') : null;
  const put = (change: Partial<Row>) => {
    setTouched(true);
    onRow({ ...row, ...change });
  };
  const label = t(`studio.value.${kind}`) + (unit ? ` (${unit.symbol})` : '');
  return (
    <div class="condition">
      <Field label={t('studio.condition')}>
        {(props) => (
          <select {...props} value={kind} onChange={(event) => put({ kind: event.currentTarget.value as Kind, value: '', days: '' })}>
            {KINDS.map((one) => <option key={one} value={one}>{t(`studio.kind.${one}`)}</option>)}
          </select>
        )}
      </Field>
      <TextField label={label} text={row.value} onText={(value) => put({ value })} fault={fault} {...(kind === 'NotBefore' ? { type: 'datetime-local' as const } : {})} />
      {(kind === 'Subscribed' || kind === 'SubscribedFor') && <TextField label={t(kind === 'Subscribed' ? 'studio.grace' : 'studio.lasting')} text={row.days} onText={(days) => put({ days })} />}
      {remove}
    </div>
  );
}
