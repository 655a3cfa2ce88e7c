-- Mails to addresses that took one lately and were refused as unknown all the same: many of one destination within an hour are its
-- fault, not its readers'. Kept for two days, so
-- that no foreign key is needed.
CREATE TABLE "sending_refusals" (
    "delivery_id" BIGINT NOT NULL,
    "destination" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "begun_at" TIMESTAMPTZ(3) NOT NULL,
    "excused" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "sending_refusals_pkey" PRIMARY KEY ("delivery_id")
);

CREATE INDEX "sending_refusals_destination_at_idx" ON "sending_refusals"("destination", "at");
