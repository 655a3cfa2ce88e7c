-- Lists go on behind the key of their last row. Addresses are compared by their bytes, as their canonical form is ASCII: the unique index that
-- there is finds what begins with a text, and hands it out in order, whatever the locale of the database.
ALTER TABLE "subscribers" ALTER COLUMN "email" TYPE TEXT COLLATE "C";

CREATE INDEX "suppressions_at_address_hash_idx" ON "suppressions"("at", "address_hash");
