import { USABLE_STATES } from '../../model/digest.ts';
import { Prisma } from '../generated/client.ts';

/** Says in SQL whether readers may get papers from a digest; `row` is the table's name or alias in the statement. */
export function isUsable(row: string): Prisma.Sql {
  return Prisma.raw(`${row}.state IN (${USABLE_STATES.map((state) => `'${state}'`).join(', ')})`);
}
