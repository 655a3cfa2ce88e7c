import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { interestKey, type InterestKind } from '../../src/model/interest.ts';
import { LINES } from '../../src/model/match.ts';
import { matcherOf } from '../world/matchers.ts';
import { sharedPath } from '../support/shared.ts';
import { paper } from '../world/papers.ts';

/** Small cases that lie beside the repository on some machines. */
const CASES = sharedPath('data', 'matching');

interface Case {
  text: string;
  kind: InterestKind;
  finds: string[];
  avoids: string[];
}

function read<Line>(file: string): Line[] {
  const lines = readFileSync(join(CASES ?? '', file), 'utf8')
    .trim()
    .split('\n');
  return lines.map((line) => JSON.parse(line) as Line);
}

test.skipIf(!CASES)('of the small cases of spelling and names at least 97 in 100 are decided right', () => {
  const papers = read<{ id: string; title: string; abstract: string; authors?: string[] }>('papers.jsonl');
  const matcher = matcherOf(
    ...papers.map(({ id, title, abstract, authors }) => paper(id, title, abstract, { authors: authors ?? null })),
  );
  const cases = read<Case>('cases.dev.jsonl');
  const wrong = cases.filter(({ text: written, kind, finds, avoids }) => {
    const text = interestKey(kind, written); // as newsletters, previews and feeds ask
    const taken = new Set(
      matcher.match({ id: text, kind, text }, { minScore: LINES.normal }).map((one) => one.paper.id),
    );
    return finds.some((id) => !taken.has(id)) || avoids.some((id) => taken.has(id));
  });
  expect(1 - wrong.length / cases.length, wrong.map(({ text }) => text).join(', ')).toBeGreaterThanOrEqual(0.97);
});
