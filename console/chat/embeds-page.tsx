// Pages of one's own that may hold a chat: which ones, with whom, and the one line that puts it there.

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Code2, Trash2 } from 'lucide-react';
import { useState } from 'react';
import type { Character, Embed } from 'chat/protocol';

import { Button } from '../components/button.tsx';
import { Card } from '../components/card.tsx';
import { CopyLine } from '../components/copy-line.tsx';
import { Empty } from '../components/empty.tsx';
import { PageHeader } from '../components/page-header.tsx';
import { Question } from '../components/question.tsx';
import { Screen } from '../components/screen.tsx';
import { tell } from '../components/tell.ts';
import { Toggle } from '../components/toggle.tsx';
import { faceOf } from '../requests/face.ts';
import { freshKey } from '../requests/orders.ts';
import { useOrder } from '../requests/use-order.ts';
import { usePageTitle } from '../shell/page-title.ts';
import { EmbedForm } from './embed-form.tsx';
import { embedLine } from './embed-state.ts';
import { charactersQuery, embedsQuery, removeEmbed, saveEmbed } from './queries.ts';

export function EmbedsPage() {
  usePageTitle('Chats on other pages');
  const embeds = useQuery(embedsQuery);
  const characters = useQuery(charactersQuery).data ?? [];
  return (
    <>
      <PageHeader
        title="Chats on other pages"
        lead="One line puts a chat on a page of your own. Only the pages that you name may hold it, and what its visitors spend is bounded by a budget."
      />
      <div className="space-y-6">
        <EmbedForm characters={characters} />
        <Screen face={faceOf(embeds)} loading="Loading the pages">
          {(all) =>
            all.length === 0 ? (
              <Empty icon={Code2} title="No page holds a chat yet">
                <p>Name one above, and copy its line into that page.</p>
              </Empty>
            ) : (
              <ul aria-label="Pages" className="space-y-4">
                {all.map((embed) => (
                  <li key={embed.id}>
                    <EmbedCard embed={embed} characters={characters} />
                  </li>
                ))}
              </ul>
            )
          }
        </Screen>
      </div>
    </>
  );
}

function EmbedCard({ embed, characters }: { readonly embed: Embed; readonly characters: readonly Character[] }) {
  const { id, name, characterId, origins, isOn } = embed;
  const queries = useQueryClient();
  const [isAsked, setIsAsked] = useState(false);
  const again = (): void => void queries.invalidateQueries({ queryKey: ['chats', 'embeds'] });
  const save = useOrder({ send: saveEmbed, doing: 'Changing the page', done: again });
  const remove = useOrder({
    send: removeEmbed,
    doing: 'Removing the page',
    done: () => {
      again();
      tell(`${name} holds no chat any more.`);
    },
  });
  const character = characters.find((each) => each.id === characterId);
  return (
    <Card
      title={name}
      aside={
        <>
          <Toggle
            label={isOn ? 'On' : 'Off'}
            on={isOn}
            onChange={(on) => save.mutate({ key: freshKey(), id, draft: { name, characterId, origins, isOn: on } })}
          />
          <Button
            look="quiet"
            size="icon"
            className="size-8"
            aria-label={`Remove ${name}`}
            onClick={() => setIsAsked(true)}
          >
            <Trash2 aria-hidden />
          </Button>
        </>
      }
    >
      <p className="text-sm text-ink-soft [overflow-wrap:anywhere]">
        {character?.name ?? characterId}, on {origins.join(', ')}
      </p>
      <CopyLine className="mt-3" line={embedLine(location.origin, id)} label={`Copy the line for ${name}`} />
      {isAsked && (
        <Question
          title={`Take the chat off ${name}?`}
          detail="Its line shows nothing from then on. What its visitors said is kept as long as before."
          yes="Take it off"
          onYes={() => remove.mutate({ key: freshKey(), id })}
          onClose={() => setIsAsked(false)}
        />
      )}
    </Card>
  );
}
