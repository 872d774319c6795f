import { useQueryClient } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import { toFault } from 'kernel/basics';
import type { Character } from 'chat/protocol';

import { Button } from '../components/button.tsx';
import { Card } from '../components/card.tsx';
import { Field, ProblemText } from '../components/field.tsx';
import { SelectField } from '../components/select-field.tsx';
import { tell } from '../components/tell.ts';
import { freshKey } from '../requests/orders.ts';
import { useOrder } from '../requests/use-order.ts';
import { originsIn } from './embed-state.ts';
import { saveEmbed } from './queries.ts';

export function EmbedForm({ characters }: { readonly characters: readonly Character[] }) {
  const queries = useQueryClient();
  const [name, setName] = useState('');
  const [origins, setOrigins] = useState('');
  const [character, setCharacter] = useState('');
  const save = useOrder({
    send: saveEmbed,
    doing: 'Adding the page',
    quiet: true,
    done: () => {
      void queries.invalidateQueries({ queryKey: ['chats', 'embeds'] });
      tell(`${name} may hold a chat. Copy its line into the page.`, { tone: 'good' });
      setName('');
      setOrigins('');
    },
  });
  const characterId = character === '' ? (characters[0]?.id ?? '') : character;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    save.mutate({ key: freshKey(), draft: { name: name.trim(), characterId, origins: [...originsIn(origins)] } });
  };
  return (
    <Card title="Put a chat on a page" icon={Plus}>
      <form onSubmit={submit} className="flex flex-wrap items-end gap-3">
        <Field label="Name" value={name} onText={setName} required maxLength={100} className="w-56 max-w-full" />
        <Field
          label="Exact origins of its pages"
          placeholder="https://shop.example https://www.shop.example"
          value={origins}
          onText={setOrigins}
          required
          className="min-w-0 flex-1 basis-72"
        />
        <SelectField
          label="Whom visitors talk to"
          value={characterId}
          options={characters.map(({ id, name: called }) => ({ value: id, label: called }))}
          onChange={setCharacter}
        />
        <Button type="submit" look="primary" disabled={save.isPending}>
          Add
        </Button>
      </form>
      {save.error !== null && <ProblemText problem={toFault(save.error, 'Adding the page')} />}
    </Card>
  );
}
