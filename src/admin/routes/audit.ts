import { listActs } from '../../db/operator/acts-list.ts';
import { listSection } from '../list.ts';
import { atText } from '../respond.ts';

/** The audit log: what a person or a job changed. */
export const audit = listSection({
  ...{ name: 'Audit', path: '/admin/audit', title: 'Audit log' },
  columns: ['When', 'Who', 'What', 'To whom or what', 'Detail'],
  empty: 'Nothing has been done yet.',
  read: (ctx, wish) => listActs(ctx.db, wish),
  cells: ({ at, actor, action, subject, detail }) => [
    ...[atText(at), actor, action, { code: subject ?? '' }],
    detail === null ? '' : JSON.stringify(detail),
  ],
});
