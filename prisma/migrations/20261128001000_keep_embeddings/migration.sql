-- Vectors of an embeddings endpoint (EMBEDDINGS_URL): one an interest and one a paper, gone with it, made anew where the hash differs.
CREATE TABLE "interest_embeddings" (
    "interest_id" INTEGER NOT NULL,
    "hash" TEXT NOT NULL,
    "vector" BYTEA NOT NULL,

    CONSTRAINT "interest_embeddings_pkey" PRIMARY KEY ("interest_id")
);

CREATE TABLE "paper_embeddings" (
    "paper_id" INTEGER NOT NULL,
    "hash" TEXT NOT NULL,
    "vector" BYTEA NOT NULL,

    CONSTRAINT "paper_embeddings_pkey" PRIMARY KEY ("paper_id")
);

ALTER TABLE "interest_embeddings" ADD CONSTRAINT "interest_embeddings_interest_id_fkey" FOREIGN KEY ("interest_id") REFERENCES "interests"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "paper_embeddings" ADD CONSTRAINT "paper_embeddings_paper_id_fkey" FOREIGN KEY ("paper_id") REFERENCES "papers"("id") ON DELETE CASCADE ON UPDATE CASCADE;
