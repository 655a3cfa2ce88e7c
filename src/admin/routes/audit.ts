import { listActs } from '../../db/operator/acts-list.ts';
import { listSection } from '../list.ts';

/** The audit log: what a person or a job changed. */
export const audit = listSection({
  ...{ area: 'log', path: '/admin/audit', room: 'more' },
  columns: ['when', 'who', 'what', 'whom', 'detail'],
  read: (ctx, wish) => listActs(ctx.db, wish),
  cells: ({ at, actor, action, subject, detail }, { when }) => [
    ...[when(at), actor, action, { code: subject ?? '' }],
    detail === null ? '' : JSON.stringify(detail),
  ],
});
