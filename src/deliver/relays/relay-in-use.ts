import type { MailConnection, Relay } from '../../model/mail.ts';
import type { FailureWatch } from './failure-watch.ts';
import type { RelayPacer } from './relay-pace.ts';
import type { SessionLimit } from './session-limit.ts';

/** A mail server in the course of a run. */
export interface RelayInUse {
  relay: Relay;
  /** Connections that are open or being opened, and those that have been opened. */
  connections: number;
  open: number;
  watch: FailureWatch;
  pacer: RelayPacer;
  limit: SessionLimit;
  /** Domains that were told «slower», and when, in milliseconds. */
  slowed: Map<string, number>;
  /** When it last said that it was one connection too many, in milliseconds. */
  fullAtMs: number;
  /** Its circuit is not closed: the first mail that gets through closes it. */
  onProbe: boolean;
  /** Being, or having been, left out by this run. */
  leaving: Promise<void> | null;
}

/** Counts the connection until it is closed, and gives it up once its server is left out. */
export function watched(used: RelayInUse, connection: MailConnection): MailConnection {
  let open = true;
  return {
    send: (mail) => connection.send(mail),
    usable: () => !used.leaving && connection.usable?.() !== false,
    close: () => {
      if (open) {
        used.connections -= 1;
        used.open -= 1;
      }
      open = false;
      return connection.close();
    },
  };
}

/** One that is full gets no new connection for so long, while others take them. */
const FULL_MS = 30_000;

/** The one that is to be tried again comes first, since nobody else may try it now; one that is full comes last. */
export function leastLoaded(relays: readonly RelayInUse[]): RelayInUse | undefined {
  const nowMs = performance.now();
  const load = ({ connections, relay, onProbe, fullAtMs }: RelayInUse) => {
    if (onProbe) return 0;
    return nowMs - fullAtMs < FULL_MS ? Infinity : (connections + 1) / relay.weight;
  };
  return relays.reduce<RelayInUse | undefined>(
    (best, next) => (best && load(best) <= load(next) ? best : next),
    undefined,
  );
}
