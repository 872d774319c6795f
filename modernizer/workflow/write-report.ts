// Writes the report of a run as it stands, also of one that kept nothing or failed.

import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

import { renderReport } from '../deploying/report.ts';
import type { RunRecorder } from './record.ts';

export async function writeReport(record: RunRecorder, file: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await writeFile(file, renderReport(record.run, record.view()));
}
