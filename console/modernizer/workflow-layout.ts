// Where the steps of the workflow stand and how the lines between them run. The steps never change, so each direction is
// laid out once.

import type { ElkNode, ElkPort } from 'elkjs/lib/elk-api.js';

import { layOutGraph, type Point } from '../components/elk.ts';
import { EDGES, edgeId, STEP_IDS } from './workflow-state.ts';

export interface Layout {
  readonly places: ReadonlyMap<string, Point>;
  /** The corners of each line, from its start to its end. */
  readonly lines: ReadonlyMap<string, readonly Point[]>;
  readonly width: number;
  readonly height: number;
}

export type Direction = 'RIGHT' | 'DOWN';

export const NODE_SIZE = { width: 176, height: 120 };

const OPTIONS = {
  'elk.algorithm': 'layered',
  'elk.edgeRouting': 'ORTHOGONAL',
  'elk.padding': '[top=12,left=12,bottom=12,right=12]',
  'elk.layered.spacing.nodeNodeBetweenLayers': '40',
  'elk.layered.spacing.edgeNodeBetweenLayers': '18',
  'elk.spacing.nodeNode': '24',
  'elk.spacing.edgeNode': '18',
  'elk.layered.feedbackEdges': 'true',
  'elk.layered.cycleBreaking.strategy': 'MODEL_ORDER',
  'elk.layered.considerModelOrder.strategy': 'NODES_AND_EDGES',
  'elk.layered.nodePlacement.strategy': 'BRANDES_KOEPF',
  'elk.layered.nodePlacement.favorStraightEdges': 'true',
};

const known = new Map<Direction, Promise<Layout>>();

/** The layout in one direction. Rejects when the worker cannot be started or does not answer in time. */
export function layOut(direction: Direction): Promise<Layout> {
  const before = known.get(direction);
  if (before !== undefined) return before;
  const asked = askElk(direction);
  known.set(direction, asked);
  // A failure is not remembered: the next page may have more luck.
  asked.catch(() => known.delete(direction));
  return asked;
}

const askElk = async (direction: Direction): Promise<Layout> => layoutOf(await layOutGraph(graphOf(direction)));

const graphOf = (direction: Direction): ElkNode => ({
  id: 'workflow',
  layoutOptions: { ...OPTIONS, 'elk.direction': direction },
  children: STEP_IDS.map((id) => ({
    id,
    ...NODE_SIZE,
    layoutOptions: { 'elk.portConstraints': 'FIXED_POS' },
    ports: portsOf(id, direction),
  })),
  edges: EDGES.map((edge) => {
    const way = wayOf(edge);
    return { id: edgeId(edge), sources: [`${edge.from} ${way} out`], targets: [`${edge.to} ${way} in`] };
  }),
});

/** The main way runs straight from side to side; ways back and ways past a step leave and enter across it. */
const wayOf = ({ from, to }: (typeof EDGES)[number]): 'main' | 'back' | 'past' => {
  const steps = STEP_IDS.indexOf(to) - STEP_IDS.indexOf(from);
  return steps < 0 ? 'back' : steps > 1 ? 'past' : 'main';
};

function portsOf(id: string, direction: Direction): ElkPort[] {
  const { width, height } = NODE_SIZE;
  const port = (name: string, side: string, [x, y]: readonly [number, number]): ElkPort => ({
    id: `${id} ${name}`,
    x,
    y,
    width: 0,
    height: 0,
    layoutOptions: { 'elk.port.side': side },
  });
  return direction === 'RIGHT'
    ? [
        port('main in', 'WEST', [0, height / 2]),
        port('main out', 'EAST', [width, height / 2]),
        port('back in', 'SOUTH', [width * 0.6, height]),
        port('back out', 'SOUTH', [width * 0.4, height]),
        port('past out', 'NORTH', [width * 0.6, 0]),
        port('past in', 'NORTH', [width * 0.4, 0]),
      ]
    : [
        port('main in', 'NORTH', [width / 2, 0]),
        port('main out', 'SOUTH', [width / 2, height]),
        port('back in', 'EAST', [width, height * 0.6]),
        port('back out', 'EAST', [width, height * 0.4]),
        port('past out', 'WEST', [0, height * 0.6]),
        port('past in', 'WEST', [0, height * 0.4]),
      ];
}

const layoutOf = ({ children = [], edges = [], width = 0, height = 0 }: ElkNode): Layout => ({
  places: new Map(children.map(({ id, x = 0, y = 0 }) => [id, { x, y }])),
  lines: new Map(
    edges.map(({ id, sections = [] }) => [
      id,
      sections.flatMap(({ startPoint, bendPoints = [], endPoint }) => [startPoint, ...bendPoints, endPoint]),
    ]),
  ),
  width,
  height,
});
