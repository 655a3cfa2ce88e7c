import type { ListedAct } from '../db/operator/acts-list.ts';
import { AppError } from '../lib/errors.ts';
import type { TakeBackOutcome } from './take-back-within.ts';

type NotTakenBack = Exclude<TakeBackOutcome, { outcome: 'taken-back' | 'job' }>;

/** Says to whoever asked by command or API why an act was not taken back, and names what stands in the way. */
export function takeBackRefusal(id: bigint, result: NotTakenBack): AppError {
  if (result.outcome === 'unknown') return new AppError('not-found', `act ${id}: there is none with this number`);
  return new AppError('conflict', `${namedAct(result.act)} was not taken back: ${reasonOf(result)}`);
}

/** Names an act by its number, what it did and to what. */
export function namedAct({ id, action, subject }: ListedAct): string {
  return `act ${id} (${[action, subject].filter(Boolean).join(' ')})`;
}

function reasonOf(result: Exclude<NotTakenBack, { outcome: 'unknown' }>): string {
  switch (result.outcome) {
    case 'newer':
      return `${namedAct(result.newer)} stands on it; take that back first`;
    case 'already':
      return `act ${result.by} did that already`;
    case 'in-use':
      return result.words;
    case 'moved-on':
      return 'what it changed has changed since';
    case 'gone':
      return 'what it changed is not kept, or its subject is gone';
    case 'no-way':
      return 'there is no way back from such an act';
  }
}
