// Environment variables of the systems that Tandem grew from: what each is here.
// Rule: a variable that means something is mapped, one without a role is said to have none, and one that would leak
// a secret into a browser is refused.

export type SeedVariable =
  | { readonly kind: 'mapped'; readonly setting: string }
  | { readonly kind: 'noted'; readonly note: string }
  | { readonly kind: 'refused'; readonly reason: string };

const TURN: SeedVariable = {
  kind: 'refused',
  reason:
    'Everything named NEXT_PUBLIC_ is sent to every browser, so this TURN credential would be public. ' +
    'Tandem makes short-lived ones on the server.',
};
const CONVEX: SeedVariable = { kind: 'noted', note: 'Tandem keeps its data in its own database, so it has no role.' };
const ATOMIC: SeedVariable = { kind: 'noted', note: 'It is read by atomic record, where a flag wins over it.' };
const DEVICE: SeedVariable = { kind: 'noted', note: 'It is set on the toy itself.' };
const DISCOVERY: SeedVariable = {
  kind: 'noted',
  note: 'Servers of Tandem find each other through their database, so it has no role.',
};

const EXACT: Readonly<Record<string, SeedVariable>> = {
  FASTRTC_URL: { kind: 'mapped', setting: 'url' },
  FASTRTC_PORT: { kind: 'mapped', setting: 'port' },
  NEXT_PUBLIC_CONVEX_URL: CONVEX,
  CONSUL_HOST: DISCOVERY,
  SERVICE_NAME: DISCOVERY,
  PI_MODEL: DEVICE,
  AUDIO_DEVICE: DEVICE,
};

export function seedVariable(name: string): SeedVariable | undefined {
  if (name.startsWith('NEXT_PUBLIC_TURN_')) return TURN;
  if (name.startsWith('CONVEX_')) return CONVEX;
  if (name.startsWith('ATOMIC_AI_')) return ATOMIC;
  return Object.hasOwn(EXACT, name) ? EXACT[name] : undefined;
}
