/** What a reader asked for by a link beside a paper: more like it, or less. */
export type ReactionKind = 'more' | 'less';
