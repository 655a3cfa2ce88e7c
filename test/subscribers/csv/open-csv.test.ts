import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import { Readable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { columnMap } from '../../../src/subscribers/csv/header.ts';
import { openCsv } from '../../../src/subscribers/csv/open-csv.ts';

/** Reads a whole file: each row as its line and cells by column, or as its line and problem. */
async function read(file: string | Buffer, { map = [] as string[], pieces = 70_000 } = {}) {
  const bytes = typeof file === 'string' ? Buffer.from(file) : file;
  const chunks = Array.from({ length: Math.ceil(bytes.length / pieces) }, (_, n) =>
    bytes.subarray(n * pieces, (n + 1) * pieces),
  );
  const csv = await openCsv(Readable.from(chunks), columnMap(map));
  const rows: unknown[] = [];
  for await (const row of csv.rows) rows.push('record' in row ? [row.line, row.record] : [row.line, row.problem]);
  return { rows, notes: csv.notes.map(({ text }) => text) };
}

const rowsOf = async (file: string | Buffer, options = {}) => (await read(file, options)).rows;
const UNCLOSED = 'a quotation mark opens a cell and never closes it';
const ada = { email: 'ada@example.org', interests: 'graphs' };

describe('what is well formed', () => {
  test('when any cells are written as RFC 4180 has them, in any chunks, then they are read as they were', async () => {
    const cell = fc
      .array(fc.constantFrom('a', 'ü', '深', ',', ';', '"', '""', '\n', '|', "'", ' b', '@'), { maxLength: 8 })
      .map((pieces) => pieces.join('').trim());
    const cells = fc.record({ email: cell, interests: cell, muted: cell });
    await fc.assert(
      fc.asyncProperty(
        fc.array(cells, { minLength: 1, maxLength: 6 }),
        fc.constantFrom(',', ';', '\t'),
        fc.integer({ min: 3, max: 200 }),
        async (records, delimiter, pieces) => {
          const text = stringify(records, { header: true, delimiter, quoted: true, record_delimiter: '\r\n' });
          const back = (await rowsOf(text, { pieces })) as [number, object][];
          const full = records.filter((record) => Object.values(record).some(Boolean));
          expect(back.map(([, record]) => record)).toEqual(full);
        },
      ),
      { numRuns: 1_000 },
    );
  });

  test.each([
    ['commas', 'email,interests\nada@example.org,graphs'],
    ['semicolons', 'email;interests\nada@example.org;graphs'],
    ['tabs', 'email\tinterests\nada@example.org\tgraphs\n'],
    ['bars', 'email|interests\r\nada@example.org|graphs\r\n'],
    ['old Macintosh lines', 'email,interests\rada@example.org,graphs\r'],
    ['a mark', '\ufeffemail,interests\nada@example.org,graphs'],
    ['spaces and capitals', ' E-Mail , INTERESTS \n ada@example.org , graphs '],
    ['blank lines and empty rows', '\n\nemail,interests\n\n,,\nada@example.org,graphs\n,,\n'],
    ['trailing commas', 'email,interests,\nada@example.org,graphs,,,'],
  ])('when a file has %s, then it is read', async (_, text) => {
    expect((await rowsOf(text)).map((row) => (row as unknown[])[1])).toEqual([ada]);
  });

  test.each([
    ['sep=;', ';'],
    ['"sep=;"', ';'],
    ['SEP=\t', '\t'],
    ['sep=|', '|'],
  ])('when the first line is %j, then it says the delimiter, and lines are counted with it', async (first, d) => {
    expect(await rowsOf(`${first}\r\nemail${d}interests\r\nada@example.org${d}graphs`)).toEqual([[3, ada]]);
  });

  test('when a cell has several lines or quotation marks within, then the row has the number of its first line', async () => {
    const text =
      'email,interests\nada@example.org,"graphs\nOpenAI, Inc."\nbob@example.org,graphs;"state space"\n' +
      'cleo@example.org,"linear attention" -vision\ndan@example.org,5" disks\n';
    expect(await rowsOf(text)).toEqual([
      [2, { email: 'ada@example.org', interests: 'graphs\nOpenAI, Inc.' }],
      [4, { email: 'bob@example.org', interests: 'graphs;"state space"' }],
      [5, { email: 'cleo@example.org', interests: '"linear attention" -vision' }],
      [6, { email: 'dan@example.org', interests: '5" disks' }],
    ]);
  });
});

describe('one odd row', () => {
  const around = (odd: string) =>
    `email,interests\none@example.org,a\n${odd}\ntwo@example.org,"b"\nsix@example.org,c\n`;
  const one = [2, { email: 'one@example.org', interests: 'a' }];
  const rest = (line: number) => [
    [line, { email: 'two@example.org', interests: 'b' }],
    [line + 1, { email: 'six@example.org', interests: 'c' }],
  ];

  test.each([
    ['a mark that never closes', 'odd@example.org,"graphs', UNCLOSED],
    ['one before everything', '"odd@example.org,graphs', UNCLOSED],
    ['a NUL', 'odd@example.org,gra\0phs', 'holds a NUL character'],
    ['a lost letter', 'odd@example.org,gr\ufffdn', 'holds «\ufffd»: a letter was lost when the file was made'],
    ['too many cells', 'odd@example.org,a,b,c', '4 cells, where the header has 2'],
    ['a line of 2 MB', `odd@example.org,${'x'.repeat(2_100_000)}`, 'too long'],
  ])('when it has %s, then it alone is told, with its line', async (_, odd, problem) => {
    expect(await rowsOf(around(odd))).toEqual([one, [3, problem], ...rest(4)]);
  });

  test('when a mark never closes and the next one closes a later cell, then no row in between is lost', async () => {
    const text = around('odd@example.org,"graphs\nmid@example.org,x\nend@example.org,y"');
    const mids = [
      [4, { email: 'mid@example.org', interests: 'x' }],
      [5, { email: 'end@example.org', interests: 'y"' }],
    ];
    expect(await rowsOf(text)).toEqual([one, [3, UNCLOSED], ...mids, ...rest(6)]);
  });

  test('when every row of 20,000 leaves a mark open, then each is told, and in no time', async () => {
    const rows = Array.from({ length: 20_000 }, (_, n) => `"r${n}@example.org,graphs`);
    const before = process.cpuUsage().user;
    expect(await rowsOf(`email,interests\n${rows.join('\n')}\nlast@example.org,c`)).toHaveLength(20_001);
    expect((process.cpuUsage().user - before) / 1e6).toBeLessThan(8);
  });

  test('when a row has fewer cells, then the others are empty, as spreadsheets leave them out', async () => {
    expect(await rowsOf('email,interests,muted\nada@example.org,graphs\n')).toEqual([[2, { ...ada, muted: '' }]]);
  });
});

describe('encodings', () => {
  const text = 'email,organizations\nada@example.org,Université de Zürich – “Lab”\n';
  const zurich = [[2, { email: 'ada@example.org', organizations: 'Université de Zürich – “Lab”' }]];
  const latin = Buffer.from(text.replace('–', '\x96').replace('“', '\x93').replace('”', '\x94'), 'latin1');

  test.each([
    ['UTF-8', Buffer.from(text)],
    ['UTF-8 with a mark', Buffer.from(`\ufeff${text}`)],
    ['UTF-16, as Excel writes it', Buffer.from(`\ufeff${text}`, 'utf16le')],
    ['UTF-16 the other way round', Buffer.from(`\ufeff${text}`, 'utf16le').swap16()],
    ['UTF-16 without a mark', Buffer.from(text, 'utf16le')],
    ['Windows-1252', latin],
  ])('when a file is %s, then its letters are read', async (name, file) => {
    for (const pieces of [70_000, 7]) {
      const { rows, notes } = await read(file, { pieces: name.startsWith('UTF-8') ? pieces : Math.max(pieces, 40) });
      expect(rows).toEqual(zurich);
      expect(notes).toEqual(name === 'Windows-1252' ? ['read as Windows-1252, since it is no UTF-8'] : []);
    }
  });

  test('when one line of a UTF-8 file is none, then that line is told and the others are read', async () => {
    const file = Buffer.concat([
      Buffer.from('email,organizations\nada@example.org,Zürich\n'),
      Buffer.from('bob@example.org,Z\xfcrich\n', 'latin1'),
      Buffer.from('cleo@example.org,Zürich\n'),
    ]);
    expect(await rowsOf(file)).toEqual([
      [2, { email: 'ada@example.org', organizations: 'Zürich' }],
      [3, 'holds bytes that are no UTF-8, which the rest of the file is'],
      [4, { email: 'cleo@example.org', organizations: 'Zürich' }],
    ]);
  });

  test('when a line is neither, then it is told', async () => {
    const file = Buffer.from('email,organizations\nada@example.org,\x81\x8d\x90\n', 'latin1');
    expect(await rowsOf(file)).toEqual([[2, 'is neither UTF-8 nor Windows-1252: expected a file saved as UTF-8']]);
  });

  test.each([
    ['an Excel workbook', Buffer.from('PK\u0003\u0004rest'), /Excel workbook/],
    ['nothing', Buffer.alloc(0), /empty/],
    ['blank lines', Buffer.from('\n\n'), /empty/],
    ['delimiters', Buffer.from(',,,\n;;\n'), /empty|no column email/],
    ['pictures', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 0x0d]), /Line 1/],
  ])('when the file is %s, then a sentence says so', async (_, file, said) => {
    await expect(read(file)).rejects.toMatchObject({
      code: 'bad-input',
      message: expect.stringMatching(said) as string,
    });
  });
});

describe('columns', () => {
  test.each([
    ['no address', 'name,topics\nAda,robotics', /no column email among «name», «topics»/],
    ['a column a letter off', 'email,topic\na@example.org,x', /«topic», did you mean topics/],
    ['two columns for one', 'email,email\na@example.org,b@example.org', /two columns for email/],
    ['an address for a header', 'ada@example.org,robotics', /no column email/],
  ])('when there is %s, then the file is refused', async (_, text, said) => {
    await expect(read(text)).rejects.toMatchObject({
      code: 'bad-input',
      message: expect.stringMatching(said) as string,
    });
  });

  test('when a column is none of ours, then it is named and not read, the others are', async () => {
    const { rows, notes } = await read('Name,email,interests\nAda,ada@example.org,graphs');
    expect([rows, notes]).toEqual([[[2, ada]], ['not read: «Name»']]);
  });

  test('when --map says what a column is, then it is that; nothing on the right leaves it out', async () => {
    const map = ['Correo=email', 'Temas de interés=interests', 'email='];
    const text = 'email,Correo,Temas de interés\nx@example.org,ada@example.org,graphs';
    expect(await read(text, { map })).toEqual({ rows: [[2, ada]], notes: [] });
  });

  test.each([
    ['no such column of ours', ['Correo=mailbox']],
    ['no equals sign', ['Correo']],
    ['no such column of theirs', ['Post=email']],
  ])('when --map names %s, then it is refused', async (_, map) => {
    await expect(read('email,Correo\na@example.org,b', { map })).rejects.toMatchObject({ code: 'bad-input' });
  });

  test('when the file is Mailchimp’s, then who left there is unsubscribed, the others are to be asked', async () => {
    const header =
      '"Email Address","First Name",Company,MEMBER_RATING,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,TIMEZONE,LEID,UNSUB_TIME,TAGS';
    const text = `${header}
ada@example.org,Ada,"Acme, Inc.",4,2024-03-14 09:12:31,192.0.2.1,2024-03-14 09:14:00,America/New_York,1,,"""VIP"",""Blog"""
bob@example.org,Bob,,2,2020-02-03 04:05:06,,,,2,2021-01-01 00:00:00,
`;
    const { rows, notes } = await read(text);
    expect(rows).toEqual([
      [
        2,
        {
          email: 'ada@example.org',
          time_zone: 'America/New_York',
          consent_at: '2024-03-14T09:14:00Z',
          consent_source: 'Mailchimp',
        },
      ],
      [
        3,
        {
          email: 'bob@example.org',
          consent_at: '2020-02-03T04:05:06Z',
          consent_source: 'Mailchimp',
          status: 'unsubscribed',
        },
      ],
    ]);
    expect(notes[0]).toBe('read as an export of Mailchimp');
    expect(notes[1]).toMatch(/^not read: «First Name», «Company», .*«TAGS»$/);
  });

  test.each([
    [
      'Substack',
      'email,active_subscription,expiry,plan,email_disabled,created_at,first_payment_at\n' +
        'ada@example.org,false,,other,false,2025-01-01T00:00:00.000Z,\n' +
        'bob@example.org,true,,yearly,true,2025-01-02T00:00:00.000Z,2025-06-02T00:00:00.000Z\n',
    ],
    [
      'listmonk',
      'uuid,email,name,attributes,status,created_at,updated_at\n' +
        '7d,ada@example.org,Ada,"{""city"": ""Bern""}",enabled,2025-01-01T00:00:00.000Z,2025-02-01T00:00:00.000Z\n' +
        '7e,bob@example.org,Bob,{},blocklisted,2025-01-02T00:00:00.000Z,2025-02-01T00:00:00.000Z\n',
    ],
  ])('when the file is %s’s, then it is read as such', async (name, text) => {
    const { rows, notes } = await read(text);
    const consent = (day: number) => ({ consent_at: `2025-01-0${day}T00:00:00.000Z`, consent_source: name });
    expect(rows).toEqual([
      [2, { email: 'ada@example.org', ...consent(1) }],
      [3, { email: 'bob@example.org', ...consent(2), status: 'unsubscribed' }],
    ]);
    expect(notes[0]).toBe(`read as an export of ${name}`);
  });
});
