import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGE_ROOT } from '../../src/config.ts';
import { parseCapture } from '../../src/ingest/parse-capture.ts';
import { sharedPath } from '../support/shared.ts';

/** Digests as files, somebody's wishes, and what a newsletter drawn from them must hold. */
export interface DigestFiles {
  name: string;
  source: string;
  files: string[];
  /** The newest list day among them. */
  newestOn: string;
  /** How many entries each day has. */
  entries: Record<string, number>;
  /** Titles of all their papers, each once; some stand in two digests. */
  titles: string[];
  interests: string;
  /** A word that hides papers which the interests would find. */
  muted: string;
  /** The title of a paper that must be found. */
  found: string;
  /** How many papers must be found at least. */
  atLeast: number;
}

/** The digests that come with the program. */
export const OWN_DIGESTS: DigestFiles = {
  ...readFolder(join(PACKAGE_ROOT, 'seeds', 'digests')),
  name: 'the digests that come with the program',
  source: 'own',
  entries: {
    ...{ '2026-11-12': 9, '2026-11-13': 11, '2026-11-16': 11, '2026-11-17': 11 },
    ...{ '2026-11-18': 11, '2026-11-19': 11, '2026-11-20': 12 },
  },
  newestOn: '2026-11-20',
  interests: 'language models\nrobots\nhospital',
  muted: 'medical',
  found: 'Quiet Experts: Routing Tokens by Surprise in Sparse Language Models',
  atLeast: 12,
};

/** Two real digests, where they lie beside the repository; else none. */
export function realDigests(): DigestFiles[] {
  const folder = sharedPath('seeds');
  if (!folder) return [];
  return [
    {
      ...readFolder(folder),
      name: 'two real digests',
      source: 'real',
      entries: { '2025-12-12': 39, '2025-12-31': 48 },
      newestOn: '2025-12-31',
      interests: 'state space models\nvision mamba',
      muted: 'medical',
      found: 'Vision Mamba: Efficient Visual Representation Learning with Bidirectional State Space Model',
      atLeast: 20,
    },
  ];
}

function readFolder(folder: string): Pick<DigestFiles, 'files' | 'titles'> {
  const names = readdirSync(folder).filter((name) => /^\d.*\.(txt|json)$/.test(name));
  const files = names.sort().map((name) => join(folder, name));
  const titles = files.flatMap((name) =>
    parseCapture(readFileSync(name), { name, fetchedAt: new Date('2026-11-22T12:00:00Z') }).entries.map(
      ({ title }) => title,
    ),
  );
  return { files, titles: [...new Set(titles)] };
}
