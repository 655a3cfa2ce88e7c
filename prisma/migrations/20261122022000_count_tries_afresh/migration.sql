-- An operator's resend gives a delivery a fresh set of tries, while attempt numbers go on rising: they are the fence.
ALTER TABLE "deliveries" ADD COLUMN "tries_from" INTEGER NOT NULL DEFAULT 0;
