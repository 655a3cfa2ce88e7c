/** What belongs together for a token: what it may read, and what it may change. */
type ScopeFamily = 'subscribers' | 'papers' | 'editions' | 'suppressions' | 'acts' | 'jobs';

/** What a route asks of a token. */
export type Scope = `${ScopeFamily}:${'read' | 'write'}` | 'subscribers:erase';

/** Every scope that a token may be given, and what it lets a program do. */
export const SCOPES = {
  'subscribers:read': 'readers and what they asked for',
  'subscribers:write': 'sign up, change, pause, unsubscribe readers',
  'subscribers:erase': 'delete a person for good',
  'papers:read': 'papers, digests, topics, previews',
  'papers:write': 'hand in, release and discard digests',
  'editions:read': 'editions, deliveries, what came back, why somebody got a paper or did not',
  'editions:write': 'pause, resume, cancel, resend editions',
  'suppressions:read': 'addresses that must not be mailed',
  'suppressions:write': 'suppress addresses and lift that again',
  'acts:read': 'the audit log',
  'acts:write': 'take acts back',
  'jobs:read': 'jobs and their runs',
  'jobs:write': 'wake jobs',
  'addresses:read': 'see addresses in full; without it they are masked',
  '*:read': 'read everything; addresses stay masked',
  '*:write': 'change everything but erase; addresses stay masked',
} as const satisfies Record<string, string>;

export type GrantedScope = keyof typeof SCOPES;

/** Tells whether a text names a scope that a token may be given. */
export function isScope(text: string): text is GrantedScope {
  return Object.hasOwn(SCOPES, text);
}

/** Tells whether what a token was given covers a scope: writing includes reading, `*` every family. */
export function covers(given: readonly string[], wanted: Scope): boolean {
  const [family = '', act = ''] = wanted.split(':');
  if (act === 'erase') return given.includes(wanted);
  const enough = act === 'read' ? ['read', 'write'] : ['write'];
  return enough.some((one) => given.includes(`${family}:${one}`) || given.includes(`*:${one}`));
}

/** Tells whether a token may see addresses in full. */
export function seesAddresses(given: readonly string[]): boolean {
  return given.includes('addresses:read');
}
