// Pictures in requests: carried in the request itself. Addresses elsewhere are refused: fetching them would let a caller
// make this server ask whatever it can reach.

import type { LanguageModelV4FilePart } from '@ai-sdk/provider';

import { pictureElsewhere } from './faults.ts';

export function filePartOf(url: string): LanguageModelV4FilePart {
  const [, mediaType = '', data = ''] = /^data:(image\/[\w.+-]{1,40});base64,([A-Za-z0-9+/=\s]+)$/.exec(url) ?? [];
  if (data === '') throw pictureElsewhere();
  return { type: 'file', mediaType, data: { type: 'data', data: data.replaceAll(/\s+/g, '') } };
}
