// Encrypting and registering content.

import { useState } from 'preact/hooks';
import { textOf, type RegistryTypes, type Sealed } from '@patronage/sdk';
import { number, t } from '../../i18n.js';
import { act } from '../../sheet.js';
import { creator, shop } from '../../state.js';
import { AmountField, Field, readAmount, saveFile, TextField, wordsOf } from '../../ui.js';
import { titleOf } from '../content.js';
import { call } from './shared.js';

/** Publishes a file, and retires content. */
export function Publish() {
  const of = creator.value!;
  const [file, setFile] = useState<File | null>(null);
  const [name, setName] = useState('');
  const [rule, setRule] = useState<'everyone' | 'level' | 'holds'>('level');
  const [value, setValue] = useState('1');
  const [price, setPrice] = useState('');
  const [sealed, setSealed] = useState<Sealed | null>(null);
  const [share, setShare] = useState<number | null>(null);
  const [fault, setFault] = useState<string | null>(null);
  const seal = async () => {
    if (!file) return;
    setFault(null);
    try {
      const { seal: encrypt } = await import('@patronage/sdk/content');
      setSealed(await encrypt(file, (bytes) => setShare(file.size === 0 ? 1 : bytes / file.size)));
    } catch (error) {
      setFault(wordsOf(error));
    }
    setShare(null);
  };
  const held = readAmount(value, of.tokenUnit);
  const condition: RegistryTypes.Condition | null = rule === 'level'
    ? (/^[1-9]\d{0,2}$/.test(value) && Number(value) < 256 ? { type: 'Subscribed', vault: of.deployment.vault, level: Number(value), grace: 0n } : null)
    : rule === 'holds' && held ? { type: 'Holds', token: of.deployment.token, amount: held } : null;
  const audience: RegistryTypes.Audience | null = rule === 'everyone' ? { type: 'Everyone' } : condition && { type: 'AnyOf', value: [[condition]] };
  const cost = price === '' ? null : readAmount(price, of.nativeUnit);
  const uriFine = /^[A-Za-z0-9._-]+$/.test(name) || /^https?:\/\//.test(name);
  const register = () => {
    if (!sealed || !audience) return;
    act({ title: t('studio.register'), plan: () => of.publish(sealed, name, { audience, ...(cost ? { price: cost } : {}) }) });
  };
  return (
    <>
      <section class="card">
        <Field label={t('studio.file')}>{(props) => <input {...props} type="file" onChange={(event) => {
          const chosen = event.currentTarget.files?.[0] ?? null;
          setFile(chosen);
          setSealed(null);
          if (chosen) setName(`${chosen.name.replace(/[^A-Za-z0-9._-]+/g, '-')}.age`);
        }} />}</Field>
        <TextField label={t('studio.name')} text={name} onText={setName} />
        <Field label={t('studio.rule')}>{(props) => <select {...props} value={rule} onChange={(event) => setRule(event.currentTarget.value as typeof rule)}>{(['everyone', 'level', 'holds'] as const).map((one) => <option key={one} value={one}>{t(`studio.rule.${one}`)}</option>)}</select>}</Field>
        {rule !== 'everyone' && <TextField label={t(rule === 'level' ? 'studio.level' : 'me.amount')} text={value} onText={setValue} />}
        <AmountField label={t('studio.saleprice')} unit={of.nativeUnit} text={price} onText={setPrice} />
        <p class="actions"><button class="primary" disabled={!file || share !== null} onClick={() => void seal()}>{t('studio.seal')}</button></p>
        <div role="status">{share !== null && <p class="busy">{number(Math.round(share * 100))} %</p>}{fault && <p class="fault">{fault}</p>}</div>
      </section>
      {sealed && (
        <section class="card">
          <p>{t('studio.sealed')}</p>
          <p class="actions">
            <button onClick={() => saveFile(name, sealed.encrypted)}>{t('studio.sealed.file')}</button>
            <button onClick={() => saveFile(`${sealed.recipient}.key`, `${sealed.identity}\n`)}>{t('studio.sealed.key')}</button>
            <button class="primary" disabled={!audience || !uriFine} onClick={register}>{t('studio.register')}</button>
          </p>
        </section>
      )}
      <ul class="contents">{shop.value!.contents.map((one) => {
        const title = t(one.terms.retired ? 'studio.unretire' : 'studio.terms');
        return <li key={one.id} class="card"><div><h2>{titleOf(one)}</h2><p class="muted cut">{textOf(one.content.uri)}</p></div><button class="small" aria-label={`${title}: ${titleOf(one)}`} onClick={() => call(`${title}: ${titleOf(one)}`, of.registry.call.changeTerms({ id: one.id, terms: { ...one.terms, retired: !one.terms.retired } }))}>{title}</button></li>;
      })}</ul>
    </>
  );
}
