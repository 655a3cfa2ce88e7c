-- Long work that an operator asked for, done step by step and taken up again after a crash: acts on many readers,
-- imports, and taking either back.
CREATE TYPE "errand_state" AS ENUM ('draft', 'waiting', 'running', 'done', 'failed', 'stopped');

CREATE TABLE "errands" (
  "id" SERIAL NOT NULL,
  "kind" TEXT NOT NULL,
  "state" "errand_state" NOT NULL DEFAULT 'waiting',
  "wish" JSONB NOT NULL,
  "position" BIGINT NOT NULL DEFAULT 0,
  "done" BIGINT NOT NULL DEFAULT 0,
  "total" BIGINT,
  "counts" JSONB NOT NULL DEFAULT '{}',
  "actor" TEXT NOT NULL,
  "act_id" BIGINT,
  "error" TEXT,
  "created_at" TIMESTAMPTZ(3) NOT NULL,
  "started_at" TIMESTAMPTZ(3),
  "finished_at" TIMESTAMPTZ(3),
  CONSTRAINT "errands_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "errands_act_id_idx" ON "errands"("act_id");
CREATE INDEX "errands_open" ON "errands"("id") WHERE "state" IN ('waiting', 'running');

-- Lines of an imported file that were not taken in, and why.
CREATE TABLE "import_problems" (
  "errand_id" INTEGER NOT NULL,
  "line" INTEGER NOT NULL,
  "email" TEXT NOT NULL,
  "reason" TEXT NOT NULL,
  CONSTRAINT "import_problems_pkey" PRIMARY KEY ("errand_id", "line")
);
ALTER TABLE "import_problems" ADD CONSTRAINT "import_problems_errand_id_fkey"
  FOREIGN KEY ("errand_id") REFERENCES "errands"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Whom an import made, so that it can be taken back.
ALTER TABLE "subscribers" ADD COLUMN "import_id" INTEGER;
ALTER TABLE "subscribers" ADD CONSTRAINT "subscribers_import_id_fkey"
  FOREIGN KEY ("import_id") REFERENCES "errands"("id") ON DELETE SET NULL ON UPDATE CASCADE;
CREATE INDEX "subscribers_imported" ON "subscribers"("import_id", "id") WHERE "import_id" IS NOT NULL;

-- What the list of readers is narrowed by.
CREATE INDEX "subscribers_status_id_idx" ON "subscribers"("status", "id");
CREATE INDEX "subscribers_cadence_id_idx" ON "subscribers"("cadence", "id");
CREATE INDEX "subscribers_language_id_idx" ON "subscribers"("language", "id");
CREATE INDEX "subscribers_source_id_idx" ON "subscribers"("source", "id");
CREATE INDEX "subscribers_domain" ON "subscribers"((split_part("email", '@', 2)), "id");
CREATE INDEX "subscribers_paused" ON "subscribers"("paused_until", "id") WHERE "paused_until" IS NOT NULL;
