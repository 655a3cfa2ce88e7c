-- runs with: >= 0.1.0
-- A leaving that is taken back was counted as one, and once more as a confirmation.
-- A day is that of the reader's own record (UTC); of somebody erased it is the database's.
CREATE OR REPLACE FUNCTION count_readers() RETURNS trigger LANGUAGE plpgsql AS $$
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
        -- Who comes back by the confirmation they had has not left: that goes from its day. Who was taken in as gone never left.
        INSERT INTO reader_days AS s SELECT day, event::reader_event, pg_backend_pid(), sum(d) FROM (
                SELECT CASE WHEN came AND NOT undone THEN (coalesce(confirmed_at, created_at) AT TIME ZONE 'UTC')::date
                            ELSE (coalesce(gone_at, now()) AT TIME ZONE 'UTC')::date END AS day,
                       CASE WHEN came AND NOT undone THEN 'confirmed' ELSE 'left' END AS event,
                       CASE WHEN undone THEN -1 ELSE 1 END AS d
                FROM (SELECT l.status = 'confirmed' AS came, l.confirmed_at, l.created_at,
                             CASE WHEN l.status = 'confirmed' THEN e.unsubscribed_at ELSE l.unsubscribed_at END AS gone_at,
                             e.status = 'unsubscribed' AND l.status = 'confirmed' AND l.confirmed_at IS NOT DISTINCT FROM e.confirmed_at
                               AND coalesce(e.unsubscribed_at, now()) > e.created_at AS undone
                      FROM later l JOIN earlier e USING (id)
                      WHERE l.status <> e.status AND (l.status = 'confirmed' OR e.status = 'confirmed')) moved) happened
                GROUP BY 1, 2 HAVING sum(d) <> 0
            ON CONFLICT (day, event, shard) DO UPDATE SET n = s.n + excluded.n;
    END IF;
    RETURN NULL;
END $$;
