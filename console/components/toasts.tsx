import { useEffect } from 'react';
import { toast, Toaster } from 'sonner';

import { showTold, type Told } from './tell.ts';

/** Where words told in passing appear. Its own effect runs after the toaster's: by then the toaster listens. */
export function Toasts({ dark }: { readonly dark: boolean }) {
  useEffect(() => showTold(showToast), []);
  return <Toaster position="bottom-right" theme={dark ? 'dark' : 'light'} mobileOffset={{ bottom: 72 }} />;
}

/** Longer than usual: who wants to undo has to read first. */
const ACTION_MS = 12_000;

function showToast({ text, tone = 'plain', detail, id, action }: Told): void {
  const options = {
    ...(detail === undefined ? {} : { description: detail }),
    ...(id === undefined ? {} : { id }),
    ...(action === undefined ? {} : { action: { label: action.label, onClick: action.run }, duration: ACTION_MS }),
  };
  if (tone === 'good') toast.success(text, options);
  else if (tone === 'bad') toast.error(text, options);
  else toast(text, options);
}
