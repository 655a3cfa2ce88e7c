import fc from 'fast-check';
import { expect, test } from 'vitest';
import { judgeCorpus, scoresOf } from '../../bench/bounces/corpus.ts';
import { parseReport } from '../../src/feedback/parse-report.ts';
import { corpus, mutant, own } from './mutants.ts';

test.skipIf(corpus === null)('when the corpus is judged, then the floors hold', async () => {
  const scores = scoresOf(await judgeCorpus(corpus ?? []));
  expect(scores.class).toBeGreaterThanOrEqual(0.97);
  expect(scores.recipient).toBeGreaterThanOrEqual(0.98);
  expect(scores.softCalledHard).toBeLessThanOrEqual(0.01);
  expect(scores.readersChanged).toBe(0);
});

test('whatever is broken in a mail, it is read', async () => {
  await fc.assert(
    fc.asyncProperty(mutant, async ({ bytes }) => void (await parseReport(bytes))),
    { numRuns: 500 },
  );
});

const RETURNED = /^content-type:\s*(?:message\/rfc822|text\/rfc822-headers)/im;

test('when a mail of the corpus has lost its report, then it names nobody', async () => {
  const told: string[] = [];
  for (const { file, bytes, class: label } of [...own, ...(corpus ?? [])]) {
    const text = bytes.toString('latin1').replaceAll('\r\n', '\n');
    const boundary = /boundary="?([^"\n;]+)/i.exec(text)?.[1];
    const returned = RETURNED.exec(text)?.index;
    if (boundary === undefined || returned === undefined || label === 'complaint' || file.includes('complaint'))
      continue;
    const rest = `${text.slice(0, text.indexOf('\n\n'))}\n\n--${boundary}\n${text.slice(returned)}`;
    const { recipients } = await parseReport(Buffer.from(rest, 'latin1'));
    if (recipients.length > 0) told.push(`${file}: ${recipients.map(({ address }) => address).join()}`);
  }
  expect(told).toEqual([]);
});
