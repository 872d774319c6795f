// What a person typed as the name of a sample project.

import npa from 'npm-package-arg';

export type SampleSpec =
  | { readonly kind: 'sample'; readonly name: string; readonly version: string }
  | { readonly kind: 'wrong'; readonly why: string };

/** A name and an exact version, as typed by a person. */
export function readSampleSpec(spec: string): SampleSpec {
  try {
    const parsed = npa(spec.trim());
    if (parsed.type === 'version' && parsed.name !== null && parsed.fetchSpec !== null) {
      return { kind: 'sample', name: parsed.name, version: parsed.fetchSpec };
    }
    return { kind: 'wrong', why: 'It does not name one exact version of a package.' };
  } catch {
    return { kind: 'wrong', why: 'It is not the name of a package.' };
  }
}
