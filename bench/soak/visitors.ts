import { createTransport } from 'nodemailer';
import { setTimeout as sleep } from 'node:timers/promises';
import { bounceMail } from '../../test/world/feedback-mails.ts';
import type { KeptMail, SoakReceiver } from './receiver.ts';

/** What came of what was asked. */
export interface Visits {
  pages: number;
  reports: number;
  left: number;
  /** Answers that no visitor should get, and how often. */
  wrong: Map<string, number>;
}

const PATHS = ['/', '/digests', '/help', '/feeds/all.xml', '/?lang=de', '/preferences', '/readyz'];
const PREVIEWS = ['sparse attention', 'robot learning', 'protein folding', 'graph networks'];
const PAUSE_MS = 20;

/** Asks for pages one after the other until told to end. */
export async function visit(base: string, visits: Visits, ending: AbortSignal): Promise<void> {
  for (let n = 0; !ending.aborted; n++) {
    const wish = PREVIEWS[n % PREVIEWS.length] ?? '';
    const path = n % 9 === 8 ? `/preview?interests=${encodeURIComponent(wish)}` : (PATHS[n % PATHS.length] ?? '/');
    await ask(base + path, {}, visits);
    visits.pages++;
    await sleep(PAUSE_MS);
  }
}

/** Sends a report for each mail that was kept, and lets every third of its readers leave, until told to end. */
export async function answerMails(
  { receiver, door }: { receiver: SoakReceiver; door: number },
  visits: Visits,
  ending: AbortSignal,
): Promise<void> {
  const transport = createTransport({ host: '127.0.0.1', port: door, secure: false, ignoreTLS: true, pool: true });
  let nth = 0;
  while (!ending.aborted) {
    for (const mail of receiver.next()) {
      if (++nth % 3 === 0 && mail.leave !== null) await leave(mail.leave, visits);
      else await report(transport, mail, nth, visits);
    }
    await sleep(PAUSE_MS);
  }
  transport.close();
}

async function leave(url: string, visits: Visits): Promise<void> {
  const body = new URLSearchParams({ 'List-Unsubscribe': 'One-Click' });
  await ask(url, { method: 'POST', body }, visits);
  visits.left++;
}

async function report(
  transport: ReturnType<typeof createTransport>,
  { from, to }: KeptMail,
  nth: number,
  visits: Visits,
): Promise<void> {
  const raw = bounceMail(to, nth % 2 === 0 ? '5.1.1' : '4.2.2', { words: 'unknown or full' });
  try {
    await transport.sendMail({ envelope: { from: '', to: [from] }, raw });
    visits.reports++;
  } catch (error) {
    note(visits, `a report: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Budgets of visitors are part of the play: 429 is no fault. */
async function ask(url: string, how: RequestInit, visits: Visits): Promise<void> {
  try {
    const answer = await fetch(url, how);
    await answer.arrayBuffer();
    if (!answer.ok && answer.status !== 429)
      note(visits, `${new URL(url).pathname.split('/')[1] ?? ''}: ${answer.status}`);
  } catch (error) {
    note(visits, error instanceof Error ? error.message : String(error));
  }
}

function note({ wrong }: Visits, what: string): void {
  wrong.set(what, (wrong.get(what) ?? 0) + 1);
}
