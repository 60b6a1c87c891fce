import { useState } from 'preact/hooks';
import { utf8 } from '@patronage/sdk';
import { tip } from '../actions.js';
import { amount, t } from '../i18n.js';
import { Picture } from '../picture.js';
import { to } from '../route.js';
import { creator, creatorConfig, profile, shop } from '../state.js';
import { AmountField, Field, readAmount } from '../ui.js';
import { ContentList } from './content.js';
import { Tiers } from './join.js';

/** Who the creator is, and what there is. */
export function Home() {
  const [config, seen, { nativeUnit, tokenUnit }] = [creatorConfig.value!, shop.value!, creator.value!];
  // What the owner has signed counts for more than what the host of the page has written.
  const of = profile.value;
  const title = of?.name ?? config.title;
  const about = of ? of.words : config.about;
  const links = of ? of.links.map(({ title: text, url }) => ({ text: text || url, url })) : (config.links ?? []);
  return (
    <>
      <section class="hero">
        <Picture url={of?.picture ?? ''} title={title} />
        <div data-profile={of ? 'signed' : 'none'}>
          <h1>{title}</h1>
          {about && <p class="about words">{about}</p>}
          {links.length > 0 && <p class="links">{links.filter(({ url }) => /^https?:\/\//.test(url)).map(({ text, url }) => <a key={url} href={url} rel="noreferrer noopener">{text}</a>)}</p>}
          <p class="actions"><a class="button primary" href={to('join')}>{t('home.join')}</a> <a class="button" href={to('token')}>{t('token.buy')} {tokenUnit.symbol}</a></p>
        </div>
      </section>
      <dl class="stats">
        <div><dt>{t('home.price')}</dt><dd data-price>{amount(seen.price, nativeUnit, 6, true)}</dd></div>
        <div><dt>{t('home.sold')}</dt><dd>{amount(seen.sale.sold - seen.sale.burned, tokenUnit, 2)}</dd></div>
        <div><dt>{t('home.reserve')}</dt><dd>{amount(seen.sale.reserve, nativeUnit, 2)}</dd></div>
        <div><dt>{t('home.cut')}</dt><dd>{t('home.cut.value')}</dd></div>
      </dl>
      <section>
        <h2>{t('join.title')}</h2>
        <p class="muted">{t('home.how')}</p>
        <Tiers />
      </section>
      <section>
        <h2>{t('home.content')}</h2>
        <ContentList most={4} />
      </section>
      <Tip />
    </>
  );
}

const MOST_MEMO = 256;

function Tip() {
  const [text, setText] = useState('');
  const [memo, setMemo] = useState('');
  const unit = creator.value!.nativeUnit;
  const value = readAmount(text, unit);
  const left = MOST_MEMO - utf8(memo).length;
  return (
    <section class="card">
      <h2>{t('tip.title')}</h2>
      <form onSubmit={(event) => { event.preventDefault(); if (value && left >= 0) tip(value, memo); }}>
        <p class="chips">{['1', '5', '20'].map((one) => <button key={one} type="button" class="small" onClick={() => setText(one)}>{one} {unit.symbol}</button>)}</p>
        <AmountField label={t('tip.amount')} unit={unit} text={text} onText={setText} />
        <Field label={t('tip.memo')} help={t('tip.memo.help', { left })} fault={left < 0 ? t('error.memo') : null}>
          {(props) => <textarea {...props} rows={2} value={memo} onInput={(event) => setMemo(event.currentTarget.value)} />}
        </Field>
        <button class="primary" disabled={!value || left < 0}>{t('tip.do')}</button>
      </form>
    </section>
  );
}
