// The console's beginning: one store of answers, one word about the connection, one router.

import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import * as z from 'zod/mini';

import { createQueries } from './requests/queries.ts';
import { router } from './routes.tsx';
import { ConnectionContext } from './shell/connection-context.ts';
import { createConnection } from './shell/connection-state.ts';

// The page's security policy forbids making code out of text, which zod otherwise tries for speed.
z.config({ jitless: true });

const connection = createConnection();
const queries = createQueries((reachable) => connection.tell({ reachable }));
const root = document.getElementById('root');
if (root === null) throw new Error('The page has no element #root: index.html and main.tsx do not belong together.');

createRoot(root).render(
  <StrictMode>
    <ConnectionContext value={connection}>
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </ConnectionContext>
  </StrictMode>,
);
