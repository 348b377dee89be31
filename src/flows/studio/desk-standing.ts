/** What stands on the desk until the settings or the ledger change: a house over a scratch copy, with every source read. */
import { join } from 'node:path';
import { GazetteError } from '../../domain/errors.js';
import type { Store } from '../../domain/ports.js';
import { sourcesInUse } from '../collect-between.js';
import { sourceNamed } from '../collect-posts.js';
import type { House } from '../house.js';
import { importSubscribers } from '../import-subscribers.js';
import { type DeskReadings, openDeskReadings } from './desk-readings.js';
import { rememberRenders } from './remember-renders.js';

export interface Standing {
  readonly house: House;
  readonly deskHouse: House;
  readonly scratch: Store;
  readonly isWithoutLedger: boolean;
  /** The ledger's heads this was copied from. */
  readonly heads: string;
  readonly readings: DeskReadings;
  forgetRenders(): void;
}

/** Builds a scratch copy and reads every source into it. */
export async function stand(house: House, root: string): Promise<Standing> {
  const heads = await headsOf(house);
  const scratch = await house.store.scratch();
  const { renderer, forget } = rememberRenders(house.renderer);
  const deskHouse = { ...house, store: scratch, renderer };
  const standing: Standing = {
    house,
    deskHouse,
    scratch,
    isWithoutLedger: await isWithoutLedger(house),
    heads,
    readings: openDeskReadings(deskHouse, scratch),
    forgetRenders: forget,
  };
  try {
    for (const name of sourcesInUse(house)) await standing.readings.readWhole(sourceNamed(house, name));
    if (standing.isWithoutLedger) await addSampleReaders(standing.deskHouse, join(root, 'content', 'subscribers.csv'));
  } catch (error) {
    await scratch.close();
    throw error;
  }
  return standing;
}

/** Whether nobody has been written to from here: no issue and no reader. */
async function isWithoutLedger({ newsletters, store }: House): Promise<boolean> {
  if ((await store.ledger.issues()).length > 0) return false;
  for (const { id } of newsletters.values()) for await (const _ of store.audience.list(id)) return false;
  return true;
}

/** Readers to look through where there are none: nobody is written to from a scratch copy. */
async function addSampleReaders(deskHouse: House, file: string): Promise<void> {
  const source = await deskHouse.files.read(file);
  if (source === undefined) return;
  for (const newsletter of deskHouse.newsletters.values()) {
    try {
      await importSubscribers(deskHouse, { newsletter, source, consentSource: 'sample' });
    } catch (error) {
      if (!(error instanceof GazetteError)) throw error;
      deskHouse.log.warn('desk.sample-readers-unread', { file, reason: error.message });
    }
  }
}

/** Names the ledger as it is; another name than the standing's own asks for a new copy. */
export async function headsBeside({ house, isWithoutLedger: was }: Standing): Promise<string> {
  const heads = await headsOf(house);
  // Readers that come are told by no head; the first of them end the showing of sample readers.
  return was && !(await isWithoutLedger(house)) ? `${heads} readers` : heads;
}

/** Changes when anybody made or cancelled an issue, or collected something new. */
async function headsOf({ newsletters, store }: House): Promise<string> {
  const heads: string[] = [];
  for (const { id } of newsletters.values()) heads.push((await store.ledger.standing(id)).head);
  return heads.join(' ');
}
