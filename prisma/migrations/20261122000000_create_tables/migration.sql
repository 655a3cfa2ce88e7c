-- CreateEnum
CREATE TYPE "capture_state" AS ENUM ('parsed', 'rejected');

-- CreateEnum
CREATE TYPE "health_verdict" AS ENUM ('fresh', 'quiet', 'stale', 'partial', 'broken');

-- CreateEnum
CREATE TYPE "digest_state" AS ENUM ('accepted', 'held', 'released', 'discarded');

-- CreateEnum
CREATE TYPE "identity_kind" AS ENUM ('arxiv', 'doi', 'title');

-- CreateEnum
CREATE TYPE "interest_kind" AS ENUM ('topic', 'words', 'author', 'organization');

-- CreateEnum
CREATE TYPE "subscriber_status" AS ENUM ('pending', 'confirmed', 'unsubscribed');

-- CreateEnum
CREATE TYPE "cadence" AS ENUM ('daily', 'weekdays', 'weekly');

-- CreateEnum
CREATE TYPE "consent_step" AS ENUM ('request', 'confirm', 'import', 'change');

-- CreateEnum
CREATE TYPE "reaction_kind" AS ENUM ('more', 'less');

-- CreateEnum
CREATE TYPE "suppression_reason" AS ENUM ('hard', 'complaint', 'manual', 'erased');

-- CreateEnum
CREATE TYPE "edition_state" AS ENUM ('open', 'paused', 'cancelled');

-- CreateEnum
CREATE TYPE "delivery_kind" AS ENUM ('newsletter', 'confirmation', 'reminder', 'link', 'alarm');

-- CreateEnum
CREATE TYPE "delivery_state" AS ENUM ('planned', 'sending', 'retrying', 'sent', 'bounced', 'failed', 'uncertain', 'cancelled');

-- CreateEnum
CREATE TYPE "attempt_outcome" AS ENUM ('sent', 'deferred', 'bounced', 'lost', 'uncertain', 'failed');

-- CreateEnum
CREATE TYPE "run_outcome" AS ENUM ('running', 'done', 'failed');

-- CreateEnum
CREATE TYPE "key_purpose" AS ENUM ('link', 'suppression');

-- CreateTable
CREATE TABLE "captures" (
    "id" SERIAL NOT NULL,
    "source" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "sha256" TEXT NOT NULL,
    "bytes" BYTEA NOT NULL,
    "state" "capture_state" NOT NULL,
    "problem" TEXT,
    "received_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "captures_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "digests" (
    "id" SERIAL NOT NULL,
    "source" TEXT NOT NULL,
    "digest_on" DATE NOT NULL,
    "capture_id" INTEGER NOT NULL,
    "verdict" "health_verdict" NOT NULL,
    "reasons" TEXT[],
    "state" "digest_state" NOT NULL,
    "warnings" JSONB NOT NULL DEFAULT '[]',
    "arrived_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "digests_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "entries" (
    "id" SERIAL NOT NULL,
    "digest_id" INTEGER NOT NULL,
    "paper_id" INTEGER NOT NULL,
    "position" INTEGER NOT NULL,
    "title" TEXT NOT NULL,
    "abstract" TEXT NOT NULL,
    "authors" TEXT[],
    "author_count" INTEGER,
    "organization_slug" TEXT,
    "organization_name" TEXT,
    "published_on" DATE,
    "upvotes" INTEGER,
    "comments" INTEGER,
    "url" TEXT,
    "code_url" TEXT,
    "discussion_url" TEXT,

    CONSTRAINT "entries_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "papers" (
    "id" SERIAL NOT NULL,
    "public_id" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "abstract" TEXT NOT NULL,
    "authors" TEXT[],
    "author_count" INTEGER,
    "organization_slug" TEXT,
    "organization_name" TEXT,
    "published_on" DATE,
    "arxiv_id" TEXT,
    "url" TEXT,
    "merged_into_id" INTEGER,
    "arrived_at" TIMESTAMPTZ(3),
    "matcher_version" INTEGER,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "papers_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "paper_identities" (
    "kind" "identity_kind" NOT NULL,
    "value" TEXT NOT NULL,
    "paper_id" INTEGER NOT NULL,

    CONSTRAINT "paper_identities_pkey" PRIMARY KEY ("kind","value","paper_id")
);

-- CreateTable
CREATE TABLE "topics" (
    "slug" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "field" TEXT NOT NULL,
    "description" TEXT NOT NULL,
    "profile" JSONB NOT NULL,
    "arxiv_categories" TEXT[],
    "retired" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "topics_pkey" PRIMARY KEY ("slug")
);

-- CreateTable
CREATE TABLE "interests" (
    "id" SERIAL NOT NULL,
    "kind" "interest_kind" NOT NULL,
    "key" TEXT NOT NULL,
    "matcher_version" INTEGER,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "interests_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "matches" (
    "id" SERIAL NOT NULL,
    "interest_id" INTEGER NOT NULL,
    "paper_id" INTEGER NOT NULL,
    "matcher_version" INTEGER NOT NULL,
    "score" REAL NOT NULL,
    "reasons" JSONB NOT NULL,

    CONSTRAINT "matches_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "subscribers" (
    "id" SERIAL NOT NULL,
    "public_id" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "address_hash" BYTEA NOT NULL,
    "status" "subscriber_status" NOT NULL,
    "cadence" "cadence" NOT NULL,
    "weekday" SMALLINT NOT NULL,
    "hour" SMALLINT NOT NULL,
    "time_zone" TEXT NOT NULL,
    "max_papers" SMALLINT NOT NULL,
    "language" TEXT NOT NULL,
    "paused_until" TIMESTAMPTZ(3),
    "next_due_at" TIMESTAMPTZ(3),
    "last_slot_on" DATE,
    "last_newsletter_at" TIMESTAMPTZ(3),
    "welcome_due_at" TIMESTAMPTZ(3),
    "generation" INTEGER NOT NULL DEFAULT 1,
    "confirmations" INTEGER NOT NULL DEFAULT 0,
    "source" TEXT NOT NULL DEFAULT 'form',
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "confirmed_at" TIMESTAMPTZ(3),
    "unsubscribed_at" TIMESTAMPTZ(3),
    "unsubscribe_note" TEXT,

    CONSTRAINT "subscribers_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "subscriber_interests" (
    "subscriber_id" INTEGER NOT NULL,
    "interest_id" INTEGER NOT NULL,
    "muted" BOOLEAN NOT NULL DEFAULT false,
    "wording" TEXT NOT NULL,

    CONSTRAINT "subscriber_interests_pkey" PRIMARY KEY ("subscriber_id","interest_id","muted")
);

-- CreateTable
CREATE TABLE "consents" (
    "id" SERIAL NOT NULL,
    "subscriber_id" INTEGER NOT NULL,
    "step" "consent_step" NOT NULL,
    "wording_version" TEXT NOT NULL,
    "wording" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "ip" TEXT,
    "user_agent" TEXT,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "consents_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "confirmation_requests" (
    "id" SERIAL NOT NULL,
    "public_id" TEXT NOT NULL,
    "subscriber_id" INTEGER NOT NULL,
    "new_email" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "used_at" TIMESTAMPTZ(3),

    CONSTRAINT "confirmation_requests_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "reactions" (
    "subscriber_id" INTEGER NOT NULL,
    "paper_id" INTEGER NOT NULL,
    "kind" "reaction_kind" NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "reactions_pkey" PRIMARY KEY ("subscriber_id","paper_id")
);

-- CreateTable
CREATE TABLE "suppressions" (
    "address_hash" BYTEA NOT NULL,
    "reason" "suppression_reason" NOT NULL,
    "note" TEXT,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "suppressions_pkey" PRIMARY KEY ("address_hash")
);

-- CreateTable
CREATE TABLE "editions" (
    "id" SERIAL NOT NULL,
    "key" TEXT NOT NULL,
    "state" "edition_state" NOT NULL DEFAULT 'open',
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "editions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "newsletters" (
    "id" BIGSERIAL NOT NULL,
    "public_id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "subscriber_id" INTEGER NOT NULL,
    "edition_id" INTEGER NOT NULL,
    "entry_ids" INTEGER[],
    "paper_ids" INTEGER[],
    "match_ids" INTEGER[],
    "upvotes" INTEGER[],
    "comments" INTEGER[],
    "considered_count" INTEGER NOT NULL,
    "more_count" INTEGER NOT NULL,
    "trending_ids" INTEGER[],
    "language" TEXT NOT NULL,
    "template_version" INTEGER NOT NULL,
    "key_id" INTEGER NOT NULL,
    "generation" INTEGER NOT NULL,
    "slot_at" TIMESTAMPTZ(3) NOT NULL,
    "issued_on" DATE NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "newsletters_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "deliveries" (
    "id" BIGSERIAL NOT NULL,
    "public_id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "kind" "delivery_kind" NOT NULL,
    "key" TEXT NOT NULL,
    "subscriber_id" INTEGER,
    "edition_id" INTEGER,
    "newsletter_id" BIGINT,
    "email" TEXT,
    "address_hash" BYTEA,
    "payload" JSONB,
    "language" TEXT NOT NULL,
    "key_id" INTEGER NOT NULL,
    "generation" INTEGER NOT NULL,
    "state" "delivery_state" NOT NULL DEFAULT 'planned',
    "priority" SMALLINT NOT NULL DEFAULT 5,
    "attempt" INTEGER NOT NULL DEFAULT 0,
    "claimed_by" TEXT,
    "lease_until" TIMESTAMPTZ(3),
    "handed_at" TIMESTAMPTZ(3),
    "next_attempt_at" TIMESTAMPTZ(3) NOT NULL,
    "late_at" TIMESTAMPTZ(3),
    "sent_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),
    "last_reply" TEXT,
    "message_id" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "deliveries_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "attempts" (
    "id" BIGSERIAL NOT NULL,
    "delivery_id" BIGINT NOT NULL,
    "attempt" INTEGER NOT NULL,
    "worker" TEXT NOT NULL,
    "outcome" "attempt_outcome" NOT NULL,
    "stage" TEXT,
    "reply" TEXT,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "attempts_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "admins" (
    "id" SERIAL NOT NULL,
    "email" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "admins_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "admin_links" (
    "token_hash" BYTEA NOT NULL,
    "admin_id" INTEGER NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "used_at" TIMESTAMPTZ(3),

    CONSTRAINT "admin_links_pkey" PRIMARY KEY ("token_hash")
);

-- CreateTable
CREATE TABLE "admin_sessions" (
    "token_hash" BYTEA NOT NULL,
    "admin_id" INTEGER NOT NULL,
    "csrf_token" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "admin_sessions_pkey" PRIMARY KEY ("token_hash")
);

-- CreateTable
CREATE TABLE "audit_log" (
    "id" BIGSERIAL NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "actor" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "subject" TEXT,
    "detail" JSONB,

    CONSTRAINT "audit_log_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "runs" (
    "id" SERIAL NOT NULL,
    "job" TEXT NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "finished_at" TIMESTAMPTZ(3),
    "outcome" "run_outcome" NOT NULL DEFAULT 'running',
    "counts" JSONB,
    "error" TEXT,

    CONSTRAINT "runs_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "keys" (
    "id" SERIAL NOT NULL,
    "purpose" "key_purpose" NOT NULL,
    "secret" BYTEA NOT NULL,
    "wrapped" BOOLEAN NOT NULL DEFAULT false,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "keys_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "captures_source_sha256_key" ON "captures"("source", "sha256");

-- CreateIndex
CREATE INDEX "digests_digest_on_idx" ON "digests"("digest_on");

-- CreateIndex
CREATE UNIQUE INDEX "digests_source_digest_on_key" ON "digests"("source", "digest_on");

-- CreateIndex
CREATE INDEX "entries_paper_id_idx" ON "entries"("paper_id");

-- CreateIndex
CREATE UNIQUE INDEX "entries_digest_id_paper_id_key" ON "entries"("digest_id", "paper_id");

-- CreateIndex
CREATE UNIQUE INDEX "papers_public_id_key" ON "papers"("public_id");

-- CreateIndex
CREATE INDEX "papers_arrived_at_idx" ON "papers"("arrived_at");

-- CreateIndex
CREATE INDEX "papers_merged_into_id_idx" ON "papers"("merged_into_id");

-- CreateIndex
CREATE INDEX "paper_identities_paper_id_idx" ON "paper_identities"("paper_id");

-- CreateIndex
CREATE UNIQUE INDEX "interests_kind_key_key" ON "interests"("kind", "key");

-- CreateIndex
CREATE INDEX "matches_paper_id_idx" ON "matches"("paper_id");

-- CreateIndex
CREATE UNIQUE INDEX "matches_interest_id_paper_id_matcher_version_key" ON "matches"("interest_id", "paper_id", "matcher_version");

-- CreateIndex
CREATE UNIQUE INDEX "subscribers_public_id_key" ON "subscribers"("public_id");

-- CreateIndex
CREATE UNIQUE INDEX "subscribers_email_key" ON "subscribers"("email");

-- CreateIndex
CREATE INDEX "subscribers_next_due_at_id_idx" ON "subscribers"("next_due_at", "id");

-- CreateIndex
CREATE INDEX "subscribers_address_hash_idx" ON "subscribers"("address_hash");

-- CreateIndex
CREATE INDEX "subscriber_interests_interest_id_idx" ON "subscriber_interests"("interest_id");

-- CreateIndex
CREATE INDEX "consents_subscriber_id_idx" ON "consents"("subscriber_id");

-- CreateIndex
CREATE UNIQUE INDEX "confirmation_requests_public_id_key" ON "confirmation_requests"("public_id");

-- CreateIndex
CREATE INDEX "confirmation_requests_subscriber_id_idx" ON "confirmation_requests"("subscriber_id");

-- CreateIndex
CREATE INDEX "reactions_paper_id_idx" ON "reactions"("paper_id");

-- CreateIndex
CREATE UNIQUE INDEX "editions_key_key" ON "editions"("key");

-- CreateIndex
CREATE UNIQUE INDEX "newsletters_public_id_key" ON "newsletters"("public_id");

-- CreateIndex
CREATE INDEX "newsletters_edition_id_idx" ON "newsletters"("edition_id");

-- CreateIndex
CREATE UNIQUE INDEX "newsletters_subscriber_id_edition_id_key" ON "newsletters"("subscriber_id", "edition_id");

-- CreateIndex
CREATE UNIQUE INDEX "deliveries_public_id_key" ON "deliveries"("public_id");

-- CreateIndex
CREATE INDEX "deliveries_edition_id_state_idx" ON "deliveries"("edition_id", "state");

-- CreateIndex
CREATE INDEX "deliveries_address_hash_idx" ON "deliveries"("address_hash");

-- CreateIndex
CREATE UNIQUE INDEX "deliveries_subscriber_id_kind_key_key" ON "deliveries"("subscriber_id", "kind", "key");

-- CreateIndex
CREATE UNIQUE INDEX "attempts_delivery_id_attempt_key" ON "attempts"("delivery_id", "attempt");

-- CreateIndex
CREATE UNIQUE INDEX "admins_email_key" ON "admins"("email");

-- CreateIndex
CREATE INDEX "admin_links_admin_id_idx" ON "admin_links"("admin_id");

-- CreateIndex
CREATE INDEX "admin_sessions_admin_id_idx" ON "admin_sessions"("admin_id");

-- CreateIndex
CREATE INDEX "audit_log_subject_idx" ON "audit_log"("subject");

-- CreateIndex
CREATE INDEX "runs_job_started_at_idx" ON "runs"("job", "started_at");

-- AddForeignKey
ALTER TABLE "digests" ADD CONSTRAINT "digests_capture_id_fkey" FOREIGN KEY ("capture_id") REFERENCES "captures"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "entries" ADD CONSTRAINT "entries_digest_id_fkey" FOREIGN KEY ("digest_id") REFERENCES "digests"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "entries" ADD CONSTRAINT "entries_paper_id_fkey" FOREIGN KEY ("paper_id") REFERENCES "papers"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "papers" ADD CONSTRAINT "papers_merged_into_id_fkey" FOREIGN KEY ("merged_into_id") REFERENCES "papers"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "paper_identities" ADD CONSTRAINT "paper_identities_paper_id_fkey" FOREIGN KEY ("paper_id") REFERENCES "papers"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "matches" ADD CONSTRAINT "matches_interest_id_fkey" FOREIGN KEY ("interest_id") REFERENCES "interests"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "matches" ADD CONSTRAINT "matches_paper_id_fkey" FOREIGN KEY ("paper_id") REFERENCES "papers"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "subscriber_interests" ADD CONSTRAINT "subscriber_interests_subscriber_id_fkey" FOREIGN KEY ("subscriber_id") REFERENCES "subscribers"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "subscriber_interests" ADD CONSTRAINT "subscriber_interests_interest_id_fkey" FOREIGN KEY ("interest_id") REFERENCES "interests"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "consents" ADD CONSTRAINT "consents_subscriber_id_fkey" FOREIGN KEY ("subscriber_id") REFERENCES "subscribers"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "confirmation_requests" ADD CONSTRAINT "confirmation_requests_subscriber_id_fkey" FOREIGN KEY ("subscriber_id") REFERENCES "subscribers"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "reactions" ADD CONSTRAINT "reactions_subscriber_id_fkey" FOREIGN KEY ("subscriber_id") REFERENCES "subscribers"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "reactions" ADD CONSTRAINT "reactions_paper_id_fkey" FOREIGN KEY ("paper_id") REFERENCES "papers"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "newsletters" ADD CONSTRAINT "newsletters_subscriber_id_fkey" FOREIGN KEY ("subscriber_id") REFERENCES "subscribers"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "newsletters" ADD CONSTRAINT "newsletters_edition_id_fkey" FOREIGN KEY ("edition_id") REFERENCES "editions"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "deliveries" ADD CONSTRAINT "deliveries_subscriber_id_fkey" FOREIGN KEY ("subscriber_id") REFERENCES "subscribers"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "deliveries" ADD CONSTRAINT "deliveries_edition_id_fkey" FOREIGN KEY ("edition_id") REFERENCES "editions"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "deliveries" ADD CONSTRAINT "deliveries_newsletter_id_fkey" FOREIGN KEY ("newsletter_id") REFERENCES "newsletters"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "attempts" ADD CONSTRAINT "attempts_delivery_id_fkey" FOREIGN KEY ("delivery_id") REFERENCES "deliveries"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "admin_links" ADD CONSTRAINT "admin_links_admin_id_fkey" FOREIGN KEY ("admin_id") REFERENCES "admins"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "admin_sessions" ADD CONSTRAINT "admin_sessions_admin_id_fkey" FOREIGN KEY ("admin_id") REFERENCES "admins"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What schema.prisma cannot say ------------------------------------------------

-- An arXiv id or a DOI names one paper, a title may be shared.
CREATE UNIQUE INDEX "paper_identities_one_paper" ON "paper_identities"("kind", "value") WHERE "kind" <> 'title';

-- Hot paths of the ledger: what can be claimed now, and whose lease has run out.
CREATE INDEX "deliveries_claimable" ON "deliveries"("priority", "next_attempt_at", "id") WHERE "state" IN ('planned', 'retrying');
CREATE INDEX "deliveries_leased" ON "deliveries"("lease_until") WHERE "state" = 'sending';
CREATE UNIQUE INDEX "deliveries_one_alarm" ON "deliveries"("kind", "key", "email") WHERE "subscriber_id" IS NULL AND "kind" = 'alarm';
ALTER TABLE "deliveries" SET (fillfactor = 80);

CREATE INDEX "newsletters_subscriber_created" ON "newsletters"("subscriber_id", "created_at");
CREATE INDEX "subscribers_welcome_due" ON "subscribers"("welcome_due_at", "id") WHERE "welcome_due_at" IS NOT NULL;
CREATE INDEX "papers_unmatched" ON "papers"("id") WHERE "matcher_version" IS NULL;
CREATE INDEX "interests_unmatched" ON "interests"("id") WHERE "matcher_version" IS NULL;

ALTER TABLE "subscribers"
  ADD CONSTRAINT "subscribers_hour" CHECK ("hour" BETWEEN 0 AND 23),
  ADD CONSTRAINT "subscribers_weekday" CHECK ("weekday" BETWEEN 1 AND 7),
  ADD CONSTRAINT "subscribers_max_papers" CHECK ("max_papers" BETWEEN 1 AND 50),
  ADD CONSTRAINT "subscribers_due_only_confirmed" CHECK ("next_due_at" IS NULL OR "status" = 'confirmed');
ALTER TABLE "newsletters"
  ADD CONSTRAINT "newsletters_not_empty" CHECK (cardinality("entry_ids") > 0),
  ADD CONSTRAINT "newsletters_parallel" CHECK (
    cardinality("paper_ids") = cardinality("entry_ids") AND cardinality("match_ids") = cardinality("entry_ids")
    AND cardinality("upvotes") = cardinality("entry_ids") AND cardinality("comments") = cardinality("entry_ids"));
