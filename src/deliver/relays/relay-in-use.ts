import type { MailConnection, Relay } from '../../model/mail.ts';
import { readingOf } from '../sending/classify-reply.ts';
import type { FailureWatch, Seen } from './failure-watch.ts';
import type { RelayPacer } from './relay-pace.ts';
import type { SessionLimit } from './session-limit.ts';

/** A mail server in the course of a run. */
export interface Used {
  relay: Relay;
  /** Connections that are open or being opened, and those that have been opened. */
  lines: number;
  open: number;
  watch: FailureWatch;
  pacer: RelayPacer;
  limit: SessionLimit;
  /** Domains that were told «slower», and when, in milliseconds. */
  hurried: Map<string, number>;
  /** Its circuit is not closed: the first mail that gets through closes it. */
  onProbe: boolean;
  /** Being, or having been, left out by this run. */
  leaving: Promise<void> | null;
}

/** Tells whether a result proves that the way out works: taken, or refused for nothing but its address. */
export function works({ result }: Pick<Seen, 'result'>): boolean {
  return result.outcome === 'accepted' || readingOf(result)?.about === 'address';
}

/** Counts the connection until it is closed, and gives it up once its server is left out. */
export function watched(used: Used, connection: MailConnection): MailConnection {
  let open = true;
  return {
    send: (mail) => connection.send(mail),
    usable: () => !used.leaving && connection.usable?.() !== false,
    close: () => {
      if (open) {
        used.lines -= 1;
        used.open -= 1;
      }
      open = false;
      return connection.close();
    },
  };
}

/** The one that is to be tried again comes first: nobody else may try it now. */
export function leastLoaded(relays: readonly Used[]): Used | undefined {
  const load = ({ lines, relay, onProbe }: Used) => (onProbe ? 0 : (lines + 1) / relay.weight);
  return relays.reduce<Used | undefined>((best, next) => (best && load(best) <= load(next) ? best : next), undefined);
}
