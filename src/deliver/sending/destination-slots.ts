import { domainOf } from '../../model/address.ts';
import type { ClaimedDelivery } from '../../model/delivery.ts';
import { MAIL_KINDS } from '../../model/mail-kind.ts';

/** Keeps each destination to the mails in flight that this worker was granted; what a person waits for is exempt. */
export interface DestinationSlots {
  /** Lets a mail go, where its destination has a slot free for it. */
  enter(delivery: ClaimedDelivery): boolean;
  leave(delivery: ClaimedDelivery): void;
  /**
   * Sets the shares, and sorts a batch: as many as a destination can take in the next seconds stay, the rest is told
   * when to come again.
   */
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
interface Destination {
  /** Mails that may be in flight at once. */
  slots: number;
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

/** Creates the slots of one run, none as yet. */
export function createDestinationSlots(nowMs: () => number = () => performance.now()): DestinationSlots {
  const destinations = new Map<string, Destination>();
  const enteredMs = new Map<bigint, number>();
  const destinationOf = (delivery: ClaimedDelivery) =>
    MAIL_KINDS[delivery.kind].paced ? destinations.get(domainOf(delivery.email)) : undefined;

  return {
    enter: (delivery) => {
      const destination = destinationOf(delivery);
      if (!destination) return true;
      if (destination.inFlight >= destination.slots) return false;
      destination.inFlight += 1;
      destination.inHand = Math.max(0, destination.inHand - 1);
      enteredMs.set(delivery.id, nowMs());
      return true;
    },
    leave: (delivery) => {
      const destination = destinationOf(delivery);
      const sinceMs = enteredMs.get(delivery.id);
      if (!destination || sinceMs === undefined) return;
      enteredMs.delete(delivery.id);
      destination.inFlight -= 1;
      destination.mailMs += (Math.max(1, nowMs() - sinceMs) - destination.mailMs) * NEWEST;
    },
    admit: (claimed, shares) => {
      share(destinations, shares);
      const admitted: Admitted = { going: [], waiting: [] };
      for (const delivery of claimed) {
        const destination = destinationOf(delivery);
        if (destination) place(destination, delivery, nowMs(), admitted);
        else admitted.going.push(delivery);
      }
      return admitted;
    },
    share: (shares) => {
      share(destinations, shares);
    },
    inFlight: () => inFlightOf(destinations),
  };
}

function share(destinations: Map<string, Destination>, shares: ReadonlyMap<string, number>): void {
  for (const [domain, slots] of shares) {
    const known = destinations.get(domain);
    if (known) known.slots = slots;
    else destinations.set(domain, { slots, inFlight: 0, inHand: 0, mailMs: GUESS_MS, bookedMs: 0 });
  }
}

/** Takes a mail in hand, or tells it to come again once those before it are through. */
function place(destination: Destination, delivery: ClaimedDelivery, nowMs: number, { going, waiting }: Admitted): void {
  const gapMs = destination.mailMs / Math.max(1, destination.slots);
  if (destination.inHand < destination.slots * Math.max(2, HORIZON_MS / destination.mailMs)) {
    destination.inHand += 1;
    going.push(delivery);
  } else {
    destination.bookedMs = Math.max(destination.bookedMs, nowMs + destination.inHand * gapMs) + gapMs;
    waiting.push({ delivery, inMs: destination.bookedMs - nowMs });
  }
}

function inFlightOf(destinations: ReadonlyMap<string, Destination>): Map<string, number> {
  return new Map(
    [...destinations]
      .filter(([, { inFlight, inHand }]) => inFlight + inHand > 0)
      .map(([domain, { inFlight }]) => [domain, inFlight]),
  );
}
