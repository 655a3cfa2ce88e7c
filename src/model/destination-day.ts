import type { RefusalTopic } from './feedback.ts';

/** How a mail server answered: it took the mail, put it off, or refused it. */
export type Answer = 'taken' | 'put-off' | 'refused';

/** Answers of one destination on one day (UTC) that were alike. */
export interface DestinationCount {
  /** YYYY-MM-DD. */
  day: string;
  destination: string;
  answer: Answer;
  /** What refusals spoke of; '' where nobody can tell, and of the others. */
  about: RefusalTopic | '';
  n: number;
}
