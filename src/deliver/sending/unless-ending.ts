import { setTimeout as sleep } from 'node:timers/promises';
import type { MailConnection } from '../../model/mail.ts';

/** Opens a connection; a server that does not answer must not keep the process from ending. */
export async function connectUnlessEnding(
  connect: () => Promise<MailConnection>,
  signal: AbortSignal,
): Promise<MailConnection> {
  let giveUp = () => {};
  const ending = new Promise<never>((_, reject) => {
    giveUp = () => reject(new Error('ending'));
    signal.addEventListener('abort', giveUp, { once: true });
  });
  const opening = connect();
  try {
    return await Promise.race([opening, ending]);
  } catch (error) {
    opening.then((late) => late.close()).catch(() => {});
    throw error;
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
}

/** Waits so many milliseconds, or until the run ends. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => {});
}
