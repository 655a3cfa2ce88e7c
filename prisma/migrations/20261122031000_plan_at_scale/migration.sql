-- The delivery of a newsletter is looked for by planning, by the page that shows it in a browser, and whenever a newsletter is deleted.
CREATE INDEX "deliveries_newsletter_id_idx" ON "deliveries"("newsletter_id");

-- Each slot moves its readers on: the new version of a row fits beside the old one.
ALTER TABLE "subscribers" SET (fillfactor = 80);
