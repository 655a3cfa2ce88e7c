import { expect, test } from 'vitest';
import { parseCapture } from '../../src/ingest/parse-capture.ts';
import { parseCaptureApart } from '../../src/ingest/parse-apart.ts';
import { AppError } from '../../src/lib/errors.ts';

const hints = { name: 'long.json', fetchedAt: new Date('2026-11-22T12:00:00Z') };
const limits = { inPlaceBytes: 0, milliseconds: 60_000, megabytes: 768 };

/** An answer of daily_papers of about so many bytes. */
function answerOf(bytes: number): Buffer {
  const summary = 'We grow kelp over clusters and find that it grows best where nobody looks. '.repeat(40);
  const papers = Array.from({ length: Math.ceil(bytes / summary.length) }, (_, n) => ({
    paper: {
      id: `2611.${String(n).padStart(5, '0')}`,
      title: `Kelp over clusters, part ${n}`,
      summary,
      submittedOnDailyAt: '2026-11-20T00:00:00Z',
    },
  }));
  return Buffer.from(JSON.stringify(papers));
}

const missing = new URL('./no-such-thread.ts', import.meta.url);
const endless = new URL('./endless-thread.ts', import.meta.url);

async function refusalOf(work: Promise<unknown>): Promise<{ code: string; message: string }> {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(AppError);
  const { code, message } = error as AppError;
  return { code, message };
}

test('when a capture is long, then it is read on a thread of its own, and says the same', async () => {
  const bytes = answerOf(400_000);
  expect(await parseCaptureApart(bytes, hints)).toEqual(parseCapture(bytes, hints));
});

test('when a capture is longer than 256 kB, then no other thread waits for it; a shorter one is read at once', async () => {
  const short = answerOf(200_000);
  expect(await parseCaptureApart(short, hints, undefined, missing)).toEqual(parseCapture(short, hints));
  expect((await refusalOf(parseCaptureApart(answerOf(300_000), hints, undefined, missing))).code).toBe('unavailable');
});

test('when a long capture is no digest, then it is refused in the same words', async () => {
  const bytes = Buffer.from(`[${'1,'.repeat(200_000)}1]`);
  expect((await refusalOf(parseCaptureApart(bytes, hints))).message).toBe(messageOf(() => parseCapture(bytes, hints)));
});

test('when reading a capture takes too long, then it is refused, and the thread is gone', async () => {
  const work = parseCaptureApart(answerOf(1), hints, { ...limits, milliseconds: 700 }, endless);
  expect(await refusalOf(work)).toEqual({
    code: 'bad-input',
    message: expect.stringMatching(
      /^long\.json: \d+ bytes took more than 0\.7 s to read; expected a day's list/,
    ) as string,
  });
});

test('when reading a capture takes too much memory, then it is refused, and this process lives on', async () => {
  const deep = Buffer.from(`[${'{"paper":{"a":[[[[1]]]]}},'.repeat(300_000)}1]`);
  expect(await refusalOf(parseCaptureApart(deep, hints, { ...limits, megabytes: 24 }))).toEqual({
    code: 'bad-input',
    message: expect.stringMatching(/^long\.json: \d+ bytes took more than 24 MB of memory to read/) as string,
  });
});

test('when there is no thread to have, then it is no fault of the capture', async () => {
  expect((await refusalOf(parseCaptureApart(answerOf(1), hints, limits, missing))).code).toBe('unavailable');
});

function messageOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('nothing was thrown');
}
