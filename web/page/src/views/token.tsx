import { useEffect, useState } from 'preact/hooks';
import { plain, type TokenTypes } from '@patronage/sdk';
import { buy, rememberReferrer, sell } from '../actions.js';
import { PriceChart } from '../chart.js';
import { amount, percent, t, time } from '../i18n.js';
import { route, to } from '../route.js';
import { account, creator, me, shop } from '../state.js';
import { AmountField, Copy, Lines, readAmount, wordsOf } from '../ui.js';

/** How long to wait for more digits before the chain is asked, in ms. */
const PAUSE = 250;

/** The sale: its price line, buying and selling. */
export function Token() {
  const [of, { sale, price, now }] = [creator.value!, shop.value!];
  useEffect(() => rememberReferrer(route.value.query.get('ref')), [route.value.query.get('ref')]);
  return (
    <>
      <h1>{t('token.title', { symbol: of.tokenUnit.symbol })}</h1>
      <p class="muted">{t('token.about')}</p>
      <PriceChart sale={sale} price={price} native={of.nativeUnit} token={of.tokenUnit} />
      {sale.launchGuard.until > now && <p class="note">{t('token.guard', { time: time(sale.launchGuard.until), tokens: amount(sale.launchGuard.maxTokens, of.tokenUnit) })}</p>}
      <div class="columns">
        <Trade kind="buy" />
        <Trade kind="sell" />
      </div>
      {account.value && sale.referralBp > 0 && <Referral address={account.value.address} rate={percent(sale.referralBp)} />}
    </>
  );
}

function Trade({ kind }: { kind: 'buy' | 'sell' }) {
  const [of, { sale }] = [creator.value!, shop.value!];
  const buying = kind === 'buy';
  const unit = buying ? of.nativeUnit : of.tokenUnit;
  const [text, setText] = useState(buying ? '5' : '');
  const [quote, setQuote] = useState<TokenTypes.Trade | null>(null);
  const [fault, setFault] = useState<string | null>(null);
  const value = readAmount(text, unit);
  useEffect(() => {
    setQuote(null);
    setFault(null);
    if (!value) return;
    let wanted = true;
    const timer = setTimeout(() => {
      const asked = buying ? of.token.query.quoteBuy({ value }) : of.token.query.quoteSell({ tokens: value });
      asked.then((found) => wanted && setQuote(found), (error: unknown) => wanted && setFault(wordsOf(error)));
    }, PAUSE);
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [text, sale.sold]);
  const paused = buying && sale.paused;
  const held = me.value?.tokens ?? 0n;
  return (
    <section class="card">
      <h2>{t(buying ? 'token.buy' : 'token.sell')}</h2>
      <form onSubmit={(event) => { event.preventDefault(); if (value && !paused) buying ? buy({ spend: value }) : sell(value); }}>
        <AmountField label={t(buying ? 'token.spend' : 'token.give')} unit={unit} text={text} onText={setText} />
        {!buying && held > 0n && <p class="chips"><button type="button" class="small" onClick={() => setText(plain(held, of.tokenUnit))}>{t('token.all')}: {amount(held, of.tokenUnit)}</button></p>}
        <div role="status" class="quote" data-quote={kind}>
          {quote && <Lines lines={[
            [t('token.get'), <b>{amount(buying ? quote.tokens : quote.amount, buying ? of.tokenUnit : of.nativeUnit)}</b>],
            [t('token.fee', { rate: percent(buying ? sale.buyFeeBp : sale.sellFeeBp) }), amount(quote.fee, of.nativeUnit)],
          ]} />}
          {fault && <p class="fault">{fault}</p>}
        </div>
        {paused && <p class="note">{t('token.paused')}</p>}
        <button class="primary" disabled={!value || paused}>{t(buying ? 'token.buy' : 'token.sell')}</button>
      </form>
    </section>
  );
}

function Referral({ address, rate }: { address: string; rate: string }) {
  const link = `${location.href.split('#')[0]}${to('token')}?ref=${address}`;
  return (
    <section class="card">
      <h2>{t('token.referral')}</h2>
      <p class="muted">{t('token.referral.help', { rate })}</p>
      <p><code class="cut">{link}</code> <Copy text={link} /></p>
    </section>
  );
}
