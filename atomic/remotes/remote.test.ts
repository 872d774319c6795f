import { testTransport } from './remote.contract.ts';
import { TRANSPORTS } from './transports.samples.ts';

for (const transport of TRANSPORTS) testTransport(transport);
