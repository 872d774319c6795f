// Prices and marks that the generated list does not have, each with its source. A person's own price wins over both.
// Rule: what we could not read is marked unpriced with the reason; it is never guessed.

/** `[input, output, cacheRead, cacheWrite]` in microdollars for a million tokens. */
type Rates = readonly [number, number, number, number];

export type PriceMark =
  | { readonly kind: 'priced'; readonly rates: Rates; readonly source: string }
  | { readonly kind: 'retired'; readonly since: string; readonly source: string }
  | { readonly kind: 'unpriced'; readonly why: string };

const AS_ON_OPENROUTER =
  'openrouter.ai lists the same model at this price; the list of the provider itself is not in the snapshot';
const QWEN_DOCUMENTATION = 'https://www.alibabacloud.com/help/en/model-studio/model-pricing';

/** By provider, then by model as it is asked. `*` stands for every model that is not named. */
export const PRICE_MARKS: Readonly<Record<string, Readonly<Record<string, PriceMark>>>> = {
  qwen: {
    'qwen-turbo': { kind: 'priced', rates: [50_000, 200_000, 50_000, 50_000], source: AS_ON_OPENROUTER },
    'qwen-plus': { kind: 'priced', rates: [400_000, 1_200_000, 160_000, 400_000], source: AS_ON_OPENROUTER },
    'qwen-max': { kind: 'priced', rates: [1_600_000, 6_400_000, 1_600_000, 1_600_000], source: AS_ON_OPENROUTER },
    '*': {
      kind: 'unpriced',
      why: `It depends on the region and on the length of the prompt: read ${QWEN_DOCUMENTATION} and set it.`,
    },
  },
  huggingface: {
    '*': {
      kind: 'unpriced',
      why: 'Hugging Face passes a question on to one of several companies, each with a price of its own.',
    },
  },
  anthropic: {
    'claude-3': {
      kind: 'retired',
      since: '2025',
      source: 'A family of three models with dates in their names, not a model that can be asked.',
    },
    'claude-haiku-4': {
      kind: 'unpriced',
      why: 'No model has that name: Haiku went from 3.5 to 4.5, which is priced as claude-haiku-4-5.',
    },
  },
  gemini: {
    'gemini-2.0-pro': {
      kind: 'retired',
      since: '2025',
      source: 'It was an experiment (gemini-2.0-pro-exp) and was followed by gemini-2.5-pro.',
    },
  },
  minimax: {
    '*': { kind: 'unpriced', why: 'A voice is paid by characters, not by tokens.' },
  },
};
