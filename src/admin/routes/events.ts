import type { Request, Response } from 'express';
import type { Context } from '../../context.ts';
import { sessionOf } from '../../http/session.ts';
import { visitOf } from '../../http/visit.ts';
import type { Seen, TodayWatch } from '../today/today-watch.ts';

/** So often something is said even where nothing happens, ms, so that no proxy takes the line for dead. */
const HEARTBEAT_MS = 15_000;
/** How long a browser waits before it asks again, ms. */
const RETRY_MS = 5_000;

/**
 * Tells a browser of each change of today as it happens, as server-sent events
 * (https://html.spec.whatwg.org/multipage/server-sent-events.html): only that there is one; what it looks like is asked
 * for as a page. Ends with the session, and with the process.
 */
export function sendEvents(ctx: Context, watch: TodayWatch, req: Request, res: Response): void {
  const tell = ({ id }: Seen) => void res.write(`id: ${id}\nevent: today\ndata: ${id}\n\n`);
  const leave = watch.follow(tell);
  if (!leave) {
    res
      .status(503)
      .set('Retry-After', '30')
      .type('text')
      .send(`${visitOf(req).words('admin.tooManyLook')}\n`);
    return;
  }
  res.set({ 'Cache-Control': 'no-store', 'X-Accel-Buffering': 'no' }).type('text/event-stream').flushHeaders();
  res.write(`retry: ${RETRY_MS}\n\n`);
  const heartbeat = setInterval(() => void beat(), HEARTBEAT_MS).unref();
  const end = () => void res.end(); // the browser asks again, and whoever is there then answers
  ctx.ending.addEventListener('abort', end);
  res.once('close', () => {
    ctx.ending.removeEventListener('abort', end);
    clearInterval(heartbeat);
    leave();
  });
  void catchUp();

  /** A browser that comes back is told at once where it has missed something. */
  async function catchUp(): Promise<void> {
    const seen = await watch.last().catch(() => null);
    const known = req.get('last-event-id');
    if (seen && known !== undefined && known !== String(seen.id)) tell(seen);
  }

  async function beat(): Promise<void> {
    const session = await sessionOf(ctx, req).catch(() => null);
    if (session) res.write(': still here\n\n');
    else res.end();
  }
}
