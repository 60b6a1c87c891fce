/**
 * Sealing content and opening it, apart from the chain: what a page loads when it needs it.
 *
 * @packageDocumentation
 */

export { checkChallenge, fileUrl, opened, unlock } from './unlock.js';
export type { Unlocked, UnlockOptions, UnlockRequest, UnlockStep } from './unlock.js';
export { seal } from './publish.js';
export type { Sealed } from './publish.js';
export { upload } from './upload.js';
export type { UploadOptions } from './upload.js';
