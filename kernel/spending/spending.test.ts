import { DATABASES } from '../store/temporary-databases.ts';
import { spendingContract } from './spending.contract.ts';

for (const kind of DATABASES) spendingContract(kind);
