import { createHash } from 'node:crypto';
import type { Context } from '../context.ts';
import { networkOf, takeFromBudget, usedOfBudget, type Budget } from '../db/budgets.ts';

const MINUTE = 60;

/**
 * How many forms are taken (MAIL 1.9). A network is an IPv4 /24 or an IPv6 /64; a form with our own stamp has more room than one from
 * elsewhere; whoever solved the challenge has room of their own, so that a flood does not lock real readers out.
 */
export const BUDGETS = {
  network: { name: 'network', points: 40, seconds: 10 * MINUTE },
  unstamped: { name: 'unstamped', points: 20, seconds: 10 * MINUTE },
  domain: { name: 'domain', points: 120, seconds: 10 * MINUTE },
  global: { name: 'global', points: 200, seconds: 10 * MINUTE },
  patient: { name: 'patient', points: 60, seconds: 10 * MINUTE },
  solved: { name: 'solved', points: 2_000, seconds: 10 * MINUTE },
  link: { name: 'link', points: 20, seconds: 10 * MINUTE },
  refused: { name: 'refused', points: 60, seconds: 10 * MINUTE },
  preview: { name: 'preview', points: 1_200, seconds: 10 * MINUTE },
} as const satisfies Record<string, Budget>;

/** Share of the global budget from which on a challenge is asked of everybody. */
const CHALLENGE_FROM = 0.5;

/** What a form is judged by. */
export interface FormEvidence {
  ip: string;
  /** Canonical address. */
  email: string;
  /** Whether the form bore our own signed stamp. */
  stamped: boolean;
  /** Whether the sender solved the challenge. */
  solved?: boolean;
}

export type BudgetAnswer =
  | { outcome: 'room' }
  /** Over the budget of the network, the recipients' domain or the whole service; seconds until there is room again. */
  | { outcome: 'over'; budget: keyof typeof BUDGETS; retryAfterSeconds: number };

/** Takes a sign-up from its budgets: the visitor's network first, so that one visitor cannot use up what belongs to all. */
export async function takeSignUp(ctx: Context, form: FormEvidence): Promise<BudgetAnswer> {
  const network = networkOf(form.ip);
  const domain = form.email.slice(form.email.lastIndexOf('@') + 1);
  if (form.solved) {
    return take(ctx, [
      ['patient', network],
      ['domain', domain],
      ['solved', 'all'],
    ]);
  }
  return take(ctx, [
    [form.stamped ? 'network' : 'unstamped', network],
    ['domain', domain],
    ['global', 'all'],
  ]);
}

/** Takes a request for a link by mail from the visitor's budget. */
export function takeLinkRequest(ctx: Context, ip: string): Promise<BudgetAnswer> {
  return take(ctx, [['link', networkOf(ip)]]);
}

/** Takes a form that cannot be used from the visitor's budget: more mistakes than people make. */
export function takeRefusal(ctx: Context, ip: string): Promise<BudgetAnswer> {
  return take(ctx, [['refused', networkOf(ip)]]);
}

/** Takes a look at the live preview from the visitor's budget: ten minutes of typing without a pause fit, a program that hammers does not. */
export function takePreview(ctx: Context, ip: string): Promise<BudgetAnswer> {
  return take(ctx, [['preview', networkOf(ip)]]);
}

/** Tells whether so many forms come in that a challenge should be asked of the next visitor. */
export async function challengeIsDue(ctx: Context): Promise<boolean> {
  return (await usedOfBudget(ctx.db, BUDGETS.global, keyed(ctx, 'all'))) >= BUDGETS.global.points * CHALLENGE_FROM;
}

async function take(ctx: Context, wanted: [keyof typeof BUDGETS, string][]): Promise<BudgetAnswer> {
  for (const [budget, key] of wanted) {
    const retryAfterSeconds = await takeFromBudget(ctx.db, BUDGETS[budget], keyed(ctx, key));
    if (retryAfterSeconds > 0) return { outcome: 'over', budget, retryAfterSeconds };
  }
  return { outcome: 'room' };
}

/** Networks and domains are kept hashed: who asked is nobody's business. */
function keyed(ctx: Context, key: string): string {
  return createHash('sha256').update(ctx.keys.suppression).update(key).digest('base64url');
}
