import { readFile, writeFile } from 'node:fs/promises';
import { availableParallelism, loadavg } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { PACKAGE_ROOT } from '../src/config.ts';

const PAGE = join(PACKAGE_ROOT, 'docs', 'results.md');
const FLAG = '--write';

/** What hears a bench. */
export interface Results {
  /**
   * Ends hearing; with `--write` puts what was printed into the bench's section. `databaseUrl`: of the server that was
   * measured.
   */
  finish(databaseUrl?: string): Promise<void>;
}

/**
 * Hears what a bench prints, so that `npm run NAME -- --write` puts it into the bench's section of docs/results.md,
 * between its markers. Call it first: it takes the flag out of the arguments, which each bench reads in its own way.
 */
export function hearResults(script: string): Results {
  const at = process.argv.indexOf(FLAG);
  if (at < 0) return { finish: () => Promise.resolve() };
  process.argv.splice(at, 1);
  const command = ['npm run', script, ...(process.argv.length > 2 ? ['--', ...process.argv.slice(2)] : [])].join(' ');
  const write = process.stdout.write.bind(process.stdout);
  let heard = '';
  process.stdout.write = (chunk: string | Uint8Array, ...rest: never[]) => {
    heard += String(chunk);
    return write(chunk, ...rest);
  };
  const finish = async (databaseUrl?: string) => {
    process.stdout.write = write;
    const load = loadavg()[0] ?? 0;
    const machine = [`${availableParallelism()} cores, load ${load.toFixed(0)}`, `Node ${process.versions.node}`];
    if (databaseUrl) machine.push(`PostgreSQL ${await serverVersion(databaseUrl)}`);
    const section = `${machine.join(' · ')} · \`${command}\`\n\n${asMarkdown(heard)}`;
    await writeFile(PAGE, putSection(await readFile(PAGE, 'utf8'), script, section));
  };
  return { finish };
}

async function serverVersion(url: string): Promise<string> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ server_version: string }>('SHOW server_version');
  await client.end();
  return (rows[0]?.server_version ?? '').split(' ')[0] ?? '';
}

/** Replaces what stands between a section's markers. */
export function putSection(page: string, name: string, section: string): string {
  const [begin, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`docs/results.md: no ${begin} … ${end}; expected a section of that name`);
  return `${page.slice(0, from)}${begin}\n${section.trim()}\n${page.slice(to)}`;
}

/** Leaves Markdown tables as they are and fences all other lines. */
export function asMarkdown(printed: string): string {
  const blocks: { table: boolean; lines: string[] }[] = [];
  for (const line of printed.split('\n')) {
    const table = line.startsWith('|');
    const last = blocks.at(-1);
    if (last && (last.table === table || line === '')) last.lines.push(line);
    else if (line !== '') blocks.push({ table, lines: [line] });
  }
  return blocks
    .map(({ table, lines }) => {
      const text = lines.join('\n').trimEnd();
      return table ? text : `\`\`\`\n${text}\n\`\`\``;
    })
    .join('\n\n');
}
