// The tools that an agent finds over MCP: each is a command line of Atomic, with its arguments checked.
// Rule: what an agent gives never becomes an option: values stand behind `--` or in `--name=value`.

import { z } from 'zod';

export interface McpTool {
  readonly name: string;
  readonly description: string;
  readonly input: z.ZodType;
  /** Whether it only looks. */
  readonly isReadOnly: boolean;
  /** The command line for arguments that were checked. */
  line(input: unknown): readonly string[];
}

/** Longer than any path, message or expression in use. */
const TEXT_MAX = 10_000;
const LIST_MAX = 1000;
/** What a model reads of a history when it does not say how much. */
const LOG_LIMIT = 50;

const text = z.string().min(1).max(TEXT_MAX);
const patches = z
  .array(z.string().regex(/^[a-z2-7]{1,52}$/i, 'is no beginning of a patch’s name'))
  .min(1)
  .max(LIST_MAX);
const paths = z.array(text).max(LIST_MAX);
const count = z.int().min(1).max(10_000);

const option = (name: string, value: string | number | undefined): readonly string[] =>
  value === undefined ? [] : [`--${name}=${value}`];
const flag = (name: string, isOn: boolean | undefined): readonly string[] => (isOn === true ? [`--${name}`] : []);
const behind = (values: readonly string[] | undefined): readonly string[] =>
  values === undefined || values.length === 0 ? [] : ['--', ...values];

function tool<Input extends z.ZodType>(
  name: string,
  parts: {
    readonly description: string;
    readonly input: Input;
    readonly isReadOnly: boolean;
    readonly line: (input: z.output<Input>) => readonly string[];
  },
): McpTool {
  return { name, ...parts, line: (input) => parts.line(parts.input.parse(input)) };
}

export const MCP_TOOLS: readonly McpTool[] = [
  tool('atomic_status', {
    description: 'What is not recorded, untracked files, and every conflict with file, line and sides.',
    input: z.strictObject({}),
    isReadOnly: true,
    line: () => ['status'],
  }),
  tool('atomic_diff', {
    description: 'What is not recorded, line by line; or what one patch did.',
    input: z.strictObject({
      patch: patches.element.optional(),
      paths: paths.optional(),
      untracked: z.boolean().optional(),
    }),
    isReadOnly: true,
    line: ({ patch, paths: only = [], untracked }) => [
      'diff',
      ...flag('untracked', untracked),
      ...only.flatMap((path) => option('path', path)),
      ...behind(patch === undefined ? [] : [patch]),
    ],
  }),
  tool('atomic_record', {
    description:
      'Makes a patch of changed files. It is attributed to you: what hooks or an editor saw of others’ work stays theirs. ' +
      'Say which model you are, if you know.',
    input: z.strictObject({
      message: text,
      paths: paths.optional(),
      all: z.boolean().optional(),
      provider: z.string().min(1).max(100).optional(),
      model: z.string().min(1).max(250).optional(),
    }),
    isReadOnly: false,
    line: ({ message, paths: only, all }) => [
      'record',
      ...option('message', message),
      ...flag('all', all),
      ...behind(only),
    ],
  }),
  tool('atomic_log', {
    description: 'The patches of a channel, latest first, with who or which model wrote each.',
    input: z.strictObject({
      limit: count.optional(),
      channel: text.optional(),
      where: text.optional(),
      aiOnly: z.boolean().optional(),
      humanOnly: z.boolean().optional(),
      paths: paths.optional(),
    }),
    isReadOnly: true,
    line: ({ limit = LOG_LIMIT, channel, where, aiOnly, humanOnly, paths: only }) => [
      'log',
      ...option('limit', limit),
      ...option('channel', channel),
      ...option('where', where),
      ...flag('ai-only', aiOnly),
      ...flag('human-only', humanOnly),
      ...behind(only),
    ],
  }),
  tool('atomic_credit', {
    description: 'Who, or which model, wrote each line of a file.',
    input: z.strictObject({ path: text, deleted: z.boolean().optional() }),
    isReadOnly: true,
    line: ({ path, deleted }) => ['credit', ...flag('deleted', deleted), ...behind([path])],
  }),
  tool('atomic_apply', {
    description: 'Puts patches into a channel, with what they build on. `dryRun` says what would be done.',
    input: z.strictObject({
      patches: patches.optional(),
      where: text.optional(),
      channel: text.optional(),
      from: text.optional(),
      dryRun: z.boolean().optional(),
    }),
    isReadOnly: false,
    line: ({ patches: named, where, channel, from, dryRun }) => [
      'apply',
      ...option('where', where),
      ...option('channel', channel),
      ...option('from', from),
      ...flag('dry-run', dryRun),
      ...behind(named),
    ],
  }),
  tool('atomic_unrecord', {
    description: 'Takes patches out of a channel; nothing else is undone. `dryRun` says what would be done.',
    input: z.strictObject({
      patches: patches.optional(),
      where: text.optional(),
      channel: text.optional(),
      withDependents: z.boolean().optional(),
      dryRun: z.boolean().optional(),
    }),
    isReadOnly: false,
    line: ({ patches: named, where, channel, withDependents, dryRun }) => [
      'unrecord',
      ...option('where', where),
      ...option('channel', channel),
      ...flag('with-dependents', withDependents),
      ...flag('dry-run', dryRun),
      ...behind(named),
    ],
  }),
  tool('atomic_attribution', {
    description:
      'How much of the channel AIs, known people and nobody known wrote, by provider, model and suggestion type.',
    input: z.strictObject({ channel: text.optional() }),
    isReadOnly: true,
    line: ({ channel }) => ['attribution', ...option('channel', channel)],
  }),
];
