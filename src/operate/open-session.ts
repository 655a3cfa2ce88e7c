import type { Context } from '../context.ts';
import type { Tx } from '../db/client.ts';
import { createSession, deleteSessions } from '../db/operator/admin-sessions.ts';
import { recordAct } from '../db/operator/audit.ts';
import { randomToken, tokenHash } from '../lib/random-token.ts';

/** From where somebody signs in, and which session of that browser the new one takes the place of. */
export interface OpenedFrom {
  network: string;
  browser: string;
  replaces?: number;
}

/** What the browser is handed. */
export interface OpenedSession {
  token: string;
  expiresAt: Date;
}

/**
 * Opens a session for an admin who showed who they are, in the caller's transaction. Its token is always a new one; the
 * session that the browser had is over.
 */
export async function openSession(
  ctx: Context,
  tx: Tx,
  admin: { adminId: number; email: string },
  { replaces, network, browser }: OpenedFrom,
): Promise<OpenedSession> {
  const now = ctx.now();
  const token = randomToken();
  const expiresAt = new Date(now.getTime() + ctx.config.ADMIN_SESSION_HOURS * 3_600_000);
  if (replaces !== undefined) await deleteSessions(tx, now, { id: replaces });
  const keys = { tokenHash: tokenHash(token), csrfToken: randomToken() };
  await createSession(tx, { ...keys, adminId: admin.adminId, createdAt: now, expiresAt, network, browser });
  await recordAct(tx, { at: now, actor: `admin:${admin.email}`, action: 'admin.sign-in' });
  return { token, expiresAt };
}
