-- What is wrong now, so that it is told once by whichever process sees it, again while it lasts, and once when it is over.
CREATE TABLE "alarms" (
    "key" TEXT NOT NULL,
    "code" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "lines" TEXT[],
    "opened_at" TIMESTAMPTZ(3) NOT NULL,
    "seen_at" TIMESTAMPTZ(3) NOT NULL,
    "told_at" TIMESTAMPTZ(3),
    "over_at" TIMESTAMPTZ(3),
    "claimed_until" TIMESTAMPTZ(3),
    CONSTRAINT "alarms_pkey" PRIMARY KEY ("key")
);
