import { defineConfig } from 'prisma/config';

// `generate`, `validate` and `format` never run the schema engine, but the CLI would download it all the same:
// any executable satisfies the look-up. Migrations are applied by src/db/migrate.ts (docs/decisions/003-migrations.md).
process.env.PRISMA_SCHEMA_ENGINE_BINARY ??= process.execPath;

export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
});
