// Public keys as age writes them: bech32 without a limit of length.

const LETTERS = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';
const GENERATOR = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];

function polymod(values: number[]): number {
  let check = 1;
  for (const value of values) {
    const top = check >>> 25;
    check = ((check & 0x1ffffff) << 5) ^ value;
    for (let bit = 0; bit < 5; bit++) if ((top >>> bit) & 1) check ^= GENERATOR[bit]!;
  }
  return check >>> 0;
}

function regroup(values: Iterable<number>, from: number, to: number, pad: boolean): number[] | null {
  let held = 0;
  let bits = 0;
  const out: number[] = [];
  for (const value of values) {
    held = ((held << from) | value) & 0xfff;
    bits += from;
    while (bits >= to) {
      bits -= to;
      out.push((held >> bits) & ((1 << to) - 1));
    }
  }
  const rest = held & ((1 << bits) - 1);
  if (pad) return bits > 0 ? [...out, (rest << (to - bits)) & ((1 << to) - 1)] : out;
  return bits >= from || rest !== 0 ? null : out;
}

const spread = (prefix: string) => [...[...prefix].map((c) => c.charCodeAt(0) >> 5), 0, ...[...prefix].map((c) => c.charCodeAt(0) & 31)];

/** The text `age1...` of a public key of 32 bytes. */
export function toRecipient(key: Uint8Array): string {
  const values = regroup(key, 8, 5, true)!;
  const check = polymod([...spread('age'), ...values, 0, 0, 0, 0, 0, 0]) ^ 1;
  const sums = [0, 1, 2, 3, 4, 5].map((index) => (check >>> (5 * (5 - index))) & 31);
  return `age1${[...values, ...sums].map((value) => LETTERS[value]).join('')}`;
}

/** The 32 bytes of a public key, or null where the text is none. */
export function fromRecipient(text: string): Uint8Array | null {
  if (!/^age1[02-9ac-hj-np-z]{58}$/.test(text)) return null;
  const values = [...text.slice(4)].map((letter) => LETTERS.indexOf(letter));
  if (polymod([...spread('age'), ...values]) !== 1) return null;
  const bytes = regroup(values.slice(0, -6), 5, 8, false);
  return bytes ? Uint8Array.from(bytes) : null;
}
