/** Bytes as `0x` and hexadecimal digits. */
export type Hex = `0x${string}`;

/** An account or a contract: an SS58 address. What the SDK gives has the generic prefix 42; it takes every prefix, and 0x with 64 digits. */
export type Address = string;

/** Width of a chain's native balances, in bits. */
export type Width = 'u128' | 'u64';
