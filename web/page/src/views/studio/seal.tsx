// Encrypting a file in the browser, and handing over what the gateway needs of it.

import { useRef, useState } from 'preact/hooks';
import type { Sealed } from '@patronage/sdk';
import { number, t } from '../../i18n.js';
import { account, creator } from '../../state.js';
import { Field, saveFile, TextField, wordsOf } from '../../ui.js';

/** An encrypted file with the name by which the registry finds it. */
export interface NamedFile { sealed: Sealed; uri: string }

/** Whether a text can be the URI of a file: a name at the gateway, or an address of the web. */
export function isUri(text: string): boolean {
  return /^[A-Za-z0-9._-]+$/.test(text) || /^https?:\/\/[^\s]+$/.test(text);
}

/** Chooses a file, encrypts it to a fresh key, and offers the encrypted file and the key. */
export function SealFile({ onSealed, first = '' }: { onSealed: (file: NamedFile | null) => void; first?: string }) {
  const [file, setFile] = useState<File | null>(null);
  const [name, setName] = useState(first);
  const [sealed, setSealed] = useState<Sealed | null>(null);
  const [share, setShare] = useState<number | null>(null);
  const [fault, setFault] = useState<string | null>(null);
  const put = (found: Sealed | null, uri: string) => {
    setSealed(found);
    onSealed(found && isUri(uri) ? { sealed: found, uri } : null);
  };
  const encrypt = async () => {
    if (!file) return;
    setFault(null);
    try {
      const { seal } = await import('@patronage/sdk/content');
      put(await seal(file, (bytes) => setShare(file.size === 0 ? 1 : bytes / file.size)), name);
    } catch (error) {
      setFault(wordsOf(error));
    }
    setShare(null);
  };
  return (
    <>
      <Field label={t('studio.file')}>
        {(props) => (
          <input {...props} type="file" onChange={(event) => {
            const chosen = event.currentTarget.files?.[0] ?? null;
            const called = chosen && first === '' ? `${chosen.name.replace(/[^A-Za-z0-9._-]+/g, '-')}.age` : name;
            setFile(chosen);
            setName(called);
            put(null, called);
          }} />
        )}
      </Field>
      <TextField label={t('studio.name')} text={name} fault={name !== '' && !isUri(name) ? t('error.uri') : null} onText={(text) => { setName(text); put(sealed, text); }} />
      <p class="actions"><button type="button" class={sealed ? '' : 'primary'} disabled={!file || share !== null} onClick={() => void encrypt()}>{t('studio.seal')}</button></p>
      <div role="status">{share !== null && <p class="busy">{number(Math.round(share * 100))} %</p>}{fault && <p class="fault">{fault}</p>}</div>
      {sealed && (
        <div data-sealed>
          {creator.value!.server && <Upload key={`${sealed.recipient} ${name}`} sealed={sealed} name={name} />}
          <p>{t('studio.sealed')}</p>
          <p class="actions">
            <button type="button" onClick={() => saveFile(name, sealed.encrypted)}>{t('studio.sealed.file')}</button>
            <button type="button" onClick={() => saveFile(`${sealed.recipient}.key`, `${sealed.identity}\n`)}>{t('studio.sealed.key')}</button>
          </p>
        </div>
      )}
    </>
  );
}

/** Sends the encrypted file and its key to the creator's own gateway, after a sign-in by the wallet. */
function Upload({ sealed, name }: { sealed: Sealed; name: string }) {
  const { chain, deployment, server } = creator.value!;
  const [share, setShare] = useState<number | null>(null);
  const [done, setDone] = useState(false);
  const [fault, setFault] = useState<string | null>(null);
  const running = useRef<AbortController | null>(null);
  const named = /^[A-Za-z0-9._-]+$/.test(name);
  const send = async () => {
    const signer = account.value;
    if (!server || !signer) return;
    setFault(null);
    setShare(0);
    const stop = new AbortController();
    running.current = stop;
    try {
      const { upload } = await import('@patronage/sdk/content');
      await server.signIn(signer, { genesis: chain.genesis, registry: deployment.registry });
      await upload(server, sealed, name, { signal: stop.signal, onProgress: (sent, length) => setShare(sent / length) });
      setDone(true);
    } catch (error) {
      setFault(stop.signal.aborted ? t('studio.upload.stopped') : wordsOf(error));
    }
    setShare(null);
  };
  return (
    <div data-upload>
      <p class="actions">
        <button type="button" class={done ? '' : 'primary'} disabled={!named || !account.value || share !== null || done} onClick={() => void send()}>{t('studio.upload')}</button>
        {share !== null && <button type="button" onClick={() => running.current?.abort()}>{t('studio.upload.stop')}</button>}
      </p>
      <div role="status">
        {share !== null && <p class="busy">{number(Math.round(share * 100))} %</p>}
        {done && <p>{t('studio.uploaded')}</p>}
        {fault && <p class="fault">{fault}</p>}
      </div>
    </div>
  );
}
