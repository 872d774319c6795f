// A line to be run in a terminal, with a button that copies it.

import { Check, Copy } from 'lucide-react';
import { useState } from 'react';

import { Button } from './button.tsx';
import { classes } from './classes.ts';
import { tell } from './tell.ts';

const SHOWN_MS = 1600;

/** Copies text and says so; on a page without clipboard (plain http elsewhere) it says what to do instead. */
async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // The browser may forbid it: the person can still mark the text.
    tell('The text could not be copied.', { tone: 'bad', detail: 'Mark it with the mouse and press Ctrl-C.' });
    return false;
  }
}

export function CopyButton({ text, label }: { readonly text: string; readonly label: string }) {
  const [copied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    if (!(await copyText(text))) return;
    setCopied(true);
    setTimeout(() => setCopied(false), SHOWN_MS);
  };
  return (
    <Button look="plain" size="small" onClick={() => void copy()} aria-label={copied ? 'Copied' : label}>
      {copied ? <Check aria-hidden className="text-good" /> : <Copy aria-hidden />}
      <span aria-hidden>{copied ? 'Copied' : 'Copy'}</span>
    </Button>
  );
}

export function CopyLine({
  line,
  label,
  className,
}: {
  readonly line: string;
  readonly label: string;
  readonly className?: string;
}) {
  return (
    <div className={classes('flex items-center gap-2 rounded-lg border bg-sunken py-1.5 pl-3 pr-1.5', className)}>
      <code className="min-w-0 flex-1 break-words font-mono text-xs leading-5 [overflow-wrap:anywhere]">{line}</code>
      <CopyButton text={line} label={label} />
    </div>
  );
}
