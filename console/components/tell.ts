// Tells the person something in passing. What is shown this way is loaded after the page, which can do without it.

export interface Telling {
  readonly tone?: 'plain' | 'good' | 'bad';
  readonly detail?: string;
  /** A later word under the same id takes the place of the earlier one. */
  readonly id?: string;
}

export function tell(text: string, { tone = 'plain', detail, id }: Telling = {}): void {
  const options = { ...(detail === undefined ? {} : { description: detail }), ...(id === undefined ? {} : { id }) };
  void import('sonner').then(({ toast }) => {
    if (tone === 'good') toast.success(text, options);
    else if (tone === 'bad') toast.error(text, options);
    else toast(text, options);
  });
}
