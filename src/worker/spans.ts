/** How workflows are bundled: whether they tell of spans. A worker takes those that do only if it was told what to do with them. */
export type Spans = 'untraced' | 'traced'
