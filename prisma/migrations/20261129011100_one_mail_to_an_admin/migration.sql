-- Mails to admins have no reader: their kind, key and address name them, as with alarms.
CREATE UNIQUE INDEX "deliveries_one_to_admin" ON "deliveries"("kind", "key", "email")
    WHERE "subscriber_id" IS NULL AND "kind" IN ('sign_in', 'new_sign_in', 'invitation');
