import { Router, type Request } from 'express';
import type { Context } from '../context.ts';
import { cursorIn } from '../http/pager.ts';
import { parameter } from '../http/parameters.ts';
import { filtersView, tableOfCells, type Cell, type Column, type FilterField } from '../http/table.ts';
import type { Page, PageWish } from '../lib/cursor.ts';
import type { Section } from './admin.ts';
import { adminPager } from './respond.ts';
import type { Rights } from './rights.ts';
import { seesAddresses } from './session.ts';

/** Rows on one page of a list. */
const LIMIT = 100;

/** A field by which a list is narrowed; one `ofAddresses` is only there for who sees those, else it would tell them. */
export type ListFilter = Omit<FilterField, 'value'> & { ofAddresses?: true };

/** A page of the admin's that is a list and nothing else: one file says all of it. */
export interface AdminList<Row> {
  /** Its entry in the menu. */
  name: string;
  path: string;
  title: string;
  columns: readonly Column[];
  /** Said where there are no rows. */
  empty: string;
  /** By what it can be narrowed; what is asked for comes to `read` under the same names, '' where it is not. */
  filters?: readonly ListFilter[];
  /** Reads a page; `problem` says what of the filters could not be used. */
  read: (ctx: Context, wish: PageWish, asked: Record<string, string>) => Promise<Page<Row> & { problem?: string }>;
  cells: (row: Row) => readonly Cell[];
}

/** Makes the section that serves a list. */
export function listSection<Row>(list: AdminList<Row>): Section {
  const { name, path, title, columns, empty } = list;
  const routes: Section['routes'] = ({ ctx, show }) => {
    const router = Router();
    router.get(path.replace(/^\/admin/, ''), async (req, res) => {
      const fields = (list.filters ?? []).filter(({ ofAddresses }) => !ofAddresses || seesAddresses(res));
      const filters = fields.map((field) => ({ ...field, value: valueIn(req, field) }));
      const asked = Object.fromEntries(filters.map((field) => [field.name, field.value]));
      const page = await list.read(ctx, { limit: LIMIT, cursor: cursorIn(req) }, asked);
      const view = {
        title,
        filters: filters.length > 0 && filtersView(path, 'Show', filters),
        problem: page.problem ?? '',
        table: tableOfCells({ label: title, columns, empty }, page.rows.map(list.cells), adminPager(req, page, asked)),
      };
      show(req, res, { template: 'list', title, view });
    });
    return router;
  };
  const route = `GET ${path.replace(/^\/admin/, '')}`;
  return { name, path, rights: { [route]: 'viewer' } as Rights, routes };
}

/** What was asked for; a choice that is not on offer is none. */
function valueIn(req: Request, { name, options }: ListFilter): string {
  const value = parameter(req, name, 500);
  return options && !options.includes(value) ? '' : value;
}
