// Where an answer came from: who gave it, in how many attempts, what each cost, and what the guard said.

import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ThreadMessage } from 'chat/thread';
import type { ReactNode } from 'react';

import { Chip } from '../components/chip.tsx';
import { CopyLine } from '../components/copy-line.tsx';
import { Drawer } from '../components/drawer.tsx';
import { countText } from '../components/money.ts';
import { Screen } from '../components/screen.tsx';
import { AttemptList } from '../costs/attempt-list.tsx';
import { linesQuery } from '../costs/queries.ts';
import { faceOf, mapFace } from '../requests/face.ts';
import { attemptsText, costText, verdictLook } from './message-state.ts';

interface AnswerDrawerFace {
  readonly message: ThreadMessage;
  readonly onClose: () => void;
}

export function AnswerDrawer({ message, onClose }: AnswerDrawerFace) {
  return (
    <Drawer
      open
      title="Where this answer came from"
      description="Who gave it, what it cost, and what the guard said of it."
      onClose={onClose}
    >
      <div className="min-h-0 flex-1 space-y-6 overflow-y-auto p-5">
        <Facts message={message} />
        {message.runId !== null && <Attempts run={message.runId} onClose={onClose} />}
      </div>
    </Drawer>
  );
}

function Facts({ message }: { readonly message: ThreadMessage }) {
  const { source, usage, verdict } = message;
  return (
    <dl className="grid grid-cols-[110px_minmax(0,1fr)] gap-x-4 gap-y-3 text-sm">
      <Fact name="Answered by">{source?.text ?? 'nobody: it was written here'}</Fact>
      {source !== null && source.provider !== '' && <Fact name="Provider">{source.provider}</Fact>}
      {source !== null && source.model !== '' && <Fact name="Model">{source.model}</Fact>}
      {source !== null && <Fact name="Attempts">{attemptsText(source.attempts)}</Fact>}
      {usage !== null && (
        <Fact name="Tokens">
          {countText(usage.inputTokens)} read, {countText(usage.outputTokens)} written
          {usage.isEstimated && ' (counted by Tandem, not told by the provider)'}
        </Fact>
      )}
      <Fact name="Cost">{costText(message) ?? 'nothing was spent'}</Fact>
      <Fact name="Verdict">
        {verdict === null ? (
          'none: there was nothing to judge'
        ) : (
          <span className="flex flex-wrap items-center gap-2">
            <Chip look={verdictLook(verdict)} />
            <span>
              {verdict.by !== null && `by ${verdict.by}`}
              {verdict.reason !== null && `: ${verdict.reason}`}
            </span>
          </span>
        )}
      </Fact>
    </dl>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <>
      <dt className="text-ink-soft">{name}</dt>
      <dd className="[overflow-wrap:anywhere]">{children}</dd>
    </>
  );
}

function Attempts({ run, onClose }: { readonly run: string; readonly onClose: () => void }) {
  const pages = useInfiniteQuery(linesQuery({ run }));
  const face = mapFace(faceOf(pages), (data) => data.pages.flatMap(({ lines }) => lines));
  return (
    <section aria-labelledby="attempts" className="space-y-3">
      <h3 id="attempts" className="font-semibold">
        Every attempt of it
      </h3>
      <Screen face={face} loading="Loading the attempts">
        {(lines) =>
          lines.length === 0 ? (
            <p className="text-sm text-ink-soft">No provider was called for it, so the ledger has no line.</p>
          ) : (
            <AttemptList lines={lines} />
          )
        }
      </Screen>
      <div>
        <p className="mb-1 text-sm text-ink-soft">The run that made it:</p>
        <CopyLine line={run} label="Copy the run" />
        <p className="mt-2 text-sm">
          <Link
            to="/costs"
            search={{ run }}
            onClick={onClose}
            className="rounded font-medium text-accent-text hover:underline"
          >
            See this run in the ledger
          </Link>
        </p>
      </div>
    </section>
  );
}
