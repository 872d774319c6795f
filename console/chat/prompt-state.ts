/** The names in a prompt that are filled in when it is used, each once, in their order. Pure. */
export const namesIn = (content: string): readonly string[] => [
  ...new Set([...content.matchAll(/\{\{\s*([\w.-]{1,60})\s*\}\}/g)].map(([, name = '']) => name)),
];
