-- What an overview tells is counted as it happens, so that no page reads a ledger of millions. Each session of the
-- database adds to rows of its own (shard: its process id), so that nobody waits for anybody; a sum is taken over them.
CREATE TABLE "edition_sums" (
    "edition_id" INTEGER NOT NULL,
    "state" "delivery_state" NOT NULL,
    "end_reason" TEXT NOT NULL,
    "shard" INTEGER NOT NULL,
    "n" BIGINT NOT NULL,
    CONSTRAINT "edition_sums_pkey" PRIMARY KEY ("edition_id", "state", "end_reason", "shard")
) WITH (fillfactor = 50);

CREATE TABLE "reader_sums" (
    "status" "subscriber_status" NOT NULL,
    "shard" INTEGER NOT NULL,
    "n" BIGINT NOT NULL,
    CONSTRAINT "reader_sums_pkey" PRIMARY KEY ("status", "shard")
) WITH (fillfactor = 50);

CREATE TYPE "reader_event" AS ENUM ('asked', 'confirmed', 'left');

CREATE TABLE "reader_days" (
    "day" DATE NOT NULL,
    "event" "reader_event" NOT NULL,
    "shard" INTEGER NOT NULL,
    "n" BIGINT NOT NULL,
    CONSTRAINT "reader_days_pkey" PRIMARY KEY ("day", "event", "shard")
) WITH (fillfactor = 50);

CREATE TABLE "topic_sums" (
    "interest_id" INTEGER NOT NULL,
    "shard" INTEGER NOT NULL,
    "n" BIGINT NOT NULL,
    CONSTRAINT "topic_sums_pkey" PRIMARY KEY ("interest_id", "shard")
) WITH (fillfactor = 50);

CREATE INDEX "deliveries_uncertain" ON "deliveries"("id") WHERE "state" = 'uncertain';

-- What there is already.
INSERT INTO "edition_sums" SELECT edition_id, state, coalesce(end_reason::text, ''), 0, count(*) FROM "deliveries"
    WHERE edition_id IS NOT NULL GROUP BY 1, 2, 3;
INSERT INTO "reader_sums" SELECT status, 0, count(*) FROM "subscribers" GROUP BY 1;
INSERT INTO "reader_days" SELECT (least(created_at, confirmed_at) AT TIME ZONE 'UTC')::date, 'asked', 0, count(*) FROM "subscribers" GROUP BY 1;
INSERT INTO "reader_days" SELECT (confirmed_at AT TIME ZONE 'UTC')::date, 'confirmed', 0, count(*) FROM "subscribers"
    WHERE confirmed_at IS NOT NULL GROUP BY 1;
INSERT INTO "reader_days" SELECT (unsubscribed_at AT TIME ZONE 'UTC')::date, 'left', 0, count(*) FROM "subscribers"
    WHERE status = 'unsubscribed' AND unsubscribed_at IS NOT NULL GROUP BY 1;
INSERT INTO "topic_sums" SELECT si.interest_id, 0, count(*) FROM "subscriber_interests" si
    JOIN "interests" i ON i.id = si.interest_id WHERE i.kind = 'topic' AND NOT si.muted GROUP BY 1;

CREATE FUNCTION count_deliveries() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        DELETE FROM edition_sums;
    ELSIF TG_OP = 'INSERT' THEN
        INSERT INTO edition_sums AS s SELECT edition_id, state, coalesce(end_reason::text, ''), pg_backend_pid(), count(*)
            FROM later WHERE edition_id IS NOT NULL GROUP BY 1, 2, 3
            ON CONFLICT (edition_id, state, end_reason, shard) DO UPDATE SET n = s.n + excluded.n;
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO edition_sums AS s SELECT edition_id, state, coalesce(end_reason::text, ''), pg_backend_pid(), -count(*)
            FROM earlier WHERE edition_id IS NOT NULL GROUP BY 1, 2, 3
            ON CONFLICT (edition_id, state, end_reason, shard) DO UPDATE SET n = s.n + excluded.n;
    ELSE
        INSERT INTO edition_sums AS s SELECT edition_id, state, reason, pg_backend_pid(), sum(d)
            FROM (SELECT edition_id, state, coalesce(end_reason::text, '') AS reason, 1 AS d FROM later
                  UNION ALL SELECT edition_id, state, coalesce(end_reason::text, ''), -1 FROM earlier) moved
            WHERE edition_id IS NOT NULL GROUP BY 1, 2, 3 HAVING sum(d) <> 0
            ON CONFLICT (edition_id, state, end_reason, shard) DO UPDATE SET n = s.n + excluded.n;
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER count_inserted AFTER INSERT ON "deliveries" REFERENCING NEW TABLE AS later FOR EACH STATEMENT EXECUTE FUNCTION count_deliveries();
CREATE TRIGGER count_updated AFTER UPDATE ON "deliveries" REFERENCING OLD TABLE AS earlier NEW TABLE AS later FOR EACH STATEMENT EXECUTE FUNCTION count_deliveries();
CREATE TRIGGER count_deleted AFTER DELETE ON "deliveries" REFERENCING OLD TABLE AS earlier FOR EACH STATEMENT EXECUTE FUNCTION count_deliveries();
CREATE TRIGGER count_truncated AFTER TRUNCATE ON "deliveries" FOR EACH STATEMENT EXECUTE FUNCTION count_deliveries();

-- A day is that of the reader's own record (UTC); of somebody erased it is the database's.
CREATE FUNCTION count_readers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        DELETE FROM reader_sums;
        DELETE FROM reader_days;
    ELSIF TG_OP = 'INSERT' THEN
        INSERT INTO reader_sums AS s SELECT status, pg_backend_pid(), count(*) FROM later GROUP BY 1
            ON CONFLICT (status, shard) DO UPDATE SET n = s.n + excluded.n;
        INSERT INTO reader_days AS s SELECT day, event::reader_event, pg_backend_pid(), count(*) FROM (
                SELECT (least(created_at, confirmed_at) AT TIME ZONE 'UTC')::date AS day, 'asked' AS event FROM later
                UNION ALL SELECT (coalesce(confirmed_at, created_at) AT TIME ZONE 'UTC')::date, 'confirmed' FROM later
                    WHERE status = 'confirmed') happened GROUP BY 1, 2
            ON CONFLICT (day, event, shard) DO UPDATE SET n = s.n + excluded.n;
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO reader_sums AS s SELECT status, pg_backend_pid(), -count(*) FROM earlier GROUP BY 1
            ON CONFLICT (status, shard) DO UPDATE SET n = s.n + excluded.n;
        INSERT INTO reader_days AS s SELECT (now() AT TIME ZONE 'UTC')::date, 'left', pg_backend_pid(), count(*) FROM earlier
            WHERE status = 'confirmed' HAVING count(*) > 0
            ON CONFLICT (day, event, shard) DO UPDATE SET n = s.n + excluded.n;
    ELSE
        INSERT INTO reader_sums AS s SELECT status, pg_backend_pid(), sum(d)
            FROM (SELECT status, 1 AS d FROM later UNION ALL SELECT status, -1 FROM earlier) moved
            GROUP BY 1 HAVING sum(d) <> 0
            ON CONFLICT (status, shard) DO UPDATE SET n = s.n + excluded.n;
        INSERT INTO reader_days AS s SELECT day, event::reader_event, pg_backend_pid(), count(*) FROM (
                SELECT CASE WHEN l.status = 'confirmed' THEN (coalesce(l.confirmed_at, l.created_at) AT TIME ZONE 'UTC')::date
                            ELSE (coalesce(l.unsubscribed_at, now()) AT TIME ZONE 'UTC')::date END AS day,
                       CASE WHEN l.status = 'confirmed' THEN 'confirmed' ELSE 'left' END AS event
                FROM later l JOIN earlier e USING (id)
                WHERE l.status <> e.status AND (l.status = 'confirmed' OR e.status = 'confirmed')) happened GROUP BY 1, 2
            ON CONFLICT (day, event, shard) DO UPDATE SET n = s.n + excluded.n;
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER count_inserted AFTER INSERT ON "subscribers" REFERENCING NEW TABLE AS later FOR EACH STATEMENT EXECUTE FUNCTION count_readers();
CREATE TRIGGER count_updated AFTER UPDATE ON "subscribers" REFERENCING OLD TABLE AS earlier NEW TABLE AS later FOR EACH STATEMENT EXECUTE FUNCTION count_readers();
CREATE TRIGGER count_deleted AFTER DELETE ON "subscribers" REFERENCING OLD TABLE AS earlier FOR EACH STATEMENT EXECUTE FUNCTION count_readers();
CREATE TRIGGER count_truncated AFTER TRUNCATE ON "subscribers" FOR EACH STATEMENT EXECUTE FUNCTION count_readers();

CREATE FUNCTION count_topics() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        DELETE FROM topic_sums;
    ELSIF TG_OP = 'INSERT' THEN
        INSERT INTO topic_sums AS s SELECT interest_id, pg_backend_pid(), count(*) FROM later
            JOIN interests i ON i.id = interest_id WHERE i.kind = 'topic' AND NOT muted GROUP BY 1
            ON CONFLICT (interest_id, shard) DO UPDATE SET n = s.n + excluded.n;
    ELSE
        INSERT INTO topic_sums AS s SELECT interest_id, pg_backend_pid(), -count(*) FROM earlier
            JOIN interests i ON i.id = interest_id WHERE i.kind = 'topic' AND NOT muted GROUP BY 1
            ON CONFLICT (interest_id, shard) DO UPDATE SET n = s.n + excluded.n;
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER count_inserted AFTER INSERT ON "subscriber_interests" REFERENCING NEW TABLE AS later FOR EACH STATEMENT EXECUTE FUNCTION count_topics();
CREATE TRIGGER count_deleted AFTER DELETE ON "subscriber_interests" REFERENCING OLD TABLE AS earlier FOR EACH STATEMENT EXECUTE FUNCTION count_topics();
CREATE TRIGGER count_truncated AFTER TRUNCATE ON "subscriber_interests" FOR EACH STATEMENT EXECUTE FUNCTION count_topics();
