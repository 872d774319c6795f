// The workflow as a live picture. It is a picture: everything it says, the list beside it says in words.

import { Background, Handle, MarkerType, Position, ReactFlow, type Node, type NodeProps } from '@xyflow/react';
// oxlint-disable-next-line import/no-unassigned-import -- a style sheet, loaded with the graph only
import '@xyflow/react/dist/style.css';
import { useEffect, useState } from 'react';

import { Chip } from '../components/chip.tsx';
import { classes } from '../components/classes.ts';
import { CornerLine, type Line } from '../components/corner-line.tsx';
import { layOut, NODE_SIZE, type Direction, type Layout } from './workflow-layout.ts';

import { edgeId, stepSentence, workflowEdges, type WorkflowStep } from './workflow-state.ts';

type StepNode = Node<{ readonly step: WorkflowStep }, 'step'>;

const NODE_TYPES = { step: StepBox };
const LINE_TYPES = { line: CornerLine };

/** Until ELK has answered: about what it will need. */
const HEIGHTS: Readonly<Record<Direction, number>> = { RIGHT: 216, DOWN: 800 };

interface GraphFace {
  readonly steps: readonly WorkflowStep[];
  readonly direction: Direction;
  readonly onFailed: () => void;
}

export function WorkflowGraph({ steps, direction, onFailed }: GraphFace) {
  const layout = useLayout(direction, onFailed);
  return (
    <div
      role="img"
      aria-label={`Workflow. ${steps.map(stepSentence).join(' ')}`}
      style={{ height: layout === null ? HEIGHTS[direction] : Math.max(HEIGHTS[direction] - 40, layout.height + 24) }}
      className={layout === null ? 'animate-shimmer bg-sunken' : undefined}
    >
      {layout !== null && (
        <ReactFlow
          key={direction}
          nodes={nodesOf(steps, layout)}
          edges={linesOf(steps, layout)}
          nodeTypes={NODE_TYPES}
          edgeTypes={LINE_TYPES}
          fitView
          fitViewOptions={{ padding: 0.02, maxZoom: 1 }}
          minZoom={0.2}
          nodesDraggable={false}
          nodesConnectable={false}
          nodesFocusable={false}
          edgesFocusable={false}
          elementsSelectable={false}
          panOnDrag={false}
          zoomOnScroll={false}
          zoomOnPinch={false}
          zoomOnDoubleClick={false}
          preventScrolling={false}
          disableKeyboardA11y
          proOptions={{ hideAttribution: true }}
        >
          <Background color="var(--line-strong)" gap={16} size={1} />
        </ReactFlow>
      )}
    </div>
  );
}

function useLayout(direction: Direction, onFailed: () => void): Layout | null {
  const [answer, setAnswer] = useState<{ readonly direction: Direction; readonly layout: Layout } | null>(null);
  useEffect(() => {
    let gone = false;
    layOut(direction).then(
      (layout) => !gone && setAnswer({ direction, layout }),
      () => !gone && onFailed(),
    );
    return () => {
      gone = true;
    };
  }, [direction, onFailed]);
  return answer?.direction === direction ? answer.layout : null;
}

const nodesOf = (steps: readonly WorkflowStep[], layout: Layout): StepNode[] =>
  steps.map((step) => ({
    id: step.agent,
    type: 'step',
    position: layout.places.get(step.agent) ?? { x: 0, y: 0 },
    data: { step },
    ...NODE_SIZE,
  }));

const linesOf = (steps: readonly WorkflowStep[], layout: Layout): Line[] =>
  workflowEdges(steps).map((edge) => {
    const color = edge.active ? 'var(--accent-text)' : 'var(--control)';
    return {
      id: edgeId(edge),
      type: 'line',
      source: edge.from,
      target: edge.to,
      animated: edge.active,
      data: { corners: layout.lines.get(edgeId(edge)) ?? [] },
      markerEnd: { type: MarkerType.ArrowClosed, color, width: 16, height: 16 },
      style: { stroke: color, strokeWidth: edge.active ? 2 : 1.4 },
    };
  });

function StepBox({ data: { step } }: NodeProps<StepNode>) {
  return (
    <div
      style={NODE_SIZE}
      className={classes(
        'flex flex-col gap-2 rounded-xl border border-line-strong bg-surface p-3 shadow-card transition-colors',
        step.active && 'border-accent ring-4 ring-accent-soft',
      )}
    >
      <Handle type="target" position={Position.Left} className="invisible" />
      <div className="flex items-center justify-between gap-1">
        <span className="text-sm font-semibold">{step.title}</span>
        {step.rounds > 1 && <span className="numeric text-xs text-ink-soft">round {step.rounds}</span>}
      </div>
      <Chip look={step.look} />
      <p className="line-clamp-2 text-xs text-ink-soft [overflow-wrap:anywhere]">{step.summary ?? step.task}</p>
      <Handle type="source" position={Position.Right} className="invisible" />
    </div>
  );
}
