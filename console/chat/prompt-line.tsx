import { promptsModule } from 'chat/modules';
import type { Prompt } from 'chat/protocol';
import { Ellipsis } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import { useState } from 'react';

import { Button } from '../components/button.tsx';
import { Field } from '../components/field.tsx';
import { Moment } from '../components/moment.tsx';
import { DraftForm, type Drafted } from './draft-form.tsx';
import { MENU, MENU_ITEM } from './menu-look.ts';
import { namesIn } from './prompt-state.ts';
import { useChatScreen } from './screen-context.ts';
import { change, useAsked } from './use-asked.ts';

interface PromptLineFace {
  readonly prompt: Prompt;
  /** It is told with every question of this conversation. */
  readonly isTold: boolean;
  readonly onTold: (isTold: boolean) => void;
  readonly onSave: (drafted: Drafted) => Promise<boolean>;
  readonly onRemove: () => void;
}

type Doing = 'nothing' | 'filling' | 'changing' | 'versions';

export function PromptLine({ prompt, isTold, onTold, onSave, onRemove }: PromptLineFace) {
  const [doing, setDoing] = useState<Doing>('nothing');
  const put = usePut(prompt, () => setDoing('nothing'));
  const names = namesIn(prompt.content);
  const use = (): void => {
    if (prompt.use === 'system') onTold(!isTold);
    else if (names.length > 0) setDoing(doing === 'filling' ? 'nothing' : 'filling');
    else put({});
  };
  return (
    <div className="rounded-lg border p-2.5">
      <div className="flex items-center gap-2">
        <span className="min-w-0 flex-1">
          <span className="block truncate text-sm font-medium">{prompt.name}</span>
          <span className="block text-xs text-ink-soft">
            version {prompt.version}
            {prompt.use === 'system' && (isTold ? ', told with every question' : ', can be told with every question')}
          </span>
        </span>
        <Button size="small" aria-pressed={prompt.use === 'system' ? isTold : undefined} onClick={use}>
          {prompt.use === 'message' ? 'Use' : isTold ? 'Leave out' : 'Tell'}
        </Button>
        <Menu name={prompt.name} onDo={setDoing} onRemove={onRemove} />
      </div>
      {doing === 'filling' && <Filling names={names} onDone={put} />}
      {doing === 'versions' && <Versions id={prompt.id} />}
      {doing === 'changing' && (
        <div className="mt-2">
          <DraftForm
            isOpen
            onOpen={() => setDoing('nothing')}
            open=""
            nameLabel="Name"
            textLabel="Text"
            textHint="It is saved as a new version; this one stays."
            before={{ name: prompt.name, text: prompt.content }}
            onSave={onSave}
          />
        </div>
      )}
    </div>
  );
}

/** Puts the text with its names filled in by the server into the field. */
function usePut({ id }: Prompt, done: () => void): (context: Readonly<Record<string, string>>) => void {
  const { chat, write } = useChatScreen();
  return (context) =>
    void change('Filling in the prompt', async () => {
      const filled = await chat.modules.port(promptsModule)?.getPrompt(id, context);
      if (filled !== undefined) write(filled.content);
      done();
    });
}

function Menu({
  name,
  onDo,
  onRemove,
}: {
  readonly name: string;
  readonly onDo: (doing: Doing) => void;
  readonly onRemove: () => void;
}) {
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger
        aria-label={`More for ${name}`}
        className="grid size-8 place-items-center rounded-md text-ink-faint hover:bg-sunken hover:text-ink"
      >
        <Ellipsis aria-hidden className="size-4" />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content align="end" className={MENU}>
          <DropdownMenu.Item className={MENU_ITEM} onSelect={() => onDo('changing')}>
            Change it
          </DropdownMenu.Item>
          <DropdownMenu.Item className={MENU_ITEM} onSelect={() => onDo('versions')}>
            Show its versions
          </DropdownMenu.Item>
          <DropdownMenu.Item className={MENU_ITEM} onSelect={onRemove}>
            Remove it
          </DropdownMenu.Item>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

interface FillingFace {
  readonly names: readonly string[];
  readonly onDone: (context: Readonly<Record<string, string>>) => void;
}

function Filling({ names, onDone }: FillingFace) {
  const [values, setValues] = useState<Readonly<Record<string, string>>>({});
  return (
    <form
      className="mt-2 space-y-2"
      onSubmit={(event) => {
        event.preventDefault();
        onDone(values);
      }}
    >
      {names.map((name) => (
        <Field
          key={name}
          label={name}
          value={values[name] ?? ''}
          onText={(text) => setValues({ ...values, [name]: text })}
        />
      ))}
      <Button type="submit" size="small" look="primary">
        Put it into the field
      </Button>
    </form>
  );
}

function Versions({ id }: { readonly id: string }) {
  const { chat } = useChatScreen();
  const { value } = useAsked(`versions of ${id}`, () => chat.modules.port(promptsModule)?.versions(id));
  return (
    <ol className="mt-2 space-y-2" aria-label="Versions">
      {value.map((version) => (
        <li key={version.version} className="rounded-md bg-sunken p-2 text-xs">
          <p className="text-ink-soft">
            Version {version.version}, <Moment at={version.createdAt} />
          </p>
          <p className="mt-1 whitespace-pre-wrap [overflow-wrap:anywhere]">{version.content}</p>
        </li>
      ))}
    </ol>
  );
}
