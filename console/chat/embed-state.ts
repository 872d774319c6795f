// What a page must have to hold a chat. Pure.

export const embedLine = (origin: string, id: string): string =>
  `<script src="${origin}/embed.js" data-embed="${id}" async></script>`;

/** Origins as a person writes them: one a line, or with spaces and commas between. */
export const originsIn = (text: string): readonly string[] => [
  ...new Set(text.split(/[\s,]+/).filter((each) => each !== '')),
];
