import type { SendResult } from '../model/mail.ts';
import type { Verdict } from './classify-reply.ts';

/** Failures in a row after which the fault is the way out's, not the mails'. */
const MOST_IN_A_ROW = 20;
/** Failures after which it is so too where they are half of what was seen lately. */
const MOST_OF_LATE = 50;

/** Watches what becomes of the mails over one way out. */
export interface Health {
  /** Notes a result; returns what is wrong once too many failed, in a row or of the last hundred. */
  note(result: SendResult, verdict: Verdict): string | null;
}

/** What one result says of the way out: an address or a «later» says nothing. */
function signOf(result: SendResult, verdict: Verdict): 'works' | 'fails' | 'silent' {
  if (verdict.state === 'sent' || verdict.suppress) return 'works';
  if (result.outcome === 'refused') return result.code >= 500 ? 'fails' : 'silent';
  return 'fails';
}

/** Creates a watch that speaks after one failure (`probe`), else after 20 in a row (or two rounds of all connections) or 50 of the last 100. */
export function createHealth({ connections, probe }: { connections: number; probe: boolean }): Health {
  // A server that restarts cuts all lines at once: that is one failure each, and no row yet.
  const mostInARow = probe ? 1 : Math.max(MOST_IN_A_ROW, 2 * connections);
  const mostOfLate = Math.max(MOST_OF_LATE, mostInARow);
  let inARow = 0;
  let failures = 0;
  const late: boolean[] = [];
  return {
    note: (result, verdict) => {
      const sign = signOf(result, verdict);
      if (sign === 'silent') return null;
      const failed = sign === 'fails';
      inARow = failed ? inARow + 1 : 0;
      failures += Number(failed);
      late.push(failed);
      if (late.length > 2 * mostOfLate) failures -= Number(late.shift());
      if (inARow >= mostInARow) return `${inARow} failures in a row, the last one: ${verdict.reply}`;
      if (failures >= mostOfLate && failed)
        return `${failures} of the last ${late.length} mails failed, the last one: ${verdict.reply}`;
      return null;
    },
  };
}
