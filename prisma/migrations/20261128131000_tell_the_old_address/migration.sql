-- A reader's present address is told that a move was asked for, and can take it back, even once the new one said yes.
ALTER TYPE "delivery_kind" ADD VALUE 'moving';
ALTER TABLE "confirmation_requests" ADD COLUMN "old_email" TEXT, ADD COLUMN "undone_at" TIMESTAMPTZ(3);
