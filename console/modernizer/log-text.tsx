// The text of a log in the tones of its colours, with what was searched for marked, and the tools to read it: follow, search, copy.

import { useEffect, useMemo, useRef, useState } from 'react';

import { TEXT } from '../components/chip.tsx';
import { classes } from '../components/classes.ts';
import { colouredRuns, type ColouredRun } from './log-colours.ts';
import { LogTools } from './log-tools.tsx';
import { matchesIn, nextMatch, plainText, searchLog, type LogPiece, type LogState } from './log-state.ts';

export function LogText({ log }: { readonly log: LogState }) {
  const [follow, setFollow] = useState(true);
  const [wanted, setWanted] = useState('');
  const [current, setCurrent] = useState(0);
  const box = useRef<HTMLDivElement>(null);
  const text = useMemo(() => plainText(log.text), [log.text]);
  const pieces = useMemo(() => searchLog(text, wanted), [text, wanted]);
  const runs = useMemo(() => (wanted === '' ? colouredRuns(log.text) : []), [log.text, wanted]);
  const matches = matchesIn(pieces);

  useEffect(() => {
    if (follow && text !== '' && box.current !== null) box.current.scrollTop = box.current.scrollHeight;
  }, [follow, text]);
  useEffect(() => {
    if (wanted === '') return;
    box.current?.querySelector(`[data-match="${current}"]`)?.scrollIntoView({ block: 'center' });
  }, [wanted, current]);

  return (
    <>
      <LogTools
        text={text}
        wanted={wanted}
        current={current}
        matches={matches}
        follow={follow}
        onFollow={setFollow}
        onWanted={(next) => {
          setWanted(next);
          setCurrent(0);
          if (next !== '') setFollow(false);
        }}
        onStep={(by) => {
          setFollow(false);
          setCurrent(nextMatch(current, by, matches));
        }}
      />
      <div
        ref={box}
        role="region"
        aria-label="Log"
        tabIndex={0}
        onWheel={(event) => event.deltaY < 0 && setFollow(false)}
        className="min-h-0 flex-1 overflow-auto bg-sunken px-5 py-4 -outline-offset-2"
      >
        {log.cut && (
          <p className="mb-2 text-xs text-ink-soft">The beginning is not shown; the whole log is in the evidence.</p>
        )}
        {text === '' ? (
          <p className="text-ink-soft">{log.complete ? 'It printed nothing.' : 'Nothing printed yet…'}</p>
        ) : (
          <pre className="whitespace-pre-wrap font-mono text-xs leading-5 [overflow-wrap:anywhere]">
            {wanted === ''
              ? runs.map((run, index) => <Run key={index} run={run} />)
              : pieces.map((piece, index) => <Piece key={index} piece={piece} current={current} />)}
          </pre>
        )}
      </div>
    </>
  );
}

/** A piece in the tone of the colour that the program gave it. */
function Run({ run: { text, tone, bold } }: { readonly run: ColouredRun }) {
  if (tone === null && !bold) return text;
  const ink = tone === null ? '' : tone === 'faint' ? 'text-ink-soft' : TEXT[tone];
  return <span className={classes(ink, bold && 'font-semibold')}>{text}</span>;
}

function Piece({ piece, current }: { readonly piece: LogPiece; readonly current: number }) {
  if (piece.match === null) return piece.text;
  const here = piece.match === current;
  return (
    <mark
      data-match={piece.match}
      className={here ? 'rounded-sm bg-accent text-accent-ink' : 'rounded-sm bg-warn-soft text-warn underline'}
    >
      {piece.text}
    </mark>
  );
}
