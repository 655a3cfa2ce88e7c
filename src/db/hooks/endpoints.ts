import type { Tx } from '../client.ts';

/** A program that is told what happens. */
export interface HookEndpoint {
  id: number;
  publicId: string;
  url: string;
  events: string[];
  generation: number;
  rotatedAt: Date | null;
  createdAt: Date;
  failingSince: Date | null;
  offAt: Date | null;
  offBecause: string | null;
}

/** Keeps a new endpoint. */
export function createEndpoint(
  db: Tx,
  row: Pick<HookEndpoint, 'publicId' | 'url' | 'events' | 'createdAt'>,
): Promise<HookEndpoint> {
  return db.hookEndpoint.create({ data: row });
}

/** Lists every endpoint, oldest first: there are few. */
export function listEndpoints(db: Tx): Promise<HookEndpoint[]> {
  return db.hookEndpoint.findMany({ orderBy: { id: 'asc' } });
}

/** Finds an endpoint by its public id; null where there is none. */
export function findEndpoint(db: Tx, publicId: string): Promise<HookEndpoint | null> {
  return db.hookEndpoint.findUnique({ where: { publicId } });
}

/** Makes the secret of the next generation sign; returns the endpoint as it is then, null where there is none. */
export async function rotateEndpoint(db: Tx, publicId: string, now: Date): Promise<HookEndpoint | null> {
  const data = { generation: { increment: 1 }, rotatedAt: now };
  await db.hookEndpoint.updateMany({ where: { publicId }, data });
  return findEndpoint(db, publicId);
}

/** Switches an endpoint off; returns whether it was on. */
export async function switchOff(db: Tx, publicId: string, because: string, now: Date): Promise<boolean> {
  const data = { offAt: now, offBecause: because };
  return (await db.hookEndpoint.updateMany({ where: { publicId, offAt: null }, data })).count > 0;
}

/** Switches an endpoint on again, as if it had never failed; returns whether it was off. */
export async function switchOn(db: Tx, publicId: string): Promise<boolean> {
  const data = { offAt: null, offBecause: null, failingSince: null };
  return (await db.hookEndpoint.updateMany({ where: { publicId, offAt: { not: null } }, data })).count > 0;
}

/** Notes that an endpoint fares well. */
export async function noteWell(db: Tx, id: number): Promise<void> {
  await db.hookEndpoint.updateMany({ where: { id, failingSince: { not: null } }, data: { failingSince: null } });
}

/** Notes that an endpoint failed; returns since when it does, without a success between. */
export async function noteFailing(db: Tx, id: number, at: Date): Promise<Date> {
  await db.hookEndpoint.updateMany({ where: { id, failingSince: null }, data: { failingSince: at } });
  const found = await db.hookEndpoint.findUnique({ where: { id }, select: { failingSince: true } });
  return found?.failingSince ?? at;
}

/** Deletes an endpoint with its log; returns whether there was one. */
export async function deleteEndpoint(db: Tx, publicId: string): Promise<boolean> {
  return (await db.hookEndpoint.deleteMany({ where: { publicId } })).count > 0;
}
