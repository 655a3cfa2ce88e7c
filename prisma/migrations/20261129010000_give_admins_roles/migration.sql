-- Admins get a role: a viewer looks, an editor does the daily work, an owner decides who may. Whoever is here may go on doing everything.
CREATE TYPE "admin_role" AS ENUM ('viewer', 'editor', 'owner');
ALTER TABLE "admins" ADD COLUMN "role" "admin_role" NOT NULL DEFAULT 'owner';
ALTER TABLE "admins" ALTER COLUMN "role" DROP DEFAULT;
