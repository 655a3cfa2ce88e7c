-- The list day a capture was read as, so that reading it again for another day can be told from reading it twice.
ALTER TABLE "captures" ADD COLUMN "digest_on" DATE;
