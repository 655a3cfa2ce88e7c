/**
 * Why an address must not be mailed. `erased` is lifted by the person's own confirmation, the others only by an admin.
 */
export type SuppressionReason = 'hard' | 'complaint' | 'manual' | 'erased';

/** Tells whether an address may still be asked whether it wants mail: one that was only erased may be. */
export function mayStillAsk(reason: SuppressionReason | null): reason is 'erased' | null {
  return reason === null || reason === 'erased';
}
