// What can go wrong, in words that say what to do.

/** Any failure of the SDK. `message` is for people; `code` is for programs. */
export class PatronageError extends Error {
  override name = 'PatronageError';

  constructor(readonly code: string, message: string, options?: ErrorOptions) {
    super(message, options);
  }

  /** The message without advice that names a command of the terminal, for pages that offer something better. */
  get reason(): string {
    const advice = this.message.search(/: [^:]*`patronage /);
    return advice < 0 ? this.message : this.message.slice(0, advice);
  }
}

/** The chain gave no answer, or refused. Nothing has changed unless `code` is `Unsure`. */
export class ChainError extends PatronageError {
  override name = 'ChainError';
}

/** A contract refused; nothing has changed. `code` is the error's name in the interface, such as `SoldOut`. */
export class ContractError<E = unknown> extends PatronageError {
  override name = 'ContractError';

  constructor(readonly contract: 'token' | 'vault' | 'registry' | 'psp22', readonly error: E, code: string, message: string) {
    super(code, message);
  }
}

/** The account does not have what a transaction takes. Amounts are in planck. */
export class FundsError extends PatronageError {
  override name = 'FundsError';

  constructor(readonly missing: bigint, message: string) {
    super('Funds', message);
  }
}

/** The wallet did not sign: it refused, is locked, does not have the account, or offers no signatures of this kind. */
export class WalletError extends PatronageError {
  override name = 'WalletError';
}

/** A gateway refused, or what it gave is not what the chain says. `code` is the gateway's, or says what does not fit. */
export class GatewayError extends PatronageError {
  override name = 'GatewayError';

  constructor(code: string, message: string, readonly status = 0, options?: ErrorOptions) {
    super(code, message, options);
  }
}

/** A creator's server gave no answer to a question about history. */
export class ServerError extends PatronageError {
  override name = 'ServerError';

  constructor(code: string, message: string, readonly status = 0) {
    super(code, message);
  }
}
