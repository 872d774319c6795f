// What the built-in rules say, as data: authored texts with slots, in the languages of those who are likely to ask.
// Rule: they never pretend to be a model. Each text that declines says what would answer instead.

export const LANGUAGES = ['en', 'de', 'fr', 'es'] as const;
export type Language = (typeof LANGUAGES)[number];

/** Short words that only one of the languages has; English where none is found. */
export const TELLTALES: Readonly<Record<Exclude<Language, 'en'>, RegExp>> = {
  de: /(?<![\p{L}])(?:hallo|guten|bitte|danke|und|ist|nicht|wie|was|wer|ich|du|kannst|schlüssel|wieviel|rechne)(?![\p{L}])/iu,
  fr: /(?<![\p{L}])(?:bonjour|salut|merci|est|quelle?|comment|pourquoi|qui|je|peux|clé|combien|ajouter)(?![\p{L}])/iu,
  es: /(?<![\p{L}])(?:hola|gracias|buenos|cómo|qué|quién|puedes|clave|cuánto|añadir|por favor)(?![\p{L}])/iu,
};

type Texts = { readonly en: readonly string[] } & Partial<Record<Language, readonly string[]>>;

export interface Topic {
  readonly name: string;
  /** Any of them in what is asked. Earlier topics go before later ones. */
  readonly asked: RegExp;
  readonly texts: Texts;
}

const KEY_STEPS =
  'Open Sources in the console and add a key of Anthropic, OpenAI, Gemini, Hugging Face, Qwen or OpenRouter. ' +
  'Or put it into the settings before the start, such as ANTHROPIC_API_KEY=… in the file .env. Nothing has to be restarted for a key added in the console.';
const LOCAL_STEPS =
  'Start a server of models on this machine: Ollama (ollama serve, then ollama pull llama3.2), llama.cpp (llama-server -m model.gguf) or LM Studio. ' +
  'Tandem finds it on ports 11434, 8080 and 1234; press “Look again” under Sources. It costs nothing, and no word leaves the machine.';

export const TOPICS: readonly Topic[] = [
  {
    name: 'key',
    asked:
      /\b(?:api[ -]?keys?|add (?:a |an |my )?key|keys?\b.*\b(?:add|set|put|use)|(?:add|set up|connect|configure|use)\b.*\b(?:provider|anthropic|openai|claude|gemini|gpt|model))|schlüssel|clé|clave/iu,
    texts: {
      en: [`To let a model answer here, you need a key. ${KEY_STEPS}`],
      de: [
        'Damit hier ein Modell antwortet, braucht es einen Schlüssel: in der Konsole unter „Sources“ eintragen, oder vor dem Start in der Datei .env, etwa ANTHROPIC_API_KEY=…',
      ],
      fr: [
        'Pour qu’un modèle réponde ici, il faut une clé : ajoutez-la dans la console sous « Sources », ou dans le fichier .env, par exemple ANTHROPIC_API_KEY=…',
      ],
      es: [
        'Para que responda un modelo hace falta una clave: añádala en la consola, en «Sources», o en el archivo .env, por ejemplo ANTHROPIC_API_KEY=…',
      ],
    },
  },
  {
    name: 'local',
    asked: /\b(?:local(?:ly)?|offline|ollama|llama\.?cpp|lm studio|my own machine|without (?:a )?key)\b/iu,
    texts: { en: [LOCAL_STEPS] },
  },
  {
    name: 'who',
    asked:
      /\b(?:who|what) are you\b|\bare you (?:an? )?(?:ai|model|bot|human|real|chatgpt|claude)\b|wer bist du|qui es-tu|quién eres/iu,
    texts: {
      en: [
        'I am the built-in rules of Tandem: a small program that answers what somebody wrote down beforehand. I am not a model, and I cost nothing. With a key or a model on this machine, something that really understands you answers in my place.',
      ],
      de: [
        'Ich bin die eingebauten Regeln von Tandem: ein kleines Programm mit vorbereiteten Antworten, kein Modell. Mit einem Schlüssel oder einem Modell auf diesem Rechner antwortet an meiner Stelle etwas, das dich versteht.',
      ],
      fr: [
        'Je suis les règles intégrées de Tandem : un petit programme aux réponses préparées, pas un modèle. Avec une clé ou un modèle sur cette machine, quelque chose qui comprend vraiment répondra à ma place.',
      ],
      es: [
        'Soy las reglas integradas de Tandem: un pequeño programa con respuestas preparadas, no un modelo. Con una clave o un modelo en esta máquina responderá algo que de verdad entiende.',
      ],
    },
  },
  {
    name: 'modernizer',
    asked: /\b(?:moderni[sz]\w*|upgrade|dependenc\w+|outdated)\b/iu,
    texts: {
      en: [
        'Modernizer upgrades the dependencies of a project: it plans, tries each upgrade in a sandbox, explains what failed, and hands over only what passed the tests. Point it at a project under Modernizer, or run: tandem modernize PATH',
      ],
    },
  },
  {
    name: 'atomic',
    asked: /\batomic\b|\bversion control\b|\bpatch(?:es)?\b/iu,
    texts: {
      en: [
        'Atomic is version control made of patches: it remembers who, or which model, wrote each byte, and any patch can be taken back alone. Try: atomic init, atomic record -m "first", atomic credit FILE',
      ],
    },
  },
  {
    name: 'gateway',
    asked: /\bgateway\b|\bbudgets?\b|\bcosts?\b|\bspend\w*\b/iu,
    texts: {
      en: [
        'Every question to a model goes through Tandem’s gateway: its most is set aside in your budgets before it is sent, and what it really cost is on the ledger under Costs. Other tools can use the gateway too: tandem key issue --name NAME --budget 5.00, then point them at /v1 of this server.',
      ],
    },
  },
  {
    name: 'about',
    asked:
      /\btandem\b|\bwhat (?:is|can|does) this\b|\bwhat can (?:you|i) do\b|\bhow (?:do i|to) (?:start|begin)\b|\bhelp\b|was kannst du|que peux-tu|qué puedes|\bhilfe\b|\bayuda\b|\baide\b/iu,
    texts: {
      en: [
        'Tandem is a workbench for people who work with AI. Modernizer upgrades the dependencies of a project and shows the proof; Atomic remembers which line came from whom, or from which model; Chat is this place; Costs shows where the money went. A good first step: point Modernizer at a project. I can also reckon (“what is 12 * 7?”), tell the date, and say how to add a key or a local model.',
      ],
      de: [
        'Tandem ist eine Werkbank für Menschen, die mit KI arbeiten: Modernizer erneuert Abhängigkeiten eines Projekts und zeigt den Beweis, Atomic merkt sich, welche Zeile von wem stammt, Costs zeigt, wohin das Geld ging. Ich kann auch rechnen („12 * 7“), das Datum sagen und erklären, wie man einen Schlüssel einträgt.',
      ],
      fr: [
        'Tandem est un établi pour ceux qui travaillent avec l’IA : Modernizer met à jour les dépendances d’un projet, preuves à l’appui ; Atomic sait qui a écrit chaque ligne ; Costs montre où va l’argent. Je sais aussi calculer (« 12 * 7 ») et donner la date.',
      ],
      es: [
        'Tandem es un banco de trabajo para quienes trabajan con IA: Modernizer actualiza las dependencias de un proyecto y enseña las pruebas; Atomic sabe quién escribió cada línea; Costs muestra adónde va el dinero. También sé calcular («12 * 7») y decir la fecha.',
      ],
    },
  },
  {
    name: 'thanks',
    asked: /\b(?:thanks?|thank you|thx|danke|merci|gracias)\b/iu,
    texts: { en: ['You are welcome.', 'Gladly.'], de: ['Gern.'], fr: ['Avec plaisir.'], es: ['De nada.'] },
  },
  {
    name: 'goodbye',
    asked: /\b(?:bye|goodbye|see you|tschüss|au revoir|adiós)\b/iu,
    texts: { en: ['Goodbye.', 'See you.'], de: ['Auf Wiedersehen.'], fr: ['Au revoir.'], es: ['Adiós.'] },
  },
  {
    name: 'greeting',
    asked:
      /^\W*(?:hi|hello|hey|good (?:morning|afternoon|evening)|hallo|guten (?:tag|morgen|abend)|bonjour|salut|hola|buenos días)\b/iu,
    texts: {
      en: [
        'Hello! {persona}I am the built-in rules, not a model; ask me what Tandem is, how to add a key, or what 12 * 7 is.',
        'Hello. {persona}No model is connected yet, so the built-in rules answer. Ask me how to add one, or what Tandem can do.',
      ],
      de: [
        'Hallo! {persona}Hier antworten die eingebauten Regeln, kein Modell. Frag mich, was Tandem ist oder wie man einen Schlüssel einträgt.',
      ],
      fr: [
        'Bonjour ! {persona}Ce sont les règles intégrées qui répondent, pas un modèle. Demandez-moi ce qu’est Tandem ou comment ajouter une clé.',
      ],
      es: [
        '¡Hola! {persona}Responden las reglas integradas, no un modelo. Pregúnteme qué es Tandem o cómo añadir una clave.',
      ],
    },
  },
];

export const DECLINES: Texts = {
  en: [
    'I cannot answer that: I am the built-in rules, not a model, and nobody wrote an answer to it. Add a key under Sources, or start a local model such as Ollama, and ask again. What I can do: say what Tandem is, how to add a key or a local model, reckon, and tell the date.',
    'That is beyond me. No model is connected, so only the built-in rules answer, and they know Tandem, arithmetic and the date. A key under Sources, or a local model such as Ollama, changes that.',
  ],
  de: [
    'Darauf weiß ich keine Antwort: Ich bin die eingebauten Regeln, kein Modell. Trage unter „Sources“ einen Schlüssel ein, oder starte ein Modell auf diesem Rechner, und frage noch einmal.',
  ],
  fr: [
    'Je ne sais pas répondre à cela : je suis les règles intégrées, pas un modèle. Ajoutez une clé sous « Sources », ou démarrez un modèle local, et demandez encore.',
  ],
  es: [
    'No sé responder a eso: soy las reglas integradas, no un modelo. Añada una clave en «Sources», o inicie un modelo local, y pregunte de nuevo.',
  ],
};

export const SUM: Texts = {
  en: ['{expression} is {value}.'],
  de: ['{expression} ist {value}.'],
  fr: ['{expression} font {value}.'],
  es: ['{expression} son {value}.'],
};
export const DATE: Texts = {
  en: ['It is {date}, {time} UTC.'],
  de: ['Es ist der {date}, {time} UTC.'],
  fr: ['Nous sommes le {date}, {time} UTC.'],
  es: ['Es el {date}, {time} UTC.'],
};
export const PERSONA: Texts = {
  en: ['You set up {name}; a model would speak as {name}. '],
  de: ['Eingerichtet ist {name}; ein Modell würde als {name} sprechen. '],
  fr: ['Vous avez choisi {name} ; un modèle parlerait comme {name}. '],
  es: ['Ha elegido a {name}; un modelo hablaría como {name}. '],
};
export const TOOL_ANSWERED: Texts = {
  en: ['The tool {tool} answered: {output}.'],
  de: ['Das Werkzeug {tool} antwortete: {output}.'],
  fr: ['L’outil {tool} a répondu : {output}.'],
  es: ['La herramienta {tool} respondió: {output}.'],
};
/** Where another began the answer and the rules cannot know its rest. */
export const CANNOT_CONTINUE =
  ' … (The rest is missing. Only the built-in rules are left to answer, and they cannot go on for a model.)';

export function pick(texts: Texts, language: Language, choice: number): string {
  const list = texts[language] ?? texts.en;
  return list[choice % list.length] ?? '';
}

export const filled = (text: string, slots: Readonly<Record<string, string>>): string =>
  text.replaceAll(/\{(\w+)\}/g, (slot, name: string) => slots[name] ?? slot);
