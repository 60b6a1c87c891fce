/**
 * What creators do and fans need nothing of: signing a profile, and launching contracts.
 *
 * @packageDocumentation
 */

export { checkProfile, profileText, signProfile, validateProfile } from './profile.js';
export type { Described, Profile, ProfileLink, ProfileScope } from './profile.js';
export { codesFrom, planLaunch } from './launch.js';
export type { Codes, LaunchOptions, LaunchPlan, LaunchTerms } from './launch.js';
