-- A newsletter composed as if for a reader and sent to an admin.
ALTER TYPE "delivery_kind" ADD VALUE 'test';

-- What an editor adds to an edition: a note for each language, and papers. A version never changes, since newsletters
-- name the one they were planned with; the newest of an edition is in force. The edition itself may not be there yet.
CREATE TABLE "edition_notes" (
    "id" SERIAL NOT NULL,
    "edition_key" TEXT NOT NULL,
    "words" JSONB NOT NULL,
    "paper_ids" INTEGER[] NOT NULL,
    "written_at" TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT "edition_notes_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "edition_notes_edition" ON "edition_notes"("edition_key", "id");

ALTER TABLE "newsletters" ADD COLUMN "note_id" INTEGER;
ALTER TABLE "newsletters" ADD COLUMN "picked_ids" INTEGER[];
ALTER TABLE "newsletters" ADD CONSTRAINT "newsletters_note_id_fkey" FOREIGN KEY ("note_id") REFERENCES "edition_notes"("id")
    ON DELETE RESTRICT ON UPDATE CASCADE;
CREATE INDEX "newsletters_note" ON "newsletters"("note_id") WHERE "note_id" IS NOT NULL;

-- How many readers had a slot in an edition and got no mail, since nothing new fitted. Counted by the planner, each of
-- its sessions in a row of its own, as in edition_sums.
CREATE TABLE "edition_nothing" (
    "edition_key" TEXT NOT NULL,
    "shard" INTEGER NOT NULL,
    "n" BIGINT NOT NULL,
    CONSTRAINT "edition_nothing_pkey" PRIMARY KEY ("edition_key", "shard")
) WITH (fillfactor = 50);
