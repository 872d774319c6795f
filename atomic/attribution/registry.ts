// Which providers and models are known, and by which names.
// Rule: what somebody told is recorded as they told it; the registry only recognises it: it finds the provider of a
// model, warns of a name it does not know (in strict mode: refuses it), and tells that two names mean one model.
// Not here: the list itself (known-models.ts).

import type { KnownModel, Model } from './attribution.ts';
import { aiModelUnknown, providersFileWrong } from './faults.ts';
import { KNOWN_PROVIDERS, type ListedModel, type ModelPrice, type Provider } from './known-models.ts';
import { nearestNames } from './nearest-names.ts';
import { TableReader } from './table-reader.ts';

export interface Registry {
  readonly providers: readonly Provider[];
}

export const BUILT_IN_REGISTRY: Registry = { providers: KNOWN_PROVIDERS };

type Recognition =
  | { readonly kind: 'listed'; readonly provider: string; readonly id: string; readonly price: ModelPrice | null }
  /** The name is not listed. `provider`: whose family it looks like, if any. */
  | { readonly kind: 'unlisted'; readonly provider: string | null; readonly nearest: readonly string[] };

/** What a name stands for. `provider`: as told, or null. */
export function recognise(registry: Registry, provider: string | null, model: string): Recognition {
  const wanted = foldModelName(model);
  const among = provider === null ? registry.providers : registry.providers.filter((one) => isCalled(one, provider));
  for (const one of [...among, ...registry.providers]) {
    const found = one.models.find(({ id, aliases }) => [id, ...aliases].some((name) => foldModelName(name) === wanted));
    if (found !== undefined) return { kind: 'listed', provider: one.id, id: found.id, price: found.price };
  }
  const family = registry.providers.find(({ families }) => families.some((word) => bareName(model).startsWith(word)));
  const names = registry.providers.flatMap(({ models }) => models.map(({ id }) => id));
  return { kind: 'unlisted', provider: family?.id ?? null, nearest: nearestNames(bareName(model), names) };
}

/** The provider's own id for what somebody called it; undefined when the registry does not know it. */
export const providerId = (registry: Registry, name: string): string | undefined =>
  registry.providers.find((one) => isCalled(one, name))?.id;

/**
 * A sentence about a model that the registry does not know, or null. In strict mode it throws
 * ATOMIC_AI_MODEL_UNKNOWN instead, with the nearest names. `said`: the flag or variable that named it.
 */
export function checkModel(registry: Registry, model: Model, strict: boolean, said: string): string | null {
  if (model.kind === 'untold') {
    if (!strict) return null;
    throw aiModelUnknown(said, `${model.provider ?? 'an AI'} without a model`, []);
  }
  const recognised = recognise(registry, model.provider, model.model);
  if (recognised.kind === 'listed') return null;
  const name = `${model.provider}/${model.model}`;
  if (strict) throw aiModelUnknown(said, name, recognised.nearest);
  const hint = recognised.nearest.length === 0 ? '' : ` Nearest: ${recognised.nearest.join(', ')}.`;
  return `The model ${name} is not in the registry; it is recorded as told.${hint}`;
}

/** One name for a model, whatever it was called: `provider/id`. For grouping and comparing; never stored. */
export function canonicalName(registry: Registry, model: KnownModel): string {
  const recognised = recognise(registry, model.provider, model.model);
  const id = recognised.kind === 'listed' ? recognised.id : model.model;
  // Who answered stays as told: a model of one company may be had from another.
  return `${providerId(registry, model.provider) ?? model.provider}/${id}`;
}

/** Whether a name that somebody typed means this model: by alias, with or without provider, date or version. */
export function isModelCalled(registry: Registry, model: KnownModel, name: string): boolean {
  if (foldModelName(model.model) === foldModelName(name)) return sameProvider(registry, model, name);
  const wanted = recognise(registry, null, name);
  const found = recognise(registry, model.provider, model.model);
  if (wanted.kind !== 'listed' || found.kind !== 'listed') return false;
  return wanted.id === found.id && sameProvider(registry, model, name);
}

/** Whether a name that somebody typed means this provider. */
export const isProviderCalled = (registry: Registry, provider: string, name: string): boolean =>
  sameWord(provider, name) ||
  (providerId(registry, provider) ?? provider) === (providerId(registry, name) ?? foldWord(name));

/**
 * The registry with what `.atomic/providers.toml` adds, already parsed. Its entries come first, so that they win.
 * Throws ATOMIC_PROVIDERS_FILE_WRONG.
 */
export function withProviders(registry: Registry, parsed: unknown): Registry {
  const mistakes: string[] = [];
  const file = new TableReader(parsed, '', mistakes);
  const added = file.tables('provider').map(([name, table]): Provider => {
    const id = foldWord(name);
    const before = registry.providers.find((one) => one.id === id);
    const provider = {
      id,
      aliases: [...table.texts('aliases', NAMES_MAX, NAME_LENGTH_MAX), ...(before?.aliases ?? [])],
      families: [...table.texts('families', NAMES_MAX, NAME_LENGTH_MAX).map(foldWord), ...(before?.families ?? [])],
      models: [...table.tables('models').map(([model, entry]) => modelFrom(model, entry)), ...(before?.models ?? [])],
    };
    table.finish();
    return provider;
  });
  file.finish();
  if (mistakes.length > 0) throw providersFileWrong(mistakes);
  const replaced = new Set(added.map(({ id }) => id));
  return { providers: [...added, ...registry.providers.filter(({ id }) => !replaced.has(id))] };
}

/** A file for people: longer lists belong into a program. */
const NAMES_MAX = 100;
const NAME_LENGTH_MAX = 250;

/** `price`: dollars for a million tokens. */
function modelFrom(id: string, table: TableReader): ListedModel {
  const aliases = table.texts('aliases', NAMES_MAX, NAME_LENGTH_MAX);
  const hasPrice = table.has('price');
  const price = table.table('price');
  const [input, output] = [price.amount('input'), price.amount('output')];
  if (hasPrice) price.needs('input', 'output');
  price.finish();
  table.finish();
  return { id, aliases, price: input === null || output === null ? null : priceOf({ input, output }) };
}

const priceOf = ({ input, output }: ModelPrice): ModelPrice => ({
  input: Math.round(input * 1_000_000),
  output: Math.round(output * 1_000_000),
});

const foldWord = (word: string): string =>
  word
    .trim()
    .toLowerCase()
    .replaceAll(/[\s_]+/g, '-');
const sameWord = (a: string, b: string): boolean => foldWord(a) === foldWord(b);
const isCalled = (provider: Provider, name: string): boolean =>
  [provider.id, ...provider.aliases].some((known) => sameWord(known, name));

/** Without `provider/` before it, and without a date or `latest` behind it. */
const bareName = (name: string): string =>
  foldWord(name)
    .replace(/^.*\//, '')
    .replace(/[-@:](?:20\d{6}|20\d\d-\d\d-\d\d|latest|preview)$/, '');

/** `claude-4.5-sonnet` and `claude-sonnet-4-5` are one name: words in any order, numbers in theirs. */
function foldModelName(name: string): string {
  const parts = bareName(name).split(/[-.:\s]+/);
  const isNumber = (part: string): boolean => /^\d+$/.test(part);
  return [...parts.filter((part) => !isNumber(part)).sort(), ...parts.filter(isNumber)].join(' ');
}

function sameProvider(registry: Registry, model: KnownModel, name: string): boolean {
  const slash = name.indexOf('/');
  return slash === -1 || isProviderCalled(registry, model.provider, name.slice(0, slash));
}
