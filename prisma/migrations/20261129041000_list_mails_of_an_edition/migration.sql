-- A list of an edition's mails in a state goes on behind a row: without the row's number in the index a page of it sorts all of them.
DROP INDEX "deliveries_edition_id_state_idx";
CREATE INDEX "deliveries_edition_id_state_id_idx" ON "deliveries"("edition_id", "state", "id");
