import { fileURLToPath } from 'node:url';

import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const from = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  root: from('.'),
  cacheDir: from('../.build/vite'),
  plugins: [react(), tailwindcss()],
  build: {
    outDir: from('../.build/console'),
    emptyOutDir: true,
    target: 'es2022',
    // The content security policy allows scripts of our own origin only, so nothing may be inlined as data:.
    assetsInlineLimit: 0,
    // ELK is one file of that size. It is a worker, loaded on the run page only.
    chunkSizeWarningLimit: 1700,
    // A browser asks for six files at a time: what most screens use comes in few files, not in one for each icon.
    rolldownOptions: {
      output: {
        codeSplitting: {
          includeDependenciesRecursively: false,
          groups: [
            { name: 'icons', test: /node_modules[\\/]lucide-react/ },
            {
              name: 'widgets',
              test: /node_modules[\\/](?:@radix-ui|radix-ui|@floating-ui|react-remove-scroll|aria-hidden)/,
            },
          ],
        },
      },
    },
  },
  server: { proxy: { '/api': 'http://127.0.0.1:4600', '/welcome': 'http://127.0.0.1:4600' } },
});
