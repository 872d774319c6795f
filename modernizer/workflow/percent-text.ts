// Numbers as people read them in the sentences of a run.

/** `0.42` as `42 %`; never 0 % or 100 % of what is only expected. */
export const percentText = (share: number): string => `${Math.min(99, Math.max(1, Math.round(share * 100)))} %`;
