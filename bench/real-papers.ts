import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseCapture } from '../src/ingest/parse-capture.ts';
import type { ParsedEntry } from '../src/model/digest.ts';
import type { ChosenPaper } from '../src/model/newsletter.ts';
import { sharedPath } from '../test/support/shared.ts';

interface Truth {
  digests: {
    digestDate: string;
    entries: {
      n: number;
      title: string;
      abstract: string;
      authorCount: number | null;
      organisation: { slug: string; name: string } | null;
      published: string | null;
      comments: number | null;
    }[];
  }[];
}

/** Reads the papers of the two real digests, matched by a word of theirs; none where the files are not here. */
export function realPapers(): ChosenPaper[][] {
  const file = sharedPath('seeds', 'seeds-truth.json');
  if (!file) return [];
  const truth = JSON.parse(readFileSync(file, 'utf8')) as Truth;
  return truth.digests.map(({ digestDate, entries }, day) =>
    entries.map((entry) =>
      chosenOf(digestDate, 10_000 + 100 * day + entry.n, {
        position: entry.n,
        title: entry.title,
        abstract: entry.abstract,
        authors: [],
        authorCount: entry.authorCount,
        organization: entry.organisation,
        publishedOn: entry.published,
        upvotes: null,
        comments: entry.comments,
        arxivId: null,
        doi: null,
        url: entry.n % 2 ? `https://arxiv.org/abs/2512.${10_000 + entry.n}` : null,
        codeUrl: null,
        discussionUrl: entry.n % 3 ? null : `https://huggingface.co/papers/2512.${10_000 + entry.n}`,
      }),
    ),
  );
}

/** Reads the papers of three days whose source names the authors; none where the files are not here. */
export function papersWithAuthors(): ChosenPaper[][] {
  const folder = sharedPath('data', 'digests', 'hf-json');
  if (!folder) return [];
  return ['2025-11-25', '2025-12-02', '2025-12-03'].map((day, at) => {
    const name = `${day}.json`;
    const { digestOn, entries } = parseCapture(readFileSync(join(folder, name)), { name, fetchedAt: new Date(day) });
    return entries.map((entry) => chosenOf(digestOn, 20_000 + 100 * at + entry.position, entry));
  });
}

/** Makes a paper chosen, for a word that stands in it. */
function chosenOf(digestOn: string, id: number, entry: ParsedEntry): ChosenPaper {
  const found = /state[- ]space model\w*|representation|matri\w+|attention/i.exec(entry.abstract)?.[0] ?? 'state';
  return {
    entry: { ...entry, id, paperId: id, paperPublicId: `real-paper-${id}`, source: 'files', digestOn },
    upvotes: entry.upvotes,
    comments: entry.comments,
    match: {
      id,
      interestId: entry.position % 3,
      interestKind: entry.position % 2 ? 'topic' : 'words',
      interestText: ['State space models', 'Representation learning', 'Matrices'][entry.position % 3] ?? '',
      score: 0.8,
      reasons: [{ kind: 'phrase', text: found, where: 'abstract' }],
    },
  };
}
