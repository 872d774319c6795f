import { BaseEdge, type Edge, type EdgeProps } from '@xyflow/react';

import type { Point } from './elk.ts';

export type Line = Edge<{ readonly corners: readonly Point[] }, 'line'>;

const RADIUS = 10;
const GAP = 5;

/** A line along the corners ELK gave, each of them rounded. */
export function CornerLine({ id, data, markerEnd, style }: EdgeProps<Line>) {
  const corners = data?.corners ?? [];
  return (
    <BaseEdge
      id={id}
      path={roundedPath(shortened(corners))}
      {...(markerEnd === undefined ? {} : { markerEnd })}
      {...(style === undefined ? {} : { style })}
    />
  );
}

/** The path through these points in SVG's words; a corner is rounded by half of its shorter side at most. */
function roundedPath(points: readonly Point[]): string {
  return points
    .map((point, index) => {
      const before = points[index - 1];
      const after = points[index + 1];
      if (before === undefined) return `M ${point.x} ${point.y}`;
      if (after === undefined) return `L ${point.x} ${point.y}`;
      const from = towards(point, before);
      const to = towards(point, after);
      return `L ${from.x} ${from.y} Q ${point.x} ${point.y} ${to.x} ${to.y}`;
    })
    .join(' ');
}

/** Ends a little before the box, so that the arrow is not under the ring of a step at work. */
function shortened(points: readonly Point[]): readonly Point[] {
  const last = points.at(-1);
  const before = points.at(-2);
  if (last === undefined || before === undefined) return points;
  const length = Math.hypot(before.x - last.x, before.y - last.y) || 1;
  const back = Math.min(GAP, length) / length;
  return [...points.slice(0, -1), { x: last.x + (before.x - last.x) * back, y: last.y + (before.y - last.y) * back }];
}

function towards(corner: Point, other: Point): Point {
  const length = Math.hypot(other.x - corner.x, other.y - corner.y);
  const share = length === 0 ? 0 : Math.min(RADIUS, length / 2) / length;
  return { x: corner.x + (other.x - corner.x) * share, y: corner.y + (other.y - corner.y) * share };
}
