// Asks question after question through the gateway by OpenAI's own client, until the budget of its key stops it.
// Nothing in it is Tandem's: any program that lets one set the address of the API works like this.

import OpenAI from 'openai';

export interface Asked {
  readonly answers: readonly string[];
  /** What the gateway said when it refused. */
  readonly stoppedBy: string;
}

/** `gateway`: the address of the server with /v1. `key`: of `tandem key issue --name example --budget 0.01`. */
export async function askUntilStopped(gateway: string, key: string, model = 'auto'): Promise<Asked> {
  const client = new OpenAI({ baseURL: gateway, apiKey: key, maxRetries: 0 });
  const answers: string[] = [];
  for (let question = 1; question <= 1000; question += 1) {
    try {
      const stream = await client.chat.completions.create({
        model,
        messages: [{ role: 'user', content: `Question ${question}: what does the quick brown fox do?` }],
        max_tokens: 50,
        stream: true,
      });
      let answer = '';
      for await (const chunk of stream) answer += chunk.choices[0]?.delta.content ?? '';
      answers.push(answer);
    } catch (error) {
      // 402: this key has spent what it may. Another error is one.
      if (error instanceof OpenAI.APIError && error.status === 402) return { answers, stoppedBy: error.message };
      throw error;
    }
  }
  return { answers, stoppedBy: 'nothing' };
}

if (import.meta.main) {
  const [gateway = 'http://127.0.0.1:4600/v1', key = ''] = process.argv.slice(2);
  const { answers, stoppedBy } = await askUntilStopped(gateway, key);
  process.stdout.write(`${answers.length} answers, then: ${stoppedBy}\n`);
}
