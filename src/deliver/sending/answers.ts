import type { Answer, DestinationCount } from '../../model/destination-day.ts';
import type { RefusalTopic } from '../../model/feedback.ts';
import type { SendResult } from '../../model/mail.ts';
import { refusalTopic } from '../../replies/refusal-topic.ts';

/** How mail servers answered a run, counted in memory by day and destination. */
export interface Answers {
  /** Counts an answer; a connection that was lost is none. */
  note(destination: string, result: SendResult, at: Date): void;
  /** Hands over what was counted since the last time. */
  take(): DestinationCount[];
  /** Takes counts back that could not be written. */
  giveBack(counts: readonly DestinationCount[]): void;
}

/** Creates the counters of a run. */
export function createAnswers(): Answers {
  let counts = new Map<string, DestinationCount>();
  const add = (count: DestinationCount) => {
    const key = [count.day, count.destination, count.answer, count.about].join(' ');
    const known = counts.get(key);
    if (known) known.n += count.n;
    else counts.set(key, { ...count });
  };
  return {
    note: (destination, result, at) => {
      const told = answerIn(result);
      if (told) add({ day: at.toISOString().slice(0, 10), destination, ...told, n: 1 });
    },
    take: () => {
      const taken = [...counts.values()];
      counts = new Map();
      return taken;
    },
    giveBack: (some) => {
      for (const count of some) add(count);
    },
  };
}

function answerIn(result: SendResult): { answer: Answer; about: RefusalTopic | '' } | null {
  if (result.outcome === 'lost') return null;
  if (result.outcome === 'accepted') return { answer: 'taken', about: '' };
  if (result.code < 500) return { answer: 'put-off', about: '' };
  return { answer: 'refused', about: refusalTopic(result) ?? '' };
}
