// Who answers in this conversation: a route, or one model. Changed from the next question on.

import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ThreadState } from 'chat/thread';
import type { Sources } from 'tandem/protocol';

import { SelectField } from '../components/select-field.tsx';
import { sourcesQuery } from '../sources/queries.ts';
import { choose, chosen } from './chosen.ts';
import { useChatScreen } from './screen-context.ts';
import { change } from './use-asked.ts';
import { useThread } from './use-open-chat.ts';

const modelOf = (state: ThreadState) => chosen(state, 'model') ?? 'auto';

export function ModelPart() {
  const { chat } = useChatScreen();
  const model = useThread(chat, modelOf);
  const sources = useQuery(sourcesQuery).data;
  if (sources === undefined) return <p className="text-sm text-ink-soft">Chosen by the server.</p>;
  return (
    <>
      <SelectField
        label="Who answers"
        value={model}
        options={optionsOf(sources, model)}
        onChange={(next) => void change('Choosing who answers', () => choose(chat, { model: next }))}
        className="w-full"
      />
      <p className="text-sm text-ink-soft">
        Just now: <span className="text-ink">{sources.text}</span>.{' '}
        <Link to="/sources" className="rounded font-medium text-accent-text hover:underline">
          Sources
        </Link>
      </p>
    </>
  );
}

const KINDS = { route: 'route', model: '', rules: 'no model' } as const;

/** What can be called by name; what is chosen is among them, also when it is there no more. */
function optionsOf({ models }: Sources, chosen: string) {
  const options = models.map(({ id, kind }) => ({
    value: id,
    label: KINDS[kind] === '' ? id : `${id} (${KINDS[kind]})`,
  }));
  return options.some(({ value }) => value === chosen) ? options : [{ value: chosen, label: chosen }, ...options];
}
