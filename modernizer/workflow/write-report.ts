// Writes the report of a run as it stands, also of one that kept nothing.

import { writeFile } from 'node:fs/promises';

import { renderReport } from '../deploying/report.ts';
import type { Execution } from './execution.ts';

export const writeReport = (execution: Execution): Promise<void> =>
  writeFile(execution.folder.report, renderReport(execution.run, execution.record.view()));
