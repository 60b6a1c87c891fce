import { useEffect, useState } from 'preact/hooks';
import type { AccessAnswer, NamedContent, Unlocked, UnlockStep } from '@patronage/sdk';
import { askForAccount } from '../accounts.js';
import { purchase } from '../actions.js';
import { amount, t, time } from '../i18n.js';
import { route, to } from '../route.js';
import { conditionWords, remedyFor } from '../rules.js';
import { account, creator, creatorConfig, listOlder, me, profile, shop } from '../state.js';
import { saveFile, wordsOf } from '../ui.js';
import { Viewer } from '../viewer.js';

/** A title, or the number where there is none. */
export function titleOf({ id, title }: NamedContent): string {
  return title ?? (profile.value?.content[id]?.name || t('content.number', { id }));
}

/** All content, newest first. */
export function ContentList({ most = Infinity, heading: Heading = 'h3' }: { most?: number; heading?: 'h2' | 'h3' }) {
  const seen = shop.value!;
  const listed = seen.contents.filter(({ terms }) => !terms.retired).reverse().slice(0, most);
  const more = most === Infinity ? <OlderButton /> : null;
  if (listed.length === 0) return <><p class="muted">{t('content.none')}</p>{more}</>;
  return (
    <>
      <ul class="contents">
        {listed.map((one) => {
          const access = me.value?.access.get(one.id);
          return (
            <li key={one.id} class="card">
              <span class={`lock ${access?.granted || one.terms.audience.type === 'Everyone' ? 'open' : ''}`} aria-hidden="true" />
              <div>
                <Heading><a href={to(`content/${one.id}`)}>{titleOf(one)}</a></Heading>
                <p class="muted"><Ways of={one} /></p>
              </div>
              <p class={`state ${access?.granted ? 'good' : ''}`}>{access?.granted ? t('content.open') : one.terms.price !== null ? amount(one.terms.price, creator.value!.nativeUnit) : ''}</p>
            </li>
          );
        })}
      </ul>
      {more}
    </>
  );
}

/** Lists older content too, where there is more than is listed. */
export function OlderButton() {
  const { contentCount, contents } = shop.value!;
  return contentCount > contents.length ? <p><button onClick={() => void listOlder()}>{t('content.older')}</button></p> : null;
}

/** What opens content, in words. */
function Ways({ of: { terms } }: { of: NamedContent }) {
  const { audience, release } = terms;
  const ways = audience.type === 'AnyOf' ? audience.value.map((rule) => rule.map(conditionWords).join(' + ')) : [t(audience.type === 'Everyone' ? 'content.everyone' : 'content.nobody')];
  const late = release > shop.value!.now ? ` · ${t('content.release', { time: time(release) })}` : '';
  return <>{ways.join(` ${t('content.or')} `)}{late}</>;
}

/** The list, or one piece of content. */
export function Content() {
  const [id] = route.value.rest;
  const one = id === undefined ? undefined : shop.value!.contents.find((found) => found.id === Number(id));
  if (id === undefined) return <><h1>{t('content.title')}</h1><ContentList heading="h2" /></>;
  if (one) return <One key={one.id} one={one} access={me.value?.access.get(one.id) ?? null} />;
  if (/^\d{1,10}$/.test(id) && Number(id) < shop.value!.contentCount) return <Older key={id} id={Number(id)} />;
  return <><h1>{t('content.title')}</h1><p>{t('content.unknown')}</p><p><a href={to('content')}>{t('back')}</a></p></>;
}

/** Content that is too old for the list: asked for by itself. */
function Older({ id }: { id: number }) {
  const [found, setFound] = useState<{ one: NamedContent; access: AccessAnswer | null } | null>(null);
  const [fault, setFault] = useState<string | null>(null);
  const who = account.value?.address;
  useEffect(() => {
    let wanted = true;
    const of = creator.value!;
    Promise.all([of.content(id), who ? of.check(id, who) : null])
      .then(([one, access]) => wanted && setFound({ one, access }), (error: unknown) => wanted && setFault(wordsOf(error)));
    return () => { wanted = false; };
  }, [id, who, shop.value]);
  if (found) return <One one={found.one} access={found.access} />;
  return <><h1>{t('content.title')}</h1>{fault ? <p class="fault" role="alert">{fault}</p> : <p class="busy" role="status">{t('loading')}</p>}</>;
}

function One({ one, access }: { one: NamedContent; access: AccessAnswer | null }) {
  const [step, setStep] = useState<string | null>(null);
  const [fault, setFault] = useState<string | null>(null);
  const [opened, setOpened] = useState<{ unlocked: Unlocked; bytes: Uint8Array } | null>(null);
  const gateway = creatorConfig.value!.server;
  const description = profile.value?.content[one.id]?.description;
  const { price, release } = one.terms;

  const unlock = async () => {
    const who = account.value;
    if (!who) return;
    setFault(null);
    try {
      const onStep = ({ step, ...rest }: UnlockStep) => {
        const share = 'bytes' in rest && rest.of ? ` ${Math.round((100 * rest.bytes) / rest.of)} %` : '';
        setStep(t(`content.step.${step}`) + share + (step === 'signature' ? `. ${t('content.sign')}` : ''));
      };
      const unlocked = await creator.value!.unlock(one.id, who, { onStep });
      setOpened({ unlocked, bytes: await unlocked.bytes() });
    } catch (error) {
      setFault(wordsOf(error));
    }
    setStep(null);
  };

  return (
    <>
      <p><a href={to('content')}>← {t('content.title')}</a></p>
      <h1>{titleOf(one)}</h1>
      {description && <p class="words">{description}</p>}
      <p class="muted"><b>{t('content.opens')}:</b> <Ways of={one} /></p>
      {!account.value && <p><button class="primary" onClick={() => void askForAccount()}>{t('content.connect')}</button></p>}
      {account.value && access && !access.granted && (
        <section class="card" data-access="denied">
          <h2>{t('content.missing')}</h2>
          {release > shop.value!.now && <p>{t('content.release', { time: time(release) })}</p>}
          {access.ways.length === 0 && <p>{t('content.nobody')}</p>}
          <div class="ways">
            {access.ways.map((way, index) => (
              <div key={index}>
                {index > 0 && <p class="or">{t('content.or')}</p>}
                <ul class="way">
                  {way.map((unmet, at) => {
                    const { words, run } = remedyFor(unmet);
                    return <li key={at}>{run ? <button class="primary" onClick={run}>{words}</button> : <span>{words}</span>}</li>;
                  })}
                </ul>
              </div>
            ))}
            {price !== null && <div><p class="or">{t('content.or')}</p><button class="primary" onClick={() => purchase(one.id)}>{t('content.buy', { price: amount(price, creator.value!.nativeUnit) })}</button></div>}
          </div>
        </section>
      )}
      {access?.granted && !opened && (
        <section class="card" data-access="granted">
          <p class="good">✓ {t('content.open')}</p>
          {gateway ? <p><button class="primary" disabled={step !== null} onClick={() => void unlock()}>{t('content.unlock')}</button></p> : <p>{t('content.nogateway')}</p>}
        </section>
      )}
      <div role="status">{step && <p class="busy">{step}</p>}{fault && <p class="fault">{fault}</p>}</div>
      {opened && (
        <section class="card" data-opened>
          <Viewer bytes={opened.bytes} name={titleOf(one)} />
          <p class="actions">
            <button onClick={() => saveFile(fileName(one), new Blob([opened.bytes as BlobPart]))}>{t('download')}</button>
            <button onClick={() => saveFile(`${fileName(one)}.key`, `${opened.unlocked.identity}\n`)}>{t('content.key')}</button>
          </p>
          <p class="help">{t('content.key.help')}</p>
        </section>
      )}
    </>
  );
}

/** A name for a file on any system. */
function fileName(one: NamedContent): string {
  return titleOf(one).replace(/[^\p{L}\p{N} ._-]+/gu, '').trim() || `content-${one.id}`;
}
