// Publishing content, and what can be changed of it afterwards: terms, file, retirement.

import { useState } from 'preact/hooks';
import { plain, textOf, utf8, type NamedContent, type RegistryTypes } from '@patronage/sdk';
import { t } from '../../i18n.js';
import { act } from '../../sheet.js';
import { creator, shop } from '../../state.js';
import { AmountField, readAmount, TextField } from '../../ui.js';
import { OlderButton, titleOf } from '../content.js';
import { AudienceFields, formOf, MEMBERS, readAudience, type AudienceForm } from './rules.js';
import { isUri, SealFile, type NamedFile } from './seal.js';
import { call, localTime, readLocalTime } from './shared.js';

/** Terms as they are typed. */
interface TermsForm { audience: AudienceForm; price: string; release: string }

/** What was typed as terms; null where a field is not as it must be. A release that was not touched keeps its milliseconds. */
function readTerms({ audience, price, release }: TermsForm, before?: RegistryTypes.Terms): RegistryTypes.Terms | null {
  const found = readAudience(audience);
  const cost = price.trim() === '' ? null : readAmount(price, creator.value!.nativeUnit);
  const opens = before && release === releaseText(before) ? before.release : release === '' ? 0n : readLocalTime(release);
  if (!found || opens === null || (price.trim() !== '' && cost === null)) return null;
  return { audience: found, price: cost, release: opens, retired: before?.retired ?? false };
}

function releaseText({ release }: RegistryTypes.Terms): string {
  return release === 0n ? '' : localTime(release);
}

function TermsFields({ form, onForm }: { form: TermsForm; onForm: (form: TermsForm) => void }) {
  return (
    <>
      <AudienceFields form={form.audience} onForm={(audience) => onForm({ ...form, audience })} />
      <AmountField label={t('studio.saleprice')} unit={creator.value!.nativeUnit} text={form.price} onText={(price) => onForm({ ...form, price })} />
      <TextField label={t('studio.release')} type="datetime-local" text={form.release} onText={(release) => onForm({ ...form, release })} />
    </>
  );
}

/** Publishes a file, and changes content. Owner and managers of the registry can do that. */
export function Publish() {
  const of = creator.value!;
  const [file, setFile] = useState<NamedFile | null>(null);
  const [form, setForm] = useState<TermsForm>({ audience: MEMBERS, price: '', release: '' });
  const terms = readTerms(form);
  const register = () => {
    if (!file || !terms) return;
    const { audience, price, release } = terms;
    act({ title: t('studio.register'), plan: () => of.publish(file.sealed, file.uri, { audience, release, ...(price === null ? {} : { price }) }) });
  };
  return (
    <>
      <section class="card" data-publish>
        <h2>{t('studio.new')}</h2>
        <TermsFields form={form} onForm={setForm} />
        <SealFile onSealed={setFile} />
        <p class="actions"><button class="primary" disabled={!terms || !file} onClick={register}>{t('studio.register')}</button></p>
      </section>
      <ul class="plainlist stack">{[...shop.value!.contents].reverse().map((one) => <Change key={one.id} one={one} />)}</ul>
      <OlderButton />
    </>
  );
}

function Change({ one }: { one: NamedContent }) {
  const of = creator.value!;
  const [open, setOpen] = useState(false);
  const title = titleOf(one);
  const retire = t(one.terms.retired ? 'studio.unretire' : 'studio.terms');
  return (
    <li class="card" data-content={one.id}>
      <div class="row">
        <div><h2>{title}</h2><p class="muted cut">{textOf(one.content.uri)}</p></div>
        <p class="actions">
          <button class="small" aria-expanded={open} aria-label={`${t('studio.change')}: ${title}`} onClick={() => setOpen(!open)}>{t('studio.change')}</button>
          <button class="small" aria-label={`${retire}: ${title}`} onClick={() => call(`${retire}: ${title}`, of.registry.call.changeTerms({ id: one.id, terms: { ...one.terms, retired: !one.terms.retired } }))}>{retire}</button>
        </p>
      </div>
      {open && <><ChangeTerms one={one} /><ReplaceFile one={one} /></>}
    </li>
  );
}

function ChangeTerms({ one }: { one: NamedContent }) {
  const of = creator.value!;
  const { terms } = one;
  const [form, setForm] = useState<TermsForm>({
    audience: formOf(terms.audience), price: terms.price === null ? '' : plain(terms.price, of.nativeUnit), release: releaseText(terms),
  });
  const changed = readTerms(form, terms);
  const title = `${t('studio.changeterms')}: ${titleOf(one)}`;
  return (
    <form data-terms onSubmit={(event) => { event.preventDefault(); if (changed) call(title, of.registry.call.changeTerms({ id: one.id, terms: changed })); }}>
      <h3>{t('studio.changeterms')}</h3>
      <p class="help">{t('studio.changeterms.help')}</p>
      <TermsFields form={form} onForm={setForm} />
      <p class="actions"><button class="primary" disabled={!changed}>{t('studio.changeterms')}</button></p>
    </form>
  );
}

function ReplaceFile({ one }: { one: NamedContent }) {
  const of = creator.value!;
  const [file, setFile] = useState<NamedFile | null>(null);
  const replace = () => {
    if (!file) return;
    const { hash, publicKey } = file.sealed;
    call(`${t('studio.replace')}: ${titleOf(one)}`, of.registry.call.replaceFile({ id: one.id, content: { uri: utf8(file.uri), hash, publicKey } }));
  };
  const before = textOf(one.content.uri);
  return (
    <div data-replace>
      <h3>{t('studio.replace')}</h3>
      <p class="help">{t('studio.replace.help')}</p>
      <SealFile onSealed={setFile} first={isUri(before) ? nextName(before) : ''} />
      <p class="actions"><button class="primary" disabled={!file} onClick={replace}>{t('studio.replace')}</button></p>
    </div>
  );
}

/** A name that the old file does not have, so that both can be served while it is replaced: `a.age`, `a-2.age`, `a-3.age`. */
export function nextName(name: string): string {
  const found = /^(.*?)(?:-(\d{1,6}))?(\.[A-Za-z0-9]+)?$/.exec(name);
  if (!found) return name;
  const [, stem = name, number, end = ''] = found;
  return `${stem}-${Number(number ?? 1) + 1}${end}`;
}
