// Values as text in HTML.

export const escaped = (value: unknown): string =>
  String(value)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');

/** A sentence of ours, in which code stands between backquotes. */
export const prose = (sentence: string): string => escaped(sentence).replaceAll(/`([^`]+)`/g, '<code>$1</code>');
