import { USABLE_STATES } from '../../model/digest.ts';
import { raw, type Sql } from '../statement.ts';

/** Says in SQL whether readers may get papers from a digest; `row` is the table's name or alias in the statement. */
export function isUsable(row: string): Sql {
  return raw(`${row}.state IN (${USABLE_STATES.map((state) => `'${state}'`).join(', ')})`);
}
