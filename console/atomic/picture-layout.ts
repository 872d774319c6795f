// Where patches stand in a picture of what builds on what: the newest at the top, what they build on below.

import type { ElkNode } from 'elkjs/lib/elk-api.js';

import { layOutGraph, type Point } from '../components/elk.ts';

export interface Built {
  readonly from: string;
  readonly to: string;
}

export interface PictureLayout {
  readonly places: ReadonlyMap<string, Point>;
  readonly lines: ReadonlyMap<string, readonly Point[]>;
  readonly width: number;
  readonly height: number;
}

export const BOX = { width: 208, height: 60 };

const OPTIONS = {
  'elk.algorithm': 'layered',
  'elk.direction': 'DOWN',
  'elk.edgeRouting': 'ORTHOGONAL',
  'elk.padding': '[top=8,left=8,bottom=8,right=8]',
  'elk.layered.spacing.nodeNodeBetweenLayers': '32',
  'elk.spacing.nodeNode': '20',
  'elk.spacing.edgeNode': '14',
  'elk.spacing.componentComponent': '28',
  'elk.aspectRatio': '1.5',
  'elk.layered.considerModelOrder.strategy': 'NODES_AND_EDGES',
};

export const lineId = ({ from, to }: Built): string => `${from} ${to}`;

export async function layOutPatches(hashes: readonly string[], edges: readonly Built[]): Promise<PictureLayout> {
  const graph: ElkNode = {
    id: 'patches',
    layoutOptions: OPTIONS,
    children: hashes.map((id) => ({ id, ...BOX })),
    edges: edges.map((edge) => ({ id: lineId(edge), sources: [edge.from], targets: [edge.to] })),
  };
  const { children = [], edges: lines = [], width = 0, height = 0 } = await layOutGraph(graph);
  return {
    places: new Map(children.map(({ id, x = 0, y = 0 }) => [id, { x, y }])),
    lines: new Map(
      lines.map(({ id, sections = [] }) => [
        id,
        sections.flatMap(({ startPoint, bendPoints = [], endPoint }) => [startPoint, ...bendPoints, endPoint]),
      ]),
    ),
    width,
    height,
  };
}
