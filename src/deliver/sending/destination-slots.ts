import { domainOf } from './pacing.ts';
import type { ClaimedDelivery } from '../../model/delivery.ts';

/** Keeps each destination to the mails in flight that this worker was granted; what a person waits for is exempt. */
export interface Rooms {
  /** Lets a mail go, where its destination has room for it. */
  enter(delivery: ClaimedDelivery): boolean;
  leave(delivery: ClaimedDelivery): void;
  /** Sets the shares, and sorts a batch: as many as a destination can take in the next seconds stay, the rest is told when to come again. */
  admit(claimed: readonly ClaimedDelivery[], shares: ReadonlyMap<string, number>): Admitted;
  /** Sets the shares of what is in hand already. */
  share(shares: ReadonlyMap<string, number>): void;
  /** Destinations with mail in hand, and how many of them are in flight. */
  inFlight(): Map<string, number>;
}

interface Admitted {
  going: ClaimedDelivery[];
  waiting: { delivery: ClaimedDelivery; inMs: number }[];
}

/** What is known of one destination. */
interface Room {
  places: number;
  inFlight: number;
  /** Admitted, and not yet in flight. */
  inHand: number;
  /** How long a mail takes, on a running average. */
  mailMs: number;
  /** Until when the mails set aside will keep it busy. */
  bookedMs: number;
}

/** What a destination may have in hand: about as much as goes before the next batch. */
const HORIZON_MS = 2_000;
/** A first guess at how long a mail takes; half of a guess that is too long goes unused once. */
const GUESS_MS = 100;
/** Weight of the newest mail in the average. */
const NEWEST = 0.1;

/** Creates the rooms of one run. */
export function createRooms(nowMs: () => number = () => performance.now()): Rooms {
  const rooms = new Map<string, Room>();
  const enteredMs = new Map<bigint, number>();
  const roomOf = (delivery: ClaimedDelivery) =>
    delivery.kind === 'newsletter' ? rooms.get(domainOf(delivery.email)) : undefined;

  function share(shares: ReadonlyMap<string, number>): void {
    for (const [destination, places] of shares) {
      const room = rooms.get(destination);
      if (room) room.places = places;
      else rooms.set(destination, { places, inFlight: 0, inHand: 0, mailMs: GUESS_MS, bookedMs: 0 });
    }
  }

  function place(room: Room, delivery: ClaimedDelivery, { going, waiting }: Admitted): void {
    const gapMs = room.mailMs / Math.max(1, room.places);
    if (room.inHand < room.places * Math.max(2, HORIZON_MS / room.mailMs)) {
      room.inHand += 1;
      going.push(delivery);
    } else {
      room.bookedMs = Math.max(room.bookedMs, nowMs() + room.inHand * gapMs) + gapMs;
      waiting.push({ delivery, inMs: room.bookedMs - nowMs() });
    }
  }

  return {
    enter: (delivery) => {
      const room = roomOf(delivery);
      if (!room) return true;
      if (room.inFlight >= room.places) return false;
      room.inFlight += 1;
      room.inHand = Math.max(0, room.inHand - 1);
      enteredMs.set(delivery.id, nowMs());
      return true;
    },
    leave: (delivery) => {
      const room = roomOf(delivery);
      const sinceMs = enteredMs.get(delivery.id);
      if (!room || sinceMs === undefined) return;
      enteredMs.delete(delivery.id);
      room.inFlight -= 1;
      room.mailMs += (Math.max(1, nowMs() - sinceMs) - room.mailMs) * NEWEST;
    },
    admit: (claimed, shares) => {
      share(shares);
      const admitted: Admitted = { going: [], waiting: [] };
      for (const delivery of claimed) {
        const room = roomOf(delivery);
        if (room) place(room, delivery, admitted);
        else admitted.going.push(delivery);
      }
      return admitted;
    },
    share,
    inFlight: () =>
      new Map(
        [...rooms]
          .filter(([, room]) => room.inFlight + room.inHand > 0)
          .map(([destination, room]) => [destination, room.inFlight]),
      ),
  };
}
