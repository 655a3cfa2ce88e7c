-- Days on which newsletters were sent while warming up: their number says how many mails the next one may have.
CREATE TABLE "sending_days" (
    "day" DATE NOT NULL,

    CONSTRAINT "sending_days_pkey" PRIMARY KEY ("day")
);

-- How many mails to one destination each worker may have in flight. A dead worker's share is free again after its lease.
CREATE TABLE "sending_shares" (
    "destination" TEXT NOT NULL,
    "worker" TEXT NOT NULL,
    "places" INTEGER NOT NULL,
    "until" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "sending_shares_pkey" PRIMARY KEY ("destination", "worker")
);

-- The tries of a day, counted while warming up: they are written in the order of time, so the smallest of indexes finds them.
CREATE INDEX "attempts_at_idx" ON "attempts" USING BRIN ("at") WITH (autosummarize = on);
