import { manualClock } from 'kernel/basics';

import { describeChannels } from './channels.contract.ts';
import { openStore } from './open-store.ts';
import { START_MS, type Look } from './tested-store.contract.ts';
import { describePatches } from './store.contract.ts';

const clock = manualClock(START_MS);

const LOOKS: Readonly<Record<string, Look>> = {
  'a store': (store) => store,
  'a store that is opened anew after every write': (store) => {
    store.close();
    return openStore(store.folder, { clock });
  },
  'a store that packs after every write': (store) => {
    store.pack();
    return store;
  },
  'a store that is seen by another, which packs everything': (store) => {
    const other = openStore(store.folder, { clock });
    other.channels.get('main');
    store.pack({ all: true });
    store.close();
    return other;
  },
};

for (const [name, look] of Object.entries(LOOKS)) {
  describePatches(`${name}: patches`, look);
  describeChannels(`${name}: channels`, look);
}
