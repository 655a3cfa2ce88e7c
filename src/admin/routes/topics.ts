import { Router } from 'express';
import { listTopics } from '../../db/interests/topics.ts';
import { tableOfCells } from '../../http/table.ts';
import type { Admin, Section } from '../admin.ts';
import { precisionView } from '../precision-view.ts';

const WORDS = {
  label: 'Topics',
  columns: ['Field', 'Name', 'Slug', { number: 'Terms' }, 'Said more', 'Description'],
  empty: 'No topics are loaded.',
};

/** The topics on offer, which are few and come whole, and what readers said of the papers mailed. */
export const topics: Section = { name: 'Topics', path: '/admin/topics', routes };

function routes({ ctx, show }: Admin): Router {
  const router = Router();
  router.get('/topics', async (req, res) => {
    const precision = await precisionView(ctx);
    const rows = (await listTopics(ctx.db)).map(({ slug, name, field, description, profile }) => [
      ...[field, name, { code: slug }, profile.length, precision.ofTopic(slug), description],
    ]);
    show(req, res, {
      template: 'topics',
      title: 'Topics',
      view: { table: tableOfCells(WORDS, rows), precision: precision.table },
    });
  });
  return router;
}
