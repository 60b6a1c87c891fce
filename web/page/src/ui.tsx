// Small parts of all views.

import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { parseAmount, type Address, type Unit } from '@patronage/sdk';
import { errorWords, t } from './i18n.js';

/** A dialog above the page. Escape and the button close it; the focus comes back to where it was. */
export function Dialog({ title, onClose, children }: { title: string; onClose: () => void; children: ComponentChildren }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const before = document.activeElement as HTMLElement | null;
    dialog.current?.showModal();
    return () => before?.focus?.();
  }, []);
  return (
    <dialog ref={dialog} aria-labelledby={id} onCancel={(event) => { event.preventDefault(); onClose(); }}>
      <header>
        <h2 id={id}>{title}</h2>
        <button class="plain" onClick={onClose} aria-label={t('close')}>✕</button>
      </header>
      {children}
    </dialog>
  );
}

/** A form's field with its label, help and fault. */
export function Field({ label, help, fault, children }: { label: string; help?: string; fault?: string | null; children: (props: { id: string; 'aria-describedby'?: string; 'aria-invalid'?: boolean }) => ComponentChildren }) {
  const id = useId();
  const about = help || fault ? `${id}-about` : undefined;
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children({ id, ...(about ? { 'aria-describedby': about } : {}), ...(fault ? { 'aria-invalid': true } : {}) })}
      {about && <p id={about} class={fault ? 'fault' : 'help'}>{fault ?? help}</p>}
    </div>
  );
}

/** An amount in whole units. */
export function AmountField({ label, unit, text, onText, help }: { label: string; unit: Unit; text: string; onText: (text: string) => void; help?: string }) {
  const fault = text !== '' && readAmount(text, unit) === null ? t('error.amount') : null;
  return (
    <Field label={label} {...(help ? { help } : {})} fault={fault}>
      {(props) => (
        <div class="amount">
          <input {...props} inputMode="decimal" autocomplete="off" value={text} onInput={(event) => onText(event.currentTarget.value)} />
          <span>{unit.symbol}</span>
        </div>
      )}
    </Field>
  );
}

/** What was typed, in smallest units; null where it is no amount, or zero. A comma counts as a point. */
export function readAmount(text: string, unit: Unit): bigint | null {
  try {
    const found = parseAmount(text.trim().replace(',', '.'), unit.decimals);
    return found > 0n ? found : null;
  } catch {
    return null;
  }
}

/** A text field. */
export function TextField({ label, text, onText, help, fault, long, type }: { label: string; text: string; onText: (text: string) => void; help?: string; fault?: string | null; long?: boolean; type?: 'date' | 'datetime-local' }) {
  return (
    <Field label={label} {...(help ? { help } : {})} fault={fault ?? null}>
      {(props) => long
        ? <textarea {...props} rows={3} value={text} onInput={(event) => onText(event.currentTarget.value)} />
        : type
          ? <input {...props} type={type} value={text} onInput={(event) => onText(event.currentTarget.value)} />
          : <input {...props} type="text" autocomplete="off" value={text} onInput={(event) => onText(event.currentTarget.value)} />}
    </Field>
  );
}

/** An address, shortened for eyes and whole for others. */
export function Account({ address }: { address: Address }) {
  return <code title={address}><span aria-hidden="true">{address.slice(0, 6)}…{address.slice(-6)}</span><span class="hidden">{address}</span></code>;
}

/** A button that copies a text. */
export function Copy({ text }: { text: string }) {
  const [copied, setCopied] = useState(false);
  return (
    <button class="small" onClick={() => void navigator.clipboard.writeText(text).then(() => setCopied(true), () => {})}>
      <span role="status">{copied ? t('copied') : t('copy')}</span>
    </button>
  );
}

/** Names and values. */
export function Lines({ lines }: { lines: (readonly [string, ComponentChildren])[] }) {
  return <dl class="lines">{lines.map(([name, value]) => <div key={name}><dt>{name}</dt><dd>{value}</dd></div>)}</dl>;
}

/** Offers a file made on this page. */
export function saveFile(name: string, content: Blob | string): void {
  const url = URL.createObjectURL(typeof content === 'string' ? new Blob([content]) : content);
  const link = Object.assign(document.createElement('a'), { href: url, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** What went wrong, in words. */
export function wordsOf(error: unknown): string {
  return errorWords(error);
}
