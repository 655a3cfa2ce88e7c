import type { Request, Response } from 'express';
import type { Admin } from './admin.ts';
import { isSure } from './ask.ts';
import { sayingFor } from './saying.ts';

/**
 * Asks before an import is taken back, since whom it removes is gone for good; any other act can be had back, and is
 * not asked for. False where the question was shown.
 */
export async function isSureToTakeBack(
  admin: Admin,
  req: Request,
  res: Response,
  { action, back }: { action: string; back: string },
): Promise<boolean> {
  if (action !== 'readers.import') return true;
  const { words } = sayingFor(admin.ctx, req);
  return isSure(admin, req, res, {
    title: words('admin.imports.ask.title'),
    says: ['what', 'stays', 'forGood'].map((name) => words(`admin.imports.ask.${name}`)),
    ...{ yes: words('admin.imports.ask.yes'), no: words('admin.imports.ask.no'), back, fields: {} },
  });
}
