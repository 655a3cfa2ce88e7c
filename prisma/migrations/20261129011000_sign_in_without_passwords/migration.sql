-- Admins sign in by a link that is mailed, by a passkey or by an identity provider, and are invited by an owner.
ALTER TYPE "delivery_kind" ADD VALUE 'sign_in';
ALTER TYPE "delivery_kind" ADD VALUE 'new_sign_in';
ALTER TYPE "delivery_kind" ADD VALUE 'invitation';

-- From where an admin signed in before: the next time from elsewhere is told them.
CREATE TABLE "admin_browsers" (
    "admin_id" INTEGER NOT NULL,
    "browser" TEXT NOT NULL,
    "network" TEXT NOT NULL,
    "seen_at" TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT "admin_browsers_pkey" PRIMARY KEY ("admin_id", "browser", "network"),
    CONSTRAINT "admin_browsers_admin_id_fkey" FOREIGN KEY ("admin_id") REFERENCES "admins"("id") ON DELETE CASCADE ON UPDATE CASCADE
);

CREATE TABLE "admin_passkeys" (
    "id" SERIAL NOT NULL,
    "credential_id" TEXT NOT NULL,
    "admin_id" INTEGER NOT NULL,
    "public_key" BYTEA NOT NULL,
    "counter" BIGINT NOT NULL,
    "transports" TEXT[],
    "name" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "last_used_at" TIMESTAMPTZ(3),
    CONSTRAINT "admin_passkeys_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "admin_passkeys_admin_id_fkey" FOREIGN KEY ("admin_id") REFERENCES "admins"("id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE UNIQUE INDEX "admin_passkeys_credential_id_key" ON "admin_passkeys"("credential_id");
CREATE INDEX "admin_passkeys_admin_id_idx" ON "admin_passkeys"("admin_id");

-- What a browser was asked and has to bring back, once: known by the SHA-256 of a token in its cookie.
CREATE TABLE "admin_challenges" (
    "token_hash" BYTEA NOT NULL,
    "purpose" TEXT NOT NULL,
    "admin_id" INTEGER,
    "data" JSONB NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT "admin_challenges_pkey" PRIMARY KEY ("token_hash"),
    CONSTRAINT "admin_challenges_admin_id_fkey" FOREIGN KEY ("admin_id") REFERENCES "admins"("id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE INDEX "admin_challenges_admin_id_idx" ON "admin_challenges"("admin_id");

-- One open invitation an address; the row goes when it is taken, revoked or forgotten.
CREATE TABLE "admin_invitations" (
    "id" SERIAL NOT NULL,
    "token_hash" BYTEA NOT NULL,
    "email" TEXT NOT NULL,
    "role" "admin_role" NOT NULL,
    "invited_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT "admin_invitations_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "admin_invitations_token_hash_key" ON "admin_invitations"("token_hash");
CREATE UNIQUE INDEX "admin_invitations_email_key" ON "admin_invitations"("email");
