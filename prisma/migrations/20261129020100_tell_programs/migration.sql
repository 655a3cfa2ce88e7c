-- Programs that are told what happens (webhooks): where, of what, and whether it is on. What signs is made of the
-- service's own key and the generation, so that no table holds a secret.
CREATE TABLE "hook_endpoints" (
  "id" SERIAL PRIMARY KEY,
  "public_id" TEXT NOT NULL,
  "url" TEXT NOT NULL,
  "events" TEXT[],
  "generation" INTEGER NOT NULL DEFAULT 1,
  "rotated_at" TIMESTAMPTZ(3),
  "created_at" TIMESTAMPTZ(3) NOT NULL,
  "failing_since" TIMESTAMPTZ(3),
  "off_at" TIMESTAMPTZ(3),
  "off_because" TEXT
);
CREATE UNIQUE INDEX "hook_endpoints_public_id_key" ON "hook_endpoints"("public_id");

CREATE TYPE "hook_state" AS ENUM ('waiting', 'delivered', 'failed');

-- What is told to one of them, written in the transaction of the change.
CREATE TABLE "hook_messages" (
  "id" BIGSERIAL PRIMARY KEY,
  "public_id" UUID NOT NULL DEFAULT gen_random_uuid(),
  "endpoint_id" INTEGER NOT NULL REFERENCES "hook_endpoints"("id") ON DELETE CASCADE ON UPDATE CASCADE,
  "event" TEXT NOT NULL,
  "data" JSONB NOT NULL,
  "at" TIMESTAMPTZ(3) NOT NULL,
  "state" "hook_state" NOT NULL DEFAULT 'waiting',
  "tries" INTEGER NOT NULL DEFAULT 0,
  "next_try_at" TIMESTAMPTZ(3) NOT NULL,
  "finished_at" TIMESTAMPTZ(3)
);
CREATE UNIQUE INDEX "hook_messages_public_id_key" ON "hook_messages"("public_id");
CREATE INDEX "hook_messages_endpoint_id_id_idx" ON "hook_messages"("endpoint_id", "id");
CREATE INDEX "hook_messages_at_idx" ON "hook_messages"("at");
CREATE INDEX "hook_messages_due" ON "hook_messages"("next_try_at", "id") WHERE "state" = 'waiting';

-- Each try, and what was answered.
CREATE TABLE "hook_tries" (
  "id" BIGSERIAL PRIMARY KEY,
  "message_id" BIGINT NOT NULL REFERENCES "hook_messages"("id") ON DELETE CASCADE ON UPDATE CASCADE,
  "at" TIMESTAMPTZ(3) NOT NULL,
  "status" INTEGER,
  "problem" TEXT,
  "ms" INTEGER NOT NULL
);
CREATE INDEX "hook_tries_message_id_idx" ON "hook_tries"("message_id");

-- When an edition was found to be over: nothing of it waits, and no slot of it is to come. Told once.
ALTER TABLE "editions" ADD COLUMN "finished_at" TIMESTAMPTZ(3);
UPDATE "editions" SET "finished_at" = "created_at" WHERE "created_at" < now() - interval '14 days';
