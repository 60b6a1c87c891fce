// The creator's profile (docs/server.md, "Profile"): what a page shows that no chain knows. The owner of the vault has signed it, so
// any host can serve it. The rules are those of client/patronage/src/profile.rs; a test holds both sides together.

import { sha256 } from '@noble/hashes/sha2.js';
import { accountOf, sameAccount, toAddress } from './address.js';
import { fromHex, isHex, toHex, utf8 } from './bytes.js';
import { PatronageError } from './errors.js';
import type { Address, Hex } from './types.js';
import type { Scheme, Signer } from './wallet.js';

/** A name and a description of a tier or of content. Both are plain text of a stranger. */
export interface Described { description: string; name: string }
/** A link to another page. The title is plain text; the address is http(s). */
export interface ProfileLink { title: string; url: string }

/** What a page shows of a creator. All texts are plain text of a stranger: never use them as markup. */
export interface Profile {
  /** Titles and descriptions of the content, by its numbers. */
  content: Described[];
  links: ProfileLink[];
  name: string;
  /** Address of a picture, or empty. */
  picture: string;
  /** Names and descriptions of the tiers, by their numbers. */
  tiers: Described[];
  /** What the creator says. */
  words: string;
}

/** Whose profile it is. */
export interface ProfileScope {
  /** Hash of the chain's first block. */
  genesis: Hex;
  vault: Address;
}

/** The most bytes of a file. */
const MOST_FILE = 64 * 1024;
/** The most characters of a name or a title, and of the words or a description. */
const [MOST_NAME, MOST_WORDS] = [120, 4000];
/** The most bytes of an address on the web. */
const MOST_URL = 1000;
const MOST_LINKS = 32;
const FORMAT = 1;

type Json = Record<string, unknown>;

function fail(words: string): PatronageError {
  return new PatronageError('Profile', words);
}

/** Reads an object that has exactly these members. */
function members(value: unknown, names: string[]): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw fail('this is not a profile: it has something else where an object must be');
  const found = Object.keys(value);
  const wrong = found.find((name) => !names.includes(name)) ?? names.find((name) => !found.includes(name));
  if (wrong !== undefined) throw fail(`this is not a profile: it must have ${names.join(', ')} there, and nothing else`);
  return value as Json;
}

function text(value: unknown): string {
  // Half a pair of surrogates has no UTF-8.
  if (typeof value !== 'string' || /\p{Surrogate}/u.test(value)) throw fail('this is not a profile: it has something else where a text must be');
  return value;
}

function list<T>(value: unknown, read: (item: unknown) => T): T[] {
  if (!Array.isArray(value)) throw fail('this is not a profile: it has something else where a list must be');
  return value.map(read);
}

function readDescribed(value: unknown): Described {
  const { description, name } = members(value, ['description', 'name']);
  return { description: text(description), name: text(name) };
}

function readLink(value: unknown): ProfileLink {
  const { title, url } = members(value, ['title', 'url']);
  return { title: text(title), url: text(url) };
}

/** Reads a profile member by member, in the order of their names. */
function readProfile(value: unknown): Profile {
  const { content, links, name, picture, tiers, words } = members(value, ['content', 'links', 'name', 'picture', 'tiers', 'words']);
  return {
    content: list(content, readDescribed), links: list(links, readLink), name: text(name), picture: text(picture),
    tiers: list(tiers, readDescribed), words: text(words),
  };
}

function short(place: string, value: string, most: number): void {
  const length = [...value].length;
  if (length > most) throw fail(`${place}: it has ${length} characters, but at most ${most} are possible`);
}

function webAddress(place: string, value: string): void {
  const length = utf8(value).length;
  if (length > MOST_URL) throw fail(`${place}: it has ${length} bytes, but at most ${MOST_URL} are possible`);
  if (!/^https?:\/\//.test(value) || /[\p{White_Space}\p{Cc}]/u.test(value)) throw fail(`${place}: write an address that begins with https://`);
}

/**
 * Checks the lengths and the addresses of a profile.
 *
 * @throws PatronageError with the code `Profile`, in words
 */
export function validateProfile({ content, links, name, picture, tiers, words }: Profile): void {
  if (/^\p{White_Space}*$/u.test(name)) throw fail('profile.name: it must not be empty');
  short('profile.name', name, MOST_NAME);
  short('profile.words', words, MOST_WORDS);
  if (picture !== '') webAddress('profile.picture', picture);
  if (links.length > MOST_LINKS) throw fail(`profile.links: there are ${links.length}, but at most ${MOST_LINKS} are possible`);
  for (const { title, url } of links) {
    short(`profile.links, "${title}"`, title, MOST_NAME);
    webAddress(`profile.links, "${title}"`, url);
  }
  for (const [what, all] of [['tier', tiers], ['content', content]] as const) {
    for (const one of all) short(`${what} "${one.name}": description`, one.description, MOST_WORDS);
  }
}

/**
 * The text that the owner signs. Its last line is the SHA-256 of the profile in the JSON Canonicalization Scheme (RFC 8785): members
 * in the order of their names, no white space, and the shortest escapes, as `JSON.stringify` writes texts.
 */
export function profileText(profile: Profile, { genesis, vault }: ProfileScope, account: Address): string {
  const canonical = JSON.stringify(readProfile(profile));
  return 'Patronage: publish this profile.\nThis moves no money and permits nothing else.\n\nVersion: patronage-profile-v1\n'
    + `Chain: ${genesis}\nVault: ${toHex(accountOf(vault))}\nAccount: ${toHex(accountOf(account))}\nProfile: ${toHex(sha256(utf8(canonical)))}`;
}

/**
 * Has the owner sign a profile.
 *
 * @returns the file `profile.json`
 * @throws PatronageError where a part is too long or no address; WalletError where nothing was signed
 */
export async function signProfile(profile: Profile, scope: ProfileScope, signer: Signer): Promise<string> {
  validateProfile(profile);
  const file = (signature: Hex) => `${JSON.stringify({
    format: FORMAT, genesis: scope.genesis, vault: toAddress(accountOf(scope.vault)), account: toAddress(accountOf(signer.address)),
    profile: readProfile(profile), scheme: signer.scheme, signature,
  }, null, 2)}\n`;
  const size = utf8(file(`0x${'0'.repeat(128)}`)).length;
  if (size > MOST_FILE) throw fail(`the profile has ${size} bytes, but at most ${MOST_FILE} are possible: shorten it`);
  return file(await signer.signText(profileText(profile, scope, signer.address)));
}

/**
 * Checks a profile: its form, its lengths, that it is for this chain and vault, and that the vault's owner has signed it.
 *
 * @param file text of `profile.json`
 * @param owner who owns the vault now: ask the chain
 * @throws PatronageError with the code `Profile`, in words
 */
export async function checkProfile(file: string, scope: ProfileScope, owner: Address): Promise<Profile> {
  if (utf8(file).length > MOST_FILE) throw fail(`the profile is too large: at most ${MOST_FILE} bytes are possible`);
  let parsed: unknown;
  try {
    parsed = JSON.parse(file);
  } catch (error) {
    throw new PatronageError('Profile', 'this is not a profile: it is no JSON', { cause: error });
  }
  const found = members(parsed, ['format', 'genesis', 'vault', 'account', 'profile', 'scheme', 'signature']);
  if (found['format'] !== FORMAT) throw fail(`the profile has format ${String(found['format'])}, but this SDK reads format ${FORMAT}`);
  const genesis = text(found['genesis']).toLowerCase();
  const [vault, account, signature, scheme] = (['vault', 'account', 'signature', 'scheme'] as const).map((name) => text(found[name])) as [string, string, string, string];
  if (!isHex(genesis) || genesis.length !== 66) throw fail('this is not a profile: genesis must be 0x and 64 hexadecimal digits');
  if (!isHex(signature) || signature.length !== 130) throw fail('this is not a profile: signature must be 0x and 128 hexadecimal digits');
  if (scheme !== 'sr25519' && scheme !== 'ed25519') throw fail('this is not a profile: scheme must be sr25519 or ed25519');
  const profile = readProfile(found['profile']);
  validateProfile(profile);
  if (genesis !== scope.genesis || !sameAddress(vault, scope.vault)) throw fail('the profile is for another creator: its chain or its vault is another one');
  if (!sameAddress(account, owner)) throw fail(`the profile is signed by ${account}, who does not own the vault`);
  if (!(await verifies(profileText(profile, { genesis, vault }, account), accountOf(account), scheme, fromHex(signature)))) {
    throw fail(`${account} has not signed this profile: write it again`);
  }
  return profile;
}

function sameAddress(one: string, other: Address): boolean {
  try {
    return sameAccount(one, other);
  } catch {
    return false;
  }
}

/** Whether an account has signed a text, as it is or wrapped as wallets do. */
async function verifies(message: string, account: Uint8Array, scheme: Scheme, signature: Uint8Array): Promise<boolean> {
  // Its secret is 0, which everyone knows.
  if (account.every((byte) => byte === 0)) return false;
  const check = scheme === 'sr25519'
    ? await import('@scure/sr25519').then(({ verify }) => (bytes: Uint8Array) => verify(bytes, signature, account))
    : await import('@noble/curves/ed25519').then(({ ed25519 }) => (bytes: Uint8Array) => ed25519.verify(signature, bytes, account, { zip215: false }));
  return [message, `<Bytes>${message}</Bytes>`].some((one) => {
    try {
      return check(utf8(one));
    } catch {
      // No key or no signature of this kind.
      return false;
    }
  });
}
