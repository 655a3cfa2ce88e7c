-- What is known of each address that a source asks, and whose turn it is at each host: for all processes, over restarts.
CREATE TABLE "source_addresses" (
    "source" TEXT NOT NULL,
    "key" BYTEA NOT NULL,
    "name" TEXT NOT NULL,
    "etag" TEXT,
    "last_modified" TEXT,
    "asked_at" TIMESTAMPTZ(3) NOT NULL,
    "due_at" TIMESTAMPTZ(3) NOT NULL,
    "retry_at" TIMESTAMPTZ(3),
    "failures" INTEGER NOT NULL DEFAULT 0,
    "listed" INTEGER,
    "robots_at" TIMESTAMPTZ(3),
    "forbidden" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "source_addresses_pkey" PRIMARY KEY ("source", "key")
);

CREATE TABLE "source_hosts" (
    "name" TEXT NOT NULL,
    "next_at" TIMESTAMPTZ(3) NOT NULL,
    "holder" UUID NOT NULL,
    "held_until" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "source_hosts_pkey" PRIMARY KEY ("name")
);
