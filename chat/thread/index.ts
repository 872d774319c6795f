export { announcementsFor, wordsIn, type Announcements } from './announce.ts';
export { createThread, Thread, type Sending, type ThreadOptions } from './create-thread.ts';
export { AT_THE_END, follow, NEAR_PIXELS, type FollowEvent, type Following } from './follow.ts';
export { type Delivery, type ThreadMessage } from './messages.ts';
export { isPendingId, PENDING_MAX } from './pending.ts';
export { type ThreadProblem, type ThreadState, type ThreadStore } from './thread-state.ts';
export { browserFrames, HIDDEN_MS, type Frames } from './token-buffer.ts';
export { createMarkdown, type Markdown, type MarkdownBlock, type MarkdownReader } from './markdown.ts';
