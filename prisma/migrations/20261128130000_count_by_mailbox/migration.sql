-- Aliases of one mailbox (name+tag@, dots at some providers) share the budgets of what a stranger can cause, and a decline holds for all.
-- Newsletters and alarms have none. Rows from before have none either, so they count no more.
ALTER TABLE "deliveries" ADD COLUMN "mailbox_hash" BYTEA;
CREATE INDEX "deliveries_mailbox" ON "deliveries"("mailbox_hash", "created_at") WHERE "mailbox_hash" IS NOT NULL;
