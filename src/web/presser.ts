import type { Request } from 'express';
import { actorIn, sessionOf } from '../http/session.ts';
import type { Web } from './respond.ts';
import type { Actor } from '../model/actor.ts';

/** Names who presses on a reader's page: the reader, or an admin who opened the reader's link from their list. */
export async function presser({ ctx }: Pick<Web, 'ctx'>, req: Request): Promise<{ actor: Actor }> {
  const session = await sessionOf(ctx, req);
  return { actor: session ? actorIn(session) : 'reader' };
}
