import { expect, test } from 'vitest';
import { pagerOf } from '../../src/http/pager.ts';
import { filtersView, tableOfCells } from '../../src/http/table.ts';
import { openTemplates, type Frame } from '../../src/http/templates.ts';

const WORDS = { label: 'Pages', back: 'Back', on: 'On' };
const FRAME = { language: 'en', title: 'A list', siteName: 'Offprint', homeUrl: '/', look: '', styles: [], script: '' };
const NOBODY = { signedIn: false, email: '', csrf: '', q: '', menu: [] };

/** A list as the pages of admins show it. */
function listWith(view: object): string {
  const usual = { title: 'A list', lead: '', message: '', filters: false, problem: '', csv: '', api: '' };
  return openTemplates<Frame & typeof NOBODY>('admin')('list', { ...usual, ...view }, { ...FRAME, ...NOBODY });
}

test('when a page of a list holds no rows and there is more behind it, then the way on stands there', () => {
  const pager = pagerOf({ next: 'abc' }, { path: '/list', cursor: '' }, WORDS);
  const page = listWith({ table: tableOfCells({ label: 'A list', columns: ['One'], empty: 'None here.' }, [], pager) });
  expect(page).toContain('None here.');
  expect(page).toContain('rel="next">On</a>');
  const whole = listWith({ table: tableOfCells({ label: 'A list', columns: ['One'], empty: 'None.' }, []) });
  expect(whole).not.toContain('class="pager"');
});

test('when none of the choices of a filter is not all, then that choice has a name of its own', () => {
  const options = [{ value: 'done', name: 'those dealt with' }];
  const named = { name: 'state', label: 'Which', value: '', options, otherwise: 'those that wait' };
  const table = tableOfCells({ label: 'A list', columns: ['One'], empty: 'None.' }, []);
  const page = listWith({ table, filters: filtersView('/list', 'Show', [named]) });
  expect(page).toContain('<option value="">those that wait</option>');
  const all = listWith({
    table,
    filters: filtersView('/list', 'Show', [{ name: 'a', label: 'A', value: '', options }]),
  });
  expect(all).toContain('<option value="">all</option>');
});

test('when a cell holds a number as it is said, then it stands to the right as others do', () => {
  const table = tableOfCells({ label: 'A list', columns: [{ number: 'One' }], empty: '' }, [
    [{ number: 0.5, text: '0,50' }],
  ]);
  expect(listWith({ table })).toContain('<td class="number">0,50</td>');
});
