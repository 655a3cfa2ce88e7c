import { readFileSync } from 'node:fs';
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
    entries.map((entry): ChosenPaper => {
      const id = 10_000 + 100 * day + entry.n;
      const found = /state[- ]space model\w*|representation|matri\w+|attention/i.exec(entry.abstract)?.[0] ?? 'state';
      return {
        entry: {
          id,
          paperId: id,
          paperPublicId: `real-paper-${id}`,
          position: entry.n,
          title: entry.title,
          abstract: entry.abstract,
          authors: [],
          authorCount: entry.authorCount,
          organization: entry.organisation,
          publishedOn: entry.published,
          upvotes: null,
          comments: entry.comments,
          url: entry.n % 2 ? `https://arxiv.org/abs/2512.${10_000 + entry.n}` : null,
          codeUrl: null,
          discussionUrl: entry.n % 3 ? null : `https://huggingface.co/papers/2512.${10_000 + entry.n}`,
          source: 'files',
          digestOn: digestDate,
        },
        upvotes: null,
        comments: entry.comments,
        match: {
          id,
          interestId: entry.n % 3,
          interestKind: entry.n % 2 ? 'topic' : 'words',
          interestText: ['State space models', 'Representation learning', 'Matrices'][entry.n % 3] ?? '',
          score: 0.8,
          reasons: [{ kind: 'phrase', text: found, where: 'abstract' }],
        },
      };
    }),
  );
}
