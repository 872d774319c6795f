// What the trailers of a commit message say of an AI's part, and trailers written for a patch that leaves as a commit.
// Rule: only what names itself counts: a trailer, a bot's address, aider's mark behind a name, or the line that Claude
// Code signs with. How a message or a text is written is never evidence. People who are named stay people.
// Not here: notes (git-ai-notes.ts). Co-authors that are AIs are written only on request: many do not want them.

import { parseHash, type PatchHash } from '../patches/hash.ts';

import { aiSourceOf } from './ai-source.ts';
import {
  isAiAssisted,
  modelName,
  SUGGESTION_TYPES,
  type Agent,
  type AiAttribution,
  type Attribution,
  type Model,
  type SuggestionType,
} from './attribution.ts';
import { coAuthorOf, KNOWN_BOTS, type KnownBot } from './known-bots.ts';
import { recognise, type Registry } from './registry.ts';

export interface Person {
  readonly name: string;
  readonly email: string;
}

export interface ReadTrailers {
  /** Null: the message says nothing of an AI. Its author is the first of the header. */
  readonly attribution: AiAttribution | null;
  /** Without `(aider)` and the like. */
  readonly author: Person;
  /** People whom `Co-authored-by` names, each once. */
  readonly coAuthors: readonly Person[];
  /** The patch that this commit was exported from. */
  readonly patch: PatchHash | null;
}

/** A message is read up to here: the longest real ones have some 100 kB. */
const MESSAGE_LENGTH_MAX = 1024 * 1024;
/** Of one kind. A squash of hundreds of commits names each co-author many times. */
const TRAILERS_MAX = 1000;
const TRAILER = /^([A-Za-z][A-Za-z0-9-]{1,60})[ \t]*:[ \t]*(\S.{0,2000})$/;
const PERSON = /^(.*?)[ \t]*<([^<>]{0,320})>\s*$/;

/** `author`: as the commit names it. */
export function readTrailers(message: string, author: Person, registry: Registry): ReadTrailers {
  const trailers = trailersIn(message.slice(0, MESSAGE_LENGTH_MAX));
  const valuesOf = (name: string): readonly string[] =>
    trailers.filter(([key]) => key === name).map(([, value]) => value);
  const coAuthors = valuesOf('co-authored-by').flatMap((value) => personIn(value));
  const bots = [author, ...coAuthors].map((person) => ({ person, bot: botIn(person) }));
  const [writer] = bots;
  const people = coAuthors.filter((person) => botIn(person) === undefined);
  return {
    attribution: attributionIn(message, {
      assisted: valuesOf('ai-assisted-by'),
      session: valuesOf('claude-session')[0] ?? null,
      madeWith: valuesOf('made-with')[0] ?? null,
      bots: bots.flatMap(({ person, bot }) => (bot === undefined ? [] : [{ person, bot }])),
      isAuthorBot: writer?.bot !== undefined,
      registry,
    }),
    author: { name: author.name.replace(AIDER_MARK, ''), email: author.email },
    coAuthors: [...new Map(people.map((person) => [`${person.name}\n${person.email.toLowerCase()}`, person])).values()],
    patch: hashIn(valuesOf('atomic-change')[0]),
  };
}

export interface TrailerChoice {
  readonly patch: PatchHash | null;
  readonly attribution: Attribution | null;
  /** Whether the AI is named as a co-author too. */
  readonly namesCoAuthor: boolean;
}

/** The message with trailers behind it; those it has already are not repeated. */
export function withTrailers(message: string, { patch, attribution, namesCoAuthor }: TrailerChoice): string {
  const wanted = [
    ...(patch === null ? [] : [`Atomic-Change: ${patch}`]),
    ...(attribution !== null && isAiAssisted(attribution) ? aiTrailers(attribution, namesCoAuthor) : []),
  ];
  const body = message.trimEnd();
  const lines = new Set(body.split('\n').map((line) => line.trim().toLowerCase()));
  const missing = wanted.filter((line) => !lines.has(line.toLowerCase()));
  if (missing.length === 0) return `${body}\n`;
  const last = body.slice(body.lastIndexOf('\n') + 1);
  // Trailers stand together: a blank line goes before the first of them, none between.
  const isBehindTrailer = body.includes('\n') && TRAILER.test(last);
  return `${body}${isBehindTrailer ? '\n' : '\n\n'}${missing.join('\n')}\n`;
}

function aiTrailers({ source, suggestion }: AiAttribution, namesCoAuthor: boolean): readonly string[] {
  const behind = suggestion === null ? '' : ` (${suggestion})`;
  const assisted = `AI-Assisted-By: ${modelName(source.model)}${behind}`;
  return namesCoAuthor
    ? [assisted, `Co-Authored-By: ${coAuthorOf(source.agent?.tool ?? null, source.model)}`]
    : [assisted];
}

/** The trailers that we know, by their names in lower case. An indented one is a quotation. */
function trailersIn(message: string): readonly (readonly [name: string, value: string])[] {
  const lines = message.split(/\r?\n/);
  const found: (readonly [string, string])[] = [];
  // Squashed commits leave trailers in the middle: a name that only a trailer has counts anywhere.
  for (const line of lines) {
    const match = TRAILER.exec(line.trimEnd());
    const name = match?.[1]?.toLowerCase() ?? '';
    if (match !== null && KNOWN_TRAILERS.has(name) && found.length < TRAILERS_MAX) found.push([name, match[2] ?? '']);
  }
  return found;
}

const KNOWN_TRAILERS = new Set(['co-authored-by', 'ai-assisted-by', 'atomic-change', 'claude-session', 'made-with']);

function personIn(value: string): readonly Person[] {
  const match = PERSON.exec(value);
  return match === null ? [{ name: value.trim(), email: '' }] : [{ name: match[1] ?? '', email: match[2] ?? '' }];
}

const AIDER_MARK = /\s*\(aider\)\s*$/i;

const botIn = ({ name, email }: Person): KnownBot | undefined =>
  KNOWN_BOTS.find((bot) => {
    if (bot.emails.some((pattern) => pattern.test(email))) return bot.alsoNamed === null || bot.alsoNamed.test(name);
    return bot.names.some((pattern) => pattern.test(name));
  });

const hashIn = (value: string | undefined): PatchHash | null =>
  value === undefined ? null : (parseHash(value.trim()) ?? null);

interface Clues {
  readonly assisted: readonly string[];
  readonly session: string | null;
  readonly madeWith: string | null;
  readonly bots: readonly { readonly person: Person; readonly bot: KnownBot }[];
  readonly isAuthorBot: boolean;
  readonly registry: Registry;
}

/** The line under messages of Claude Code, as it stands there. */
const CLAUDE_SIGNATURE = /Generated with \[Claude Code\]\(https:\/\/claude\.(?:ai|com)\/(?:claude-)?code\)/;

function attributionIn(message: string, clues: Clues): AiAttribution | null {
  const stated = clues.assisted.flatMap((value) => statementIn(value));
  const [first] = stated;
  const named =
    clues.bots.find(({ person, bot }) => modelIn(person, bot, clues.registry).kind === 'known') ?? clues.bots[0];
  const tool = named?.bot.tool ?? toolIn(message, clues);
  if (first === undefined && tool === null) return null;
  const fromBot: Model | null = named === undefined ? null : modelIn(named.person, named.bot, clues.registry);
  const model: Model = first?.model ??
    fromBot ?? { kind: 'untold', provider: tool === 'claude-code' ? 'anthropic' : null };
  const agent: Agent | null =
    tool === null && first?.model.kind === 'known' ? null : agentOf(tool ?? 'unknown', clues.session);
  const source = aiSourceOf('trailer', model, agent);
  if (source.kind === 'refused') return null;
  const suggestion = first?.suggestion ?? null;
  const isAlone =
    first === undefined
      ? clues.isAuthorBot
      : suggestion === null || suggestion === 'complete' || suggestion === 'refactor';
  return {
    // A co-author is one of two at least.
    actor: isAlone ? 'ai' : 'mixed',
    author: { kind: 'header', n: 0, key: null },
    source: source.source,
    suggestion,
    confidence: null,
    acceptance: null,
    reviewMs: null,
    prompt: null,
    tokens: null,
    cost: null,
    hunks: [],
  };
}

function toolIn(message: string, { session, madeWith }: Clues): string | null {
  if (session !== null || CLAUDE_SIGNATURE.test(message)) return 'claude-code';
  return madeWith?.trim().toLowerCase() === 'cursor' ? 'cursor' : null;
}

const agentOf = (tool: string, sessionId: string | null): Agent => ({
  tool,
  toolVersion: null,
  mode: null,
  sessionId: sessionId === null ? null : sessionId.trim().slice(0, 250),
  turn: null,
  toolUseId: null,
  subagent: null,
});

/** `provider/model (suggestion)`, as we write it. */
function statementIn(value: string): readonly { readonly model: Model; readonly suggestion: SuggestionType | null }[] {
  const match = /^([^\s/()]{1,100})\/([^\s()]{1,250})(?:\s+\(([a-z]+)\))?\s*$/.exec(value);
  if (match === null) return [];
  const [, provider = '', model = '', word] = match;
  const suggestion = SUGGESTION_TYPES.find((type) => type === word) ?? null;
  const isUntold = model === 'unknown';
  return [
    {
      model: isUntold ? { kind: 'untold', provider: provider === 'unknown' ? null : provider } : known(provider, model),
      suggestion,
    },
  ];
}

const known = (provider: string, model: string): Model => ({
  kind: 'known',
  provider,
  model,
  version: null,
  temperatureMilli: null,
  maxTokens: null,
});

/** `Claude Opus 4.5` and `aider (claude-3-5-sonnet)` name a model; `Claude`, `Copilot` and `Cursor` do not. */
function modelIn({ name }: Person, bot: KnownBot, registry: Registry): Model {
  const inBrackets = /^aider \(([^()]{1,250})\)$/i.exec(name)?.[1];
  const plain = inBrackets ?? name.replaceAll(/\s*\([^()]*\)|\[bot\]/g, '').trim();
  const recognised = recognise(registry, bot.provider, plain.replace(/^.*\//, ''));
  if (recognised.kind === 'listed' && plain.toLowerCase() !== bot.tool)
    return known(recognised.provider, recognised.id);
  const hasVersion = /\d/.test(plain) && recognised.kind === 'unlisted' && recognised.provider !== null;
  if (hasVersion && recognised.provider !== null) return known(recognised.provider, slugOf(plain));
  return { kind: 'untold', provider: bot.provider };
}

/** As makers write ids: `Claude Opus 4.6` is `claude-opus-4-6`. */
const slugOf = (name: string): string =>
  name
    .toLowerCase()
    .replace(/^.*\//, '')
    .replaceAll(/\s+/g, '-')
    .replaceAll(/(?<=claude.*\d)\.(?=\d)/g, '-');
