import { createContext, useContext, useEffect } from 'react';

export const TitleContext = createContext<(title: string) => void>(() => {});

/** Names the page: in the browser's tab, in the breadcrumb, and for those who hear the page change. */
export function usePageTitle(title: string): void {
  const tell = useContext(TitleContext);
  useEffect(() => {
    document.title = `${title} · Tandem`;
    tell(title);
  }, [title, tell]);
}
