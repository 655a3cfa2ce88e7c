ALTER TABLE "topics" DROP COLUMN "profile";
