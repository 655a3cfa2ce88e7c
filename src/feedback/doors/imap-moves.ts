import type { ImapConnection } from './imap-connection.ts';

/** Where mails go once they are taken in; nothing is deleted. */
export const DONE = 'Offprint/Done';
export const UNCLEAR = 'Offprint/Unclear';

/**
 * A server looks through the whole mailbox at each move, so that few moves empty it, however full it is: of 12,000
 * mails, 200 a move took four times as long as 1,000, and 1,000 of 100,000 took Dovecot 20 seconds each.
 */
const LEAST = 1_000;
const MOVES = 5;
/** One move must be over before the connection is taken for dead: of such a mailbox 20,000 took 75 seconds. */
const MOST = 10_000;

/** A mail that was looked at, and the folder where it belongs; null where it stays. */
export interface Going {
  uid: number;
  to: string | null;
}

/** Moves mails many at a time, while others are read and taken in. */
export interface Moves {
  /** Takes some up; rejects where those before could not be moved. */
  add(some: readonly Going[]): Promise<void>;
  /** Moves those that are left. */
  end(): Promise<void>;
}

/**
 * Returns what moves mails over a connection, of a mailbox that holds so many; what it could not move is read, known
 * and moved another time.
 */
export function movesOver(connection: Pick<ImapConnection, 'move'>, held: number, least = LEAST): Moves {
  const together = Math.min(MOST, Math.max(least, Math.ceil(held / MOVES)));
  let gathered: Going[] = [];
  let moving: Promise<void> = Promise.resolve();
  const move = async (going: readonly Going[]) => {
    for (const folder of [DONE, UNCLEAR]) {
      const uids = going.flatMap(({ uid, to }) => (to === folder ? [uid] : []));
      if (uids.length > 0) await connection.move(uids, folder);
    }
  };
  const next = async () => {
    const going = gathered;
    gathered = [];
    await moving;
    moving = move(going);
    moving.catch(() => {}); // told by whoever waits for it
  };
  return {
    add: async (some) => {
      gathered.push(...some);
      if (gathered.length >= together) await next();
    },
    end: async () => {
      await next();
      await moving;
    },
  };
}
