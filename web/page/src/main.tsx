// The page: header, the view that the address names, dialogs.

import { effect, signal } from '@preact/signals';
import { render } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { askForAccount, reconnect } from './accounts.js';
import { readConfig } from './config.js';
import { Connect } from './connect.js';
import { LANGUAGES, language, preferred, setLanguage, t, type Key, type Language } from './i18n.js';
import { resume, resumed } from './pending.js';
import { route, to } from './route.js';
import { Sheet } from './sheet.js';
import { account, creator, creatorConfig, failure, isManager, lost, open, refresh, shop, start } from './state.js';
import { Content } from './views/content.js';
import { Home } from './views/home.js';
import { Join } from './views/join.js';
import { Me } from './views/me.js';
import { Token } from './views/token.js';
import './style.css';

type Theme = 'auto' | 'light' | 'dark';
const theme = signal<Theme>((localStorage.getItem('theme') as Theme | null) ?? 'auto');
effect(() => {
  document.documentElement.dataset['theme'] = theme.value;
  localStorage.setItem('theme', theme.value);
});

const VIEWS: Record<string, [Key, () => any]> = {
  '': ['nav.home', Home], join: ['nav.join', Join], token: ['nav.token', Token], content: ['nav.content', Content], me: ['nav.me', Me],
};

/** A view that is loaded when it is wanted: fans need none of it. */
function Later({ load, part }: { load: () => Promise<Record<string, any>>; part: string }) {
  const [View, setView] = useState<any>(null);
  useEffect(() => void load().then((module) => setView(() => module[part])), [part]);
  return View ? <View /> : <p class="busy" role="status">{t('loading')}</p>;
}

function View() {
  const { view } = route.value;
  if (view === 'launch') return <Later load={() => import('./views/launch.js')} part="Launch" />;
  if (failure.value) return <section class="card" role="alert"><h1>{t('unreachable')}</h1><p class="fault">{failure.value}</p><p><button class="primary" onClick={() => void open()}>{t('retry')}</button></p></section>;
  if (!shop.value) return <p class="busy" role="status">{t('loading')}</p>;
  if (view === 'studio') return <Later load={() => import('./views/studio/index.js')} part="Studio" />;
  const Found = (VIEWS[view] ?? VIEWS['']!)[1];
  return <Found />;
}

function Page() {
  const { view } = route.value;
  const title = creatorConfig.value?.title ?? 'Patronage';
  useEffect(() => void (document.title = title), [title]);
  const shown = [...Object.entries(VIEWS).map(([name, [key]]) => [name, key] as const), ...(isManager.value || view === 'studio' ? [['studio', 'nav.studio'] as const] : [])];
  return (
    <>
      <a class="skip" href="#main" onClick={(event) => { event.preventDefault(); document.getElementById('main')?.focus(); }}>{t('skip')}</a>
      <header class="top">
        <a class="brand" href={to('')}>{title}</a>
        <nav aria-label={title}>
          {shown.map(([name, key]) => <a key={name} href={to(name)} {...(view === name ? { 'aria-current': 'page' } : {})}>{t(key)}</a>)}
        </nav>
        {account.value
          ? <a class="button small who" href={to('me')}>{account.value.name ?? account.value.address.slice(0, 8)}</a>
          : <button class="small primary who" disabled={!creator.value} onClick={() => void askForAccount()}>{t('wallet.connect')}</button>}
      </header>
      <main id="main" tabIndex={-1}>
        <div role="status">{lost.value && !failure.value && <p class="note">{t('lost')} <button class="small" onClick={() => void refresh()}>{t('retry')}</button></p>}</div>
        {resumed.value.map((one, index) => (
          <p key={index} class="note" role="status" data-resumed={one.state}><b>{t('pending.title')}: {one.title}.</b> {t(`pending.${one.state}` as Key)}</p>
        ))}
        <View />
      </main>
      <footer class="bottom">
        {shop.value && <p><span class={`badge ${shop.value.verified ? 'good' : ''}`} title={t('home.verified.help')}>{shop.value.verified ? `✓ ${t('home.verified')}` : t('home.unverified')}</span></p>}
        <p>{t('footer')}</p>
        <p class="choices">
          <label>{t('language')} <select value={language.value} onChange={(event) => void setLanguage(event.currentTarget.value as Language)}>{Object.entries(LANGUAGES).map(([tag, name]) => <option key={tag} value={tag} lang={tag}>{name}</option>)}</select></label>
          <label>{t('theme')} <select value={theme.value} onChange={(event) => (theme.value = event.currentTarget.value as Theme)}>{(['auto', 'light', 'dark'] as const).map((name) => <option key={name} value={name}>{t(`theme.${name}`)}</option>)}</select></label>
        </p>
      </footer>
      <Connect />
      <Sheet />
    </>
  );
}

async function begin(): Promise<void> {
  const root = document.getElementById('app')!;
  await setLanguage(preferred()).catch(() => {});
  try {
    start(await readConfig());
  } catch (error) {
    failure.value = (error as Error).message;
  }
  render(<Page />, root);
  let known: unknown = null;
  effect(() => {
    const of = creator.value;
    if (!of || of === known) return;
    known = of;
    void reconnect(of.chain.genesis);
    void resume();
  });
}

void begin();
