-- Why a mail ended has a column of its own, and last_reply keeps the words about it: the server's, or ours on why it waits.
CREATE TYPE "end_reason" AS ENUM (
    'late', 'used_up', 'refused', 'not_composed', 'lost', 'worker_died',
    'edition_cancelled', 'replaced', 'unsubscribed', 'paused', 'suppressed', 'declined', 'erased', 'not_confirmed',
    'address_changed', 'address_unknown', 'newsletter_gone', 'request_gone', 'taken_back',
    'already_answered', 'already_confirmed', 'expired', 'kind_unknown'
);
ALTER TABLE "deliveries" ADD COLUMN "end_reason" "end_reason";

UPDATE "deliveries" SET
  "end_reason" = CASE
    WHEN "last_reply" ~ '^late(: |$)' THEN 'late'
    WHEN "last_reply" ~ '^suppressed: (hard|complaint|manual|erased)$' THEN 'suppressed'
    WHEN "last_reply" = 'replaced by the next edition' THEN 'replaced'
    WHEN "last_reply" LIKE 'the worker died after handing it over%' THEN 'worker_died'
    WHEN "last_reply" IN ('edition cancelled', 'unsubscribed', 'paused', 'declined', 'erased', 'not confirmed', 'address changed',
      'address unknown', 'newsletter gone', 'request gone', 'taken back', 'already answered', 'already confirmed', 'expired', 'kind unknown')
      THEN replace("last_reply", ' ', '_')
    WHEN "state" = 'bounced' THEN 'refused'
    WHEN "state" = 'failed' AND EXISTS (SELECT 1 FROM "attempts" a WHERE a."delivery_id" = "deliveries"."id" AND a."attempt" = "deliveries"."attempt" AND a."outcome" = 'failed')
      THEN 'not_composed'
    WHEN "state" = 'failed' THEN 'used_up'
    WHEN "state" = 'uncertain' THEN 'lost'
    WHEN "subscriber_id" IS NULL AND "email" IS NULL THEN 'erased'
  END::"end_reason"
WHERE "state" IN ('bounced', 'failed', 'uncertain', 'cancelled');

-- What the reason says is said once, that of a suppression stays, as the words about it. What was late and is tried again keeps what held it up.
UPDATE "deliveries" SET "last_reply" = CASE
    WHEN "last_reply" LIKE 'late%' OR "end_reason" = 'suppressed' THEN nullif(regexp_replace("last_reply", '^(late|suppressed)(: |$)', ''), '')
  END
WHERE "last_reply" ~ '^(late|suppressed)(: |$)';
UPDATE "deliveries" SET "last_reply" = NULL
WHERE "end_reason" NOT IN ('late', 'suppressed', 'used_up', 'refused', 'not_composed', 'lost', 'worker_died');

ALTER TABLE "deliveries" ADD CONSTRAINT "deliveries_reason_once_ended"
  CHECK ("end_reason" IS NULL OR "state" IN ('bounced', 'failed', 'uncertain', 'cancelled'));
