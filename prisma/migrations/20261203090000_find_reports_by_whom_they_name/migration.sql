-- runs with: >= 0.1.0
-- Whom a report names whose mail could not be found: looked for where somebody is erased.
CREATE INDEX "feedback_events_named" ON "feedback_events" ("named") WHERE "named" IS NOT NULL;
