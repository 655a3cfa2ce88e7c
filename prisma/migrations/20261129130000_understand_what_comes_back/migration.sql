CREATE TYPE "feedback_kind" AS ENUM ('hard', 'soft', 'complaint', 'auto-reply', 'delayed', 'delivered', 'challenge', 'unsubscribe', 'reply', 'other');
CREATE TYPE "feedback_door" AS ENUM ('session', 'smtp', 'imap', 'file', 'webhook');
CREATE TYPE "refusal_topic" AS ENUM ('address', 'mailbox', 'us', 'content', 'network', 'policy');

-- What came back, as it came. Its bytes are kept for FEEDBACK_DAYS.
CREATE TABLE "feedback_reports" (
    "id" BIGSERIAL NOT NULL,
    "public_id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "door" "feedback_door" NOT NULL,
    "name" TEXT NOT NULL,
    "sha256" BYTEA NOT NULL,
    "bytes" BYTEA NOT NULL,
    "kind" "feedback_kind" NOT NULL,
    "because" TEXT NOT NULL,
    "sender" TEXT,
    "subject" TEXT,
    "received_at" TIMESTAMPTZ(3) NOT NULL,
    "waits" BOOLEAN NOT NULL DEFAULT false,
    CONSTRAINT "feedback_reports_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "feedback_reports_public_id_key" ON "feedback_reports"("public_id");
CREATE UNIQUE INDEX "feedback_reports_sha256_key" ON "feedback_reports"("sha256");
CREATE INDEX "feedback_reports_received_at_id_idx" ON "feedback_reports"("received_at", "id");
-- Letters from people that wait to be sent on or read.
CREATE INDEX "feedback_reports_waiting" ON "feedback_reports"("id") WHERE "waits";

-- Places in mailboxes that were read (UIDVALIDITY and UID): committed with what they held.
CREATE TABLE "feedback_places" (
    "place" TEXT NOT NULL,
    "report_id" BIGINT NOT NULL,
    CONSTRAINT "feedback_places_pkey" PRIMARY KEY ("place"),
    CONSTRAINT "feedback_places_report_id_fkey" FOREIGN KEY ("report_id") REFERENCES "feedback_reports"("id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE INDEX "feedback_places_report_id_idx" ON "feedback_places"("report_id");

-- One thing that came to be known of one mail, whatever door told it.
CREATE TABLE "feedback_events" (
    "id" BIGSERIAL NOT NULL,
    "public_id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "door" "feedback_door" NOT NULL,
    "kind" "feedback_kind" NOT NULL,
    "report_id" BIGINT,
    "delivery_id" BIGINT,
    "subscriber_id" INTEGER,
    "edition_id" INTEGER,
    "address_hash" BYTEA,
    "destination" TEXT NOT NULL DEFAULT '',
    "named" TEXT,
    "about" "refusal_topic",
    "rule" TEXT,
    "status" TEXT,
    "reply" TEXT,
    "line" TEXT,
    "counts_on" DATE NOT NULL,
    "provider_id" TEXT,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "proven" BOOLEAN,
    "effect" TEXT,
    "before" JSONB,
    "after" JSONB,
    "undone_at" TIMESTAMPTZ(3),
    "corrected_kind" "feedback_kind",
    CONSTRAINT "feedback_events_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "feedback_events_report_id_fkey" FOREIGN KEY ("report_id") REFERENCES "feedback_reports"("id") ON DELETE SET NULL ON UPDATE CASCADE,
    CONSTRAINT "feedback_events_delivery_id_fkey" FOREIGN KEY ("delivery_id") REFERENCES "deliveries"("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "feedback_events_subscriber_id_fkey" FOREIGN KEY ("subscriber_id") REFERENCES "subscribers"("id") ON DELETE SET NULL ON UPDATE CASCADE
);
CREATE UNIQUE INDEX "feedback_events_public_id_key" ON "feedback_events"("public_id");
-- The session's answer, the report and the provider's notification of one mail are one event.
CREATE UNIQUE INDEX "feedback_events_delivery_id_kind_counts_on_key" ON "feedback_events"("delivery_id", "kind", "counts_on");
CREATE UNIQUE INDEX "feedback_events_provider_id_key" ON "feedback_events"("provider_id");
CREATE INDEX "feedback_events_report_id_idx" ON "feedback_events"("report_id");
CREATE INDEX "feedback_events_subscriber_id_at_idx" ON "feedback_events"("subscriber_id", "at");
CREATE INDEX "feedback_events_address_hash_at_idx" ON "feedback_events"("address_hash", "at");
CREATE INDEX "feedback_events_destination_at_idx" ON "feedback_events"("destination", "at");
CREATE INDEX "feedback_events_at_id_idx" ON "feedback_events"("at", "id");
CREATE INDEX "feedback_events_edition" ON "feedback_events"("edition_id") WHERE "kind" IN ('hard', 'complaint');
-- What was recorded and not yet weighed.
CREATE INDEX "feedback_events_unweighed" ON "feedback_events"("id") WHERE "effect" IS NULL;

-- How an address stands that mail was refused for; most have no row.
CREATE TABLE "address_standings" (
    "address_hash" BYTEA NOT NULL,
    "doubted_at" TIMESTAMPTZ(3),
    "rest_until" TIMESTAMPTZ(3),
    "half_points" SMALLINT NOT NULL DEFAULT 0,
    "refused_at" TIMESTAMPTZ(3),
    CONSTRAINT "address_standings_pkey" PRIMARY KEY ("address_hash")
);

-- Hours in which a destination refuses as unknown whom it knows.
CREATE TABLE "destination_outages" (
    "destination" TEXT NOT NULL,
    "began_at" TIMESTAMPTZ(3) NOT NULL,
    "refused_at" TIMESTAMPTZ(3) NOT NULL,
    "probe_at" TIMESTAMPTZ(3) NOT NULL,
    "probed_at" TIMESTAMPTZ(3),
    "passed" INTEGER NOT NULL DEFAULT 0,
    "ended_at" TIMESTAMPTZ(3),
    "by_report" BOOLEAN NOT NULL,
    "given_up" BOOLEAN NOT NULL DEFAULT false,
    "reply" TEXT NOT NULL,
    CONSTRAINT "destination_outages_pkey" PRIMARY KEY ("destination", "began_at")
);
CREATE UNIQUE INDEX "destination_outages_open" ON "destination_outages"("destination") WHERE "ended_at" IS NULL;
DROP TABLE "sending_refusals";

-- Mails to a destination on a day (UTC) by how they were answered.
CREATE TABLE "destination_days" (
    "day" DATE NOT NULL,
    "destination" TEXT NOT NULL,
    "answer" TEXT NOT NULL,
    "about" TEXT NOT NULL,
    "n" BIGINT NOT NULL,
    CONSTRAINT "destination_days_pkey" PRIMARY KEY ("day", "destination", "answer", "about")
) WITH (fillfactor = 50);
