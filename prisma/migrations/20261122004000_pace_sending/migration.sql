-- How fast mail may go, and whether it goes at all, agreed by all processes on all machines. Both run by the database's clock.
CREATE TABLE "sending_paces" (
    "name" TEXT NOT NULL,
    "free_at" TIMESTAMPTZ(3) NOT NULL,
    "strikes" INTEGER NOT NULL DEFAULT 0,
    "struck_at" TIMESTAMPTZ(3),

    CONSTRAINT "sending_paces_pkey" PRIMARY KEY ("name")
);

CREATE TABLE "sending_circuits" (
    "name" TEXT NOT NULL,
    "failures" INTEGER NOT NULL DEFAULT 0,
    "opened_at" TIMESTAMPTZ(3),
    "probe_at" TIMESTAMPTZ(3),
    "problem" TEXT,

    CONSTRAINT "sending_circuits_pkey" PRIMARY KEY ("name")
);
