-- runs with: >= 0.1.0
-- What ended otherwise than by being sent, of all editions, by reason: each edition's rows were read for it. Mails that were sent have
-- none, so that sending does not pay for it.
CREATE INDEX "deliveries_ended" ON "deliveries" ("end_reason", "id") WHERE "end_reason" IS NOT NULL;
