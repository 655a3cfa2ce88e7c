/**
 * What an admin may do, each more than the one before. viewer: look, without addresses · editor: the daily work, and
 * what a reader asks for · owner: who may, what may be called from outside, and how the service is set.
 */
export const ROLES = ['viewer', 'editor', 'owner'] as const;

export type Role = (typeof ROLES)[number];

/** What a route asks of whoever calls it. */
export interface Right {
  /** The least role. */
  role: Role;
  /** Asks for a sign-in younger than FRESH_MINUTES too: what cannot be undone, or gives power away. */
  fresh?: true;
}

/** How young a sign-in has to be for acts that ask for a fresh one. */
export const FRESH_MINUTES = 10;

/** Tells whether a role reaches another. */
export function atLeast(role: Role, least: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(least);
}

/** Tells whether a role sees the addresses of readers, and the links that act for them. */
export function canSeeAddresses(role: Role): boolean {
  return atLeast(role, 'editor');
}

/** Tells whether a role may take lists away as a file. */
export function mayExport(role: Role): boolean {
  return atLeast(role, 'editor');
}

/** Reads a role; null where the word is none. */
export function readRole(word: string): Role | null {
  return ROLES.find((role) => role === word) ?? null;
}

/** Tells whether a sign-in is young enough for what asks for a fresh one. */
export function isFresh(signedInAt: Date, now: Date): boolean {
  return now.getTime() - signedInAt.getTime() < FRESH_MINUTES * 60_000;
}
