// The few pages that the server writes itself: for a link that does not work, and for a console that is not built.

import { html } from 'hono/html';

const page = (title: string, body: ReturnType<typeof html>) =>
  html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title} · Tandem</title>
        <style>
          body {
            font:
              1rem/1.6 system-ui,
              sans-serif;
            max-width: 34rem;
            margin: 15vh auto;
            padding: 0 1rem;
          }
          code {
            font-size: 0.95em;
            padding: 0.15em 0.4em;
            border: 1px solid color-mix(in srgb, currentColor 25%, transparent);
            border-radius: 4px;
          }
        </style>
      </head>
      <body>
        <main>
          <h1>${title}</h1>
          ${body}
        </main>
      </body>
    </html>`;

export const linkUsedPage = () =>
  page(
    'This sign-in link does not work any more',
    html`<p>A link is good for ten minutes and for one use.</p>
      <p>Run <code>npx tandem link</code> in a terminal where Tandem runs, and open the address it prints.</p>`,
  );

export const notBuiltPage = () =>
  page(
    'Tandem runs, but its console is not built',
    html`<p>Run <code>npm start</code> once in Tandem's folder: it builds the console and starts the server.</p>
      <p>The API answers all the same: see <a href="/api/openapi.json">/api/openapi.json</a>.</p>`,
  );
