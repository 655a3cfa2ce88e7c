-- A reader whom planning cannot serve (a time zone this system does not know, say) is set aside with the reason, so that nobody else waits
-- and an operator can find them. They stay due, and the reason goes once they are planned or their schedule changes.
ALTER TABLE "subscribers" ADD COLUMN "planning_problem" TEXT, ADD COLUMN "planning_problem_at" TIMESTAMPTZ(3);
-- Almost nobody, ever: what is asked each minute reads these rows alone.
CREATE INDEX "subscribers_set_aside" ON "subscribers" ("planning_problem_at") WHERE "planning_problem" IS NOT NULL;
