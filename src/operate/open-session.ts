import type { Context } from '../context.ts';
import type { Tx } from '../db/client.ts';
import { planNotice } from '../db/ledger/plan-notice.ts';
import { noteBrowser } from '../db/operator/admin-browsers.ts';
import { createSession, deleteSessions } from '../db/operator/admin-sessions.ts';
import { noteSignedIn } from '../db/operator/admins.ts';
import { recordAct } from '../db/operator/audit.ts';
import { newPublicId } from '../lib/public-id.ts';
import { randomToken, tokenHash } from '../lib/random-token.ts';
import { DEFAULT_LANGUAGE } from '../lib/strings.ts';

/** From where somebody signs in, in which language, and which session of that browser ends by it. */
export interface OpenedFrom {
  network: string;
  browser: string;
  language?: string;
  replaces?: number;
}

/** What the browser is handed. */
export interface OpenedSession {
  token: string;
  expiresAt: Date;
}

/**
 * Opens a session for an admin who showed who they are, in the caller's transaction. Its token is always a new one; the
 * session that the browser had is over. From where they never signed in before, they are told by mail.
 */
export async function openSession(
  ctx: Context,
  tx: Tx,
  admin: { adminId: number; email: string },
  { replaces, network, browser, language = DEFAULT_LANGUAGE }: OpenedFrom,
): Promise<OpenedSession> {
  const now = ctx.now();
  const token = randomToken();
  const expiresAt = new Date(now.getTime() + ctx.config.ADMIN_SESSION_HOURS * 3_600_000);
  await noteSignedIn(tx, admin.adminId, now);
  if (replaces !== undefined) await deleteSessions(tx, now, { id: replaces });
  const keys = { tokenHash: tokenHash(token), csrfToken: randomToken() };
  await createSession(tx, { ...keys, adminId: admin.adminId, createdAt: now, expiresAt, network, browser });
  await recordAct(tx, { at: now, actor: `admin:${admin.email}`, action: 'admin.sign-in' });
  const { adminId, email } = admin;
  if (await noteBrowser(tx, { adminId, browser, network }, now)) {
    const to = { id: null, email, language, generation: 0 };
    const payload = { browser, network };
    await planNotice(tx, ctx.keys, { kind: 'new_sign_in', payload, key: newPublicId(), to }, now);
    await ctx.queue.wake('deliver', tx);
  }
  return { token, expiresAt };
}
