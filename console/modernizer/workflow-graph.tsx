// The workflow as a live picture. It is a picture: everything it says, the list beside it says in words.

import {
  Background,
  Handle,
  MarkerType,
  Position,
  ReactFlow,
  type Edge,
  type Node,
  type NodeProps,
} from '@xyflow/react';
// oxlint-disable-next-line import/no-unassigned-import -- a style sheet, loaded with the graph only
import '@xyflow/react/dist/style.css';
import { useEffect, useState } from 'react';

import { Chip } from '../components/chip.tsx';
import { classes } from '../components/classes.ts';
import { layOut, type Direction, type Placed } from './workflow-layout.ts';
import { stepSentence, workflowEdges, type WorkflowStep } from './workflow-state.ts';

type StepNode = Node<{ readonly step: WorkflowStep; readonly direction: Direction }, 'step'>;

const SIZE = { width: 184, height: 116 };
const NODE_TYPES = { step: StepBox };

interface GraphFace {
  readonly steps: readonly WorkflowStep[];
  readonly direction: Direction;
  readonly onFailed: () => void;
}

export function WorkflowGraph({ steps, direction, onFailed }: GraphFace) {
  const places = usePlaces(steps, direction, onFailed);
  const height = direction === 'RIGHT' ? 320 : 760;
  return (
    <div
      role="img"
      aria-label={`Workflow. ${steps.map(stepSentence).join(' ')}`}
      style={{ height }}
      className="relative"
    >
      {places !== null && (
        <ReactFlow
          key={direction}
          nodes={nodesOf(steps, places, direction)}
          edges={edgesOf(steps)}
          nodeTypes={NODE_TYPES}
          fitView
          fitViewOptions={{ padding: 0.06, maxZoom: 1 }}
          nodesDraggable={false}
          nodesConnectable={false}
          nodesFocusable={false}
          edgesFocusable={false}
          elementsSelectable={false}
          panOnDrag={false}
          panOnScroll={false}
          zoomOnScroll={false}
          zoomOnPinch={false}
          zoomOnDoubleClick={false}
          preventScrolling={false}
          disableKeyboardA11y
          proOptions={{ hideAttribution: true }}
        >
          <Background color="var(--line)" gap={16} size={1.2} />
        </ReactFlow>
      )}
    </div>
  );
}

function usePlaces(steps: readonly WorkflowStep[], direction: Direction, onFailed: () => void) {
  const [places, setPlaces] = useState<ReadonlyMap<string, Placed> | null>(null);
  const ids = steps.map((step) => step.agent).join(' ');
  useEffect(() => {
    let gone = false;
    layOut(ids.split(' '), SIZE, direction).then(
      (laidOut) => !gone && setPlaces(laidOut),
      () => !gone && onFailed(),
    );
    return () => {
      gone = true;
    };
  }, [ids, direction, onFailed]);
  return places;
}

const nodesOf = (
  steps: readonly WorkflowStep[],
  places: ReadonlyMap<string, Placed>,
  direction: Direction,
): StepNode[] =>
  steps.map((step) => ({
    id: step.agent,
    type: 'step',
    position: places.get(step.agent) ?? { x: 0, y: 0 },
    data: { step, direction },
    ...SIZE,
  }));

const edgesOf = (steps: readonly WorkflowStep[]): Edge[] =>
  workflowEdges(steps).map(({ from, to, active }) => {
    const color = active ? 'var(--accent-text)' : 'var(--control)';
    return {
      id: `${from}-${to}`,
      source: from,
      target: to,
      animated: active,
      markerEnd: { type: MarkerType.ArrowClosed, color, width: 16, height: 16 },
      style: { stroke: color, strokeWidth: active ? 2 : 1.4 },
    };
  });

function StepBox({ data: { step, direction } }: NodeProps<StepNode>) {
  return (
    <div
      style={SIZE}
      className={classes(
        'flex flex-col gap-2 rounded-xl border border-line-strong bg-surface p-3 shadow-card transition-colors',
        step.active && 'border-accent ring-4 ring-accent-soft',
      )}
    >
      <Handle type="target" position={direction === 'RIGHT' ? Position.Left : Position.Top} className="invisible" />
      <div className="flex items-center justify-between gap-1">
        <span className="text-sm font-semibold">{step.title}</span>
        {step.rounds > 1 && <span className="numeric text-xs text-ink-faint">round {step.rounds}</span>}
      </div>
      <Chip look={step.look} />
      <p className="line-clamp-2 text-xs text-ink-soft">{step.summary ?? step.task}</p>
      <Handle type="source" position={direction === 'RIGHT' ? Position.Right : Position.Bottom} className="invisible" />
    </div>
  );
}
