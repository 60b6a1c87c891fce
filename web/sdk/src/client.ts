// A creator's contracts on a chain, and what people do with them.

import { accountOf, sameAccount, toAddress } from './address.js';
import { explainAccess, type AccessAnswer, type AccessContext } from './access.js';
import { textOf, utf8 } from './bytes.js';
import { Chain, noContract } from './chain.js';
import { Contract, contractError, type Call } from './contract.js';
import { readDeployment, type Addresses, type Deployment } from './deployment.js';
import { ChainError, PatronageError, type ContractError } from './errors.js';
import { CODE_HASHES } from './generated/codes.js';
import { registryInterface, type Audience, type Content, type RegistryMessages, type Terms } from './generated/registry.js';
import { tokenInterface, type Sale, type TokenMessages, type Trade } from './generated/token.js';
import { vaultInterface, type Asset, type Fan, type Tier, type VaultMessages } from './generated/vault.js';
import { SLIPPAGE_PERCENT } from './generated/words.js';
import { Plan } from './plan.js';
import type { Profile } from './profile.js';
import { cost, less, more, subscribeQuote, unearned, type BuyQuote, type CancelQuote, type SellQuote, type SubscribeQuote } from './quotes.js';
import { Rpc } from './rpc.js';
import type { Interface } from './scale.js';
import { CreatorServer } from './server.js';
import { listFans, type FanPage } from './state.js';
import type { ContractEvent, Pending, Receipt, Transactor } from './transact.js';
import type { Address, Hex } from './types.js';
import type { Unit } from './units.js';
import type { UnlockOptions, Unlocked } from './unlock.js';
import type { Signer } from './wallet.js';

/** Where to connect. */
export interface ConnectOptions {
  /** ws:// or wss:// address of a node. */
  node: string;
  /** A deployment file, as `JSON.parse` gives it, or the addresses of the three contracts. */
  deployment: Deployment | Addresses | unknown;
  /** Address of the creator's server, which knows history and serves content. */
  server?: string;
  /** Whether the browser keeps the chain's metadata; yes unless it is said. */
  cacheMetadata?: boolean;
  /** How long an answer of the node may take, in ms. */
  patience?: number;
}

/** A tier with what it is called and paid in. */
export interface NamedTier extends Tier { id: number; name: string | null; unit: Unit }
/** Content with what it is called. */
export interface NamedContent { id: number; title: string | null; content: Content & { uriText: string }; terms: Terms }

/** The longest symbol that is shown; what is longer, or has signs that nobody sees, comes with the token's address. */
const SYMBOL = /^[\p{L}\p{N}\p{Sc}\p{P}\p{So}\p{Sm}]{1,16}$/u;

/** A creator's contracts. */
export class Patronage {
  readonly token: Contract<TokenMessages>;
  readonly vault: Contract<VaultMessages>;
  readonly registry: Contract<RegistryMessages>;
  /** The creator's server, where one is known. */
  readonly server: CreatorServer | null;
  #transactor: Promise<Transactor> | null = null;
  #units = new Map<Address, Promise<Unit>>();

  private constructor(
    /** The chain behind the node. */
    readonly chain: Chain,
    /** What was connected by. */
    readonly deployment: Deployment | Addresses,
    /** Unit of the creator token. */
    readonly tokenUnit: Unit,
    private readonly options: ConnectOptions,
  ) {
    const { token, vault, registry } = deployment;
    this.token = this.#contract(token, tokenInterface, tokenUnit);
    this.vault = this.#contract(vault, vaultInterface, chain.unit);
    this.registry = this.#contract(registry, registryInterface, chain.unit);
    this.server = options.server ? new CreatorServer(options.server) : null;
  }

  /**
   * Connects to a node and asks for the units of money. No metadata is loaded before something is sent.
   *
   * @throws ChainError where the node can't be reached, there are no such contracts, or it is another chain
   */
  static async connect(options: ConnectOptions): Promise<Patronage> {
    const deployment = readDeployment(options.deployment);
    const rpc = new Rpc(options.node, options.patience);
    try {
      const chain = await Chain.connect(rpc, deployment.token);
      if ('genesis' in deployment && deployment.genesis !== chain.genesis) {
        throw new ChainError('OtherChain', 'the deployment file is for another chain: choose that one');
      }
      const found = await Promise.all([deployment.vault, deployment.registry].map((contract) => chain.contractInfo(contract)));
      const missing = found.findIndex((info) => !info);
      if (missing >= 0) throw noContract([deployment.vault, deployment.registry][missing]!);
      const token = new Contract<TokenMessages>(chain, deployment.token, tokenInterface, () => units(chain.unit, chain.unit, chain.unit));
      const [symbol, decimals] = await Promise.all([token.query.tokenSymbol(), token.query.tokenDecimals()]);
      return new Patronage(chain, deployment, unitNamed(symbol, decimals, deployment.token, chain.unit), options);
    } catch (error) {
      rpc.close();
      throw error;
    }
  }

  /** Ends all connections. */
  async close(): Promise<void> {
    const transactor = this.#transactor;
    this.#transactor = null;
    await (await transactor?.catch(() => null))?.close();
    this.chain.rpc.close();
  }

  /** The chain's own unit. */
  get nativeUnit(): Unit {
    return this.chain.unit;
  }

  /**
   * Whether the contracts have the codes of the build that this SDK was made from.
   *
   * @returns for each contract the hash on the chain, and whether it is ours
   */
  async verify(): Promise<Record<'token' | 'vault' | 'registry', { codeHash: Hex; ours: boolean }>> {
    const one = async (name: 'token' | 'vault' | 'registry') => {
      const info = await this.chain.contractInfo(this.deployment[name]);
      if (!info) throw noContract(this.deployment[name]);
      return { codeHash: info.codeHash, ours: info.codeHash === CODE_HASHES[this.chain.width][name].code };
    };
    const [token, vault, registry] = await Promise.all([one('token'), one('vault'), one('registry')]);
    return { token, vault, registry };
  }

  /** A plan of calls that are made by hand, such as `plan({}, vault.call.grant({ .. }))`. */
  plan<Quote>(quote: Quote, ...calls: Call[]): Plan<Quote> {
    return new Plan(quote, calls, { chain: this.chain, transactor: () => this.#load() });
  }

  /** Looks for a transaction that was signed before, such as by a page that was closed meanwhile. */
  async find(pending: Pending): Promise<Receipt | null> {
    return (await this.#load()).find(pending);
  }

  /**
   * Tells the contracts' events of every block from now on.
   *
   * @param onError told once where it can't go on, such as when the connection is lost: begin anew then
   * @param kind whether blocks count once they stay (the default), or as soon as they are there
   * @returns what stops it
   */
  async watch(
    onEvents: (events: ContractEvent[], block: Hex) => void, onError: (error: Error) => void = () => {}, kind: 'finalized' | 'best' = 'finalized',
  ): Promise<() => void> {
    return (await this.#load()).watch(onEvents, onError, kind);
  }

  // What there is

  /** All tiers with their names. */
  async tiers(): Promise<NamedTier[]> {
    const count = await this.vault.query.tierCount();
    return Promise.all(Array.from({ length: count }, (_, id) => this.tier(id)));
  }

  /** The tier with this number. */
  async tier(id: number): Promise<NamedTier> {
    const tier = await this.vault.query.tier({ id });
    if (!tier) throw new PatronageError('UnknownTier', `there is no tier #${id}`);
    return { ...tier, id, name: names(this.deployment, 'tiers')[id] ?? null, unit: await this.unitOf(tier.terms.asset) };
  }

  /** Content by numbers from `first` on, at most `count` pieces. */
  async contents(first = 0, count = 50): Promise<NamedContent[]> {
    const all = await this.registry.query.contentCount();
    const ids = Array.from({ length: Math.max(0, Math.min(count, all - first)) }, (_, index) => first + index);
    return Promise.all(ids.map((id) => this.content(id)));
  }

  /** One piece of content. */
  async content(id: number): Promise<NamedContent> {
    const [content, terms] = await Promise.all([this.registry.query.content({ id }), this.registry.query.terms({ id })]);
    if (!content || !terms) throw new PatronageError('UnknownContent', `there is no content #${id}`);
    return { id, title: names(this.deployment, 'content')[id] ?? null, content: { ...content, uriText: textOf(content.uri) }, terms };
  }

  /** State of the sale: price line, sold, fees, launch guard. */
  async sale(): Promise<Sale> {
    return this.token.query.curve();
  }

  /** What an account has: native money and creator tokens. */
  async balances(account: Address): Promise<{ native: bigint; tokens: bigint }> {
    const [{ free }, tokens] = await Promise.all([this.chain.funds(account), this.token.query.balanceOf({ owner: account })]);
    return { native: free, tokens };
  }

  /** What the vault keeps of an account. */
  async fan(account: Address): Promise<Fan> {
    return this.vault.query.fan({ account });
  }

  /**
   * Everyone the vault keeps something of, from the chain's state. The server, where there is one, sorts and filters.
   *
   * @param from the page before, to go on behind it
   */
  async fans(count = 100, from?: { next: Hex; at: Hex }): Promise<FanPage> {
    return listFans(this.chain, this.deployment.vault, count, from);
  }

  /** Unit of an asset. Of a token that does not say how it is called, these are smallest units with its address. */
  async unitOf(asset: Asset): Promise<Unit> {
    if (asset.type === 'Native') return this.chain.unit;
    const token = asset.value;
    if (sameAccount(token, this.deployment.token)) return this.tokenUnit;
    const known = this.#units.get(token);
    if (known) return known;
    const other = this.#contract<TokenMessages>(token, tokenInterface, this.chain.unit);
    const asked = Promise.all([other.query.tokenSymbol().catch(() => null), other.query.tokenDecimals()])
      .then(([symbol, decimals]) => unitNamed(symbol, decimals, token, null))
      .catch(() => ({ symbol: `smallest units of ${token}`, decimals: 0 }));
    this.#units.set(token, asked);
    return asked;
  }

  /**
   * The creator's profile from the server, checked: for this chain and vault, and signed by who owns the vault now.
   *
   * @returns null where there is no server, or it has none
   * @throws PatronageError with the code `Profile` where it is not the creator's
   */
  async profile(): Promise<Profile | null> {
    const [file, owner] = await Promise.all([this.server?.profile() ?? null, this.vault.query.owner()]);
    if (file === null) return null;
    return (await import('./profile.js')).checkProfile(file, { genesis: this.chain.genesis, vault: this.deployment.vault }, owner);
  }

  // Who may open what

  /** Whether `account` may open content, and for each way in what is missing and what would meet it. */
  async check(id: number, account: Address): Promise<AccessAnswer> {
    const [access, now] = await Promise.all([this.registry.query.check({ id, account }), this.chain.time()]);
    return explainAccess(access, await this.#context([access], now));
  }

  /** As `check`, for several pieces of content; null for a number that there is none of. */
  async checkMany(ids: number[], account: Address): Promise<(AccessAnswer | null)[]> {
    const [answers, now] = await Promise.all([this.registry.query.checkMany({ ids, account }), this.chain.time()]);
    const context = await this.#context(answers, now);
    return answers.map((access) => access && explainAccess(access, context));
  }

  /** Opens content by a gateway, which is the creator's server unless another is named. */
  async unlock(id: number, signer: Signer, options: UnlockOptions & { gateway?: string } = {}): Promise<Unlocked> {
    const gateway = options.gateway ?? this.options.server;
    if (!gateway) throw new PatronageError('NoGateway', "name the creator's gateway: content is opened by it");
    const [{ content }, { unlock }] = await Promise.all([this.content(id), import('./unlock.js')]);
    const { genesis } = this.chain;
    const { hash, publicKey, uriText: uri } = content;
    return unlock({ gateway, genesis, registry: this.deployment.registry, content: id, uri, hash, publicKey }, signer, options);
  }

  // The sale

  /**
   * Buys tokens for so much money, or so many tokens.
   *
   * @param wish planck to spend, or smallest units to get
   * @param slippage percent by which the price may change to the worse
   */
  async buy(recipient: Address, wish: { spend: bigint } | { tokens: bigint }, { referrer = null, slippage = SLIPPAGE_PERCENT }: { referrer?: Address | null; slippage?: bigint } = {}): Promise<Plan<BuyQuote>> {
    if ('spend' in wish) {
      const trade = await this.token.query.quoteBuy({ value: wish.spend });
      const minTokens = less(trade.tokens, slippage);
      const quote = { recipient, tokens: trade.tokens, price: trade.amount, fee: trade.fee, sentAtMost: wish.spend, tokensAtLeast: minTokens };
      return this.plan(quote, this.token.call.buy({ recipient, minTokens, referrer }, wish.spend));
    }
    const trade = await this.token.query.quoteBuyExact({ tokens: wish.tokens });
    const most = more(trade.amount, slippage);
    const quote = { recipient, tokens: trade.tokens, price: trade.amount, fee: trade.fee, sentAtMost: most, tokensAtLeast: trade.tokens };
    return this.plan(quote, this.token.call.buyExact({ recipient, tokens: wish.tokens, referrer }, most));
  }

  /** Sells so many smallest units back. */
  async sell(tokens: bigint, { slippage = SLIPPAGE_PERCENT }: { slippage?: bigint } = {}): Promise<Plan<SellQuote>> {
    const trade: Trade = await this.token.query.quoteSell({ tokens });
    const minPayout = less(trade.amount, slippage);
    const quote = { tokens, payout: trade.amount, fee: trade.fee, payoutAtLeast: minPayout };
    return this.plan(quote, this.token.call.sell({ tokens, minPayout }));
  }

  // Tips, subscriptions and stakes

  /** Tips native money, with words of at most 256 bytes that everybody can read. */
  tip(amount: bigint, memo = ''): Plan<{ amount: bigint; memo: string }> {
    return this.plan({ amount, memo }, this.vault.call.tip({ memo: utf8(memo) }, amount));
  }

  /**
   * Subscribes `fan`, who owns the subscription whoever pays.
   *
   * @param amount in smallest units of the tier's asset: at least the price of a period
   */
  async subscribe(payer: Address, tier: number, amount: bigint, fan: Address = payer): Promise<Plan<SubscribeQuote>> {
    const { terms, unit } = await this.tier(tier);
    const quote = subscribeQuote(tier, fan, terms, amount, 0n, cost(terms.price, terms.period, terms.minimumStay), unit);
    return this.#paying(payer, terms.asset, amount, quote, (vault, tokens, value) =>
      vault.call.subscribe({ tier, fan, tokens, maxPrice: terms.price }, value));
  }

  /** Pays the running subscription of `fan` further ahead, at the price that was agreed. */
  async topUp(payer: Address, amount: bigint, fan: Address = payer): Promise<Plan<SubscribeQuote>> {
    const { subscription } = await this.fan(fan);
    if (!subscription) throw this.#notSubscribed();
    const { terms, unit } = await this.tier(subscription.tier);
    const agreed = { ...terms, price: subscription.stream.price, minimumStay: 0n };
    const quote = subscribeQuote(subscription.tier, fan, agreed, amount, 0n, 0n, unit);
    return this.#paying(payer, terms.asset, amount, quote, (vault, tokens, value) =>
      vault.call.topUp({ fan, tier: subscription.tier, tokens, maxPrice: subscription.stream.price }, value));
  }

  /** Moves the own subscription to another tier, with what is left of the money and `amount` beside it. */
  async switchTier(fan: Address, tier: number, amount = 0n): Promise<Plan<SubscribeQuote>> {
    const [{ subscription }, { terms, unit }, now] = await Promise.all([this.fan(fan), this.tier(tier), this.chain.time()]);
    if (!subscription) throw this.#notSubscribed();
    const before = await this.tier(subscription.tier);
    const left = unearned(subscription.stream, before.terms.period, now);
    const stay = subscription.level < terms.level ? cost(terms.price, terms.period, terms.minimumStay) : 0n;
    const rest = subscription.stream.minimum - (subscription.stream.paid - left);
    const quote = subscribeQuote(tier, fan, terms, amount, left, rest > stay ? rest : stay, unit);
    return this.#paying(fan, terms.asset, amount, quote, (vault, tokens, value) =>
      vault.call.switchTier({ tier, tokens, maxPrice: terms.price }, value));
  }

  /** Cancels the own subscription; the quote says the exact refund now. */
  async cancel(fan: Address): Promise<Plan<CancelQuote>> {
    const [{ subscription }, refund, now] = await Promise.all([this.fan(fan), this.vault.query.refundOf({ fan }), this.chain.time()]);
    if (!subscription) throw this.#notSubscribed();
    const { terms, unit } = await this.tier(subscription.tier);
    const left = unearned(subscription.stream, terms.period, now);
    const keptForMinimumStay = left > refund ? left - refund : 0n;
    const quote = { tier: subscription.tier, refund, earned: subscription.stream.paid - left, keptForMinimumStay, unit };
    return this.plan(quote, this.vault.call.cancel());
  }

  /** Locks creator tokens in the vault. The vault is allowed to take them first. */
  stake(amount: bigint): Plan<{ amount: bigint }> {
    const approve = this.token.call.approve({ spender: this.deployment.vault, value: amount });
    return this.plan({ amount }, approve, this.vault.call.stake({ amount }));
  }

  /** Begins to unlock staked tokens. */
  unstake(amount: bigint): Plan<{ amount: bigint }> {
    return this.plan({ amount }, this.vault.call.unstake({ amount }));
  }

  /** Takes out unstaked tokens whose time is over. */
  withdrawStake(): Plan<Record<string, never>> {
    return this.plan({}, this.vault.call.withdrawStake());
  }

  // Content

  /** Buys content at its price now, for good. */
  async purchase(id: number, recipient: Address): Promise<Plan<{ content: number; recipient: Address; price: bigint; release: bigint }>> {
    const { terms } = await this.content(id);
    const price = terms.price;
    if (price === null) throw contractError('registry', 'RegistryError', { type: 'NotForSale' }, units(this.chain.unit, this.tokenUnit, this.chain.unit));
    const quote = { content: id, recipient, price, release: terms.release };
    return this.plan(quote, this.registry.call.purchase({ id, recipient, maxPrice: price, latestRelease: terms.release }, price));
  }

  /** Registers content that was encrypted by `seal`, as owner or manager. The file must be served at `uri` from then on. */
  publish(sealed: { hash: Hex; publicKey: Hex }, uri: string, terms: { audience: Audience; price?: bigint; release?: bigint }): Plan<{ uri: string }> {
    const content = { uri: utf8(uri), hash: sealed.hash, publicKey: sealed.publicKey };
    const full: Terms = { audience: terms.audience, price: terms.price ?? null, release: terms.release ?? 0n, retired: false };
    return this.plan({ uri }, this.registry.call.publish({ content, terms: full }));
  }

  #contract<Messages>(address: Address, abi: Interface, unit: Unit): Contract<Messages> {
    return new Contract<Messages>(this.chain, address, abi, () => units(this.chain.unit, this.tokenUnit, unit));
  }

  #load(): Promise<Transactor> {
    const abis = new Map<Address, Interface>([
      [this.deployment.token, tokenInterface], [this.deployment.vault, vaultInterface], [this.deployment.registry, registryInterface],
    ]);
    this.#transactor ??= import('./transact.js')
      .then(({ Transactor }) => Transactor.of(this.chain, abis, this.options.cacheMetadata ?? typeof localStorage !== 'undefined'))
      .catch((error: unknown) => {
        // The next attempt may find the node.
        this.#transactor = null;
        throw error;
      });
    return this.#transactor;
  }

  async #paying<Quote extends { approvedFirst: boolean }>(
    payer: Address, asset: Asset, amount: bigint, quote: Quote,
    make: (vault: Contract<VaultMessages>, tokens: bigint, value: bigint) => Call,
  ): Promise<Plan<Quote>> {
    if (asset.type === 'Native') return this.plan(quote, make(this.vault, 0n, amount));
    const unit = await this.unitOf(asset);
    const vault = this.#contract<VaultMessages>(this.deployment.vault, vaultInterface, unit);
    if (amount === 0n) return this.plan(quote, make(vault, 0n, 0n));
    const token = this.#contract<TokenMessages>(asset.value, tokenInterface, unit);
    const allowed = await token.query.allowance({ owner: payer, spender: this.deployment.vault });
    if (allowed >= amount) return this.plan(quote, make(vault, amount, 0n));
    const approve = token.call.approve({ spender: this.deployment.vault, value: amount });
    return this.plan({ ...quote, approvedFirst: true }, approve, make(vault, amount, 0n));
  }

  async #context(answers: ({ type: string; value?: unknown } | null)[], now: bigint): Promise<AccessContext> {
    const tokens = new Map<Address, Unit>();
    for (const way of answers.flatMap((access) => (access?.type === 'Denied' ? (access.value as any[][]) : []))) {
      for (const { condition } of way) if (condition.token) tokens.set(condition.token, await this.unitOf({ type: 'Psp22', value: condition.token }));
    }
    return {
      token: this.deployment.token,
      vault: this.deployment.vault,
      units: units(this.chain.unit, this.tokenUnit, this.tokenUnit),
      unitOf: (token) => tokens.get(token) ?? this.tokenUnit,
      now,
    };
  }

  #notSubscribed(): ContractError {
    return contractError('vault', 'VaultError', { type: 'NotSubscribed' }, units(this.chain.unit, this.tokenUnit, this.chain.unit));
  }
}

/** Connects to a creator's contracts: `await connect({ node, deployment })`. */
export const connect = Patronage.connect;

function units(native: Unit, token: Unit, unit: Unit) {
  return { native, token, unit };
}

function names(deployment: Deployment | Addresses, kind: 'tiers' | 'content'): string[] {
  return 'format' in deployment ? deployment[kind] : [];
}

/** A token's unit: by its symbol alone only where it can't be taken for something else. */
function unitNamed(symbol: string | null, decimals: number, token: Address, native: Unit | null): Unit {
  const usable = symbol !== null && SYMBOL.test(symbol);
  const known = usable && native !== null && symbol.toLowerCase() !== native.symbol.toLowerCase();
  if (decimals > 38 && native === null) return { symbol: `smallest units of ${toAddress(accountOf(token))}`, decimals: 0 };
  const shown = known ? symbol : `${usable ? symbol : 'tokens'} of ${toAddress(accountOf(token))}`;
  return { symbol: shown, decimals: Math.min(decimals, 38) };
}
