import { isNotice } from '../../model/mail-kind.ts';
import type { Tx } from '../client.ts';

/** A newsletter in the ledger, to be made again. */
export interface SampleMail {
  id: bigint;
  publicId: string;
}

const SHOWN = { id: true, publicId: true, kind: true } as const;

/** Finds newsletters of the ledger by their public ids, newest first. */
export async function findMailsByPublicId(db: Tx, publicIds: readonly string[]): Promise<SampleMail[]> {
  const where = { publicId: { in: [...publicIds] } };
  const rows = await db.delivery.findMany({ where, orderBy: { id: 'desc' }, select: SHOWN });
  return rows.filter(({ kind }) => !isNotice(kind));
}
