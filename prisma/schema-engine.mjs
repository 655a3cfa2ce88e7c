// Authors and checks migrations with Prisma's own schema engine, as WebAssembly: no binary to download.
//   node prisma/schema-engine.mjs diff  DATABASE_URL   SQL that takes the migrations to schema.prisma (for a new migration)
//   node prisma/schema-engine.mjs check DATABASE_URL   exit 1 where schema.prisma and the migrations disagree; a third argument: another schema
// DATABASE_URL names any PostgreSQL server on which a shadow database may be created and dropped.
import { randomUUID } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PrismaPg } from '@prisma/adapter-pg';
import { bindMigrationAwareSqlAdapterFactory, ColumnTypeEnum } from '@prisma/driver-adapter-utils';
import pg from 'pg';

const here = dirname(fileURLToPath(import.meta.url));
const [command, url, schemaPath = join(here, 'schema.prisma')] = process.argv.slice(2);
const migrationsDir = join(here, 'migrations');

/** Type "char" (OID 18) is unknown to the adapter; as text (25) it reads the same. */
class QuotedCharPool extends pg.Pool {
  async query(...args) {
    const result = await super.query(...args);
    for (const field of result?.fields ?? []) if (field.dataTypeID === 18) field.dataTypeID = 25;
    return result;
  }
}

async function openAdapter(url, afterDispose = async () => {}) {
  const pool = new QuotedCharPool({ connectionString: url, max: 1 });
  const adapter = await new PrismaPg(pool, { disposeExternalPool: true }).connect();
  const queryRaw = adapter.queryRaw.bind(adapter);
  adapter.queryRaw = async (query) => {
    const result = await queryRaw(query);
    const at = result.columnNames.indexOf('constraint_type'); // check constraints: the engine insists on a character here
    if (at >= 0) result.columnTypes[at] = ColumnTypeEnum.Character;
    return result;
  };
  // The adapter's own cuts a script at every semicolon, those within a function's body included.
  adapter.executeScript = async (script) => void (await pool.query(script));
  const dispose = adapter.dispose.bind(adapter);
  adapter.dispose = async () => {
    await dispose();
    await afterDispose();
  };
  return adapter;
}

/** The adapter's own shadow database would be the main one where a connection string is given, so it is made here. */
function adapterFactory(url) {
  return {
    provider: 'postgres',
    adapterName: 'offprint-schema-engine',
    connect: () => openAdapter(url),
    async connectToShadowDb() {
      const name = `shadow_${randomUUID().replaceAll('-', '')}`;
      const admin = new pg.Pool({ connectionString: url, max: 1 });
      await admin.query(`CREATE DATABASE "${name}" TEMPLATE template0`);
      const shadow = new URL(url);
      shadow.pathname = `/${name}`;
      return openAdapter(shadow.href, async () => {
        await admin.query(`DROP DATABASE "${name}" WITH (FORCE)`);
        await admin.end();
      });
    },
  };
}

async function loadEngine() {
  const dir = dirname(createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm'));
  const glue = await import(join(dir, 'schema_engine_bg.js'));
  const module = await WebAssembly.compile(await readFile(join(dir, 'schema_engine_bg.wasm')));
  const imports = Object.fromEntries(WebAssembly.Module.imports(module).map((entry) => [entry.module, glue]));
  const instance = await WebAssembly.instantiate(module, imports);
  glue.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start?.();
  return glue.SchemaEngine;
}

async function migrationsList() {
  const entries = await readdir(migrationsDir, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return {
    baseDir: migrationsDir,
    lockfile: { path: 'migration_lock.toml', content: 'provider = "postgresql"\n' },
    shadowDbInitScript: '',
    migrationDirectories: await Promise.all(
      names.sort().map(async (path) => ({
        path,
        migrationFile: {
          path: 'migration.sql',
          content: { tag: 'ok', value: await readFile(join(migrationsDir, path, 'migration.sql'), 'utf8') },
        },
      })),
    ),
  };
}

globalThis.PRISMA_WASM_PANIC_REGISTRY = { set_message: (message) => console.error(message) };

if (!url || !['diff', 'check'].includes(command)) {
  console.error('usage: node prisma/schema-engine.mjs diff|check DATABASE_URL');
  process.exit(2);
}
const schema = await readFile(schemaPath, 'utf8');
const SchemaEngine = await loadEngine();
const engine = await SchemaEngine.new(
  { datamodels: [[schemaPath, schema]] },
  () => {},
  bindMigrationAwareSqlAdapterFactory(adapterFactory(url)),
);
const result = await engine.diff({
  from: { tag: 'migrations', ...(await migrationsList()) },
  to: { tag: 'schemaDatamodel', files: [{ path: schemaPath, content: schema }] },
  script: true,
  exitCode: true,
  filters: { externalTables: [], externalEnums: [] },
});
if (command === 'diff') process.stdout.write(result.stdout ?? '');
else if (result.exitCode === 0) console.log('schema.prisma and the migrations agree');
else {
  console.error(`schema.prisma and the migrations disagree; this SQL is missing:\n${result.stdout}`);
  process.exitCode = 1;
}
process.exit();
