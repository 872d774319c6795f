import { DATABASES } from '../store/temporary-databases.ts';
import { workContract } from './work.contract.ts';

for (const kind of DATABASES) workContract(kind);
