import type { Context } from '../context.ts';
import type { ShowAdmin } from './pages.ts';

/** What every admin route gets. */
export interface AdminRoom {
  ctx: Context;
  show: ShowAdmin;
}
