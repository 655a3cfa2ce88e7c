-- Settings that are changed while the service runs, as they would stand in the environment, which wins.
CREATE TABLE "settings" (
  "name" TEXT NOT NULL,
  "value" TEXT NOT NULL,
  "changed_at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "settings_pkey" PRIMARY KEY ("name")
);
