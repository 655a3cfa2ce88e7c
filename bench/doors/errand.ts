import { fork } from 'node:child_process';
import { once } from 'node:events';

/** What a process is to bring to a door. */
export interface Errand {
  door: 'smtp' | 'sendgrid' | 'generic';
  port: number;
  count: number;
  /** Events in one request; a mail holds one. */
  inOne: number;
  /** Sessions or requests at a time. */
  atOnce: number;
  /** Events a second at most; null where the door alone says how many. */
  perSecond: number | null;
  /** What was signed for each mail that is spoken of. */
  tokens: readonly string[];
  domain: string;
  /** What the clock says there, in seconds since 1970. */
  timestamp: string;
  /** What the provider signs with: a private key as PEM, or a shared secret. */
  secret: string;
}

/** How long an errand took, and of the processor. */
export interface Brought {
  tookMs: number;
  cpuMs: number;
}

/** Starts a process that brings it; what is returned lets it go, and returns what that took. */
export async function prepareErrand(errand: Errand): Promise<() => Promise<Brought>> {
  const child = fork(new URL('./bring-process.ts', import.meta.url), { execArgv: ['--import', 'tsx'] });
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`whoever brought things to ${errand.door} ended with ${code as number}`);
  });
  ended.catch(() => {}); // heard where it is waited for
  const told = async () => ((await Promise.race([once(child, 'message'), ended])) as [unknown])[0];
  child.send(errand);
  await told();
  return async () => {
    child.send('go');
    return (await told()) as Brought;
  };
}
