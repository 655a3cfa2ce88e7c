export interface paths {
    "/acts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the audit log, newest first */
        get: operations["get_acts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/acts/{id}/undo": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take an act back, where nothing newer stands on it
         * @description What it changed is set back exactly. 409 names what stands in the way. An act on many is taken back reader by reader: 202. Roles and settings are an owner’s alone, on the page of the log: 403.
         */
        post: operations["post_acts_id_undo"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List mails in the order they were planned */
        get: operations["get_deliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/deliveries/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show a mail with every try at it */
        get: operations["get_deliveries_id"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/digests": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List digests, newest list day first */
        get: operations["get_digests"];
        put?: never;
        /**
         * Hand in a file for the ingest job to read
         * @description The body is the file, 20 MB at most. What became of it stands in GET /digests once the job has run.
         */
        post: operations["post_digests"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/digests/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show a digest with what it lists */
        get: operations["get_digests_id"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/digests/{id}/discard": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Keep a digest out of newsletters for good */
        post: operations["post_digests_id_discard"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/digests/{id}/release": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Let a held digest go to the readers */
        post: operations["post_digests_id_release"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/digests/backfill": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take in past days of a source
         * @description A dry run answers 200. Else days are asked for in the background, as slowly as their host wants it: 202 with the errand. What comes is never mailed as news.
         */
        post: operations["post_digests_backfill"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/editions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List editions with their sums, newest first */
        get: operations["get_editions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/editions/{key}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show an edition with its sums */
        get: operations["get_editions_key"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/editions/{key}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** End an edition for good: what waits is cancelled and its papers return */
        post: operations["post_editions_key_cancel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/editions/{key}/note": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show what an editor added to an edition */
        get: operations["get_editions_key_note"];
        put?: never;
        /**
         * Change what an editor adds to an edition, to come or going on
         * @description Takes the place of all that was there: without words and papers it takes them out. Newsletters planned from now on have it; those that are planned stay as they are.
         */
        post: operations["post_editions_key_note"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/editions/{key}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Stop sending an edition at once; its mails wait */
        post: operations["post_editions_key_pause"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/editions/{key}/resend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send mails of an edition again, never to whom it was sent
         * @description A dry run answers 200 with the counts. Else it is done in the background: 202 with the errand, whose counts say what was done once it is over.
         */
        post: operations["post_editions_key_resend"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/editions/{key}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Go on with a paused edition */
        post: operations["post_editions_key_resume"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/errands": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List long work that was asked for, newest first */
        get: operations["get_errands"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/errands/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show how far long work is */
        get: operations["get_errands_id"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/feedback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List what came back of mails, newest first: refusals, complaints, answers */
        get: operations["get_feedback"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/interests": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List what readers asked for, each thing once, with how many hold it */
        get: operations["get_interests"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/jobs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the jobs with the last run of each */
        get: operations["get_jobs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/jobs/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show a job and its last run */
        get: operations["get_jobs_name"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/jobs/{name}/wake": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Let a job run now rather than at its next tick
         * @description 409 where nothing would run it: while sending is on hold, or where no process has its setting.
         */
        post: operations["post_jobs_name_wake"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/papers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List papers, the last to come first, or search them */
        get: operations["get_papers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/papers/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show a paper and every list it stood in */
        get: operations["get_papers_id"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Show which papers some interests would bring, and why
         * @description The papers are chosen by the code that sends, from the newest digest. Nothing is kept.
         */
        post: operations["post_preview"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/runs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List runs, newest first */
        get: operations["get_runs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/runs/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show a run */
        get: operations["get_runs_id"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/subscribers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List readers
         * @description `search` finds an id, or addresses that begin so, and needs addresses:read; `email` finds one address. Only one of the two may be given, and only one of `status` and `state`. With any of the other filters but `status` the newest come first.
         */
        get: operations["get_subscribers"];
        put?: never;
        /**
         * Sign somebody up
         * @description Without `consent` the address is asked by mail, and 202 is the answer whoever reads there. With evidence of consent the reader is confirmed at once; somebody known, suppressed or erased is refused with 409.
         */
        post: operations["post_subscribers"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/subscribers/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show one reader */
        get: operations["get_subscribers_id"];
        put?: never;
        post?: never;
        /**
         * Erase a person for good
         * @description What stays is a keyed hash of the address, so that no import brings it back. It cannot be taken back.
         */
        delete: operations["delete_subscribers_id"];
        options?: never;
        head?: never;
        /**
         * Change schedule and interests
         * @description What is left out stays. `interests` replaces all that the reader holds. If-Match names the version that GET gave.
         */
        patch: operations["patch_subscribers_id"];
        trace?: never;
    };
    "/subscribers/{id}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Pause a reader until a moment */
        post: operations["post_subscribers_id_pause"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/subscribers/{id}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** End a pause */
        post: operations["post_subscribers_id_resume"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/subscribers/{id}/undo-unsubscribe": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take an unsubscribe back
         * @description Schedule and interests are as they were. 409 where they never confirmed, or nothing may be sent to them.
         */
        post: operations["post_subscribers_id_undo_unsubscribe"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/subscribers/{id}/unsubscribe": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Take a reader out at once */
        post: operations["post_subscribers_id_unsubscribe"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/suppressions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the addresses that must not be mailed, newest first */
        get: operations["get_suppressions"];
        put?: never;
        /** Stop all mail to an address, what is planned included */
        post: operations["post_suppressions"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/suppressions/lift": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Let mail go to an address again
         * @description Of an erased person only their own new confirmation lifts it: 409.
         */
        post: operations["post_suppressions_lift"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/topics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the topics on offer */
        get: operations["get_topics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/topics/{slug}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show a topic */
        get: operations["get_topics_slug"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/why": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Tell why somebody got a newsletter or a paper, or did not
         * @description The gates in the order in which they are asked, by the functions that decide: passed, stopped or not reached.
         */
        get: operations["get_why"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/without": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List readers who had a slot in an edition and got no mail, since nothing new fitted; newest first
         * @description Who they were is kept for ninety days.
         */
        get: operations["get_without"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        Act: {
            action: string;
            /** @description `admin:…`, `token:…`, `reader`, `cli`, `job:…` */
            actor: string;
            /** @description The same as it left it */
            after: {
                [key: string]: unknown;
            } | null;
            /**
             * Format: date-time
             * @description A moment, UTC (RFC 3339)
             */
            at: string;
            /** @description What it changed, as it stood before; null where that is not kept */
            before: {
                [key: string]: unknown;
            } | null;
            /** @description Whether it may have a way back */
            canBeTakenBack: boolean;
            /** @description What the act noted; its parts depend on the action */
            detail: unknown;
            id: string;
            /** @description The network it was done from */
            origin: string | null;
            /** @description The act on many that it is a part of */
            partOf: string | null;
            subject: string | null;
            /** @description The act that it takes back */
            undoes: string | null;
            /** @description The act that took it back */
            undoneBy: string | null;
        };
        ActPage: {
            items: components["schemas"]["Act"][];
            /** @description Cursor of the next page; null at the end. The Link header holds its address. */
            next: string | null;
        };
        Backfill: {
            /**
             * @description Only tell what it would ask for
             * @default false
             */
            dryRun: boolean;
            /**
             * Format: date
             * @description First day
             */
            from: string;
            /** @description Of which source, as the settings name it */
            source: string;
            /**
             * Format: date
             * @description Last day
             */
            to: string;
        };
        BackfillForeseen: {
            /** @description What its host wants between requests takes as long */
            atLeastSeconds: number;
            days: number;
            /** @description Of these, answered before and not asked for again */
            known: number;
        };
        Delivery: {
            attempts: number;
            edition: string | null;
            /** @description Null once the person is erased; masked without addresses:read */
            email: string | null;
            /** Format: uuid */
            id: string;
            /** @enum {string} */
            kind: "newsletter" | "confirmation" | "reminder" | "link" | "moving" | "alarm" | "sign_in" | "new_sign_in" | "invitation" | "test";
            /** @description The last words about it: of the mail server, or ours */
            lastReply: string | null;
            messageId: string | null;
            papers: number;
            sentAt: string | null;
            /**
             * @description `sent`: the mail server said 250
             * @enum {string}
             */
            state: "planned" | "sending" | "retrying" | "sent" | "bounced" | "failed" | "uncertain" | "cancelled";
        };
        DeliveryPage: {
            items: components["schemas"]["Delivery"][];
            /** @description Cursor of the next page; null at the end. The Link header holds its address. */
            next: string | null;
        };
        DeliveryWithAttempts: {
            attempts: number;
            edition: string | null;
            /** @description Null once the person is erased; masked without addresses:read */
            email: string | null;
            /** @description Why it ended other than by being sent */
            endReason: ("late" | "used_up" | "refused" | "not_composed" | "lost" | "worker_died" | "edition_cancelled" | "replaced" | "unsubscribed" | "paused" | "suppressed" | "declined" | "erased" | "not_confirmed" | "address_changed" | "address_unknown" | "newsletter_gone" | "request_gone" | "taken_back" | "already_answered" | "already_confirmed" | "expired" | "kind_unknown") | null;
            finishedAt: string | null;
            /** Format: uuid */
            id: string;
            /** @enum {string} */
            kind: "newsletter" | "confirmation" | "reminder" | "link" | "moving" | "alarm" | "sign_in" | "new_sign_in" | "invitation" | "test";
            /** @description The last words about it: of the mail server, or ours */
            lastReply: string | null;
            messageId: string | null;
            /** @description While it waits */
            nextAttemptAt: string | null;
            papers: number;
            /**
             * Format: date-time
             * @description A moment, UTC (RFC 3339)
             */
            plannedAt: string;
            sentAt: string | null;
            /**
             * @description `sent`: the mail server said 250
             * @enum {string}
             */
            state: "planned" | "sending" | "retrying" | "sent" | "bounced" | "failed" | "uncertain" | "cancelled";
            /** @description Id of the reader; null for an operator, and once they are erased */
            subscriber: string | null;
            tries: {
                /**
                 * Format: date-time
                 * @description A moment, UTC (RFC 3339)
                 */
                at: string;
                attempt: number;
                /** @enum {string} */
                outcome: "sent" | "deferred" | "bounced" | "lost" | "uncertain" | "failed";
                reply: string | null;
                /** @description Where in the SMTP dialogue it ended */
                stage: string | null;
            }[];
        };
        Digest: {
            /**
             * Format: date-time
             * @description A moment, UTC (RFC 3339)
             */
            arrivedAt: string;
            /**
             * Format: date
             * @description A day, YYYY-MM-DD
             */
            digestOn: string;
            entries: number;
            id: number;
            /** @description What was seen in it, for machines */
            kind: string | null;
            /** @description Why it looks as it does */
            reasons: string[];
            source: string;
            /** @enum {string} */
            state: "accepted" | "held" | "released" | "discarded";
            /** @enum {string} */
            verdict: "fresh" | "quiet" | "stale" | "partial" | "broken";
            warnings: number;
        };
        DigestPage: {
            items: components["schemas"]["Digest"][];
            /** @description Cursor of the next page; null at the end. The Link header holds its address. */
            next: string | null;
        };
        DigestUploaded: {
            /** @constant */
            job: "ingest";
            /** @enum {string} */
            outcome: "received" | "known";
        };
        DigestWithEntries: {
            /**
             * Format: date-time
             * @description A moment, UTC (RFC 3339)
             */
            arrivedAt: string;
            /**
             * Format: date
             * @description A day, YYYY-MM-DD
             */
            digestOn: string;
            entries: number;
            id: number;
            /** @description What was seen in it, for machines */
            kind: string | null;
            list: components["schemas"]["Entry"][];
            problems: {
                field: string;
                position: number | null;
                problem: string;
            }[];
            /** @description Why it looks as it does */
            reasons: string[];
            source: string;
            /** @enum {string} */
            state: "accepted" | "held" | "released" | "discarded";
            /** @enum {string} */
            verdict: "fresh" | "quiet" | "stale" | "partial" | "broken";
            warnings: number;
        };
        Edition: {
            /** @description Mails by state; a state without any is left out */
            counts: {
                [key: string]: number;
            };
            /**
             * Format: date-time
             * @description A moment, UTC (RFC 3339)
             */
            createdAt: string;
            /** @description Its key: daily:2025-12-31, weekly:2026-W01, welcome:1 */
            edition: string;
            /** @enum {string} */
            state: "open" | "paused" | "cancelled";
            /** @description Why some of it was set aside */
            waits: string;
        };
        EditionAct: {
            deliveries: number;
            edition: string;
            /** @enum {string} */
            outcome: "done" | "already";
        };
        EditionNote: {
            edition: string;
            picks: {
                id: string;
                title: string;
            }[];
            words: {
                [key: string]: string;
            };
        };
        EditionNoteChange: {
            /** @description Papers for everybody, by the id of their page, arXiv id or DOI */
            picks: string[];
            /** @description By language; 500 characters at most, links as [text](https://…) or bare https addresses */
            words: {
                [key: string]: string;
            };
        };
        EditionPage: {
            items: components["schemas"]["Edition"][];
            /** @description Cursor of the next page; null at the end. The Link header holds its address. */
            next: string | null;
        };
        Entry: {
            abstract: string;
            authorCount: number | null;
            authors: string[];
            codeUrl: string | null;
            comments: number | null;
            /**
             * Format: date
             * @description A day, YYYY-MM-DD
             */
            digestOn: string;
            discussionUrl: string | null;
            organization: {
                name: string;
                slug: string;
            } | null;
            /** @description Id of the paper */
            paper: string;
            position: number;
            publishedOn: string | null;
            source: string;
            stars: number | null;
            title: string;
            upvotes: number | null;
            url: string | null;
        };
        Erased: {
            /** @constant */
            outcome: "erased";
        };
        Errand: {
            /** @description Its entry in the audit log, where it has one from the start */
            act: string | null;
            actor: string;
            /** @description What became of them */
            counts: {
                [key: string]: number;
            };
            /**
             * Format: date-time
             * @description A moment, UTC (RFC 3339)
             */
            createdAt: string;
            /** @description How many are dealt with */
            done: number;
            error: string | null;
            finishedAt: string | null;
            id: number;
            /** @description What it does, as the audit log calls it: readers.import, edition.resend, undo.readers.pause */
            kind: string;
            startedAt: string | null;
            /** @enum {string} */
            state: "draft" | "waiting" | "running" | "done" | "failed" | "stopped";
            /** @description That it was taken back, by whom and when; its state tells how it ended before */
            takenBack: {
                /** @description The entry of the audit log that took it back */
                act: string;
                actor: string;
                /**
                 * Format: date-time
                 * @description A moment, UTC (RFC 3339)
                 */
                at: string;
            } | null;
            /** @description Of how many, where that is known */
            total: number | null;
        };
        ErrandPage: {
            items: components["schemas"]["Errand"][];
            /** @description Cursor of the next page; null at the end. The Link header holds its address. */
            next: string | null;
        };
        FeedbackEvent: {
            /** @description What a refusal speaks of; null where no rule knows */
            about: ("address" | "mailbox" | "us" | "content" | "network" | "policy") | null;
            /**
             * Format: date-time
             * @description A moment, UTC (RFC 3339)
             */
            at: string;
            /** @description What an operator says it is */
            correctedKind: ("hard" | "soft" | "complaint" | "auto-reply" | "delayed" | "delivered" | "challenge" | "unsubscribe" | "reply" | "other") | null;
            /** @description Id of the mail it speaks of; null where it could not be placed */
            delivery: string | null;
            destination: string;
            /**
             * @description How it came; `session`: the answer while the mail was sent
             * @enum {string}
             */
            door: "session" | "smtp" | "imap" | "file" | "webhook";
            /** @description What it changed; null while it is still to be weighed */
            effect: ("suppressed" | "in-doubt" | "half-point" | "left" | "excused" | "asked" | "undone" | "already" | "same-day" | "in-doubt-already" | "outranked" | "not-theirs" | "only-a-test" | "filed" | "unplaced") | null;
            /** @description Null where nobody knows it; masked without addresses:read */
            email: string | null;
            /** Format: uuid */
            id: string;
            /**
             * @description `hard`: the address is dead for good; `soft`: this mail alone, or for now
             * @enum {string}
             */
            kind: "hard" | "soft" | "complaint" | "auto-reply" | "delayed" | "delivered" | "challenge" | "unsubscribe" | "reply" | "other";
            /** @description The line that decided, in the words of the server */
            line: string | null;
            /** @description The SMTP code, for instance 550 */
            reply: string | null;
            rule: string | null;
            /** @description RFC 3463, for instance 5.1.1 */
            status: string | null;
            subscriber: string | null;
        };
        FeedbackPage: {
            items: components["schemas"]["FeedbackEvent"][];
            /** @description Cursor of the next page; null at the end. The Link header holds its address. */
            next: string | null;
        };
        Interest: {
            /**
             * Format: date-time
             * @description A moment, UTC (RFC 3339)
             */
            createdAt: string;
            id: number;
            /** @description What readers asked for, as it is compared */
            key: string;
            /** @enum {string} */
            kind: "topic" | "words" | "author" | "organization" | "like";
            mutedBy: number;
            /** @description Who wants it; of 1000 or more holders some are not counted */
            readers: number;
        };
        InterestPage: {
            items: components["schemas"]["Interest"][];
            /** @description Cursor of the next page; null at the end. The Link header holds its address. */
            next: string | null;
        };
        Job: {
            lastRun: components["schemas"]["Run"] | null;
            /** @enum {string} */
            name: "ingest" | "match" | "plan" | "deliver" | "housekeeping" | "hooks" | "errands" | "resends" | "backfill" | "backup";
        };
        JobPage: {
            items: components["schemas"]["Job"][];
            /** @description Cursor of the next page; null at the end. The Link header holds its address. */
            next: string | null;
        };
        JobWoken: {
            /** @enum {string} */
            job: "ingest" | "match" | "plan" | "deliver" | "housekeeping" | "hooks" | "errands" | "resends" | "backfill" | "backup";
            /** @constant */
            outcome: "woken";
        };
        Paper: {
            abstract: string;
            arxivId: string | null;
            authorCount: number | null;
            authors: string[];
            id: string;
            /** @description Newest first */
            listings: components["schemas"]["Entry"][];
            organization: {
                name: string;
                slug: string;
            } | null;
            publishedOn: string | null;
            title: string;
            url: string | null;
        };
        PaperPage: {
            items: components["schemas"]["Entry"][];
            /** @description Cursor of the next page; null at the end. The Link header holds its address. */
            next: string | null;
        };
        Pause: {
            /**
             * Format: date-time
             * @description A year ahead at most
             */
            until: string;
        };
        Preview: {
            considered: number;
            /** @description The newest list there is; null before the first */
            digestOn: string | null;
            /** @description That fit too, and found no room */
            more: number;
            papers: {
                entry: components["schemas"]["Entry"];
                /** @description What brought it; null where it is there by trend */
                interest: {
                    /** @enum {string} */
                    kind: "topic" | "words" | "author" | "organization" | "like";
                    text: string;
                } | null;
                reasons: {
                    kind: string;
                    text: string;
                    where: string;
                }[];
                /** @description Probability that the reader calls it right */
                score: number | null;
            }[];
            /** @description Somewhat below the line, where the reader wants them */
            perhaps: {
                entry: components["schemas"]["Entry"];
                /** @description What brought it; null where it is there by trend */
                interest: {
                    /** @enum {string} */
                    kind: "topic" | "words" | "author" | "organization" | "like";
                    text: string;
                } | null;
                reasons: {
                    kind: string;
                    text: string;
                    where: string;
                }[];
                /** @description Probability that the reader calls it right */
                score: number | null;
            }[];
        };
        Problem: {
            detail?: string;
            /** @description The title once more */
            error: string;
            errors?: {
                detail: string;
                /** @description Which parameter */
                parameter?: string;
                /** @description Which part of the body (RFC 6901) */
                pointer?: string;
            }[];
            status: number;
            title: string;
            type: string;
        };
        Resend: {
            /**
             * @description Only tell what it would do
             * @default false
             */
            dryRun: boolean;
            /**
             * @description Which mails; never one that was sent
             * @enum {string}
             */
            only: "missed" | "uncertain" | "failed" | "bounced";
        };
        ResendCounts: {
            /** @description Mails that exist and go again */
            again: number;
            /** @description Readers for whom there is no paper */
            nothing: number;
            /** @description Newsletters for readers who missed the edition */
            planned: number;
            setAside?: number;
            /** @description Left out: their papers were in a later newsletter */
            shownSince: number;
            /** @description Readers whose mail waits to go anyway */
            waiting: number;
        };
        Run: {
            counts: {
                [key: string]: number;
            } | null;
            error: string | null;
            finishedAt: string | null;
            id: number;
            job: string;
            /** @enum {string} */
            outcome: "running" | "done" | "failed";
            /**
             * Format: date-time
             * @description A moment, UTC (RFC 3339)
             */
            startedAt: string;
        };
        RunPage: {
            items: components["schemas"]["Run"][];
            /** @description Cursor of the next page; null at the end. The Link header holds its address. */
            next: string | null;
        };
        Subscriber: {
            /** @enum {string} */
            cadence: "daily" | "weekdays" | "weekly";
            confirmedAt: string | null;
            /**
             * Format: date-time
             * @description A moment, UTC (RFC 3339)
             */
            createdAt: string;
            /** @description In full for tokens with addresses:read, else masked: a…@example.org */
            email: string;
            /** @description Local hour */
            hour: number;
            id: string;
            interests: components["schemas"]["SubscriberInterest"][];
            language: string;
            maxPapers: number;
            nextDueAt: string | null;
            pausedUntil: string | null;
            perhaps: boolean;
            /** @enum {string} */
            selectivity: "sure" | "normal" | "more";
            /** @description Which door they came by */
            source: string;
            /** @enum {string} */
            status: "pending" | "confirmed" | "unsubscribed";
            /** @description Why nothing may go to the address */
            suppressed: string | null;
            /** @description IANA time zone */
            timeZone: string;
            unsubscribedAt: string | null;
            /** @description Of the weekly newsletter, 1 = Monday */
            weekday: number;
        };
        SubscriberAccepted: {
            /** @constant */
            outcome: "accepted";
            /** @description Null where nothing may be sent to the address */
            subscriber: components["schemas"]["Subscriber"] | null;
        };
        SubscriberAct: {
            /** @description Mails on their way that were stopped */
            cancelled: number;
            nextDueAt: string | null;
            /** @enum {string} */
            outcome: "paused" | "resumed" | "unsubscribed" | "already" | "restored";
        };
        SubscriberChange: {
            /** @enum {string} */
            cadence?: "daily" | "weekdays" | "weekly";
            /** @description Local hour */
            hour?: number;
            /** @description All of them, in place of those held */
            interests?: {
                /** @enum {string} */
                kind: "topic" | "words" | "author" | "organization" | "like";
                /** @description Told by GET; taken from the text, or from what the reader holds */
                like?: unknown;
                /** @default false */
                muted: boolean;
                text: string;
            }[];
            language?: string;
            maxPapers?: number;
            perhaps?: boolean;
            /** @enum {string} */
            selectivity?: "sure" | "normal" | "more";
            /** @description IANA time zone such as Europe/Lisbon */
            timeZone?: string;
            /** @description Of the weekly newsletter, 1 = Monday */
            weekday?: number;
        };
        SubscriberCreate: {
            authors?: string[];
            /** @enum {string} */
            cadence?: "daily" | "weekdays" | "weekly";
            consent?: {
                /**
                 * Format: date-time
                 * @description When they agreed
                 */
                at: string;
                /** @description Where they agreed */
                source: string;
            };
            /** @description An address such as ada@example.org */
            email: string;
            /** @description Local hour */
            hour?: number;
            /** @description Free words */
            interests?: string[];
            language?: string;
            /** @description Papers as examples: arXiv ids, DOIs, links, titles, BibTeX */
            like?: string[];
            maxPapers?: number;
            /** @description Words that bar a paper; also `author: …`, `organization: …`, `topic: …` */
            muted?: string[];
            organizations?: string[];
            perhaps?: boolean;
            /** @enum {string} */
            selectivity?: "sure" | "normal" | "more";
            /** @description IANA time zone such as Europe/Lisbon */
            timeZone?: string;
            /** @description Slugs of GET /topics */
            topics?: string[];
            /** @description Of the weekly newsletter, 1 = Monday */
            weekday?: number;
        };
        SubscriberInterest: {
            /** @enum {string} */
            kind: "topic" | "words" | "author" | "organization" | "like";
            /** @description Papers given as examples, and what they are no examples of */
            like?: {
                examples: {
                    abstract: string;
                    arxivId: string | null;
                    doi: string | null;
                    title: string;
                }[];
                leftOut: string[];
            };
            /** @description Papers with it are left out */
            muted: boolean;
            /** @description The slug of a topic, else the words */
            text: string;
        };
        SubscriberPage: {
            items: components["schemas"]["Subscriber"][];
            /** @description Cursor of the next page; null at the end. The Link header holds its address. */
            next: string | null;
        };
        Suppression: {
            /**
             * Format: date-time
             * @description A moment, UTC (RFC 3339)
             */
            at: string;
            /** @description Where a reader holds it; masked without addresses:read */
            email: string | null;
            /** @description Keyed hash of the address, which is all that is kept of it */
            hash: string;
            note: string | null;
            /** @enum {string} */
            reason: "hard" | "complaint" | "manual" | "erased";
        };
        SuppressionAct: {
            cancelled: number;
            /** @enum {string} */
            outcome: "suppressed" | "already" | "lifted";
            /** @enum {string} */
            reason: "hard" | "complaint" | "manual" | "erased";
        };
        SuppressionCreate: {
            /** @description An address such as ada@example.org */
            email: string;
            /** @description Why */
            note?: string;
        };
        SuppressionLift: {
            /** @description An address such as ada@example.org */
            email: string;
        };
        SuppressionPage: {
            items: components["schemas"]["Suppression"][];
            /** @description Cursor of the next page; null at the end. The Link header holds its address. */
            next: string | null;
        };
        TakenBack: {
            /** @description The act that is taken back */
            act: string;
            /** @description The act that takes it back */
            by: string;
            /** @enum {string} */
            outcome: "taken-back" | "job";
        };
        Topic: {
            arxivCategories: string[];
            description: string;
            field: string;
            name: string;
            slug: string;
        };
        TopicPage: {
            items: components["schemas"]["Topic"][];
            /** @description Cursor of the next page; null at the end. The Link header holds its address. */
            next: string | null;
        };
        Why: {
            /** @enum {string} */
            about: "happened" | "foreseen";
            /** @description In one sentence */
            answer: string;
            delivery: {
                endReason: ("late" | "used_up" | "refused" | "not_composed" | "lost" | "worker_died" | "edition_cancelled" | "replaced" | "unsubscribed" | "paused" | "suppressed" | "declined" | "erased" | "not_confirmed" | "address_changed" | "address_unknown" | "newsletter_gone" | "request_gone" | "taken_back" | "already_answered" | "already_confirmed" | "expired" | "kind_unknown") | null;
                id: string;
                /** @enum {string} */
                state: "planned" | "sending" | "retrying" | "sent" | "bounced" | "failed" | "uncertain" | "cancelled";
            } | null;
            edition: string | null;
            /** @description In full for tokens with addresses:read, else masked: a…@example.org */
            email: string;
            /** @description In the order in which they are asked */
            gates: {
                /** @description The same in words */
                fact: string | null;
                /** @description A page of the admin’s where it can be looked at */
                link: string | null;
                /** @enum {string} */
                name: "status" | "suppression" | "pause" | "slot" | "digest" | "match" | "mute" | "shown" | "rank" | "size" | "warm-up" | "quiet-hours" | "pace" | "circuit" | "reply" | "later";
                /** @description For machines */
                reason: string | null;
                /** @enum {string} */
                standing: "passed" | "stopped" | "not-reached";
                values: {
                    [key: string]: string | number;
                } | null;
            }[];
            paper: {
                id: string;
                title: string;
            } | null;
            /** @description Id of the reader; null where nobody reads at the address */
            reader: string | null;
            stoppedAt: ("status" | "suppression" | "pause" | "slot" | "digest" | "match" | "mute" | "shown" | "rank" | "size" | "warm-up" | "quiet-hours" | "pace" | "circuit" | "reply" | "later") | null;
        };
        Wishes: {
            authors?: string[];
            /** @enum {string} */
            cadence?: "daily" | "weekdays" | "weekly";
            /** @description Local hour */
            hour?: number;
            /** @description Free words */
            interests?: string[];
            language?: string;
            /** @description Papers as examples: arXiv ids, DOIs, links, titles, BibTeX */
            like?: string[];
            maxPapers?: number;
            /** @description Words that bar a paper; also `author: …`, `organization: …`, `topic: …` */
            muted?: string[];
            organizations?: string[];
            perhaps?: boolean;
            /** @enum {string} */
            selectivity?: "sure" | "normal" | "more";
            /** @description IANA time zone such as Europe/Lisbon */
            timeZone?: string;
            /** @description Slugs of GET /topics */
            topics?: string[];
            /** @description Of the weekly newsletter, 1 = Monday */
            weekday?: number;
        };
        Without: {
            edition: string;
            email: string | null;
            /** @description Whether it was sent to them later */
            later: boolean;
            /**
             * Format: date-time
             * @description A moment, UTC (RFC 3339)
             */
            plannedAt: string;
            /**
             * @description No paper was there; none they had not had fitted; what fitted came before their last newsletter
             * @enum {string}
             */
            reason: "no-papers" | "none-fits" | "no-news";
            /** @description Id of the reader; null once they are erased */
            subscriber: string | null;
        };
        WithoutPage: {
            items: components["schemas"]["Without"][];
            /** @description Cursor of the next page; null at the end. The Link header holds its address. */
            next: string | null;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    get_acts: {
        parameters: {
            query?: {
                /** @description What: unsubscribe, digest.release … */
                action?: string;
                /** @description Who: cli, reader, admin:…, token:…, job:… */
                actor?: string;
                /** @description `next` of the page before */
                cursor?: string;
                /** @description Rows of a page */
                limit?: number;
                /** @description From this moment on */
                since?: string;
                /** @description Id of a reader, key of an edition … */
                subject?: string;
                /** @description Before this moment */
                until?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of acts */
            200: {
                headers: {
                    /** @description rel="next": the next page */
                    Link?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ActPage"];
                };
            };
            /** @description The request cannot be read */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No token, or one that does not work (any more) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token lacks the scope */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something cannot be used; `errors` names each part */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests; Retry-After says when there is room */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_acts_id_undo: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text: asking again with it within 24 hours gives the same answer and does nothing */
                "Idempotency-Key"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is taken back */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TakenBack"];
                };
            };
            /** @description It is being taken back */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TakenBack"];
                };
            };
            /** @description The request cannot be read */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No token, or one that does not work (any more) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token lacks the scope */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is not as it would have to be for this */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not JSON by its Content-Type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something cannot be used; `errors` names each part */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests; Retry-After says when there is room */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_deliveries: {
        parameters: {
            query?: {
                /** @description `next` of the page before */
                cursor?: string;
                /** @description daily:2025-12-31, weekly:2026-W01, welcome:1 */
                edition?: string;
                /** @description An address such as ada@example.org */
                email?: string;
                /** @description Rows of a page */
                limit?: number;
                /** @description Why it ended other than by being sent */
                reason?: "late" | "used_up" | "refused" | "not_composed" | "lost" | "worker_died" | "edition_cancelled" | "replaced" | "unsubscribed" | "paused" | "suppressed" | "declined" | "erased" | "not_confirmed" | "address_changed" | "address_unknown" | "newsletter_gone" | "request_gone" | "taken_back" | "already_answered" | "already_confirmed" | "expired" | "kind_unknown";
                state?: "planned" | "sending" | "retrying" | "sent" | "bounced" | "failed" | "uncertain" | "cancelled";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of mails */
            200: {
                headers: {
                    /** @description rel="next": the next page */
                    Link?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeliveryPage"];
                };
            };
            /** @description The request cannot be read */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No token, or one that does not work (any more) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token lacks the scope */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something cannot be used; `errors` names each part */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests; Retry-After says when there is room */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_deliveries_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The mail */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeliveryWithAttempts"];
                };
            };
            /** @description The request cannot be read */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No token, or one that does not work (any more) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token lacks the scope */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something cannot be used; `errors` names each part */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests; Retry-After says when there is room */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_digests: {
        parameters: {
            query?: {
                /** @description `next` of the page before */
                cursor?: string;
                /** @description Rows of a page */
                limit?: number;
                source?: string;
                state?: "accepted" | "held" | "released" | "discarded";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of digests */
            200: {
                headers: {
                    /** @description rel="next": the next page */
                    Link?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DigestPage"];
                };
            };
            /** @description The request cannot be read */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No token, or one that does not work (any more) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token lacks the scope */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something cannot be used; `errors` names each part */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests; Retry-After says when there is room */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_digests: {
        parameters: {
            query: {
                /** @description Its file name */
                name: string;
                /** @description List day, where the file does not say */
                on?: string;
                /** @description Of which source it is */
                source: string;
            };
            header?: {
                /** @description Any text: asking again with it within 24 hours gives the same answer and does nothing */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/octet-stream": unknown;
            };
        };
        responses: {
            /** @description The job reads it next */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DigestUploaded"];
                };
            };
            /** @description The request cannot be read */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No token, or one that does not work (any more) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token lacks the scope */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is not as it would have to be for this */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too long */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not JSON by its Content-Type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something cannot be used; `errors` names each part */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests; Retry-After says when there is room */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_digests_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Its number, or source and list day: hf:2025-12-31 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The digest */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DigestWithEntries"];
                };
            };
            /** @description The request cannot be read */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No token, or one that does not work (any more) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token lacks the scope */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something cannot be used; `errors` names each part */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests; Retry-After says when there is room */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_digests_id_discard: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text: asking again with it within 24 hours gives the same answer and does nothing */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Its number, or source and list day: hf:2025-12-31 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The digest as it is now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Digest"];
                };
            };
            /** @description The request cannot be read */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No token, or one that does not work (any more) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token lacks the scope */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is not as it would have to be for this */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not JSON by its Content-Type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something cannot be used; `errors` names each part */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests; Retry-After says when there is room */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_digests_id_release: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text: asking again with it within 24 hours gives the same answer and does nothing */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Its number, or source and list day: hf:2025-12-31 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The digest as it is now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Digest"];
                };
            };
            /** @description The request cannot be read */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No token, or one that does not work (any more) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token lacks the scope */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is not as it would have to be for this */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not JSON by its Content-Type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something cannot be used; `errors` names each part */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests; Retry-After says when there is room */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_digests_backfill: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text: asking again with it within 24 hours gives the same answer and does nothing */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Backfill"];
            };
        };
        responses: {
            /** @description What it would ask for */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BackfillForeseen"];
                };
            };
            /** @description It has begun */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Errand"];
                };
            };
            /** @description The request cannot be read */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No token, or one that does not work (any more) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token lacks the scope */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is not as it would have to be for this */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too long */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not JSON by its Content-Type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something cannot be used; `errors` names each part */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests; Retry-After says when there is room */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_editions: {
        parameters: {
            query?: {
                /** @description `next` of the page before */
                cursor?: string;
                /** @description Rows of a page */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of editions */
            200: {
                headers: {
                    /** @description rel="next": the next page */
                    Link?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EditionPage"];
                };
            };
            /** @description The request cannot be read */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No token, or one that does not work (any more) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token lacks the scope */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something cannot be used; `errors` names each part */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests; Retry-After says when there is room */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_editions_key: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description daily:2025-12-31, weekly:2026-W01, welcome:1 */
                key: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The edition */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Edition"];
                };
            };
            /** @description The request cannot be read */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No token, or one that does not work (any more) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token lacks the scope */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something cannot be used; `errors` names each part */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests; Retry-After says when there is room */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_editions_key_cancel: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text: asking again with it within 24 hours gives the same answer and does nothing */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description daily:2025-12-31, weekly:2026-W01, welcome:1 */
                key: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What became of it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EditionAct"];
                };
            };
            /** @description The request cannot be read */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No token, or one that does not work (any more) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token lacks the scope */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is not as it would have to be for this */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not JSON by its Content-Type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something cannot be used; `errors` names each part */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests; Retry-After says when there is room */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_editions_key_note: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description daily:2025-12-31, weekly:2026-W01 */
                key: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The note in force */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EditionNote"];
                };
            };
            /** @description The request cannot be read */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No token, or one that does not work (any more) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token lacks the scope */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something cannot be used; `errors` names each part */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests; Retry-After says when there is room */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_editions_key_note: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text: asking again with it within 24 hours gives the same answer and does nothing */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description daily:2025-12-31, weekly:2026-W01 */
                key: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EditionNoteChange"];
            };
        };
        responses: {
            /** @description The note in force */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EditionNote"];
                };
            };
            /** @description The request cannot be read */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No token, or one that does not work (any more) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token lacks the scope */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is not as it would have to be for this */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too long */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not JSON by its Content-Type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something cannot be used; `errors` names each part */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests; Retry-After says when there is room */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_editions_key_pause: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text: asking again with it within 24 hours gives the same answer and does nothing */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description daily:2025-12-31, weekly:2026-W01, welcome:1 */
                key: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What became of it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EditionAct"];
                };
            };
            /** @description The request cannot be read */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No token, or one that does not work (any more) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token lacks the scope */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is not as it would have to be for this */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not JSON by its Content-Type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something cannot be used; `errors` names each part */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests; Retry-After says when there is room */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_editions_key_resend: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text: asking again with it within 24 hours gives the same answer and does nothing */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description daily:2025-12-31, weekly:2026-W01, welcome:1 */
                key: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Resend"];
            };
        };
        responses: {
            /** @description What it would do */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResendCounts"];
                };
            };
            /** @description It has begun */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Errand"];
                };
            };
            /** @description The request cannot be read */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No token, or one that does not work (any more) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token lacks the scope */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is not as it would have to be for this */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too long */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not JSON by its Content-Type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something cannot be used; `errors` names each part */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests; Retry-After says when there is room */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_editions_key_resume: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text: asking again with it within 24 hours gives the same answer and does nothing */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description daily:2025-12-31, weekly:2026-W01, welcome:1 */
                key: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What became of it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EditionAct"];
                };
            };
            /** @description The request cannot be read */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No token, or one that does not work (any more) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token lacks the scope */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is not as it would have to be for this */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not JSON by its Content-Type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something cannot be used; `errors` names each part */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests; Retry-After says when there is room */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_errands: {
        parameters: {
            query?: {
                /** @description `next` of the page before */
                cursor?: string;
                /** @description Rows of a page */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of errands */
            200: {
                headers: {
                    /** @description rel="next": the next page */
                    Link?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrandPage"];
                };
            };
            /** @description The request cannot be read */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No token, or one that does not work (any more) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token lacks the scope */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something cannot be used; `errors` names each part */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests; Retry-After says when there is room */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_errands_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The errand */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Errand"];
                };
            };
            /** @description The request cannot be read */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No token, or one that does not work (any more) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token lacks the scope */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something cannot be used; `errors` names each part */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests; Retry-After says when there is room */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_feedback: {
        parameters: {
            query?: {
                /** @description `next` of the page before */
                cursor?: string;
                /** @description Domain of the address */
                destination?: string;
                door?: "session" | "smtp" | "imap" | "file" | "webhook";
                /** @description `unplaced`: nobody can tell of which mail it speaks */
                effect?: "suppressed" | "in-doubt" | "half-point" | "left" | "excused" | "asked" | "undone" | "already" | "same-day" | "in-doubt-already" | "outranked" | "not-theirs" | "only-a-test" | "filed" | "unplaced";
                /** @description An address such as ada@example.org */
                email?: string;
                kind?: "hard" | "soft" | "complaint" | "auto-reply" | "delayed" | "delivered" | "challenge" | "unsubscribe" | "reply" | "other";
                /** @description Rows of a page */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of what came back */
            200: {
                headers: {
                    /** @description rel="next": the next page */
                    Link?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FeedbackPage"];
                };
            };
            /** @description The request cannot be read */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No token, or one that does not work (any more) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token lacks the scope */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something cannot be used; `errors` names each part */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests; Retry-After says when there is room */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_interests: {
        parameters: {
            query?: {
                /** @description `next` of the page before */
                cursor?: string;
                kind?: "topic" | "words" | "author" | "organization" | "like";
                /** @description Rows of a page */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of interests */
            200: {
                headers: {
                    /** @description rel="next": the next page */
                    Link?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InterestPage"];
                };
            };
            /** @description The request cannot be read */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No token, or one that does not work (any more) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token lacks the scope */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something cannot be used; `errors` names each part */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests; Retry-After says when there is room */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_jobs: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All of them */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobPage"];
                };
            };
            /** @description The request cannot be read */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No token, or one that does not work (any more) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token lacks the scope */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something cannot be used; `errors` names each part */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests; Retry-After says when there is room */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_jobs_name: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: "ingest" | "match" | "plan" | "deliver" | "housekeeping" | "hooks" | "errands" | "resends" | "backfill" | "backup";
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The job */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            /** @description The request cannot be read */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No token, or one that does not work (any more) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token lacks the scope */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something cannot be used; `errors` names each part */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests; Retry-After says when there is room */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_jobs_name_wake: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text: asking again with it within 24 hours gives the same answer and does nothing */
                "Idempotency-Key"?: string;
            };
            path: {
                name: "ingest" | "match" | "plan" | "deliver" | "housekeeping" | "hooks" | "errands" | "resends" | "backfill" | "backup";
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It runs next */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobWoken"];
                };
            };
            /** @description The request cannot be read */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No token, or one that does not work (any more) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token lacks the scope */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is not as it would have to be for this */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not JSON by its Content-Type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something cannot be used; `errors` names each part */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests; Retry-After says when there is room */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_papers: {
        parameters: {
            query?: {
                /** @description `next` of the page before */
                cursor?: string;
                /** @description Rows of a page */
                limit?: number;
                /** @description Words of title, abstract, authors */
                search?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of papers, each as it was listed last */
            200: {
                headers: {
                    /** @description rel="next": the next page */
                    Link?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PaperPage"];
                };
            };
            /** @description The request cannot be read */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No token, or one that does not work (any more) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token lacks the scope */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something cannot be used; `errors` names each part */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests; Retry-After says when there is room */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_papers_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The paper */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Paper"];
                };
            };
            /** @description The request cannot be read */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No token, or one that does not work (any more) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token lacks the scope */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something cannot be used; `errors` names each part */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests; Retry-After says when there is room */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_preview: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text: asking again with it within 24 hours gives the same answer and does nothing */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Wishes"];
            };
        };
        responses: {
            /** @description The papers, best first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Preview"];
                };
            };
            /** @description The request cannot be read */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No token, or one that does not work (any more) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token lacks the scope */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is not as it would have to be for this */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too long */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not JSON by its Content-Type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something cannot be used; `errors` names each part */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests; Retry-After says when there is room */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_runs: {
        parameters: {
            query?: {
                /** @description Only those that found something to do, failed or go on */
                busy?: "true";
                /** @description `next` of the page before */
                cursor?: string;
                job?: string;
                /** @description Rows of a page */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of runs */
            200: {
                headers: {
                    /** @description rel="next": the next page */
                    Link?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunPage"];
                };
            };
            /** @description The request cannot be read */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No token, or one that does not work (any more) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token lacks the scope */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something cannot be used; `errors` names each part */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests; Retry-After says when there is room */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_runs_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The run */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Run"];
                };
            };
            /** @description The request cannot be read */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No token, or one that does not work (any more) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token lacks the scope */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something cannot be used; `errors` names each part */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests; Retry-After says when there is room */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_subscribers: {
        parameters: {
            query?: {
                cadence?: "daily" | "weekdays" | "weekly";
                /** @description `next` of the page before */
                cursor?: string;
                /** @description Domain of their address */
                domain?: string;
                /** @description An address such as ada@example.org */
                email?: string;
                /** @description Who wants this: a topic, or words */
                interest?: string;
                language?: string;
                /** @description Rows of a page */
                limit?: number;
                search?: string;
                /** @description Where they came from: form, import, cli, api */
                source?: string;
                /** @description A status, or `paused`, or `suppressed` */
                state?: "confirmed" | "pending" | "paused" | "unsubscribed" | "suppressed";
                status?: "pending" | "confirmed" | "unsubscribed";
                /** @description Who got no newsletter since then */
                unmailedSince?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of readers */
            200: {
                headers: {
                    /** @description rel="next": the next page */
                    Link?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SubscriberPage"];
                };
            };
            /** @description The request cannot be read */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No token, or one that does not work (any more) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token lacks the scope */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something cannot be used; `errors` names each part */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests; Retry-After says when there is room */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_subscribers: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text: asking again with it within 24 hours gives the same answer and does nothing */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SubscriberCreate"];
            };
        };
        responses: {
            /** @description Confirmed by evidence */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Subscriber"];
                };
            };
            /** @description Asked by mail */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SubscriberAccepted"];
                };
            };
            /** @description The request cannot be read */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No token, or one that does not work (any more) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token lacks the scope */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is not as it would have to be for this */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too long */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not JSON by its Content-Type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something cannot be used; `errors` names each part */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests; Retry-After says when there is room */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_subscribers_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the reader */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The reader; ETag names this version */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Subscriber"];
                };
            };
            /** @description The request cannot be read */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No token, or one that does not work (any more) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token lacks the scope */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something cannot be used; `errors` names each part */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests; Retry-After says when there is room */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_subscribers_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the reader */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Erased */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Erased"];
                };
            };
            /** @description The request cannot be read */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No token, or one that does not work (any more) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token lacks the scope */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is not as it would have to be for this */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not JSON by its Content-Type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something cannot be used; `errors` names each part */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests; Retry-After says when there is room */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    patch_subscribers_id: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of the version that is changed */
                "If-Match"?: string;
            };
            path: {
                /** @description Id of the reader */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SubscriberChange"];
            };
        };
        responses: {
            /** @description The reader as they are now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Subscriber"];
                };
            };
            /** @description The request cannot be read */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No token, or one that does not work (any more) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token lacks the scope */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is not as it would have to be for this */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It has changed since */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too long */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not JSON by its Content-Type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something cannot be used; `errors` names each part */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description If-Match is missing */
            428: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests; Retry-After says when there is room */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_subscribers_id_pause: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text: asking again with it within 24 hours gives the same answer and does nothing */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Id of the reader */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Pause"];
            };
        };
        responses: {
            /** @description What became of it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SubscriberAct"];
                };
            };
            /** @description The request cannot be read */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No token, or one that does not work (any more) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token lacks the scope */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is not as it would have to be for this */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too long */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not JSON by its Content-Type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something cannot be used; `errors` names each part */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests; Retry-After says when there is room */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_subscribers_id_resume: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text: asking again with it within 24 hours gives the same answer and does nothing */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Id of the reader */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What became of it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SubscriberAct"];
                };
            };
            /** @description The request cannot be read */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No token, or one that does not work (any more) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token lacks the scope */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is not as it would have to be for this */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not JSON by its Content-Type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something cannot be used; `errors` names each part */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests; Retry-After says when there is room */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_subscribers_id_undo_unsubscribe: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text: asking again with it within 24 hours gives the same answer and does nothing */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Id of the reader */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What became of it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SubscriberAct"];
                };
            };
            /** @description The request cannot be read */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No token, or one that does not work (any more) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token lacks the scope */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is not as it would have to be for this */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not JSON by its Content-Type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something cannot be used; `errors` names each part */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests; Retry-After says when there is room */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_subscribers_id_unsubscribe: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text: asking again with it within 24 hours gives the same answer and does nothing */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Id of the reader */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What became of it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SubscriberAct"];
                };
            };
            /** @description The request cannot be read */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No token, or one that does not work (any more) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token lacks the scope */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is not as it would have to be for this */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not JSON by its Content-Type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something cannot be used; `errors` names each part */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests; Retry-After says when there is room */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_suppressions: {
        parameters: {
            query?: {
                /** @description `next` of the page before */
                cursor?: string;
                /** @description Rows of a page */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of suppressions */
            200: {
                headers: {
                    /** @description rel="next": the next page */
                    Link?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SuppressionPage"];
                };
            };
            /** @description The request cannot be read */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No token, or one that does not work (any more) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token lacks the scope */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something cannot be used; `errors` names each part */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests; Retry-After says when there is room */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_suppressions: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text: asking again with it within 24 hours gives the same answer and does nothing */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SuppressionCreate"];
            };
        };
        responses: {
            /** @description What became of it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SuppressionAct"];
                };
            };
            /** @description The request cannot be read */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No token, or one that does not work (any more) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token lacks the scope */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is not as it would have to be for this */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too long */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not JSON by its Content-Type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something cannot be used; `errors` names each part */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests; Retry-After says when there is room */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_suppressions_lift: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text: asking again with it within 24 hours gives the same answer and does nothing */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SuppressionLift"];
            };
        };
        responses: {
            /** @description What became of it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SuppressionAct"];
                };
            };
            /** @description The request cannot be read */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No token, or one that does not work (any more) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token lacks the scope */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is not as it would have to be for this */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too long */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not JSON by its Content-Type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something cannot be used; `errors` names each part */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests; Retry-After says when there is room */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_topics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All of them */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TopicPage"];
                };
            };
            /** @description The request cannot be read */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No token, or one that does not work (any more) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token lacks the scope */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something cannot be used; `errors` names each part */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests; Retry-After says when there is room */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_topics_slug: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                slug: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The topic */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Topic"];
                };
            };
            /** @description The request cannot be read */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No token, or one that does not work (any more) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token lacks the scope */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something cannot be used; `errors` names each part */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests; Retry-After says when there is room */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_why: {
        parameters: {
            query: {
                /** @description In this edition; else the next one */
                edition?: string;
                /** @description Whose */
                email: string;
                /** @description Of this paper: its id here, an arXiv id or link, or a DOI */
                paper?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Why */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Why"];
                };
            };
            /** @description The request cannot be read */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No token, or one that does not work (any more) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token lacks the scope */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something cannot be used; `errors` names each part */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests; Retry-After says when there is room */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_without: {
        parameters: {
            query?: {
                /** @description `next` of the page before */
                cursor?: string;
                /** @description daily:2025-12-31, weekly:2026-W01, welcome:1 */
                edition?: string;
                /** @description Rows of a page */
                limit?: number;
                reason?: "no-papers" | "none-fits" | "no-news";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of readers */
            200: {
                headers: {
                    /** @description rel="next": the next page */
                    Link?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WithoutPage"];
                };
            };
            /** @description The request cannot be read */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No token, or one that does not work (any more) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token lacks the scope */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something cannot be used; `errors` names each part */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests; Retry-After says when there is room */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}
