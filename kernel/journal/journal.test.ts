import { DATABASES } from '../store/temporary-databases.ts';
import { journalContract } from './journal.contract.ts';

for (const kind of DATABASES) journalContract(kind);
