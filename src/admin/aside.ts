import type { Response } from 'express';
import { readAside } from '../http/read-aside.ts';
import type { Admin } from './admin.ts';
import { actorOf } from './session.ts';

/** Shows a list from the replica, where there is one, unless whoever looks has just changed something. */
export function aside(admin: Admin, res: Response, show: (admin: Admin) => Promise<void>): Promise<void> {
  return readAside(admin.ctx, actorOf(res), (ctx) => show({ ...admin, ctx }));
}
