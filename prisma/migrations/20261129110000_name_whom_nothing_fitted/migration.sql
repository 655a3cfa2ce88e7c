-- The readers who had a slot in an edition and got no mail, since nothing new fitted: of each batch that the planner
-- plans a row for each reason, so that a million of them take some megabytes. The names are forgotten in time, the
-- numbers stay. What edition_nothing counts was planned by older versions, which did not name anybody.
CREATE TABLE "edition_nothing_readers" (
    "id" BIGSERIAL NOT NULL,
    "edition_key" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "n" INTEGER NOT NULL,
    "reader_ids" INTEGER[] NOT NULL,
    "planned_at" TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT "edition_nothing_readers_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "edition_nothing_readers_edition" ON "edition_nothing_readers"("edition_key", "id");
CREATE INDEX "edition_nothing_readers_reason" ON "edition_nothing_readers"("reason", "id");
CREATE INDEX "edition_nothing_readers_named" ON "edition_nothing_readers"("planned_at") WHERE "reader_ids" <> '{}';
