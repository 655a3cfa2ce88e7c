import { addToDays } from '../../db/feedback/days.ts';
import { messageOf } from '../../lib/errors.ts';
import type { SendingRun } from '../sending/sending-run.ts';

/** What is counted is written so often: so much of it is lost with a process that is killed. */
const WRITE_MS = 10_000;

/** Writes now and then, beside the sending, how mail servers answered. Returns what stops that and writes the rest. */
export function startCounting(run: SendingRun): () => Promise<void> {
  const timer = setInterval(() => void writeAnswers(run), WRITE_MS);
  return () => {
    clearInterval(timer);
    return writeAnswers(run);
  };
}

/** Writes what was counted since the last time; where the database is away, it is counted on. */
async function writeAnswers({ ctx, answers }: SendingRun): Promise<void> {
  const counts = answers.take();
  try {
    await addToDays(ctx.db, counts);
  } catch (error) {
    answers.giveBack(counts);
    ctx.log.warn({ problem: messageOf(error) }, 'answers of destinations could not be counted');
  }
}
