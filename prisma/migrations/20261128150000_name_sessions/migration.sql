-- Sessions can be listed and ended one by one: they get a number, and say when they were last used, from which network, with which browser.
ALTER TABLE "admin_sessions"
    ADD COLUMN "id" SERIAL NOT NULL,
    ADD COLUMN "last_used_at" TIMESTAMPTZ(3),
    ADD COLUMN "network" TEXT,
    ADD COLUMN "browser" TEXT;
CREATE UNIQUE INDEX "admin_sessions_id_key" ON "admin_sessions"("id");

ALTER TABLE "admins" ADD COLUMN "last_signed_in_at" TIMESTAMPTZ(3);
UPDATE "admins" SET "last_signed_in_at" = (
    SELECT max("at") FROM "audit_log" WHERE "actor" = 'admin:' || "admins"."email" AND "action" = 'admin.sign-in');
