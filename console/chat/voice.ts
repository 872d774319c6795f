// Whether one can speak instead of writing. A voice comes with a product that has one; there is none yet, so there is
// no button for it either.

export interface VoicePort {
  /** Hears until the person stops, and gives the words. */
  readonly listen: (heard: (text: string) => void) => void;
}

export const voiceHere = (): VoicePort | null => null;
