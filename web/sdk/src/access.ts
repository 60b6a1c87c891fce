// Why someone may open content or not, as data that a page can turn into buttons.

import { sameAccount } from './address.js';
import type { Access, Condition, Missing, Shortfall } from './generated/registry.js';
import type { Address } from './types.js';
import type { Unit } from './units.js';
import { fill, wordOf, type WordUnits } from './words.js';

/** What would meet a condition. Amounts are in smallest units of what they are about. */
export type Remedy =
  | { do: 'buy'; tokens: bigint }
  | { do: 'stake'; tokens: bigint }
  | { do: 'buyOrStake'; tokens: bigint }
  | { do: 'subscribe'; level: number }
  | { do: 'switch'; level: number }
  | { do: 'keepSubscribed'; until: bigint }
  | { do: 'tip'; amount: bigint }
  | { do: 'purchase'; content: number; price: bigint }
  | { do: 'wait'; until: bigint };

/** A condition that does not hold. */
export interface Unmet {
  condition: Condition;
  shortfall: Shortfall;
  /** What is missing, in the command's words. */
  words: string;
  /** What meets it here; null where the reader can do nothing, or has to do it elsewhere. */
  remedy: Remedy | null;
  /** Another creator's contract that the condition asks; null for this creator's own. */
  elsewhere: Address | null;
}

/** Whether an account may open content. */
export type AccessAnswer =
  | { granted: true; by: 'everyone' | 'rule' | 'purchase'; rule: number | null }
  /** Each way in says all that it lacks; one way is enough. Without any, nobody can get in now. */
  | { granted: false; ways: Unmet[][]; words: string };

/** What the words and remedies depend on. */
export interface AccessContext {
  token: Address;
  vault: Address;
  units: WordUnits;
  /** Unit of a token that a rule names. */
  unitOf: (token: Address) => Unit;
  /** Time of the block at which it was asked, in ms. */
  now: bigint;
}

/** What the registry answered, with words and remedies. */
export function explainAccess(access: Access, context: AccessContext): AccessAnswer {
  if (access.type === 'Granted') {
    const grant = access.value;
    if (grant.type === 'Everyone') return { granted: true, by: 'everyone', rule: null };
    return grant.type === 'Rule' ? { granted: true, by: 'rule', rule: grant.value } : { granted: true, by: 'purchase', rule: null };
  }
  const ways = access.value.map((way) => way.map((missing) => unmet(missing, context)));
  return { granted: false, ways, words: deniedWords(ways.map((way) => way.map(({ words }) => words))) };
}

/** What access takes, as one sentence. */
export function deniedWords(ways: string[][]): string {
  if (ways.length === 0) return wordOf('access', 'nobody');
  const { before, and, or } = wordOf('access', 'joins');
  return before + ways.map((way) => way.join(and)).join(or);
}

function unmet({ condition, shortfall }: Missing, context: AccessContext): Unmet {
  return {
    condition,
    shortfall,
    words: missingWords({ condition, shortfall }, context.units, context.unitOf),
    elsewhere: elsewhere(condition, context),
    remedy: elsewhere(condition, context) ? null : remedy(condition, shortfall, context.now),
  };
}

/** A contract that a condition asks, where it is not the creator's own. */
function elsewhere(condition: Condition, { token, vault }: AccessContext): Address | null {
  if ('token' in condition && !sameAccount(condition.token, token)) return condition.token;
  if ('vault' in condition && !sameAccount(condition.vault, vault)) return condition.vault;
  return null;
}

function remedy(condition: Condition, shortfall: Shortfall, now: bigint): Remedy | null {
  switch (shortfall.type) {
    case 'Amount':
      switch (condition.type) {
        case 'Holds': return { do: 'buy', tokens: shortfall.shortBy };
        case 'Staked': return { do: 'stake', tokens: shortfall.shortBy };
        case 'HoldsOrStaked': return { do: 'buyOrStake', tokens: shortfall.shortBy };
        case 'Tipped': return { do: 'tip', amount: shortfall.shortBy };
        default: return null;
      }
    case 'Subscription': {
      if (condition.type !== 'Subscribed' && condition.type !== 'SubscribedFor') return null;
      const { level } = condition;
      if (shortfall.ended !== null || shortfall.level === 0) return { do: 'subscribe', level };
      return shortfall.level < level ? { do: 'switch', level } : { do: 'keepSubscribed', until: now + shortfall.wait };
    }
    case 'Time':
      return { do: 'wait', until: now + shortfall.wait };
    case 'Purchase':
      return shortfall.price === null || condition.type !== 'Bought' ? null : { do: 'purchase', content: condition.content, price: shortfall.price };
    default:
      return null;
  }
}

/** What a condition still lacks, in the command's words. */
export function missingWords({ condition, shortfall }: Missing, units: WordUnits, unitOf: (token: Address) => Unit): string {
  const say = (name: string, values: Record<string, unknown>, unit = units.unit) => fill(wordOf('access', name), values, { ...units, unit });
  switch (shortfall.type) {
    case 'Amount': {
      const name = ['Tipped', 'Staked', 'HoldsOrStaked'].includes(condition.type) ? condition.type : 'Holds';
      return say(name, { ...shortfall }, condition.type === 'Holds' ? unitOf(condition.token) : units.token);
    }
    case 'Subscription': {
      const needed = 'level' in condition ? condition.level : 0;
      const { level, ended, wait } = shortfall;
      const name = ended !== null ? 'ended' : level === 0 ? 'none' : level < needed ? 'lower' : 'wait';
      return say(`Subscription.${name}`, { needed, level, wait });
    }
    case 'Purchase':
      return say(shortfall.price === null ? 'Purchase.none' : 'Purchase', { price: shortfall.price });
    default:
      return say(shortfall.type, { ...shortfall });
  }
}
