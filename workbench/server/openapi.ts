// Short words for describing a route: what it answers, and the problems that any route may answer with.

import { describeRoute, resolver } from 'hono-openapi';

import { Problem, PROBLEM_MEDIA_TYPE } from 'kernel/protocol';

type Schema = Parameters<typeof resolver>[0];

const problem = (description: string) => ({
  description,
  content: { [PROBLEM_MEDIA_TYPE]: { schema: resolver(Problem) } },
});

interface RouteDescription {
  readonly summary: string;
  readonly tag: string;
  readonly answer?: Schema;
  /** `application/json` unless said otherwise. */
  readonly media?: string;
  readonly isPublic?: boolean;
}

export const described = ({ summary, tag, answer, media, isPublic = false }: RouteDescription) =>
  describeRoute({
    summary,
    tags: [tag],
    ...(isPublic ? { security: [] } : {}),
    responses: {
      200: {
        description: summary,
        ...(answer === undefined
          ? media === undefined
            ? {}
            : { content: { [media]: { schema: { type: 'string' as const } } } }
          : { content: { 'application/json': { schema: resolver(answer) } } }),
      },
      ...(isPublic ? {} : { 401: problem('Nobody is signed in.'), 403: problem('Not with this role.') }),
      default: problem('It did not work; the problem says why and what to do.'),
    },
  });

export const documentation = (version: string) => ({
  openapi: '3.1.0',
  info: {
    title: 'Tandem',
    version,
    description: 'Sign in by the link that `tandem link` prints, or send a token of `tandem token issue`.',
    license: { name: 'Apache-2.0' },
  },
  security: [{ token: [] }, { session: [] }],
  components: {
    securitySchemes: {
      token: { type: 'http' as const, scheme: 'bearer', bearerFormat: 'JWT' },
      session: { type: 'apiKey' as const, in: 'cookie' as const, name: 'tandem.session_token' },
    },
  },
});
