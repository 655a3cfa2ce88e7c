-- runs with: >= 0.1.0
-- What came in by the doors, counted as it is recorded: a scrape reads these few rows, whatever was ever reported. A release that does not know
-- them leaves them as they are.
CREATE TABLE "feedback_sums" (
    "door" "feedback_door" NOT NULL,
    "kind" "feedback_kind" NOT NULL,
    "n" BIGINT NOT NULL,
    "last_at" TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT "feedback_sums_pkey" PRIMARY KEY ("door", "kind")
) WITH (fillfactor = 50);
INSERT INTO "feedback_sums" ("door", "kind", "n", "last_at")
SELECT "door", "kind", count(*), max("at") FROM "feedback_events" WHERE "door" <> 'session' GROUP BY "door", "kind";

-- Complaints of a week are few among all that comes back.
CREATE INDEX "feedback_events_complaints" ON "feedback_events"("at") WHERE "kind" = 'complaint';
