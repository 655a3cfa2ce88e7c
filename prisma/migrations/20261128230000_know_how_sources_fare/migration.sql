-- What was seen in a digest, for machines. The verdict says what becomes of it.
CREATE TYPE "health_kind" AS ENUM ('filling', 'future', 'empty', 'untitled', 'doubled', 'flooded', 'short', 'repeated', 'old', 'behind');
ALTER TABLE "digests" ADD COLUMN "kind" "health_kind";

-- How each source fares, over processes and restarts, and what the operator was told of it.
CREATE TYPE "source_trouble" AS ENUM ('failing', 'silent');
CREATE TABLE "sources" (
    "name" TEXT NOT NULL,
    "last_success_at" TIMESTAMPTZ(3),
    "last_new_at" TIMESTAMPTZ(3),
    "failing_since" TIMESTAMPTZ(3),
    "failure" TEXT,
    "told" "source_trouble",
    "told_at" TIMESTAMPTZ(3),
    CONSTRAINT "sources_pkey" PRIMARY KEY ("name")
);

-- Whether a source answered on a day (UTC): why a day has no list, and how long a source has had nothing new.
CREATE TABLE "source_days" (
    "source" TEXT NOT NULL,
    "day" DATE NOT NULL,
    "answered" BOOLEAN NOT NULL,
    CONSTRAINT "source_days_pkey" PRIMARY KEY ("source", "day")
);
