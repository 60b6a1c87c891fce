// <patronage-gate content="7"> hides a part of a site from who may not open content 7, and <patronage-support> is a button.
//
//   <script src="patronage.js" data-page="https://mira.example/" data-creator="mira"></script>
//
// `data-page` is the address of the creator's page, whose page.json says where the contracts are. What is missing is done there: the
// gate opens the page in a window, and looks again when the visitor comes back. A gate is a courtesy and no protection: what is in the
// HTML can be read in its source. What must stay secret is encrypted content, which the page opens.

import de from './words/de.json';
import en from './words/en.json';
import es from './words/es.json';
import { connect, type AccessAnswer, type Patronage } from '@patronage/sdk';

const script = document.currentScript as HTMLScriptElement | null;
const base = new URL(script?.dataset['page'] ?? './', location.href);
const name = script?.dataset['creator'];
const KEPT = 'patronage-account';

interface Config { creators: { name: string; title: string; node: string; deployment: unknown }[] }

const WORDS = { en, de, es };
type Words = typeof en;

function wordsFor(element: Element): Words {
  const language = (element.closest('[lang]')?.getAttribute('lang') ?? navigator.language).slice(0, 2);
  return WORDS[language as keyof typeof WORDS] ?? WORDS.en;
}

let config: Promise<Config> | null = null;
let creator: Promise<Patronage> | null = null;

function readConfig(): Promise<Config> {
  config ??= fetch(new URL('page.json', base)).then((response) => response.json() as Promise<Config>);
  config.catch(() => (config = null));
  return config;
}

async function chosen() {
  const { creators } = await readConfig();
  const found = name ? creators.find((one) => one.name === name) : creators[0];
  if (!found) throw new Error(`the page at ${base.href} shows no creator ${name ?? ''}`);
  return found;
}

function connected(): Promise<Patronage> {
  creator ??= chosen().then(({ node, deployment }) => connect({ node, deployment }));
  creator.catch(() => (creator = null));
  return creator;
}

function pageAt(view: string): string {
  const url = new URL(base);
  url.hash = name ? `#/${encodeURIComponent(name)}/${view}` : `#/${view}`;
  return url.href;
}

function openPage(view: string): void {
  window.open(pageAt(view), 'patronage', 'width=520,height=820');
}

interface Injectable { enable(app: string): Promise<{ accounts: { get(): Promise<{ address: string }[]> } }> }

/** Addresses that wallets show this site. Only asked for after a click, and from then on. */
async function addresses(): Promise<string[]> {
  const injected = Object.values(((window as any).injectedWeb3 ?? {}) as Record<string, Injectable>);
  const lists = await Promise.all(injected.map((one) => one.enable(document.title).then(({ accounts }) => accounts.get()).catch(() => [])));
  return lists.flat().map(({ address }) => address);
}

function button(text: string, kind: string, run: () => void): HTMLButtonElement {
  const made = document.createElement('button');
  Object.assign(made, { type: 'button', textContent: text, onclick: run });
  made.setAttribute('part', kind);
  return made;
}

const STYLE = new CSSStyleSheet();
STYLE.replaceSync(`:host{display:block}:host([hidden]){display:none}
.gate{border:1px solid color-mix(in srgb,currentColor 25%,transparent);border-radius:1rem;padding:1rem 1.2rem;display:flex;flex-wrap:wrap;gap:.6rem;align-items:center}
p{margin:0;flex:1 1 12rem}button{font:inherit;font-weight:600;padding:.55rem 1rem;border-radius:.7rem;border:1px solid currentColor;background:none;color:inherit;cursor:pointer}
button[part=primary]{background:#a21f5b;border-color:#a21f5b;color:#fff}button:focus-visible{outline:3px solid;outline-offset:2px}`);

/** A lock over what is between its tags. */
class Gate extends HTMLElement {
  static observedAttributes = ['content'];
  readonly #root = this.attachShadow({ mode: 'open' });
  #look = () => void (document.visibilityState === 'visible' && this.#check());

  connectedCallback(): void {
    this.#root.adoptedStyleSheets = [STYLE];
    addEventListener('focus', this.#look);
    this.#show(false, wordsFor(this).locked);
    if (sessionStorage.getItem(KEPT)) void this.#check();
  }

  disconnectedCallback(): void {
    removeEventListener('focus', this.#look);
  }

  get #content(): number {
    return Number(this.getAttribute('content'));
  }

  #show(granted: boolean, words: string): void {
    if (granted) {
      this.#root.replaceChildren(document.createElement('slot'));
      this.setAttribute('open', '');
      return;
    }
    this.removeAttribute('open');
    const box = Object.assign(document.createElement('div'), { className: 'gate' });
    const text = Object.assign(document.createElement('p'), { textContent: words });
    text.setAttribute('role', 'status');
    const own = wordsFor(this);
    box.append(text, button(own.check, 'primary', () => {
      sessionStorage.setItem(KEPT, 'yes');
      void this.#check();
    }), button(own.open, 'second', () => openPage(`content/${this.#content}`)));
    this.#root.replaceChildren(box);
  }

  async #check(): Promise<void> {
    if (!sessionStorage.getItem(KEPT)) return;
    const words = wordsFor(this);
    if (!this.hasAttribute('open')) this.#show(false, words.busy);
    try {
      const [of, list] = await Promise.all([connected(), addresses()]);
      if (list.length === 0) return this.#show(false, words.none);
      let last: AccessAnswer | null = null;
      for (const address of list) {
        last = await of.check(this.#content, address).catch(() => null);
        if (last?.granted) break;
      }
      this.#show(last?.granted ?? false, last && !last.granted ? words.locked : words.lost);
      this.dispatchEvent(new CustomEvent('patronage-access', { bubbles: true, detail: last }));
    } catch {
      this.#show(false, words.lost);
    }
  }
}

/** A button that opens the creator's page. */
class Support extends HTMLElement {
  connectedCallback(): void {
    const root = this.shadowRoot ?? this.attachShadow({ mode: 'open' });
    root.adoptedStyleSheets = [STYLE];
    root.replaceChildren(button(this.textContent?.trim() || wordsFor(this).support, 'primary', () => openPage(this.getAttribute('view') ?? 'join')));
  }
}

customElements.define('patronage-gate', Gate);
customElements.define('patronage-support', Support);
