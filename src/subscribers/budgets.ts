import { createHash } from 'node:crypto';
import type { Context } from '../context.ts';
import { networkOf, takeFromBudget, type Budget } from '../db/operator/budgets.ts';
import { isLoopback } from '../lib/public-address.ts';
import { domainOf, mailboxOf } from '../model/address.ts';

const MINUTE = 60;

/**
 * How many forms are taken (MAIL 1.9). A network is an IPv4 /24 or an IPv6 /64; a form with our own stamp has more room
 * than one from elsewhere. Whoever solved the challenge passes the budgets of the recipients' domain and of the whole
 * service up to bounds of their own, so that a flood does not lock real readers out; whoever only waited does too, but
 * few of them: waiting costs a program nothing.
 */
export const BUDGETS = {
  network: { name: 'network', points: 40, seconds: 10 * MINUTE },
  unstamped: { name: 'unstamped', points: 20, seconds: 10 * MINUTE },
  domain: { name: 'domain', points: 120, seconds: 10 * MINUTE },
  global: { name: 'global', points: 200, seconds: 10 * MINUTE },
  solver: { name: 'solver', points: 60, seconds: 10 * MINUTE },
  solved: { name: 'solved', points: 2_000, seconds: 10 * MINUTE },
  waiter: { name: 'waiter', points: 3, seconds: 10 * MINUTE },
  waited: { name: 'waited', points: 30, seconds: 10 * MINUTE },
  link: { name: 'link', points: 20, seconds: 10 * MINUTE },
  refused: { name: 'refused', points: 60, seconds: 10 * MINUTE },
  preview: { name: 'preview', points: 1_200, seconds: 10 * MINUTE },
  signInRefusal: { name: 'sign-in-refusal', points: 5, seconds: 60 * MINUTE },
  signInRefusals: { name: 'sign-in-refusals', points: 30, seconds: 60 * MINUTE },
  signInMail: { name: 'sign-in-mail', points: 20, seconds: 10 * MINUTE },
  signInMailbox: { name: 'sign-in-mailbox', points: 5, seconds: 60 * MINUTE },
  feeds: { name: 'feeds', points: 1_200, seconds: 10 * MINUTE },
  feed: { name: 'feed', points: 60, seconds: 10 * MINUTE },
  search: { name: 'search', points: 300, seconds: 10 * MINUTE },
} as const satisfies Record<string, Budget>;

/** What a form is judged by. */
export interface FormEvidence {
  ip: string;
  /** Canonical address. */
  email: string;
  /** Whether the form bore our own signed stamp. */
  stamped: boolean;
  /** Whether it looks like a program's: only the budgets of the challenge are open to it. */
  suspect?: boolean;
  /** Whether the sender solved the challenge. */
  solved?: boolean;
  /** Whether the sender waited with the challenge instead. */
  waited?: boolean;
}

export type BudgetAnswer =
  | { outcome: 'room' }
  /** Over the budget of the network, the recipients' domain or the whole service; seconds until there is room again. */
  | { outcome: 'over'; budget: keyof typeof BUDGETS; retryAfterSeconds: number };

/**
 * Takes a sign-up from its budgets, or from those of the challenge where they are used up or where it looks like a
 * program's: the visitor's network first, so that one visitor cannot use up what belongs to all.
 */
export async function takeSignUp(ctx: Context, form: FormEvidence): Promise<BudgetAnswer> {
  const network = networkOf(form.ip);
  if (!form.suspect) {
    const answer = await take(ctx, [
      [form.stamped ? 'network' : 'unstamped', network],
      ['domain', domainOf(mailboxOf(form.email))],
      ['global', 'all'],
    ]);
    if (answer.outcome === 'room' || (!form.solved && !form.waited)) return answer;
  }
  if (form.solved) return take(ctx, [...solversOf(form.ip), ['solved', 'all']]);
  return take(ctx, [
    ['waiter', network],
    ['waited', 'all'],
  ]);
}

/**
 * Whose work is counted together. Behind a proxy that is not trusted everybody comes from this machine, so that a bound
 * on it would be one on all: there the work itself is the bound, and what is open to all who solve.
 */
function solversOf(ip: string): [keyof typeof BUDGETS, string][] {
  return isLoopback(ip) ? [] : [['solver', networkOf(ip)]];
}

/** Takes a request for a link by mail from the visitor's budget. */
export function takeLinkRequest(ctx: Context, ip: string): Promise<BudgetAnswer> {
  return take(ctx, [['link', networkOf(ip)]]);
}

/** Takes a form that cannot be used from the visitor's budget: more mistakes than people make. */
export function takeRefusal(ctx: Context, ip: string): Promise<BudgetAnswer> {
  return take(ctx, [['refused', networkOf(ip)]]);
}

/**
 * Takes a look at the live preview from the visitor's budget: ten minutes of typing without a pause fit, a program that
 * hammers does not.
 */
export function takePreview(ctx: Context, ip: string): Promise<BudgetAnswer> {
  return take(ctx, [['preview', networkOf(ip)]]);
}

/** Takes a refused sign-in of an admin from what the audit log has room for. */
export function takeSignInRefusal(ctx: Context, ip: string): Promise<BudgetAnswer> {
  return take(ctx, [
    ['signInRefusal', networkOf(ip)],
    ['signInRefusals', 'all'],
  ]);
}

/** Takes an admin's request for a sign-in link from the budget of the network it comes from. */
export function takeSignInMail(ctx: Context, ip: string): Promise<BudgetAnswer> {
  return take(ctx, [['signInMail', networkOf(ip)]]);
}

/** Takes the mail itself from what may go to one address, whoever asks for it. */
export function takeSignInMailbox(ctx: Context, email: string): Promise<BudgetAnswer> {
  return take(ctx, [['signInMailbox', email]]);
}

/**
 * Takes a feed or a search from the budget of the visitor's network. A service that reads feeds for many asks from one
 * network.
 */
export function takeVisit(ctx: Context, budget: 'feeds' | 'search', ip: string): Promise<BudgetAnswer> {
  return take(ctx, [[budget, networkOf(ip)]]);
}

/** Takes a look at a reader's private feed from its own budget: six a minute, where programs ask every few minutes. */
export function takeFeed(ctx: Context, readerPublicId: string): Promise<BudgetAnswer> {
  return take(ctx, [['feed', readerPublicId]]);
}

async function take(ctx: Context, wanted: [keyof typeof BUDGETS, string][]): Promise<BudgetAnswer> {
  for (const [budget, key] of wanted) {
    const retryAfterSeconds = await takeFromBudget(ctx.db, BUDGETS[budget], keyed(ctx, key));
    if (retryAfterSeconds > 0) return { outcome: 'over', budget, retryAfterSeconds };
  }
  return { outcome: 'room' };
}

/** Hashes the key of a budget: networks and addresses are not kept, since who asked is nobody's business. */
export function keyed(ctx: Context, key: string): string {
  return createHash('sha256').update(ctx.keys.suppression).update(key).digest('base64url');
}
