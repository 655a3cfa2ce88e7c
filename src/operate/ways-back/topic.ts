import { lockTopic } from '../../db/interests/topic-versions.ts';
import { putVersionInForce } from '../edit-topic.ts';
import type { WayBack } from './way-back.ts';

/** Publishing a version of a topic. */
export const topicWay: WayBack = {
  soft: [],
  read: async (_ctx, tx, { subject }) => {
    const topic = await lockTopic(tx, subject ?? '');
    return topic ? { versionId: topic.versionId } : null;
  },
  restore: async (ctx, tx, { subject, before }) => {
    const versionId = before['versionId'];
    await putVersionInForce(ctx, tx, subject ?? '', typeof versionId === 'number' ? versionId : null);
    await ctx.queue.wake('match', tx);
    return null;
  },
};
