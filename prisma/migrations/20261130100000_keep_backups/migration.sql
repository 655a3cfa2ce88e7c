-- runs with: >= 0.1.0
-- What was backed up, and whether it was tried.
CREATE TABLE "backups" (
    "id" SERIAL NOT NULL,
    "name" TEXT NOT NULL,
    "scheduled" BOOLEAN NOT NULL,
    "release" TEXT NOT NULL,
    "migration" TEXT NOT NULL,
    "rows" BIGINT NOT NULL,
    "bytes" BIGINT NOT NULL,
    "taken_at" TIMESTAMPTZ(3) NOT NULL,
    "finished_at" TIMESTAMPTZ(3) NOT NULL,
    "verified_at" TIMESTAMPTZ(3),
    "problem" TEXT,
    CONSTRAINT "backups_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "backups_taken_at_idx" ON "backups"("taken_at");

-- Why nothing is chosen for readers, sent or told until somebody says so: what is on hold after a restore or a move.
CREATE TABLE "sending_holds" (
    "id" SERIAL NOT NULL,
    "kind" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "snapshot_at" TIMESTAMPTZ(3) NOT NULL,
    "held_at" TIMESTAMPTZ(3) NOT NULL,
    "let_go_at" TIMESTAMPTZ(3),
    CONSTRAINT "sending_holds_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "sending_holds_kind" CHECK ("kind" IN ('restored', 'moved'))
);
