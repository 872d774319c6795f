// What people read when a request failed: the seed's seven texts, and their translations.
// Rule: a text says nothing of the server's insides; those are in the error's `problem`.

export type ErrorKind = 'network' | 'auth' | 'permission' | 'not-found' | 'rate-limit' | 'server' | 'other';
export type ChatErrorKind = ErrorKind | 'cancelled';

export type ErrorTexts = Readonly<Record<ChatErrorKind, string>>;

const en: ErrorTexts = {
  network: 'Network error. Please check your internet connection.',
  auth: 'Your session has expired. Please log in again.',
  permission: 'You do not have permission to access this resource.',
  'not-found': 'The requested resource was not found.',
  'rate-limit': 'Too many requests. Please wait a moment and try again.',
  server: 'Server error. Please try again later.',
  other: 'An error occurred. Please try again.',
  cancelled: 'The request was cancelled.',
};

const de: ErrorTexts = {
  network: 'Netzwerkfehler. Bitte prüfen Sie Ihre Internetverbindung.',
  auth: 'Ihre Sitzung ist abgelaufen. Bitte melden Sie sich erneut an.',
  permission: 'Sie haben keine Berechtigung, darauf zuzugreifen.',
  'not-found': 'Das Gesuchte wurde nicht gefunden.',
  'rate-limit': 'Zu viele Anfragen. Bitte warten Sie einen Moment und versuchen Sie es erneut.',
  server: 'Serverfehler. Bitte versuchen Sie es später erneut.',
  other: 'Ein Fehler ist aufgetreten. Bitte versuchen Sie es erneut.',
  cancelled: 'Die Anfrage wurde abgebrochen.',
};

export const ERROR_TEXTS: ReadonlyMap<string, ErrorTexts> = new Map([
  ['en', en],
  ['de', de],
]);

/** The texts for a language such as `de` or `de-CH`; English where there are none. */
export const errorTextsFor = (language: string): ErrorTexts =>
  ERROR_TEXTS.get(language.toLowerCase().split('-')[0] ?? '') ?? en;
