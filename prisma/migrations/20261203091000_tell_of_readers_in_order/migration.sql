-- runs with: >= 0.1.0
-- What waits to be told of a reader, by endpoint: a message looks there whether an older one is still to come.
CREATE INDEX "hook_messages_of_readers" ON "hook_messages" ("endpoint_id", ("data" ->> 'subscriber'), "id") WHERE "state" = 'waiting';
