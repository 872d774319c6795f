// What a package offers its users, as a flat list of names: the same shape whether it was read from declarations or
// seen at run time, so that both are compared in one way. Browser-safe, pure.

/** How the module as a whole is given: `export =`, a default, names, or (at run time) an ES module's namespace. */
export type ModuleForm = 'whole' | 'default' | 'names' | 'namespace';

export interface Offer {
  readonly kind: 'function' | 'class' | 'object' | 'value' | 'type';
  /** Parameters that a call must give; null for what cannot be called. */
  readonly required: number | null;
  /** Parameters that a call may give; null when there is no end or nobody knows. */
  readonly most: number | null;
  /** True when what it returns has to be awaited. */
  readonly isAsync: boolean;
  /** As a person would read it, such as `(path: string, options?: Options) => string`; at most TOLD_LENGTH_MAX. */
  readonly told: string;
}

export interface Api {
  readonly source: 'types' | 'run-time';
  readonly form: ModuleForm;
  /** By path: `` is the module itself, `a.b` a member of an export, `A#b` a member of what `new A` makes. */
  readonly offers: ReadonlyMap<string, Offer>;
  /** True when a bound was passed and offers are missing: what is not listed is not known to be gone. */
  readonly partial: boolean;
}

export type ApiReading =
  { readonly kind: 'api'; readonly api: Api } | { readonly kind: 'not-known'; readonly reason: string };

/** Nobody calls more names of one package; `aws-sdk` has some thousands and is not read to its end. */
export const OFFERS_MAX = 4_000;
const TOLD_LENGTH_MAX = 240;

/** One line, and not longer than a person reads. */
export const toldText = (text: string): string => {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length <= TOLD_LENGTH_MAX ? line : `${line.slice(0, TOLD_LENGTH_MAX - 1)}…`;
};
