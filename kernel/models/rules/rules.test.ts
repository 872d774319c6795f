import { describe, expect, test } from 'vitest';

import { manualClock } from '../../basics/index.ts';
import { ADD_TOOL, asking, modelContract, partsOf, textIn } from '../model.contract.ts';
import { continuing } from '../routing/continuing.ts';
import { arithmeticIn } from './arithmetic.ts';
import { chooseTool } from './choose-tool.ts';
import { rulesModel } from './rules-model.ts';

const rules = rulesModel({ clock: manualClock(Date.UTC(2026, 10, 21, 9, 30)), seed: 1 });

modelContract('the built-in rules', async () => ({
  model: rules,
  forText: 'What is Tandem?',
  forTool: 'Please add 2 and 3.',
}));

const said = async (text: string, more = {}): Promise<string> => {
  const { content } = await rules.doGenerate(asking(text, more));
  return content.map((part) => (part.type === 'text' ? part.text : JSON.stringify(part))).join('');
};

describe('the built-in rules', () => {
  test.each([
    ['What is 12 * 7?', '12 * 7 is 84.'],
    ['what is (1 + 2) * 3 - 4', '(1 + 2) * 3 - 4 is 5.'],
    ['What is 3 plus 4?', '3 + 4 is 7.'],
    ['Was ist 0.1 + 0.2?', '0.1 + 0.2 ist 0.3.'],
    ['What is the date today?', 'It is Saturday, 21 November 2026, 09:30 UTC.'],
  ])('answer %j with %j', async (question, answer) => expect(await said(question)).toBe(answer));

  test.each([
    ['How do I add an API key?', /Sources/],
    ['Can I use Ollama?', /11434/],
    ['Who are you?', /built-in rules.*not a model/s],
    ['Are you an AI?', /not a model/],
    ['What is Tandem?', /workbench/],
    ['Hello!', /built-in rules/],
    ['Wer bist du?', /kein Modell/],
    ['Bonjour', /pas un modèle|règles intégrées/],
    ['Write me a poem about the sea.', /built-in rules/],
    ['', /built-in rules/],
  ])('say what they are or can: %j', async (question, answer) => expect(await said(question)).toMatch(answer));

  test('say the same to the same, and never call themselves a model or AI', async () => {
    for (const question of ['Hello', 'Explain quantum physics', 'Thanks', 'Wer bist du?', 'hola']) {
      expect(await said(question)).toBe(await said(question));
      expect(await said(question)).not.toMatch(/I am (?:an? )?(?:AI|model|assistant|language)/i);
    }
  });

  test('name the persona that was set up', async () => {
    const prompt = asking('Hello').prompt;
    const { content } = await rules.doGenerate({
      prompt: [{ role: 'system', content: 'You are Ada, a poet.' }, ...prompt],
    });
    expect(content).toMatchObject([{ text: expect.stringContaining('as Ada') }]);
  });

  test('tell what a tool answered', async () => {
    const { prompt } = asking('Please add 2 and 3.');
    const output = { type: 'text', value: '{"value":5}' } as const;
    const { content } = await rules.doGenerate({
      prompt: [
        ...prompt,
        { role: 'tool', content: [{ type: 'tool-result', toolCallId: 'a', toolName: 'add', output }] },
      ],
      tools: [ADD_TOOL],
    });
    expect(content).toMatchObject([{ type: 'text', text: 'The tool add answered: 5.' }]);
  });

  test('call no tool that does not obviously fit, or where none may be called', async () => {
    expect(await said('Tell me a joke', { tools: [ADD_TOOL] })).toMatch(/built-in rules/);
    expect(await said('Add 2 and 3', { tools: [ADD_TOOL], toolChoice: { type: 'none' } })).toMatch(/5/);
    expect(chooseTool('Add 1, 2 and 3', [ADD_TOOL])).toBeUndefined();
  });

  test('go on with their own answer exactly, and say so where it was not theirs', async () => {
    const options = asking('What is Tandem?');
    const whole = await said('What is Tandem?');
    for (const at of [10, 41, 100]) {
      const parts = await partsOf((await rules.doStream(continuing(options, whole.slice(0, at)))).stream);
      expect(whole.startsWith(textIn(parts).trimStart().slice(0, 5)) || whole.includes(textIn(parts))).toBe(true);
    }
    const { content } = await rules.doGenerate(continuing(options, 'Tandem, said the model, is'));
    expect(content).toMatchObject([{ text: expect.stringContaining('The rest is missing') }]);
  });

  test('end where the answer may be no longer, and answer JSON where JSON is asked for', async () => {
    const short = await rules.doGenerate(asking('What is Tandem?', { maxOutputTokens: 5 }));
    expect(short.finishReason.unified).toBe('length');
    expect(JSON.parse(await said('What is 1 + 1?', { responseFormat: { type: 'json' } }))).toEqual({
      answer: '1 + 1 is 2.',
    });
  });
});

test.each([
  ['2 ^ 10', 1024],
  ['-3 * -(2 + 1)', 9],
  ['7 % 4', 3],
  ['10 / 4', 2.5],
])('%s is %d', (expression, value) => expect(arithmeticIn(expression)?.value).toBe(value));

test.each(['1 / 0', '2026-11-21', 'version 1.2.3', '3 apples', `${'('.repeat(50)}1+1`, '1 +'])(
  '%j is no sum with a value',
  (text) => expect(arithmeticIn(text)).toBeUndefined(),
);
