import { DATABASES, LEFT_OUT } from './temporary-databases.ts';
import { storeContract } from './store.contract.ts';

if (LEFT_OUT !== null) process.stderr.write(LEFT_OUT);
for (const kind of DATABASES) storeContract(kind);
