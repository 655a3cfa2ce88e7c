import type { Db } from '../../db/client.ts';
import { findRelayPace, forgetRelayPace, relayTookMail, slowRelay, takeRelayPlaces } from '../../db/sending/relays.ts';
import { createPacer } from '../sending/pacing.ts';
import { persistently } from '../../lib/persistently.ts';

/** How fast one mail server may be given mail: as fast as it takes it, until it says «slower». */
export interface RelayPacer {
  /** Milliseconds to wait before the next mail. */
  next(): Promise<number>;
  /** Notes that a mail was taken; a promise where that has to be written down. */
  took(): Promise<void> | null;
  /** Slows down; returns true where that was done so often in vain that speed is not what it means. */
  tooFast(): Promise<boolean>;
}

/** Slowdowns with nothing getting through in between, after which the server takes nothing at all. */
const MOST_IN_VAIN = 4;

/**
 * Opens the pace of a mail server, which all processes share. Without one, nothing is asked of the database. It begins
 * with as many mails a second as the server took of us in the best of the last two.
 */
export async function openRelayPacer(db: Db, relay: string): Promise<RelayPacer> {
  const newPlaces = () => createPacer(() => persistently(() => takeRelayPlaces(db, relay)));
  let places = (await persistently(() => findRelayPace(db, relay))) === null ? null : newPlaces();
  let unheeded = false;
  const second = { startMs: performance.now(), taken: 0, before: 0 };

  function turnSecond(): void {
    const nowMs = performance.now();
    if (nowMs - second.startMs < 1_000) return;
    second.before = nowMs - second.startMs < 2_000 ? second.taken : 0;
    second.taken = 0;
    second.startMs = nowMs;
  }

  return {
    next: () => places?.() ?? Promise.resolve(0),
    took: () => {
      turnSecond();
      second.taken += 1;
      if (!unheeded) return null;
      unheeded = false;
      return relayTookMail(db, relay);
    },
    tooFast: async () => {
      turnSecond();
      const pace = await slowRelay(db, relay, 1_000 / Math.max(1, second.taken, second.before));
      if (!pace) {
        places ??= newPlaces();
        return false;
      }
      unheeded = true;
      places = newPlaces(); // those that were taken are too near
      if (pace.strikes < MOST_IN_VAIN) return false;
      await forgetRelayPace(db, relay);
      places = null;
      return true;
    },
  };
}
