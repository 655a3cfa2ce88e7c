import type { Said } from '../lib/errors.ts';
import { Prisma } from './generated/client.ts';

/** Keeps a reason by name and values as JSON; none as NULL. */
export function keptSaid(said: Said | null): Prisma.InputJsonValue | typeof Prisma.DbNull {
  return said === null ? Prisma.DbNull : (said as unknown as Prisma.InputJsonObject);
}
