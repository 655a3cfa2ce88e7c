import type { Context } from '../../context.ts';
import type { TakeIn } from '../received.ts';
import type { Door } from './door.ts';

/** Opens the doors whose settings are there: the port for bounces, and the mailbox. What each needs is loaded then. */
export async function openDoors(ctx: Context, takeIn: TakeIn): Promise<Door> {
  const { BOUNCE_SMTP_PORT: port, BOUNCE_IMAP_URL: mailbox } = ctx.config;
  const doors: Door[] = [];
  if (port !== undefined) doors.push(await (await import('./smtp-door.ts')).openSmtpDoor(ctx, takeIn));
  if (mailbox !== undefined) doors.push((await import('./imap-door.ts')).openImapDoor(ctx, takeIn));
  return { close: async () => void (await Promise.all(doors.map((door) => door.close()))) };
}
