// What builds on what, drawn. It is a picture: everything it says, the lists beside it say in words.

import {
  Background,
  Controls,
  Handle,
  MarkerType,
  Position,
  ReactFlow,
  type Node,
  type NodeProps,
} from '@xyflow/react';
// oxlint-disable-next-line import/no-unassigned-import -- a style sheet, loaded with the picture only
import '@xyflow/react/dist/style.css';
import { useEffect, useState } from 'react';
import type { PatchLine } from 'atomic/protocol';

import { TEXT } from '../components/chip.tsx';
import { classes } from '../components/classes.ts';
import { CornerLine, type Line } from '../components/corner-line.tsx';
import { actorLook } from './looks.ts';
import { BOX, layOutPatches, lineId, type Built, type PictureLayout } from './picture-layout.ts';
import { modelWord, titleOf } from './words.ts';

type PatchNode = Node<{ readonly patch: PatchLine; readonly isMarked: boolean }, 'patch'>;

const NODE_TYPES = { patch: PatchBox };
const LINE_TYPES = { line: CornerLine };

/** A large picture begins at its newest patches, at a size that is read; the rest is a drag away. */
const READABLE = { x: 12, y: 12, zoom: 0.85 };

interface PictureFace {
  readonly nodes: readonly PatchLine[];
  readonly edges: readonly Built[];
  readonly marked?: string;
  readonly label: string;
  readonly height: number;
  /** May be moved and zoomed; a small one beside other things stays as it is. */
  readonly movable?: boolean;
  readonly onOpen: (hash: string) => void;
  readonly onFailed: () => void;
}

export function PatchPicture({ nodes, edges, marked, label, height, movable = false, onOpen, onFailed }: PictureFace) {
  const layout = useLayout(nodes, edges, onFailed);
  return (
    <div
      // With its buttons for zooming it is no mere picture.
      role={movable ? 'group' : 'img'}
      aria-label={label}
      style={{ height }}
      className={layout === null ? 'animate-shimmer bg-sunken' : undefined}
    >
      {layout !== null && (
        <ReactFlow
          key={nodes.length}
          nodes={nodesOf(nodes, layout, marked)}
          edges={linesOf(edges, layout)}
          nodeTypes={NODE_TYPES}
          edgeTypes={LINE_TYPES}
          onNodeClick={(_, node) => onOpen(node.id)}
          fitView={!movable}
          fitViewOptions={{ padding: 0.04, maxZoom: 1, minZoom: 0.2 }}
          defaultViewport={READABLE}
          minZoom={0.1}
          nodesDraggable={false}
          nodesConnectable={false}
          nodesFocusable={false}
          edgesFocusable={false}
          elementsSelectable={false}
          panOnDrag={movable}
          zoomOnScroll={false}
          zoomOnPinch={movable}
          zoomOnDoubleClick={movable}
          preventScrolling={false}
          disableKeyboardA11y
          proOptions={{ hideAttribution: true }}
        >
          <Background color="var(--line-strong)" gap={16} size={1} />
          {movable && <Controls showInteractive={false} position="top-right" />}
        </ReactFlow>
      )}
    </div>
  );
}

interface Answer {
  readonly asked: string;
  readonly layout: PictureLayout;
}

function useLayout(nodes: readonly PatchLine[], edges: readonly Built[], onFailed: () => void): PictureLayout | null {
  const [answer, setAnswer] = useState<Answer | null>(null);
  const asked = JSON.stringify([nodes.map(({ hash }) => hash), edges.map(lineId)]);
  useEffect(() => {
    let gone = false;
    layOutPatches(
      nodes.map(({ hash }) => hash),
      edges,
    ).then(
      (layout) => !gone && setAnswer({ asked, layout }),
      () => !gone && onFailed(),
    );
    return () => {
      gone = true;
    };
    // The question says what there is to lay out; the lists are made anew each time.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [asked]);
  return answer?.asked === asked ? answer.layout : null;
}

const nodesOf = (nodes: readonly PatchLine[], layout: PictureLayout, marked: string | undefined): PatchNode[] =>
  nodes.map((patch) => ({
    id: patch.hash,
    type: 'patch',
    position: layout.places.get(patch.hash) ?? { x: 0, y: 0 },
    data: { patch, isMarked: patch.hash === marked },
    ...BOX,
  }));

const linesOf = (edges: readonly Built[], layout: PictureLayout): Line[] =>
  edges.map((edge) => ({
    id: lineId(edge),
    type: 'line',
    source: edge.from,
    target: edge.to,
    data: { corners: layout.lines.get(lineId(edge)) ?? [] },
    markerEnd: { type: MarkerType.ArrowClosed, color: 'var(--control)', width: 14, height: 14 },
    style: { stroke: 'var(--control)', strokeWidth: 1.4 },
  }));

function PatchBox({ data: { patch, isMarked } }: NodeProps<PatchNode>) {
  const { icon: Icon, tone, word } = actorLook(patch.who.actor);
  return (
    <div
      style={BOX}
      className={classes(
        'flex cursor-pointer flex-col justify-center gap-0.5 rounded-lg border border-line-strong bg-surface px-3 shadow-card hover:bg-sunken',
        isMarked && 'border-accent ring-4 ring-accent-soft',
      )}
    >
      <Handle type="target" position={Position.Top} className="invisible" />
      <span className="truncate text-sm font-medium">{titleOf(patch.message)}</span>
      <span className="flex items-center gap-1.5 text-xs text-ink-soft">
        <Icon aria-hidden className={classes('size-3.5 shrink-0', TEXT[tone])} />
        <span className="truncate">
          {word}
          {patch.who.model === null ? `, ${patch.author.name}` : `, ${modelWord(patch.who.model)}`}
        </span>
      </span>
      <Handle type="source" position={Position.Bottom} className="invisible" />
    </div>
  );
}
