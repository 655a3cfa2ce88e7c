import { Router } from 'express';
import { parameter } from '../../http/parameters.ts';
import type { Section } from '../admin.ts';
import { sayingFor } from '../saying.ts';

const PATH = '/admin/weather';
/** Longest part of a domain's name that is looked for (RFC 1035 2.3.4). */
const LONGEST = 255;

/** How the providers answer: thirty days of each destination. */
export const weather: Section = {
  ...{ area: 'weather', path: PATH, room: 'more' },
  rights: { 'GET /weather': 'viewer' },
  routes: ({ ctx, show }) => {
    const router = Router();
    router.get('/weather', async (req, res) => {
      const say = sayingFor(ctx, req);
      // What draws is not loaded before somebody looks.
      const { weatherView } = await import('../feedback/weather-view.ts');
      const view = await weatherView(ctx, say, parameter(req, 'find', LONGEST).trim().toLowerCase());
      show(req, res, { template: 'weather', title: say.words('admin.weather.title'), view });
    });
    return router;
  },
};
