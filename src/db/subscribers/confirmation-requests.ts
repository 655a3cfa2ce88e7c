import type { Tx } from '../client.ts';

/** A question put to an address: confirm a sign-up, or a changed address. */
export interface ConfirmationRequest {
  id: number;
  publicId: string;
  subscriberId: number;
  subscriberPublicId: string;
  /** The new address, for a change of address, and the one it leads away from. */
  newEmail: string | null;
  oldEmail: string | null;
  /** What was asked for, applied once it is confirmed. */
  signUp: unknown;
  createdAt: Date;
  expiresAt: Date;
  usedAt: Date | null;
  /** When the old address took the move back. */
  undoneAt: Date | null;
}

/** Keeps a question until it is answered or expires; returns its row's id. */
export async function createRequest(
  db: Tx,
  row: {
    publicId: string;
    subscriberId: number;
    newEmail?: string;
    oldEmail?: string;
    signUp?: unknown;
    createdAt: Date;
    expiresAt: Date;
  },
): Promise<number> {
  const { signUp, newEmail, oldEmail, ...rest } = row;
  const { id } = await db.confirmationRequest.create({
    data: { ...rest, newEmail: newEmail ?? null, oldEmail: oldEmail ?? null, ...(signUp ? { signUp: signUp } : {}) },
    select: { id: true },
  });
  return id;
}

/** Finds a question by the id its link carries. */
export async function findRequest(db: Tx, publicId: string): Promise<ConfirmationRequest | null> {
  const row = await db.confirmationRequest.findUnique({
    where: { publicId },
    include: { subscriber: { select: { publicId: true } } },
  });
  if (!row) return null;
  const { subscriber, ...request } = row;
  return { ...request, subscriberPublicId: subscriber.publicId };
}

/** Marks a question as answered; false where it was answered before (a link works once). */
export async function useRequest(db: Tx, id: number, now: Date): Promise<boolean> {
  const { count } = await db.confirmationRequest.updateMany({ where: { id, usedAt: null }, data: { usedAt: now } });
  return count > 0;
}

/** Lets a question wait for its answer again. */
export async function reopenRequest(db: Tx, id: number): Promise<void> {
  await db.confirmationRequest.update({ where: { id }, data: { usedAt: null } });
}

/** Finds the open sign-up of a subscriber, newest first; null where none waits. */
export async function findOpenSignUp(
  db: Tx,
  subscriberId: number,
  now: Date,
): Promise<{ id: number; publicId: string } | null> {
  return db.confirmationRequest.findFirst({
    where: { subscriberId, newEmail: null, usedAt: null, expiresAt: { gt: now } },
    orderBy: { id: 'desc' },
    select: { id: true, publicId: true },
  });
}

/** Finds what a subscriber asked for when they last filled in the form, answered or not; null where no row holds it. */
export async function lastSignUpOf(db: Tx, subscriberId: number): Promise<unknown> {
  const rows = await db.confirmationRequest.findMany({
    where: { subscriberId, newEmail: null },
    orderBy: { id: 'desc' },
    select: { signUp: true },
  });
  return rows.find(({ signUp }) => signUp !== null)?.signUp ?? null;
}

/** Puts what was asked for last in place of what an open question held. */
export async function renewSignUp(db: Tx, id: number, row: { signUp: object; expiresAt: Date }): Promise<void> {
  await db.confirmationRequest.update({ where: { id }, data: row });
}

/** Withdraws every open question of a subscriber, but for those that are put to the new address `except`. */
export async function closeRequests(
  db: Tx,
  subscriberId: number,
  now: Date,
  { except }: { except?: string } = {},
): Promise<void> {
  const others = except === undefined ? {} : { OR: [{ newEmail: null }, { newEmail: { not: except } }] };
  await db.confirmationRequest.updateMany({ where: { subscriberId, usedAt: null, ...others }, data: { usedAt: now } });
}

/**
 * Lets the questions wait again that an act withdrew at an instant. Of somebody who had answered, only those put to
 * another address: their own answer stays used.
 */
export async function reopenClosed(
  db: Tx,
  subscriberId: number,
  { at, answered }: { at: Date; answered: boolean },
): Promise<void> {
  const which = answered ? { newEmail: { not: null }, undoneAt: null } : {};
  await db.confirmationRequest.updateMany({ where: { subscriberId, usedAt: at, ...which }, data: { usedAt: null } });
}

/** Marks a move of a subscriber and all that were asked for after it as taken back. */
export async function undoRequests(db: Tx, subscriberId: number, fromId: number, now: Date): Promise<void> {
  await db.confirmationRequest.updateMany({
    where: { subscriberId, id: { gte: fromId }, newEmail: { not: null }, undoneAt: null },
    data: { undoneAt: now },
  });
}

/** Tells whether a question that was put to a new address of a subscriber since an instant waits for its answer. */
export async function waitsForMove(db: Tx, subscriberId: number, newEmail: string, since: Date): Promise<boolean> {
  const where = { subscriberId, newEmail, usedAt: null, createdAt: { gt: since } };
  return (await db.confirmationRequest.count({ where })) > 0;
}

/** Tells whether the subscriber has asked another new address since a question. */
export async function wasOvertaken(
  db: Tx,
  { id, subscriberId, newEmail }: Pick<ConfirmationRequest, 'id' | 'subscriberId' | 'newEmail'>,
): Promise<boolean> {
  const other = newEmail === null ? { not: null } : { not: newEmail };
  return (await db.confirmationRequest.count({ where: { subscriberId, id: { gt: id }, newEmail: other } })) > 0;
}

/** Counts the questions put to new addresses of a subscriber since an instant. */
export async function countAddressQuestions(db: Tx, subscriberId: number, since: Date): Promise<number> {
  return db.confirmationRequest.count({ where: { subscriberId, newEmail: { not: null }, createdAt: { gt: since } } });
}
