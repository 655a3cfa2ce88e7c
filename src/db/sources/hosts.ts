import { randomUUID } from 'node:crypto';
import type { Turn, Turns } from '../../context.ts';
import type { Tx } from '../client.ts';
import { bool, float8, text } from '../columns.ts';
import { command, query, sql } from '../statement.ts';

const takeTurn = query(
  'take the turn at a host',
  { name: text },
  (given: { name: string; holder: string; leaseMs: number }) => sql`
    INSERT INTO source_hosts AS h (name, next_at, holder, held_until)
    VALUES (${given.name}, clock_timestamp(), ${given.holder}::uuid, clock_timestamp() + ${given.leaseMs} * interval '1 millisecond')
    ON CONFLICT (name) DO UPDATE SET holder = EXCLUDED.holder, held_until = clock_timestamp() + ${given.leaseMs} * interval '1 millisecond'
    WHERE h.next_at <= clock_timestamp() AND h.held_until <= clock_timestamp()
    RETURNING h.name`,
);

const waitForTurn = query(
  'wait for the turn at a host',
  { ms: float8, taken: bool },
  (given: { name: string }) => sql`
    SELECT (extract(epoch FROM greatest(next_at, held_until) - clock_timestamp()) * 1000)::float8 AS ms,
      held_until > clock_timestamp() AS taken
    FROM source_hosts WHERE name = ${given.name}`,
);

const endTurn = command(
  'end the turn at a host',
  (given: { name: string; holder: string; restMs: number }) => sql`
    UPDATE source_hosts SET held_until = clock_timestamp(),
      next_at = greatest(next_at, clock_timestamp() + ${given.restMs} * interval '1 millisecond')
    WHERE name = ${given.name} AND holder = ${given.holder}::uuid`,
);

/**
 * Opens the turns at hosts that all processes share. A turn is one row taken by one statement, so that it needs no
 * session; that of a process which died is free again when its lease runs out.
 */
export function openTurns(db: Tx): Turns {
  return {
    take: async (name, leaseMs) => {
      const holder = randomUUID();
      const taken = await takeTurn(db, { name, holder, leaseMs });
      if (taken.length > 0) return turnOf(db, name, holder);
      const [wait] = await waitForTurn(db, { name });
      return { waitMs: Math.max(0, wait?.ms ?? 0), taken: wait?.taken ?? false };
    },
  };
}

function turnOf(db: Tx, name: string, holder: string): Turn {
  return {
    end: async (restMs) => {
      await endTurn(db, { name, holder, restMs });
    },
  };
}
