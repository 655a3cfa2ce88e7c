-- Every mail leaves dead entries at the front of the index that claims begin with. By default they are cleared once a fifth of the ledger
-- is dead, however long it has grown, and not at all where they lie on few pages. Measured by bench:plan --ledger.
ALTER TABLE "deliveries" SET (autovacuum_vacuum_threshold = 50000, autovacuum_vacuum_scale_factor = 0.01, vacuum_index_cleanup = on);
