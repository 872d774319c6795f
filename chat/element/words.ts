// What the chat says by itself, in the languages it has.

export interface Words {
  readonly messages: string;
  readonly you: string;
  readonly assistant: string;
  readonly write: string;
  readonly send: string;
  readonly stop: string;
  readonly attach: string;
  readonly like: string;
  readonly dislike: string;
  readonly regenerate: string;
  readonly edit: string;
  readonly copy: string;
  readonly copied: string;
  readonly report: string;
  readonly reported: string;
  readonly reportWhy: string;
  readonly earlierBranch: string;
  readonly laterBranch: string;
  readonly branch: (number: number, of: number) => string;
  readonly cancel: string;
  readonly save: string;
  readonly waiting: string;
  readonly sending: string;
  readonly notSent: string;
  readonly again: string;
  readonly discard: string;
  readonly typing: string;
  readonly jump: (count: number) => string;
  readonly step: (number: number, of: number) => string;
  readonly suggestions: string;
  readonly free: string;
  readonly attempts: (count: number) => string;
  readonly verdicts: Readonly<Record<'passed' | 'changed' | 'refused' | 'not-checked', string>>;
  readonly stopped: string;
  readonly upscale: string;
  readonly noPicture: string;
  readonly close: string;
  readonly signIn: string;
  readonly reconnecting: string;
  readonly loading: string;
  readonly remove: string;
}

const en: Words = {
  messages: 'Messages',
  you: 'You',
  assistant: 'Assistant',
  write: 'Write a message',
  send: 'Send',
  stop: 'Stop answering',
  attach: 'Attach a picture',
  like: 'Good answer',
  dislike: 'Bad answer',
  regenerate: 'Answer again',
  edit: 'Edit',
  copy: 'Copy',
  copied: 'Copied',
  report: 'Report',
  reported: 'Reported',
  reportWhy: 'What is wrong with it?',
  earlierBranch: 'Previous version',
  laterBranch: 'Next version',
  branch: (number, of) => `Version ${number} of ${of}`,
  cancel: 'Cancel',
  save: 'Send',
  waiting: 'Waits to be sent',
  sending: 'Sending',
  notSent: 'Not sent',
  again: 'Try again',
  discard: 'Take back',
  typing: 'is answering',
  jump: (count) => (count === 0 ? 'Jump to latest' : `Jump to latest (${count} new)`),
  step: (number, of) => `Step ${number} of ${of}`,
  suggestions: 'Suggestions',
  free: 'free',
  attempts: (count) => `${count} attempts`,
  verdicts: {
    passed: 'checked',
    changed: 'changed by the guard',
    refused: 'refused by the guard',
    'not-checked': 'not checked',
  },
  stopped: 'Stopped',
  upscale: 'Enlarge',
  noPicture: 'The picture could not be loaded.',
  close: 'Close',
  signIn: 'Your session has expired. What you wrote is kept.',
  reconnecting: 'Reconnecting …',
  loading: 'Loading …',
  remove: 'Remove',
};

const de: Words = {
  messages: 'Nachrichten',
  you: 'Sie',
  assistant: 'Assistent',
  write: 'Nachricht schreiben',
  send: 'Senden',
  stop: 'Antwort anhalten',
  attach: 'Bild anhängen',
  like: 'Gute Antwort',
  dislike: 'Schlechte Antwort',
  regenerate: 'Noch einmal antworten',
  edit: 'Bearbeiten',
  copy: 'Kopieren',
  copied: 'Kopiert',
  report: 'Melden',
  reported: 'Gemeldet',
  reportWhy: 'Was stimmt damit nicht?',
  earlierBranch: 'Vorherige Fassung',
  laterBranch: 'Nächste Fassung',
  branch: (number, of) => `Fassung ${number} von ${of}`,
  cancel: 'Abbrechen',
  save: 'Senden',
  waiting: 'Wartet auf das Senden',
  sending: 'Wird gesendet',
  notSent: 'Nicht gesendet',
  again: 'Noch einmal',
  discard: 'Zurücknehmen',
  typing: 'antwortet',
  jump: (count) => (count === 0 ? 'Zum Neuesten' : `Zum Neuesten (${count} neu)`),
  step: (number, of) => `Schritt ${number} von ${of}`,
  suggestions: 'Vorschläge',
  free: 'kostenlos',
  attempts: (count) => `${count} Versuche`,
  verdicts: {
    passed: 'geprüft',
    changed: 'von der Prüfung geändert',
    refused: 'von der Prüfung abgelehnt',
    'not-checked': 'nicht geprüft',
  },
  stopped: 'Angehalten',
  upscale: 'Vergrößern',
  noPicture: 'Das Bild konnte nicht geladen werden.',
  close: 'Schließen',
  signIn: 'Ihre Sitzung ist abgelaufen. Was Sie geschrieben haben, bleibt erhalten.',
  reconnecting: 'Verbindung wird wiederhergestellt …',
  loading: 'Wird geladen …',
  remove: 'Entfernen',
};

export const wordsFor = (language: string): Words => (/^de\b/i.test(language) ? de : en);
