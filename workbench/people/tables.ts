// Who may come in: people with their sessions and sign-in links as better-auth keeps them, and our scoped tokens.

import { sql } from 'kysely';

import type { MigrationList } from 'kernel/store';

export interface PeopleTables {
  readonly people: { readonly id: string; readonly name: string; readonly email: string; readonly role: string };
  readonly people_links: { readonly identifier: string; readonly taken: number };
  readonly people_sessions: { readonly id: string; readonly userId: string; readonly expiresAt: string | Date };
  readonly tokens: {
    readonly id: string;
    readonly role: string;
    readonly note: string;
    readonly issued_at: number;
    readonly expires_at: number;
    readonly revoked_at: number | null;
  };
}

export const PEOPLE_MIGRATIONS: MigrationList = {
  product: 'people',
  migrations: [
    {
      // The columns are those of better-auth 1.4.18, as its own `compileMigrations` writes them.
      name: '001-people-sessions-links-tokens',
      async up(db, dialect) {
        const moment = sql.raw(dialect === 'sqlite' ? 'text' : 'timestamptz');
        const truth = sql.raw(dialect === 'sqlite' ? 'integer' : 'boolean');
        await sql`create table people (
          id text not null primary key, name text not null, email text not null unique, "emailVerified" ${truth} not null,
          image text, "createdAt" ${moment} not null, "updatedAt" ${moment} not null, role text not null)`.execute(db);
        await sql`create table people_sessions (
          id text not null primary key, "expiresAt" ${moment} not null, token text not null unique,
          "createdAt" ${moment} not null, "updatedAt" ${moment} not null, "ipAddress" text, "userAgent" text,
          "userId" text not null references people (id) on delete cascade)`.execute(db);
        await sql`create index people_sessions_of on people_sessions ("userId")`.execute(db);
        await sql`create table people_accounts (
          id text not null primary key, "accountId" text not null, "providerId" text not null,
          "userId" text not null references people (id) on delete cascade, "accessToken" text, "refreshToken" text,
          "idToken" text, "accessTokenExpiresAt" ${moment}, "refreshTokenExpiresAt" ${moment}, scope text,
          password text, "createdAt" ${moment} not null, "updatedAt" ${moment} not null)`.execute(db);
        await sql`create table people_links (
          id text not null primary key, identifier text not null, value text not null, "expiresAt" ${moment} not null,
          "createdAt" ${moment} not null, "updatedAt" ${moment} not null)`.execute(db);
        await sql`create index people_links_by_identifier on people_links (identifier)`.execute(db);
        await sql`create table tokens (
          id text primary key, role text not null, note text not null, issued_at bigint not null,
          expires_at bigint not null, revoked_at bigint)`.execute(db);
      },
    },
    {
      // Ours, beside the library's columns: it looks a link up and then deletes it, and two could look at once.
      name: '002-links-are-taken-once',
      async up(db) {
        await sql`alter table people_links add column taken integer not null default 0`.execute(db);
      },
    },
  ],
};
