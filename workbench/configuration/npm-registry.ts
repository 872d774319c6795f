// Which npm registry this machine uses, found as npm itself finds it: environment, the project's .npmrc, the person's.

const PUBLIC_REGISTRY = 'https://registry.npmjs.org/';

export interface RegistrySources {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The text of each .npmrc, nearest first, with the name it is shown by. */
  readonly files: readonly { readonly name: string; readonly text: string }[];
}

export interface RegistryFound {
  readonly url: string;
  readonly source: string;
}

export function npmRegistry({ env, files }: RegistrySources): RegistryFound {
  for (const name of ['npm_config_registry', 'NPM_CONFIG_REGISTRY']) {
    const url = usable(env[name]);
    if (url !== undefined) return { url, source: name };
  }
  for (const file of files) {
    const url = usable(registryLine(file.text, env));
    if (url !== undefined) return { url, source: file.name };
  }
  return { url: PUBLIC_REGISTRY, source: 'default' };
}

/** The address with one slash at its end, or nothing when it is none. */
export function usable(url: string | undefined): string | undefined {
  if (url === undefined || !/^https?:\/\//.test(url) || !URL.canParse(url)) return undefined;
  return url.endsWith('/') ? url : `${url}/`;
}

function registryLine(text: string, env: RegistrySources['env']): string | undefined {
  const lines = [...text.matchAll(/^\s*registry\s*=\s*(.+?)\s*$/gm)];
  const value = lines.at(-1)?.[1]?.replace(/^(["'])(.*)\1$/, '$2');
  return value?.replace(/\$\{(\w+)\}/g, (whole, name: string) => env[name] ?? whole);
}
