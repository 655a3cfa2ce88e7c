import { Router } from 'express';
import { listTopics } from '../../db/interests/topics.ts';
import { loadKnowledge } from '../../match/knowledge.ts';
import { tableOfCells } from '../../http/table.ts';
import type { Admin, Section } from '../admin.ts';
import { precisionView } from '../precision-view.ts';

const WORDS = {
  label: 'Topics',
  columns: ['Field', 'Name', 'Slug', { number: 'Terms' }, 'Said more', 'Description'],
  empty: 'No topics are loaded.',
};

/** The topics on offer, which are few and come whole, and what readers said of the papers mailed. */
export const topics: Section = {
  area: 'topics',
  path: '/admin/topics',
  room: 'more',
  rights: { 'GET /topics': 'viewer' },
  routes,
};

function routes({ ctx, show }: Admin): Router {
  const router = Router();
  router.get('/topics', async (req, res) => {
    const precision = await precisionView(ctx);
    const rows = (await listTopics(ctx.db)).map(({ slug, name, field, description }) => [
      ...[field, name, { code: slug }],
      ...[termCount(slug, ctx.config.CONCEPTS_FILE), precision.ofTopic(slug), description],
    ]);
    show(req, res, {
      template: 'topics',
      title: 'Topics',
      view: { table: tableOfCells(WORDS, rows), precision: precision.table },
    });
  });
  return router;
}

/** Terms of the topic's own concept, those of the narrower ones not counted. */
function termCount(slug: string, conceptsFile: string | undefined): number {
  const { topics, concepts } = loadKnowledge(conceptsFile).lexicon;
  return concepts[topics.get(slug) ?? -1]?.terms.length ?? 0;
}
