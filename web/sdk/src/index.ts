/**
 * Creator tokens, memberships and unlockable content on chains with `pallet-contracts`.
 *
 * {@link connect} is where to begin. Amounts are `bigint` in smallest units, times `bigint` in ms since 1970.
 *
 * @packageDocumentation
 */

export { connect, Patronage } from './client.js';
export type { ConnectOptions, NamedContent, NamedTier } from './client.js';
export { unearned } from './quotes.js';
export type { BuyQuote, CancelQuote, SellQuote, SubscribeQuote } from './quotes.js';
export { Plan } from './plan.js';
export type { PlanContext, SendOptions } from './plan.js';
export type { ContractEvent, Cost, Pending, Prepared, Receipt, SendStep, Transactor } from './transact.js';
export { Contract } from './contract.js';
export type { Call, Calls, MessageType, Queries, QueryOptions, UnitsFor } from './contract.js';
export { Chain } from './chain.js';
export type { Funds, RawCall, Trial, Weight } from './chain.js';
export { Rpc, RpcError } from './rpc.js';
export { readDeployment } from './deployment.js';
export type { Addresses, Deployment } from './deployment.js';
export { deniedWords, explainAccess, missingWords } from './access.js';
export type { AccessAnswer, AccessContext, Remedy, Unmet } from './access.js';
export { ChainError, ContractError, FundsError, GatewayError, PatronageError, ServerError, WalletError } from './errors.js';
export type { Unlocked, UnlockOptions, UnlockRequest, UnlockStep } from './unlock.js';
export type { Sealed } from './publish.js';
export { bareSignature, keySigner, wallets } from './wallet.js';
export type { Scheme, Signer, SignerPayload, Wallet, WalletAccount } from './wallet.js';
export { CreatorServer } from './server.js';
export type { AccountView, AsOf, AssetAmount, CreatorView, GatewayHealth, Happened, IncomeSum, Member, MemberQuery, Page } from './server.js';
export type { Described, Profile, ProfileLink, ProfileScope } from './profile.js';
export type { Codes, LaunchOptions, LaunchPlan, LaunchTerms } from './launch.js';
export { listFans } from './state.js';
export type { FanPage, FanRecord } from './state.js';
export { accountOf, sameAccount, toAddress } from './address.js';
export { fromHex, textOf, toHex, utf8 } from './bytes.js';
export { fromRecipient, toRecipient } from './bech32.js';
export { format, formatAmount, formatDuration, formatPercent, formatTime, InputError, parseAmount, plain } from './units.js';
export type { Unit } from './units.js';
export { chainWords, useWords, wordsFor } from './words.js';
export type { Cases, RawError, WordFormats, WordTable, WordUnits } from './words.js';
export { decodeEvent, encodeCall, encodeCreate } from './scale.js';
export type { DecodedEvent, Interface, TypeEntry } from './scale.js';
export { CODE_HASHES } from './generated/codes.js';
export type { CodeHash } from './generated/codes.js';
export { SLIPPAGE_PERCENT } from './generated/words.js';
export { tokenInterface } from './generated/token.js';
export { vaultInterface } from './generated/vault.js';
export { registryInterface } from './generated/registry.js';
/** Types of the creator token's messages, errors and events. */
export type * as TokenTypes from './generated/token.js';
/** Types of the patronage vault's messages, errors and events. */
export type * as VaultTypes from './generated/vault.js';
/** Types of the content registry's messages, errors and events. */
export type * as RegistryTypes from './generated/registry.js';
export type { Address, Hex, Width } from './types.js';
