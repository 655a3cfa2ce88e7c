-- The question that a notice asks or tells of is a column that the database knows, instead of a word in its JSON.
ALTER TABLE "deliveries" ADD COLUMN "request_id" INTEGER;
UPDATE "deliveries" SET
  "request_id" = (SELECT r."id" FROM "confirmation_requests" r WHERE r."public_id" = "deliveries"."payload"->>'requestPublicId'),
  "payload" = nullif("payload" - 'requestPublicId', '{}'::jsonb)
WHERE "payload" ? 'requestPublicId';
ALTER TABLE "deliveries" ADD CONSTRAINT "deliveries_request_id_fkey"
  FOREIGN KEY ("request_id") REFERENCES "confirmation_requests"("id") ON DELETE SET NULL ON UPDATE CASCADE;
-- Reminders look for the mail of a question, and deleting a question for what names it. Newsletters are not in it.
CREATE INDEX "deliveries_request" ON "deliveries"("request_id") WHERE "request_id" IS NOT NULL;
