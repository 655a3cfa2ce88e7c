import { Router, type Request, type Response } from 'express';
import type { Context } from '../context.ts';
import { cursorIn, urlOf } from '../http/pager.ts';
import { parameter } from '../http/parameters.ts';
import { readAside } from '../http/read-aside.ts';
import { filtersView, tableOfCells, type Cell, type Column, type FilterField } from '../http/table.ts';
import { eachPage, type Page, type PageWish } from '../lib/cursor.ts';
import type { Admin, Section } from './admin.ts';
import { sendCsv } from './csv.ts';
import { adminPager } from './respond.ts';
import type { Rights } from './rights.ts';
import { sayingFor, type Saying } from './saying.ts';
import { actorOf, mayActIn, seesAddressesIn } from './session.ts';

/** Rows on one page of a list, and read at a time where it is taken along as a file. */
const LIMIT = 100;
const CSV_LIMIT = 1_000;

/** A filter of a list: `admin.<area>.filter.<name>` names it, `….<name>.<value>` its choices. */
export interface ListFilter extends Pick<FilterField, 'name' | 'type' | 'inputmode'> {
  options?: readonly string[];
  /** What is shown where none of them is chosen, worded as they are; all, where it is left out. */
  otherwise?: string;
  /** Only there for who sees addresses: to others it would tell them. */
  ofAddresses?: true;
}

/** A page of the admin's that is a list and nothing else: one file says all of it. */
export interface AdminList<Row> extends Pick<Section, 'area' | 'path' | 'room'> {
  /** Names of the columns: `admin.<area>.column.<name>` words them; numbers stand to the right. */
  columns: readonly Column[];
  /** By what it can be narrowed; what is asked for comes to `read` under the same names, '' where it is not. */
  filters?: readonly ListFilter[];
  /** `list` where there is none; another shows the same and more. */
  template?: string;
  /** Where the API lists the same, and what it is always asked then. */
  api?: string;
  apiAsks?: Readonly<Record<string, string>>;
  /** Reads a page; `problem` says what of the filters could not be used. */
  read: (
    ctx: Context,
    wish: PageWish,
    asked: Record<string, string>,
    say: Saying,
  ) => Promise<Page<Row> & { problem?: string }>;
  /** A cell for each column; `sees` where whoever looks sees addresses. */
  cells: (row: Row, say: Saying, sees: boolean) => readonly Cell[];
}

/**
 * Makes the section that serves a list: as a page, and as CSV at `?format=csv`. Of its strings `lead` is the sentence
 * above it and `empty` is said where there are no rows.
 */
export function listSection<Row>(list: AdminList<Row>): Section {
  const route = `GET ${list.path.replace(/^\/admin/, '')}`;
  const rights = { [route]: 'viewer' } as Rights;
  return { area: list.area, path: list.path, room: list.room, rights, routes: listRoutes(list) };
}

/** Makes the routes of a list, for a section that does more than show it. */
export function listRoutes<Row>(list: AdminList<Row>): (admin: Admin) => Router {
  return ({ ctx, show }) => {
    const router = Router();
    router.get(list.path.replace(/^\/admin/, ''), async (req, res) => {
      if (parameter(req, 'format') === 'csv') return sendList(ctx, list, req, res);
      const page = await readAside(ctx, actorOf(res), (from) => listView(from, list, req));
      show(req, res, { template: list.template ?? 'list', title: page.title, view: page });
    });
    return router;
  };
}

/** Prepares a page of a list: filters, rows, pager, and where to take it along. */
export async function listView<Row>(ctx: Context, list: AdminList<Row>, req: Request) {
  const say = sayingFor(ctx, req);
  const word = (key: string) => say.words(`admin.${list.area}.${key}`);
  const asked = askedOf(list, req);
  const page = await list.read(ctx, { limit: LIMIT, cursor: cursorIn(req) }, asked, say);
  const columns = list.columns.map((column) => columnWords(column, word));
  const sees = seesAddressesIn(req);
  const rows = page.rows.map((row) => list.cells(row, say, sees));
  const title = word('title');
  return {
    ...{ title, lead: word('lead'), problem: page.problem ?? '', mayAct: mayActIn(req) },
    filters: filtersOf(list, req, asked, say),
    table: tableOfCells({ label: title, columns, empty: word('empty') }, rows, adminPager(req, page, asked)),
    csv: rows.length > 0 && sees ? urlOf(list.path, { ...asked, format: 'csv' }) : '',
    api: list.api ? urlOf(list.api, { ...list.apiAsks, ...asked }) : '',
  };
}

function filtersOf<Row>(list: AdminList<Row>, req: Request, asked: Record<string, string>, say: Saying) {
  const word = (key: string) => say.words(`admin.${list.area}.${key}`);
  const fields = fieldsFor(list, req).map(({ name, type, inputmode, options, otherwise }): FilterField => ({
    ...{ name, label: word(`filter.${name}`), value: asked[name] ?? '' },
    ...(type && { type }),
    ...(inputmode && { inputmode }),
    ...(otherwise && { otherwise: word(`${name}.${otherwise}`) }),
    ...(options && { options: options.map((value) => ({ value, name: word(`${name}.${value}`) })) }),
  }));
  return fields.length > 0 && filtersView(list.path, say.words('admin.list.show'), fields);
}

/** Writes the whole list as CSV, page after page. */
async function sendList<Row>(ctx: Context, list: AdminList<Row>, req: Request, res: Response): Promise<void> {
  const say = sayingFor(ctx, req);
  const asked = askedOf(list, req);
  const heads = list.columns.map((column) =>
    nameOf(columnWords(column, (key) => say.words(`admin.${list.area}.${key}`))),
  );
  const read = (wish: PageWish) => readAside(ctx, actorOf(res), (from) => list.read(from, wish, asked, say));
  const pages = eachPage(read, { limit: CSV_LIMIT });
  await sendCsv(res, list.area, heads, pages, (row) => list.cells(row, say, true));
}

function columnWords(column: Column, word: (key: string) => string): Column {
  const name = word(`column.${nameOf(column)}`);
  return typeof column === 'string' ? name : { number: name };
}

function nameOf(column: Column): string {
  return typeof column === 'string' ? column : column.number;
}

/** What was asked for; a choice that is not on offer is none. */
function askedOf<Row>(list: AdminList<Row>, req: Request): Record<string, string> {
  return Object.fromEntries(
    fieldsFor(list, req).map(({ name, options }) => {
      const value = parameter(req, name, 500);
      return [name, options && !options.includes(value) ? '' : value];
    }),
  );
}

function fieldsFor<Row>({ filters = [] }: AdminList<Row>, req: Request): readonly ListFilter[] {
  return filters.filter(({ ofAddresses }) => !ofAddresses || seesAddressesIn(req));
}
