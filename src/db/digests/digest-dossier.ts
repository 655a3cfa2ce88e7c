import type { Said } from '../../lib/errors.ts';
import { dateOnly } from '../../lib/time.ts';
import type { DigestState, HealthVerdict, ParseWarning } from '../../model/digest.ts';
import type { Tx } from '../client.ts';
import { loadCaptureBytes } from './replay.ts';

/** A digest with what it was read from, for who runs the service. */
export interface DigestDossier {
  id: number;
  source: string;
  digestOn: string;
  verdict: HealthVerdict;
  state: DigestState;
  reasons: string[];
  /** The reasons by name and values; null where that is not known. */
  why: Said[] | null;
  warnings: ParseWarning[];
  arrivedAt: Date;
  capture: { id: number; name: string; sha256: string; receivedAt: Date; parserVersion: number | null };
  entries: DossierEntry[];
}

/** An entry, and the paper it is of. */
export interface DossierEntry {
  position: number;
  title: string;
  authorCount: number | null;
  hasAbstract: boolean;
  known: boolean;
  paperPublicId: string;
}

/** Loads a digest by its number; null where there is none. */
export async function loadDigestDossier(db: Tx, id: number): Promise<DigestDossier | null> {
  const row = await db.digest.findUnique({
    where: { id },
    include: {
      capture: { select: { id: true, name: true, sha256: true, receivedAt: true, parserVersion: true } },
      entries: { include: { paper: { select: { publicId: true } } }, orderBy: [{ position: 'asc' }, { id: 'asc' }] },
    },
  });
  if (!row) return null;
  const { source, verdict, state, reasons, said, arrivedAt, capture } = row;
  const entries = row.entries.map(({ position, title, authorCount, abstract, known, paper }) => ({
    ...{ position, title, authorCount, hasAbstract: abstract !== '', known, paperPublicId: paper.publicId },
  }));
  const warnings = row.warnings as unknown as ParseWarning[];
  return {
    id,
    source,
    digestOn: dateOnly(row.digestOn),
    verdict,
    state,
    reasons,
    why: said as unknown as Said[] | null,
    warnings,
    arrivedAt,
    capture,
    entries,
  };
}

/** Loads the bytes that a digest was read from. */
export function loadDigestBytes(db: Tx, { capture }: DigestDossier): Promise<Uint8Array> {
  return loadCaptureBytes(db, capture.id);
}
